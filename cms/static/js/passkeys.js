// Passkeys: asks the server what to ask the browser for, and sends what the browser answers with
// the form. The forms are hidden until it is known that the browser can do it.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) =>
    letter.charCodeAt(0),
  );

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const withBytes = (listed) => listed?.map((each) => ({ ...each, id: toBytes(each.id) }));

async function ask(form) {
  const response = await fetch(form.dataset.passkey, {
    method: "POST",
    headers: {
      Accept: "application/json",
      "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value,
    },
  });
  if (!response.ok) throw new Error(form.dataset.refused);
  const { publicKey } = await response.json();
  publicKey.challenge = toBytes(publicKey.challenge);
  publicKey.allowCredentials = withBytes(publicKey.allowCredentials);
  publicKey.excludeCredentials = withBytes(publicKey.excludeCredentials);
  if (publicKey.user) publicKey.user.id = toBytes(publicKey.user.id);
  return { publicKey };
}

async function answer(form) {
  const question = await ask(form);
  const made = "makes" in form.dataset;
  const credential = await navigator.credentials[made ? "create" : "get"](question);
  const { response } = credential;
  const names = made
    ? ["clientDataJSON", "attestationObject"]
    : ["clientDataJSON", "authenticatorData", "signature", "userHandle"];
  const told = names.filter((name) => response[name]).map((name) => [name, toText(response[name])]);
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: made ? credential.getClientExtensionResults() : {},
    response: Object.fromEntries(told),
  });
}

function prepare(form) {
  const error = form.querySelector("[data-passkey-error]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.hidden = true;
    try {
      form.elements.passkey.value = await answer(form);
    } catch (problem) {
      const isOurs = problem.message === form.dataset.refused;
      error.textContent = isOurs ? form.dataset.refused : form.dataset.failed;
      error.hidden = false;
      return;
    }
    form.submit();
  });
}

if (window.PublicKeyCredential) {
  document.querySelectorAll("form[data-passkey]").forEach(prepare);
  document.querySelectorAll("[data-no-passkeys]").forEach((note) => {
    note.hidden = true;
  });
}
