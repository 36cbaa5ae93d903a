// Passkeys: asks the server what to ask the device, lets the browser ask it, and sends the answer along with the form.
const read = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const write = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const named = (list) => (list ?? []).map((one) => ({ ...one, id: read(one.id) }));

async function ask(form) {
  const answer = await fetch(form.dataset.question, {
    method: "POST",
    body: new URLSearchParams({ csrf_token: form.elements.csrf_token.value }),
    headers: { Accept: "application/json" },
  });
  if (answer.status === 403) return null; // prove again first who you are: the form leads there
  if (!answer.headers.get("Content-Type")?.startsWith("application/json")) throw new Error("no question");
  const question = await answer.json();
  if (!answer.ok) throw new Error(question.words);
  question.challenge = read(question.challenge);
  return question;
}

async function make(question) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...question,
      user: { ...question.user, id: read(question.user.id) },
      excludeCredentials: named(question.excludeCredentials),
    },
  });
  return told(made, {
    attestationObject: write(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  });
}

async function sign(question) {
  const signed = await navigator.credentials.get({
    publicKey: { ...question, allowCredentials: named(question.allowCredentials) },
  });
  const { authenticatorData, signature, userHandle } = signed.response;
  return told(signed, {
    authenticatorData: write(authenticatorData),
    signature: write(signature),
    userHandle: userHandle ? write(userHandle) : null,
  });
}

function told(credential, response) {
  return JSON.stringify({
    id: credential.id,
    rawId: write(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: {},
    response: { clientDataJSON: write(credential.response.clientDataJSON), ...response },
  });
}

function say(form, words) {
  const place = form.querySelector("[data-said]");
  place.textContent = words;
  place.hidden = false;
}

function reason(form, error) {
  const { cancelled, known, failed } = form.dataset;
  return { NotAllowedError: cancelled, AbortError: cancelled, InvalidStateError: known }[error.name] ?? failed;
}

async function meet(form) {
  if (!window.PublicKeyCredential) return say(form, form.dataset.unknown);
  const act = form.querySelector("button[type=submit]");
  act.disabled = true;
  try {
    const question = await ask(form);
    const making = form.dataset.passkey === "make";
    if (making) form.elements.made_answer.value = question ? await make(question) : "not yet";
    else form.elements.proof_token.value = await sign(question);
    form.submit();
  } catch (error) {
    say(form, reason(form, error));
    act.disabled = false;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-passkey]")) {
    event.preventDefault();
    if (form.reportValidity()) meet(form);
  } else if (form.matches("form[data-once]")) {
    // A second click would come with the key that the first one has made worthless.
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  }
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-once]")) delete form.dataset.sent;
  for (const act of document.querySelectorAll("form[data-passkey] button[type=submit]")) act.disabled = false;
});
