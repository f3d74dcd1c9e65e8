// The site of the guide "run your own": members sign in to it, administrators come to it from
// their admin console. It is told what it needs by variables, and tells what is still missing.
package main

import (
	"cmp"
	"context"
	"encoding/base64"
	"html/template"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"

	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/events"
	"github.com/hufu-sso/hufu/site/installs"
	"github.com/hufu-sso/hufu/site/login"
)

func main() {
	handler, err := newSite(os.Getenv, cmp.Or(os.Getenv("SITE_DATA"), "."))
	if err != nil {
		log.Fatal(err)
	}
	origin, err := url.Parse(os.Getenv("SITE"))
	if err != nil {
		log.Fatal(err)
	}
	log.Print("listening: ", origin)
	log.Fatal(http.ListenAndServeTLS("127.0.0.1:"+cmp.Or(origin.Port(), "443"),
		os.Getenv("SITE_CERT"), os.Getenv("SITE_CERT_KEY"), handler))
}

// newSite makes the site; dir keeps its tickets and installs, and holds the WW_verify file.
func newSite(env func(string) string, dir string) (http.Handler, error) {
	key, err := base64.StdEncoding.DecodeString(env("SITE_KEY"))
	if err != nil {
		return nil, err
	}
	keys := [][]byte{key}
	tickets, err := events.OpenTickets(filepath.Join(dir, "tickets.json"))
	if err != nil {
		return nil, err
	}
	client := site.New(site.Config{API: env("API")})
	loginSuite := client.Suite(env("LOGIN_SUITE_ID"), env("LOGIN_SECRET"), tickets)
	signIn, err := login.New(login.Config{
		Suite: loginSuite, AppID: env("LOGIN_SUITE_ID"), RedirectURI: env("SITE") + "/finish",
		LoginHost: env("LOGIN"), PKCE: true, Keys: keys, Home: "/me", Log: slog.Default(),
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	signIn.Mount(mux)
	s := &pages{}
	mux.HandleFunc("GET /{$}", s.home)
	mux.Handle("GET /me", signIn.RequireLogin(http.HandlerFunc(s.me)))
	mux.HandleFunc("GET /{file}", func(w http.ResponseWriter, r *http.Request) {
		if ok, err := filepath.Match("WW_verify_*.txt", r.PathValue("file")); !ok || err != nil {
			http.NotFound(w, r)
			return
		}
		http.ServeFile(w, r, filepath.Join(dir, filepath.Base(r.PathValue("file"))))
	})
	err = receive(mux, "/callback/login", events.Config{SuiteID: env("LOGIN_SUITE_ID"), ProviderCorpID: env("PROVIDER_CORPID"),
		Token: env("LOGIN_TOKEN"), EncodingAESKey: env("LOGIN_AES_KEY"), Tickets: tickets})
	if err != nil || env("SUITE_ID") == "" {
		return mux, err
	}

	// The app that companies install, and the way of their administrators.
	suite := client.Suite(env("SUITE_ID"), env("SUITE_SECRET"), tickets)
	records, err := installs.OpenRecords(filepath.Join(dir, "installs.json"), keys)
	if err != nil {
		return nil, err
	}
	if s.companies, err = installs.New(installs.Config{Suite: suite, Store: records}); err != nil {
		return nil, err
	}
	told := events.Config{SuiteID: env("SUITE_ID"), ProviderCorpID: env("PROVIDER_CORPID"), Tickets: tickets,
		Token: env("SUITE_TOKEN"), EncodingAESKey: env("SUITE_AES_KEY"),
		Handle: s.companies.Handle, ConfirmCancel: s.companies.ConfirmCancel}
	if err = receive(mux, "/callback/suite", told); err != nil {
		return nil, err
	}
	if err = receive(mux, "/callback/data", told); err != nil { // answers the check; nothing comes here yet
		return nil, err
	}
	entry, err := login.NewAdminEntry(login.AdminConfig{
		URL: env("SITE") + "/admin-entry", SuiteID: env("SUITE_ID"), Sessions: signIn.Sessions(), Keys: keys, Home: "/me",
		Suite: loginSuite, Installed: s.companies, Log: slog.Default(),
		Describe: func(ctx context.Context, who login.Session) (string, string) { return s.company(ctx, who.CorpID), "" },
	})
	if err != nil {
		return nil, err
	}
	entry.Mount(mux)
	return mux, nil
}

// receive puts an instruction callback on mux.
func receive(mux *http.ServeMux, path string, c events.Config) error {
	receiver, err := events.New(c)
	if err == nil {
		mux.Handle(path, receiver)
	}
	return err
}

// pages are what the site shows.
type pages struct{ companies *installs.Installs }

// company is the name of a company that has installed the app; empty for any other.
func (s *pages) company(ctx context.Context, corpID string) string {
	if s.companies == nil {
		return ""
	}
	install, err := s.companies.Find(ctx, corpID)
	if err != nil {
		return ""
	}
	return install.CorpName
}

var (
	homePage = template.Must(template.New("home").Parse(`<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<link rel="icon" href="data:,"><title>青禾协作</title><h1>青禾协作</h1><p><a href="/login">用企业微信登录</a></p></html>`))
	mePage = template.Must(template.New("me").Parse(`<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<link rel="icon" href="data:,"><title>青禾协作</title><h1>{{if .Who.Admin}}管理员{{else}}成员{{end}}已登录</h1>
{{with .Company}}<p>企业：{{.}}</p>{{end}}<p>CorpID：<code>{{.Who.CorpID}}</code></p><p>UserID：<code>{{.Who.UserID}}</code></p>
<form method="post" action="/login/sign-out"><button>退出</button></form></html>`))
)

func (s *pages) home(w http.ResponseWriter, r *http.Request) { show(w, homePage, nil) }

func (s *pages) me(w http.ResponseWriter, r *http.Request) {
	who, _ := login.FromContext(r.Context())
	show(w, mePage, struct {
		Who     login.Session
		Company string
	}{who, s.company(r.Context(), who.CorpID)})
}

func show(w http.ResponseWriter, page *template.Template, view any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if err := page.Execute(w, view); err != nil {
		slog.Error("page", "cause", err)
	}
}
