package site

import (
	"fmt"
	"io"
)

// Format implements fmt.Formatter: a Suite shows its id, never its secret.
func (s *Suite) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "site.Suite("+s.id+")") }

// Format implements fmt.Formatter: a CorpApp shows its corpid, never its secret.
func (a *CorpApp) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "site.CorpApp("+a.corpID+")") }

// Format implements fmt.Formatter: a Provider shows its corpid, never its secret.
func (p *Provider) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "site.Provider("+p.corpID+")")
}

// Format implements fmt.Formatter: an Installed shows suite and corpid, never the
// permanent code.
func (i *Installed) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "site.Installed("+i.suite.id+" in "+i.corpID+")")
}

// Format implements fmt.Formatter: a UserTicket shows that it is one, and no more.
func (t UserTicket) Format(f fmt.State, _ rune) {
	text := "site.UserTicket(***)"
	if t == "" {
		text = "site.UserTicket()"
	}
	_, _ = io.WriteString(f, text)
}
