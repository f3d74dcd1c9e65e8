package attempt

import (
	"encoding/binary"
	"errors"
	"net/netip"

	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// The stored form of an attempt: a version, numbers as varints, texts with their length in
// front. An attempt is read and written several times in each sign-in, and this costs a
// tenth of JSON. Version 1 had no mark of the consoles at its end.
const codecVersion = 2

var errCodec = errors.New("attempt: stored record is damaged")

func (a *Attempt) encode() []byte {
	b := make([]byte, 0, 256+len(a.RedirectURI)+len(a.Request.State)+len(a.Browser))
	b = append(b, codecVersion)
	for _, n := range a.numbers() {
		b = binary.AppendVarint(b, *n)
	}
	for _, t := range a.texts() {
		b = binary.AppendUvarint(b, uint64(len(*t)))
		b = append(b, *t...)
	}
	for _, t := range []string{string(a.Kind), string(a.Step), a.Address.String()} {
		b = binary.AppendUvarint(b, uint64(len(t)))
		b = append(b, t...)
	}
	if a.Console {
		return append(b, 1)
	}
	return append(b, 0)
}

// numbers and texts list the fields in the order in which they are stored.
func (a *Attempt) numbers() []*int64 {
	return []*int64{&a.App, &a.CreatedAt, &a.QR, &a.QRAt, &a.Person, &a.Number, &a.ActedAt, &a.Member, &a.Corp}
}

func (a *Attempt) texts() []*string {
	return []*string{&a.RedirectURI, &a.Origin, &a.Request.State, &a.Challenge, &a.Browser, &a.Phone, &a.Name}
}

func decode(b []byte) (*Attempt, error) {
	if len(b) == 0 || b[0] != 1 && b[0] != codecVersion {
		return nil, errCodec
	}
	marked := b[0] != 1
	b = b[1:]
	a := &Attempt{}
	for _, n := range a.numbers() {
		v, size := binary.Varint(b)
		if size <= 0 {
			return nil, errCodec
		}
		*n, b = v, b[size:]
	}
	text := func() (string, bool) {
		n, size := binary.Uvarint(b)
		if size <= 0 || n > uint64(len(b)-size) {
			return "", false
		}
		t := string(b[size : size+int(n)])
		b = b[size+int(n):]
		return t, true
	}
	var ok bool
	for _, t := range a.texts() {
		if *t, ok = text(); !ok {
			return nil, errCodec
		}
	}
	kind, ok1 := text()
	step, ok2 := text()
	address, ok3 := text()
	if !ok1 || !ok2 || !ok3 || marked && (len(b) != 1 || b[0] > 1) || !marked && len(b) != 0 {
		return nil, errCodec
	}
	a.Console = marked && b[0] == 1
	a.Kind, a.Step = tokens.Kind(kind), State(step)
	if address != "invalid IP" { // what the zero address prints
		var err error
		if a.Address, err = netip.ParseAddr(address); err != nil {
			return nil, errCodec
		}
	}
	return a, nil
}
