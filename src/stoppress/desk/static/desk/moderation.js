// The moderators' desk by keyboard: the page's own forms are sent without leaving the place.
// Everything here also works without this script, by the same forms.

const STORED = "stoppress-moderation-keys";

const list = document.getElementById("moderation-list");
const said = document.getElementById("moderation-said");
const keys = document.getElementById("moderation-keys");
const help = document.getElementById("moderation-help");
const toggle = document.getElementById("moderation-on");
const all = document.getElementById("moderation-all");
const waiting = new Map();
const done = [];
const STAYS = new Set(["undo", "ban", "lift"]); // there is more to decide of this reply

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
  let following = row.nextElementSibling;
  // What somebody else has decided meanwhile needs nobody to read it.
  while (following?.classList.contains("is-caught")) following = following.nextElementSibling;
  if (following) return focus(following);
  const older = document.getElementById("moderation-older");
  if (older) older.focus();
  else focus(row);
  say(list.dataset.end);
}

async function send(form, button) {
  const row = rowOf(form);
  const body = new URLSearchParams(new FormData(form, button));
  // The desk answers with those of them that are no longer as they stand here.
  for (const one of rows()) if (one !== row) body.append("shown", one.dataset.token);
  const typed = form.querySelector("[name=words]");
  row.setAttribute("aria-busy", "true");
  const had = row.contains(document.activeElement);
  // At once, so that the key for undoing means this one even before the desk has answered.
  const deed = { id: row.id, act: button.value === "ban" ? "lift" : "undo" };
  if (button.value !== "undo" && button.value !== "lift") done.push(deed);
  if (had && !STAYS.has(button.value)) next(row);
  let fresh = null;
  let others = [];
  try {
    // Kept alive, since “the next ones” may be opened before the answer to the last key is here.
    const options = { method: "POST", body, headers: { "X-Stoppress-Fragment": "1" }, keepalive: true };
    const response = await fetch(form.action, options);
    if (!response.redirected && (response.ok || response.status === 409)) {
      const found = new DOMParser().parseFromString(`<ol>${await response.text()}</ol>`, "text/html");
      [fresh = null, ...others] = found.querySelectorAll(".moderation-reply");
    }
  } catch {
    // Said below, like any other answer that is none.
  }
  row.removeAttribute("aria-busy");
  const failed = fresh?.querySelector(".moderation-notice");
  if ((!fresh || failed) && done.includes(deed)) done.splice(done.indexOf(deed), 1);
  if (!fresh) {
    say(list.dataset.lost);
    return;
  }
  const holds = row.contains(document.activeElement);
  fresh.tabIndex = -1;
  row.replaceWith(fresh);
  if (failed && typed?.value) keepWords(fresh, typed);
  // Never to one that failed: the next key was meant for where the focus is by now.
  if (holds) focus(fresh);
  const caught = others.filter(catchUp).length;
  const words = [failed ? `${fresh.dataset.said}. ${failed.textContent}` : fresh.dataset.said];
  if (caught) words.push(`${list.dataset.caught} ${caught}.`);
  say(words.join(" "));
}

function keepWords(fresh, typed) {
  const field = typed.id && fresh.querySelector(`#${CSS.escape(typed.id)}`);
  if (!field) return;
  field.value = typed.value;
  field.closest("details")?.setAttribute("open", "");
}

function catchUp(fresh) {
  const row = document.getElementById(fresh.id);
  // One that is being sent, or in which somebody writes, answers for itself.
  const writes = row?.contains(document.activeElement) && row !== document.activeElement;
  if (!row || row.getAttribute("aria-busy") === "true" || writes) return false;
  const holds = row === document.activeElement;
  fresh.classList.add("is-caught");
  fresh.tabIndex = -1;
  row.replaceWith(fresh);
  if (holds) focus(fresh);
  return true;
}

function submit(form, button) {
  const row = rowOf(form);
  const going = (waiting.get(row.id) ?? Promise.resolve()).then(() => form.isConnected && send(form, button));
  waiting.set(row.id, going);
  return going;
}

function press(row, act) {
  if (row.getAttribute("aria-busy") === "true") return;
  const button = row.querySelector(`:is(.moderation-acts > form, .moderation-appeal) button[value="${act}"]`);
  if (button) submit(button.form, button);
  return button !== null;
}

async function undo(row) {
  const can = (one, act) => one?.querySelector(`.moderation-acts > form button[value="${act}"]`);
  const isLast = done.at(-1)?.id === row.id;
  const deed = can(row, "undo") && !isLast ? { id: row.id, act: "undo" } : done.pop();
  if (!deed) return;
  await waiting.get(deed.id);
  const found = document.getElementById(deed.id);
  if (!can(found, deed.act)) return;
  focus(found);
  press(found, deed.act);
}

function ask(row, which, field) {
  const asked = row.querySelector(which);
  if (!asked) return;
  asked.open = true;
  asked.querySelector(field).focus();
}

function tickAll() {
  const boxes = [...list.querySelectorAll(".moderation-tick input")];
  const ticked = !boxes.every((one) => one.checked);
  for (const one of boxes) one.checked = ticked;
  all.textContent = ticked ? all.dataset.none : all.dataset.all;
}

function open() {
  keys.showModal();
}

const DEEDS = {
  a: (row) => ["approve", "keep", "grant"].find((act) => press(row, act)),
  s: (row) => press(row, "spam"),
  r: (row) => ask(row, ".moderation-why", "[type=radio]:checked"),
  p: (row) => ask(row, ".moderation-pick", "[name=words]"),
  b: (row) => ask(row, ".moderation-out", "[name=words]"),
  u: undo,
  n: next,
  j: next,
  k: (row) => focus(row.previousElementSibling),
  x: (row) => row.querySelector(".moderation-tick input")?.click(),
  X: tickAll,
  "?": open,
};

// Never while somebody types, and not when they are switched off (WCAG 2.1.4).
function isMeant(event) {
  const types = event.target.matches("input:not([type=checkbox]), textarea, select");
  return !types && toggle.checked && !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
}

const ANYWHERE = {
  0: () => document.getElementById("moderation-unfiltered")?.click(),
  f: () => document.querySelector("#moderation-find select")?.focus(),
  n: () => list && focus(list.firstElementChild),
  j: () => list && focus(list.firstElementChild),
  "?": open,
};

function pressed(event) {
  const row = rowOf(event.target);
  if (event.key === "Escape" && row && event.target !== row) {
    for (const asked of row.querySelectorAll(".moderation-refuse")) asked.removeAttribute("open");
    focus(row);
    return;
  }
  const deed = row && isMeant(event) && DEEDS[event.key];
  if (!deed) return;
  event.preventDefault();
  event.stopPropagation(); // the admin has a ? of its own
  deed(row);
}

function pressedAnywhere(event) {
  const isHere = event.target === document.body || event.target.closest(".moderation");
  if (rowOf(event.target) && DEEDS[event.key]) return; // means the reply
  if (!isHere || keys.open || !isMeant(event)) return;
  const link = /^[1-9]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
  const deed = link ? () => link.click() : ANYWHERE[event.key];
  if (!deed) return;
  event.preventDefault();
  event.stopPropagation();
  deed();
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

if (keys) {
  toggle.checked = remembered();
  toggle.addEventListener("change", remember);
  help.hidden = false;
  help.addEventListener("click", open);
  // Before the admin, which has a ? of its own.
  document.addEventListener("keydown", pressedAnywhere, { capture: true });
}

if (list) {
  all.dataset.all = all.textContent;
  all.setAttribute("role", "button");
  all.addEventListener("click", (event) => {
    event.preventDefault();
    tickAll();
  });
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
