package browser

// creatorsEnrol opens the links of the two creators, each at a computer of their own.
func (w *walk) creatorsEnrol() {
	for _, c := range []struct {
		v                      *visitor
		company, name, account string
	}{{w.provider, providerName, "何清", "heqing"}, {w.admin, companyName, "王芳", "wangfang"}} {
		c.v.open(w.links[c.company])
		c.v.sees("加入“"+c.company+"”", c.name)
		c.v.fill("账号", c.account)
		c.v.withKey(c.v.device, func() {
			c.v.tap("创建通行密钥并完成")
			c.v.sees("已加入")
		})
		c.v.tap("进入后台")
		w.entersHere(c.v)
	}
}
