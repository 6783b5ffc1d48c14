// Beside the desk's form: how long each headline is, and what is missing in what was saved last.
(() => {
  const { lengths, of, long } = document.currentScript.dataset;
  const guides = JSON.parse(lengths);

  const guide = (field, most) => {
    const told = document.createElement("p");
    told.className = "length-guide";
    told.id = `${field.id}-length`;
    field.closest("[data-field-wrapper], .w-field__wrapper, .w-field")?.append(told);
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby") ?? ""} ${told.id}`.trim());
    const count = () => {
      const letters = [...field.value].length;
      told.hidden = letters === 0;
      told.classList.toggle("is-long", letters > most);
      told.textContent = (letters > most ? long : of).replace("{count}", letters).replace("{most}", most);
    };
    field.addEventListener("input", count);
    count();
  };

  const look = async () => {
    const place = document.querySelector("[data-preflight]");
    const page = location.pathname.match(/^(.*\/)pages\/(\d+)\/edit\//);
    if (!place || !page) return;
    const reply = await fetch(`${page[1]}newsroom/stories/${page[2]}/checks/`, { credentials: "same-origin" });
    if (reply.ok && !reply.redirected) place.innerHTML = await reply.text();
  };

  // What is one line to readers takes no line break; pasted ones are spaces.
  const keepOneLine = () => {
    const isOneLine = (event) => event.target instanceof HTMLTextAreaElement && "oneLine" in event.target.dataset;
    document.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing && isOneLine(event)) event.preventDefault();
    });
    document.addEventListener("input", (event) => {
      const { target } = event;
      if (event.isComposing || !isOneLine(event) || !/[\r\n]/.test(target.value)) return;
      const at = target.selectionEnd;
      const plain = (text) => text.replace(/ ?[\r\n]+ */g, " ");
      const before = plain(target.value.slice(0, at)).length;
      target.value = plain(target.value);
      target.setSelectionRange(before, before);
    }, true);
  };

  // The admin's text editor has no name of its own; it is called what its block is called.
  const EDITOR = ".public-DraftEditor-content";
  const nameEditors = (inside) => {
    for (const editor of inside.querySelectorAll(`${EDITOR}:not([aria-label], [aria-labelledby])`)) {
      const heading = editor.closest("section[aria-labelledby]")?.getAttribute("aria-labelledby");
      if (heading) editor.setAttribute("aria-labelledby", heading);
    }
  };
  const keepNamed = () => {
    nameEditors(document);
    new MutationObserver((changes) => {
      for (const change of changes) {
        for (const node of change.addedNodes) if (node instanceof Element && node.querySelector(EDITOR)) nameEditors(document);
      }
    }).observe(document.body, { childList: true, subtree: true });
  };

  // What saves itself is there before the form is sent: a new page's first draft would be its rival for one address.
  const PATIENCE_MILLISECONDS = 10000;
  const waitForDraft = (form) => {
    let isSaving = false;
    let isLeaving = false;
    let held = null;
    const release = () => {
      isSaving = false;
      if (!held) return;
      const { name, value, timer } = held;
      held = null;
      clearTimeout(timer);
      if (name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      form.requestSubmit();
    };
    window.addEventListener("w-autosave:save", (event) => {
      if (isLeaving) event.preventDefault();
      isSaving = !event.defaultPrevented;
    });
    for (const end of ["success", "error"]) document.addEventListener(`w-autosave:${end}`, release);
    document.addEventListener("submit", (event) => {
      if (event.target !== form || !isSaving) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      isLeaving = true;
      const { name = "", value = "" } = event.submitter ?? {};
      held ??= { name, value, timer: setTimeout(release, PATIENCE_MILLISECONDS) };
    }, true);
    window.addEventListener("submit", (event) => {
      if (event.target === form) isLeaving = !event.defaultPrevented;
    });
    window.addEventListener("pageshow", () => { isLeaving = false; });
  };

  const begin = () => {
    keepOneLine();
    keepNamed();
    const form = document.querySelector("form[data-edit-form]");
    if (form) waitForDraft(form);
    for (const [name, most] of Object.entries(guides)) {
      const field = document.getElementById(`id_${name}`);
      if (field && document.querySelector("[data-preflight]")) guide(field, most);
    }
    document.addEventListener("w-autosave:success", look);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
