/**
 * Where a finished sign-in goes. The code leaves this page in two ways only:
 * in a navigation to the checked redirect address, or in a message addressed to
 * that address's origin.
 */

import * as page from "./page.js";

const GONE_WITHIN = 3000; // milliseconds in which a navigation has begun, or was blocked

/**
 * The address that the server made, code and state included, if it is one that
 * may be gone to; else "".
 */
export function destination(answer, settings) {
  try {
    const address = new URL(answer.redirect_url);
    const web = address.protocol === "https:" || address.protocol === "http:";
    return web && address.origin === settings.target_origin ? address.href : "";
  } catch {
    return "";
  }
}

/** The member confirmed. */
export async function succeed(answer, settings, host) {
  const address = destination(answer, settings);
  page.setContinue(address);
  page.show("done");
  if (host.framed && settings.redirect_type === "callback") {
    const heard = await host.deliver({
      code: answer.auth_code,
      state: settings.state,
      appid: settings.appid,
      expires_in: answer.code_expires_in,
    });
    if (!heard) page.show("blocked");
  } else if (!host.framed || settings.redirect_type === "self") {
    go(() => location.replace(address));
  } else {
    go(() => (window.top.location.href = address));
  }
}

/** The member refused. Un-framed, the site learns it as the absence of a code. */
export function refuse(answer, settings, host) {
  page.show("refused");
  const address = destination(answer, settings);
  if (!host.framed && address) location.replace(address);
}

/**
 * Navigates. A browser that forbids a frame to move the top window (another
 * origin, no click) throws or does nothing; either way a link remains, for
 * after a click it is allowed.
 */
function go(navigate) {
  try {
    navigate();
    setTimeout(() => page.show("blocked"), GONE_WITHIN);
  } catch {
    page.show("blocked");
  }
}
