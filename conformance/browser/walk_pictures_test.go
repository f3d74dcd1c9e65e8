package browser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// gallery takes the guide's pictures into the folder run-your-own below the one that
// HUFU_PICTURES names, or takes none.
type gallery struct {
	dir string
}

func newGallery(t *testing.T) *gallery {
	t.Helper()
	g := &gallery{}
	if os.Getenv("HUFU_PICTURES") == "" {
		return g
	}
	g.dir = filepath.Join(os.Getenv("HUFU_PICTURES"), "run-your-own")
	if err := os.MkdirAll(g.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return g
}

// ports are those of platform and site: in pictures the ones that a reader will see.
func (g *gallery) ports(t *testing.T) []string {
	t.Helper()
	if g.dir != "" {
		return []string{"8790", "8443"}
	}
	return sandbox.FreePorts(t, 2)
}

// maxWalkPicture keeps the guide light.
const maxWalkPicture = 120 << 10

// snap takes a picture of a page that can be asked for anew, in both languages.
func (w *walk) snap(d *device, name string) {
	w.t.Helper()
	if w.gallery.dir == "" {
		return
	}
	here := d.address()
	mark := "?"
	if strings.Contains(here, "?") {
		mark = "&"
	}
	for _, lang := range []string{"en", "zh"} {
		d.open(here + mark + "lang=" + lang)
		d.pictured(filepath.Join(w.gallery.dir, name+"."+lang+".png"))
	}
	d.open(here)
}

func (d *device) pictured(path string) {
	d.t.Helper()
	press(d.t, d.ctx, "document.activeElement?.blur(), scrollTo(0, 0)")
	picture(d.t, d.ctx, path)
	if info, err := os.Stat(path); err != nil || info.Size() > maxWalkPicture {
		d.t.Errorf("%s: %v, at most %d bytes", path, err, maxWalkPicture)
	}
}
