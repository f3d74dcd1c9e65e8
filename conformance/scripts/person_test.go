package scripts

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// person is somebody at the consoles, in a browser without scripts.
type person struct {
	t      testing.TB
	client *http.Client
	at     *url.URL
	page   string
}

var (
	forms  = regexp.MustCompile(`(?s)<form [^>]*action="([^"]*)"[^>]*>(.*?)</form>`)
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
	picked = regexp.MustCompile(`(?s)name="person" value="([^"]*)">.*?<span class="large">([^<]*)</span>`)
	admin  = regexp.MustCompile(`href="(/admin/[^"/?]*)`)
)

// enter is a person who has entered the consoles by the sandbox's list.
func enter(t testing.TB, d *sandbox.Demo, name string) *person {
	t.Helper()
	at, err := url.Parse(d.Env["HUFU_LOGIN"])
	if err != nil {
		t.Fatal(err)
	}
	p := &person{t: t, client: sandbox.Browser(t), at: at}
	p.open("/console/sign-in?lang=zh")
	for _, line := range picked.FindAllStringSubmatch(p.page, -1) {
		if line[2] == name {
			p.send("/console/sign-in/pick", "person", line[1])
			return p
		}
	}
	t.Fatalf("%s may enter no console", name)
	return nil
}

// open follows redirects to a page that must be there.
func (p *person) open(path string) {
	p.t.Helper()
	to, err := p.at.Parse(path)
	if err != nil {
		p.t.Fatal(err)
	}
	r, err := http.NewRequest("GET", to.String(), nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(r)
}

// send submits the page's form whose address ends so, with these fields (names and values in
// turn) beside the hidden ones.
func (p *person) send(action string, fields ...string) {
	p.t.Helper()
	for _, form := range forms.FindAllStringSubmatch(p.page, -1) {
		to, err := p.at.Parse(html.UnescapeString(form[1]))
		if err != nil {
			p.t.Fatal(err)
		}
		if !strings.HasSuffix(to.Path, action) {
			continue
		}
		values := url.Values{}
		for _, field := range hidden.FindAllStringSubmatch(form[2], -1) {
			values.Add(html.UnescapeString(field[1]), html.UnescapeString(field[2]))
		}
		for i := 0; i+1 < len(fields); i += 2 {
			values.Add(fields[i], fields[i+1])
		}
		r, err := http.NewRequest("POST", to.String(), strings.NewReader(values.Encode()))
		if err != nil {
			p.t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", p.at.Scheme+"://"+p.at.Host)
		p.do(r)
		return
	}
	p.t.Fatalf("%s has no form to %s", p.at, action)
}

func (p *person) do(r *http.Request) {
	p.t.Helper()
	resp, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	if to := resp.Header.Get("Location"); resp.StatusCode == http.StatusSeeOther {
		p.at = r.URL
		p.open(to)
		return
	}
	if p.at, p.page = r.URL, string(raw); resp.StatusCode != http.StatusOK {
		p.t.Fatalf("%s %s: %d %.2000s", r.Method, r.URL, resp.StatusCode, raw)
	}
}

// company is where the console of the person's company begins; it must be the only one.
func (p *person) company() string {
	p.t.Helper()
	found := admin.FindStringSubmatch(p.page)
	if found == nil {
		p.t.Fatalf("no company's console at %s", p.at)
	}
	return found[1]
}
