// The QR code of the consoles' sign-in: one call after another asks what became of it, and a
// form collects the session once the phone has confirmed.

const main = document.querySelector("main");
const form = document.getElementById("collect");
const live = document.getElementById("live");
const key = form.elements.web_key.value;
const signature = form.elements.signature.value;

const RENEW_AHEAD = 15_000; // ms before a QR code dies
const SOONEST = 1000; // ms between calls, for a proxy that holds none
const SLOWEST = 15_000;

/** Puts a state on the stage and says it aloud. */
function show(state) {
  main.dataset.state = state;
  const said = main.querySelectorAll(`[data-for="${state}"] [data-say]`);
  live.textContent = [...said].map((part) => part.textContent.trim()).join(" ");
}

function fill(place, text) {
  for (const element of main.querySelectorAll(`[data-fill="${place}"]`)) element.textContent = text ?? "";
}

async function call(address, body) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Authorization": signature, "Content-Type": "application/json", "Accept": "application/json" },
    body: JSON.stringify({ web_key: key, ...body }),
    signal: AbortSignal.timeout(40_000),
  });
  if (!response.ok) throw new Error(String(response.status));
  return response.json();
}

const pause = (ms) => new Promise((done) => setTimeout(done, Math.max(0, ms)));

const stages = { created: "waiting", refused: "refused", cancelled: "cancelled", "timed out": "timedout", expired: "expired", collected: "expired" };

async function follow() {
  let last = "created";
  for (let failures = 0; ;) {
    const asked = Date.now();
    try {
      const answer = await call(form.dataset.wait, { last });
      failures = 0;
      main.removeAttribute("data-trouble");
      if (answer.state === "confirmed") {
        show("done");
        form.submit();
        return;
      }
      if (answer.state === "scanned") {
        fill("name", answer.name);
        fill("number", answer.number);
        if (last !== "scanned") show(answer.number ? "number" : "scanned");
      } else if (answer.state !== "created") {
        show(stages[answer.state] ?? "expired");
        return;
      }
      if (answer.state === last) await pause(SOONEST - (Date.now() - asked));
      last = answer.state;
    } catch {
      failures++;
      main.toggleAttribute("data-trouble", failures > 1);
      await pause(Math.min(SLOWEST, 1000 * 2 ** failures));
    }
  }
}

// The shown code is replaced before it dies, as long as somebody may be looking.
let dies = Date.now() + Number(form.dataset.expires) * 1000;

async function keepFresh() {
  for (;;) {
    await pause(Math.min(5000, Math.max(1000, dies - RENEW_AHEAD - Date.now())));
    if (main.dataset.state !== "waiting" || document.hidden || Date.now() < dies - RENEW_AHEAD) continue;
    try {
      const answer = await call(form.dataset.renew, {});
      if (!answer.qr) return;
      dies = Date.now() + answer.expires_in * 1000;
      const svg = document.getElementById("qr");
      svg.setAttribute("viewBox", `0 -0.5 ${answer.qr.size} ${answer.qr.size}`);
      svg.querySelector("path").setAttribute("d", answer.qr.path);
      const link = document.getElementById("open");
      if (link && answer.qr.url) link.href = answer.qr.url;
    } catch {
      await pause(3000);
    }
  }
}

// A page that the browser kept shows an old code: another one is asked for.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

// A story has no key.
if (key) {
  follow();
  keepFresh();
}
