package installs

import (
	"context"
	"errors"
	"fmt"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/site"
)

// Handle follows what companies do with the suite: create_auth and
// reset_permanent_code bring a code, change_auth another range, cancel_auth the end.
// Give it to events.Config.Handle, which has acknowledged an event before it calls;
// other events are nothing to it.
func (i *Installs) Handle(ctx context.Context, e protocol.Event) error {
	switch e.InfoType {
	case protocol.EventCreateAuth, protocol.EventResetPermanentCode:
		_, err := i.take(ctx, e.AuthCode, "")
		return err
	case protocol.EventChangeAuth:
		return i.refresh(ctx, e.AuthCorpID)
	case protocol.EventCancelAuth:
		return i.remove(ctx, e.AuthCorpID)
	}
	return nil
}

// ConfirmCancel asks the platform whether the company of a cancel_auth has really
// withdrawn: only a permanent code that get_auth_info calls dead says so. Give it to
// events.Config.ConfirmCancel.
func (i *Installs) ConfirmCancel(ctx context.Context, e protocol.Event) (bool, error) {
	install, err := i.Find(ctx, e.AuthCorpID)
	if err != nil {
		return false, err
	}
	return i.withdrawn(ctx, install)
}

func (i *Installs) withdrawn(ctx context.Context, install Install) (bool, error) {
	_, err := i.config.Suite.AuthInfo(ctx, install.CorpID, install.PermanentCode)
	if site.Withdrawn(err) {
		return true, nil
	}
	return false, err
}

// remove purges a company after the platform has confirmed, for the very permanent
// code that is kept: another install may arrive in between.
func (i *Installs) remove(ctx context.Context, corpID string) error {
	install, err := i.Find(ctx, corpID)
	if err != nil {
		return err
	}
	gone, err := i.withdrawn(ctx, install)
	if err != nil {
		return fmt.Errorf("cancel_auth not confirmed: %w", err)
	}
	if !gone {
		return errors.New("cancel_auth refused: the platform still knows the authorisation")
	}
	if i.config.OnRemoved != nil {
		if err := i.config.OnRemoved(ctx, install); err != nil {
			return err
		}
	}
	if _, err := i.config.Store.Remove(ctx, i.config.Suite.ID(), corpID, install.PermanentCode); err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.corps[corpID].code == install.PermanentCode {
		delete(i.corps, corpID)
	}
	return nil
}

// refresh reads anew what a company has granted.
func (i *Installs) refresh(ctx context.Context, corpID string) error {
	install, err := i.Find(ctx, corpID)
	if err != nil {
		return err
	}
	info, err := i.config.Suite.AuthInfo(ctx, corpID, install.PermanentCode)
	if err != nil {
		return err
	}
	install.CorpName = info.AuthCorpInfo.CorpName
	install.AgentID = agentOf(info.AuthInfo, install.AgentID)
	return i.keep(ctx, install)
}

// Adopt keeps an install whose permanent code is known from elsewhere, such as a
// site's former store, after the platform has confirmed it; site.Withdrawn tells of an
// error whether it is dead. tenant as in Install.
func (i *Installs) Adopt(ctx context.Context, corpID, permanentCode, tenant string) error {
	info, err := i.config.Suite.AuthInfo(ctx, corpID, permanentCode)
	if err != nil {
		return err
	}
	return i.keep(ctx, Install{
		CorpID: corpID, CorpName: info.AuthCorpInfo.CorpName, AgentID: agentOf(info.AuthInfo, 0),
		Tenant: tenant, PermanentCode: permanentCode, Since: i.config.Now().UTC(),
	})
}

// errOtherTenant: the company belongs to another account of the site.
var errOtherTenant = errors.New("installs: the company belongs to another account of the site")

// take spends an auth_code and keeps the install. A company that belongs to a tenant
// stays with it, whoever installs anew: the former permanent code is dead, so the
// new one is kept, and the error is errOtherTenant.
func (i *Installs) take(ctx context.Context, authCode, tenant string) (Install, error) {
	answer, err := i.config.Suite.PermanentCode(ctx, authCode)
	if err != nil {
		return Install{}, err
	}
	install := Install{
		CorpID: answer.AuthCorpInfo.CorpID, CorpName: answer.AuthCorpInfo.CorpName, PermanentCode: answer.PermanentCode,
		Tenant: tenant, Since: i.config.Now().UTC(),
	}
	if answer.AuthUserInfo != nil {
		install.Installer = answer.AuthUserInfo.UserID
	}
	if answer.AuthInfo != nil {
		install.AgentID = agentOf(*answer.AuthInfo, 0)
	}
	before, err := i.Find(ctx, install.CorpID)
	switch {
	case errors.Is(err, site.ErrNotInstalled):
	case err != nil:
		return Install{}, err
	case before.Tenant != "":
		install.Tenant = before.Tenant
	}
	if err := i.keep(ctx, install); err != nil {
		return Install{}, err
	}
	if tenant != "" && install.Tenant != tenant {
		return Install{}, errOtherTenant
	}
	return install, nil
}

func (i *Installs) keep(ctx context.Context, install Install) error {
	if err := i.config.Store.Keep(ctx, i.config.Suite.ID(), install); err != nil {
		return err
	}
	if i.config.OnInstalled == nil {
		return nil
	}
	return i.config.OnInstalled(ctx, install)
}

// agentOf is the agentid of an installation: suites have one app today.
func agentOf(agents protocol.Agents, otherwise int64) int64 {
	if len(agents.Agent) == 0 {
		return otherwise
	}
	return int64(agents.Agent[0].AgentID)
}
