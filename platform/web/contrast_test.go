package web_test

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/web"
)

var colour = regexp.MustCompile(`--([a-z-]+): #([0-9A-Fa-f]{6});`)

// tokens reads the colours of each :root block of base.css: light, dark by the
// browser's preference, dark by data-scheme.
func tokens(t *testing.T) (light, dark, forced map[string]string) {
	t.Helper()
	css, err := web.Files.ReadFile("static/base.css")
	if err != nil {
		t.Fatal(err)
	}
	blocks := []map[string]string{}
	for _, block := range strings.Split(string(css), ":root")[1:] {
		body, _, _ := strings.Cut(block, "}")
		found := map[string]string{}
		for _, m := range colour.FindAllStringSubmatch(body, -1) {
			found[m[1]] = m[2]
		}
		if len(found) > 0 {
			blocks = append(blocks, found)
		}
	}
	if len(blocks) != 3 {
		t.Fatalf("%d blocks of colours, want 3", len(blocks))
	}
	return blocks[0], blocks[1], blocks[2]
}

func TestDarkIsDarkBothWays(t *testing.T) {
	t.Parallel()
	light, dark, forced := tokens(t)
	if !maps.Equal(dark, forced) {
		t.Errorf("preferred and forced dark differ:\n%v\n%v", dark, forced)
	}
	for name := range light {
		if dark[name] == "" {
			t.Errorf("dark has no --%s", name)
		}
	}
}

func TestContrast(t *testing.T) {
	t.Parallel()
	light, dark, _ := tokens(t)
	for scheme, colours := range map[string]map[string]string{"light": light, "dark": dark} {
		for _, c := range []struct {
			front, back string
			least       float64
		}{
			{"ink", "ground", 4.5}, {"ink", "paper", 4.5}, {"muted", "ground", 4.5}, {"muted", "paper", 4.5},
			{"jade", "ground", 4.5}, {"jade", "paper", 4.5}, {"jade", "jade-tint", 4.5}, {"on-jade", "jade", 4.5}, {"on-jade", "jade-deep", 4.5},
			{"ink", "jade-tint", 4.5}, {"muted", "jade-tint", 4.5},
			{"bronze", "ground", 4.5}, {"bronze", "paper", 4.5}, {"bronze", "bronze-tint", 4.5}, {"on-bronze", "bronze", 4.5},
			{"danger", "ground", 4.5}, {"danger", "paper", 4.5}, {"danger", "danger-tint", 4.5}, {"on-danger", "danger", 4.5}, {"on-danger", "danger-deep", 4.5},
			{"ok", "ground", 4.5}, {"ok", "paper", 4.5}, {"ok", "ok-tint", 4.5},
			{"edge", "paper", 3}, {"edge", "ground", 3},
		} {
			if got := contrast(t, colours[c.front], colours[c.back]); got < c.least {
				t.Errorf("%s: %s on %s is %.2f to 1, want %.1f", scheme, c.front, c.back, got, c.least)
			}
		}
	}
}

// contrast is WCAG's ratio of two colours.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(fmt.Errorf("colour %q: %w", hex, err))
	}
	part := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}
