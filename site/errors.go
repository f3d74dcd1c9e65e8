package site

import (
	"errors"

	"github.com/hufu-sso/hufu/protocol"
)

var (
	// ErrNoTicket: no suite_ticket has arrived for the suite yet. It comes
	// within ten minutes of a working instruction callback (指令回调URL), or at
	// once by the manual refresh in the provider console (90628).
	ErrNoTicket = errors.New("site: no suite_ticket yet")

	// ErrIncomplete: the exchange succeeded but its answer names nobody who may
	// be signed in: corpid or userid is missing or no id at all, or it is a
	// person in no company and AllowOpenID was not given. The code is spent.
	ErrIncomplete = errors.New("site: answer names no member")

	// ErrNotInstalled: the site keeps no installation of the suite by that company.
	ErrNotInstalled = errors.New("site: the company has not installed the suite")

	// ErrAnswer: what came back is no answer of the server API: not JSON, too
	// long, a redirect, an HTTP error, or a token answer without a token. A
	// captive portal, a proxy or a wrong base URL answers so.
	ErrAnswer = errors.New("site: not an answer of the server API")
)

// Withdrawn tells whether err says that a company has withdrawn its
// authorisation: its permanent code is dead (40084, 48004). No other failure
// says so.
func Withdrawn(err error) bool {
	return errors.Is(err, protocol.CodeInvalidPermanentCode) || errors.Is(err, protocol.CodeInvalidAuthorization)
}
