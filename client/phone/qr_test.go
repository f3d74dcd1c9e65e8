package phone

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestOldQRCode: the address in an old page's QR code is followed once, to the page of its own
// key at its own platform, and nowhere else.
func TestOldQRCode(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		location func(self string) string
		wants    string // part of the error; empty: the page is reached
	}{
		"the page":              {func(string) string { return "/q/KEY?hl=zh" }, ""},
		"whole address":         {func(self string) string { return self + "/q/KEY" }, ""},
		"another key":           {func(string) string { return "/q/OTHER" }, "elsewhere"},
		"another page":          {func(string) string { return "/phone" }, "elsewhere"},
		"another host":          {func(string) string { return "http://evil.example/q/KEY" }, "elsewhere"},
		"another scheme":        {func(self string) string { return strings.Replace(self, "http", "https", 1) + "/q/KEY" }, "elsewhere"},
		"no host":               {func(string) string { return "javascript:/q/KEY" }, "elsewhere"},
		"with a user":           {func(self string) string { return strings.Replace(self, "//", "//u@", 1) + "/q/KEY" }, "elsewhere"},
		"nowhere":               {func(string) string { return "" }, "Not here No such page"},
		"beneath a tricky name": {func(self string) string { return strings.Replace(self, "127", "7", 1) + "/q/KEY" }, "elsewhere"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(nil)
			server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Cookie") != "" || r.Method != http.MethodGet {
					t.Errorf("%s with cookies %q", r.Method, r.Header.Get("Cookie"))
				}
				if to := row.location("http://" + r.Host); to != "" {
					w.Header().Set("Location", to)
					w.WriteHeader(http.StatusSeeOther)
					return
				}
				w.WriteHeader(http.StatusNotFound)
				io.WriteString(w, `{"error":"x","title":"Not here","why":"No such page"}`)
			})
			server.Start()
			t.Cleanup(server.Close)
			c, path, err := atQR(t.Context(), server.URL+"/wwopen/sso/confirm2?k=KEY&notretry=yes")
			if row.wants == "" {
				if err != nil || path != "/q/KEY" || "http://"+c.origin.Host != server.URL {
					t.Errorf("got %q, %v", path, err)
				}
			} else if err == nil || !strings.Contains(err.Error(), row.wants) || strings.Contains(err.Error(), "KEY") {
				t.Errorf("got %q, %v", path, err)
			}
		})
	}
}

// TestOldQRCodeOfFourOrigins: outside the sandbox the login page has a name beneath the phone's.
func TestOldQRCodeOfFourOrigins(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		from, to string
		good     bool
	}{
		{"https://login.sso.example", "https://sso.example", true},
		{"http://login.localhost:8790", "http://localhost:8790", true},
		{"https://login.sso.example", "https://other.example", false},
		{"https://login.sso.example", "http://sso.example", false},
		{"https://evilsso.example", "https://sso.example", false},
		{"https://sso.example", "https://phone.sso.example", false},
		{"http://login.localhost:8790", "http://localhost:8791", false},
	} {
		from, err := url.Parse(row.from)
		if err != nil {
			t.Fatal(err)
		}
		to, err := url.Parse(row.to + "/q/KEY")
		if err != nil {
			t.Fatal(err)
		}
		if got := pageOf(from, to, "KEY"); got != row.good {
			t.Errorf("%s to %s: %v", row.from, row.to, got)
		}
	}
}

// TestNamesUnderLocalhost is the QR code of an old page on a platform of one machine.
func TestNamesUnderLocalhost(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://"+strings.TrimPrefix(r.Host, "login.")+"/q/KEY", http.StatusSeeOther)
	}))
	t.Cleanup(server.Close)
	_, port, _ := strings.Cut(strings.TrimPrefix(server.URL, "http://"), ":")
	c, path, err := atQR(t.Context(), "http://login.localhost:"+port+"/wwopen/sso/confirm2?k=KEY")
	if err != nil || path != "/q/KEY" || c.origin.Host != "localhost:"+port {
		t.Errorf("%q, %v", path, err)
	}
}
