/**
 * The login page: shows a QR, waits for the member, hands the code over. The
 * same document stands alone, in a new window and in a panel; nothing here
 * needs a form, a cookie or a right that a sandboxed frame lacks.
 */

import { Desktop } from "./login/desktop.js";
import { Fresh } from "./login/fresh.js";
import { Host } from "./login/host.js";
import { destination, refuse, succeed } from "./login/deliver.js";
import * as page from "./login/page.js";
import { preparePhoneLink } from "./login/phonelink.js";
import { follow } from "./login/wait.js";

const settings = JSON.parse(document.getElementById("settings").textContent);
const host = new Host(settings);
host.start();

if (settings.error) host.tell("onLoginFail", settings.error);
else if (settings.web_key) signIn();

function signIn() {
  let over = false; // nothing more will come of this document
  let scanned = false; // somebody holds the QR: it needs no other one
  let opened = false; // a desktop client shows the sign-in

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
      host.confide("onQRCodeExpired", {});
    },
    ended: () => end(() => expire()),
    unseen: () => waiting.stop(),
  });

  const desktop = new Desktop(settings, {
    shows: (way) => page.showQuick(way),
    checked: (isWeComLogin) => host.confide("onCheckWeComLogin", { isWeComLogin }),
    opened: openedInDesktop,
  });

  host.confide("onReady", {});
  host.whenKnown(checkParent);
  warnOfBlockedJump();
  preparePhoneLink();
  page.onPress("again", () => (over ? location.reload() : fresh.renew()));
  page.onPress("help", () => page.toggleHelp());
  page.onPress("desktop", () => desktop.press());
  // Another attempt: a desktop client keeps the one that it took. Without a MessagePort
  // the host's script does not notice that the page is a new one.
  page.onPress("other", () => location.reload());
  if (!over) {
    waiting.start();
    fresh.start();
    desktop.start();
  }

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
        if (answer.desktop) {
          openedInDesktop();
          page.showDesktop(answer);
        } else {
          page.showMember(answer);
          host.confide("onScanned", {});
        }
        break;
      case "QRCODE_SCAN_SUCC":
        if (!answer.auth_code || !destination(answer, settings)) throw new Error("confirmed without a code");
        end(() => succeed(answer, settings, host));
        break;
      case "QRCODE_SCAN_FAIL":
        end(() => refuse(answer, settings, host));
        host.confide("onCancel", {});
        host.tell("onLoginFail", settings.failures.refused);
        break;
      case "QRCODE_SCAN_CANCEL":
        end(() => page.show("cancelled"));
        host.confide("onCancel", {});
        host.tell("onLoginFail", settings.failures.refused);
        break;
      case "QRCODE_SCAN_TIMEOUT":
        end(() => page.show("timedout"));
        host.tell("onLoginFail", settings.failures.expired);
        break;
      case "QRCODE_SCAN_ERR":
        end(() => expire());
        break;
      default: // a status of a newer server: the next one may be known
    }
  }

  /** Told by the desktop client, or by the platform if that is faster. */
  function openedInDesktop() {
    if (opened) return;
    opened = true;
    host.confide("onOpenInWecom");
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

  function expire() {
    page.show("expired");
    host.confide("onQRCodeExpired", {});
    host.tell("onLoginFail", settings.failures.expired);
  }

  /** A code for a host on another origin would vanish: better to say so before anybody scans. */
  function checkParent(origin) {
    if (settings.redirect_type !== "callback" || origin === settings.target_origin || over) return;
    const { errCode, errMsg } = settings.failures.untrusted;
    end(() => page.show("untrusted", { parent: origin }));
    host.tell("onLoginFail", { errCode, errMsg: `${errMsg}: ${origin}, expected ${settings.target_origin}` });
  }

  /** For the developer's console: the panel cannot know how its frame is sandboxed, but can tell when it is not. */
  function warnOfBlockedJump() {
    if (!host.framed || settings.redirect_type !== "top") return;
    if (new URLSearchParams(location.search).has("redirect_type")) return;
    host.whenKnown((origin) => {
      if (origin === settings.target_origin) return;
      console.warn(
        `redirect_type is absent and ${origin} is not ${settings.target_origin}: the browser will block the jump ` +
          "and the person must click. Pass redirect_type top, or callback.",
      );
    });
  }
}
