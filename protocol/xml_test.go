package protocol

import (
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestEventForms(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]Event{
		`<xml><SuiteId><![CDATA[ww4asffe99e54c0f4c]]></SuiteId><InfoType><![CDATA[suite_ticket]]></InfoType><TimeStamp>1403610513</TimeStamp><SuiteTicket><![CDATA[asdfasfdasdfasdf]]></SuiteTicket></xml>`:                {SuiteID: "ww4asffe99e54c0f4c", InfoType: EventSuiteTicket, TimeStamp: 1403610513, SuiteTicket: "asdfasfdasdfasdf"},
		`<xml><SuiteId><![CDATA[ww4asffe99e54c0f4c]]></SuiteId><AuthCode><![CDATA[AUTHCODE]]></AuthCode><InfoType><![CDATA[create_auth]]></InfoType><TimeStamp>1403610513</TimeStamp><State><![CDATA[123]]></State></xml>`: {SuiteID: "ww4asffe99e54c0f4c", InfoType: EventCreateAuth, TimeStamp: 1403610513, AuthCode: "AUTHCODE", State: "123"},
		`<xml><SuiteId><![CDATA[ww4asffe99e54c0f4c]]></SuiteId><InfoType><![CDATA[cancel_auth]]></InfoType><TimeStamp>1403610513</TimeStamp><AuthCorpId><![CDATA[wxf8b4f85f3a794e77]]></AuthCorpId></xml>`:                 {SuiteID: "ww4asffe99e54c0f4c", InfoType: EventCancelAuth, TimeStamp: 1403610513, AuthCorpID: "wxf8b4f85f3a794e77"},
	} {
		got, err := ParseEvent([]byte(body))
		want.Body = []byte(body)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %+v %v", body, got, err)
		}
		if out := string(got.XML()); out != body {
			t.Errorf("written\n got %s\nwant %s", out, body)
		}
	}
}

// Hand-written packets differ in blanks, order and CDATA.
func TestEventTolerance(t *testing.T) {
	t.Parallel()
	got, err := ParseEvent([]byte("\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<xml>\n <TimeStamp><![CDATA[ 12 ]]></TimeStamp>\n" +
		" <InfoType>change_app_admin</InfoType><New><SuiteId>inner</SuiteId></New>\n <SuiteId>a&amp;b</SuiteId>\n</xml>\n\n"))
	if err != nil || got.TimeStamp != 12 || got.InfoType != "change_app_admin" || got.SuiteID != "a&b" {
		t.Errorf("%+v %v", got, err)
	}
}

