// A whole site that members sign in to with WeCom, in Node.js without any library.
// It runs against Hufu's sandbox: node --env-file=../hufu.env server.mjs

import { createDecipheriv, createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const env = process.env;
for (const name of ["SITE", "PROVIDER_CORPID", "LOGIN_SUITE_ID", "LOGIN_SUITE_SECRET", "TOKEN", "ENCODING_AES_KEY"]) {
  if (!env[`HUFU_${name}`]) stop(`HUFU_${name} is not set; in the shell: set -a; . ./hufu.env; set +a`);
}

function stop(why) {
  console.error(why);
  process.exit(1);
}

const api = env.HUFU_API ?? "https://qyapi.weixin.qq.com"; // without the two: the real WeCom
const login = env.HUFU_LOGIN ?? "https://login.work.weixin.qq.com";
const redirectURI = `${env.HUFU_SITE}/finish`;
const secure = redirectURI.startsWith("https:") ? "; Secure" : "";
const suite = { id: env.HUFU_LOGIN_SUITE_ID, secret: env.HUFU_LOGIN_SUITE_SECRET };
const aesKey = Buffer.from(`${env.HUFU_ENCODING_AES_KEY}=`, "base64");
const ticketFile = env.TICKET_FILE ?? "suite_ticket.txt";

// 1. The instruction callback (指令回调): WeCom pushes a suite_ticket every ten minutes.

function open(query, sealed, receiver) {
  const text = [env.HUFU_TOKEN, query.get("timestamp"), query.get("nonce"), sealed].sort().join("");
  const want = createHash("sha1").update(text).digest();
  const got = Buffer.from(query.get("msg_signature") ?? "", "hex");
  if (got.length !== want.length || !timingSafeEqual(got, want)) throw new Error("signature");
  // Only the past counts: clocks differ, and the sandbox's can be moved ahead.
  if (!(Date.now() / 1000 - query.get("timestamp") <= 600)) throw new Error("too old");
  const decipher = createDecipheriv("aes-256-cbc", aesKey, aesKey.subarray(0, 16)).setAutoPadding(false);
  const plain = Buffer.concat([decipher.update(sealed, "base64"), decipher.final()]);
  const end = plain.length - plain.at(-1); // padded to 32 bytes, which Node does not do by itself
  const length = plain.readUInt32BE(16);
  if (plain.toString("utf8", 20 + length, end) !== receiver) throw new Error("receiver");
  return plain.toString("utf8", 20, 20 + length);
}

const field = (xml, name) => xml.match(new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^<\\]]*)`))?.[1];

function receive(query, body) {
  const receiver = field(body, "ToUserName"); // the suite the event is sealed for
  const event = open(query, field(body, "Encrypt"), receiver);
  if (field(event, "InfoType") === "suite_ticket" && field(event, "SuiteId") === suite.id) {
    writeFileSync(ticketFile, field(event, "SuiteTicket"), { mode: 0o600 });
  }
  return "success";
}

// 2. The server API: ticket → suite_access_token → who is behind a code.

async function call(path, body) {
  const answer = await (await fetch(api + path, body && { method: "POST", body: JSON.stringify(body) })).json();
  if (answer.errcode) throw Object.assign(new Error(`${path.split("?")[0]}: ${answer.errcode} ${answer.errmsg}`), answer);
  return answer;
}

let token = { text: "", until: 0 };

async function suiteToken() {
  if (Date.now() < token.until) return token.text;
  const answer = await call("/cgi-bin/service/get_suite_token", {
    suite_id: suite.id, suite_secret: suite.secret, suite_ticket: readFileSync(ticketFile, "utf8"),
  });
  token = { text: answer.suite_access_token, until: Date.now() + (answer.expires_in - 60) * 1000 };
  return token.text;
}

async function exchange(code) {
  const path = async () => "/cgi-bin/service/auth/getuserinfo3rd?" +
    new URLSearchParams({ suite_access_token: await suiteToken(), code });
  let who;
  try {
    who = await call(await path());
  } catch (error) {
    if (![40014, 40082, 42001, 42009].includes(error.errcode)) throw error;
    token.until = 0; // the token was withdrawn; the code is not spent by that
    who = await call(await path());
  }
  if (!who.corpid || !who.userid) throw new Error("a person in no company");
  return who;
}

// 3. The sign-in: a state bound to this browser, the login page, the code.

const sessions = new Map(); // id → who; a real site keeps them longer than its process lives
const cookie = (request, name) => request.headers.cookie?.match(new RegExp(`(?:^|; )${name}=([^;]*)`))?.[1];
const setCookie = (name, value, age) => `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`;

function begin(response) {
  const state = randomBytes(16).toString("hex");
  const query = new URLSearchParams({
    login_type: "ServiceApp", appid: suite.id, redirect_uri: redirectURI, state,
  });
  response.writeHead(303, { Location: `${login}/wwlogin/sso/login?${query}`, "Set-Cookie": setCookie("state", state, 3600) });
  response.end();
}

async function finish(request, response, query) {
  const state = cookie(request, "state");
  if (!state || query.get("state") !== state) return page(response, 403, "This sign-in began in another browser.");
  if (!query.get("code")) return page(response, 200, "The sign-in was refused on the phone.");
  const id = randomBytes(32).toString("hex");
  sessions.set(id, await exchange(query.get("code")));
  response.writeHead(303, { Location: "/", "Set-Cookie": [setCookie("session", id, 43200), setCookie("state", "", 0)] });
  response.end();
}

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

function page(response, status, text) {
  response.writeHead(status, { "Content-Type": "text/html; charset=utf-8" });
  response.end(`<!doctype html><title>Site</title><p>${escape(text)}</p><p><a href="/login">Sign in with WeCom</a></p>`);
}

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, env.HUFU_SITE);
  try {
    if (pathname === "/callback" && request.method === "GET") {
      response.end(open(searchParams, searchParams.get("echostr"), env.HUFU_PROVIDER_CORPID));
    } else if (pathname === "/callback") {
      request.setEncoding("utf8");
      let body = "";
      for await (const part of request) if ((body += part).length > 1 << 20) throw new Error("too long");
      response.end(receive(searchParams, body));
    } else if (pathname === "/login") begin(response);
    else if (pathname === "/finish") await finish(request, response, searchParams);
    else {
      const who = sessions.get(cookie(request, "session"));
      page(response, 200, who ? `Signed in: ${who.corpid} ${who.userid}` : "Nobody is signed in.");
    }
  } catch (error) {
    console.error(error.message);
    if (!response.headersSent) page(response, pathname === "/callback" ? 403 : 502, "That did not work; the log says why.");
  }
}).on("error", (error) => stop(error.message)).listen(new URL(env.HUFU_SITE).port || 3000, "localhost", () => console.log(`listening: ${env.HUFU_SITE}`));
