package directory

import "context"

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

// Members answers a page of members.
func (s *Service) Members(ctx context.Context, q MemberQuery) (MemberPage, error) {
	return MemberPage{}, nil
}
