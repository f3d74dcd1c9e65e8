package attempt

import (
	"bytes"
	"encoding/hex"
	"net/netip"
	"reflect"
	"testing"

	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// full has another value in every field, so that a field the codec forgets shows.
func full() *Attempt {
	return &Attempt{
		Request: Request{App: 1 << 55, Kind: tokens.CorpCode, RedirectURI: "https://a.example/登录?x=1#f", Origin: "https://a.example",
			State: "st\x00ate", Challenge: "c", Address: netip.MustParseAddr("2001:db8::1"), Browser: "Browser/1", Console: true,
			Page: OldCorpPage, Admins: true, Device: "ed25519"},
		CreatedAt: 1790000000000, QR: 65535, QRAt: 1790000000001, Client: 3, ClientAt: 1790000000003, Step: Confirmed, Person: 7, Phone: "p", Name: "张*",
		Number: 42, ActedAt: 1790000000002, Member: -8, Corp: 9, ByClient: true,
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

// Records as versions 1 and 2 wrote them, of the attempt that full is without what came later.
const (
	fields = "80808080808080800180b083c59868feff0782b083c598680e5484b083c598680f121e68747470733a2f2f612e6578616d706c652f" +
		"e799bbe5bd953f783d3123661168747470733a2f2f612e6578616d706c650673740061746501630942726f777365722f31017004e5bca02a" +
		"09636f727020636f646509636f6e6669726d65640b323030313a6462383a3a31"
	version1, version2 = "01" + fields, "02" + fields + "01"
)

// A record that was written before there were consoles, or desktop clients, is read as it was
// meant, and one of an older version with a newer one's end is not.
func TestCodecReadsOlderVersions(t *testing.T) {
	for name, test := range map[string]struct {
		stored  string
		console bool
	}{"version 1": {version1, false}, "version 2": {version2, true}, "version 2, of a site": {"02" + fields + "00", false}} {
		want := full()
		want.Console, want.Page, want.Admins, want.Device = test.console, NewPage, false, ""
		want.Client, want.ClientAt, want.ByClient = 0, 0, false
		old, err := hex.DecodeString(test.stored)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := decode(old); err != nil || !reflect.DeepEqual(want, back) {
			t.Errorf("%s: %v\n got %+v\nwant %+v", name, err, back, want)
		}
		if _, err := decode(append(old, 1)); err == nil {
			t.Errorf("%s: a byte too many was taken", name)
		}
		if old[len(old)-1] = 0xff; test.stored != version1 {
			if _, err := decode(old); err == nil {
				t.Errorf("%s: a mark it does not have was taken", name)
			}
		}
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
	for at, most := range map[int]byte{1: byte(pages), 2: marks} {
		wrong := bytes.Clone(whole)
		wrong[len(wrong)-at] = most
		if _, err := decode(wrong); err == nil {
			t.Errorf("%d was taken, %d from the end", most, at)
		}
	}
	if _, err := decode(append([]byte{0}, whole[1:]...)); err == nil {
		t.Error("version 0 was taken")
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
