// What every article can do more where scripts run. One file, for one request.

// The buttons of design/_share.html: the browser's own way to share, where it has one, and a copy of the address.
for (const share of document.querySelectorAll("[data-share]")) {
  const { title, address } = share.dataset;
  const [send, copy, told] = ["send", "copy", "told"].map((name) => share.querySelector(`[data-${name}]`));
  if (navigator.share) {
    send.hidden = false;
    // Who closes the browser's window has only changed their mind.
    send.addEventListener("click", () => navigator.share({ title, url: address }).catch(() => {}));
  }
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(address);
      told.textContent = told.dataset.told;
    });
  }
}

// Words that a reader marks in the story go along to the page on which errors are reported.
const link = document.querySelector("[data-report]");
const story = document.querySelector("article.article");
if (link && story) {
  const address = link.href;
  document.addEventListener("selectionchange", () => {
    const marked = document.getSelection();
    const words = marked.toString().trim().replace(/\s+/g, " ");
    // Going to the link by mouse or keyboard takes the mark away; what was marked last counts.
    if (words.length < 3 || !story.contains(marked.anchorNode) || link.contains(marked.anchorNode)) return;
    const quote = words.slice(0, 300);
    link.href = `${address}?quote=${encodeURIComponent(quote)}`;
    link.textContent = link.dataset.said.replace("{quote}", () => (quote.length > 60 ? `${quote.slice(0, 59)}…` : quote));
  });
}

// What stands below the story gets its script when the reader comes near it; until then its links are links.
const below = document.querySelector("[data-island]");
if (below) {
  const near = (seen, watcher) => {
    // Who comes back to what they had typed there need not come near first.
    if (!history.state?.typed && !seen.some((one) => one.isIntersecting)) return;
    watcher.disconnect();
    import(below.dataset.island);
  };
  new IntersectionObserver(near, { rootMargin: "100%" }).observe(below);
}
