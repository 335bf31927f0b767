// Passkeys: a form with data-passkey asks the browser for one ("create" or "get") by what data-options says, puts the
// answer into its field `credential` and sends itself. Without this file, or in a browser without passkeys, the form
// stays hidden and a code does as well.
const toBytes = (text) => {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
};

const toText = (buffer) => {
  const characters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(characters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
};

const withBytes = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

const ask = (kind, options) => {
  const publicKey = { ...options, challenge: toBytes(options.challenge) };
  if (kind === "create") {
    publicKey.user = { ...options.user, id: toBytes(options.user.id) };
    publicKey.excludeCredentials = withBytes(options.excludeCredentials);
    return navigator.credentials.create({ publicKey });
  }
  publicKey.allowCredentials = withBytes(options.allowCredentials);
  return navigator.credentials.get({ publicKey });
};

const answerOf = (credential) => {
  const { response } = credential;
  const parts = { clientDataJSON: toText(response.clientDataJSON) };
  ["attestationObject", "authenticatorData", "signature", "userHandle"].forEach((name) => {
    if (response[name]) parts[name] = toText(response[name]);
  });
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response: parts };
};

if (window.PublicKeyCredential) {
  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    const problem = form.querySelector("[data-passkey-problem]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      problem.hidden = true;
      try {
        const credential = await ask(form.dataset.passkey, JSON.parse(form.dataset.options));
        form.elements.credential.value = JSON.stringify(answerOf(credential));
        HTMLFormElement.prototype.submit.call(form); // a kept button may be called "submit" and hide the method
      } catch {
        problem.hidden = false;
      }
    });
  });
  document.querySelectorAll("[data-passkey-missing]").forEach((words) => {
    words.hidden = true;
  });
}
