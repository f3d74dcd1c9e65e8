package demo

import (
	"errors"
	"sync"

	"github.com/hufu-sso/hufu/protocol"
)

// maxShown is how many sessions' details are remembered.
const maxShown = 256

// detail is one thing that a member agreed to show: a locale key and what was said.
type detail struct {
	Key, Field, Value string
}

// details are what came of one user_ticket.
type details struct {
	Rows []detail
	Code int64 // errcode of the call; -1: it could not be made
}

// shown remembers what members agreed to show, for the page alone, by session; a restart
// forgets it. A site that needs more keeps what the person agreed to, for what it was
// agreed to, and no ticket.
type shown struct {
	mu    sync.Mutex // guards all below
	bySID map[string]details
	order []string // session ids, oldest first
}

func (m *shown) add(session string, rows []detail, err error) {
	d := details{Rows: rows}
	if err != nil {
		d.Rows, d.Code = nil, -1
		if answer := (protocol.Failure{}); errors.As(err, &answer) {
			d.Code = int64(answer.ErrCode)
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.bySID == nil {
		m.bySID = map[string]details{}
	}
	if len(m.order) == maxShown {
		delete(m.bySID, m.order[0])
		m.order = m.order[1:]
	}
	m.bySID[session], m.order = d, append(m.order, session)
}

func (m *shown) of(session string) (details, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	d, ok := m.bySID[session]
	return d, ok
}

// suiteDetails and corpAppDetails list what an answer holds. What the member did not agree
// to is not in it; gender "0" and a picture of no one say the same.
func suiteDetails(d protocol.UserDetail3rd) []detail {
	return present([]detail{
		{"detail.name", "name", d.Name}, {"detail.gender", "gender", string(d.Gender)},
		{"detail.avatar", "avatar", d.Avatar}, {"detail.qr_code", "qr_code", d.QRCode},
	})
}

func corpAppDetails(d protocol.UserDetail) []detail {
	return present([]detail{
		{"detail.gender", "gender", string(d.Gender)}, {"detail.avatar", "avatar", d.Avatar},
		{"detail.qr_code", "qr_code", d.QRCode}, {"detail.mobile", "mobile", d.Mobile},
		{"detail.email", "email", d.Email}, {"detail.biz_mail", "biz_mail", d.BizMail}, {"detail.address", "address", d.Address},
	})
}

func present(rows []detail) []detail {
	var kept []detail
	for _, row := range rows {
		if row.Value != "" {
			kept = append(kept, row)
		}
	}
	return kept
}
