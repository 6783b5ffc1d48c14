/* Headlines that begin as what is typed, under the search field. Without this script it is a plain field. */
for (const field of document.querySelectorAll("input[data-suggestions]")) {
  let waiting = 0;
  let asked = null;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    asked?.abort();
    const typed = field.value.trim();
    if (!typed) return;
    waiting = setTimeout(async () => {
      asked = new AbortController();
      try {
        const answer = await fetch(`${field.dataset.suggestions}?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
        if (!answer.ok) return;
        const { suggestions } = await answer.json();
        field.list.replaceChildren(...suggestions.map(({ headline }) => new Option(headline, headline)));
      } catch {
        // Offline, or more was typed: the field works without.
      }
    }, 150);
  });
}
