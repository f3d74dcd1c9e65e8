// Goes on by itself once the other tab has proved who the person is.

const form = document.getElementById("again");

let gone = false; // once is enough: an export would be downloaded again

async function check() {
  if (gone) return;
  const response = await fetch(form.dataset.proof, { headers: { "Accept": "application/json" } });
  if (response.ok && (await response.json()).fresh && !gone) form.requestSubmit();
}

const ignore = () => {}; // the button is still there
new BroadcastChannel("hufu-proof").addEventListener("message", () => check().catch(ignore));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) check().catch(ignore);
});

// A file as the answer leaves this page where it is: it must not go on asking.
form.addEventListener("submit", () => {
  gone = true;
  setTimeout(() => {
    for (const id of ["asks", "steps", "leave"]) document.getElementById(id).hidden = true;
    document.getElementById("sent").hidden = false;
  }, 700);
});

// The page before this one has the form, with what was typed.
for (const link of document.querySelectorAll("a[data-back]")) {
  link.addEventListener("click", (click) => {
    if (history.length < 2) return;
    click.preventDefault();
    history.back();
  });
}
