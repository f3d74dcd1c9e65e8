package protocol

import (
	"crypto/ed25519"
	"testing"
)

var desktopCall = DesktopCall{Platform: "https://id.example.com", Method: "POST", Path: PathDesktopClaim,
	Time: 1790000000000, Nonce: "AAECAwQFBgcICQoLDA0ODw", Body: []byte(`{"client_key":"k"}`)}

var desktopStatement = DesktopStatement{Platform: "https://id.example.com", Attempt: "0123456789abcdef0123456789abcdef",
	ClientKey: "k", App: "wwsuite", RedirectOrigin: "https://a.example", As: "7", Decision: DesktopConfirm, Time: 1790000000000}

// The bytes are what two programs must agree on: changing one of them is another version.
func TestDesktopBytes(t *testing.T) {
	for _, test := range []struct{ name, got, want string }{
		{"call", string(desktopCall.Bytes()), `hufu desktop call v1
platform 22 https://id.example.com
method 4 POST
path 14 /desktop/claim
time 13 1790000000000
nonce 22 AAECAwQFBgcICQoLDA0ODw
body 64 952a7aed11e1019ef16d7e271e0712ac960a290a9ac4efc6a26218201c046be6
`},
		{"empty call", string(DesktopCall{}.Bytes()), "hufu desktop call v1\nplatform 0 \nmethod 0 \npath 0 \ntime 1 0\nnonce 0 \n" +
			"body 64 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"},
		{"statement", string(desktopStatement.Bytes()), `hufu desktop statement v1
platform 22 https://id.example.com
attempt 32 0123456789abcdef0123456789abcdef
key 64 8254c329a92850f6d539dd376f4816ee2764517da5e0235514af433164480d7a
app 7 wwsuite
origin 17 https://a.example
as 1 7
decision 7 confirm
time 13 1790000000000
`},
	} {
		if test.got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", test.name, test.got, test.want)
		}
	}
}

// With the seed 0, 1, 2, … 31, as RFC 8032 signs.
func TestDesktopSignatures(t *testing.T) {
	seed := make([]byte, ed25519.SeedSize)
	for i := range seed {
		seed[i] = byte(i)
	}
	key := ed25519.NewKeyFromSeed(seed)
	for _, test := range []struct {
		name  string
		bytes []byte
		want  string
	}{
		{"public key", nil, "A6EHv_POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg"},
		{"call", desktopCall.Bytes(), "7871IWLr4DMF227_zXXPl1P-iuEHONzHWWuOxIuqNUZ1r88lOWNn31gLNtQdP4k4ozLB8kHFEeuxKGQ2AhmXDQ"},
		{"statement", desktopStatement.Bytes(), "no7B5uZBUwbTx0OuVBtK8K66f6mhH7WBE1IlOevjvIeVNdxSw-t9xdGZ64h6mQ6y7Hm1Oh_NwwlXq6Z1Y4CaAw"},
	} {
		raw := ed25519.Sign(key, test.bytes)
		if test.bytes == nil {
			raw = key.Public().(ed25519.PublicKey)
		}
		if got := DesktopEncoding.EncodeToString(raw); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// Each field counts, and no text can pass for the end of one and the beginning of the next.
func TestDesktopBytesDiffer(t *testing.T) {
	seen := map[string]string{}
	add := func(name string, b []byte) {
		if other, ok := seen[string(b)]; ok {
			t.Errorf("%s and %s have the same bytes", name, other)
		}
		seen[string(b)] = name
	}
	for name, change := range map[string]func(*DesktopCall){
		"nothing": func(*DesktopCall) {}, "platform": func(c *DesktopCall) { c.Platform += "x" }, "method": func(c *DesktopCall) { c.Method = "GET" },
		"path": func(c *DesktopCall) { c.Path = PathDesktopDecide }, "time": func(c *DesktopCall) { c.Time++ },
		"nonce": func(c *DesktopCall) { c.Nonce += "A" }, "body": func(c *DesktopCall) { c.Body = []byte(`{"client_key":"l"}`) },
		"a line within": func(c *DesktopCall) { c.Platform, c.Method = c.Platform+"\nmethod 4 POST", "" },
	} {
		c := desktopCall
		change(&c)
		add("call, "+name, c.Bytes())
	}
	for name, change := range map[string]func(*DesktopStatement){
		"nothing": func(*DesktopStatement) {}, "platform": func(s *DesktopStatement) { s.Platform += "x" },
		"attempt": func(s *DesktopStatement) { s.Attempt += "0" }, "key": func(s *DesktopStatement) { s.ClientKey = "l" },
		"app": func(s *DesktopStatement) { s.App += "x" }, "origin": func(s *DesktopStatement) { s.RedirectOrigin += "x" },
		"as": func(s *DesktopStatement) { s.As = "8" }, "decision": func(s *DesktopStatement) { s.Decision = DesktopRefuse },
		"time":          func(s *DesktopStatement) { s.Time++ },
		"a line within": func(s *DesktopStatement) { s.As, s.Decision = "7\ndecision 7 confirm", "" },
	} {
		s := desktopStatement
		change(&s)
		add("statement, "+name, s.Bytes())
	}
}
