// The script of a site's sign-in pages. What a page writes:
//
//   <script type="module" src="/login/login.js"></script>
//
//   <a href="/login?return=/me" data-hufu-window>…</a>
//     opens the sign-in in a window of its own; a blocked window becomes an
//     ordinary link. When the sign-in is done, this page goes on to "return".
//
//   <script src="https://LOGIN/wwlogin/panel.js"></script>
//   <div data-hufu-panel="/login/panel?redirect_type=callback&return=/me"></div>
//     puts the panel into the element, the small one where there is no room for
//     the other (or as panel_size in the address says). The element then fires hufu-ready,
//     hufu-busy and hufu-fail ({reason, title, text}); they bubble.
//
//     A browser that cannot use a panel, because it is a phone's or inside the
//     client, leaves for the page that it can use.
//
//   <p data-hufu-done="/me">
//     marks the page on which a sign-in in its own window ends.
//
//   <button data-hufu-copy="ID" data-done="…" hidden>…</button>
//     copies the value of the field with that id, and then says so.
//
//   <a href="…" data-hufu-go>…</a>
//     is followed at once, and leaves no page behind to come Back to.

const channelName = "hufu-login";
const doneMessage = "hufu-login-done";

// onDone calls back once when a window of this site says that its sign-in is
// done. Three ways lead here, because a login page may cut the tie between a
// window and its opener. None carries more than that it happened.
function onDone(back) {
  let called = false;
  const once = () => {
    if (!called) {
      called = true;
      back();
    }
  };
  if ("BroadcastChannel" in window) {
    new BroadcastChannel(channelName).addEventListener("message", (event) => {
      if (event.data === doneMessage) once();
    });
  }
  window.addEventListener("storage", (event) => {
    if (event.key === channelName && event.newValue) once();
  });
  window.addEventListener("message", (event) => {
    if (event.origin === location.origin && event.data === doneMessage) once();
  });
}

function tellDone() {
  if ("BroadcastChannel" in window) {
    const channel = new BroadcastChannel(channelName);
    channel.postMessage(doneMessage);
    channel.close();
  }
  try {
    localStorage.setItem(channelName, String(Date.now()));
    localStorage.removeItem(channelName);
  } catch {
    // Storage may be switched off; the other ways remain.
  }
  if (window.opener) window.opener.postMessage(doneMessage, location.origin);
}

function ownURL(text) {
  const url = new URL(text || "/", location.href);
  return url.origin === location.origin ? url : new URL("/", location.href);
}

let waiting = false;
let next = "/";

function openWindow(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const url = ownURL(event.currentTarget.getAttribute("href"));
  next = ownURL(url.searchParams.get("return")).href;
  const link = new URL(url);
  link.searchParams.set("window", "1");
  const width = 520;
  const height = 680;
  const left = Math.max(0, Math.round(window.screenX + (window.outerWidth - width) / 2));
  const top = Math.max(0, Math.round(window.screenY + (window.outerHeight - height) / 2));
  const opened = window.open(link, channelName, `popup,width=${width},height=${height},left=${left},top=${top}`);
  if (!opened) return; // blocked: the link does its ordinary work
  event.preventDefault();
  opened.focus();
  if (waiting) return;
  waiting = true;
  onDone(() => location.assign(next));
}

function say(element, name, detail) {
  element.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
}

async function finish(element, path, code, state) {
  say(element, "hufu-busy");
  let response;
  let answer;
  try {
    const url = ownURL(path);
    url.searchParams.set("lang", document.documentElement.lang.startsWith("en") ? "en" : "zh");
    response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code, state }),
    });
    answer = await response.json();
  } catch {
    say(element, "hufu-fail", { reason: "unavailable", title: "", text: "" });
    return;
  }
  if (response.ok) location.assign(ownURL(answer.location));
  else say(element, "hufu-fail", answer);
}

async function mountPanel(element) {
  let begun;
  try {
    const url = ownURL(element.dataset.hufuPanel);
    if (element.clientWidth < 480 && !url.searchParams.has("panel_size")) url.searchParams.set("panel_size", "small");
    const response = await fetch(url);
    begun = await response.json();
    if (!response.ok || (!begun.location && !window.ww)) throw new Error("no panel");
  } catch {
    say(element, "hufu-fail", { reason: "unavailable", title: "", text: "" });
    return;
  }
  if (begun.location) {
    location.replace(ownURL(begun.location));
    return;
  }
  element.replaceChildren();
  window.ww.createWWLoginPanel({
    el: element,
    params: begun.params,
    onLoginSuccess: ({ code }) => {
      finish(element, begun.finish, code, begun.params.state);
    },
    onLoginFail: (failure) => {
      say(element, "hufu-fail", { reason: "panel", title: "", text: "", code: failure && failure.errCode });
    },
  });
  // Screen readers announce a frame by its title; the panel's script gives it none.
  for (const frame of element.querySelectorAll("iframe")) frame.title ||= document.title;
  say(element, "hufu-ready");
}

async function copyField(event) {
  const button = event.currentTarget;
  const field = document.getElementById(button.dataset.hufuCopy);
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Over http, and in some browsers inside apps, only the old way is there.
    field.select();
    if (!document.execCommand("copy")) return; // selected: the person can copy it
  }
  button.textContent = button.dataset.done;
}

for (const button of document.querySelectorAll("[data-hufu-copy]")) {
  button.hidden = false;
  button.addEventListener("click", copyField);
}
for (const link of document.querySelectorAll("[data-hufu-go]")) location.replace(link.href);
for (const link of document.querySelectorAll("[data-hufu-window]")) link.addEventListener("click", openWindow);
for (const element of document.querySelectorAll("[data-hufu-panel]")) mountPanel(element);
if (document.querySelector("[data-hufu-done]")) {
  tellDone();
  window.close();
}
