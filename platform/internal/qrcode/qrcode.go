// Package qrcode draws the QR codes of the platform's pages: as one path in the page, or as a
// picture.
package qrcode

import (
	"errors"
	"strconv"
	"sync"

	"rsc.io/qr"
	"rsc.io/qr/coding"

	"github.com/hufu-sso/hufu/protocol"
)

// quiet is the blank margin of a QR code in modules (ISO/IEC 18004).
const quiet = 4

// Maker makes QR codes of one size. All that one page draws say equally much (an origin and a
// key), so where each bit goes is settled once; that is most of what a code costs. The zero
// value is ready.
type Maker struct {
	once sync.Once
	plan *coding.Plan
	err  error
}

// encode makes a QR code, always of the size that the first one needed.
func (m *Maker) encode(content string) (*coding.Code, error) {
	text := coding.String(content)
	m.once.Do(func() {
		for v := coding.MinVersion; v <= coding.MaxVersion; v++ {
			if text.Bits(coding.Version(v)) <= coding.Version(v).DataBytes(coding.L)*8 {
				m.plan, m.err = coding.NewPlan(coding.Version(v), coding.L, 0)
				return
			}
		}
		m.err = errors.New("qrcode: the content is too long for a QR code")
	})
	if m.err != nil {
		return nil, m.err
	}
	return m.plan.Encode(text)
}

// Draw draws a QR code as one path, to be stroked one module wide: a line per run of dark
// modules, each after the first of its row relative to the last. It is half as long as the
// outlines of the same runs would be. Content of several hundred characters does not fit and
// gives an empty drawing: the platform checks the length of its origins at start.
func (m *Maker) Draw(content string) protocol.QR {
	code, err := m.encode(content)
	if err != nil {
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
	return protocol.QR{Path: string(path), Size: code.Size + 2*quiet}
}

// scale is how many pixels wide a module of a picture is.
const scale = 8

// PNG is the QR code as a picture.
func (m *Maker) PNG(content string) ([]byte, error) {
	code, err := m.encode(content)
	if err != nil {
		return nil, err
	}
	return (&qr.Code{Bitmap: code.Bitmap, Size: code.Size, Stride: code.Stride, Scale: scale}).PNG(), nil
}
