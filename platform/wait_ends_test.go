package platform_test

import (
	"testing"
	"time"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// A page that waits for a state that does not come is answered all the same, after less than
// the 20 s for which known clients read; not much sooner, or it would ask all day.
func TestWaitEnds(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	page := openPage(t, p)
	ends := func(last protocol.QRStatus) (answer protocol.WaitState, after time.Duration) {
		answered := make(chan protocol.WaitState, 1)
		go func() { answered <- page.Wait(last) }()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case answer = <-answered:
				return answer, after
			case <-tick.C:
				p.Advance(time.Second)
				after += time.Second
			}
			if after > time.Minute {
				t.Fatal("the wait does not end")
			}
		}
	}
	if w, after := ends(protocol.QRNever); w.Status != protocol.QRNever || after < 17*time.Second {
		t.Errorf("after %v: %+v", after, w)
	}
	scan(p.Phone(p.Sample.CorpID+"/"+p.Sample.Member), page)
	if w, after := ends(protocol.QRScanning); w.Status != protocol.QRScanning || after < 17*time.Second {
		t.Errorf("scanned, after %v: %+v", after, w)
	}
}
