// Package screen is what a person sees of a desktop client at one moment, and what they may
// answer, whether in a window or in a terminal. It has no look and no words.
package screen

import (
	"errors"

	"github.com/hufu-sso/hufu/protocol"
)

// Kind is which screen it is.
type Kind string

// The screens. SignIn… are of the client's own sign-in, the others of a website's.
const (
	Connecting Kind = "connecting" // to the platform; Trouble once that takes longer
	Code       Kind = "code"       // QR code, to be scanned: URL, Renewed, Machine
	Number     Kind = "number"     // Number, to be typed on the phone
	SignedIn   Kind = "signed_in"  // Person, Companies
	Over       Kind = "over"       // not signed in, for a Reason; asks whether to begin again

	Request Kind = "request" // Claimed; asks for a decision
	Ended   Kind = "ended"   // what became of it: Reason
)

// Reasons of Over.
const (
	Expired  = "expired"  // nobody scanned
	Slow     = "slow"     // scanned, not confirmed in time
	Refused  = "refused"  // on the phone
	Reported = "reported" // on the phone: not started by its person
	Removed  = "removed"  // the device was signed in and is no more
	Lost     = "lost"     // confirmed, but the platform did not hand the device over
)

// Reasons of Ended beside the outcomes and refusals of package protocol, which EndedReasons
// lists all.
const Failed = "failed"

// EndedReasons are the reasons of Ended; each has its words.
var EndedReasons = []string{protocol.DesktopConfirmed, protocol.DesktopRefused, protocol.DesktopReported,
	protocol.DesktopNumberWrong, protocol.DesktopBlocked, protocol.DesktopGone, protocol.DesktopOver, protocol.DesktopTaken,
	protocol.DesktopNotAllowed, protocol.DesktopAdminsOnly, Failed}

// OverReasons are the reasons of Over; each has its words.
var OverReasons = []string{Expired, Slow, Refused, Reported, Removed, Lost}

// Problems of an answer to a Request, in Screen.Problem.
const (
	ProblemNumber      = "number"      // not two digits
	ProblemAs          = "as"          // no identity chosen
	ProblemUnreachable = "unreachable" // the platform; the same answer may be given again
)

// Screen is what the person sees. Which fields count, its Kind says.
type Screen struct {
	Kind     Kind
	Platform string // host

	Trouble   bool
	URL       string
	Renewed   bool
	Machine   string
	Number    string
	Person    string
	Companies []protocol.DesktopCompany
	Reason    string

	Claimed protocol.DesktopClaimed
	Problem string
	As      string // chosen before, with a Problem
}

// Asks tells whether the screen waits for an answer.
func (s Screen) Asks() bool { return s.Kind == Over || s.Kind == Request }

// Final tells whether no other screen follows.
func (s Screen) Final() bool { return s.Kind == SignedIn || s.Kind == Ended }

// Strange tells whether the person must be warned.
func (s Screen) Strange() bool { return s.Claimed.Place.NewBrowser || s.Claimed.Place.NewPlace }

// Answer is what a person does on a screen that asks.
type Answer struct {
	Again    bool   // on Over
	Decision string // on Request: protocol.DesktopConfirm, …
	As       string // protocol.DesktopChoice.As; with one choice it may be empty
	Number   string
}

// ErrClosed is the error of an Ask that nobody will answer: the window was closed, the input has
// ended.
var ErrClosed = errors.New("nobody is there to answer")

// Shares are the words that a choice may have for what it shares; each has its text. What a
// client has no words for it does not show to anybody to agree to.
var Shares = []string{protocol.ShareEncrypted, protocol.SharePlain, protocol.ShareOwn, protocol.ShareOpenID,
	protocol.ShareOutside, protocol.ShareAdmin}
