package console

import "testing"

// A return address is one of the consoles' pages, or the list of them.
func TestCleanNext(t *testing.T) {
	t.Parallel()
	for _, next := range []string{"/operator", "/operator/corps/new", "/admin/ww0123456789abcdef/contacts?q=%E6%9E%97&lang=en",
		"/provider/ww0123456789abcdef", "/3rdapp/install?suite_id=ww1&redirect_uri=https%3A%2F%2Fa.example%2Fx&state=1"} {
		if got := cleanNext(next); got != next {
			t.Errorf("%q became %q", next, got)
		}
	}
	for _, next := range []string{"", "/", "//evil.example", "https://evil.example/admin/", "/admin/../..//evil.example", "/admin//evil.example",
		"/admin/\\evil.example", "/\\evil.example", "/admin/%2e%2e/x", "/phone", "/console/sign-in", "/adminx", "/admin/a?x=\r\nSet-Cookie: a=b",
		"/admin/a?x=\t", "/operator@evil.example", "/3rdapp/installer", "/admin/a#b"} {
		if got := cleanNext(next); got != "/console" {
			t.Errorf("%q became %q", next, got)
		}
	}
}
