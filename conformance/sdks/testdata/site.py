"""A company's site on Python alone, for its corp app: python3 site.py ENV_FILE PORT."""

import json
import secrets
import sys
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

with open(sys.argv[1], encoding="utf-8") as lines:
    env = dict(line.rstrip("\n").split("=", 1) for line in lines)
PORT = int(sys.argv[2])
ORIGIN = f"http://127.0.0.1:{PORT}"
API = env.get("HUFU_API", "https://qyapi.weixin.qq.com")
LOGIN = env.get("HUFU_LOGIN", "https://login.work.weixin.qq.com")
states = set()


def call(path, **query):
    with urllib.request.urlopen(f"{API}{path}?{urllib.parse.urlencode(query)}") as answer:
        fields = json.load(answer)
    if fields["errcode"] != 0:
        raise RuntimeError(f"{path}: {fields['errcode']} {fields['errmsg']}")
    return fields


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        try:
            {"/login": self.login, "/finish": self.finish}[url.path](query)
        except (KeyError, RuntimeError) as failure:
            self.say(500, str(failure))

    def login(self, _):
        state = secrets.token_hex(16)
        states.add(state)
        link = urllib.parse.urlencode({"login_type": "CorpApp", "appid": env["HUFU_CORPID"], "agentid": env["HUFU_AGENTID"],
                                       "redirect_uri": f"{ORIGIN}/finish", "state": state})
        self.send_response(302)
        self.send_header("Location", f"{LOGIN}/wwlogin/sso/login?{link}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def finish(self, query):
        states.remove(query["state"])
        token = call("/cgi-bin/gettoken", corpid=env["HUFU_CORPID"], corpsecret=env["HUFU_CORPSECRET"])["access_token"]
        who = call("/cgi-bin/auth/getuserinfo", access_token=token, code=query["code"])
        member = call("/cgi-bin/user/get", access_token=token, userid=who["userid"])
        self.say(200, json.dumps({"userid": who["userid"], "name": member["name"]}))

    def say(self, status, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", PORT), Site)
print("listening", flush=True)
server.serve_forever()
