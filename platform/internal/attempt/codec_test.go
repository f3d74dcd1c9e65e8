package attempt

import (
	"net/netip"
	"reflect"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// full has another value in every field, so that a field the codec forgets shows.
func full() *Attempt {
	return &Attempt{
		Request: Request{App: 1 << 55, Kind: tokens.CorpCode, RedirectURI: "https://a.example/登录?x=1#f", Origin: "https://a.example",
			State: "st\x00ate", Challenge: "c", Address: netip.MustParseAddr("2001:db8::1"), Browser: "Browser/1", Console: true},
		CreatedAt: 1790000000000, QR: 65535, QRAt: 1790000000001, Step: Confirmed, Person: 7, Phone: "p", Name: "张*",
		Number: 42, ActedAt: 1790000000002, Member: -8, Corp: 9,
	}
}

func TestCodec(t *testing.T) {
	v := reflect.ValueOf(*full())
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Fatalf("field %s is zero in full()", v.Type().Field(i).Name)
		}
	}
	for _, a := range []*Attempt{full(), {}} {
		back, err := decode(a.encode())
		if err != nil || !reflect.DeepEqual(a, back) {
			t.Fatalf("%v\n got %+v\nwant %+v", err, back, a)
		}
	}
}

// A record that was written before there were consoles is read as it was meant.
func TestCodecReadsVersion1(t *testing.T) {
	want := full()
	want.Console = false
	whole := want.encode()
	old := append([]byte{1}, whole[1:len(whole)-1]...)
	if back, err := decode(old); err != nil || !reflect.DeepEqual(want, back) {
		t.Errorf("%v\n got %+v\nwant %+v", err, back, want)
	}
	if _, err := decode(append(old, 1)); err == nil {
		t.Error("a byte too many was taken")
	}
}

func TestCodecRefusesDamage(t *testing.T) {
	whole := full().encode()
	for n := range whole {
		if _, err := decode(whole[:n]); err == nil {
			t.Fatalf("the first %d of %d bytes were taken for a record", n, len(whole))
		}
	}
	if _, err := decode(append(whole, 0)); err == nil {
		t.Error("a byte too many was taken")
	}
	if _, err := decode(append([]byte{codecVersion + 1}, whole[1:]...)); err == nil {
		t.Error("another version was taken")
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(full().encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		if a, err := decode(b); err == nil {
			if _, err := decode(a.encode()); err != nil {
				t.Errorf("what was decoded does not decode again: %v", err)
			}
		}
	})
}
