/**
 * The wire to the page that frames this one: what wwLogin-1.x does on its side.
 * The page asks with one bare text; it is answered with one bare address, once,
 * however often it asked. Whoever asks is heard only if it is the parent window
 * and on the origin of the redirect address: the only place that the address,
 * which holds the code, may go to.
 */

const ASK = "ask_usePostMessage";

export class Parent {
  #origin;
  #asked = false;

  /** @param {string} origin of the checked redirect address */
  constructor(origin) {
    this.#origin = origin;
    this.framed = window.parent !== window;
    if (this.framed) window.addEventListener("message", (event) => this.#hear(event));
  }

  /**
   * Posts the address to the page that asked for it.
   *
   * @returns {boolean} false when nobody may have it this way
   */
  answer(address) {
    if (!this.#asked) return false;
    this.#asked = false;
    window.parent.postMessage(address, this.#origin);
    return true;
  }

  #hear(event) {
    if (event.source === window.parent && event.origin === this.#origin && event.data === ASK) this.#asked = true;
  }
}
