package phone

import (
	"strings"
	"testing"
)

// Only addresses of the phone's own are returned to, and none that a browser could read as
// another host's.
func TestCleanNext(t *testing.T) {
	t.Parallel()
	const authorize = "/connect/oauth2/authorize?"
	for _, next := range []string{"/phone/account", "/phone/account/passkey", "/phone/workbench", "/phone/assistant/ww1", "/q/abc-_9", "/phone/enrol/x",
		authorize, authorize + "appid=ww1&redirect_uri=https%3A%2F%2Fa.example%2Fcb%3Fx%3D1&response_type=code&scope=snsapi_base&state=a.b~c",
		authorize + "redirect_uri=https://a.example/cb?x=1", authorize + "state=%E5%BC%A0"} {
		if got := cleanNext(next); got != next {
			t.Errorf("%s: %s", next, got)
		}
	}
	for _, next := range []string{"", "//evil.example", "https://evil.example", `/\evil.example`, "/q/", "/q/a/b", "/q/..", "/phone/../x", "/q/a?x=1", "/q/a%2e",
		"/connect/oauth2/authorize", "/connect/oauth2/authorize/?a=1", "/connect/oauth2/authorized?a=1", "//connect/oauth2/authorize?a=1",
		"/connect/oauth2/authorize#x", "/connect/oauth2/Authorize?a=1", "https://id.example.com" + authorize + "a=1", "/../connect/oauth2/authorize?a=1",
		authorize + "a=1#wechat_redirect", authorize + "a=%", authorize + "a=%2", authorize + "a=%zz", authorize + "a=b c", authorize + "a=\r\nX: y",
		authorize + "a=\n", authorize + "a=\t", authorize + `a=\`, authorize + `a="`, authorize + "a=<", authorize + "a=张", authorize + "a=\x00",
		authorize + strings.Repeat("a", maxQuery+1)} {
		if got := cleanNext(next); got != "/phone" {
			t.Errorf("%q: %q", next, got)
		}
	}
}
