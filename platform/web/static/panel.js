/**
 * ww.createWWLoginPanel, ours: the contract of the published @wecom/jssdk 2.4
 * for the login panel, in one small script and without the rest of it.
 *
 *   <div id="login"></div>
 *   <script src="https://login.example.com/wwlogin/panel.js"></script>
 *   <script>
 *     const panel = ww.createWWLoginPanel({
 *       el: "#login",
 *       params: { login_type: "ServiceApp", appid, redirect_uri, state, redirect_type: "callback" },
 *       onLoginSuccess: ({ code, state }) => …,
 *       onLoginFail: ({ errCode, errMsg }) => …,
 *     });
 *   </script>
 *
 * The panel is that of the host this script was loaded from.
 */
(() => {
  "use strict";

  const script = document.currentScript;
  if (!script || !script.src) throw new Error("panel.js must be loaded by a plain script element with src");
  const host = new URL(script.src).origin;

  const PREFIX = "ww-iframe-handle:";
  const SIZES = { middle: [480, 416], small: [320, 380] };

  /**
   * @typedef {object} Options
   * @property {string|Element} [el] where the panel is appended; without it, put `el` of the result somewhere yourself
   * @property {Params} params
   * @property {(event: {isWeComLogin: boolean}) => void} [onCheckWeComLogin] is a desktop client signed in on
   *           this machine; once the panel knows, and again when that changes. false also where the browser
   *           has not granted it to look: the panel then looks when the person presses its button
   * @property {(event: {code: string, state: string, appid: string, expires_in: number}) => void} [onLoginSuccess]
   *           with redirect_type "callback" only
   * @property {(event: {errCode: number, errMsg: string}) => void} [onLoginFail]
   * @property {() => void} [onOpenInWecom] a desktop client shows the sign-in to its person, who goes on there
   * @property {() => void} [onReady] the panel is there; never called means that the page could not be framed
   * @property {() => void} [onScanned] by a phone
   * @property {() => void} [onCancel] refused, on the phone or in the desktop client
   * @property {() => void} [onQRCodeExpired]
   */

  /**
   * Every key becomes a query parameter of the login link.
   *
   * @typedef {object} Params
   * @property {"ServiceApp"|"CorpApp"} [login_type]
   * @property {string} appid
   * @property {string|number} [agentid] for CorpApp
   * @property {string} redirect_uri as it is, not encoded
   * @property {string} [state]
   * @property {"top"|"callback"|"self"} [redirect_type] "top" when absent
   * @property {"middle"|"small"} [panel_size] 480 by 416 pixels when absent, or 320 by 380
   * @property {"zh"|"en"} [lang]
   * @property {"light"|"dark"|"auto"} [color_scheme]
   * @property {0|1} [fast_login] 0: no quick login by a desktop client
   */

  /**
   * Puts a login panel into the page.
   *
   * @param {Options} options
   * @returns {{el: HTMLIFrameElement, unmount: () => void}}
   */
  function createWWLoginPanel(options) {
    const params = options.params || {};
    const frame = document.createElement("iframe");
    // The panel learns from the referrer whose page it is in.
    frame.referrerPolicy = "origin";
    // Quick login asks a desktop client on this machine; browsers keep frames from that
    // unless their page hands the right on. Newer ones read this as loopback-network too.
    frame.allow = "local-network-access";
    if (mayNotLeave(params)) {
      // A sandbox that allows it is how a page lets a frame of another origin
      // move the top window without a click.
      frame.setAttribute(
        "sandbox",
        "allow-top-navigation allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox",
      );
    }
    const [width, height] = (Object.hasOwn(SIZES, params.panel_size) && SIZES[params.panel_size]) || SIZES.middle;
    Object.assign(frame.style, {
      display: "block", border: "none", background: "transparent", width: `${width}px`, height: `${height}px`,
    });

    let ready = false;
    const listen = (event) => {
      if (event.origin !== host || event.source === null || event.source !== frame.contentWindow) return;
      const message = read(event.data);
      if (message.type === `${PREFIX}ready`) ready = true;
      if (message.type === `${PREFIX}call`) {
        run(options, message.args);
        if (message.uid) send(frame, { type: `${PREFIX}response`, uid: message.uid, kind: "resolve" });
      }
    };
    window.addEventListener("message", listen);
    frame.addEventListener("load", () => ready || send(frame, { type: `${PREFIX}init` }));

    const link = new URL("/wwlogin/sso/login", host);
    for (const [name, value] of Object.entries(params)) {
      if (value !== undefined && value !== null) link.searchParams.set(name, value);
    }
    link.searchParams.set("version", "hufu");
    frame.src = link.href;
    const place = typeof options.el === "string" ? document.querySelector(options.el) : options.el;
    if (place) place.appendChild(frame);

    return {
      el: frame,
      unmount() {
        window.removeEventListener("message", listen);
        frame.remove();
      },
    };
  }

  /** Calls the option of that name; what it throws is its author's to see and stops nothing here. */
  function run(options, args) {
    if (!args || args.type !== "call" || !Object.hasOwn(options, args.name)) return;
    const callback = options[args.name];
    if (typeof callback !== "function") return;
    try {
      Promise.resolve(callback(args.payload)).catch(report);
    } catch (error) {
      report(error);
    }
  }

  function report(error) {
    console.error("[hufu]", error);
  }

  function send(frame, message) {
    if (frame.contentWindow) frame.contentWindow.postMessage(JSON.stringify(message), host);
  }

  function read(data) {
    try {
      return (typeof data === "string" ? JSON.parse(data) : data) || {};
    } catch {
      return {};
    }
  }

  /** Would a browser stop the panel from moving the top window to the redirect address? */
  function mayNotLeave({ redirect_type: type, redirect_uri: address }) {
    if (type === "callback" || type === "self") return false;
    return origin(address) !== topOrigin();
  }

  function topOrigin() {
    try {
      return window.top.origin;
    } catch {
      return origin(document.referrer);
    }
  }

  function origin(address) {
    try {
      return new URL(address).origin;
    } catch {
      return "";
    }
  }

  window.ww = Object.assign(window.ww || {}, {
    createWWLoginPanel,
    WWLoginType: { serviceApp: "ServiceApp", corpApp: "CorpApp" },
    WWLoginLangType: { zh: "zh", en: "en" },
    WWLoginRedirectType: { top: "top", callback: "callback", self: "self" },
    WWLoginPanelSizeType: { middle: "middle", small: "small" },
  });
})();
