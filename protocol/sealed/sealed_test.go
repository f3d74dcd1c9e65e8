package sealed

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/protocol"
)

type vector struct {
	Name           string `json:"name"`
	Want           string `json:"want"`
	Token          string `json:"token"`
	EncodingAESKey string `json:"encoding_aes_key"`
	ReceiveID      string `json:"receive_id"`
	Timestamp      string `json:"timestamp"`
	Nonce          string `json:"nonce"`
	Message        string `json:"message"`
	Encrypt        string `json:"encrypt"`
	MsgSignature   string `json:"msg_signature"`
	RandomHex      string `json:"random_hex"`
}

func (v vector) packet() Packet {
	return Packet{Encrypt: v.Encrypt, Signature: v.MsgSignature, Timestamp: v.Timestamp, Nonce: v.Nonce}
}

func (v vector) codec(t testing.TB) *Codec {
	t.Helper()
	key, err := ParseKey(v.EncodingAESKey)
	if err != nil {
		t.Fatal(err)
	}
	return New(v.Token, key)
}

func vectors(t testing.TB) (good, bad []vector) {
	t.Helper()
	data, err := os.ReadFile("testdata/crypto.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Vectors, Negative []vector }
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Vectors) != 10 || len(file.Negative) != 5 {
		t.Fatalf("%d vectors, %d negatives", len(file.Vectors), len(file.Negative))
	}
	return file.Vectors, file.Negative
}

// Nine implementations agree on these, byte for byte, both ways.
func TestVectors(t *testing.T) {
	t.Parallel()
	good, _ := vectors(t)
	for _, v := range good {
		c := v.codec(t)
		msg, err := c.Open(v.packet(), v.ReceiveID)
		if err != nil || string(msg) != v.Message {
			t.Errorf("%s: opened %q, %v", v.Name, msg, err)
		}
		var random [randomLen]byte
		if n, err := hex.Decode(random[:], []byte(v.RandomHex)); n != randomLen || err != nil {
			t.Fatal(v.Name, err)
		}
		if got := c.encrypt(random, []byte(v.Message), v.ReceiveID); got != v.Encrypt {
			t.Errorf("%s: sealed\n got %s\nwant %s", v.Name, got, v.Encrypt)
		}
		if got := c.Signature(v.Timestamp, v.Nonce, v.Encrypt); got != v.MsgSignature {
			t.Errorf("%s: signature %s, want %s", v.Name, got, v.MsgSignature)
		}
	}
}

func TestNegativeVectors(t *testing.T) {
	t.Parallel()
	_, bad := vectors(t)
	for _, v := range bad {
		want := map[string]error{"signature refused": refusedSignature, "receive id refused": refusedReceiver}[v.Want]
		msg, err := v.codec(t).Open(v.packet(), v.ReceiveID)
		if msg != nil || want == nil || err != want || !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %q, %v, want %v", v.Name, msg, err, want)
		}
	}
}

func TestRoundTrips(t *testing.T) {
	t.Parallel()
	good, _ := vectors(t)
	c := good[0].codec(t)
	for n := range 100 {
		msg := []byte(strings.Repeat("x", n))
		e, sig := c.Seal(msg, "suite", "12", "n")
		if e.ToUserName != "suite" {
			t.Fatalf("ToUserName %q", e.ToUserName)
		}
		parsed, err := protocol.ParseEnvelope(e.XML())
		if err != nil {
			t.Fatal(err)
		}
		if got, err := c.OpenMessage(Query(sig, "12", "n"), parsed, "suite"); err != nil || string(got) != string(msg) {
			t.Errorf("message of %d bytes: %v", n, err)
		}
	}
	first, _ := c.Seal(nil, "", "1", "1")
	if second, _ := c.Seal(nil, "", "1", "1"); first == second {
		t.Error("two packets are equal: no random bytes")
	}
	if echo, err := c.OpenCheck(c.SealCheck("1616140317555161061", "corp", "12", "n"), "corp"); err != nil || string(echo) != "1616140317555161061" {
		t.Errorf("url check: %q %v", echo, err)
	}
	reply, err := protocol.ParseReply(c.SealReply([]byte("hello"), "corp", "12", "n").XML())
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.OpenReply(reply, "corp"); err != nil || string(got) != "hello" {
		t.Errorf("reply: %q %v", got, err)
	}
}

func TestQueryNamesOnceEach(t *testing.T) {
	t.Parallel()
	good, _ := vectors(t)
	c := good[0].codec(t)
	for _, name := range []string{"msg_signature", "timestamp", "nonce", "echostr"} {
		q := c.SealCheck("1", "corp", "12", "n")
		q.Add(name, q.Get(name))
		if _, err := c.OpenCheck(q, "corp"); err != refusedQuery {
			t.Errorf("%s twice: %v", name, err)
		}
		q.Del(name)
		if _, err := c.OpenCheck(q, "corp"); err != refusedQuery {
			t.Errorf("%s absent: %v", name, err)
		}
	}
}

func TestParseKey(t *testing.T) {
	t.Parallel()
	const sample = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C" // trailing bits set
	k, err := ParseKey(sample)
	if err != nil {
		t.Fatal(err)
	}
	if same, err := ParseKey(sample[:42] + "A"); err != nil || same != k {
		t.Errorf("trailing bits matter: %v", err)
	}
	for _, s := range []string{"", sample[:42], sample + "=", sample + "A", sample[:42] + "\n", sample[:20] + "\r" + sample[21:],
		sample[:42] + "=", sample[:42] + "-", sample[:42] + " ", sample[:40] + "虎"} {
		if _, err := ParseKey(s); err != ErrKey {
			t.Errorf("%q: %v", s, err)
		}
	}
	for token, ok := range map[string]bool{"QDG6eK": true, strings.Repeat("a", 32): true, "": false, strings.Repeat("a", 33): false, "a-b": false, "a\n": false} {
		if (CheckToken(token) == nil) != ok {
			t.Errorf("token %q: %v", token, CheckToken(token))
		}
	}
}

// A Codec that lost its settings must refuse, not accept what anyone can sign.
func TestUnsetCodecOpensNothing(t *testing.T) {
	t.Parallel()
	good, _ := vectors(t)
	key, _ := ParseKey(good[0].EncodingAESKey)
	for name, c := range map[string]*Codec{"no token": New("", key), "zero key": New("t", Key{}), "zero codec": {}} {
		p := good[0].packet()
		p.Signature = c.Signature(p.Timestamp, p.Nonce, p.Encrypt)
		if _, err := c.Open(p, good[0].ReceiveID); err != refusedCodec {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNothingSecretPrints(t *testing.T) {
	t.Parallel()
	good, _ := vectors(t)
	key, _ := ParseKey(good[0].EncodingAESKey)
	c := New("canaryToken", key)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		if s := fmt.Sprintf(verb+verb+verb, c, key, struct{ K Key }{key}); strings.Contains(s, "canary") || strings.Contains(s, "105") || strings.Contains(s, "8d69") || strings.Contains(s, "0x") {
			t.Errorf("%s shows %s", verb, s)
		}
	}
}
