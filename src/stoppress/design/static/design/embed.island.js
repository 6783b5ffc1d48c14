/* The frame of somebody else's player loads when a reader asks for it. Without this script it is a link. */
for (const embed of document.querySelectorAll(".embed[data-frame]")) {
  const link = embed.querySelector("a.facade");
  for (const note of link.querySelectorAll(".facade-note")) note.hidden = !note.hidden;
  link.addEventListener("click", (event) => {
    // Whoever opens it in a tab of its own wants the link.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const frame = document.createElement("iframe");
    frame.title = embed.dataset.title;
    frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.src = embed.dataset.frame;
    link.replaceWith(frame);
    frame.focus();
  });
}
