package site

import (
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

// UserTicket is the user_ticket of an in-client sign-in. Whoever has it and the
// app's token can read what it opens: keep it as a secret, or better not at all.
// It prints as none of its text.
type UserTicket string

// validTicket refuses what can be no user_ticket.
func validTicket(s string) bool {
	return s != "" && len(s) <= protocol.CodeMaxBytes && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
}
