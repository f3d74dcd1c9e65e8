package platformtest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/hufu-sso/hufu/protocol"
)

// Desktop is a person's desktop client as it speaks to the platform: its key, and its id once a
// phone has signed it in. It has nothing on loopback.
type Desktop struct {
	ID  string
	Key ed25519.PrivateKey

	WebKey, Signature, QR string // of its sign-in

	// Change, when set, alters every call after it was signed.
	Change func(*http.Request)

	p *Platform
}

// NewDesktop is a client that has asked to be signed in.
func (p *Platform) NewDesktop(name string) *Desktop {
	p.t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		p.t.Fatal(err)
	}
	d := &Desktop{Key: key, p: p}
	var begun protocol.DesktopEnrolled
	in := protocol.DesktopEnrol{PublicKey: protocol.DesktopEncoding.EncodeToString(public), Name: name}
	if reason := d.Call(protocol.PathDesktopEnrol, in, &begun); reason != "" {
		p.t.Fatalf("enrol: %s", reason)
	}
	d.WebKey, d.Signature, d.QR = begun.WebKey, begun.Signature, begun.URL
	return d
}

// Desktop is a client that a phone of the member CORPID/USERID has signed in.
func (p *Platform) Desktop(member string) *Desktop {
	p.t.Helper()
	d := p.NewDesktop("test · Linux")
	if status := p.Control("POST", "/confirm", map[string]string{"qr": d.QR, "member": member}, nil); status != http.StatusOK {
		p.t.Fatalf("sign a desktop client in as %s: %d", member, status)
	}
	if reason := d.Collect(); reason != "" {
		p.t.Fatalf("collect a desktop client: %s", reason)
	}
	return d
}

// Collect takes the device that a phone has confirmed.
func (d *Desktop) Collect() (reason string) {
	d.p.t.Helper()
	var out protocol.DesktopCollected
	reason = d.Call(protocol.PathDesktopCollect, protocol.DesktopCollect{WebKey: d.WebKey}, &out)
	if reason == "" {
		d.ID = out.DeviceID
	}
	return reason
}

// Wait asks how the client's own sign-in stands once that is not what it knows.
func (d *Desktop) Wait(last protocol.QRStatus) (out protocol.DesktopWaited) {
	d.p.t.Helper()
	if reason := d.Call(protocol.PathDesktopWait, protocol.DesktopWait{WebKey: d.WebKey, LastStatus: last}, &out); reason != "" {
		d.p.t.Fatalf("wait: %s", reason)
	}
	return out
}

// Claim takes over the sign-in of a login page.
func (d *Desktop) Claim(clientKey string) (out protocol.DesktopClaimed, reason string) {
	d.p.t.Helper()
	reason = d.Call(protocol.PathDesktopClaim, protocol.DesktopClaim{ClientKey: clientKey}, &out)
	return out, reason
}

// Decide answers a sign-in that was claimed. change, when set, alters what is signed beside the
// call.
func (d *Desktop) Decide(c protocol.DesktopClaimed, in protocol.DesktopDecide, change func(*protocol.DesktopStatement)) (outcome, reason string) {
	d.p.t.Helper()
	at := d.p.Now().UnixMilli()
	s := protocol.DesktopStatement{Platform: d.p.PublicURL(), Attempt: c.Attempt, ClientKey: in.ClientKey, App: c.App,
		RedirectOrigin: c.RedirectOrigin, As: in.As, Decision: in.Decision, Time: at}
	if change != nil {
		change(&s)
	}
	in.StatementSignature = d.sign(s.Bytes())
	var out protocol.DesktopDecided
	reason = d.callAt(at, protocol.PathDesktopDecide, in, &out)
	return out.Outcome, reason
}

// Call makes a call as the client does, and decodes the answer into out unless that is nil. The
// reason is that of a refusal; "" for none.
func (d *Desktop) Call(path string, in, out any) (reason string) {
	d.p.t.Helper()
	return d.callAt(d.p.Now().UnixMilli(), path, in, out)
}

func (d *Desktop) callAt(at int64, path string, in, out any) (reason string) {
	d.p.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		d.p.t.Fatal(err)
	}
	r, err := http.NewRequest("POST", d.p.URL()+path, bytes.NewReader(body))
	if err != nil {
		d.p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if path == protocol.PathDesktopCollect || path == protocol.PathDesktopWait {
		r.Header.Set("Authorization", d.Signature)
	}
	if path != protocol.PathDesktopEnrol && path != protocol.PathDesktopWait {
		d.signCall(r, at, body)
	}
	if d.Change != nil {
		d.Change(r)
	}
	var raw json.RawMessage
	if status := d.p.do(r, &raw); status != http.StatusOK {
		var failed protocol.DesktopFailure
		if json.Unmarshal(raw, &failed) != nil || failed.Reason == "" {
			d.p.t.Fatalf("%s: %d %.300s", path, status, raw)
		}
		return failed.Reason
	}
	if out != nil && json.Unmarshal(raw, out) != nil {
		d.p.t.Fatalf("%s: %.300s", path, raw)
	}
	return ""
}

func (d *Desktop) signCall(r *http.Request, at int64, body []byte) {
	nonce := make([]byte, protocol.DesktopNonceBytes)
	rand.Read(nonce)
	call := protocol.DesktopCall{Platform: d.p.PublicURL(), Method: r.Method, Path: r.URL.Path, Time: at,
		Nonce: protocol.DesktopEncoding.EncodeToString(nonce), Body: body}
	if d.ID != "" {
		r.Header.Set(protocol.HeaderDevice, d.ID)
	}
	r.Header.Set(protocol.HeaderTime, strconv.FormatInt(at, 10))
	r.Header.Set(protocol.HeaderNonce, call.Nonce)
	r.Header.Set(protocol.HeaderSignature, d.sign(call.Bytes()))
}

func (d *Desktop) sign(text []byte) string {
	return protocol.DesktopEncoding.EncodeToString(ed25519.Sign(d.Key, text))
}

// ClientKey is the key by which the page hands its sign-in to a desktop client; "" where there
// is none to be had.
func (l *LoginPage) ClientKey() string {
	l.p.t.Helper()
	return l.ClientKeyAs(l.WebKey, l.Signature)
}

// ClientKeyAs is ClientKey with keys of the caller's choice.
func (l *LoginPage) ClientKeyAs(webKey, signature string) string {
	l.p.t.Helper()
	body, err := json.Marshal(protocol.ClientKeyRequest{WebKey: webKey})
	if err != nil {
		l.p.t.Fatal(err)
	}
	r, err := http.NewRequest("POST", l.p.URL()+protocol.PathLoginDesktop, bytes.NewReader(body))
	if err != nil {
		l.p.t.Fatal(err)
	}
	if signature != "" {
		r.Header.Set("Authorization", signature)
	}
	var answer protocol.ClientKeyAnswer
	l.p.do(r, &answer)
	return answer.Data.ClientKey
}
