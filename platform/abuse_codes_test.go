package platform_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/hufu-sso/hufu/platform/platformtest"
	"github.com/hufu-sso/hufu/protocol"
)

// Abuse case 1: no other spelling of a code is the code, and a spent one is 40029.
func TestAbuse1(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	token, code := p.SuiteToken(), newCode(t, p)
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	if strings.Trim(code, alphabet) != "" || len(code) > protocol.CodeMaxBytes {
		t.Fatalf("a code of %d bytes: %s", len(code), code)
	}

	middle := len(code) / 2
	spellings := map[string]string{
		"%0A appended":   code + "%0A",
		"%0A inside":     code[:middle] + "%0A" + code[middle:],
		"%0A in front":   "%0A" + code,
		"%0D%0A inside":  code[:middle] + "%0D%0A" + code[middle:],
		"%0D at the end": code + "%0D",
		"blank appended": code + "%20",
		"plus appended":  code + "+",
		"NUL appended":   code + "%00",
		"padding":        code + "%3D",
		"cut":            code[:len(code)-1],
		"longer":         code + "A",
		"twice":          code + code,
		"other case":     strings.ToUpper(code),
		"very long":      code + strings.Repeat("A", 4000),
		"another code":   newCode(t, p)[:middle] + code[middle:],
		"not UTF-8":      code + "%ff",
	}
	for _, c := range alphabet {
		if last := code[len(code)-1]; byte(c) != last {
			spellings["last character "+string(c)] = code[:len(code)-1] + string(c)
		}
	}
	for name, spelling := range spellings {
		a := send(t, "GET", p.URL()+protocol.PathGetUserInfo3rd+"?"+protocol.QuerySuiteAccessToken+"="+token+"&code="+spelling, "")
		if a.code(t) != protocol.CodeInvalidCode {
			t.Errorf("%s: %s", name, a.body)
		}
	}

	if a := exchange(t, p, token, code); a.code(t) != 0 {
		t.Fatalf("the code itself, after all this: %s", a.body)
	}
	if a := exchange(t, p, token, code); a.code(t) != protocol.CodeInvalidCode {
		t.Errorf("spent: %s", a.body)
	}

	late := newCode(t, p)
	p.Advance(5*60*1e9 - 1e9)
	if a := exchange(t, p, token, newCode(t, p)); a.code(t) != 0 {
		t.Errorf("a fresh code after the clock moved: %s", a.body)
	}
	if a := exchange(t, p, token, late); a.code(t) != 0 {
		t.Errorf("a code of four minutes and 59 seconds: %s", a.body)
	}
	late = newCode(t, p)
	p.Advance(5 * 60 * 1e9)
	if a := exchange(t, p, token, late); a.code(t) != protocol.CodeInvalidCode {
		t.Errorf("a code of five minutes: %s", a.body)
	}
}

// Abuse case 12: where the login link bore a challenge, only its verifier exchanges; where
// it bore none, none may come.
func TestAbuse12(t *testing.T) {
	t.Parallel()
	p := platformtest.Start(t, platformtest.Options{})
	token := p.SuiteToken()
	// The example of RFC 7636, appendix B.
	const verifier, challenge = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
	for _, c := range []struct {
		name      string
		challenge bool
		verifier  string // "-": no parameter
		want      protocol.Code
	}{
		{"missing", true, "-", protocol.CodeInvalidCode},
		{"empty", true, "", protocol.CodeInvalidCode},
		{"wrong", true, verifier[:42] + "x", protocol.CodeInvalidCode},
		{"the challenge itself", true, challenge, protocol.CodeInvalidCode},
		{"unexpected", false, verifier, protocol.CodeInvalidCode},
		{"right", true, verifier, protocol.CodeOK},
		{"neither", false, "-", protocol.CodeOK},
	} {
		t.Run(c.name, func(t *testing.T) {
			link := p.ServiceLink(platformtest.Origin+"/cb", "s")
			if c.challenge {
				link.Set(protocol.ParamCodeChallenge, challenge)
				link.Set(protocol.ParamCodeChallengeMethod, protocol.ChallengeS256)
			}
			page := p.OpenLogin(link)
			p.Control("POST", "/confirm", map[string]string{"qr": page.QR(), "member": p.Sample.CorpID + "/" + p.Sample.Member}, nil)
			code := stateNow(page).AuthCode
			if code == "" {
				t.Fatalf("no code: %+v", stateNow(page))
			}
			query := []string{protocol.QuerySuiteAccessToken, token, protocol.QueryCode, code}
			if c.verifier != "-" {
				query = append(query, protocol.QueryCodeVerifier, c.verifier)
			}
			if a := api(t, p, protocol.PathGetUserInfo3rd, query...); a.code(t) != c.want {
				t.Errorf("%s", a.body)
			}
			if c.want == 0 || !c.challenge {
				return
			}
			// What was refused burned nothing.
			if a := api(t, p, protocol.PathGetUserInfo3rd, append(query[:4], protocol.QueryCodeVerifier, verifier)...); a.code(t) != 0 {
				t.Errorf("the right verifier afterwards: %s", a.body)
			}
		})
	}

	// A method other than S256, or a challenge that is none, begins nothing: falling back
	// to no challenge would be a downgrade.
	for _, c := range []url.Values{
		{"code_challenge": {challenge}, "code_challenge_method": {"plain"}},
		{"code_challenge": {challenge}},
		{"code_challenge": {challenge[:42]}, "code_challenge_method": {"S256"}},
		{"code_challenge": {challenge + "="}, "code_challenge_method": {"S256"}},
		{"code_challenge_method": {"S256"}},
	} {
		link := p.ServiceLink(platformtest.Origin+"/cb", "s")
		for name, v := range c {
			link[name] = v
		}
		if page := p.OpenLogin(link); page.WebKey != "" || page.Status != 400 {
			t.Errorf("%v: %d, key %q", c, page.Status, page.WebKey)
		}
	}
}
