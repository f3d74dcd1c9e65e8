/**
 * The wire to the page that frames this one: the window channel of
 * ww.createWWLoginPanel, whose checks and traps are those of the published
 * script. Never asks for a MessagePort: after a reload (language switch) a
 * port is dead and no second one is ever offered, while the window still works.
 *
 * Two rules keep codes where they belong. Only window.parent is heard and
 * spoken to. And a code is addressed to the origin of the redirect address,
 * whatever the parent says it is; the parent's own origin only decides which
 * error it may read.
 */

const PREFIX = "ww-iframe-handle:";
const ACKNOWLEDGED_WITHIN = 3000; // milliseconds

export class Host {
  #settings;
  #origin;
  #answers = new Map(); // uid → what to run when the host has answered
  #calls = 0;
  #seen = [];

  /** @param {{target_origin: string, trusted_origins: string[]}} settings */
  constructor(settings) {
    this.#settings = settings;
    this.framed = window.parent !== window;
    this.#origin = this.framed ? parentOrigin() : "";
  }

  /** The parent's origin: "" while unknown, "null" for one that is nobody's. */
  get origin() {
    return this.#origin;
  }

  /** Says that the page is ready, and again whenever the host asks. */
  start() {
    if (!this.framed) return;
    window.addEventListener("message", (event) => this.#hear(event));
    this.#ready();
  }

  /** Runs the function once the parent's origin is known; never without a parent. */
  whenKnown(run) {
    if (this.#origin) run(this.#origin);
    else this.#seen.push(run);
  }

  /**
   * Calls a function of the host with something that is no secret, whoever the
   * host is: an integrator on the wrong domain must see why nothing happens.
   */
  tell(name, payload) {
    this.whenKnown((origin) => this.#call(name, payload, origin));
  }

  /** Calls a function of the host if the app trusts it, else nothing. */
  confide(name, payload) {
    this.whenKnown((origin) => {
      if ((this.#settings.trusted_origins ?? []).includes(origin)) this.#call(name, payload, origin);
    });
  }

  /**
   * Hands the code over and waits for the answer, the only sign that anybody
   * received it: a message to the wrong origin vanishes without an error.
   *
   * @returns {Promise<boolean>} whether the host's script has it
   */
  deliver(payload) {
    return new Promise((resolve) => {
      const uid = this.#call("onLoginSuccess", payload, this.#settings.target_origin, true);
      const late = setTimeout(() => settle(false), ACKNOWLEDGED_WITHIN);
      const settle = (heard) => {
        clearTimeout(late);
        this.#answers.delete(uid);
        resolve(heard);
      };
      this.#answers.set(uid, () => settle(true));
    });
  }

  #call(name, payload, origin, answered) {
    const message = { type: `${PREFIX}call`, args: { type: "call", name, payload } };
    if (answered) message.uid = `hufu-${++this.#calls}`;
    post(message, origin);
    return message.uid;
  }

  #ready() {
    post({ type: `${PREFIX}ready` }, this.#origin || this.#settings.target_origin);
  }

  #hear(event) {
    if (event.source !== window.parent) return;
    const message = parse(event.data);
    if (message.type === `${PREFIX}init`) {
      this.#learn(event.origin);
      this.#ready();
    }
    if (message.type === `${PREFIX}response` && event.origin === this.#settings.target_origin) {
      this.#answers.get(message.uid)?.();
    }
  }

  #learn(origin) {
    if (this.#origin) return;
    this.#origin = origin;
    for (const run of this.#seen.splice(0)) run(origin);
  }
}

/**
 * Who frames us. The list of ancestors cannot be forged; where a browser has
 * none, the referrer that the host's script asks for names the direct parent.
 */
function parentOrigin() {
  if (location.ancestorOrigins) return location.ancestorOrigins[0] ?? "";
  try {
    return new URL(document.referrer).origin;
  } catch {
    return "";
  }
}

/** Never to "*", so never to an origin without a name. */
function post(message, origin) {
  if (origin && origin !== "null") window.parent.postMessage(JSON.stringify(message), origin);
}

function parse(data) {
  try {
    return (typeof data === "string" ? JSON.parse(data) : data) ?? {};
  } catch {
    return {};
  }
}
