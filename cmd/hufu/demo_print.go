package main

import (
	"fmt"
	"strconv"

	"github.com/hufu-sso/hufu/client/envfile"
	"github.com/hufu-sso/hufu/demo"
	"github.com/hufu-sso/hufu/platform"
)

func printLinks(p *platform.Platform, site platform.SampleSite, c *demoCommand) {
	fmt.Print(`虎符 Hufu 沙箱：不是企业微信，不要输入真实密码
             sandbox: not WeCom, do not enter real passwords

`)
	if c.Site == "" {
		fmt.Printf("  示例网站 sample site   %s   ← 从这里开始 start here\n", site.Origin)
	} else {
		fmt.Printf("  你的网站 your site     %s\n", site.Origin)
	}
	fmt.Printf("  手机 phone             %s/phone\n", p.PublicURL())
	fmt.Printf("  管理后台 consoles      %s/console   企业 company, 服务商 provider, 平台 operator\n", p.PublicURL())
	fmt.Printf("  平台 platform          %s\n", p.PublicURL())
	fmt.Printf("  控制接口 control API   %s\n", p.ControlURL())
	fmt.Printf("  数据 data              %s\n", c.Data)
	if hosts := p.WeComHosts(); hosts != nil {
		fmt.Printf("  企业微信域名 hosts     %s   proxy %s   CA %s\n", hosts.TLS, hosts.Proxy, hosts.CAFile)
	}
	if c.EnvFile != "" {
		fmt.Printf("  环境文件 env file      %s\n", c.EnvFile)
	}
	if c.LAN {
		fmt.Print("\n  同一网络内的任何人都能以示例成员登录 / anyone on this network can sign in as a sample member\n")
	}
	fmt.Print("\n  Ctrl-C 结束 / to stop\n")
}

// envValues are the lines of the env file, with the names that docs/ and scripts use.
func envValues(p *platform.Platform, s platform.Sample, site platform.SampleSite, c *demoCommand) envfile.Values {
	redirect := site.Origin + "/"
	if c.Site == "" {
		redirect = site.Origin + demo.PathServiceFinish
	}
	var values envfile.Values
	values.Add("HUFU_API", p.PublicURL())
	values.Add("HUFU_LOGIN", p.PublicURL())
	values.Add("HUFU_OPEN", p.PublicURL())
	values.Add("HUFU_SITE", site.Origin)
	values.Add("HUFU_CONTROL", p.ControlURL())
	values.Add("HUFU_PROVIDER_CORPID", s.ProviderCorpID)
	values.Add("HUFU_PROVIDER_SECRET", s.ProviderSecret)
	values.Add("HUFU_LOGIN_SUITE_ID", s.LoginSuiteID)
	values.Add("HUFU_LOGIN_SUITE_SECRET", s.LoginSuiteSecret)
	values.Add("HUFU_SUITE_ID", s.SuiteID)
	values.Add("HUFU_SUITE_SECRET", s.SuiteSecret)
	values.Add("HUFU_TOKEN", s.Token)
	values.Add("HUFU_ENCODING_AES_KEY", s.EncodingAESKey)
	values.Add("HUFU_CORPID", s.CorpID)
	values.Add("HUFU_AGENTID", strconv.FormatInt(s.AgentID, 10))
	values.Add("HUFU_CORPSECRET", s.CorpSecret)
	values.Add("HUFU_MEMBER", s.Member)
	values.Add("HUFU_ADMIN", s.Admin)
	values.Add("HUFU_OPEN_CORPID", s.OpenCorpID)
	values.Add("HUFU_OPEN_USERID", s.OpenUserID)
	values.Add("HUFU_PERMANENT_CODE", s.PermanentCode)
	values.Add("HUFU_REDIRECT_URI", redirect)
	if hosts := p.WeComHosts(); hosts != nil {
		values.Add("HUFU_TLS", hosts.TLS)
		values.Add("HUFU_PROXY", "http://"+hosts.Proxy)
		values.Add("HUFU_CA", hosts.CAFile)
	}
	return values
}
