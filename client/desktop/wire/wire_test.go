package wire_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/client/desktop/keep"
	"github.com/hufu-sso/hufu/client/desktop/wire"
	"github.com/hufu-sso/hufu/protocol"
)

func device(t *testing.T) keep.Device {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return keep.Device{Key: key, ID: "77"}
}

// at is a client of a server that answers as it is told.
func at(t *testing.T, answer http.HandlerFunc) (*wire.Client, string) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return wire.New(server.URL, "en", http.DefaultTransport, time.Now), server.URL
}

// failing answers a failure.
func failing(w http.ResponseWriter, status int, f protocol.DesktopFailure) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(f); err != nil {
		panic(err)
	}
}

// TestSigned verifies a call and a statement as a platform does.
func TestSigned(t *testing.T) {
	t.Parallel()
	d := device(t)
	nonces := map[string]bool{}
	origin := ""
	c, origin := at(t, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		when, err := strconv.ParseInt(r.Header.Get(protocol.HeaderTime), 10, 64)
		if err != nil || time.Since(time.UnixMilli(when)).Abs() > time.Minute {
			t.Errorf("time %d, %v", when, err)
		}
		call := protocol.DesktopCall{Platform: origin, Method: "POST", Path: r.URL.Path, Time: when, Nonce: r.Header.Get(protocol.HeaderNonce), Body: body}
		public := d.Key.Public().(ed25519.PublicKey)
		signature, err := protocol.DesktopEncoding.DecodeString(r.Header.Get(protocol.HeaderSignature))
		if err != nil || !ed25519.Verify(public, call.Bytes(), signature) || r.Header.Get(protocol.HeaderDevice) != "77" {
			t.Errorf("%s is not signed", r.URL.Path)
		}
		if raw, err := protocol.DesktopEncoding.DecodeString(call.Nonce); err != nil || len(raw) != 16 || nonces[call.Nonce] {
			t.Errorf("nonce %q", call.Nonce)
		}
		nonces[call.Nonce] = true
		if len(r.Cookies()) > 0 || r.Header.Get("Authorization") != "" || r.URL.RawQuery != "" {
			t.Errorf("bears %v", r.Header)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		if r.URL.Path == protocol.PathDesktopDecide {
			var in protocol.DesktopDecide
			if err := json.Unmarshal(body, &in); err != nil {
				t.Error(err)
			}
			s := protocol.DesktopStatement{Platform: origin, Attempt: "the-attempt", ClientKey: "the-key", App: "the-app",
				RedirectOrigin: "https://site.example", As: "7", Decision: "confirm", Time: when}
			signature, err := protocol.DesktopEncoding.DecodeString(in.StatementSignature)
			if err != nil || !ed25519.Verify(public, s.Bytes(), signature) || in.Number != "42" || in.As != "7" || in.ClientKey != "the-key" {
				t.Errorf("statement of %+v", in)
			}
			fmt.Fprint(w, `{"outcome":"confirmed"}`)
			return
		}
		fmt.Fprint(w, `{"person":"a","login_origins":["https://login.example","null","*","https://login.example/path","","http://LOGIN.example"]}`)
	})
	for range 2 {
		s, err := c.State(t.Context(), d)
		if err != nil || len(s.LoginOrigins) != 1 || s.LoginOrigins[0] != "https://login.example" {
			t.Errorf("%+v, %v", s, err)
		}
	}
	outcome, err := c.Decide(t.Context(), d, wire.Decision{ClientKey: "the-key", Decision: "confirm", As: "7", Number: "42",
		Claimed: protocol.DesktopClaimed{Attempt: "the-attempt", App: "the-app", RedirectOrigin: "https://site.example"}})
	if err != nil || outcome != "confirmed" {
		t.Errorf("%q, %v", outcome, err)
	}
}

