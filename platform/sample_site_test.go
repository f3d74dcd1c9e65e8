package platform_test

import (
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform"
	"github.com/hufu-sso/hufu/platform/platformtest"
)

// What the sample's apps open with (应用主页) is what the site says, or what it was; without
// either, the suite opens the site itself, and the own app nothing.
func TestSampleHomes(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	for _, c := range []struct {
		name       string
		site       platform.SampleSite
		suite, own string
	}{
		{"nothing said", platform.SampleSite{Origin: platformtest.Origin}, platformtest.Origin + "/", ""},
		{"both said", platform.SampleSite{Origin: platformtest.Origin, HomeURL: platformtest.Origin + "/in", CorpHomeURL: platformtest.Origin + "/own"},
			platformtest.Origin + "/in", platformtest.Origin + "/own"},
		{"nothing said again", platform.SampleSite{Origin: platformtest.Origin}, platformtest.Origin + "/in", platformtest.Origin + "/own"},
	} {
		p.SetSite(c.site)
		phone := p.Browser()
		phone.Send("POST", "/phone/sign-in", map[string][]string{"person": {p.Sample.CorpID + "/" + p.Sample.Member}})
		var home struct {
			CSRF string `json:"csrf"`
		}
		phone.Get("/phone").Decode(t, &home)
		phone.CSRF = home.CSRF
		bench := phone.Get("/phone/workbench").Body
		if strings.Contains(bench, "星河报表") != (c.own != "") || !strings.Contains(bench, "青禾协作") {
			t.Errorf("%s: the workbench has %.600s", c.name, bench)
		}
		w := &world{Platform: p, t: t}
		for row, want := range map[int64]string{p.Sample.SuiteRow: c.suite, p.Sample.AgentRow: c.own} {
			if want == "" {
				continue
			}
			member := between(bench, `"as":"`, `"`)
			if got := w.open(phone, row, member).To(); got != want {
				t.Errorf("%s: app %d opens %q, want %q", c.name, row, got, want)
			}
		}
	}
}
