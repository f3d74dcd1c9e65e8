package browser

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp/kb"
)

// keyboardOnly goes the whole way without mouse or finger.
func keyboardOnly(t *testing.T, browser context.Context) {
	j := begin(t, browser, "--number-match", "always")
	computer, phone := j.computer, j.phone
	computer.open(j.Env["HUFU_SITE"] + "/")
	computer.enter("打开登录页")
	computer.at("waiting")
	computer.enter("扫不了码？")
	computer.at("help")
	computer.sees("直接点击二维码")
	if !computer.focused("返回") {
		t.Error("the focus stayed behind when the help came")
	}
	computer.keys(kb.Enter)
	computer.at("waiting")
	before := computer.qr()
	j.advance("31m")
	computer.at("expired")
	computer.enter("刷新二维码")
	computer.until(func() bool { return stateOf(computer.ctx) == "waiting" && computer.qr() != before },
		func() string { return "there is no other QR code" })

	phone.open(computer.qr())
	phone.enter(sampleMember)
	phone.sees("是你要登录")
	phone.enter("是我，继续")
	computer.at("number")
	phone.reach("输入电脑上显示的数字")
	phone.keys(computer.number())
	phone.enter("确认登录")
	phone.sees("已确认登录")
	j.saysMember()
}

// reach presses Tab until what has that name has the focus, and shows it.
func (d *device) reach(name string) {
	d.t.Helper()
	d.find(name)
	for range 60 {
		d.keys(kb.Tab)
		if d.focused(name) {
			if !value[bool](d.ctx, `getComputedStyle(document.activeElement).outlineStyle !== "none"`) {
				d.t.Errorf("%q does not show that it has the focus", name)
			}
			return
		}
	}
	d.t.Fatalf("Tab never reaches %q at %s", name, d.address())
}

// enter reaches it and presses Enter.
func (d *device) enter(name string) {
	d.t.Helper()
	d.reach(name)
	d.keys(kb.Enter)
}

func (d *device) focused(name string) bool {
	quoted, err := json.Marshal(name)
	return err == nil && value[bool](d.ctx, `document.activeElement.matches("a, button, summary, input") && (`+namer+")(document.activeElement).includes("+string(quoted)+")")
}

// narrowAndNamed looks at every page of the site, of the login page and of the phone: at
// 280 pixels nothing scrolls sideways, and whatever can be used has a name.
func narrowAndNamed(t *testing.T, browser context.Context) {
	j := begin(t, browser, "--number-match", "always")
	site, computer, phone := j.Env["HUFU_SITE"], j.computer, j.phone
	for _, lang := range []string{"en", "zh"} {
		for _, path := range []string{"/?app=service", "/?app=corp", "/panel?app=service&type=callback", "/panel?app=corp&type=top", "/window?"} {
			if path == "/window?" {
				computer.allow("Scripts may close only the windows") // this one was opened by hand
			}
			computer.open(site + path + "&lang=" + lang)
			computer.look()
		}
		computer.allow("status of 404")
		computer.open(site + "/nowhere?lang=" + lang)
		computer.look()
	}

	j.toLogin(providerApp)
	computer.look()
	computer.tap("扫不了码？")
	computer.at("help")
	computer.look()
	computer.tap("返回")
	phone.open(computer.qr())
	phone.sees("选择一个示例身份")
	phone.look()
	phone.tap("林溪")
	phone.sees("是你要登录")
	phone.look()
	phone.tap("是我，继续")
	phone.sees("用哪家企业的身份")
	phone.look()
	phone.tap("远山文化")
	phone.sees("历史授权")
	phone.look()
	computer.at("number")
	computer.look()
	phone.tap("拒绝")
	phone.sees("已拒绝")
	phone.look()
	computer.sees("没有登录")
	computer.look()

	computer.tap("重新登录")
	computer.at("waiting")
	phone.open(computer.qr())
	phone.tap("不是我发起的")
	computer.at("cancelled")
	computer.look()
	phone.tap("林溪")
	phone.sees("所在企业", "linxi")
	phone.look()
	phone.allow("status of 404")
	phone.allow("status of 410")
	phone.open(j.Env["HUFU_LOGIN"] + "/q/AAAAAAAAAAAAAAAAAAAAAA")
	phone.sees("没有这个登录请求")
	phone.look()
	phone.open(j.Env["HUFU_LOGIN"] + "/nowhere")
	phone.look()

	computer.tap("重新扫码")
	computer.at("waiting")
	phone.open(computer.qr())
	phone.tap("是我，继续")
	phone.tap("星河制造")
	computer.at("number")
	phone.tap("输入电脑上显示的数字")
	phone.keys(computer.number())
	phone.tap("确认登录")
	phone.sees("已确认登录")
	phone.look()
	computer.sees("谁登录了")
	computer.look()
	computer.open(site + "/me?lang=en")
	computer.look()
	computer.open(site + "/?lang=zh")
	computer.sees("你已经登录")
	computer.look()
	computer.open(j.Env["HUFU_LOGIN"] + "/wwlogin/sso/login?login_type=ServiceApp&appid=ww0000000000000000&redirect_uri=x&lang=zh")
	computer.sees("找不到这个应用")
	computer.look()
}

