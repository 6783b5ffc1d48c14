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
