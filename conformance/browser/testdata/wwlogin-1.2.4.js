// A host script that does on the wire what wwLogin-1.2.4.js does, written for these tests from
// its contract: login_type first, then every option that is not falsy, then the version; only
// texts that begin with http are followed.
class WwLogin {
  static paths = { sso: "/wwopen/sso/qrConnect", tww: "/login/wwLogin/sso/qrConnect", native: "/native/sso/qrConnect" };

  constructor(options) {
    const path = WwLogin.paths[options.business_type || "sso"];
    if (!path) throw new Error("unknown business_type");
    const query = ["login_type=jssdk"];
    for (const [name, value] of Object.entries(options)) {
      if (name !== "id" && value) query.push(name + "=" + value);
    }
    const address = "https://open.work.weixin.qq.com" + path + "?" + query.join("&") + "&version=1.2.4";
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
      window.addEventListener("message", (event) => {
        if (!event.origin.includes("work.weixin.qq.com")) return;
        if (typeof event.data === "string" && event.data.startsWith("http")) location.href = event.data;
      });
      this.frame.contentWindow.postMessage("ask_usePostMessage", "*");
    };
  }
}
