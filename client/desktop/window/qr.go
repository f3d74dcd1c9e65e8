package window

import (
	"strconv"

	"rsc.io/qr"
)

// quiet is the blank margin of a QR code in modules (ISO/IEC 18004).
const quiet = 4

// drawing is a QR code as one path, to be stroked one module wide; the rows of modules have
// whole numbers for their middle, so the viewBox begins half a module above.
type drawing struct {
	Path string
	Size int // modules a side, quiet zone included
}

// draw draws a QR code. Content that does not fit gives an empty drawing; the page has the
// address beside it.
func draw(content string) drawing {
	code, err := qr.Encode(content, qr.L)
	if err != nil {
		return drawing{}
	}
	var path []byte
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			if !code.Black(x, y) {
				continue
			}
			run := 1
			for code.Black(x+run, y) {
				run++
			}
			path = append(path, 'M')
			path = strconv.AppendInt(path, int64(x+quiet), 10)
			path = append(path, ' ')
			path = strconv.AppendInt(path, int64(y+quiet), 10)
			path = append(path, 'h')
			path = strconv.AppendInt(path, int64(run), 10)
			x += run
		}
	}
	return drawing{string(path), code.Size + 2*quiet}
}
