package appcenter

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// siteRequest is what a provider's site asks for with an install link (90597), once all of
// it has passed.
type siteRequest struct {
	suite    *apps.App
	preAuth  tokens.Code
	redirect apps.Redirect
	state    string
	test     bool
	values   url.Values // as they were received
}

// siteParams are the parameters of an install link.
var siteParams = []string{"suite_id", "pre_auth_code", "redirect_uri", "state"}

const stateMax = 128

// siteRequest checks an install link before anything of it is shown. It spends nothing.
func (h *Handler) siteRequest(r *http.Request, values url.Values) (s siteRequest, err error) {
	s.values = url.Values{}
	for _, name := range siteParams {
		s.values.Set(name, values.Get(name))
	}
	s.suite, err = h.Apps.Suite(r.Context(), values.Get("suite_id"))
	switch {
	case errors.Is(err, apps.ErrNotFound), err == nil && s.suite.Kind != apps.Suite:
		return s, refused("appcenter.install_suite", respond.Fact{Label: "appcenter.fact.suite_id", Value: values.Get("suite_id")})
	case err != nil:
		return s, err
	}
	about := respond.Fact{Label: "appcenter.fact.suite", Value: s.suite.Name}

	s.preAuth, err = h.Tokens.OpenCode(tokens.PreAuthCode, values.Get("pre_auth_code"))
	switch {
	case errors.Is(err, tokens.ErrExpired):
		return s, refused("appcenter.install_expired", about)
	case err != nil, s.preAuth.App != s.suite.Row: // another suite's code is as unknown as a made-up one
		return s, refused("appcenter.install_code", about)
	}

	var rule apps.Rule
	if s.redirect, rule = s.suite.CheckInstallRedirect(values.Get("redirect_uri"), h.Sandbox); rule != "" {
		return s, refused(redirectKey(rule), h.domainFacts(s.suite, "appcenter.fact.redirect_uri", values.Get("redirect_uri"))...)
	}
	if from := r.Referer(); from != "" && !h.ours(r, from) {
		if rule := s.suite.CheckInstallReferer(from, h.Sandbox); rule != "" {
			return s, refused("appcenter.install_referer", h.domainFacts(s.suite, "appcenter.fact.referer", originOf(from))...)
		}
	}

	s.state = values.Get("state")
	if len(s.state) > stateMax || strings.ContainsFunc(s.state, notInState) {
		return s, refused("appcenter.install_state", respond.Fact{Label: "appcenter.fact.state", Value: s.state})
	}

	said, err := apps.Session(r.Context(), h.Sessions, values.Get("pre_auth_code"))
	if err != nil {
		return s, err
	}
	s.test = said.Test
	switch {
	case s.suite.Online:
	case !s.test:
		return s, refused("appcenter.install_offline", about)
	default:
		return s, h.roomForTest(r, s.suite, about)
	}
	return s, nil
}

// testsMax is in how many companies a suite may be installed before the operator has put it
// online: enough to try it, too few to do without.
const testsMax = 10

// roomForTest refuses one more company for a suite that is not online.
func (h *Handler) roomForTest(r *http.Request, suite *apps.App, about respond.Fact) error {
	installed, err := h.Apps.InstallationsOfSuite(r.Context(), suite.Row)
	if err == nil && len(installed) >= testsMax {
		err = refused("appcenter.install_tests", about)
	}
	return err
}

// link is the address of this very request, with what is added.
func (s siteRequest) link(more ...string) string {
	q := url.Values{}
	for name, values := range s.values {
		q[name] = values
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return "/3rdapp/install?" + q.Encode()
}

func refused(key string, facts ...respond.Fact) error {
	return &respond.Problem{Status: http.StatusBadRequest, Key: key, Facts: facts}
}

// redirectKey tells a redirect_uri that is none from one that is not among the domains.
func redirectKey(rule apps.Rule) string {
	switch rule {
	case apps.RulePortDiffers, apps.RuleSubdomain, apps.RuleNotListed, apps.RuleNoneTrusted, apps.RuleDevelopment, apps.RuleHTTP:
		return "appcenter.install_redirect"
	}
	return "appcenter.install_redirect_form"
}

// domainFacts sets what was received beside what is configured.
func (h *Handler) domainFacts(suite *apps.App, label, received string) []respond.Fact {
	list := suite.Addresses.Install
	if h.Sandbox {
		list = append(list[:len(list):len(list)], suite.Addresses.Development...)
	}
	return []respond.Fact{{Label: "appcenter.fact.suite", Value: suite.Name}, {Label: label, Value: received},
		{Label: "appcenter.fact.install_domains", Value: strings.Join(list, " ")}}
}

// ours tells whether a request came from a page of ours: the form itself, and the way back
// from the sign-in.
func (h *Handler) ours(r *http.Request, referer string) bool {
	u, err := url.Parse(referer)
	return err == nil && (u.Host == r.Host || u.Scheme+"://"+u.Host == h.Console.PhoneURL)
}

// originOf leaves out what a page's address may carry.
func originOf(referer string) string {
	u, err := url.Parse(referer)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func notInState(c rune) bool {
	return (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z')
}