// Events of contacts carry what is set and nothing else; numbers stand bare, ids lists as text.
func TestContactEvents(t *testing.T) {
	t.Parallel()
	zero := int64(0)
	const head = `<xml><SuiteId><![CDATA[s]]></SuiteId><InfoType><![CDATA[change_contact]]></InfoType><TimeStamp>1403610513</TimeStamp><AuthCorpId><![CDATA[c]]></AuthCorpId><ChangeType><![CDATA[`
	for _, c := range []struct {
		change  string
		contact Contact
		want    string
	}{
		{ChangeCreateUser, Contact{UserID: "zhangsan", OpenUserID: "o", Name: "zhangsan", Department: []int64{1, 2, 3}, MainDepartment: 1, IsLeaderInDept: []int64{1, 0, 0}, Gender: "0"},
			`<UserID><![CDATA[zhangsan]]></UserID><OpenUserID><![CDATA[o]]></OpenUserID><Name><![CDATA[zhangsan]]></Name><Department><![CDATA[1,2,3]]></Department><MainDepartment>1</MainDepartment><IsLeaderInDept><![CDATA[1,0,0]]></IsLeaderInDept><Gender>0</Gender>`},
		{ChangeUpdateUser, Contact{UserID: "zhangsan", NewUserID: "zhangsan2"},
			`<UserID><![CDATA[zhangsan]]></UserID><NewUserID><![CDATA[zhangsan2]]></NewUserID>`},
		{ChangeDeleteUser, Contact{UserID: "zhangsan"}, `<UserID><![CDATA[zhangsan]]></UserID>`},
		{ChangeCreateParty, Contact{ID: 2, Name: "2", ParentID: 1, Order: &zero}, `<Id>2</Id><Name><![CDATA[2]]></Name><ParentId>1</ParentId><Order>0</Order>`},
		{ChangeDeleteParty, Contact{ID: 2}, `<Id>2</Id>`},
		{ChangeUpdateTag, Contact{TagID: 1, AddUserItems: []string{"a", "b"}, DelPartyItems: []int64{3, 4}},
			`<TagId>1</TagId><AddUserItems><![CDATA[a,b]]></AddUserItems><DelPartyItems><![CDATA[3,4]]></DelPartyItems>`},
	} {
		e := Event{SuiteID: "s", InfoType: EventChangeContact, TimeStamp: 1403610513, AuthCorpID: "c", ChangeType: c.change, Contact: c.contact}
		body := head + c.change + `]]></ChangeType>` + c.want + `</xml>`
		if out := string(e.XML()); out != body {
			t.Errorf("written\n got %s\nwant %s", out, body)
		}
		e.Body = []byte(body)
		if got, err := ParseEvent([]byte(body)); err != nil || !reflect.DeepEqual(got, e) {
			t.Errorf("%s\n got %+v %v", body, got, err)
		}
	}
	// Numbers in CDATA and blanks are seen in the field; a number that is none is refused.
	const event = `<xml><InfoType>change_contact</InfoType><TimeStamp>1</TimeStamp><Id><![CDATA[ 7 ]]></Id><Department> 1, 2 </Department></xml>`
	if got, err := ParseEvent([]byte(event)); err != nil || got.Contact.ID != 7 || !reflect.DeepEqual(got.Contact.Department, []int64{1, 2}) {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := ParseEvent([]byte(strings.Replace(event, " 7 ", "x7", 1))); !errors.Is(err, ErrMalformed) {
		t.Errorf("an id that is no number: %v", err)
	}
	// In other events those names mean other things.
	if _, err := ParseEvent([]byte(`<xml><InfoType>other</InfoType><TimeStamp>1</TimeStamp><Id>x7</Id></xml>`)); err != nil {
		t.Errorf("another event: %v", err)
	}
}

func TestXMLRefuses(t *testing.T) {
	t.Parallel()
	const event = `<xml><SuiteId>s</SuiteId><InfoType>i</InfoType><TimeStamp>1</TimeStamp></xml>`
	for _, body := range []string{
		``, `{}`, `<xml>`, `<x></x>`, `<xml></xml>`, event + `x`, event + event, strings.Replace(event, ">1<", ">-1<", 1),
		strings.Replace(event, ">1<", ">1e3<", 1), strings.Replace(event, ">i<", "><", 1),
		`<!DOCTYPE xml [<!ENTITY e "boom">]>` + strings.Replace(event, ">i<", ">&e;<", 1),
	} {
		if _, err := ParseEvent([]byte(body)); !errors.Is(err, ErrMalformed) {
			t.Errorf("event %q: %v", body, err)
		}
		if _, err := ParseEnvelope([]byte(body)); !errors.Is(err, ErrMalformed) {
			t.Errorf("envelope %q: %v", body, err)
		}
		if _, err := ParseReply([]byte(body)); !errors.Is(err, ErrMalformed) {
			t.Errorf("reply %q: %v", body, err)
		}
	}
}

func TestEnvelopeForms(t *testing.T) {
	t.Parallel()
	const packet = `<xml><ToUserName><![CDATA[suite]]></ToUserName><AgentID><![CDATA[]]></AgentID><Encrypt><![CDATA[abc=]]></Encrypt></xml>`
	e, err := ParseEnvelope([]byte(packet))
	if err != nil || e != (Envelope{ToUserName: "suite", Encrypt: "abc="}) || string(e.XML()) != packet {
		t.Errorf("%+v %v %s", e, err, e.XML())
	}
	const reply = `<xml><Encrypt><![CDATA[abc=]]></Encrypt><MsgSignature><![CDATA[f00]]></MsgSignature><TimeStamp>12</TimeStamp><Nonce><![CDATA[n]]></Nonce></xml>`
	r, err := ParseReply([]byte(reply))
	if err != nil || r != (Reply{Encrypt: "abc=", MsgSignature: "f00", TimeStamp: "12", Nonce: "n"}) || string(r.XML()) != reply {
		t.Errorf("%+v %v %s", r, err, r.XML())
	}
}

func FuzzEvent(f *testing.F) {
	f.Add("s", "suite_ticket", int64(1), "a]]>b", "\x00\r\n\xff")
	f.Add("", "x", int64(0), "<![CDATA[", "&lt;😀")
	f.Fuzz(func(t *testing.T, suite, kind string, stamp int64, ticket, state string) {
		if kind == "" || stamp < 0 {
			t.Skip()
		}
		in := Event{SuiteID: suite, InfoType: kind, TimeStamp: stamp, SuiteTicket: ticket, State: state}
		body := in.XML()
		if body[0] != '<' {
			t.Fatalf("begins with %q", body[0])
		}
		out, err := ParseEvent(body)
		if err != nil {
			t.Fatalf("%s: %v", body, err)
		}
		if out.TimeStamp != stamp || out.SuiteTicket != readBack(ticket) || out.State != readBack(state) || out.SuiteID != readBack(suite) {
			t.Fatalf("%s: %+v", body, out)
		}
	})
}

// readBack is what an XML parser makes of s: line ends become \n.
func readBack(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(cdata0(s), "\r\n", "\n"), "\r", "\n")
}

func cdata0(s string) string { return strings.ReplaceAll(cdata(s), "]]]]><![CDATA[>", "]]>") }

func FuzzParseXML(f *testing.F) {
	f.Add([]byte(`<xml><Encrypt>a</Encrypt><InfoType>i</InfoType><TimeStamp>1</TimeStamp></xml>`))
	f.Add([]byte(`<xml a="b"><xml/></xml>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if e, err := ParseEvent(body); err == nil {
			if _, err := ParseEvent(e.XML()); err != nil {
				t.Fatalf("%q: %v", e.XML(), err)
			}
		}
		if e, err := ParseEnvelope(body); err == nil {
			if _, err := ParseEnvelope(e.XML()); err != nil {
				t.Fatalf("%q: %v", e.XML(), err)
			}
		}
		_, _ = ParseReply(body)
	})
}
