package protocol

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
)

// InfoType values of an Event.
const (
	EventSuiteTicket        = "suite_ticket"         // 90628
	EventCreateAuth         = "create_auth"          // 90642
	EventChangeAuth         = "change_auth"          // 90642
	EventCancelAuth         = "cancel_auth"          // 90642
	EventResetPermanentCode = "reset_permanent_code" // 97175
	EventChangeContact      = "change_contact"       // 90639
)

// EventAnswer is the one body with which a receiver acknowledges an event (97172).
const EventAnswer = "success"

// Event is what the platform pushes to a suite's instruction callback
// (指令回调URL), decrypted. Which fields are set depends on InfoType.
type Event struct {
	SuiteID  string
	InfoType string
	// TimeStamp is when the event was made, unix seconds.
	TimeStamp int64
	// SuiteTicket comes every 10 minutes, is valid for 30, and has at most
	// 512 bytes.
	SuiteTicket string
	// AuthCode lives 10 minutes; the event wants its answer within 1000 ms.
	AuthCode   string
	AuthCorpID string
	State      string
	ExtraInfo  string
	// ChangeType says what a change_contact tells of: see the Change constants.
	ChangeType string
	// Contact holds the fields of a change_contact.
	Contact Contact
	// Body is the whole event as it was received, for events and fields that
	// are not listed here. It is ignored by XML.
	Body []byte
}

// ParseEvent reads a decrypted event. The error is ErrMalformed; an InfoType
// without a constant here is no error, as new ones appear.
func ParseEvent(body []byte) (Event, error) {
	var w struct {
		XMLName     xml.Name `xml:"xml"`
		SuiteID     string   `xml:"SuiteId"`
		InfoType    string   `xml:"InfoType"`
		TimeStamp   string   `xml:"TimeStamp"`
		SuiteTicket string   `xml:"SuiteTicket"`
		AuthCode    string   `xml:"AuthCode"`
		AuthCorpID  string   `xml:"AuthCorpId"`
		State       string   `xml:"State"`
		ExtraInfo   string   `xml:"ExtraInfo"`
		ChangeType  string   `xml:"ChangeType"`
	}
	if err := unmarshalXML(body, &w); err != nil {
		return Event{}, err
	}
	stamp, err := strconv.ParseInt(strings.TrimSpace(w.TimeStamp), 10, 64)
	if err != nil || stamp < 0 || w.InfoType == "" {
		return Event{}, ErrMalformed
	}
	e := Event{
		SuiteID: w.SuiteID, InfoType: w.InfoType, TimeStamp: stamp,
		SuiteTicket: w.SuiteTicket, AuthCode: w.AuthCode, AuthCorpID: w.AuthCorpID,
		State: w.State, ExtraInfo: w.ExtraInfo, ChangeType: w.ChangeType,
		Body: bytes.Clone(body),
	}
	if e.InfoType == EventChangeContact {
		if e.Contact, err = parseContact(body); err != nil {
			return Event{}, err
		}
	}
	return e, nil
}

// XML is the event as it is pushed, before encryption: texts in CDATA, no
// declaration, "<" first (some receivers test that byte).
func (e Event) XML() []byte {
	b := []byte("<xml>")
	b = appendText(b, "SuiteId", e.SuiteID)
	b = appendSet(b, "AuthCode", e.AuthCode)
	b = appendText(b, "InfoType", e.InfoType)
	b = appendNumber(b, "TimeStamp", strconv.FormatInt(e.TimeStamp, 10))
	b = appendSet(b, "SuiteTicket", e.SuiteTicket)
	b = appendSet(b, "AuthCorpId", e.AuthCorpID)
	b = appendSet(b, "ChangeType", e.ChangeType)
	b = appendSet(b, "State", e.State)
	b = appendSet(b, "ExtraInfo", e.ExtraInfo)
	if e.InfoType == EventChangeContact {
		b = e.Contact.append(b)
	}
	return append(b, "</xml>"...)
}
