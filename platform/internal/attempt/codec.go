package attempt

import (
	"encoding/binary"
	"errors"
	"net/netip"

	"github.com/hufu-sso/hufu/platform/internal/tokens"
)

// The stored form of an attempt: a version, numbers as varints, texts with their length in
// front. An attempt is read and written several times in each sign-in, and this costs a
// tenth of JSON. Version 1 ended with the texts, version 2 with one byte for the consoles;
// both had no desktop clients: one text and two numbers less.
const codecVersion = 3

// What versions 1 and 2 had.
const (
	oldNumbers = 9
	oldTexts   = 7
)

// Marks, in the last byte but one. The last byte is the page.
const (
	markConsole = 1 << iota
	markAdmins
	markByClient
	marks // all of them are below
)

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
	return append(b, a.marks(), byte(a.Page))
}

func (a *Attempt) marks() (m byte) {
	if a.Console {
		m |= markConsole
	}
	if a.Admins {
		m |= markAdmins
	}
	if a.ByClient {
		m |= markByClient
	}
	return m
}

// numbers and texts list the fields in the order in which they are stored: later versions
// add to the end.
func (a *Attempt) numbers() []*int64 {
	return []*int64{&a.App, &a.CreatedAt, &a.QR, &a.QRAt, &a.Person, &a.Number, &a.ActedAt, &a.Member, &a.Corp,
		&a.Client, &a.ClientAt}
}

func (a *Attempt) texts() []*string {
	return []*string{&a.RedirectURI, &a.Origin, &a.Request.State, &a.Challenge, &a.Browser, &a.Phone, &a.Name,
		&a.Device}
}

func decode(b []byte) (*Attempt, error) {
	if len(b) == 0 || b[0] < 1 || b[0] > codecVersion {
		return nil, errCodec
	}
	version := b[0]
	b = b[1:]
	a := &Attempt{}
	numbers, texts := a.numbers(), a.texts()
	if version < 3 {
		numbers, texts = numbers[:oldNumbers], texts[:oldTexts]
	}
	for _, n := range numbers {
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
	for _, t := range texts {
		if *t, ok = text(); !ok {
			return nil, errCodec
		}
	}
	kind, ok1 := text()
	step, ok2 := text()
	address, ok3 := text()
	if !ok1 || !ok2 || !ok3 || !a.readEnd(version, b) {
		return nil, errCodec
	}
	a.Kind, a.Step = tokens.Kind(kind), State(step)
	if address != "invalid IP" { // what the zero address prints
		var err error
		if a.Address, err = netip.ParseAddr(address); err != nil {
			return nil, errCodec
		}
	}
	return a, nil
}

// readEnd reads what stands behind the texts; false where it is not what a version has there.
func (a *Attempt) readEnd(version byte, b []byte) bool {
	switch version {
	case 1:
		return len(b) == 0
	case 2:
		if len(b) != 1 || b[0] > markConsole {
			return false
		}
	default:
		if len(b) != 2 || b[0] >= marks || b[1] >= byte(pages) {
			return false
		}
		a.Page = Page(b[1])
	}
	a.Console, a.Admins, a.ByClient = b[0]&markConsole != 0, b[0]&markAdmins != 0, b[0]&markByClient != 0
	return true
}
