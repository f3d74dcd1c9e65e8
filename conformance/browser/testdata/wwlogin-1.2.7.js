// A host script that does on the wire what wwLogin-1.2.7.js does, written for these tests from
// its contract: every text, number and boolean among the options, false ones too, then version
// and login_type; one listener that destroyed() removes; origins by their end.
class WwLogin {
  static paths = {
    sso: "/wwopen/sso/qrConnect", tww: "/login/wwLogin/sso/qrConnect",
    twxg: "/login/wwLogin/sso/qrConnect", native: "/native/sso/qrConnect",
  };

  static host() {
    return location.hostname.endsWith("tencent.com") ? "https://open.wecom.tencent.com" : "https://open.work.weixin.qq.com";
  }

  constructor(options) {
    const path = WwLogin.paths[options.business_type || "sso"];
    if (!path) throw new Error("unknown business_type");
    const query = [];
    for (const [name, value] of Object.entries(options)) {
      if (name !== "id" && ["string", "number", "boolean"].includes(typeof value)) query.push(name + "=" + value);
    }
    query.push("version=1.2.7", "login_type=jssdk");
    const address = WwLogin.host() + path + "?" + query.join("&");
    if (options.is_mobile) {
      location.href = address;
      return;
    }

    this.frame = document.createElement("iframe");
    this.frame.src = address;
    this.frame.frameBorder = "0";
    this.frame.allowTransparency = "true";
    this.frame.scrolling = "no";
    this.frame.width = "300px";
    this.frame.height = "400px";

    const box = document.getElementById(options.id);
    box.innerHTML = "";
    box.append(this.frame);
    this.frame.onload = () => {
      window.addEventListener("message", this.hear);
      this.frame.contentWindow.postMessage("ask_usePostMessage", "*");
    };
  }

  hear = (event) => {
    if (!["work.weixin.qq.com", "tencent.com"].some((end) => event.origin.endsWith(end))) return;
    if (typeof event.data === "string" && event.data.startsWith("http")) location.href = event.data;
  };

  destroyed() {
    window.removeEventListener("message", this.hear);
  }
}
