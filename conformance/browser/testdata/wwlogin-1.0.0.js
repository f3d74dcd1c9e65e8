// A host script that does on the wire what wwLogin-1.0.0.js does, written for these tests from
// its contract: a function that may be called without new, parameters in a fixed order and not
// encoded, an answer taken from any origin that contains the host name.
function WwLogin(options) {
  let address = "https://open.work.weixin.qq.com/wwopen/sso/qrConnect" +
    "?appid=" + options.appid + "&agentid=" + options.agentid +
    "&redirect_uri=" + options.redirect_uri + "&state=" + options.state + "&login_type=jssdk";
  for (const name of ["style", "href"]) {
    if (options[name]) address += "&" + name + "=" + options[name];
  }

  const frame = document.createElement("iframe");
  frame.src = address;
  frame.frameBorder = "0";
  frame.allowTransparency = "true";
  frame.scrolling = "no";
  frame.width = "300px";
  frame.height = "400px";

  const box = document.getElementById(options.id);
  box.innerHTML = "";
  box.append(frame);
  frame.onload = () => {
    // Again at every load: a frame that has loaded twice is heard twice.
    window.addEventListener("message", (event) => {
      if (event.data && event.origin.includes("work.weixin.qq.com")) location.href = event.data;
    });
    frame.contentWindow.postMessage("ask_usePostMessage", "*");
  };
}
