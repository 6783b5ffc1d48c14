/* While replies come in a wave: a small sum that costs one reader a second, and whoever sends thousands of replies dearly.
   It begins when somebody types. Without it, or when it fails, the reply is read first like any other. */
const PATIENCE = 20_000;
const bytes = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexadecimal = (some) => Array.from(new Uint8Array(some), (one) => one.toString(16).padStart(2, "0")).join("");

async function solve(address, until) {
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  if (!answer.ok) return "";
  const challenge = await answer.json();
  const { nonce, salt, cost, keyLength, keyPrefix } = challenge.parameters;
  const start = bytes(nonce);
  const rules = { name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: cost };
  const password = new Uint8Array(start.length + 4);
  password.set(start);
  for (let counter = 0; performance.now() < until; counter += 1) {
    new DataView(password.buffer).setUint32(start.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hexadecimal(await crypto.subtle.deriveBits(rules, key, keyLength * 8));
    if (derivedKey.startsWith(keyPrefix)) return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey } }));
  }
  return "";
}

for (const form of document.querySelectorAll("form[data-proof]")) {
  let work = null;
  const begin = () => (work ??= solve(form.dataset.proof, performance.now() + PATIENCE).catch(() => ""));
  // No sums where the browser keeps them from pages without https.
  if (globalThis.crypto?.subtle) {
    form.addEventListener("input", begin, { once: true });
    form.addEventListener("submit", async (event) => {
      if (form.dataset.isReady) return;
      event.preventDefault();
      if (form.dataset.isBusy) return;
      form.dataset.isBusy = "1";
      const told = form.querySelector("[data-said]");
      told.textContent = told.dataset.said;
      form.elements.proof.value = await begin();
      // A sum that was done before would send the form while it is being sent, which browsers take for nothing.
      await new Promise((done) => setTimeout(done));
      form.dataset.isReady = "1";
      told.textContent = "";
      form.requestSubmit(event.submitter);
    });
    // Whoever comes back to the page writes something else, with a sum of its own.
    addEventListener("pageshow", (event) => event.persisted && location.reload());
  }
}
