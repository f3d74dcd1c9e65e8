package provider

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/apps"
	"github.com/hufu-sso/hufu/platform/internal/console"
)

// setting is a setting of this console that an error code points to. Its words are
// provider.setting.<setting>.
type setting string

const (
	setTrusted setting = "trusted" // 登录授权 → 可信域名
	// setSuiteTrusted: 第三方应用 → 可信域名, for a call of a suite.
	setSuiteTrusted setting = "suite_trusted"
	setLogin        setting = "login"     // 登录授权 → SuiteID
	setSwitch       setting = "switch"    // 登录授权 → 启用
	setSecret       setting = "secret"    // Secret of the suite
	setSuiteID      setting = "suite_id"  // SuiteID of the suite
	setTicket       setting = "ticket"    // 指令回调 of the suite
	setProvider     setting = "provider"  // 通用开发参数 → ProviderSecret
	setCorpID       setting = "corpid"    // 通用开发参数 → CorpID
	setNetworks     setting = "networks"  // 基本信息 → IP白名单
	setInstalls     setting = "installs"  // 安装情况
	setInstallAt    setting = "installat" // 应用 → 安装完成回调域名
	setRange        setting = "range"     // 企业管理端 → 应用 → 可见范围, which the company sets
	setCorpApp      setting = "corpapp"   // 企业管理端 → 应用 → 自建, which the company sets
	setPage         setting = "page"      // of the login link, in no console
	setSuites       setting = "suites"    // 第三方应用
	setOldLogin     setting = "oldlogin"  // 平台运营后台 → 服务商 → 旧版登录, which the operator sets
	// setLaunch: 登录授权 → 可信域名 and, for the old login, 登录授权发起域名.
	setLaunch setting = "launch"
	// setSensitive: 第三方应用 → 成员敏感信息授权.
	setSensitive setting = "sensitive"
)

// code is an error code of the API or of a page, and the setting behind it.
type code struct {
	number  int
	setting setting
}

// codes are the error codes that a setting of a console can cause, in the order in which
// the page lists them.
var codes = []code{
	{50001, setTrusted}, {-31020, setTrusted}, {-31033, setLaunch}, {-31039, setTrusted},
	{-31027, setLogin}, {-31037, setLogin}, {-31034, setCorpID}, {-31035, setPage}, {-31028, setCorpApp}, {-31040, setPage},
	{40029, setLogin}, {40013, setCorpID}, {40077, setInstallAt}, {40078, setInstalls},
	{40080, setSecret}, {40082, setSecret}, {40083, setSuiteID}, {40084, setInstalls}, {40085, setTicket}, {40086, setSuites},
	{40091, setProvider}, {42001, setProvider}, {42007, setInstallAt}, {42009, setTicket},
	{48002, setOldLogin}, {48003, setSuiteID}, {48004, setInstalls}, {50002, setRange}, {50003, setSwitch},
	{60011, setRange}, {60020, setNetworks}, {60021, setRange}, {60111, setRange}, {90211, setLogin},
	{92000, setRange}, {92001, setSensitive},
}

// settingBehind is the setting behind an error code; "" where no setting is.
func settingBehind(number int) setting {
	for _, c := range codes {
		if c.number == number {
			return c.setting
		}
	}
	return ""
}

// settingPath is where a setting is changed, within the console, for a call of an app (nil:
// of none, or unknown); "" where it is not this console's.
func settingPath(s setting, app *apps.App) string {
	own := app != nil && app.Kind == apps.Suite
	switch s {
	case setTrusted, setSuiteTrusted, setLaunch:
		if own {
			return suitePath(app) + "#domains"
		}
		return "/login#domains"
	case setLogin, setSwitch:
		return "/login"
	case setSecret, setSuiteID:
		if app != nil {
			return appPath(app)
		}
		return "/suites"
	case setTicket:
		if own {
			return suitePath(app) + "/callbacks"
		}
		return "/login#callback"
	case setInstallAt:
		if own {
			return suitePath(app) + "#domains"
		}
		return "/suites"
	case setSensitive:
		if own {
			return suitePath(app) + "#sensitive"
		}
		return "/suites"
	case setProvider, setCorpID:
		return "/general"
	case setNetworks:
		return "/brand#networks"
	case setInstalls:
		return "/installs"
	case setSuites:
		return "/suites"
	}
	return ""
}

// settingURL is settingPath as an address: a fragment stays behind the query.
func settingURL(v *console.Visit, s setting, app *apps.App) string {
	path := settingPath(s, app)
	if path == "" {
		return ""
	}
	path, fragment, _ := strings.Cut(path, "#")
	if fragment != "" {
		fragment = "#" + fragment
	}
	return v.URL(path) + fragment
}

// showCodes shows which setting stands behind which error code.
func (h *Handler) showCodes(w http.ResponseWriter, r *http.Request, v *console.Visit) error {
	view := CodesView{Frame: v.Frame("calls"), Crumb: console.Crumb{URL: v.URL("/calls"), Label: "provider.calls.title"}}
	for _, c := range codes {
		view.Codes = append(view.Codes, codeLine(c, settingURL(v, c.setting, nil)))
	}
	return h.Console.Render(w, r, v, "provider/codes", view)
}

func codeLine(c code, url string) CodeLine {
	return CodeLine{Code: strconv.Itoa(c.number), Setting: string(c.setting), URL: url}
}
