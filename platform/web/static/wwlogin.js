/**
 * WwLogin: the old login page of a company's own app, in a frame of 300 by 400
 * pixels. The same contract as wwLogin-1.2.7.js; written anew, and stricter.
 *
 *   <div id="box"></div>
 *   <script src="https://LOGIN-HOST/wwopen/wwLogin.js"></script>
 *   <script>
 *     const login = new WwLogin({
 *       id: "box",                     // of the element that gets the frame; it is emptied first
 *       appid: "CORPID",
 *       agentid: "1000002",
 *       redirect_uri: encodeURIComponent("https://app.example.com/callback"),
 *       state: "…",                    // yours, unguessable, kept in the session; compare it in the callback
 *       lang: "zh",                    // or "en"
 *       style: "black",                // or "white": light text on a dark page of yours
 *       href: "",                      // your style sheet: an https address, or data:text/css;base64,…
 *       self_redirect: false,          // true: the frame itself goes to redirect_uri
 *       is_mobile: false,              // true: this page goes to the login page, no frame
 *       business_type: "sso",          // or tww, twxg, native
 *     });
 *     login.destroyed();               // takes the listener away again
 *   </script>
 *
 * The host is the one that this script was loaded from. When the member has
 * confirmed, this page goes to redirect_uri?code&state&appid: on an answer that
 * comes from our frame alone, from that host alone, and is an http(s) address.
 * The frame gives that answer only to a page on the origin of redirect_uri. On
 * another trusted origin it moves the top window itself, for which browsers ask
 * for one click.
 *
 * A page with a Content-Security-Policy needs the host in script-src and
 * frame-src. redirect_uri, href and state may come encoded, as the original
 * wants them, or plain.
 */
(function (root, make) {
  if (typeof exports === "object" && typeof module !== "undefined") module.exports = make();
  else if (typeof define === "function" && define.amd) define(make);
  else root.WwLogin = make();
})(typeof globalThis !== "undefined" ? globalThis : self, function () {
  "use strict";

  const VERSION = "1.2.7";
  const PATHS = {
    sso: "/wwopen/sso/qrConnect",
    tww: "/login/wwLogin/sso/qrConnect",
    twxg: "/login/wwLogin/sso/qrConnect",
    native: "/native/sso/qrConnect",
  };
  const HOST = document.currentScript ? new URL(document.currentScript.src).origin : "";

  class WwLogin {
    constructor(options) {
      if (!HOST) throw new Error("WwLogin: load this script with a script element of its own; where it comes from is where it signs in.");
      this.options = options;
      this.onPostMessage = (event) => this.#hear(event);
      this.#open();
    }

    /** Takes the listener away. The frame goes with its element. */
    destroyed() {
      window.removeEventListener("message", this.onPostMessage);
    }

    #open() {
      const address = addressOf(this.options);
      if (this.options.is_mobile) {
        window.location.href = address;
        return;
      }
      const box = document.getElementById(this.options.id);
      if (!box) throw new Error(`WwLogin: there is no element with the id ${this.options.id}.`);
      const frame = document.createElement("iframe");
      frame.width = "300px";
      frame.height = "400px";
      frame.frameBorder = "0";
      frame.scrolling = "no";
      frame.setAttribute("allowtransparency", "true");
      frame.style.colorScheme = this.options.style === "white" ? "dark" : "light"; // else the browser paints a ground
      frame.referrerPolicy = "origin"; // by which a refused page can say who was refused
      frame.addEventListener("load", () => frame.contentWindow?.postMessage("ask_usePostMessage", HOST));
      frame.src = address;
      this.frame = frame;
      window.addEventListener("message", this.onPostMessage);
      box.replaceChildren(frame);
    }

    #hear(event) {
      if (event.origin !== HOST || !this.frame || event.source !== this.frame.contentWindow) return;
      if (typeof event.data !== "string" || !/^https?:\/\//.test(event.data)) return;
      window.location.href = event.data;
    }
  }

  function addressOf(options) {
    const kind = options.business_type || "sso";
    const path = Object.hasOwn(PATHS, kind) && PATHS[kind];
    if (!path) throw new Error(`Argument business_type not match. Current version is ${VERSION}.`);
    const query = [];
    for (const [name, value] of Object.entries(options)) {
      if (name === "id" || !["string", "number", "boolean"].includes(typeof value)) continue;
      query.push(`${encodeURIComponent(name)}=${encoded(String(value))}`);
    }
    query.push(`version=${VERSION}`, "login_type=jssdk");
    return `${HOST}${path}?${query.join("&")}`;
  }

  /** A value for the query: one that is encoded already stays as it is. */
  function encoded(value) {
    const is = /^(?:[\w.!~*'()-]|%[0-9A-Fa-f]{2})*$/.test(value);
    return is ? value : encodeURIComponent(value);
  }

  return WwLogin;
});
