package platform

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net"
	"net/http"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// The address that the API gives of a picture leads to it, also where the API is an origin of
// its own: it answers programs, browsers show the picture.
func TestLogoOutsideTheSandbox(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	p, err := New(ctx, Config{Dir: t.TempDir(), Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})

	corp := directory.Corp{CorpID: directory.NewCorpID(), Name: "星河制造"}
	if err := p.db.Update(ctx, func(tx *sql.Tx) (err error) {
		person, err := p.directory.CreatePerson(ctx, tx, directory.Person{Name: "林晓", Account: "linxiao"}, "")
		if err != nil {
			return err
		}
		if err := p.directory.AddOperator(ctx, tx, person); err != nil { // without one nothing is served
			return err
		}
		corp.Row, err = p.directory.CreateCorp(ctx, tx, corp)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	app, secret, err := p.apps.NewCorpApp(ctx, corp.Row, "巡检")
	if err != nil {
		t.Fatal(err)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	if _, err := p.apps.SetLogo(ctx, app.Row, picture.Bytes()); err != nil {
		t.Fatal(err)
	}

	// Whatever the host's name, it is this platform.
	transport := &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, p.Addr().String())
	}}
	t.Cleanup(transport.CloseIdleConnections)
	get := func(address string, answer any) *http.Response {
		t.Helper()
		resp, err := (&http.Client{Transport: transport}).Get(address)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		if answer != nil {
			if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
				t.Fatal(err)
			}
		}
		return resp
	}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	get(fmt.Sprintf("%s/cgi-bin/gettoken?corpid=%s&corpsecret=%s", p.Origins().API, corp.CorpID, secret), &token)
	var agent struct {
		Picture string `json:"square_logo_url"`
	}
	get(fmt.Sprintf("%s/cgi-bin/agent/get?access_token=%s&agentid=%d", p.Origins().API, token.AccessToken, app.AgentID), &agent)
	if agent.Picture == "" {
		t.Fatal("the API names no picture")
	}
	if resp := get(agent.Picture, nil); resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%s: %s, %s", agent.Picture, resp.Status, resp.Header.Get("Content-Type"))
	}
}
