package phone

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

// qrPath begins the page of a QR code.
const qrPath = "/q/"

// atQR makes a client for the platform of the address in a QR code, and answers the path of the
// code's page there.
func atQR(ctx context.Context, qr string) (c *client, path string, err error) {
	target, ok := parse(qr)
	switch {
	case ok && strings.HasPrefix(target.Path, qrPath):
	case ok && target.Path == protocol.PathOldConfirm && target.Query().Get(protocol.QueryConfirmKey) != "":
		if target, err = fromOld(ctx, target); err != nil {
			return nil, "", err
		}
	case ok && target.Path == protocol.PathAuthorize:
		return nil, "", ErrOpen
	default:
		return nil, "", errors.New("不是登录二维码的地址 not the address in a sign-in QR code")
	}
	c, err = newClient(target)
	return c, target.EscapedPath(), err
}

// fromOld asks where the address in an old page's QR code leads. It is followed once, before
// anything is typed, to the page of the same key alone: at the same origin, or at that of a
// platform whose login page has a name beneath the phone's.
func fromOld(ctx context.Context, target *url.URL) (*url.URL, error) {
	c, err := newClient(target)
	if err != nil {
		return nil, err
	}
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r, err := c.request(ctx, http.MethodGet, target.RequestURI(), nil)
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, c.failed(err)
	}
	to, err := resp.Location()
	if err != nil {
		v, err := c.read(resp)
		if err == nil {
			err = v.failure()
		}
		return nil, cmp.Or(err, errStrange)
	}
	defer resp.Body.Close()
	if !pageOf(target, to, target.Query().Get(protocol.QueryConfirmKey)) {
		return nil, errElsewhere
	}
	return to, nil
}

// pageOf tells whether an address is that of a key's page on the phone of a platform whose old
// login page is at another.
func pageOf(old, page *url.URL, key string) bool {
	beneath := old.Host == page.Host || strings.HasSuffix(old.Host, "."+page.Host)
	return old.Scheme == page.Scheme && beneath && page.User == nil && page.Path == qrPath+key
}
