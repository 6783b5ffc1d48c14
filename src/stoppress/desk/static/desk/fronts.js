// A front at the desk: its forms without a reload, dragging, finding while one types, and news of what others do.
// Everything here also works without this script, by the same forms.

const BEAT_MILLISECONDS = 5000;
const TYPING_MILLISECONDS = 200;

const board = document.getElementById("front-board");
const said = document.getElementById("front-said");
let dragged = null;
let turn = 0;

const FIELDS = "input[id]:not([type=hidden]), select[id]";

function isChanged(field) {
  return field.options ? [...field.options].some((one) => one.selected !== one.defaultSelected) : field.value !== field.defaultValue;
}

// What somebody has begun to fill in outlives what others do, and what they do elsewhere on the board.
function begun(sent) {
  const title = document.getElementById("front-work-title").textContent;
  const fields = [...board.querySelectorAll(FIELDS)].filter((one) => !sent?.contains(one) && isChanged(one));
  const values = fields.map((one) => [one.id, one.value, Boolean(one.closest("#front-work"))]);
  return () => {
    const isSame = document.getElementById("front-work-title").textContent === title;
    for (const [id, value, isOfPlace] of values) {
      const field = document.getElementById(id);
      if (field && id !== "front-to" && (isSame || !isOfPlace)) field.value = value;
    }
  };
}

async function swap(response, sent) {
  const mine = ++turn;
  const found = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = found.getElementById("front-board");
  if (!fresh) {
    // Signed out, or no longer allowed: let the server say so.
    location.assign(board.dataset.address);
    return;
  }
  if (mine !== turn) return;
  const focused = document.activeElement;
  const caret = focused?.type === "search" || focused?.type === "text" ? [focused.selectionStart, focused.selectionEnd] : null;
  const restore = begun(sent);
  board.replaceChildren(...fresh.childNodes);
  board.dataset.pulse = fresh.dataset.pulse;
  said.className = "front-unseen";
  said.textContent = "";
  restore();
  const messages = found.querySelectorAll(".messages ul > li");
  if (messages.length) {
    document.querySelector(".messages ul")?.replaceChildren(...messages);
    document.querySelector(".messages")?.classList.add("appear");
  }
  const notice = document.getElementById("front-notice");
  const target = notice ?? (focused?.id && document.getElementById(focused.id));
  target?.focus({ preventScroll: !notice });
  if (caret && target?.id === focused.id) target.setSelectionRange(...caret);
  prepare();
  // Whoever was typing goes on: what they look for is looked for again.
  if (target?.dataset.combobox && isChanged(target)) target.dispatchEvent(new Event("input"));
}

async function go(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  history.replaceState(null, "", address);
  await swap(response);
}

async function send(action, fields, form) {
  const body = new URLSearchParams(fields);
  body.set("csrfmiddlewaretoken", board.querySelector("[name=csrfmiddlewaretoken]").value);
  const response = await fetch(action, { method: "POST", body });
  if (response.redirected) history.replaceState(null, "", response.url);
  await swap(response, form);
}

function act(name, fields) {
  const query = board.querySelector("#front-q")?.value ?? "";
  return send(board.dataset.do.replace("ACT", name), query ? { ...fields, q: query } : fields);
}

function lost() {
  said.className = "front-notice";
  said.textContent = board.dataset.lost;
}

function here() {
  return location.pathname === board.dataset.address ? location.href : board.dataset.address;
}

function prepare() {
  for (const one of board.querySelectorAll("[data-article]")) one.draggable = true;
  const input = board.querySelector("[data-combobox]");
  if (input) combobox(input, document.getElementById(input.dataset.combobox));
}

