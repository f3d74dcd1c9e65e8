package platform

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"slices"

	"github.com/hufu-sso/hufu/platform/internal/admin/appcenter"
	"github.com/hufu-sso/hufu/platform/internal/admin/contacts"
	"github.com/hufu-sso/hufu/platform/internal/admin/home"
	"github.com/hufu-sso/hufu/platform/internal/admin/logs"
	"github.com/hufu-sso/hufu/platform/internal/assistant"
	"github.com/hufu-sso/hufu/platform/internal/console"
	"github.com/hufu-sso/hufu/platform/internal/inclient"
	"github.com/hufu-sso/hufu/platform/internal/login"
	"github.com/hufu-sso/hufu/platform/internal/operator"
	"github.com/hufu-sso/hufu/platform/internal/phone"
	"github.com/hufu-sso/hufu/platform/internal/provider"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/platform/web"
)

// StorybookHandler shows every page in every state with sample data, at /storybook/.
func StorybookHandler() (http.Handler, error) {
	r, err := respond.New(respond.Config{Assets: web.Files, Sandbox: true, PublicURL: "http://localhost",
		Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /static/", r.Static())
	mux.Handle("GET /storybook/", r.Storybook(slices.Concat(login.Stories(), phone.Stories(), inclient.Stories(), assistant.Stories(),
		console.Stories(), home.Stories(), contacts.Stories(), appcenter.Stories(), logs.Stories(), provider.Stories(), operator.Stories(),
		respond.Stories())))
	mux.Handle("/", r.Fallback(mux))
	return r.Wrap(mux), nil
}

// Storybook serves the storybook on addr until ctx ends, and tells its address once it
// listens.
func Storybook(ctx context.Context, addr string, listening func(url string)) error {
	h, err := StorybookHandler()
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	server := newServer(h)
	context.AfterFunc(ctx, func() { server.Close() })
	listening("http://" + l.Addr().String() + "/storybook/")
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
