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
