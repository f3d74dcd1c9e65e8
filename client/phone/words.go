package phone

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// What the platform's short words mean to the person; keys are its views'.
var (
	outcomes = map[string]string{
		"confirmed": "已确认 confirmed",
		"refused":   "已拒绝 refused",
		"reported":  "已上报，管理员会收到通知 reported; the admins are told",
	}
	signInProblems = map[string]string{
		"empty":   "缺少账号或密码 account or password missing",
		"wrong":   "没有这个成员，或账号密码不对 no such member, or wrong account or password",
		"blocked": "失败次数过多，请稍后再试 too many failures, try again later",
	}
	reasons = map[string]string{
		"unknown":   "没有这个二维码，或早已过期 no such QR code, or it is long over",
		"expired":   "二维码已过期 the QR code is over",
		"slow":      "扫码后两分钟内没有确认 not confirmed within two minutes of the scan",
		"used":      "这次登录已经确认过 this sign-in was confirmed already",
		"refused":   "这次登录已被拒绝 this sign-in was refused already",
		"cancelled": "这次登录已被上报 this sign-in was reported as not one's own",
		"other":     "已由另一台手机扫码 another phone scanned it first",
		"number":    "数字不对，登录已被拒绝 wrong number: the sign-in is refused",
		"blocked":   "数字多次输错，请十分钟后再试 too many wrong numbers, try again in ten minutes",
		"admins":    "仅限管理员登录，而你不是 administrators alone may sign in, and you are none",

		"no_company": "你不属于任何公司 you are a member of no company",
		"no_member":  "你不是该公司的成员 you are no member of the company whose app this is",
		"no_install": "你的公司没有安装这个应用 none of your companies has installed the app",
		"range":      "你不在应用的可见范围内 the app's visible range does not cover you",
	}
	shares = map[string]string{
		"encrypted": "将提供：仅对该服务商有效的加密企业与成员 ID shared: company and member id, encrypted for this provider alone",
		"plain":     "将提供：明文企业与成员 ID shared: company and member id in the clear",
		"own":       "将提供：成员 ID（本企业应用） shared: your member id (an application of your company)",
		"openid":    "将提供：仅对该服务商有效的 openid shared: an openid for this provider alone",
		"admin":     "将提供：你是哪家企业的管理员 shared: of which company you are an administrator",
		"outside":   "将提供：仅对该企业有效的 openid shared: an openid for that company alone",
	}
)

// word is the meaning of key, or key itself.
func word(words map[string]string, key string) string {
	if text, ok := words[key]; ok {
		return text
	}
	return plain(key)
}

// failure is what a page says that leads no further; nil where it goes on.
func (v view) failure() error {
	switch {
	case v.Error != "" && v.Title == "":
		text := "链接有误 the link is not served: " + v.Error
		if v.Received != "" {
			text += "，收到 received " + v.Received
		}
		if len(v.Configured) > 0 {
			text += "，可用 configured " + strings.Join(v.Configured, " ")
		}
		return errors.New(plain(text))
	case v.Error != "":
		return fmt.Errorf("%s %s", plain(v.Title), plain(v.Why))
	case v.Reason != "":
		return errors.New(word(reasons, v.Reason))
	}
	return nil
}

// plain is text from the platform without what would steer a terminal.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text)
}

// say writes a line for the person; texts among args may be anybody's. A
// terminal that is gone is no failure of the sign-in.
func (s *scan) say(format string, args ...any) {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = plain(text)
		}
	}
	fmt.Fprintf(s.Out, format+"\n", args...)
}

func (s *scan) showAsker(v view) {
	switch {
	case v.Asker != nil:
		s.say("%s (%s) 请求登录 asks you to sign in", v.Asker.Brand, v.Asker.Domain)
	case v.Machine != "":
		s.say("%s 请求成为你的桌面端 asks to be your desktop client (%s)", v.Machine, v.Domain)
		s.say("此后它可以替你确认登录 it can confirm sign-ins in your name from then on")
	case v.Domain != "":
		s.say("登录管理后台 sign in to the consoles (%s)", v.Domain)
	}
	if v.Admins {
		s.say("仅限管理员 administrators alone")
	}
	if p := v.Place; p != nil {
		network := "与本机不在同一网络 not the network of this phone"
		if p.SameNetwork {
			network = "与本机同一网络 the network of this phone"
		}
		if v.Machine == "" || p.Browser != "" { // a desktop client has none
			s.say("浏览器 browser  %s", cmp.Or(p.Browser, "无法识别 not known"))
		}
		s.say("地址 address    %s, %s", p.Address, network)
		if p.NewBrowser {
			s.say("! 你没有用过的浏览器 a browser you have not used before")
		}
		if p.NewPlace {
			s.say("! 你没有用过的网络 a network you have not used before")
		}
	}
}

func (s *scan) showCompanies(companies []company) {
	for n, c := range companies {
		s.say("%d  %s (%s)", n+1, c.Company, c.Name)
	}
}

func (s *scan) showShare(v view) {
	if v.Company != "" {
		s.say("身份 as         %s, %s", v.Name, v.Company)
	} else {
		s.say("身份 as         %s", v.Name)
	}
	if v.Share != "" {
		s.say("%s", word(shares, v.Share))
	}
	if v.UserID != "" {
		s.say("                %s / %s", v.CorpID, v.UserID)
	}
}

func (s *scan) showDetails(v view) {
	if !v.Private {
		return
	}
	s.say("还想了解 also asks for")
	for _, d := range v.Details {
		s.say("                %s  %s", d.Name, d.Value)
	}
	for _, name := range v.Missing {
		s.say("                %s  没有填写 not filled in", name)
	}
}
