package qrcode

import (
	"fmt"
	"strings"
	"testing"

	"rsc.io/qr"
)

// TestQRIsDrawnWhole draws the path back into modules and holds it against the code that
// the library makes by itself.
func TestQRIsDrawnWhole(t *testing.T) {
	var m Maker
	for i := range 50 {
		content := fmt.Sprintf("https://login.example.com/q/3qTz8vKfLw2ZpXaY7mNb%02d", i)
		want, err := qr.Encode(content, qr.L)
		if err != nil {
			t.Fatal(err)
		}
		got := m.Draw(content)
		if got.Size != want.Size+2*quiet {
			t.Fatalf("size %d, want %d", got.Size, want.Size+2*quiet)
		}
		dark := trace(t, got.Path)
		for y := -quiet; y < want.Size+quiet; y++ {
			for x := -quiet; x < want.Size+quiet; x++ {
				if dark[[2]int{x + quiet, y + quiet}] != want.Black(x, y) {
					t.Fatalf("%s: module %d,%d differs", content, x, y)
				}
			}
		}
	}
}

// trace follows a path of M, m and h commands and lists the modules it crosses.
func trace(t *testing.T, path string) map[[2]int]bool {
	dark := map[[2]int]bool{}
	r := strings.NewReader(path)
	x, y := 0, 0
	for r.Len() > 0 {
		var command rune
		var a, b int
		if _, err := fmt.Fscanf(r, "%c", &command); err != nil {
			t.Fatal(err)
		}
		switch command {
		case 'M':
			fmt.Fscanf(r, "%d %d", &a, &b)
			x, y = a, b
		case 'm':
			fmt.Fscanf(r, "%d %d", &a, &b)
			x, y = x+a, y+b
		case 'h':
			fmt.Fscanf(r, "%d", &a)
			for range a {
				dark[[2]int{x, y}] = true
				x++
			}
		default:
			t.Fatalf("command %q", command)
		}
	}
	return dark
}
