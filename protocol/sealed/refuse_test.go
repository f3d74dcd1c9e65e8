package sealed

import (
	"bytes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"testing"
)

// resign gives any text a good signature: what is refused then is refused for
// what it is.
func resign(c *Codec, encrypt string) Packet {
	return Packet{Encrypt: encrypt, Timestamp: "12", Nonce: "n", Signature: c.Signature("12", "n", encrypt)}
}

func rawEncrypt(c *Codec, plain []byte) string {
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(c.block, c.iv[:]).CryptBlocks(out, plain)
	return base64.StdEncoding.EncodeToString(out)
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	good, _ := vectors(t)
	c := good[0].codec(t)
	e, _ := c.Seal([]byte("hello"), "id", "12", "n")
	text := e.Encrypt

	// plain makes 64 bytes: random, length, body filled up, then a tail.
	plain := func(length uint32, tail ...byte) []byte {
		b := binary.BigEndian.AppendUint32(make([]byte, randomLen), length)
		b = append(b, bytes.Repeat([]byte{'x'}, 64-len(b)-len(tail))...)
		return append(b, tail...)
	}
	pad := func(n int) []byte { return bytes.Repeat([]byte{byte(n)}, n) }
	broken := pad(32)
	broken[0] = 31

	for name, row := range map[string]struct {
		encrypt string
		want    error
	}{
		"empty":                  {"", refusedEncoding},
		"line feed inside":       {text[:8] + "\n" + text[8:], refusedEncoding},
		"line feeds by four":     {text[:8] + "\r\n\r\n" + text[8:], refusedEncoding},
		"line feeds at the end":  {text + "\n\n\n\n", refusedEncoding},
		"blanks":                 {text[:8] + "    " + text[8:], refusedEncoding},
		"no base64 padding":      {text[:len(text)-1], refusedEncoding},
		"only base64 padding":    {"====", refusedEncoding},
		"padding in the middle":  {text[:4] + "====" + text[4:], refusedEncoding},
		"url alphabet":           {"-_-_" + text[4:], refusedEncoding},
		"trailing bits":          {base64.StdEncoding.EncodeToString(make([]byte, 32))[:42] + "B=", refusedEncoding},
		"half a block":           {base64.StdEncoding.EncodeToString(make([]byte, 40)), refusedEncoding},
		"one block":              {base64.StdEncoding.EncodeToString(make([]byte, 16)), refusedEncoding},
		"padding of 0":           {rawEncrypt(c, plain(0, 0)), refusedPadding},
		"padding of 33":          {rawEncrypt(c, plain(0, pad(33)...)), refusedPadding},
		"padding of 255":         {rawEncrypt(c, plain(0, 255)), refusedPadding},
		"first pad byte differs": {rawEncrypt(c, plain(0, broken...)), refusedPadding},
		"last but one differs":   {rawEncrypt(c, plain(0, 3, 1, 3)), refusedPadding},
		"padding over the head":  {rawEncrypt(c, bytes.Repeat([]byte{32}, 32)), refusedPadding},
		"length past the end":    {rawEncrypt(c, plain(44, 1)), refusedPadding},
		"length of 4 GiB":        {rawEncrypt(c, plain(0xffffffff, 1)), refusedPadding},
		"receiveid longer":       {rawEncrypt(c, plain(0, 1)), refusedReceiver},
	} {
		msg, err := c.Open(resign(c, row.encrypt), "id")
		if msg != nil || err != row.want || !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %q %v, want %v", name, msg, err, row.want)
		}
	}

	// The same shapes with nothing wrong open, so the rows above test what they say.
	if _, err := c.Open(resign(c, rawEncrypt(c, plain(43, 1))), ""); err != nil {
		t.Errorf("control row: %v", err)
	}
	if _, err := c.Open(resign(c, rawEncrypt(c, plain(12, pad(32)...))), ""); err != nil {
		t.Errorf("control row: %v", err)
	}
	for _, id := range []string{"ID", "i", "idd", "", "id\x00"} {
		if _, err := c.Open(resign(c, text), id); err != refusedReceiver {
			t.Errorf("receiveid %q: %v", id, err)
		}
	}
}

// Any bit flipped in any part that the sender controls is refused.
func TestBitFlips(t *testing.T) {
	t.Parallel()
	good, _ := vectors(t)
	v := good[2]
	c := v.codec(t)
	flip := func(s string, i int) string {
		b := []byte(s)
		b[i/8] ^= 1 << (i % 8)
		return string(b)
	}
	for i := range len(v.Encrypt) * 8 {
		p := v.packet()
		p.Encrypt = flip(p.Encrypt, i)
		if _, err := c.Open(p, v.ReceiveID); err != refusedSignature {
			t.Fatalf("encrypt bit %d: %v", i, err)
		}
	}
	for i := range len(v.MsgSignature) * 8 {
		p := v.packet()
		p.Signature = flip(p.Signature, i)
		if _, err := c.Open(p, v.ReceiveID); err != refusedSignature {
			t.Fatalf("signature bit %d: %v", i, err)
		}
	}
	for _, p := range []Packet{
		{v.Encrypt, v.MsgSignature, flip(v.Timestamp, 0), v.Nonce}, {v.Encrypt, v.MsgSignature, v.Timestamp, flip(v.Nonce, 0)},
		{v.Encrypt, "", v.Timestamp, v.Nonce}, {v.Encrypt, v.MsgSignature[:39], v.Timestamp, v.Nonce}, {v.Encrypt, v.MsgSignature + "0", v.Timestamp, v.Nonce},
	} {
		if _, err := c.Open(p, v.ReceiveID); err != refusedSignature {
			t.Errorf("%+v: %v", p, err)
		}
	}
}

func FuzzOpen(f *testing.F) {
	good, bad := vectors(f)
	for _, v := range append(good, bad...) {
		f.Add(v.Encrypt, v.ReceiveID)
	}
	c := good[0].codec(f)
	f.Fuzz(func(t *testing.T, encrypt, receiveID string) {
		msg, err := c.Open(resign(c, encrypt), receiveID)
		if err == nil {
			if again, err := c.Open(resign(c, c.encrypt([randomLen]byte{}, msg, receiveID)), receiveID); err != nil || !bytes.Equal(again, msg) {
				t.Fatalf("%q does not survive: %v", msg, err)
			}
		} else if !errors.Is(err, ErrRefused) || msg != nil {
			t.Fatalf("%q %v", msg, err)
		}
		// Raw blocks reach the unpadding, which random base64 hardly does.
		if blocks := []byte(receiveID); len(blocks) >= 32 {
			raw := rawEncrypt(c, blocks[:len(blocks)&^15])
			if _, err := c.Open(resign(c, raw), encrypt); err != nil && !errors.Is(err, ErrRefused) {
				t.Fatal(err)
			}
		}
	})
}
