package directory

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
)

// MemberQuery asks for a page of members.
type MemberQuery struct {
	Corp       int64 // corp row
	Department int64 // its number; 0: the whole corp
	Below      bool  // with all beneath it
	// Search is part of a userid, name, alias, mobile or email, without case; empty: all.
	Search string
	Status Status // 0: any
	// Scope are the departments whose members, with all beneath, may be seen; nil: all.
	Scope []int64
	After string // Next of the page before; empty: from the beginning
	Limit int    // members of a page, 1–1000; 0: 50
}

// Counted is the most that MemberPage.Total counts where it has to look at each member.
const Counted = 1000

// MemberPage is a page of members, by userid.
type MemberPage struct {
	Members []Listed
	Next    string // After of the next page; empty: this is the last
	Total   int    // over all pages
	AtLeast bool   // Total is the least there are: more than Counted
}

// Listed is a member in a list.
type Listed struct {
	Member
	Departments []int64   // the main one first
	Admin       AdminKind // 0: none
}

// place is a member in the list of a department.
type place struct {
	key    string // userid in lower case
	member int64
}

// Members answers a page of members. What it costs is bounded by one walk over the places of
// the corp's members (see member_places), however deep the department and rare the search.
// ErrNotFound: the corp has no such department.
func (s *Service) Members(ctx context.Context, q MemberQuery) (MemberPage, error) {
	if q.Limit <= 0 || q.Limit > Counted {
		q.Limit = 50
	}
	all, err := s.Departments(ctx, q.Corp)
	if err != nil {
		return MemberPage{}, err
	}
	t := newTree(all)
	if q.Department == 0 {
		q.Department, q.Below = Root, true
	}
	if _, ok := t.at[q.Department]; !ok {
		return MemberPage{}, ErrNotFound
	}
	lists := t.within(q)
	var page MemberPage
	var found []place
	if len(lists) == 1 && q.Below && q.Search == "" && q.Status == 0 {
		page.Total = int(t.at[lists[0]].Count)
		found, err = s.walk(ctx, q, lists, q.After, q.Limit+1)
	} else {
		found, err = s.counted(ctx, q, lists, &page)
	}
	if err != nil {
		return page, err
	}
	if len(found) > q.Limit {
		found = found[:q.Limit]
		page.Next = found[q.Limit-1].key
	}
	page.Members, err = s.listed(ctx, q.Corp, found)
	return page, err
}

// counted counts up to Counted members and answers the page, in one walk where it can.
func (s *Service) counted(ctx context.Context, q MemberQuery, lists []int64, page *MemberPage) ([]place, error) {
	found, err := s.walk(ctx, q, lists, "", Counted+1)
	if err != nil {
		return nil, err
	}
	page.Total, page.AtLeast = min(len(found), Counted), len(found) > Counted
	from, there := slices.BinarySearchFunc(found, q.After, func(p place, key string) int { return cmp.Compare(p.key, key) })
	if there {
		from++
	}
	if found = found[from:]; page.AtLeast && len(found) <= q.Limit {
		return s.walk(ctx, q, lists, q.After, q.Limit+1)
	}
	return found, nil
}

// within lists the departments whose lists together answer a query: none of them is beneath
// another.
func (t *tree) within(q MemberQuery) []int64 {
	if q.Scope == nil {
		return []int64{q.Department}
	}
	above := t.above(q.Department)
	var lists []int64
	for _, d := range q.Scope {
		if slices.Contains(above, d) {
			return []int64{q.Department}
		}
		up := t.above(d)
		if q.Below && slices.Contains(up, q.Department) && !slices.ContainsFunc(up[1:], func(n int64) bool { return slices.Contains(q.Scope, n) }) {
			lists = append(lists, d)
		}
	}
	return lists
}

// walk reads up to limit places after a key, over the lists of several departments.
func (s *Service) walk(ctx context.Context, q MemberQuery, lists []int64, after string, limit int) ([]place, error) {
	var all []place
	for _, d := range lists {
		some, err := s.walkOne(ctx, q, d, after, limit)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	if len(lists) > 1 {
		slices.SortFunc(all, func(a, b place) int { return cmp.Compare(a.key, b.key) })
		all = slices.Compact(all) // a member may be in several
	}
	return all[:min(len(all), limit)], nil
}

func (s *Service) walkOne(ctx context.Context, q MemberQuery, department int64, after string, limit int) ([]place, error) {
	query := `SELECT userid_key, member_id FROM member_places WHERE corp_id = $1 AND department = $2 AND userid_key > $3`
	args := []any{q.Corp, department, after, limit}
	if !q.Below {
		query += ` AND direct`
	}
	// One text for each set of conditions: the store keeps them prepared.
	if search := strings.TrimSpace(q.Search); search != "" {
		query += ` AND search LIKE $5 ESCAPE '!'`
		args = append(args, pattern(search))
		if q.Status != 0 {
			query += ` AND status = $6`
			args = append(args, int64(q.Status))
		}
	} else if q.Status != 0 {
		query += ` AND status = $5`
		args = append(args, int64(q.Status))
	}
	rows, err := s.DB.Query(query+` ORDER BY userid_key LIMIT $4`).Rows(ctx, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []place
	for rows.Next() {
		var p place
		if err := rows.Scan(&p.key, &p.member); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// listed reads the members of places.
func (s *Service) listed(ctx context.Context, corpRow int64, places []place) ([]Listed, error) {
	kinds, err := s.adminKinds(ctx, corpRow)
	if err != nil {
		return nil, err
	}
	list := make([]Listed, 0, len(places))
	for _, p := range places {
		m, err := s.Member(ctx, p.member)
		if errors.Is(err, ErrNotFound) {
			continue // removed this moment
		}
		in, err2 := s.DepartmentsOf(ctx, p.member)
		if err := errors.Join(err, err2); err != nil {
			return nil, err
		}
		list = append(list, Listed{Member: m, Departments: in, Admin: kinds[p.member]})
	}
	return list, nil
}

func (s *Service) adminKinds(ctx context.Context, corpRow int64) (map[int64]AdminKind, error) {
	rows, err := s.DB.Query(`SELECT member_id, kind FROM admins WHERE corp_id = $1 AND member_id <> 0`).Rows(ctx, corpRow)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	kinds := map[int64]AdminKind{}
	for rows.Next() {
		var member int64
		var kind AdminKind
		if err := rows.Scan(&member, &kind); err != nil {
			return nil, err
		}
		kinds[member] = kind
	}
	return kinds, rows.Err()
}
