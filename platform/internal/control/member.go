package control

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/platform/internal/attempt"
	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// scripted is the body of /scan, /confirm and /refuse.
type scripted struct {
	QR     string `json:"qr"`
	Member string `json:"member"`
}

func (h *Handler) scripted(ctx context.Context, r *http.Request) (key string, m directory.Member, err error) {
	var in scripted
	if err = read(r, &in); err != nil {
		return
	}
	if key, err = h.qrKey(in.QR); err != nil {
		return
	}
	m, err = h.member(ctx, in.Member)
	return
}

func (h *Handler) scan(ctx context.Context, r *http.Request) (any, error) {
	key, m, err := h.scripted(ctx, r)
	if err != nil {
		return nil, err
	}
	_, err = h.Attempts.Scan(ctx, key, phoneOf(m))
	return done, err
}

func (h *Handler) confirm(ctx context.Context, r *http.Request) (any, error) {
	key, m, err := h.scripted(ctx, r)
	if err != nil {
		return nil, err
	}
	_, err = h.confirmAs(ctx, key, m)
	return done, err
}

// confirmAs scans, if need be, and confirms with the number that was drawn. Where only
// administrators may confirm (usertype=admin), the member must be one.
func (h *Handler) confirmAs(ctx context.Context, key string, m directory.Member) (*attempt.Attempt, error) {
	a, err := h.Attempts.Scan(ctx, key, phoneOf(m))
	if err != nil {
		return nil, err
	}
	if a.Admins {
		if err := h.administers(ctx, m); err != nil {
			return nil, err
		}
	}
	d := attempt.Decision{Member: m.Row, Corp: m.Corp.Row}
	if a.Number != 0 {
		d.Number = strconv.FormatInt(a.Number, 10)
	}
	return h.Attempts.Confirm(ctx, key, phoneOf(m), d)
}

func (h *Handler) administers(ctx context.Context, m directory.Member) error {
	_, err := h.Directory.AdminOf(ctx, m.Corp.Row, m.Person)
	if errors.Is(err, directory.ErrNotFound) {
		return problem{http.StatusForbidden, m.UserID + " is no administrator, and the page asks for one (usertype=admin)"}
	}
	return err
}

func (h *Handler) refuse(ctx context.Context, r *http.Request) (any, error) {
	key, m, err := h.scripted(ctx, r)
	if err != nil {
		return nil, err
	}
	if _, err := h.Attempts.Scan(ctx, key, phoneOf(m)); err != nil {
		return nil, err
	}
	_, err = h.Attempts.Refuse(ctx, key, phoneOf(m))
	return done, err
}
