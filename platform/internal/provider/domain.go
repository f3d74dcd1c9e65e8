package provider

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/outbound"
	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// stepContent: the file is there, and is not the right one.
const stepContent = "content"

// domainOf is the domain that an address or form names, if a suite of the provider uses it
// or it is the host of one of their 业务设置URLs.
func (h *Handler) domainOf(r *http.Request, v *console.Visit, domain string) (string, error) {
	domain = strings.ToLower(domain)
	list, err := h.suites(r, v)
	if err != nil {
		return "", err
	}
	for _, app := range list {
		if slices.Contains(domainsOf(app), domain) || domain != "" && businessDomain(app) == domain {
			return domain, nil
		}
	}
	return "", respond.NotFound()
}

// showDomain shows how to prove that a domain is the provider's.
func (h *Handler) showDomain(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	domain, err := h.domainOf(r, v, r.URL.Query().Get("domain"))
	if err != nil {
		return err
	}
	return h.renderDomain(w, r, v, domain, nil)
}

func (h *Handler) renderDomain(w http.ResponseWriter, r *http.Request, v *console.Visit, domain string, check *Check) error {
	proved, err := h.Apps.DomainProved(r.Context(), v.Corp.Row, domain)
	if err != nil {
		return err
	}
	name, content := h.Apps.ProofFile(v.Corp.Row, domain)
	return h.Console.Render(w, r, v, "provider/domain", DomainView{Frame: v.Frame("login"),
		Crumb:  console.Crumb{URL: v.URL("/login"), Label: "provider.login.title"},
		Domain: domain, Proved: proved, Asked: h.DomainCheck, FileName: name, Content: content,
		FileURL: strings.Replace(domainURL(v, domain), "/domain?", "/domain/file?", 1),
		Address: h.scheme(domain) + domain + "/" + name, CheckURL: v.URL("/domain/check"), Check: check})
}

// scheme is how a file of a domain is fetched: over https but for this machine's own names.
func (h *Handler) scheme(domain string) string {
	name, _, _ := strings.Cut(domain, ":")
	if h.Development && (name == "127.0.0.1" || name == "localhost" || strings.HasSuffix(name, ".localhost")) {
		return "http://"
	}
	return "https://"
}

// domainFile is the file that proves a domain, to be put at its root.
func (h *Handler) domainFile(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	domain, err := h.domainOf(r, v, r.URL.Query().Get("domain"))
	if err != nil {
		return err
	}
	name, content := h.Apps.ProofFile(v.Corp.Row, domain)
	head := w.Header()
	head.Set("Content-Type", "text/plain; charset=utf-8")
	head.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	head.Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(content)) // the only failure is a client that went away
	return nil
}

// checkDomain looks for the file now. A domain stays proved when it is gone later.
func (h *Handler) checkDomain(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	domain, err := h.domainOf(r, v, r.PostFormValue("domain"))
	if err != nil {
		return err
	}
	if !h.DomainCheck {
		return respond.NotFound()
	}
	check := h.fetchProof(r.Context(), v, domain)
	if check.OK {
		if err := h.Apps.SetDomainProved(r.Context(), v.Corp.Row, domain); err != nil {
			return err
		}
		if err := h.record(r, v, audit.DomainProved, nil, domain, ""); err != nil {
			return err
		}
	}
	return h.renderDomain(w, r, v, domain, &check)
}

// fetchProof fetches the file of a domain and compares it.
func (h *Handler) fetchProof(ctx context.Context, v *console.Visit, domain string) Check {
	name, content := h.Apps.ProofFile(v.Corp.Row, domain)
	check := Check{What: "file", URL: h.scheme(domain) + domain + "/" + name, At: console.Stamp(h.Now())}
	result, err := h.Client.Get(ctx, check.URL)
	check.Status = result.Status
	if failure, ok := errors.AsType[*outbound.Error](err); ok {
		check.Step, check.Detail = string(failure.Step), failure.Detail
		return check
	}
	if err != nil {
		check.Step = string(outbound.StepAnswer)
		return check
	}
	// What editors leave behind counts as nothing: a byte order mark, the end of the line.
	if strings.TrimSpace(strings.TrimPrefix(string(result.Body), "\ufeff")) != content {
		check.Step = stepContent
		return check
	}
	check.OK = true
	return check
}
