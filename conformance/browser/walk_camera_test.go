package browser

import (
	"bytes"
	"image/png"

	"github.com/chromedp/chromedp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// photographed is what a phone's camera reads off the device's screen: the address in the QR
// code.
func (d *device) photographed() string {
	d.t.Helper()
	var text string
	d.until(func() bool {
		raw, err := chromedp.Run(d.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			return false
		}
		shown, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			return false
		}
		bitmap, err := gozxing.NewBinaryBitmapFromImage(shown)
		if err != nil {
			return false
		}
		found, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		if err != nil {
			return false
		}
		text = found.GetText()
		return true
	}, func() string { return "no QR code can be read" })
	return text
}
