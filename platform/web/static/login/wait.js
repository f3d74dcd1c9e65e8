/**
 * The calls that the page makes. All bear the page's own signature; the name in
 * the QR alone collects nothing.
 */

const HELD_AT_MOST = 40_000; // the server holds a call for 18 s
const SOONEST_REPEAT = 1000; // for a server or proxy that does not hold
const BACK_OFF_MOST = 15_000;

/**
 * Follows the attempt: one call at a time, the next one as soon as the last is
 * answered, slower while the network fails.
 *
 * @param {object} settings
 * @param {{changed: (answer: object) => void, trouble: (yes: boolean) => void}} to
 *        changed may throw: the answer is then asked for again
 * @returns {{start: () => void, stop: () => void}} both may be called at any time
 */
export function follow(settings, { changed, trouble }) {
  let last = "QRCODE_SCAN_NEVER";
  let running = null;

  async function loop(own) {
    for (let failures = 0; running === own; ) {
      const asked = Date.now();
      try {
        const answer = await call(settings, "/wwlogin/monoApi/sso/login/getWebQrCodeStatus" + pollQuery(), {
          webKey: settings.web_key,
          lastStatus: last,
          openDataSid: null,
        }, own.signal);
        if (running !== own) return;
        failures = 0;
        trouble(false);
        if (answer.status !== last) changed(answer);
        else await pause(SOONEST_REPEAT - (Date.now() - asked), own.signal);
        last = answer.status;
      } catch (error) {
        if (own.signal.aborted) return;
        failures++;
        trouble(failures > 1);
        await pause(backOff(failures), own.signal);
      }
    }
  }

  return {
    start() {
      if (running) return;
      running = new AbortController();
      loop(running);
    },
    stop() {
      running?.abort();
      running = null;
    },
  };
}

/**
 * Asks for another QR of the same attempt.
 *
 * @returns {Promise<{qr?: {path: string, size: number, url?: string}, expires_in?: number}>}
 *          without qr when the attempt is over
 */
export function renew(settings, signal) {
  return call(settings, "/wwlogin/sso/renew", { webKey: settings.web_key }, signal);
}

/**
 * Asks for the key with which a desktop client takes the sign-in over.
 *
 * @returns {Promise<{client_key?: string, expires_in?: number}>} without client_key when it is
 *          too late
 */
export function clientKey(settings, signal) {
  return call(settings, "/wwlogin/sso/desktop", { webKey: settings.web_key }, signal);
}

async function call(settings, address, body, signal) {
  const own = new AbortController();
  const end = () => own.abort();
  const late = setTimeout(end, HELD_AT_MOST);
  signal?.addEventListener("abort", end);
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "Authorization": settings.sessionSignature, "Content-Type": "application/json" },
      body: JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: own.signal,
    });
    const { data } = await response.json();
    if (!response.ok || typeof data !== "object" || data === null) throw new Error(`answer ${response.status}`);
    return data;
  } finally {
    clearTimeout(late);
    signal?.removeEventListener("abort", end);
  }
}

function pollQuery() {
  const lang = document.documentElement.lang.startsWith("en") ? "en_US" : "zh_CN";
  return `?lang=${lang}&ajax=1&f=json&random=${Math.floor(100_000 + Math.random() * 900_000)}`;
}

/** 1, 2, 4, 8, 15 s, each shortened by up to a quarter so that pages do not return in step. */
function backOff(failures) {
  return Math.min(BACK_OFF_MOST, 1000 * 2 ** (failures - 1)) * (1 - Math.random() / 4);
}

/** Resolves after that many milliseconds, or at once when stopped. */
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    if (milliseconds <= 0 || signal.aborted) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
