// Goes on by itself once the other tab has proved who the person is.

const form = document.getElementById("again");

async function check() {
  if (form.dataset.sent) return;
  const response = await fetch(form.dataset.proof, { headers: { "Accept": "application/json" } });
  if (response.ok && (await response.json()).fresh && !form.dataset.sent) form.requestSubmit();
}

const ignore = () => {}; // the button is still there
new BroadcastChannel("hufu-proof").addEventListener("message", () => check().catch(ignore));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) check().catch(ignore);
});
