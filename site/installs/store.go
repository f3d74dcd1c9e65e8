package installs

import (
	"context"
	"fmt"
	"io"
	"time"
)

// Install is one company that installed the suite.
type Install struct {
	// CorpID as the provider sees it: compare it exactly, with case.
	CorpID   string `json:"corpid"`
	CorpName string `json:"name"`
	// AgentID is the suite's agentid in the company.
	AgentID int64 `json:"agentid"`
	// Tenant is the account of the site that began the install; empty for one from
	// the app market.
	Tenant string `json:"tenant,omitempty"`
	// Installer is the userid of the administrator who installed; empty for an
	// external one.
	Installer string `json:"installer,omitempty"`
	// Since is when the site learned of it.
	Since time.Time `json:"since"`
	// PermanentCode (永久授权码) is as secret as a password. It is left out of JSON.
	PermanentCode string `json:"-"`
}

// Format implements fmt.Formatter: an Install shows its company, never the
// permanent code.
func (i Install) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "installs.Install("+i.CorpID+")")
}

// Store keeps installs. *Records is one; a site on several machines brings its own,
// and keeps PermanentCode sealed in it.
type Store interface {
	// Keep keeps an install in the place of the company's former one. It must have
	// lasted when it returns.
	Keep(ctx context.Context, suiteID string, i Install) error
	// Find returns a company's install; the error is site.ErrNotInstalled where there
	// is none.
	Find(ctx context.Context, suiteID, corpID string) (Install, error)
	// List returns all installs of a suite, the oldest first.
	List(ctx context.Context, suiteID string) ([]Install, error)
	// Remove removes a company's install if its permanent code is still this one, and
	// tells whether it did: another install may have taken its place.
	Remove(ctx context.Context, suiteID, corpID, permanentCode string) (bool, error)
}
