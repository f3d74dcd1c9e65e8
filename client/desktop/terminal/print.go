package terminal

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/protocol"
)

func (t *Terminal) print(s screen.Screen) {
	switch s.Kind {
	case screen.Connecting:
		if s.Trouble {
			t.say(t.t("desktop.connecting.trouble", s.Platform))
		} else {
			t.say(t.t("desktop.connecting.heading"))
		}
	case screen.Code:
		t.printCode(s)
	case screen.Number:
		t.say(t.t("desktop.number.heading") + "  " + plain(s.Number))
		t.say(t.t("desktop.number.help", s.Platform))
	case screen.SignedIn:
		t.printSignedIn(s)
	case screen.Over:
		t.printTold("desktop.over.", s.Reason)
	case screen.Request:
		if s.Problem != "" {
			t.say(t.t("desktop.request.problem." + s.Problem))
		} else {
			t.printRequest(s)
		}
	case screen.Ended:
		t.printTold("desktop.ended.", s.Reason)
	}
}

// printTold prints what has come about, and why.
func (t *Terminal) printTold(keys, reason string) {
	t.say(t.t(keys + reason + ".title"))
	if keys+reason == "desktop.ended."+protocol.DesktopConfirmed {
		t.say(t.t("desktop.terminal.confirmed")) // there is no page to close
		return
	}
	t.say(t.t(keys + reason + ".why"))
}

func (t *Terminal) printCode(s screen.Screen) {
	if s.Renewed {
		t.say(t.t("desktop.code.renewed"))
	} else {
		t.say(t.t("desktop.code.heading"))
	}
	t.say("")
	t.say(blocks(s.URL, t.colour))
	t.say(plain(s.URL))
	t.say("")
	t.say(t.t("desktop.code.machine", s.Machine))
}

func (t *Terminal) printSignedIn(s screen.Screen) {
	t.say(t.t("desktop.signed_in.heading") + "  " + plain(s.Person))
	for _, c := range s.Companies {
		t.say("  " + plain(c.Company) + "  " + plain(c.Name))
	}
	if len(s.Companies) == 0 {
		t.say("  " + t.t("desktop.signed_in.nowhere"))
	}
	t.say(t.t("desktop.terminal.next"))
}

func (t *Terminal) printRequest(s screen.Screen) {
	asker, place := s.Claimed.Asker, s.Claimed.Place
	t.say("")
	t.say(t.t("desktop.request.heading", asker.Brand) + "  " + plain(asker.Domain))
	if asker.Own {
		t.say("  " + t.t("desktop.request.own"))
	}
	if s.Claimed.Admins {
		t.say("  " + t.t("desktop.request.admins"))
	}
	network := "far"
	if place.SameNetwork {
		network = "near"
	}
	t.say(t.t("desktop.request.from") + "  " + plain(cmp.Or(place.Browser, t.t("desktop.request.unknown_browser"))))
	t.say("  " + plain(place.Address) + "  " + t.t("desktop.request."+network))
	if s.Strange() {
		t.say("! " + t.t("desktop.request.strange_"+strange(place)))
		t.say("! " + t.t("desktop.request.strange_help"))
	}
	t.say(t.t("desktop.request.as"))
	for n, c := range s.Claimed.Choices {
		line := "  "
		if len(s.Claimed.Choices) > 1 {
			line += strconv.Itoa(n+1) + "  "
		}
		t.say(line + plain(c.Name) + "  " + plain(cmp.Or(c.Company, t.nowhere(c))))
	}
	if len(s.Claimed.Choices) == 1 {
		t.printShared(s, s.Claimed.Choices[0].As)
	}
}

// strange says what is new.
func strange(p protocol.DesktopPlace) string {
	switch {
	case p.NewBrowser && p.NewPlace:
		return "both"
	case p.NewBrowser:
		return "browser"
	}
	return "place"
}

// nowhere stands in the place of a company.
func (t *Terminal) nowhere(c protocol.DesktopChoice) string {
	if c.Share == protocol.ShareOutside {
		return t.t("desktop.request.outside")
	}
	return t.t("desktop.request.nowhere")
}

// printShared says what the website will learn.
func (t *Terminal) printShared(s screen.Screen, as string) {
	for _, c := range s.Claimed.Choices {
		if c.As != as {
			continue
		}
		brand := s.Claimed.Asker.Brand
		t.say(t.t("desktop.request.shared", brand))
		switch c.Share {
		case protocol.ShareEncrypted:
			t.say("  " + t.t("desktop.share.corp_encrypted") + "  " + t.t("desktop.share.member_encrypted"))
		case protocol.SharePlain:
			t.say("  " + t.t("desktop.share.corp_plain") + " " + plain(c.CorpID) + "  " + t.t("desktop.share.member_plain") + " " + plain(c.UserID))
		case protocol.ShareOwn:
			t.say("  " + t.t("desktop.share.member_plain") + " " + plain(c.UserID))
		case protocol.ShareAdmin:
			t.say("  " + strings.TrimSpace(t.t("desktop.share.admin")+"  "+plain(c.CorpID)))
		default:
			t.say("  " + t.t("desktop.share.openid"))
		}
		t.say("  " + t.t("desktop.share."+c.Share+"_note", brand))
	}
}
