package apps

import (
	"context"
	"strings"
)

// SetBrand changes a provider's brand name (品牌名称); the next login page shows it.
func (s *Service) SetBrand(ctx context.Context, corpRow int64, brand string) error {
	return s.write(ctx, `UPDATE providers SET brand_name = $2 WHERE corp_id = $1`, corpRow, brand)
}

// SetSuiteID gives a suite another id. Tokens and codes stay: they name its row.
func (s *Service) SetSuiteID(ctx context.Context, appRow int64, id string) error {
	return s.write(ctx, `UPDATE apps SET suite_id = $2, suite_key = $3 WHERE id = $1 AND kind <> 'corp_app'`,
		appRow, id, strings.ToLower(id))
}

// SetExpiresInURL says whether an app's redirects carry expires_in beside code and state.
func (s *Service) SetExpiresInURL(ctx context.Context, appRow int64, on bool) error {
	return s.write(ctx, `UPDATE apps SET expires_in_url = $2 WHERE id = $1`, appRow, on)
}

// SetName changes an app's name.
func (s *Service) SetName(ctx context.Context, appRow int64, name string) error {
	return s.write(ctx, `UPDATE apps SET name = $2 WHERE id = $1`, appRow, name)
}

// SetEnabled switches 登录授权 on or off, for a login suite, and stops or starts a corp app.
func (s *Service) SetEnabled(ctx context.Context, appRow int64, on bool) error {
	return s.write(ctx, `UPDATE apps SET enabled = $2 WHERE id = $1 AND kind <> 'suite'`, appRow, on)
}

// SetOnline puts a suite online or takes it off; either answers what was submitted.
func (s *Service) SetOnline(ctx context.Context, appRow int64, on bool) error {
	return s.write(ctx, `UPDATE apps SET online = $2, submitted = FALSE WHERE id = $1 AND kind = 'suite'`, appRow, on)
}

// SetSubmitted says whether a suite waits for the operator to put it online.
func (s *Service) SetSubmitted(ctx context.Context, appRow int64, on bool) error {
	return s.write(ctx, `UPDATE apps SET submitted = $2 WHERE id = $1 AND kind = 'suite'`, appRow, on)
}

// SetSensitive says whether a suite may ask members for details (成员敏感信息授权). Where it may
// no longer, what members agreed to before is not shown to it either.
func (s *Service) SetSensitive(ctx context.Context, appRow int64, on bool) error {
	return s.write(ctx, `UPDATE apps SET sensitive = $2 WHERE id = $1 AND kind = 'suite'`, appRow, on)
}

// URLs are the addresses of a suite beside its instruction callback; each may be empty.
type URLs struct {
	Home     string // 应用主页
	Business string // 业务设置URL
	Data     string // 数据回调URL
}

// SetURLs changes a suite's addresses, which CheckURL has passed.
func (s *Service) SetURLs(ctx context.Context, appRow int64, u URLs) error {
	return s.write(ctx, `UPDATE apps SET home_url = $2, business_url = $3, data_url = $4 WHERE id = $1 AND kind <> 'corp_app'`,
		appRow, u.Home, u.Business, u.Data)
}

// SetHomeURL changes the home page (应用主页) of a corp app, which CheckURL has passed.
func (s *Service) SetHomeURL(ctx context.Context, appRow int64, home string) error {
	return s.write(ctx, `UPDATE apps SET home_url = $2 WHERE id = $1 AND kind = 'corp_app'`, appRow, home)
}

// SetAbout changes what the market says of a suite.
func (s *Service) SetAbout(ctx context.Context, appRow int64, about string) error {
	return s.write(ctx, `UPDATE apps SET about = $2 WHERE id = $1`, appRow, about)
}

// SetOldLogin says whether a provider's old login (3rd_qrConnect, get_login_info) is on.
func (s *Service) SetOldLogin(ctx context.Context, corpRow int64, on bool) error {
	return s.write(ctx, `UPDATE providers SET old_login = $2 WHERE corp_id = $1`, corpRow, on)
}
