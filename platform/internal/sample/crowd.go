package sample

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// CrowdSize is how many members the company has that Maker.Crowd fills.
const CrowdSize = 5000

// crowdAccounts is how many of the crowd can sign in; nobody else has credentials yet.
const crowdAccounts = 6

// unit is a kind of department: how it is called, what people do there, what lies beneath.
type unit struct {
	name      string
	positions []string
	beneath   []unit
}

// Below region, city and house stand the departments: with the root, the tree is six deep.
var (
	teams = func(prefix string, positions ...string) []unit {
		list := make([]unit, 0, 3)
		for _, n := range []string{"一组", "二组", "三组"} {
			list = append(list, unit{prefix + n, positions, nil})
		}
		return list
	}
	house = []unit{
		{"研发中心", []string{"架构师", "技术经理"}, []unit{
			{"平台研发部", []string{"技术主管"}, teams("平台", "后端工程师", "高级后端工程师", "运维工程师")},
			{"应用研发部", []string{"技术主管"}, teams("应用", "前端工程师", "客户端工程师", "测试工程师")},
		}},
		{"生产制造部", []string{"厂长", "生产经理", "设备工程师", "质检员", "操作工"}, []unit{
			{"装配车间", []string{"车间主任", "班组长"}, teams("装配", "装配工", "质检员")},
			{"物流仓储部", []string{"仓储主管"}, teams("仓储", "仓管员", "调度员", "司机")},
		}},
		{"销售部", []string{"销售总监", "大客户经理"}, []unit{
			{"渠道销售部", []string{"渠道经理"}, teams("渠道", "销售代表", "销售主管")},
			{"客户服务部", []string{"客服经理"}, teams("客服", "客服专员", "售后工程师")},
		}},
	}
	regions = []struct {
		parent string // region, as the smaller sample has it
		cities []string
	}{
		{"华东大区", []string{"上海分公司", "杭州分公司", "南京分公司"}},
		{"华南大区", []string{"广州分公司", "深圳分公司"}},
	}
	offices = []unit{
		{"财务部", []string{"会计", "出纳", "财务分析师"}, nil},
		{"法务部", []string{"法务专员", "合规经理"}, nil},
		{"行政部", []string{"行政专员", "前台"}, nil},
		{"品牌市场部", []string{"品牌经理", "策划", "设计师"}, nil},
	}
)

// place is a department of the crowd and how many it takes in, in comparison.
type place struct {
	number    int64
	positions []string
	weight    int
}

// crowd fills the largest company up to CrowdSize, the same way each time.
func (m *Maker) crowd(ctx context.Context, tx *sql.Tx) error {
	corp, err := m.Directory.CorpByCorpID(ctx, m.id(north))
	if err != nil {
		return err
	}
	there, err := m.Directory.Departments(ctx, corp.Row)
	if err != nil {
		return err
	}
	c := &crowding{m, tx, corp.Row, map[string]int64{}, nil}
	for _, d := range there {
		c.numbers[key(d.Parent, d.Name)] = d.Number
	}
	if err := c.departments(ctx); err != nil {
		return err
	}
	return c.members(ctx)
}

type crowding struct {
	*Maker
	tx      *sql.Tx
	corp    int64
	numbers map[string]int64 // of departments, by parent and name
	places  []place
}

func key(parent int64, name string) string { return fmt.Sprint(parent, " ", name) }

func (c *crowding) departments(ctx context.Context) error {
	for _, r := range regions {
		region, err := c.department(ctx, directory.Root, r.parent)
		if err != nil {
			return err
		}
		for _, name := range r.cities {
			city, err := c.department(ctx, region, name)
			if err != nil {
				return err
			}
			c.places = append(c.places, place{city, []string{"分公司总经理", "副总经理", "总经理助理"}, 1})
			if err := c.units(ctx, city, house); err != nil {
				return err
			}
		}
	}
	office, err := c.department(ctx, directory.Root, "集团总部")
	if err != nil {
		return err
	}
	return c.units(ctx, office, offices)
}

