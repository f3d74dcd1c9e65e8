// Comforts of the consoles' pages; every page works without them.

// Copy buttons say what they did: in their place, and aloud.
const live = document.createElement("p");
live.className = "out-of-sight";
live.setAttribute("role", "status");
document.body.append(live);

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      // No clipboard on plain http: the text is marked, and one key copies it.
      getSelection().selectAllChildren(button.previousElementSibling);
      return;
    }
    live.textContent = "";
    button.dataset.copied = "";
    live.textContent = button.dataset.said;
    setTimeout(() => delete button.dataset.copied, 2000);
  });
}

// A filter is applied as soon as it is chosen.
for (const select of document.querySelectorAll("select[data-send]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

// Menus close when something else is pressed, and by Escape.
for (const menu of document.querySelectorAll("[data-menu]")) {
  addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// What cannot be undone waits until the name has been typed: data-confirm-name holds it.
for (const form of document.querySelectorAll("form[data-confirm-name]")) {
  const typed = form.querySelector("[data-confirm]");
  const button = form.querySelector("button:not([type=button])");
  const check = () => { button.disabled = typed.value.trim() !== form.dataset.confirmName; };
  typed.addEventListener("input", check);
  check();
}

// Typed words are not lost by a slip: leaving asks first.
let typed = false;
for (const form of document.querySelectorAll("form[data-guard]")) {
  form.addEventListener("input", () => { typed = true; });
  form.addEventListener("submit", () => { typed = false; });
}
addEventListener("beforeunload", (event) => {
  if (typed) event.preventDefault();
});

// A second press sends nothing; a file that comes back leaves the page, so it is freed soon.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
    setTimeout(free, 4000, form);
  });
}
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));

function free(form) {
  delete form.dataset.sent;
  for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
}

// The word of the navigation that is shown stands within the bar.
document.querySelector(".nav a[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
