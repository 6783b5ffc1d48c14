// Binds allauth's passkey functions to the page's button, and says in words what went wrong.
{
  const { form, button, buttonId } = document.currentScript.dataset;
  const trigger = document.getElementById(buttonId);
  const holder = trigger.closest("form");

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const words = document.createElement("p");
    words.className = "help-block help-critical passkey-trouble";
    words.setAttribute("role", "alert");
    words.textContent = document.documentElement.lang.startsWith("en")
      ? "The passkey was not used. Try again, or sign in another way."
      : event.detail.exception.message;
    holder.querySelector(".passkey-trouble")?.remove();
    holder.append(words);
  });

  if (window.PublicKeyCredential) {
    holder.hidden = false;
    window.allauth.webauthn.forms[form]({
      ids: {
        [button]: buttonId,
        credential: "passkey-credential",
        passwordless: document.getElementById("id_passwordless") ? "id_passwordless" : undefined,
        data: document.getElementById("passkey-data") ? "passkey-data" : undefined,
      },
    });
  }
}
