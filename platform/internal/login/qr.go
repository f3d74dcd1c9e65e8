package login

import (
	"errors"
	"net/http"
	"strconv"
	"sync"

	"rsc.io/qr"
	"rsc.io/qr/coding"

	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// quiet is the blank margin of a QR code in modules (ISO/IEC 18004).
const quiet = 4

// content is what a QR code says: where the phone goes.
func (h *Handler) content(qrKey string) string { return h.PublicURL + "/q/" + qrKey }

// layout is where each bit of a QR code goes. All codes of one platform say equally much, so
// it is made once; making it is most of what a code costs.
type layout struct {
	once sync.Once
	plan *coding.Plan
	err  error
}

// encode makes a QR code, always of the size that the first one needed.
func (l *layout) encode(content string) (*coding.Code, error) {
	text := coding.String(content)
	l.once.Do(func() {
		for v := coding.MinVersion; v <= coding.MaxVersion; v++ {
			if text.Bits(coding.Version(v)) <= coding.Version(v).DataBytes(coding.L)*8 {
				l.plan, l.err = coding.NewPlan(coding.Version(v), coding.L, 0)
				return
			}
		}
		l.err = errors.New("login: the public URL is too long for a QR code")
	})
	if l.err != nil {
		return nil, l.err
	}
	return l.plan.Encode(text)
}

// qr draws a QR code as one path, to be stroked one module wide: a line per run of dark
// modules, each after the first of its row relative to the last. It is half as long as the
// outlines of the same runs would be, in the largest part of the page.
func (h *Handler) qr(qrKey string) protocol.QR {
	content := h.content(qrKey)
	code, err := h.layout.encode(content)
	if err != nil {
		// Only a public URL of several hundred characters would not fit; the platform
		// checks its length at start.
		return protocol.QR{}
	}
	path := make([]byte, 0, 4<<10)
	for y := range code.Size {
		end := -1 // of the last run in this row
		for x := 0; x < code.Size; x++ {
			if !code.Black(x, y) {
				continue
			}
			run := 1
			for code.Black(x+run, y) {
				run++
			}
			if end < 0 {
				path = append(path, 'M')
				path = strconv.AppendInt(path, int64(x+quiet), 10)
				path = append(path, ' ')
				path = strconv.AppendInt(path, int64(y+quiet), 10)
			} else {
				path = append(path, 'm')
				path = strconv.AppendInt(path, int64(x-end), 10)
				path = append(path, " 0"...)
			}
			path = append(path, 'h')
			path = strconv.AppendInt(path, int64(run), 10)
			x += run
			end = x
		}
	}
	out := protocol.QR{Path: string(path), Size: code.Size + 2*quiet}
	if h.Sandbox {
		out.URL = content
	}
	return out
}

// showQRCode answers the newest QR code of an attempt as a picture, for clients that ask
// for one (protocol.md 1.6).
func (h *Handler) showQRCode(w http.ResponseWriter, r *http.Request) error {
	key := r.URL.Query().Get("key")
	a, err := h.Attempts.Get(r.Context(), key)
	if err != nil {
		return respond.NotFound()
	}
	code, err := h.layout.encode(h.content(h.Attempts.QRKey(key, a)))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	_, err = w.Write((&qr.Code{Bitmap: code.Bitmap, Size: code.Size, Stride: code.Stride, Scale: 8}).PNG())
	return err
}