// TestHostile has servers that are not what they should be.
func TestHostile(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("%s %s was led here", r.Method, r.URL.Path)
	}))
	t.Cleanup(elsewhere.Close)
	for name, answer := range map[string]http.HandlerFunc{
		"no platform": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>") },
		"HTML that is JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `{"person":"a"}`)
		},
		"a list": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `[]`)
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		},
		"without end": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"person":"`+strings.Repeat("a", 2<<20)+`"}`)
		},
		"busy":     func(w http.ResponseWriter, _ *http.Request) { failing(w, 503, protocol.DesktopFailure{Reason: "busy"}) },
		"no words": func(w http.ResponseWriter, _ *http.Request) { failing(w, 403, protocol.DesktopFailure{}) },
		"hangs up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := at(t, answer)
			_, err := c.State(t.Context(), device(t))
			if err == nil || wire.Reason(err) != "" {
				t.Errorf("%v", err)
			}
			if _, busy := errors.AsType[*wire.Refused](err); !busy && !errors.Is(err, wire.ErrUnreachable) {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestEnrolElsewhere has a platform whose name is another, or another's.
func TestEnrolElsewhere(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		platform, url string
		elsewhere     bool
	}{
		"another platform":      {"https://id.example.com", "https://id.example.com/q/abc", true},
		"no origin":             {"x\x1b[2J", "https://id.example.com/q/abc", true},
		"another's QR code":     {"", "https://id.example.com/q/abc", false},
		"a QR code's beginning": {"", "/q/abc", false},
	} {
		origin := ""
		c, origin := at(t, func(w http.ResponseWriter, _ *http.Request) {
			e := protocol.DesktopEnrolled{Platform: row.platform, URL: row.url, WebKey: "w", Signature: "Bearer secret", ExpiresIn: 300}
			if e.Platform == "" {
				e.Platform = origin
			}
			w.Header().Set("Content-Type", "application/json")
			if err := json.NewEncoder(w).Encode(e); err != nil {
				t.Error(err)
			}
		})
		_, err := c.Enrol(t.Context(), device(t).Key, "desk")
		if err == nil || errors.Is(err, wire.ErrElsewhere) != row.elsewhere || strings.ContainsAny(err.Error(), "\x1b") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"desk · Linux": "desk · Linux", " a\x1b\u202eb\n": "ab", "": "computer", "\x00": "computer", "\xff": "computer",
		strings.Repeat("桌", 40): strings.Repeat("桌", 26)} {
		c, _ := at(t, func(w http.ResponseWriter, r *http.Request) {
			var in protocol.DesktopEnrol
			if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.Name != want {
				t.Errorf("%q was sent as %q, %v", name, in.Name, err)
			}
			failing(w, 429, protocol.DesktopFailure{Reason: "too_many"})
		})
		if _, err := c.Enrol(t.Context(), device(t).Key, name); wire.Reason(err) != protocol.DesktopTooMany {
			t.Error(err)
		}
	}
	if name := wire.MachineName(); !strings.Contains(name, " · ") {
		t.Errorf("%q", name)
	}
}

// TestClock signs again when the clocks differ, and once only.
func TestClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{time.Hour, -time.Hour, 3 * time.Minute, 10 * time.Second} {
		calls := 0
		c, _ := at(t, func(w http.ResponseWriter, r *http.Request) {
			calls++
			failing(w, 401, protocol.DesktopFailure{Reason: "unsigned", Time: time.Now().Add(ahead).UnixMilli()})
			when, err := strconv.ParseInt(r.Header.Get(protocol.HeaderTime), 10, 64)
			if err != nil || calls == 2 && time.Until(time.UnixMilli(when).Add(-ahead)).Abs() > 5*time.Second {
				t.Errorf("%s: call %d at %d, %v", ahead, calls, when, err)
			}
		})
		if _, err := c.State(t.Context(), device(t)); wire.Reason(err) != protocol.DesktopUnsigned {
			t.Error(err)
		}
		if want := map[bool]int{true: 1, false: 2}[ahead == 10*time.Second]; calls != want {
			t.Errorf("%s: %d calls", ahead, calls)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{"": 0, "30": 30 * time.Second, "100000000000": 10 * time.Minute, "-1": 0, "soon": 0} {
		c, _ := at(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			failing(w, 429, protocol.DesktopFailure{Reason: "too_many"})
		})
		if _, err := c.State(t.Context(), device(t)); wire.RetryAfter(err) != want {
			t.Errorf("%q: %v", header, wire.RetryAfter(err))
		}
	}
}

func TestPlatform(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"https://id.example.com": "https://id.example.com", " HTTPS://ID.example.com:443/ ": "https://id.example.com",
		"http://localhost:8790": "http://localhost:8790", "http://127.0.0.1:80": "http://127.0.0.1", "http://[::1]:8790/": "http://[::1]:8790",
		"http://id.example.com": "", "http://localhost.example.com": "", "https://id.example.com/a": "", "https://a@id.example.com": "", "//id.example.com": ""} {
		if got, err := wire.ParsePlatform(address); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", address, got, err)
		}
	}
}
