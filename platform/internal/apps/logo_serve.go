package apps

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// ServeLogo answers GET /logo/{name}, where name is a digest and ".png": the picture, to be
// kept by browsers for ever, for another picture has another address. It is the same for
// every visitor and on every origin.
func (s *Service) ServeLogo(w http.ResponseWriter, r *http.Request) error {
	digest, ok := strings.CutSuffix(r.PathValue("name"), ".png")
	if !ok {
		return respond.NotFound()
	}
	b, err := s.Logo(r.Context(), digest)
	if err == ErrNotFound {
		return respond.NotFound()
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Content-Security-Policy", "default-src 'none'")
	_, _ = w.Write(b) // the only failure is a client that went away
	return nil
}
