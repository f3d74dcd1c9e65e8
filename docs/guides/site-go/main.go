// A whole site that members sign in to with WeCom, on site, site/events and site/login.
// It runs against Hufu's sandbox, with the variables of its env file.
package main

import (
	"bytes"
	"cmp"
	"fmt"
	"html"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/events"
	"github.com/hufu-sso/hufu/site/login"
)

func main() {
	handler, err := newSite(os.Getenv)
	if err != nil {
		log.Fatal(err)
	}
	origin, err := url.Parse(os.Getenv("HUFU_SITE"))
	if err != nil {
		log.Fatal(err)
	}
	addr := net.JoinHostPort("localhost", cmp.Or(origin.Port(), "3000"))
	log.Print("listening: ", addr)
	log.Fatal(http.ListenAndServe(addr, handler))
}

// needed are the variables without which there is no site.
var needed = []string{"HUFU_SITE", "HUFU_PROVIDER_CORPID", "HUFU_LOGIN_SUITE_ID", "HUFU_LOGIN_SUITE_SECRET",
	"HUFU_TOKEN", "HUFU_ENCODING_AES_KEY"}

// newSite makes the site. Without HUFU_API and HUFU_LOGIN it speaks to the real WeCom.
func newSite(env func(string) string) (http.Handler, error) {
	for _, name := range needed {
		if env(name) == "" {
			return nil, fmt.Errorf("%s is not set; in the shell: set -a; . ./hufu.env; set +a", name)
		}
	}
	file := env("TICKET_FILE")
	if file == "" {
		file = "suite_tickets.json"
	}
	tickets, err := events.OpenTickets(file)
	if err != nil {
		return nil, err
	}
	suiteID := env("HUFU_LOGIN_SUITE_ID")
	suite := site.New(site.Config{API: env("HUFU_API")}).Suite(suiteID, env("HUFU_LOGIN_SUITE_SECRET"), tickets)
	signIn, err := login.New(login.Config{
		Suite: suite, AppID: suiteID, RedirectURI: env("HUFU_SITE") + "/finish",
		LoginHost: env("HUFU_LOGIN"), PKCE: env("HUFU_LOGIN") != "", Log: slog.Default(),
	})
	if err != nil {
		return nil, err
	}
	receivers := map[string]http.Handler{} // by suite
	for _, id := range []string{suiteID, env("HUFU_SUITE_ID")} {
		if id == "" {
			continue
		}
		receivers[id], err = events.New(events.Config{
			SuiteID: id, ProviderCorpID: env("HUFU_PROVIDER_CORPID"),
			Token: env("HUFU_TOKEN"), EncodingAESKey: env("HUFU_ENCODING_AES_KEY"), Tickets: tickets,
		})
		if err != nil {
			return nil, err
		}
	}
	mux := http.NewServeMux()
	signIn.Mount(mux) // /login, /finish and what belongs to them
	mux.HandleFunc("/callback", func(w http.ResponseWriter, r *http.Request) { toReceiver(w, r, receivers, suiteID) })
	mux.Handle("GET /me", signIn.RequireLogin(http.HandlerFunc(showMe)))
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `<!doctype html><title>Site</title><p><a href="/login?return=/me">Sign in with WeCom</a>`)
	})
	return mux, nil
}

func showMe(w http.ResponseWriter, r *http.Request) {
	who, _ := login.FromContext(r.Context())
	fmt.Fprintf(w, `<!doctype html><title>Site</title><p>Signed in: %s %s
		<form method="post" action="/login/sign-out"><button>Sign out</button></form>`,
		html.EscapeString(who.CorpID), html.EscapeString(who.UserID))
}

// toReceiver hands an event to its suite's receiver: the sandbox sends those of both suites
// to one address. A site whose suites have a callback each needs none of this.
func toReceiver(w http.ResponseWriter, r *http.Request, receivers map[string]http.Handler, fallback string) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, "unreadable", http.StatusBadRequest)
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	envelope, err := protocol.ParseEnvelope(body)
	receiver, known := receivers[envelope.ToUserName]
	if err != nil || !known {
		receiver = receivers[fallback] // the check of the address names no suite
	}
	receiver.ServeHTTP(w, r)
}
