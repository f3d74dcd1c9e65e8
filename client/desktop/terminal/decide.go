package terminal

import (
	"context"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/hufu-sso/hufu/client/desktop/screen"
	"github.com/hufu-sso/hufu/protocol"
)

// decide asks as whom, where there is a choice, and what to do.
func (t *Terminal) decide(ctx context.Context, s screen.Screen) (screen.Answer, error) {
	as := s.As
	for as == "" && len(s.Claimed.Choices) > 1 {
		text, err := t.line(ctx, t.t("desktop.terminal.as", strconv.Itoa(len(s.Claimed.Choices))))
		if err != nil {
			return screen.Answer{}, err
		}
		switch n, err := strconv.Atoi(norm.NFKC.String(text)); {
		case err == nil && n >= 1 && n <= len(s.Claimed.Choices):
			as = s.Claimed.Choices[n-1].As
		case t.negative(text) != "":
			return screen.Answer{Decision: t.negative(text)}, nil
		default:
			t.say(t.t("desktop.terminal.no_such"))
		}
	}
	if as != "" {
		t.printShared(s, as)
	}
	for {
		text, err := t.line(ctx, t.t("desktop.terminal.decide"))
		if err != nil {
			return screen.Answer{}, err
		}
		text = norm.NFKC.String(text) // full-width digits of Chinese keyboards count as digits
		switch decision := t.negative(text); {
		case decision != "":
			return screen.Answer{Decision: decision, As: as}, nil
		case len(text) == 2 && strings.Trim(text, "0123456789") == "":
			return screen.Answer{Decision: protocol.DesktopConfirm, As: as, Number: text}, nil
		}
		t.say(t.t("desktop.terminal.not_understood"))
	}
}

// negative reads an answer that says no, or is empty. The buttons' words count too.
func (t *Terminal) negative(text string) string {
	switch strings.ToLower(text) {
	case "r", strings.ToLower(t.t("desktop.request.refuse")):
		return protocol.DesktopRefuse
	case "n", strings.ToLower(t.t("desktop.request.report")):
		return protocol.DesktopReport
	}
	return ""
}
