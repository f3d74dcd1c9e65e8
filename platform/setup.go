package platform

import (
	"context"
	"database/sql"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/hufu-sso/hufu/platform/internal/credentials"
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

// OperatorURL is a one-time link by which one more person becomes an operator, for a platform
// whose operators have lost every way to sign in. Whoever may start the program on its data may
// have it; it counts as made by the first operator.
func (p *Platform) OperatorURL(ctx context.Context) (string, error) {
	operators, err := p.directory.Operators(ctx)
	if err != nil {
		return "", err
	}
	if len(operators) == 0 {
		return p.SetupURL(ctx)
	}
	secret := ""
	err = p.db.Update(ctx, func(tx *sql.Tx) error {
		secret, err = p.credentials.NewLink(ctx, tx, credentials.Link{Kind: credentials.LinkOperator, MadeBy: operators[0].Row})
		return err
	})
	return p.origins.Phone + "/phone/enrol/" + secret, err
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
