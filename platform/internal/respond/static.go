package respond

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// kinds are the content types of static files; the machine's own table may
// differ from one to the next.
var kinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// staticFiles are the files under static/, in memory. One checksum over all of
// them stands in every address, so that a module or a style sheet may name its
// neighbours by relative path.
type staticFiles struct {
	prefix string // "/static/<checksum>/"
	files  map[string]staticFile
}

type staticFile struct {
	kind  string // Content-Type
	plain []byte
	// gzip is made at the first request for it; nil when it would not be
	// smaller.
	gzip func() []byte
}

func loadStatic(assets fs.FS) (*staticFiles, error) {
	s := &staticFiles{files: map[string]staticFile{}}
	sum := sha256.New()
	err := fs.WalkDir(assets, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		plain, err := fs.ReadFile(assets, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(plain))
		sum.Write(plain)
		s.files[strings.TrimPrefix(name, "static/")] = staticFile{
			kind: kinds[path.Ext(name)], plain: plain, gzip: sync.OnceValue(func() []byte { return compress(plain) }),
		}
		if kinds[path.Ext(name)] == "" {
			return fmt.Errorf("%s: no content type for this kind of file", name)
		}
		return nil
	})
	s.prefix = "/static/" + hex.EncodeToString(sum.Sum(nil)[:6]) + "/"
	return s, err
}

func compress(plain []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(plain) // a bytes.Buffer takes everything
	_ = w.Close()
	if b.Len() >= len(plain) {
		return nil
	}
	return b.Bytes()
}

// address is the template function asset.
func (s *staticFiles) address(name string) (string, error) {
	if _, ok := s.files[name]; !ok {
		return "", fmt.Errorf("no static file %q", name)
	}
	return s.prefix + name, nil
}

// Static serves /static/<checksum>/<name>, to be kept by browsers for ever. A
// checksum of another release is not found.
func (p *Responder) Static() http.Handler {
	return p.Page(func(w http.ResponseWriter, r *http.Request) error {
		name, ok := strings.CutPrefix(r.URL.Path, p.static.prefix)
		file, found := p.static.files[name]
		if !ok || !found {
			return NotFound()
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			return MethodNotAllowed("GET, HEAD")
		}
		body := file.plain
		h := w.Header()
		h.Set("Content-Type", file.kind)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			if z := file.gzip(); z != nil {
				h.Set("Content-Encoding", "gzip")
				body = z
			}
		}
		h.Set("Content-Length", strconv.Itoa(len(body)))
		_, err := w.Write(body)
		return sent(err)
	})
}