function combobox(input, list) {
  let timer = 0;
  let current = -1;
  let asked = 0;
  const none = list.nextElementSibling;
  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const point = (at) => {
    const all = options();
    if (!all.length) return;
    current = (at + all.length) % all.length;
    all.forEach((one, index) => one.setAttribute("aria-selected", String(index === current)));
    input.setAttribute("aria-activedescendant", all[current].id);
    all[current].scrollIntoView({ block: "nearest" });
  };
  const choose = (option) => {
    close();
    input.value = "";
    act("put", { place: board.querySelector("#front-to").value, article: option.dataset.article }).catch(lost);
  };
  const look = async () => {
    const address = new URL(board.dataset.address, location.href);
    address.searchParams.set("q", input.value);
    address.searchParams.set("place", board.querySelector("#front-to").value.split(":")[0]);
    const mine = ++asked;
    const text = await (await fetch(address)).text();
    const hits = new DOMParser().parseFromString(text, "text/html").querySelectorAll("#front-hits [data-article]");
    if (mine !== asked || document.activeElement !== input) return;
    list.replaceChildren(
      ...[...hits].map((hit) => {
        const option = document.createElement("li");
        option.id = `front-option-${hit.dataset.article}`;
        option.role = "option";
        option.dataset.article = hit.dataset.article;
        option.append(...hit.querySelector("span").childNodes);
        return option;
      }),
    );
    close();
    list.hidden = !hits.length;
    input.setAttribute("aria-expanded", String(!list.hidden));
    none.textContent = list.hidden ? input.dataset.none : "";
  };
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.addEventListener("input", () => {
    // What was found for fewer letters is not what one would take now.
    asked += 1;
    close();
    none.textContent = "";
    clearTimeout(timer);
    if (input.value.trim()) timer = setTimeout(() => look().catch(lost), TYPING_MILLISECONDS);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") point(current + (event.key === "ArrowDown" ? 1 : current < 0 ? 0 : -1));
    else if (event.key === "Enter" && current >= 0) choose(options()[current]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", () => setTimeout(close, TYPING_MILLISECONDS));
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      event.preventDefault();
      choose(option);
    }
  });
}

function place(event) {
  return event.target.closest?.(".front-place");
}

function start() {
  prepare();
  board.addEventListener("submit", (event) => {
    const form = event.target;
    event.preventDefault();
    const fields = new FormData(form, event.submitter);
    if (form.method === "post") send(form.action, fields, form).catch(lost);
    else go(`${new URL(form.action, location.href).pathname}?${new URLSearchParams(fields)}`).catch(lost);
  });
  board.addEventListener("click", (event) => {
    const link = event.target.closest("[data-swap]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const address = new URL(link.href);
    address.hash = "";
    go(address.pathname + address.search)
      .then(() => matchMedia("(width < 64rem)").matches && document.getElementById("front-work").scrollIntoView())
      .catch(() => location.assign(link.href));
  });
  board.addEventListener("dragstart", (event) => {
    const one = event.target.closest("[data-article]");
    if (!one) return;
    dragged = one;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", one.querySelector(".front-headline")?.textContent ?? "");
  });
  board.addEventListener("dragover", (event) => {
    const over = place(event);
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    over.classList.add("is-over");
  });
  board.addEventListener("dragleave", (event) => {
    const left = place(event);
    if (left && !left.contains(event.relatedTarget)) left.classList.remove("is-over");
  });
  board.addEventListener("drop", (event) => {
    const over = place(event);
    if (!dragged || !over) return;
    event.preventDefault();
    const from = dragged;
    dragged = null;
    const isMove = "pinned" in from.dataset;
    const fields = isMove ? { other: from.dataset.place } : { article: from.dataset.article };
    act(isMove ? "swap" : "put", { place: over.dataset.place, ...fields }).catch(lost);
  });
  board.addEventListener("dragend", () => {
    dragged = null;
    for (const one of board.querySelectorAll(".is-over")) one.classList.remove("is-over");
  });
  setInterval(beat, BEAT_MILLISECONDS);
}

async function beat() {
  // A picker of the browser's own, or the list of what was found, would close under their hands.
  const isBusy =
    dragged ||
    document.hidden ||
    document.activeElement?.matches("#front-board :is(select, [type=datetime-local])") ||
    board.querySelector("[aria-expanded=true]");
  if (isBusy) return;
  try {
    const response = await fetch(board.dataset.beat);
    if (!response.ok || response.redirected) return;
    const before = board.dataset.pulse;
    const isWaiting = board.querySelector("#front-work .front-meta") && board.querySelector(".front-place.is-chosen.is-held");
    if ((await response.text()) === before && !isWaiting) return;
    if (board.dataset.pulse === before && !document.getElementById("front-notice")) await swap(await fetch(here()));
  } catch {
    // The next beat tries again.
  }
}

function scale() {
  for (const frame of document.querySelectorAll("[data-scaled]")) {
    const inner = frame.querySelector("iframe");
    const fit = () => {
      const by = Math.min(1, frame.clientWidth / inner.width);
      inner.style.transform = `scale(${by})`;
      frame.style.blockSize = `${Math.ceil(inner.height * by) + 2}px`;
      frame.style.overflow = "hidden";
    };
    new ResizeObserver(fit).observe(frame);
  }
}

if (board) start();
scale();
