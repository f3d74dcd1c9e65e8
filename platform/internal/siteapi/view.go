package siteapi

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/directory"
	"github.com/hufu-sso/hufu/platform/internal/respond"
	"github.com/hufu-sso/hufu/protocol"
)

// view is how a caller sees a corp: a corp's own app sees everything plain; a provider sees
// ids that are encrypted for it, unless the corp installed before that (97104), and for a
// name always the id.
type view struct {
	corp     int64          // row
	holder   int64          // of the visible range; 0: none
	agentID  int64          // of the holder
	provider *apps.Provider // nil: a corp's own app
	plain    bool           // sees plain ids
}

// view answers how the bearer of a corp token sees its corp.
func (h *Handler) view(ctx context.Context, c *caller) (view, error) {
	holder, agentID := c.agent()
	v := view{corp: c.corp(), holder: holder, agentID: agentID, provider: c.provider, plain: true}
	return v, h.fit(ctx, &v)
}

// viewOf answers how a provider sees the corp of an installation.
func (h *Handler) viewOf(ctx context.Context, p *apps.Provider, inst *apps.Installation) (view, error) {
	v := view{corp: inst.CorpRow, holder: inst.Row, agentID: inst.AgentID, provider: p}
	return v, h.fit(ctx, &v)
}

func (h *Handler) fit(ctx context.Context, v *view) (err error) {
	if v.provider != nil {
		v.plain, err = h.Apps.PlainIDs(ctx, v.provider.CorpRow, v.corp)
	}
	return err
}

// userID is the id under which a member is seen.
func (v view) userID(memberRow int64, plain string) string {
	if v.plain {
		return plain
	}
	return v.openUserID(memberRow)
}

// openUserID is the member's id for the provider; empty for a corp's own app.
func (v view) openUserID(memberRow int64) string {
	if v.provider == nil {
		return ""
	}
	return v.provider.OpenUserID(v.corp, memberRow)
}

// name is what is seen in place of a member's name.
func (v view) name(memberRow int64, userid, name string) string {
	if v.provider == nil {
		return name
	}
	return v.userID(memberRow, userid)
}

// departmentName is what is seen in place of a department's name.
func (v view) departmentName(number int64, name string) string {
	if v.provider == nil {
		return name
	}
	return strconv.FormatInt(number, 10)
}

// corpID is the corpid under which the corp is seen.
func (v view) corpID(c directory.Corp) string {
	if v.plain {
		return c.CorpID
	}
	return v.provider.CorpIDFor(c.Row)
}

// memberBy reads the member who is seen under a userid; 60111 where there is none, also for
// a plain userid where encrypted ones are due.
func (h *Handler) memberBy(ctx context.Context, v view, userid string) (directory.Member, error) {
	var m directory.Member
	err := directory.ErrNotFound
	if v.plain {
		m, err = h.Directory.MemberByUserID(ctx, v.corp, userid)
	} else if corp, row, ok := v.provider.OpenMember(userid); ok && corp == v.corp {
		m, err = h.Directory.Member(ctx, row)
	}
	if errors.Is(err, directory.ErrNotFound) {
		if !v.plain {
			return m, respond.Because(protocol.CodeUserNotFound, "no such member under the ids this provider sees, which are encrypted")
		}
		return m, protocol.CodeUserNotFound
	}
	return m, err
}

// visible is memberBy within the visible range: 60011 outside.
func (h *Handler) visible(ctx context.Context, v view, userid string) (directory.Member, error) {
	m, err := h.memberBy(ctx, v, userid)
	if err != nil {
		return m, err
	}
	in, err := h.Apps.InRange(ctx, v.holder, m.Row)
	if err == nil && !in {
		err = respond.Because(protocol.CodeNoPrivilege, "member is outside the app's visible range")
	}
	return m, err
}

// encryptedCorpID begins every encrypted corpid, and no plain one.
const encryptedCorpID = "wp"

// corpBy reads the corp that a provider sees under a corpid: 710000 for an encrypted one
// that is none of this provider's, 40013 for any other that is not known, also for a plain
// one where encrypted ones are due.
func (h *Handler) corpBy(ctx context.Context, p *apps.Provider, corpid string) (directory.Corp, error) {
	if row, ok := p.OpenCorp(corpid); ok {
		c, err := h.Directory.Corp(ctx, row)
		if errors.Is(err, directory.ErrNotFound) {
			err = protocol.CodeInvalidOpenCorpID
		}
		return c, err
	}
	if strings.HasPrefix(corpid, encryptedCorpID) {
		return directory.Corp{}, respond.Because(protocol.CodeInvalidOpenCorpID, "not an encrypted corpid of this provider")
	}
	c, err := h.Directory.CorpByCorpID(ctx, corpid)
	if errors.Is(err, directory.ErrNotFound) {
		return c, protocol.CodeInvalidCorpID
	}
	if err != nil {
		return c, err
	}
	plain, err := h.Apps.PlainIDs(ctx, p.CorpRow, c.Row)
	if err == nil && !plain {
		err = respond.Because(protocol.CodeInvalidCorpID, "a plain corpid where this provider sees encrypted ones")
	}
	return c, err
}
