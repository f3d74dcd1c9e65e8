package platform

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/hufu-sso/hufu/platform/internal/respond"
)

// SetupURL is the one-time link with which the operator of an empty platform begins; empty
// once there is an operator. Each call voids the link before.
func (p *Platform) SetupURL(ctx context.Context) (string, error) {
	there, err := p.directory.HasOperator(ctx)
	if err != nil || there {
		return "", err
	}
	secret, err := p.credentials.SetupLink(ctx)
	if err != nil {
		return "", err
	}
	return p.origins.Phone + "/phone/enrol/" + secret, nil
}

// untilSetUp serves an empty platform's set-up link and nothing else.
func (p *Platform) untilSetUp(pages *respond.Responder, next http.Handler) http.Handler {
	var setUp atomic.Bool
	refuse := pages.Page(func(http.ResponseWriter, *http.Request) error { return respond.NotSetUp() })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !setUp.Load() {
			there, err := p.directory.HasOperator(r.Context())
			if err != nil {
				pages.Page(func(http.ResponseWriter, *http.Request) error { return err }).ServeHTTP(w, r)
				return
			}
			if there {
				setUp.Store(true)
			} else if !servedEmpty(r.URL.Path) {
				refuse.ServeHTTP(w, r)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// servedEmpty tells whether a path is needed to set a platform up.
func servedEmpty(path string) bool {
	return path == pathHealth || strings.HasPrefix(path, "/phone/enrol/") || strings.HasPrefix(path, "/static/")
}
