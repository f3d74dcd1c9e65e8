/**
 * The document as the script sees it: one state at a time stands on the stage
 * (login.css shows the section whose data-for names it), and the words are
 * already there, rendered by the server in the reader's language.
 *
 * @typedef {"waiting"|"scanned"|"number"|"desktop"|"done"|"blocked"|"refused"|"cancelled"|"timedout"|"expired"|"untrusted"|"copy"|"help"} State
 */

const main = document.querySelector("main");
const live = document.getElementById("live");

/** The state on the stage. @returns {State} */
export function state() {
  return main.dataset.state;
}

/**
 * Puts a state on the stage and says it aloud to screen readers.
 *
 * @param {State} name
 * @param {Record<string, string>} [words] texts for the places named data-fill
 */
export function show(name, words) {
  for (const [place, text] of Object.entries(words ?? {})) fill(place, text);
  main.dataset.state = name;
  say([...stage(name).querySelectorAll("[data-say]")]);
}

/** Says parts of the page aloud, as far as they are to be seen. */
function say(parts) {
  live.textContent = parts.map((part) => part.innerText.trim()).join(" ");
}

/** The section of a state. */
function stage(name) {
  return main.querySelector(`[data-for~="${name}"]`);
}

function fill(place, text) {
  for (const element of main.querySelectorAll(`[data-fill="${place}"]`)) element.textContent = text;
}

/**
 * Shows who scanned: the picture where there is one of our own, else the first
 * character of the name.
 */
export function showMember({ name, avatar, number }) {
  const picture = main.querySelector("[data-avatar]");
  // Own addresses only: a name may come from a directory, its picture's host may not.
  const own = typeof avatar === "string" && /^\/[^/\\]/.test(avatar);
  picture.hidden = !own;
  if (own) picture.src = avatar;
  else picture.removeAttribute("src");
  main.querySelector("[data-initial]").hidden = own;
  show(number ? "number" : "scanned", {
    name: name ?? "",
    initial: [...(name ?? "")][0] ?? "",
    number: number ?? "",
  });
}

/**
 * Shows that a desktop client has the sign-in, and the number to be typed there. Of
 * whose it is the page knows nothing.
 */
export function showDesktop({ number }) {
  const pressed = quick()?.contains(document.activeElement);
  show("desktop", { number: number ?? "" });
  // The keyboard's focus does not vanish with the button that was pressed.
  if (pressed) stage("desktop").querySelector("button").focus();
}

/**
 * Shows what the button for quick login says and what stands under it.
 *
 * @param {import("./desktop.js").Way} way
 */
export function showQuick(way) {
  const place = quick();
  if (!place || place.dataset.quick === way) return;
  place.dataset.quick = way;
  const button = place.querySelector("button");
  // Not the attribute "disabled": who reads with the ears must find out why.
  button.setAttribute("aria-disabled", way === "denied" || way === "withheld");
  const why = place.querySelector("[data-why]");
  if (why.innerText.trim() && state() === "waiting") say([why]);
}

/** The place of quick login, where the page offers it. */
function quick() {
  return main.querySelector("[data-quick]");
}

/** Draws another QR in the place of the one shown. */
export function drawQR({ path, size, url }) {
  const svg = document.getElementById("qr");
  svg.setAttribute("viewBox", `0 -0.5 ${size} ${size}`);
  svg.querySelector("path").setAttribute("d", path);
  const link = document.getElementById("open");
  if (link && url) {
    link.href = url;
    document.getElementById("address").value = url;
  }
}

/**
 * Marks the page, beside its state: "stale" dims a QR while another one is on
 * its way, "trouble" says that the network does not answer, "copied" that the
 * clipboard has the address, "by-desktop" that a desktop client answered and not a phone.
 */
export function mark(name, yes) {
  main.toggleAttribute(`data-${name}`, yes);
}

/** Points every "go on to the site" link at the place where the code belongs. */
export function setContinue(address) {
  for (const link of document.querySelectorAll("[data-continue]")) link.href = address;
}

/** Runs a function when a button of that name is pressed. */
export function onPress(name, run) {
  for (const button of document.querySelectorAll(`[data-press="${name}"]`)) button.addEventListener("click", run);
}

let beforeHelp = "waiting";

/** Puts the help on the stage, or back what stood there; the keyboard's focus goes along. */
export function toggleHelp() {
  if (state() === "help") {
    show(beforeHelp);
    main.querySelector(".ways [data-press=help]").focus();
  } else {
    beforeHelp = state();
    show("help");
    stage("help").querySelector("[data-press=help]").focus();
  }
}
