/**
 * Quick login: finds a desktop client on this machine and hands it the sign-in.
 * Shows nothing itself, so that every page with a QR code can use it.
 *
 * Browsers guard what a page may reach on the machine itself. Nothing is asked
 * of a desktop client before the browser has granted that for good or the person
 * has pressed the button; and nothing here delays the QR code.
 *
 * The desktop client says whether it is there and signed in, never who is. The
 * sign-in goes to it as a key, and comes back by the page's own wait.
 */

import { clientKey } from "./wait.js";

const ANSWERS_WITHIN = 1200; // milliseconds: it is on this machine
const ASKED_AT_MOST = 120_000; // while the browser asks the person
const OPENS_WITHIN = 20_000; // it asks the platform first
const PERMISSIONS = ["loopback-network", "local-network-access"]; // the second is the older name

/** States of the permission in which nothing is tried. */
const CLOSED = ["denied", "withheld"];

/** Why a desktop client did not open a sign-in, as it says. */
const REASONS = ["busy", "unreachable", "gone", "not_allowed"];

/**
 * What the button shows: "offered" at first, "found" when a desktop client is signed in,
 * "looking" and "asking" (the browser asks the person) after a press, then "opening" and
 * "opened"; else why not: "absent", "signedout", "denied" by the browser, "withheld" by the page
 * around this one, or one of REASONS.
 *
 * @typedef {"offered"|"found"|"looking"|"asking"|"opening"|"opened"|"absent"|"signedout"|"denied"|"withheld"|"busy"|"unreachable"|"gone"|"not_allowed"} Way
 */

export class Desktop {
  #settings;
  #to;
  #permission; // undefined until asked for, null where the browser has none
  #judged = ""; // the permission's state that was acted upon
  #on = false;
  #search = null; // the search for a desktop client that is under way
  #pressed = false;
  #told; // the last isWeComLogin

  /**
   * @param {{desktop?: {ports: number[]}, web_key: string, sessionSignature: string}} settings
   *        without desktop there is no quick login, and only checked(false) is called
   * @param {object} to
   * @param {(way: Way) => void} to.shows
   * @param {(signedIn: boolean) => void} to.checked at first and at every change
   * @param {() => void} to.opened a desktop client shows the sign-in to its person
   */
  constructor(settings, to) {
    this.#settings = settings;
    this.#to = to;
  }

  /** Begins, or goes on after stop(). */
  async start() {
    if (this.#on) return;
    this.#on = true;
    if (!this.#settings.desktop) return this.#tell(false);
    const known = this.#permission ?? (await permission());
    if (this.#permission === undefined) {
      this.#permission = known;
      known?.addEventListener("change", () => this.#judge());
    }
    this.#judged = "";
    this.#judge();
  }

  /** Rests: looks for nobody. A desktop client that is opening a sign-in is left to it. */
  stop() {
    this.#on = false;
    this.#search?.end();
  }

  /** The person wants it. */
  async press() {
    if (!this.#on || this.#pressed || CLOSED.includes(this.#state())) return;
    this.#pressed = true;
    try {
      const way = await this.#open();
      if (this.#on) this.#to.shows(way);
    } finally {
      this.#pressed = false;
    }
  }

  /** What the browser says; "unknown" where it has no such permission. */
  #state() {
    return withheld() ? "withheld" : (this.#permission?.state ?? "unknown");
  }

  /** Acts upon the browser's permission, once per change: browsers repeat themselves. */
  #judge() {
    const state = this.#state();
    if (!this.#on || state === this.#judged) return;
    this.#judged = state;
    if (state === "granted") return this.#pressed ? this.#search?.limit(ANSWERS_WITHIN) : this.#look();
    const closed = CLOSED.includes(state);
    if (closed) this.#search?.end();
    if (this.#pressed) return; // the press goes on, and shows what came of it
    this.#to.shows(closed ? state : "offered");
    this.#tell(false);
  }

  /** Looks on its own, quietly. */
  async #look() {
    const found = await this.#find(ANSWERS_WITHIN);
    // A press has a search of its own.
    if (!this.#on || this.#pressed || this.#state() !== "granted") return;
    this.#to.shows(found?.signed_in ? "found" : "offered");
    this.#tell(found?.signed_in === true);
  }

  /** @returns {Promise<Way>} */
  async #open() {
    this.#to.shows("looking");
    const asks = setTimeout(() => this.#state() !== "granted" && this.#to.shows("asking"), ANSWERS_WITHIN / 2);
    const found = await this.#find(this.#state() === "granted" ? ANSWERS_WITHIN : ASKED_AT_MOST);
    clearTimeout(asks);
    if (!this.#on) return "offered";
    this.#tell(found?.signed_in === true);
    if (this.#state() === "denied") return "denied";
    if (!found) return "absent";
    if (!found.signed_in) return "signedout";
    this.#to.shows("opening");
    let key;
    try {
      key = (await clientKey(this.#settings)).client_key;
    } catch {
      return "unreachable";
    }
    if (!key) return "gone"; // somebody scanned in the meantime, or the attempt is over
    try {
      const { opened, reason } = await post(found.port, "/hufu/confirm", { client_key: key, nonce: found.nonce }, AbortSignal.timeout(OPENS_WITHIN));
      if (opened !== true) return REASONS.includes(reason) ? reason : "unreachable";
    } catch (error) {
      // It is there and turns the page away: it was asked too often.
      return error instanceof Refused ? "busy" : "absent";
    }
    this.#to.opened();
    return "opened";
  }

  /** The desktop client that is signed in, else one that is not, else null. */
  async #find(within) {
    this.#search?.end();
    const search = (this.#search = new Search(this.#settings.desktop.ports, within));
    const found = await search.found;
    if (this.#search === search) this.#search = null;
    return found;
  }

  #tell(signedIn) {
    if (this.#told === signedIn) return;
    this.#told = signedIn;
    this.#to.checked(signedIn);
  }
}

/** Asks all ports at once. */
class Search {
  #stop = new AbortController();
  #timer;

  constructor(ports, within) {
    this.limit(within);
    this.found = this.#run(ports).finally(() => this.end());
  }

  /** Leaves that many milliseconds from now. */
  limit(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(), milliseconds);
  }

  end() {
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  async #run(ports) {
    let other = null;
    const asked = ports.map(async (port) => {
      const { signed_in, nonce } = await post(port, "/hufu/check", {}, this.#stop.signal);
      if (typeof signed_in !== "boolean") throw new Error("not a desktop client");
      const one = { port, signed_in, nonce };
      if (signed_in) return one;
      other ??= one;
      throw new Error("signed out");
    });
    try {
      return await Promise.any(asked);
    } catch {
      return other;
    }
  }
}

/** The browser's permission to reach this machine, or null where it knows none. */
async function permission() {
  for (const name of PERMISSIONS) {
    try {
      return await navigator.permissions.query({ name });
    } catch {
      // Not a name that this browser knows.
    }
  }
  return null;
}

/**
 * Does a page around this one keep the right from it? The scripts that make panels hand it on;
 * to whoever made a frame of their own the browser shows nothing.
 */
function withheld() {
  const policy = document.permissionsPolicy ?? document.featurePolicy;
  const known = PERMISSIONS.find((name) => policy?.features().includes(name));
  return known !== undefined && !policy.allowsFeature(known);
}

/** The address in digits: no DNS stands between, and browsers take it for trustworthy. */
async function post(port, path, body, signal) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
    signal,
  });
  if (!response.ok) throw new Refused(`answer ${response.status}`);
  return (await response.json()) ?? {};
}

/** A desktop client, or whatever listens there, did not do as asked. */
class Refused extends Error {}
