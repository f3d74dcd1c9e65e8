package terminal

import (
	"strings"

	"rsc.io/qr"
)

// quiet is the blank margin of a QR code in modules (ISO/IEC 18004).
const quiet = 4

// Of half blocks, the upper row of modules is the upper half. ANSI: black on bright white.
const (
	darkOnLight = "\x1b[30;107m"
	reset       = "\x1b[0m"
)

// blocks draws a QR code, two rows of modules a line. Without colours the light modules are the
// drawn ones: most terminals are dark. Content that does not fit gives no drawing; its text
// stands beneath.
func blocks(content string, colour bool) string {
	code, err := qr.Encode(content, qr.L)
	if err != nil {
		return ""
	}
	begin, end := "", ""
	if colour {
		begin, end = darkOnLight, reset
	}
	var b strings.Builder
	for y := -quiet; y < code.Size+quiet; y += 2 {
		b.WriteString(begin)
		for x := -quiet; x < code.Size+quiet; x++ {
			b.WriteString(block(code.Black(x, y) == colour, code.Black(x, y+1) == colour))
		}
		b.WriteString(end + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// block is a character with its upper and lower half drawn or not.
func block(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}
