package apps

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/draw"
	_ "image/jpeg" // decoded
	"image/png"
)

// What a picture may be.
const (
	MaxLogoBytes = 512 << 10
	MaxLogoSide  = 2048 // pixels
	logoSide     = 192  // of what is kept, in pixels
)

// Why a picture is refused.
var (
	ErrLogoTooLarge = errors.New("apps: picture over 512 KiB or 2048 pixels")
	ErrLogoFormat   = errors.New("apps: neither PNG nor JPEG")
)

// SetLogo keeps a picture of a provider (owner is its corp row) or of an app (its row): the
// middle square of it, made anew as a PNG of 192 pixels, so that nothing else that was in
// the file is ever served. It answers the digest, which is its address: /logo/{digest}.png.
func (s *Service) SetLogo(ctx context.Context, owner int64, upload []byte) (digest string, err error) {
	made, err := makeLogo(upload)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(made)
	digest = hex.EncodeToString(sum[:])
	return digest, s.write(ctx, `INSERT INTO logos (owner, digest, png) VALUES ($1, $2, $3)
		ON CONFLICT (owner) DO UPDATE SET digest = excluded.digest, png = excluded.png`, owner, digest, made)
}

// Logo reads the picture with this digest.
func (s *Service) Logo(ctx context.Context, digest string) ([]byte, error) {
	var b []byte
	err := s.db.Query(`SELECT png FROM logos WHERE digest = $1 LIMIT 1`).Row(ctx, digest).Scan(&b)
	return b, found(err)
}

// drawing bounds the memory of pictures: one of the largest takes some 64 MB while it is made.
var drawing = make(chan struct{}, 1)

func makeLogo(upload []byte) ([]byte, error) {
	if len(upload) > MaxLogoBytes {
		return nil, ErrLogoTooLarge
	}
	drawing <- struct{}{}
	defer func() { <-drawing }()
	// The size is read first: a small file can say that it is a huge picture.
	config, format, err := image.DecodeConfig(bytes.NewReader(upload))
	switch {
	case err != nil, format != "png" && format != "jpeg", config.Width == 0, config.Height == 0:
		return nil, ErrLogoFormat
	case config.Width > MaxLogoSide || config.Height > MaxLogoSide:
		return nil, ErrLogoTooLarge
	}
	from, _, err := image.Decode(bytes.NewReader(upload))
	if err != nil {
		return nil, ErrLogoFormat
	}
	var b bytes.Buffer
	err = png.Encode(&b, shrink(square(from), logoSide))
	return b.Bytes(), err
}

// square is the middle square of a picture, with its corner at the origin.
func square(from image.Image) *image.NRGBA64 {
	r := from.Bounds()
	side := min(r.Dx(), r.Dy())
	to := image.NewNRGBA64(image.Rect(0, 0, side, side))
	corner := image.Pt(r.Min.X+(r.Dx()-side)/2, r.Min.Y+(r.Dy()-side)/2)
	draw.Draw(to, to.Bounds(), from, corner, draw.Src)
	return to
}

// shrink scales a square to a side: each point is the mean of what it covers, weighted by
// how opaque that is.
func shrink(from *image.NRGBA64, side int) *image.NRGBA {
	to, n := image.NewNRGBA(image.Rect(0, 0, side, side)), from.Bounds().Dx()
	for y := range side {
		for x := range side {
			x0, y0 := x*n/side, y*n/side
			x1, y1 := max((x+1)*n/side, x0+1), max((y+1)*n/side, y0+1)
			var red, green, blue, alpha, count uint64
			for v := y0; v < y1; v++ {
				for u := x0; u < x1; u++ {
					c := from.NRGBA64At(u, v)
					a := uint64(c.A)
					red, green, blue = red+uint64(c.R)*a, green+uint64(c.G)*a, blue+uint64(c.B)*a
					alpha, count = alpha+a, count+1
				}
			}
			i := to.PixOffset(x, y)
			if alpha > 0 {
				to.Pix[i], to.Pix[i+1], to.Pix[i+2] = uint8(red/alpha>>8), uint8(green/alpha>>8), uint8(blue/alpha>>8)
			}
			to.Pix[i+3] = uint8(alpha / count >> 8)
		}
	}
	return to
}