// units makes departments with all beneath them; those without any take in most people.
func (c *crowding) units(ctx context.Context, parent int64, list []unit) error {
	for _, u := range list {
		number, err := c.department(ctx, parent, u.name)
		if err != nil {
			return err
		}
		weight := 2
		if len(u.beneath) == 0 {
			weight = 20
		}
		c.places = append(c.places, place{number, u.positions, weight})
		if err := c.units(ctx, number, u.beneath); err != nil {
			return err
		}
	}
	return nil
}

// department answers the number of a department, which is made where it is missing.
func (c *crowding) department(ctx context.Context, parent int64, name string) (int64, error) {
	if number := c.numbers[key(parent, name)]; number != 0 {
		return number, nil
	}
	d, err := c.Directory.AddDepartmentIn(ctx, c.tx, c.corp, directory.Department{Parent: parent, Name: name,
		Position: int64(1000 - len(c.places))})
	c.numbers[key(parent, name)] = d.Number
	return d.Number, err
}

func (c *crowding) members(ctx context.Context) (err error) {
	used, err := c.userids(ctx)
	if err != nil {
		return err
	}
	members := len(used)
	draw := &drawing{rand.New(rand.NewPCG(5000, 6)), used, map[string]int{}, c.lots()}
	var list []directory.NewMember
	for len(list) < CrowdSize-members {
		list = append(list, draw.member())
	}
	hash := directory.HashPassword(Password)
	for i := range min(crowdAccounts, len(list)) {
		if list[i].Person, err = c.account(ctx, list[i].Name, fmt.Sprint("beichen", i+1), hash); err != nil {
			return err
		}
	}
	// In the order in which the store keeps them, which is the fastest.
	slices.SortFunc(list, func(a, b directory.NewMember) int { return strings.Compare(a.UserID, b.UserID) })
	_, err = c.Directory.AddMembers(ctx, c.tx, c.corp, list)
	return err
}

// userids are those that the company's members have already, lower case.
func (c *crowding) userids(ctx context.Context) (map[string]bool, error) {
	rows, err := c.tx.QueryContext(ctx, `SELECT userid_key FROM members WHERE corp_id = $1`, c.corp)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	used := map[string]bool{}
	for rows.Next() {
		var userid string
		if err := rows.Scan(&userid); err != nil {
			return nil, err
		}
		used[userid] = true
	}
	return used, rows.Err()
}

// account makes one of the crowd able to sign in; 0 where somebody else has the account,
// which is the platform's and not the company's.
func (c *crowding) account(ctx context.Context, name, account, hash string) (int64, error) {
	var there bool
	err := c.tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM persons WHERE account_key = $1)`, account).Scan(&there)
	if err != nil || there {
		return 0, err
	}
	return c.Directory.CreatePerson(ctx, c.tx, directory.Person{Name: name, Account: account}, hash)
}

// lots has each place as often as its weight says.
func (c *crowding) lots() []place {
	var lots []place
	for _, p := range c.places {
		for range p.weight {
			lots = append(lots, p)
		}
	}
	return lots
}

// drawing draws members, the same ones each time.
type drawing struct {
	rand  *rand.Rand
	used  map[string]bool // userids, lower case
	again map[string]int  // how often one was drawn again
	lots  []place
}

func (d *drawing) member() directory.NewMember {
	gender := 1 + d.rand.IntN(2)
	surname := surnames[d.rand.IntN(len(surnames))]
	given := givenNames[gender][d.rand.IntN(len(givenNames[gender]))]
	at := d.lots[d.rand.IntN(len(d.lots))]
	userid := surname.spelt + given.spelt
	for base := userid; d.used[userid]; {
		d.again[base]++
		userid = fmt.Sprint(base, 1+d.again[base])
	}
	d.used[userid] = true
	return directory.NewMember{MemberEdit: directory.MemberEdit{UserID: userid, Name: surname.written + given.written, Gender: gender,
		Position: at.positions[d.rand.IntN(len(at.positions))], Email: userid + "@beichen.example", Departments: []int64{at.number}}}
}
