package apps

import (
	"bytes"
	"image"
	"image/png"
	"sync/atomic"
	"testing"
)

// Pictures wait for each other: a small file may be a picture of 2048 pixels, and many may be
// sent at once.
func TestPicturesAreMadeOneAtATime(t *testing.T) {
	var large, small bytes.Buffer
	if err := png.Encode(&large, image.NewGray(image.Rect(0, 0, MaxLogoSide, MaxLogoSide))); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&small, image.NewGray(image.Rect(0, 0, 4, 4))); err != nil {
		t.Fatal(err)
	}
	if large.Len() > MaxLogoBytes {
		t.Fatalf("%d bytes", large.Len())
	}
	drawing <- struct{}{} // somebody else's
	var over atomic.Bool
	early := make(chan bool, 1)
	go func() {
		if _, err := makeLogo(small.Bytes()); err != nil {
			t.Error(err)
		}
		early <- !over.Load()
	}()
	for range 3 { // longer than the small one would take
		if _, err := png.Decode(bytes.NewReader(large.Bytes())); err != nil {
			t.Error(err)
		}
	}
	over.Store(true)
	<-drawing
	if <-early {
		t.Error("two pictures were made at once")
	}
}
