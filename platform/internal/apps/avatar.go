package apps

import (
	_ "embed"
	"net/http"
	"strconv"
)

// AvatarPath is the address of the picture that is shown of every member: members have none
// of their own. It is the same for every app, so that it tells nobody apart, and it stays,
// for sites keep it.
const AvatarPath = "/avatar/default.png"

//go:embed avatar.png
var avatar []byte

// ServeAvatar answers GET AvatarPath.
func (s *Service) ServeAvatar(w http.ResponseWriter, _ *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Content-Length", strconv.Itoa(len(avatar)))
	h.Set("Cache-Control", "public, max-age=86400")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Content-Security-Policy", "default-src 'none'")
	_, _ = w.Write(avatar) // the only failure is a client that went away
	return nil
}
