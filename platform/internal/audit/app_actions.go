package audit

// Apps of a corp: installed ones and its own.
const (
	// SuiteInstalled: from the market, or from the provider's site.
	SuiteInstalled   Action = "suite_installed"
	SuiteUninstalled Action = "suite_uninstalled"
	// AppRangeChanged: another visible range, of an installation or an own app.
	AppRangeChanged Action = "app_range_changed"
	// BusinessOpened: an administrator went to the provider's site as one (业务设置).
	BusinessOpened Action = "business_opened"
	// PlainIDsOn, PlainIDsOff: a provider sees plain ids of the company (历史授权), or not.
	PlainIDsOn     Action = "plain_ids_on"
	PlainIDsOff    Action = "plain_ids_off"
	CorpAppCreated Action = "corp_app_created"
	CorpAppChanged Action = "corp_app_changed"
	CorpAppRemoved Action = "corp_app_removed"
	// CorpAppDomains: other trusted or callback domains.
	CorpAppDomains Action = "corp_app_domains"
	CorpAppSecret  Action = "corp_app_secret_reset"
	CorpAppStopped Action = "corp_app_stopped"
	CorpAppStarted Action = "corp_app_started"
)

var appActions = []Action{SuiteInstalled, SuiteUninstalled, AppRangeChanged, PlainIDsOn, PlainIDsOff, BusinessOpened,
	CorpAppCreated, CorpAppChanged, CorpAppDomains, CorpAppSecret, CorpAppStopped, CorpAppStarted, CorpAppRemoved}
