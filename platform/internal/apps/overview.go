package apps

import "context"

// For the platform's operator, who looks over all providers and suites.

// Providers lists up to limit providers in the order in which their corps were created, from
// the one after the corp row after; search is part of the brand, the corp's name or corpid.
func (s *Service) Providers(ctx context.Context, search string, after int64, limit int) ([]*Provider, error) {
	rows, err := s.rows(ctx, `SELECT p.corp_id FROM providers p JOIN corps c ON c.id = p.corp_id
		WHERE p.corp_id > $1
		AND (LOWER(p.brand_name) LIKE $2 ESCAPE '\' OR LOWER(c.name) LIKE $2 ESCAPE '\' OR c.corpid_key LIKE $2 ESCAPE '\')
		ORDER BY p.corp_id LIMIT $3`, after, like(search), limit)
	if err != nil {
		return nil, err
	}
	list := make([]*Provider, 0, len(rows))
	for _, row := range rows {
		p, err := s.Provider(ctx, row)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// AllSuites lists up to limit suites of all providers, those that were submitted first, then
// by row; offset counts from 0, search is part of the name, the brand or the suite id.
func (s *Service) AllSuites(ctx context.Context, search string, offset, limit int) ([]*App, error) {
	return s.list(ctx, `SELECT a.id FROM apps a JOIN providers p ON p.corp_id = a.corp_id
		WHERE a.kind = 'suite'
		AND (LOWER(a.name) LIKE $1 ESCAPE '\' OR LOWER(p.brand_name) LIKE $1 ESCAPE '\' OR a.suite_key LIKE $1 ESCAPE '\')
		ORDER BY CASE WHEN a.submitted AND NOT a.online THEN 0 ELSE 1 END, a.id LIMIT $2 OFFSET $3`, like(search), limit, offset)
}

// Counts are how many providers and suites there are.
type Counts struct{ Providers, Suites, Submitted int }

// Counts counts them.
func (s *Service) Counts(ctx context.Context) (c Counts, err error) {
	err = s.db.Query(`SELECT (SELECT COUNT(*) FROM providers), (SELECT COUNT(*) FROM apps WHERE kind = 'suite'),
		(SELECT COUNT(*) FROM apps WHERE kind = 'suite' AND submitted AND NOT online)`).Row(ctx).Scan(&c.Providers, &c.Suites, &c.Submitted)
	return c, err
}
