package apps

import (
	"context"
	"net/url"
	"slices"
)

// BusinessProblem is why a suite's business settings (业务设置) cannot be opened; empty: they
// can.
type BusinessProblem string

const (
	BusinessUnset    BusinessProblem = "unset"    // no 业务设置URL
	BusinessRefused  BusinessProblem = "refused"  // it breaks a rule of CheckURL
	BusinessUnproved BusinessProblem = "unproved" // the provider has not proved its domain
)

// Business is where a suite's business settings are opened: the URL that is set, held
// against its rules once more. Outside the sandbox it is https, on a domain that the
// provider has proved; a code goes nowhere else.
func (s *Service) Business(ctx context.Context, a *App, sandbox bool) (Redirect, BusinessProblem, error) {
	if a.Kind != Suite || a.BusinessURL == "" {
		return Redirect{}, BusinessUnset, nil
	}
	clean, host, err := CheckURL(a.BusinessURL, BusinessURL, sandbox)
	if err != nil {
		return Redirect{}, BusinessRefused, nil
	}
	r, _, rule := parseRedirect(clean)
	u, err := url.Parse(clean)
	if rule != "" || err != nil {
		return Redirect{}, BusinessRefused, nil
	}
	r.query = without(u.RawQuery, "auth_code") // what else it has is the site's own, code and state too
	if !sandbox && !s.NoDomainCheck {
		proved, err := s.DomainProved(ctx, a.CorpRow, host)
		if err != nil || !proved {
			return Redirect{}, BusinessUnproved, err
		}
	}
	return r, "", nil
}

// CheckInstallRedirect holds the redirect_uri of an install link (90597) against the suite's
// 安装完成回调域名, as CheckRedirect does with the domains of a sign-in.
func (a *App) CheckInstallRedirect(raw string, development bool) (Redirect, Rule) {
	r, scheme, rule := parseRedirect(raw)
	if rule != "" {
		return r, rule
	}
	u, err := url.Parse(raw)
	if err != nil {
		return r, RuleMalformed
	}
	r.query = without(u.RawQuery, "auth_code", "expires_in", "state")
	return r, a.installRule(r, scheme, development)
}

// CheckInstallReferer holds the page an install link was opened from against the same
// domains.
func (a *App) CheckInstallReferer(referer string, development bool) Rule {
	r, scheme, rule := parseRedirect(referer)
	if rule != "" {
		return rule
	}
	return a.installRule(r, scheme, development)
}

func (a *App) installRule(r Redirect, scheme string, development bool) Rule {
	switch {
	case development && slices.Contains(a.Addresses.Development, r.Origin),
		scheme == "https" && slices.Contains(a.Addresses.Install, r.Host):
		return ""
	case scheme != "https" && development:
		return RuleDevelopment
	case scheme != "https":
		return RuleHTTP
	}
	return nearestMiss(a.Addresses.Install, r.Host)
}
