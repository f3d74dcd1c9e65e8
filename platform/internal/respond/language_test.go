package respond_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

func TestLang(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ query, accept, want string }{
		{"", "", "zh"},
		{"lang=en", "zh-CN", "en"},
		{"a=1&lang=zh_CN&lang=en", "en", "zh"},
		{"lang=undefined", "en-US,en;q=0.9", "en"},
		{"lang=", "en", "en"},
		{"xlang=en", "", "zh"},
		{"lang=%00%zz", "en", "en"},
		{"", "fr, de;q=0.9", "zh"},
		{"", "en;q=0.2, zh-TW;q=0.8", "zh"},
		{"", "zh;q=0.2, EN-gb;q=0.8", "en"},
		{"", "en;q=0, zh;q=0.1", "zh"},
		{"", "en;q=nonsense", "zh"},
		{"", "english", "zh"},
		{"", strings.Repeat("fr,", 100_000) + "en", "zh"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.URL.RawQuery = c.query
		r.Header.Set("Accept-Language", c.accept)
		if got := respond.Lang(r); got != c.want {
			t.Errorf("Lang(%q, %.40q) = %s, want %s", c.query, c.accept, got, c.want)
		}
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ target, path, want string }{
		{"/", "/phone", "/phone"},
		{"/?lang=en", "/phone", "/phone?lang=en"},
		{"/?lang=en_US", "/phone?next=%2F", "/phone?next=%2F&lang=en"},
		{"/?lang=%22%3E", "/phone", "/phone"},
	} {
		if got := respond.Link(httptest.NewRequest(http.MethodGet, c.target, nil), c.path); got != c.want {
			t.Errorf("Link(%s, %s) = %s, want %s", c.target, c.path, got, c.want)
		}
	}
}
