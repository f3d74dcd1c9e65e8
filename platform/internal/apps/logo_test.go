package apps_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/apps"
)

func picture(width, height int) image.Image {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.NRGBA{R: 200, G: 100, B: 50, A: 255}
			if x < (width-height)/2 || x >= (width+height)/2 {
				c = color.NRGBA{B: 255, A: 255} // cut off
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

func encoded(t *testing.T, m image.Image, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, m)
	case "jpeg":
		err = jpeg.Encode(&b, m, &jpeg.Options{Quality: 95})
	case "gif":
		err = gif.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestLogo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /logo/{name}", func(rw http.ResponseWriter, r *http.Request) {
		if err := w.ServeLogo(rw, r); err != nil {
			rw.WriteHeader(http.StatusNotFound)
		}
	})
	get := func(path string) *httptest.ResponseRecorder {
		rec := httptest.NewRecorder()
		mux.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
		return rec
	}
	for _, upload := range [][]byte{
		encoded(t, picture(600, 300), "png"), encoded(t, picture(500, 300), "jpeg"), encoded(t, picture(64, 64), "png"), encoded(t, picture(1, 1), "png"),
		append(encoded(t, picture(300, 300), "png"), "<script>alert(1)</script>"...),
	} {
		digest, err := w.SetLogo(t.Context(), w.suite.Row, upload)
		if err != nil {
			t.Fatal(err)
		}
		if a, err := w.App(t.Context(), w.suite.Row); err != nil || a.LogoDigest != digest {
			t.Errorf("%+v %v", a, err)
		}
		rec := get("/logo/" + digest + ".png")
		if rec.Code != 200 || rec.Header().Get("Content-Type") != "image/png" || bytes.Contains(rec.Body.Bytes(), []byte("script")) {
			t.Errorf("%d %v", rec.Code, rec.Header())
		}
		m, err := png.Decode(rec.Body)
		if err != nil || m.Bounds() != image.Rect(0, 0, 192, 192) {
			t.Fatal(m.Bounds(), err)
		}
		for _, at := range []image.Point{{96, 96}, {0, 0}, {191, 191}} {
			r, g, b, a := m.At(at.X, at.Y).RGBA()
			near := func(got uint32, want int) bool { d := int(got>>8) - want; return d > -12 && d < 12 }
			if !near(r, 200) || !near(g, 100) || !near(b, 50) || a>>8 != 255 {
				t.Errorf("at %v: %d %d %d %d", at, r>>8, g>>8, b>>8, a>>8)
			}
		}
	}
	for _, path := range []string{"/logo/" + w.suite.LogoDigest, "/logo/x.png", "/logo/.png"} {
		if rec := get(path); rec.Code != 404 {
			t.Errorf("%s: %d", path, rec.Code)
		}
	}
}

func TestLogoRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	bomb := encoded(t, picture(8, 8), "png")
	binary.BigEndian.PutUint32(bomb[16:], 100_000) // says that it is 100,000 points wide; its checksum is wrong, too
	for name, c := range map[string]struct {
		upload []byte
		want   error
	}{
		"empty":     {nil, apps.ErrLogoFormat},
		"text":      {[]byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), apps.ErrLogoFormat},
		"gif":       {encoded(t, picture(8, 8), "gif"), apps.ErrLogoFormat},
		"cut":       {encoded(t, picture(300, 300), "png")[:200], apps.ErrLogoFormat},
		"wide":      {encoded(t, picture(2049, 1), "png"), apps.ErrLogoTooLarge},
		"high":      {encoded(t, picture(1, 2049), "jpeg"), apps.ErrLogoTooLarge},
		"bomb":      {bomb, apps.ErrLogoFormat},
		"many":      {make([]byte, apps.MaxLogoBytes+1), apps.ErrLogoTooLarge},
		"just many": {make([]byte, apps.MaxLogoBytes), apps.ErrLogoFormat},
	} {
		if _, err := w.SetLogo(t.Context(), w.suite.Row, c.upload); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if a, err := w.App(t.Context(), w.suite.Row); err != nil || a.LogoDigest != "" {
		t.Errorf("%+v %v", a, err)
	}
}
