package provider

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/audit"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// Limits of what a provider writes, in characters.
const (
	maxName  = 30
	maxAbout = 120
	// maxNetworks bounds the IP allow list.
	maxNetworks = 100
)

// showBrand shows 基本信息: brand name, logo, IP allow list.
func (h *Handler) showBrand(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	return h.renderBrand(w, r, v, func(*BrandView) {})
}

// renderBrand renders what is stored, after fill has put in what a form has to say.
func (h *Handler) renderBrand(w http.ResponseWriter, r *http.Request, v *console.Visit, fill func(*BrandView)) error {
	p, err := h.Apps.Provider(r.Context(), v.Corp.Row)
	if err != nil {
		return err
	}
	view := BrandView{Frame: v.Frame("brand"), SaveURL: v.URL("/brand"), NetworksURL: v.URL("/brand/networks"),
		CodesURL: v.URL("/codes"), Open: len(p.Networks) == 0,
		Brand:    nameField("brand", "provider.brand.name", "provider.brand.name_help", p.Brand, ""),
		Logo:     LogoForm{CSRF: v.Session.CSRF(), Name: p.Brand, Picture: picture(p.LogoDigest), SaveURL: v.URL("/brand/logo")},
		Networks: networksField(networksText(p.Networks))}
	fill(&view)
	status := http.StatusOK
	if view.Brand.Error != "" || view.Networks.Error != "" || view.Logo.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.Console.RenderStatus(w, r, v, status, "provider/brand", view)
}

func nameField(name, label, help, value, problem string) console.Field {
	return console.Field{Name: name, Label: label, Help: help, Value: value, Error: problem, Max: maxName}
}

// saveBrand changes the brand name; the next login page shows it.
func (h *Handler) saveBrand(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	brand := strings.TrimSpace(r.PostFormValue("brand"))
	if problem := checkText(brand, maxName, true); problem != "" {
		return h.renderBrand(w, r, v, func(view *BrandView) { view.Brand.Value, view.Brand.Error = brand, problem })
	}
	if err := h.Apps.SetBrand(r.Context(), v.Corp.Row, brand); err != nil {
		return err
	}
	if err := h.record(r, v, audit.BrandChanged, nil, brand, ""); err != nil {
		return err
	}
	h.Console.Flash(w, r, "provider.saved")
	return v.See(w, "/brand")
}

// checkText answers the locale key of what is wrong with a text of one or several lines.
func checkText(text string, limit int, line bool) string {
	odd := func(c rune) bool {
		return !unicode.IsPrint(c) && (line || c != '\n' && c != '\r') || c == utf8.RuneError
	}
	switch {
	case line && text == "":
		return "provider.text.empty"
	case utf8.RuneCountInString(text) > limit:
		return "provider.text.long"
	case strings.ContainsFunc(text, odd):
		return "provider.text.odd"
	}
	return ""
}

// saveNetworks replaces the IP allow list.
func (h *Handler) saveNetworks(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	text := r.PostFormValue("networks")
	list, problem, value := parseNetworks(text)
	if problem != "" {
		return h.renderBrand(w, r, v, func(view *BrandView) {
			view.Networks.Value, view.Networks.Error, view.Networks.Received = text, problem, value
		})
	}
	if err := h.Apps.SetNetworks(r.Context(), v.Corp.Row, list); err != nil {
		return err
	}
	if err := h.record(r, v, audit.NetworksSet, nil, v.Corp.Name, strings.ReplaceAll(networksText(list), "\n", " ")); err != nil {
		return err
	}
	h.Console.Flash(w, r, "provider.saved")
	return v.See(w, "/brand")
}

func networksField(text string) console.Field {
	return console.Field{Name: "networks", Label: "provider.networks.label", Help: "provider.networks.help", Value: text,
		Type: "area", Rows: 4, Mono: true, Optional: true, Hint: "203.0.113.7"}
}

func networksText(list []netip.Prefix) string {
	var lines []string
	for _, n := range list {
		if n.IsSingleIP() {
			lines = append(lines, n.Addr().String())
		} else {
			lines = append(lines, n.String())
		}
	}
	return strings.Join(lines, "\n")
}

// parseNetworks reads the allow list: addresses and networks, apart by lines, blanks or
// commas. Where one is refused, it answers the locale key of the reason, and the entry.
func parseNetworks(text string) (list []netip.Prefix, problem, value string) {
	for _, entry := range strings.FieldsFunc(text, func(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune(",;，；、", c) }) {
		n, err := apps.ParseNetwork(entry)
		written, werr := netip.ParsePrefix(entry)
		switch {
		case strings.Contains(entry, "://"):
			return nil, "provider.networks.scheme", entry
		case strings.Contains(entry, "*"):
			return nil, "provider.networks.star", entry
		case strings.Contains(entry, "-") && err != nil:
			return nil, "provider.networks.range", entry
		case err != nil && strings.ContainsFunc(entry, unicode.IsLetter) && !strings.Contains(entry, ":"):
			return nil, "provider.networks.name", entry
		case err != nil && strings.Count(entry, ":") == 1:
			return nil, "provider.networks.port", entry
		case err != nil:
			return nil, "provider.networks.format", entry
		case n.Bits() == 0:
			return nil, "provider.networks.all", entry
		case werr == nil && written.Addr() != n.Addr():
			return nil, "provider.networks.host_bits", entry
		case n.Addr().IsUnspecified(), n.Addr().IsMulticast(), n.Addr().IsLinkLocalUnicast(), n.Addr() == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
			return nil, "provider.networks.nobody", entry
		}
		list = append(list, n)
	}
	if len(list) > maxNetworks {
		return nil, "provider.networks.many", ""
	}
	return list, "", ""
}

// saveLogo changes the provider's logo.
func (h *Handler) saveLogo(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	problem, err := h.keepLogo(r, v.Corp.Row)
	if err != nil {
		return err
	}
	if problem != "" {
		return h.renderBrand(w, r, v, func(view *BrandView) { view.Logo.Problem = problem })
	}
	if err := h.record(r, v, audit.LogoChanged, nil, v.Corp.Name, ""); err != nil {
		return err
	}
	h.Console.Flash(w, r, "provider.saved")
	return v.See(w, "/brand")
}

// keepLogo keeps the picture of a form, or answers why not: empty, too_large, format.
func (h *Handler) keepLogo(r *http.Request, owner int64) (problem string, err error) {
	upload, problem, err := uploaded(r, "picture", apps.MaxLogoBytes)
	if problem != "" || err != nil {
		return problem, err
	}
	_, err = h.Apps.SetLogo(r.Context(), owner, upload)
	switch {
	case errors.Is(err, apps.ErrLogoTooLarge):
		return "too_large", nil
	case errors.Is(err, apps.ErrLogoFormat):
		return "format", nil
	}
	return "", err
}
