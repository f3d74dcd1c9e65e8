package sample

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/hufu-sso/hufu/platform/internal/directory"
)

// mailDomains are what the members of each company have their mail under: names that nobody
// can register.
var mailDomains = map[string]string{galaxy: "xinghe.example", hills: "yuanshan.example", north: "beichen.example",
	provider: "qinghe.example", second: "yunshan.example"}

// details adds what a page inside the client may ask a member for, mobile and email, and lets
// the sample provider's suite ask (成员敏感信息授权). Whatever a member has already stays.
func (m *Maker) details(ctx context.Context, tx *sql.Tx) error {
	for key := range mailDomains {
		corp, err := m.Directory.CorpByCorpID(ctx, m.id(key))
		if err != nil {
			return err
		}
		b, err := m.Directory.BatchIn(ctx, tx, corp.Row)
		if err != nil {
			return err
		}
		for n, p := range slices.Concat(people, morePeople) {
			for _, in := range p.in {
				if in.corp != key {
					continue
				}
				if err := addDetails(ctx, b, in, fictional(n+1)); err != nil {
					return err
				}
			}
		}
		if err := b.Close(ctx); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE apps SET sensitive = TRUE WHERE id IN (SELECT MIN(a.id) FROM apps a
		JOIN corps c ON c.id = a.corp_id WHERE a.kind = 'suite' AND c.corpid_key = $1)`, m.id(provider))
	return err
}

// fictional is the n-th mobile number of those that no network gives out.
func fictional(n int) string { return fmt.Sprintf("1000000%04d", n) }

// addDetails gives a member mobile and email, where there is neither. Whoever is gone, or has
// another's number in the way, is left alone.
func addDetails(ctx context.Context, b *directory.Batch, in memberOf, mobile string) error {
	m, departments, leads, _, err := b.Find(ctx, in.userid)
	if directory.Refused(err) || err == nil && (m.UserID != in.userid || m.Mobile != "" || m.Email != "") {
		return nil
	}
	if err != nil {
		return err
	}
	_, err = b.Update(ctx, m.Row, directory.MemberEdit{UserID: m.UserID, Name: m.Name, Alias: m.Alias, Position: m.Position,
		Gender: m.Gender, Departments: departments, Leads: leads, Mobile: mobile, Email: in.userid + "@" + mailDomains[in.corp]})
	if directory.Refused(err) {
		return nil
	}
	return err
}
