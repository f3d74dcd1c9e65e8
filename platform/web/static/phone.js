// Small comforts of the phone's pages; every form works without them.

// A second tap sends nothing. Buttons are marked, not disabled: the value of a
// disabled one would be left out.
const retryAfter = 8000; // ms; a phone without a network may try again

function release() {
  for (const form of document.forms) delete form.dataset.sent;
  for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
}

for (const form of document.forms) {
  if (form.target) continue; // what opens in a tab of its own may be opened again
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(release, retryAfter);
  });
}

// Back to a page that the browser kept: the sign-in has moved on since, so it is asked for
// anew.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
  else release();
});

// Full-width digits of Chinese keyboards count as digits.
for (const input of document.querySelectorAll("input[data-digits]")) {
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    const digits = input.value.normalize("NFKC").replace(/\D/g, "");
    if (digits !== input.value) input.value = digits;
  });
}
