/**
 * Keeps a live QR on the page: another one 15 s before the shown one dies, as
 * long as somebody can see the page. A page in the background asks for
 * nothing; it renews when it is looked at again.
 */

import { renew } from "./wait.js";

const AHEAD = 15_000; // milliseconds before the end
const AGAIN = 3000; // between tries while the network fails

/**
 * @param {object} settings
 * @param {object} to
 * @param {() => void} to.renewing a call is on its way
 * @param {(qr: object) => void} to.renewed another QR is there
 * @param {() => void} to.lapsed the shown QR has died and no other one came; renew() may still help
 * @param {() => void} to.ended the attempt itself is over: only a new page helps
 * @param {() => void} to.unseen the shown QR has died while nobody looked
 */
export class Fresh {
  #settings;
  #to;
  #dies = 0;
  #timer = 0;
  #call = null;
  #on = false;

  constructor(settings, to) {
    this.#settings = settings;
    this.#to = to;
    // The wall clock, because it also counts while the machine sleeps.
    this.#dies = Date.now() + settings.expires_in * 1000;
    document.addEventListener("visibilitychange", () => this.#check());
  }

  /** Begins, or goes on after stop(). */
  start() {
    this.#on = true;
    this.#check();
  }

  /** Rests: no timer and no call is left. */
  stop() {
    this.#on = false;
    clearTimeout(this.#timer);
    this.#call?.abort();
    this.#call = null;
  }

  /** Renews now; for the button on the expired state. */
  async renew() {
    if (this.#call) return;
    const own = (this.#call = new AbortController());
    this.#to.renewing();
    try {
      const answer = await renew(this.#settings, own.signal);
      if (this.#call !== own) return;
      this.#call = null;
      this.#take(answer);
    } catch {
      if (this.#call !== own) return;
      this.#call = null;
      this.#failed();
    }
  }

  #take({ qr, expires_in }) {
    if (!qr) return this.#to.ended();
    this.#dies = Date.now() + expires_in * 1000;
    this.#to.renewed(qr);
    this.#on = true;
    this.#check();
  }

  #failed() {
    if (Date.now() < this.#dies) return this.#later(Math.min(AGAIN, this.#dies - Date.now()));
    this.stop();
    this.#to.lapsed();
  }

  #check() {
    clearTimeout(this.#timer);
    if (!this.#on) return;
    const left = this.#dies - Date.now();
    if (document.visibilityState !== "hidden") {
      if (left <= AHEAD) this.renew();
      else this.#later(left - AHEAD);
    } else if (left <= 0) {
      this.#to.unseen();
    } else {
      this.#later(left);
    }
  }

  #later(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), milliseconds);
  }
}
