package browser

import (
	"testing"

	"github.com/chromedp/cdproto/webauthn"

	"github.com/hufu-sso/hufu/conformance/internal/sandbox"
)

// TestPasskey is how a platform begins, outside the sandbox: the link on the terminal, a
// passkey in place of a password, and signing in with it.
func TestPasskey(t *testing.T) {
	sandbox.Needs(t, "chromium")
	link := sandbox.StartPlatform(t, sandbox.FreePorts(t, 1)[0], nil).SetUp
	phone := newPhone(t, startChromium(t, "127.0.0.1:9", "127.0.0.1:9"))
	command(phone, webauthn.Enable, webauthn.EnableParams{})
	key := command(phone, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true}}).AuthenticatorID

	phone.open(link)
	phone.sees("成为平台运营者", "第一次使用", "我已有账号")
	phone.tap("姓名")
	phone.keys("林晓")
	phone.tap("账号")
	phone.keys("x") // too short: the page says so, and no passkey is made
	phone.allow("status of 4")
	phone.tap("创建通行密钥并完成")
	phone.tap("账号")
	phone.keys("in.xiao")
	phone.tap("创建通行密钥并完成")
	phone.sees("你现在是平台运营者了")
	made := command(phone, webauthn.GetCredentials, webauthn.GetCredentialsParams{AuthenticatorID: key}).Credentials
	if len(made) != 1 || !made[0].IsResidentCredential || made[0].RpID != "localhost" {
		t.Fatalf("passkeys made: %+v", made)
	}

	phone.tap("去我的首页")
	phone.tap("账号与安全")
	phone.sees("xin.xiao", "未设置，目前只能用通行密钥登录", "本机")
	phone.back()
	phone.tap("退出登录")
	phone.sees("请先登录")

	// Who does not verify their owner signs nobody in.
	command(phone, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: key})
	phone.tap("用通行密钥登录")
	phone.sees("没有完成通行密钥验证")
	command(phone, webauthn.SetUserVerified, webauthn.SetUserVerifiedParams{AuthenticatorID: key, IsUserVerified: true})
	phone.tap("用通行密钥登录")
	phone.sees("林晓", "处理登录请求")

	phone.open(link)
	phone.sees("链接已经用过了")
}
