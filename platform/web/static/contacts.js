// How far an import is, asked every second; without this the page loads itself anew.
const box = document.querySelector("[data-progress]");

async function ask() {
  try {
    const answer = await fetch(box.dataset.progress, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const run = await answer.json();
    box.querySelector("progress").value = run.tried;
    for (const name of ["tried", "created", "updated", "failed"]) {
      box.querySelector(`[data-${name}]`).textContent = run[name];
    }
    if (run.state !== "running") {
      location.reload();
      return;
    }
  } catch {
    // Out of reach for a moment: asked again.
  }
  setTimeout(ask, 1000);
}

if (box) setTimeout(ask, 1000);
