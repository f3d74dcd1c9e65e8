// Passkeys: a button asks the server for a challenge, the browser for an answer, and sends its
// form with both. Without this script, or where the browser knows no passkeys, the buttons stay
// hidden and passwords do.

const buttons = document.querySelectorAll("button[data-passkey]");
const known = Boolean(globalThis.PublicKeyCredential && navigator.credentials);

function show(selector, root = document) {
  for (const element of root.querySelectorAll(selector)) element.hidden = false;
}

const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// What the server writes in base64url the browser wants as bytes, and the other way round.
function decoded(options) {
  const list = (some) => some?.map((one) => ({ ...one, id: toBytes(one.id) }));
  const all = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) all.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.allowCredentials) all.allowCredentials = list(options.allowCredentials);
  if (options.excludeCredentials) all.excludeCredentials = list(options.excludeCredentials);
  return all;
}

function encoded(credential) {
  const { response } = credential;
  const answer = { clientDataJSON: toText(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) answer[part] = toText(response[part]);
  }
  if (response.getTransports) answer.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: {},
    response: answer,
  });
}

async function begin(button) {
  const form = button.form;
  const fields = new URLSearchParams();
  for (const name of ["csrf", "account", "name"]) {
    if (form.elements[name]) fields.set(name, form.elements[name].value);
  }
  return fetch(button.dataset.begin, { method: "POST", body: fields, headers: { Accept: "application/json" } });
}

async function use(button) {
  const form = button.form;
  const create = button.dataset.passkey === "create";
  for (const name of ["name", "account"]) {
    if (create && form.elements[name] && !form.elements[name].reportValidity()) return;
  }
  const answer = await begin(button);
  if (answer.redirected) {
    location.assign(answer.url); // the proof or the session is too old: that comes first
    return;
  }
  if (answer.status === 400 || answer.status === 410) {
    form.submit(); // the page that comes says what is wrong
    return;
  }
  if (!answer.ok) throw new Error(`challenge: ${answer.status}`);
  const { ceremony, options } = await answer.json();
  const publicKey = decoded(options);
  const credential = create
    ? await navigator.credentials.create({ publicKey })
    : await navigator.credentials.get({ publicKey });
  form.elements.ceremony.value = ceremony;
  form.elements.passkey.value = encoded(credential);
  form.submit();
}

for (const button of known ? buttons : []) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-busy")) return;
    const failed = button.form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      await use(button);
    } catch {
      failed.hidden = false; // refused by its owner, or nothing there that fits
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}
show(known ? "[data-passkey-offered]" : "[data-passkey-missing]");
