package sandbox

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// Event is what a receiver was sent, opened.
type Event struct {
	Method    string
	Path      string
	ReceiveID string
	Text      string // XML of an event, echo of a URL check
	ToUser    string // the envelope's ToUserName
	Suite     string `xml:"SuiteId"`
	Type      string `xml:"InfoType"`
	Ticket    string `xml:"SuiteTicket"`
}

// Receiver is a site's instruction callback, written from the documents alone (90968).
type Receiver struct {
	URL        string
	Token, Key string // of the callback
	Events     chan Event

	answer func(w http.ResponseWriter, e Event)
}

// Receive listens for events until the test ends. answer, unless it is nil, answers in
// place of the receiver.
func Receive(t testing.TB, token, key string, answer func(w http.ResponseWriter, e Event)) *Receiver {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Receiver{URL: "http://" + l.Addr().String() + "/callback?kept=1", Token: token, Key: key, Events: make(chan Event, 100), answer: answer}
	server := &http.Server{Handler: r}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	return r
}

func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	e, err := r.open(req)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	case r.answer != nil:
		r.answer(w, e)
	case req.Method == http.MethodGet:
		io.WriteString(w, e.Text)
	default:
		io.WriteString(w, "success")
	}
	select {
	case r.Events <- e:
	default: // nobody looks any more
	}
}

func (r *Receiver) open(req *http.Request) (Event, error) {
	q, e := req.URL.Query(), Event{Method: req.Method, Path: req.URL.Path}
	if q.Get("kept") != "1" {
		return e, errors.New("the callback's own query is lost")
	}
	for _, name := range []string{"msg_signature", "timestamp", "nonce"} {
		if len(q[name]) != 1 {
			return e, errors.New(name + " is not there once")
		}
	}
	sealed := q.Get("echostr")
	if req.Method == http.MethodPost {
		raw, err := io.ReadAll(req.Body)
		if err != nil {
			return e, err
		}
		var envelope struct {
			ToUserName, Encrypt string
		}
		if err := xml.Unmarshal(raw, &envelope); err != nil || raw[0] != '<' {
			return e, errors.New("the body is not an envelope")
		}
		sealed, e.ToUser = envelope.Encrypt, envelope.ToUserName
	}
	parts := []string{r.Token, q.Get("timestamp"), q.Get("nonce"), sealed}
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	if hex.EncodeToString(sum[:]) != q.Get("msg_signature") {
		return e, errors.New("the signature is wrong")
	}
	err := r.decrypt(&e, sealed)
	if err == nil && req.Method == http.MethodPost {
		err = xml.Unmarshal([]byte(e.Text), &e)
	}
	return e, err
}

func (r *Receiver) decrypt(e *Event, sealed string) error {
	key, err := base64.RawStdEncoding.DecodeString(r.Key)
	if err != nil {
		return err
	}
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return err
	}
	if len(data) == 0 || len(data)%32 != 0 {
		return errors.New("not padded to 32")
	}
	cipher.NewCBCDecrypter(block, key[:16]).CryptBlocks(data, data)
	pad := int(data[len(data)-1])
	if pad < 1 || pad > 32 {
		return errors.New("bad padding")
	}
	data = data[:len(data)-pad]
	length := int(binary.BigEndian.Uint32(data[16:20]))
	if len(data) < 20+length {
		return errors.New("bad length")
	}
	e.Text, e.ReceiveID = string(data[20:20+length]), string(data[20+length:])
	return nil
}
