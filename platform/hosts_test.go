package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
)

// A sandbox's pages answer under names that cannot be a stranger's; the API, whose callers
// bear secrets, under any.
func TestRebindingName(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	_, port, _ := strings.Cut(p.Addr().String(), ":")
	for _, c := range []struct {
		host, path string
		want       int
	}{
		{"evil.example:" + port, "/phone/sign-in", http.StatusForbidden},
		{"evil.example", "/wwlogin/sso/login", http.StatusForbidden},
		{"127.0.0.1.evil.example:" + port, "/phone/sign-in", http.StatusForbidden},
		{"localhost.evil.example", "/phone/sign-in", http.StatusForbidden},
		{"localhost:" + port, "/phone/sign-in", http.StatusOK},
		{"127.0.0.1:" + port, "/phone/sign-in", http.StatusOK},
		{"[::1]:" + port, "/phone/sign-in", http.StatusOK},
		{"hufu:" + port, "/phone/sign-in", http.StatusOK},
		{"hufu.test", "/phone/sign-in", http.StatusOK},
		{"login.work.weixin.qq.com", "/phone/sign-in", http.StatusOK},
		{"evil.example", "/cgi-bin/gettoken", http.StatusOK},
	} {
		r, err := http.NewRequest("GET", p.URL()+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = c.host
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%s at %s: %d, want %d", c.path, c.host, resp.StatusCode, c.want)
		}
	}
}
