// Small comforts of the phone's pages; every form works without them.

// A second tap sends nothing. The button is marked after the browser has
// collected the form, or its value would be left out.
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

// Back from the next page: the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
  for (const busy of document.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
});

// Full-width digits of Chinese keyboards count as digits.
for (const input of document.querySelectorAll("input[data-digits]")) {
  input.addEventListener("input", (event) => {
    if (event.isComposing) return;
    const digits = input.value.normalize("NFKC").replace(/\D/g, "");
    if (digits !== input.value) input.value = digits;
  });
}
