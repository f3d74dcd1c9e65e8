// What this site adds to the sign-in script: words for the panel's outcomes, the
// frame of the old script, and a watch for the first suite_ticket.

const refusedOnThePhone = -31090;

for (const box of document.querySelectorAll("[data-hufu-panel]")) {
  const state = box.parentElement.querySelector(".panel-state");
  const tell = (text, failed) => {
    state.textContent = text;
    state.hidden = text === "";
    state.classList.toggle("failed", failed);
  };
  box.addEventListener("hufu-busy", () => tell(box.dataset.busy, false));
  box.addEventListener("hufu-fail", (event) => {
    const { reason, title, text, code } = event.detail;
    if (reason === "panel") {
      tell(code === refusedOnThePhone ? box.dataset.refused : box.dataset.failed.replace("{code}", String(code ?? "")), true);
    } else if (title) {
      tell(`${title}: ${text}`, true);
    } else {
      box.querySelector(".panel-wait")?.remove();
      tell(box.dataset.missing, true);
    }
  });
}

for (const box of document.querySelectorAll("[data-old-panel]")) {
  if (window.WwLogin) {
    const style = matchMedia("(prefers-color-scheme: dark)").matches ? "white" : "black"; // of its text
    new window.WwLogin({ id: box.id, style, ...JSON.parse(box.dataset.oldPanel) });
    for (const frame of box.querySelectorAll("iframe")) frame.title ||= document.title;
  } else {
    const state = box.parentElement.querySelector(".panel-state");
    box.querySelector(".panel-wait")?.remove();
    state.textContent = box.dataset.missing;
    state.hidden = false;
    state.classList.add("failed");
  }
}

for (const note of document.querySelectorAll("[data-ticket]")) {
  const look = async () => {
    try {
      const response = await fetch(note.dataset.ticket);
      const answer = await response.json();
      if (answer.received) {
        location.reload();
        return;
      }
    } catch {
      // The site may be restarting; the next look tells.
    }
    setTimeout(look, 3000);
  };
  setTimeout(look, 3000);
}
