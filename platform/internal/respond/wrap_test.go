package respond_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

func TestPanicBecomesPage(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]any{"text": "canary", "error": fmt.Errorf("token canary")} {
		var log bytes.Buffer
		p := newResponder(t, func(c *respond.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
		w := get(p.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(v) })), "/a")
		id := p.Requests()[0].ID
		if w.Code != 500 || !strings.Contains(w.Body.String(), id) {
			t.Errorf("%s: %d, request id shown: %v", name, w.Code, strings.Contains(w.Body.String(), id))
		}
		if !strings.Contains(log.String(), "msg=panic id="+id) || !strings.Contains(log.String(), "wrap_test.go") {
			t.Errorf("%s: log %s", name, &log)
		}
		if strings.Contains(log.String()+w.Body.String(), "canary") {
			t.Errorf("%s: the value of the panic got out", name)
		}
	}
}

func TestPanicTextOfRuntimeIsLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := newResponder(t, func(c *respond.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	get(p.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var none []int
		_ = none[len(r.URL.Path)]
	})), "/a")
	if !strings.Contains(log.String(), "index out of range") {
		t.Error(log.String())
	}
}

func TestPanicAfterTheAnswerBeganDropsTheConnection(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	s := httptest.NewServer(p.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		panic("late")
	})))
	defer s.Close()
	res, err := http.Get(s.URL)
	if err == nil {
		_, err = io.ReadAll(res.Body)
		res.Body.Close()
	}
	if err == nil {
		t.Error("a half answer looks whole")
	}
}

func TestLogHoldsNoSecrets(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := newResponder(t, func(c *respond.Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	mux := http.NewServeMux()
	mux.HandleFunc("GET /q/{key}", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("/", p.Fallback(mux))
	h := p.Wrap(mux)
	const canary = "cANARYcanary0123456789"
	for _, target := range []string{"/q/" + canary, "/q/" + canary + "/typo", "/x?code=" + canary, "/static/" + canary} {
		do(h, httptest.NewRequest(http.MethodGet, target, nil), func(r *http.Request) {
			r.Header.Set("Cookie", canary)
			r.Header.Set("Authorization", canary)
			r.Header.Set("Referer", "https://a.example/?code="+canary)
			r.Header.Set("User-Agent", canary)
		})
	}
	if strings.Contains(log.String(), canary) || strings.Contains(fmt.Sprint(p.Requests()), canary) {
		t.Errorf("a secret in the log or the list:\n%s\n%v", &log, p.Requests())
	}
	if got := p.Requests(); len(got) != 3 || got[2].Path != "/q/{key}" || got[1].Path != "/q/cANA…/typo" || got[0].Path != "/x" {
		t.Errorf("paths: %+v", got)
	}
}

func TestRequestsAreTheLast(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	h := p.Wrap(http.NotFoundHandler())
	for i := range 1203 {
		get(h, fmt.Sprintf("/%d", i))
	}
	got := p.Requests()
	if len(got) != 500 || got[0].Path != "/1202" || got[499].Path != "/703" || got[0].Status != 404 {
		t.Errorf("%d records, first %+v, last %+v", len(got), got[0], got[len(got)-1])
	}
}

func TestFallback(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /a", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /a", func(http.ResponseWriter, *http.Request) {})
	mux.Handle("/", p.Fallback(mux))
	h := p.Wrap(mux)
	if w := do(h, httptest.NewRequest(http.MethodDelete, "/a", nil)); w.Code != 405 || w.Header().Get("Allow") != "GET, POST" {
		t.Errorf("%d %s", w.Code, w.Header().Get("Allow"))
	}
	if w := get(h, "/b"); w.Code != 404 || !strings.Contains(w.Body.String(), "<h1>") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := do(h, httptest.NewRequest("BREW", "/b", nil)); w.Code != 404 {
		t.Errorf("unknown method: %d", w.Code)
	}
}

func TestHostileRequests(t *testing.T) {
	t.Parallel()
	p := newResponder(t)
	mux := http.NewServeMux()
	mux.Handle("/", p.Fallback(mux))
	s := httptest.NewUnstartedServer(p.Wrap(mux))
	s.Config.MaxHeaderBytes = 64 << 10
	s.Start()
	defer s.Close()
	for _, c := range []struct {
		name, request string
		want          string
	}{
		{"huge header", "GET / HTTP/1.1\r\nHost: a\r\nX-A: " + strings.Repeat("a", 128<<10) + "\r\n\r\n", "431"},
		{"many headers", "GET / HTTP/1.1\r\nHost: a\r\n" + strings.Repeat("X-A: a\r\n", 1000) + "\r\n", "404"},
		{"bad host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400"},
		{"odd host", "GET / HTTP/1.1\r\nHost: <script>\r\n\r\n", "400"},
		{"foreign host", "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", "404"},
		{"no host", "GET / HTTP/1.1\r\n\r\n", "400"},
		{"bad forwarded", "GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ,,;\"'%n\r\n\r\n", "404"},
		{"bad languages", "GET / HTTP/1.1\r\nHost: a\r\nAccept-Language: ;;q=,,*;q=NaN,en;q=Inf\r\n\r\n", "404"},
		{"bad escape", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
		{"nul in path", "GET /%00%0a?%00=%zz&;& HTTP/1.1\r\nHost: a\r\n\r\n", "404"},
		{"long method", strings.Repeat("G", 1000) + " / HTTP/1.1\r\nHost: a\r\n\r\n", "404"},
		{"bad length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", "400"},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", s.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
			_, _ = io.WriteString(conn, c.request)
			line, err := bufio.NewReader(conn).ReadString('\n')
			if err != nil || !strings.HasPrefix(line, "HTTP/1.1 "+c.want) {
				t.Errorf("%q, %v, want %s", line, err, c.want)
			}
		})
	}
}
