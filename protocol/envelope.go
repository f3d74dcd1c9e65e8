package protocol

import "encoding/xml"

// Envelope is the encrypted packet that a callback receives by POST (90968).
// The signature over Encrypt is in the URL.
type Envelope struct {
	// ToUserName is the suite id for suite events. A trace exists in which it
	// was the provider's corpid: receivers must not insist on it.
	ToUserName string
	AgentID    string // empty for suite events
	Encrypt    string // base64
}

// ParseEnvelope reads a packet. The error is ErrMalformed, also when Encrypt
// is missing.
func ParseEnvelope(body []byte) (Envelope, error) {
	var w struct {
		XMLName    xml.Name `xml:"xml"`
		ToUserName string   `xml:"ToUserName"`
		AgentID    string   `xml:"AgentID"`
		Encrypt    string   `xml:"Encrypt"`
	}
	if err := unmarshalXML(body, &w); err != nil {
		return Envelope{}, err
	}
	if w.Encrypt == "" {
		return Envelope{}, ErrMalformed
	}
	return Envelope{ToUserName: w.ToUserName, AgentID: w.AgentID, Encrypt: w.Encrypt}, nil
}

// XML is the packet as it is pushed.
func (e Envelope) XML() []byte {
	b := []byte("<xml>")
	b = appendText(b, "ToUserName", e.ToUserName)
	b = appendText(b, "AgentID", e.AgentID)
	b = appendText(b, "Encrypt", e.Encrypt)
	return append(b, "</xml>"...)
}

// Reply is an encrypted passive reply (90968). Its names differ from those of
// the query that carries the same values the other way.
type Reply struct {
	Encrypt      string
	MsgSignature string
	TimeStamp    string
	Nonce        string
}

// ParseReply reads a passive reply. The error is ErrMalformed.
func ParseReply(body []byte) (Reply, error) {
	var w struct {
		XMLName      xml.Name `xml:"xml"`
		Encrypt      string   `xml:"Encrypt"`
		MsgSignature string   `xml:"MsgSignature"`
		TimeStamp    string   `xml:"TimeStamp"`
		Nonce        string   `xml:"Nonce"`
	}
	if err := unmarshalXML(body, &w); err != nil {
		return Reply{}, err
	}
	if w.Encrypt == "" {
		return Reply{}, ErrMalformed
	}
	return Reply{Encrypt: w.Encrypt, MsgSignature: w.MsgSignature, TimeStamp: w.TimeStamp, Nonce: w.Nonce}, nil
}

// XML is the reply as it is sent. TimeStamp must be a number.
func (r Reply) XML() []byte {
	b := []byte("<xml>")
	b = appendText(b, "Encrypt", r.Encrypt)
	b = appendText(b, "MsgSignature", r.MsgSignature)
	b = appendNumber(b, "TimeStamp", r.TimeStamp)
	b = appendText(b, "Nonce", r.Nonce)
	return append(b, "</xml>"...)
}
