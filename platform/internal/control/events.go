package control

import (
	"context"
	"database/sql"
	"errors"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/push"
	"github.com/hufu-sso/hufu/protocol"
)

// made is what a made-up event is about.
type made struct {
	Corp   string `json:"corp"`   // corpid, plain; of create_auth, change_auth and cancel_auth
	Member string `json:"member"` // CORPID/USERID; of change_contact
	Change string `json:"change"` // ChangeType of change_contact; default update_user
}

// makeEvent makes an event as a suite would be sent it, without the thing that it tells of:
// nothing is installed, changed or removed. The ids are those that the provider sees.
func (h *Handler) makeEvent(ctx context.Context, suite *apps.App, infoType string, in made) (push.Event, error) {
	corp, member, err := h.about(ctx, infoType, in)
	if err != nil {
		return push.Event{}, err
	}
	installed, err := h.installation(ctx, suite, corp)
	if err != nil {
		return push.Event{}, err
	}
	var reach *apps.Reach
	err = h.Apps.Update(ctx, func(tx *sql.Tx) error {
		reach, err = h.Apps.ReachIn(ctx, tx, installed.Row)
		return err
	})
	if err != nil {
		return push.Event{}, err
	}
	e := protocol.Event{SuiteID: suite.SuiteID, InfoType: infoType, TimeStamp: h.Clock.Now().Unix(), AuthCorpID: reach.CorpIDShown()}
	switch infoType {
	case protocol.EventCreateAuth:
		// The real one names no company: its code says which (90642).
		e.AuthCorpID, e.State = "", reach.State
		e.AuthCode = h.mintInstall(installed, directory.Admin{Person: installed.InstalledBy})
	case protocol.EventChangeAuth:
		e.State = reach.State
	case protocol.EventChangeContact:
		if e.ChangeType, e.Contact, err = contact(reach, member, in.Change); err != nil {
			return push.Event{}, err
		}
	}
	return push.Event{Suite: suite.Row, InfoType: infoType, ChangeType: e.ChangeType, Corp: corp.Row, Body: e.XML()}, nil
}

// about reads the company, and for change_contact the member, of a made-up event.
func (h *Handler) about(ctx context.Context, infoType string, in made) (directory.Corp, directory.Member, error) {
	if infoType == protocol.EventChangeContact {
		if in.Corp != "" {
			return directory.Corp{}, directory.Member{}, bad("change_contact is about a member, CORPID/USERID")
		}
		m, err := h.member(ctx, in.Member)
		return m.Corp, m, err
	}
	if in.Corp == "" || in.Member != "" || in.Change != "" {
		return directory.Corp{}, directory.Member{}, bad(infoType + " is about a corp, by its corpid, and nothing else")
	}
	corp, err := h.Directory.CorpByCorpID(ctx, in.Corp)
	if errors.Is(err, directory.ErrNotFound) {
		err = unknown("there is no company " + in.Corp)
	}
	return corp, directory.Member{}, err
}

// contact is a member as change_contact shows one to a third party (90639).
func contact(r *apps.Reach, m directory.Member, change string) (string, protocol.Contact, error) {
	id := r.UserIDShown(m.Row, m.UserID)
	c := protocol.Contact{UserID: id, OpenUserID: r.OpenUserID(m.Row)}
	switch change {
	case "":
		change = protocol.ChangeUpdateUser
	case protocol.ChangeCreateUser:
		c.Name = id
	case protocol.ChangeUpdateUser, protocol.ChangeDeleteUser:
	default:
		return "", c, bad("change is create_user, update_user or delete_user")
	}
	return change, c, nil
}
