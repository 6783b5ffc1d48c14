// Replies without leaving the page: opened in place, new ones offered, recommended by one press.
// Each of these is a link or a form that works by itself; when something fails here, it does.
const place = document.querySelector("[data-replies]");

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  const sheets = [];
  // Taken out of the text: the policy of this page allows no sheet that is written into another.
  const text = (await answer.text()).replace(/<style>(.*?)<\/style>/gs, (_all, sheet) => (sheets.push(sheet), ""));
  return { page: new DOMParser().parseFromString(text, "text/html"), sheets };
}

// The looks and scripts that the fetched page has and this one lacks.
async function dress({ page, sheets }) {
  const lacks = (name) => (one) => !document.querySelector(`[${name}="${one.getAttribute(name)}"]`);
  const worn = new Set([...document.querySelectorAll("style")].map((one) => one.textContent));
  for (const text of sheets.filter((one) => !worn.has(one))) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets.push(sheet);
  }
  const looks = [...page.querySelectorAll('link[rel="stylesheet"]')].filter(lacks("href"));
  await Promise.all(looks.map((one) => new Promise((done) => {
    const link = document.importNode(one);
    link.onload = link.onerror = done;
    document.head.append(link);
  })));
  // Found out now: what is put in brings the elements of its own scripts, which do nothing there.
  const scripts = [...page.querySelectorAll('script[type="module"][src]')].filter(lacks("src"));
  return () => scripts.forEach((one) => import(one.getAttribute("src")));
}

// To a heading, which takes no focus by itself, or to where one writes.
function enter(found) {
  if (found?.matches("h2")) found.tabIndex = -1;
  found?.focus();
}

// A browser that comes back to a page fills only what it came with. What was sent from a form that came later stays
// with this page's entry in the history, and nowhere else: when sending fails, nobody has to type it again.
const TYPED = ["name", "email", "website", "text", "once"];

function keepTyped(form) {
  const typed = TYPED.map((name) => [name, form.elements[name]?.value ?? ""]);
  history.replaceState({ ...history.state, typed }, "");
}

function giveBack(form, typed) {
  for (const [name, value] of typed) {
    if (form?.elements[name]) form.elements[name].value = value;
  }
}

function openInPlace(link) {
  link.ariaExpanded = "false";
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || link.ariaBusy) return;
    event.preventDefault();
    link.ariaBusy = "true";
    const typed = history.state?.typed ?? [];
    try {
      const found = await load(link.href);
      const parts = found.page.querySelectorAll("[data-part]");
      if (!parts.length) throw new Error("nothing to show");
      const run = await dress(found);
      link.closest("p").replaceWith(...parts);
      const form = place.querySelector("textarea")?.form;
      form?.addEventListener("submit", () => keepTyped(form));
      giveBack(form, typed);
      enter(place.querySelector("[data-part] h2, [data-part] textarea"));
      run();
    } catch {
      location.assign(link.href);
    }
  });
}

function lookForNews(told) {
  const news = document.querySelector("[data-news]");
  const { latest, one, many } = place.dataset;
  const address = latest.slice(0, latest.lastIndexOf("/") + 1);
  let known = Number(place.dataset.count);
  let offered = 0;
  let timer = 0;

  async function show(event) {
    const thread = document.querySelector(".thread");
    if (!thread) return;
    event.preventDefault();
    try {
      const fresh = (await load(address)).page.querySelector(".thread");
      known = Number(fresh.dataset.count) || known + offered;
      offered = 0;
      news.replaceChildren();
      thread.replaceWith(fresh);
      enter(fresh.querySelector("h2"));
    } catch {
      location.assign(address);
    }
  }

  function offer(number) {
    if (number === offered || number <= 0) return;
    offered = number;
    const link = document.createElement("a");
    link.href = address;
    link.textContent = number === 1 ? one : many.replace("{n}", number);
    link.addEventListener("click", show);
    news.replaceChildren(link);
  }

  async function look() {
    clearTimeout(timer);
    let seconds = 60;
    try {
      const answer = await fetch(latest);
      if (answer.ok) {
        const now = await answer.json();
        seconds = now.seconds;
        offer(now.count - known);
      }
    } catch {
      // The next look may be luckier.
    }
    // Not all at the same moment.
    if (!document.hidden) timer = setTimeout(look, seconds * 1000 * (0.8 + 0.4 * Math.random()));
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
  timer = setTimeout(look, told);
}

// Sent twice by two quick clicks, or once more after an error, it is one reply, and its writer gets to the same page.
// Before all others that listen, since what they keep of the form has it too.
document.addEventListener("submit", ({ target: { elements: { once } } }) => {
  if (once && !once.value) once.value = Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
}, true);

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-recommend]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  if (button.ariaPressed) return;
  button.ariaPressed = "true";
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    button.firstChild.data = (await answer.json()).said;
  } catch {
    form.submit();
  }
});

const link = place?.querySelector("[data-open]");
if (link) openInPlace(link);
if (history.state?.typed) link?.click();
if (place?.dataset.latest) lookForNews(5000);
