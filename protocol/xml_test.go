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
