// The window's pages work without this, apart from going on by themselves.

// A second press sends nothing. Buttons are marked, not disabled: the value of a disabled one
// would be left out.
for (const form of document.forms) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
}

// Full-width digits of Chinese keyboards count as digits.
for (const input of document.querySelectorAll("input[data-digits]")) {
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    const digits = input.value.normalize("NFKC").replace(/\D/g, "");
    if (digits !== input.value) input.value = digits;
  });
}

const next = document.getElementById("next");

function goOn() {
  // What the person has just sent brings the next page itself.
  for (const form of document.forms) if (form.dataset.sent) return;
  next.requestSubmit();
}

async function watch() {
  let failures = 0;
  while (failures < 3) {
    try {
      const answer = await fetch("/watch", { method: "POST", body: new URLSearchParams(new FormData(next)) });
      if (!answer.ok) {
        goOn();
        return;
      }
      failures = 0;
      if ((await answer.json()).changed) {
        goOn();
        return;
      }
    } catch {
      failures++;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
  document.getElementById("lost").hidden = false;
}

if (next) watch();

// Back to a page that the browser kept: it has moved on since.
addEventListener("pageshow", (event) => {
  if (event.persisted && next) next.submit();
});