// look expects of the page that it fits 280 pixels and that all has names.
func (d *device) look() {
	d.t.Helper()
	width, height := int64(1000), int64(700)
	if d.touch {
		width, height = 390, 844
	}
	d.size(280, 640)
	if wide := value[int](d.ctx, "document.documentElement.scrollWidth"); wide != 280 {
		d.t.Errorf("%s scrolls to %d pixels in a window of 280", d.address(), wide)
	}
	d.size(width, height)
	for _, nameless := range unnamed(command(d, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{}).Nodes) {
		d.t.Errorf("%s has a %s without a name", d.address(), nameless)
	}
}

// toUse are the roles of what people use, or must be told about.
var toUse = []string{"button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "switch",
	"DisclosureTriangle", "menuitem", "tab", "slider", "image", "img", "Iframe"}

// unnamed are the roles of those that have no name, or no role.
func unnamed(nodes []*accessibility.Node) []string {
	var roles []string
	for _, n := range nodes {
		if n.Ignored || n.Role == nil {
			continue
		}
		role := strings.Trim(string(n.Role.Value), `"`)
		focusable := slices.ContainsFunc(n.Properties, func(p *accessibility.Property) bool {
			return p.Name == accessibility.PropertyNameFocusable && string(p.Value.Value) == "true"
		})
		if !slices.Contains(toUse, role) && !(focusable && role != "RootWebArea") {
			continue
		}
		if n.Name == nil || strings.TrimSpace(strings.Trim(string(n.Name.Value), `"`)) == "" {
			roles = append(roles, role)
		}
	}
	return roles
}

// darkScheme: with a dark system the pages are dark, and a QR code is still dark on light,
// as cameras want it.
func darkScheme(t *testing.T, browser context.Context) {
	j := begin(t, browser)
	for _, d := range []*device{j.computer, j.phone} {
		command(d, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
	}
	j.computer.open(j.Env["HUFU_SITE"] + "/")
	j.computer.dark(true)
	panel := j.openPanel("service", "callback")
	j.computer.dark(true)
	panel.dark(true)
	panel.scannable()

	// A login link is light unless it says otherwise (login-component.md 1).
	j.toLogin(providerApp)
	j.computer.dark(false)
	j.computer.scannable()
	j.computer.open(j.computer.address() + "&color_scheme=dark")
	j.computer.at("waiting")
	j.computer.dark(true)
	j.computer.scannable()

	j.phone.open(j.computer.qr())
	j.phone.sees("选择一个示例身份")
	j.phone.dark(true)
	j.phone.tap(sampleMember)
	j.phone.tap("是我，继续")
	j.phone.sees("登录“青禾协作”？")
	j.phone.dark(true)
	j.computer.at("scanned")
	j.phone.tap("确认登录")
	j.phone.sees("已确认登录")
	j.saysMember()
	j.computer.dark(true)
}

// dark expects light words on dark ground, or the other way round.
func (d *device) dark(yes bool) {
	d.t.Helper()
	ground := d.lightness("body, html", "backgroundColor")
	ink := d.lightness("body", "color")
	if yes != (ground < ink) || max(ground, ink)-min(ground, ink) < 0.6 {
		d.t.Errorf("%s has words of lightness %.2f on ground of %.2f", d.address(), ink, ground)
	}
}

// scannable expects dark modules on a light tile.
func (d *device) scannable() {
	d.t.Helper()
	modules := d.lightness("#qr path", "stroke")
	tile := d.lightness("#qr, .tile", "backgroundColor")
	if tile-modules < 0.8 {
		d.t.Errorf("%s has a QR code of lightness %.2f on %.2f", d.address(), modules, tile)
	}
}

// lightness is that of a colour as the browser computed it, 0 to 1, in the innermost of
// the elements that has one.
func (d *device) lightness(elements, property string) float64 {
	d.t.Helper()
	return value[float64](d.ctx, `[...document.querySelectorAll("`+elements+`")].reverse()
		.map((e) => getComputedStyle(e).`+property+`.match(/[\d.]+/g)?.map(Number))
		.filter((c) => c && c[3] !== 0)
		.map(([r, g, b]) => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255)[0]`)
}
