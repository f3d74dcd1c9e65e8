package sample

import "github.com/hufu-sso/hufu/platform/internal/directory"

// Companies beside those of fill.
const (
	north  = "north"  // the largest; see crowd
	second = "second" // the other provider
)

// moreCorps join those of fill.
var moreCorps = []struct {
	key, name   string
	departments []directory.Department
}{
	{north, "北辰集团", []directory.Department{{Number: 2, Parent: 1, Name: "集团总部", Position: 90},
		{Number: 3, Parent: 1, Name: "华东大区", Position: 80}, {Number: 4, Parent: 1, Name: "华南大区", Position: 70},
		{Number: 5, Parent: 2, Name: "人力资源部", Position: 60}, {Number: 6, Parent: 2, Name: "信息技术部", Position: 50}}},
	{second, "云杉软件", []directory.Department{{Number: 2, Parent: 1, Name: "产品部", Position: 10}}},
}

// morePeople join those of fill, behind them.
var morePeople = []somebody{
	{"luojianguo", "罗建国", 1, []memberOf{{galaxy, "luojianguo", "董事长", 1}}},
	{"fanglin", "方琳", 2, []memberOf{{hills, "fanglin", "行政", 1}}},
	{"hanliqun", "韩立群", 1, []memberOf{{north, "hanliqun", "总裁", 2}}},
	{"dingwei", "丁薇", 2, []memberOf{{north, "dingwei", "信息总监", 6}}},
	{"xuwen", "许文", 1, []memberOf{{north, "xuwen", "华东区负责人", 3}}},
	{"guotao", "郭涛", 1, []memberOf{{north, "guotao", "招聘主管", 5}}},
	{"shaoning", "邵宁", 2, []memberOf{{second, "shaoning", "总经理", 1}}},
	{"jiangfan", "姜帆", 1, []memberOf{{second, "jiangfan", "开发负责人", 2}}},
	{"wutong", "吴桐", 2, nil}, // external admin of galaxy
	{"suqing", "苏晴", 2, nil}, // runs the platform
}

// adminOf is an administrator; userid is empty for an external one, who has an account.
type adminOf struct {
	corp, userid, account string
	kind                  directory.AdminKind
	departments           []directory.AdminDepartment
	manages, uses         bool // the installed suite, the corp app
}

var admins = []adminOf{
	{corp: galaxy, userid: "luojianguo", kind: directory.Creator},
	{corp: galaxy, userid: "wangfang", kind: directory.System},
	{corp: galaxy, account: "wutong", kind: directory.External},
	{corp: galaxy, userid: "sunyue", kind: directory.Sub, manages: true,
		departments: []directory.AdminDepartment{{Number: 2, Writable: true}}},
	{corp: galaxy, userid: "zhoujie", kind: directory.Sub, uses: true,
		departments: []directory.AdminDepartment{{Number: 3}}},
	{corp: hills, userid: "heqing", kind: directory.Creator},
	{corp: hills, userid: "linxi", kind: directory.System}, // who is a member of two companies
	{corp: north, userid: "hanliqun", kind: directory.Creator},
	{corp: north, userid: "dingwei", kind: directory.System},
	{corp: north, userid: "xuwen", kind: directory.Sub, manages: true,
		departments: []directory.AdminDepartment{{Number: 3, Writable: true}, {Number: 5}}},
	{corp: provider, userid: "xujing", kind: directory.Creator},
	{corp: provider, userid: "lubo", kind: directory.System},
	{corp: second, userid: "shaoning", kind: directory.Creator},
	{corp: second, userid: "jiangfan", kind: directory.System},
}

// installedIn is where a suite is installed, and for whom.
type installedIn struct {
	corp        string
	second      bool // the second provider's suite
	departments []int64
	members     []string
	plain       bool
}

var installedBy = []installedIn{
	{corp: galaxy, departments: []int64{1}},
	{corp: hills, departments: []int64{2, 3}, plain: true},
	{corp: north, members: []string{"hanliqun", "dingwei", "guotao"}},
	{corp: galaxy, second: true, departments: []int64{3}, members: []string{"wangfang"}},
}

// SecondBrand is the brand name (品牌名称) of the second provider.
const SecondBrand = "云杉办公"
