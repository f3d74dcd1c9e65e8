package phone

// addAccountStories adds the pages of links, proofs and one's own account.
func addAccountStories(add func(page, name string, view any), me Me) {
	const csrf = "sample"
	asks := Passkeys{URL: "/phone/passkey"}

	enter := EnterView{CSRF: csrf, Label: "phone.enter.console", Host: "console.yunfan.example", EnterURL: "/phone/enter/sample", Passkeys: asks}
	add("enter", "plain", enter)
	for _, problem := range []string{SignInWrong, ProofUsePasskey, ProofPasskey} {
		failed := enter
		failed.Account, failed.Problem = "lin.xiao@qinghe.example", problem
		add("enter", problem, failed)
	}
	enter.Passkeys = Passkeys{Off: true}
	add("enter", "no-passkeys", enter)
	enter.People = samplePeople
	add("enter", "sandbox", enter)

	prove := ProveView{CSRF: csrf, Name: me.Name, ProveURL: "/phone/prove", Next: "/phone/account", CancelURL: "/phone/account", Passkeys: asks}
	add("prove", "passkey", prove)
	prove.Passkeys, prove.Password = Passkeys{}, true
	add("prove", "password", prove)
	prove.Problem = SignInWrong
	add("prove", "wrong", prove)
	prove.Problem, prove.Pick = "", "1"
	add("prove", "sandbox", prove)
	add("prove", "console", ProveView{CSRF: csrf, Name: me.Name, Label: "phone.enter.console", Host: "console.yunfan.example",
		ProveURL: "/phone/enter/sample", Passkeys: asks, Problem: ProofOther})

	enrol := EnrolView{CSRF: csrf, Kind: "member", Company: "青禾科技有限公司", Name: "陈默", Until: "2026-11-25 09:30", EnrolURL: "/phone/enrol/sample",
		JoinURL: "/phone/enrol/sample/join", SignInURL: "/phone/sign-in", Passkeys: asks}
	add("enrol", "member", enrol)
	for _, problem := range EnrolProblems {
		failed := enrol
		failed.Account, failed.Problem = "chenmo", problem
		add("enrol", "problem-"+problem, failed)
	}
	signedIn := enrol
	signedIn.Me = &me
	add("enrol", "signed-in", signedIn)
	plain := enrol
	plain.Passkeys = Passkeys{Off: true}
	add("enrol", "no-passkeys", plain)
	admin := enrol
	admin.Kind, admin.Name = "admin", "周远"
	add("enrol", "admin", admin)
	operator := enrol
	operator.Kind, operator.Company, operator.Name, operator.AskName = "operator", "", "", true
	add("enrol", "operator", operator)
	reset := enrol
	reset.Reset, reset.Account, reset.JoinURL, reset.SignInURL = true, "chenmo", "", ""
	add("enrol", "reset", reset)

	for _, reason := range OverReasons {
		add("over", reason, OverView{Reason: reason})
	}
	for _, as := range []string{"member", "admin", "operator"} {
		v := WelcomeView{Me: me, As: as, HomeURL: "/phone"}
		if as != "member" {
			v.ConsoleURL = "https://console.yunfan.example/"
		}
		add("welcome", as, v)
	}

	account := AccountView{CSRF: csrf, Me: me, Account: "lin.xiao", AddPasskeyURL: "/phone/account/passkey", HasPassword: true,
		PasswordURL: "/phone/account/password", EndOthersURL: "/phone/account/devices/end", WithdrawURL: "/phone/account/site/withdraw",
		Passkeys: []PasskeyLine{{Name: "我的手机", Created: "2026-10-01 08:12", Used: "2026-11-22 09:05", URL: "/phone/account/passkey/1"},
			{Created: "2026-11-02 18:40", URL: "/phone/account/passkey/2"}},
		Devices: []DeviceLine{{ID: "1", Browser: "Safari 26 · iPhone", Address: "203.0.113.7", Since: "2026-11-20 08:00", Current: true, EndURL: "/e"},
			{ID: "2", Browser: "Chrome 142 · Windows", Address: "2001:db8:85a3:8d3:1319:8a2e:370:7348", Since: "2026-11-01 10:22", Console: true, EndURL: "/e"},
			{ID: "3", Address: "198.51.100.4", Since: "2026-10-28 21:15", EndURL: "/e"}},
		Desktops: []DesktopLine{{ID: "1", Machine: "linxiao-thinkpad · Linux", Address: "203.0.113.7", Since: "2026-11-12 09:20", Used: "2026-11-22 08:57", RemoveURL: "/r"},
			{ID: "2", Machine: "DESKTOP-7Q2M9XK4 · Windows", Address: "198.51.100.4", Since: "2026-10-28 21:15", RemoveURL: "/r"}},
		Sites: []SiteLine{{ID: "1.1", Brand: "云帆报销", Company: "青禾科技有限公司", Since: "2026-09-12 14:03"},
			{ID: "1.4", Brand: "云帆报销", Opened: true, Company: "青禾科技有限公司", Since: "2026-09-11 08:30"},
			{ID: "1.2", Brand: "青禾门户", Own: true, Company: "青禾科技有限公司", Since: "2026-09-10 09:41"},
			{ID: "0.3", Brand: "上海云帆智慧差旅与费用报销一体化管理平台", Since: "2026-08-30 11:20"}}}
	add("account", "full", account)
	last := account
	last.Problem = AccountLast
	add("account", "last", last)
	add("account", "new", AccountView{CSRF: csrf, Me: me, Account: "lin.xiao", AddPasskeyURL: "/phone/account/passkey", HasPassword: true,
		PasswordURL: "/phone/account/password", Devices: account.Devices[:1]})
	add("account", "no-passkeys", AccountView{CSRF: csrf, Me: me, Account: "lin.xiao", PasskeysOff: true, HasPassword: true,
		PasswordURL: "/phone/account/password", Devices: account.Devices[:1]})

	key := PasskeyView{CSRF: csrf, Me: me, Name: "Safari 26 · iPhone", SaveURL: "/phone/account/passkey", BackURL: "/phone/account", Passkeys: asks}
	add("passkey", "new", key)
	for _, problem := range []string{ProofPasskey, PasskeyMany} {
		key.Problem = problem
		add("passkey", "problem-"+problem, key)
	}
	add("passkey", "made", PasskeyView{CSRF: csrf, Me: me, Name: "我的手机", Made: &account.Passkeys[0], SaveURL: "/s", RemoveURL: "/r", BackURL: "/phone/account"})

	password := PasswordView{CSRF: csrf, Me: me, Account: "lin.xiao", SaveURL: "/phone/account/password", BackURL: "/phone/account"}
	add("password", "first", password)
	password.Has, password.Problem = true, EnrolDiffers
	add("password", "differs", password)
}
