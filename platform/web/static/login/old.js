/**
 * The old login pages, 3rd_qrConnect and qrConnect: the sign-in of login.js in
 * a document that the script wwLogin puts into a frame. That script hears one
 * message, a bare address; its oldest version goes to whatever it is told. So
 * nothing but the result is ever posted from here.
 */

import { Parent } from "./old-parent.js";
import { destination } from "./deliver.js";
import { Desktop } from "./desktop.js";
import { Fresh } from "./fresh.js";
import * as page from "./page.js";
import { preparePhoneLink } from "./phonelink.js";
import { follow } from "./wait.js";

const GONE_WITHIN = 3000; // milliseconds in which a navigation has begun, or was blocked

const settings = JSON.parse(document.getElementById("settings").textContent);
if (settings.web_key) signIn();

function signIn() {
  const parent = new Parent(settings.target_origin);
  let over = false; // nothing more will come of this document
  let scanned = false; // somebody holds the QR: it needs no other one

  const waiting = follow(settings, { changed, trouble: (yes) => page.mark("trouble", yes) });
  const fresh = new Fresh(settings, {
    renewing: () => page.mark("stale", true),
    renewed: (qr) => {
      page.drawQR(qr);
      page.mark("stale", false);
      if (page.state() === "expired") page.show("waiting");
      waiting.start();
    },
    lapsed: () => {
      waiting.stop();
      page.mark("stale", false);
      page.show("expired");
    },
    ended: () => end(() => page.show("expired")),
    unseen: () => waiting.stop(),
  });
  // The old script has no word for it: nobody but the person is told of a desktop client.
  const desktop = new Desktop(settings, { shows: (way) => page.showQuick(way), checked() {}, opened() {} });

  preparePhoneLink();
  page.onPress("again", () => (over ? location.reload() : fresh.renew()));
  page.onPress("help", () => page.toggleHelp());
  page.onPress("desktop", () => desktop.press());
  page.onPress("other", () => location.reload());
  waiting.start();
  fresh.start();
  desktop.start();

  window.addEventListener("pagehide", () => {
    waiting.stop();
    fresh.stop();
    desktop.stop();
  });
  // Back to a page that the browser kept: a finished one begins anew.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (over) return location.reload();
    waiting.start();
    if (scanned) return;
    fresh.start();
    desktop.start();
  });

  function changed(answer) {
    scanned = answer.status === "QRCODE_SCAN_ING";
    page.mark("by-desktop", answer.desktop === true);
    switch (answer.status) {
      case "QRCODE_SCAN_NEVER":
        page.show("waiting");
        fresh.start();
        desktop.start();
        break;
      case "QRCODE_SCAN_ING":
        fresh.stop();
        desktop.stop();
        if (answer.desktop) page.showDesktop(answer);
        else page.showMember(answer);
        break;
      case "QRCODE_SCAN_SUCC":
        if (!answer.auth_code || !destination(answer, settings)) throw new Error("confirmed without a code");
        end(() => succeed(destination(answer, settings)));
        break;
      case "QRCODE_SCAN_FAIL":
        end(() => refuse(destination(answer, settings)));
        break;
      case "QRCODE_SCAN_CANCEL":
        end(() => page.show("cancelled"));
        break;
      case "QRCODE_SCAN_TIMEOUT":
        end(() => page.show("timedout"));
        break;
      case "QRCODE_SCAN_ERR":
        end(() => page.show("expired"));
        break;
      default: // a status of a newer server: the next one may be known
    }
  }

  function end(how) {
    over = true;
    waiting.stop();
    fresh.stop();
    desktop.stop();
    page.mark("stale", false);
    page.mark("trouble", false);
    how();
  }

  /**
   * The result goes to the page that asked for it, or is gone to. A browser that
   * forbids a frame to move the top window (another origin, no click) throws or
   * does nothing; either way a link remains, for after a click it is allowed.
   */
  function succeed(address) {
    page.setContinue(address);
    page.show("done");
    try {
      if (!parent.framed || settings.redirect_type === "self") location.replace(address);
      else if (!parent.answer(address)) window.top.location.href = address;
      setTimeout(() => page.show("blocked"), GONE_WITHIN);
    } catch {
      page.show("blocked");
    }
  }

  /** Un-framed, the site learns a refusal as the absence of a code. */
  function refuse(address) {
    page.show("refused");
    if (!parent.framed && address) location.replace(address);
  }
}
