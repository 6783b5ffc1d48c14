// The moderators' desk by keyboard: the page's own forms are sent without leaving the place.
// Everything here also works without this script, by the same forms.

const STORED = "stoppress-moderation-keys";

const list = document.getElementById("moderation-list");
const said = document.getElementById("moderation-said");
const keys = document.getElementById("moderation-keys");
const help = document.getElementById("moderation-help");
const toggle = document.getElementById("moderation-on");
const waiting = new Map();
const done = [];

const rows = () => [...list.children];
const rowOf = (element) => element?.closest?.("#moderation-list > li") ?? null;

function focus(row) {
  if (!row) return;
  for (const one of rows()) one.tabIndex = one === row ? 0 : -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function say(text) {
  // The same words twice are heard twice.
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = text; });
}

function next(row) {
  const following = row.nextElementSibling;
  if (following) return focus(following);
  const older = document.getElementById("moderation-older");
  if (older) older.focus();
  else focus(row);
  say(list.dataset.end);
}

async function send(form, button) {
  const row = rowOf(form);
  const body = new URLSearchParams(new FormData(form, button));
  row.setAttribute("aria-busy", "true");
  const had = row.contains(document.activeElement);
  // At once, so that the key for undoing means this one even before the desk has answered.
  if (button.value !== "undo") done.push(row.id);
  if (had && button.value !== "undo") next(row);
  let fresh = null;
  try {
    // Kept alive, since “the next ones” may be opened before the answer to the last key is here.
    const options = { method: "POST", body, headers: { "X-Stoppress-Fragment": "1" }, keepalive: true };
    const response = await fetch(form.action, options);
    if (!response.redirected && (response.ok || response.status === 409)) {
      const found = new DOMParser().parseFromString(`<ol>${await response.text()}</ol>`, "text/html");
      fresh = found.querySelector("li");
    }
  } catch {
    // Said below, like any other answer that is none.
  }
  row.removeAttribute("aria-busy");
  const failed = fresh?.querySelector(".moderation-notice");
  if ((!fresh || failed) && done.includes(row.id)) done.splice(done.lastIndexOf(row.id), 1);
  if (!fresh) {
    say(list.dataset.lost);
    return;
  }
  const holds = row.contains(document.activeElement);
  fresh.tabIndex = -1;
  row.replaceWith(fresh);
  // Never to one that failed: the next key was meant for where the focus is by now.
  if (holds) focus(fresh);
  say(failed ? `${fresh.dataset.said}. ${failed.textContent}` : fresh.dataset.said);
}

function submit(form, button) {
  const row = rowOf(form);
  const going = (waiting.get(row.id) ?? Promise.resolve()).then(() => form.isConnected && send(form, button));
  waiting.set(row.id, going);
  return going;
}

function press(row, act) {
  if (row.getAttribute("aria-busy") === "true") return;
  const button = row.querySelector(`.moderation-acts > form button[value="${act}"]`);
  if (button) submit(button.form, button);
  return button !== null;
}

async function undo(row) {
  const can = (one) => one?.querySelector('.moderation-acts button[value="undo"]');
  const id = can(row) ? row.id : done.pop();
  if (!id) return;
  await waiting.get(id);
  const found = document.getElementById(id);
  if (!can(found)) return;
  focus(found);
  press(found, "undo");
}

function refuse(row) {
  const asked = row.querySelector(".moderation-refuse:not(.moderation-pick)");
  if (!asked) return;
  asked.open = true;
  asked.querySelector("[type=radio]:checked").focus();
}

function pick(row) {
  const asked = row.querySelector(".moderation-pick");
  if (!asked) return;
  asked.open = true;
  asked.querySelector("[name=words]").focus();
}

function open() {
  keys.showModal();
}

const DEEDS = {
  a: (row) => press(row, "approve") || press(row, "keep"),
  s: (row) => press(row, "spam"),
  r: refuse,
  p: pick,
  u: undo,
  n: next,
  j: next,
  k: (row) => focus(row.previousElementSibling),
  x: (row) => row.querySelector(".moderation-tick input")?.click(),
  "?": open,
};

function pressed(event) {
  const row = rowOf(event.target);
  if (event.key === "Escape" && row && event.target !== row) {
    for (const asked of row.querySelectorAll(".moderation-refuse")) asked.removeAttribute("open");
    focus(row);
    return;
  }
  // Only while a reply has the focus, never while somebody types, and not when they are switched off (WCAG 2.1.4).
  const types = event.target.matches("input:not([type=checkbox]), textarea, select");
  if (!row || types || !toggle.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const deed = DEEDS[event.key];
  if (!deed) return;
  event.preventDefault();
  event.stopPropagation(); // the admin has a ? of its own
  deed(row);
}

function remember() {
  try {
    localStorage.setItem(STORED, toggle.checked ? "on" : "off");
  } catch {
    // Storage is forbidden here: it holds for this page only.
  }
}

function remembered() {
  try {
    return localStorage.getItem(STORED) !== "off";
  } catch {
    return true;
  }
}

if (list) {
  toggle.checked = remembered();
  toggle.addEventListener("change", remember);
  help.hidden = false;
  help.addEventListener("click", open);
  list.addEventListener("keydown", pressed);
  list.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(event.target, event.submitter);
  });
  list.addEventListener("focusin", (event) => {
    const row = rowOf(event.target);
    for (const one of rows()) one.tabIndex = one === row ? 0 : -1;
  });
  for (const [number, row] of rows().entries()) row.tabIndex = number ? -1 : 0;
  // “The next ones” lead to #moderation-list. Whenever the browser follows that, before or after this script, it takes
  // the focus to the list, or from whatever has it when the list can’t have it.
  list.tabIndex = -1;
  list.addEventListener("focus", () => focus(list.firstElementChild));
  if (location.hash === "#moderation-list") focus(list.firstElementChild);
}
