package calls

import (
	"context"
	"net/netip"
	"strings"
	"time"
)

// Query chooses calls of one owner.
type Query struct {
	Search string // in path, reason, address, request id or errcode; empty: all
	Path   string // exactly this one; empty: all
	Failed bool   // only those that were refused
	After  int64  // ID of the last call of the page before; 0: the first page
	Limit  int    // 1 to MaxLimit; else DefaultLimit
}

// How many calls one page of Recent holds.
const (
	DefaultLimit = 50
	MaxLimit     = 500
)

// Recent lists the calls of one owner, newest first, those of this moment among them.
func (l *Log) Recent(ctx context.Context, owner int64, q Query) ([]Recorded, error) {
	if q.Limit < 1 || q.Limit > MaxLimit {
		q.Limit = DefaultLimit
	}
	after := q.After
	if after <= 0 {
		after = 1 << 62
	}
	search := ""
	if text := strings.ToLower(strings.TrimSpace(q.Search)); text != "" {
		search = "%" + like.Replace(text) + "%"
	}
	if err := l.settle(ctx); err != nil {
		return nil, err
	}
	rows, err := l.DB.Query(`SELECT id, at, owner, app_id, corp_id, path, errcode, reason, address, ms, request
		FROM api_calls WHERE owner = $1 AND id < $2
		AND ($3 = '' OR path = $3)
		AND (NOT $4 OR errcode <> 0)
		AND ($5 = '' OR LOWER(path || ' ' || reason || ' ' || address || ' ' || request || ' ' || errcode) LIKE $5 ESCAPE '\')
		ORDER BY id DESC LIMIT $6`).Rows(ctx, owner, after, q.Path, q.Failed, search, q.Limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []Recorded
	for rows.Next() {
		var c Recorded
		var at, ms int64
		var address string
		if err := rows.Scan(&c.ID, &at, &c.Owner, &c.App, &c.Corp, &c.Path, &c.ErrCode, &c.Reason, &address, &ms, &c.Request); err != nil {
			return nil, err
		}
		c.At, c.Took = time.UnixMilli(at), time.Duration(ms)*time.Millisecond
		if address != "" {
			if c.Address, err = netip.ParseAddr(address); err != nil {
				return nil, err
			}
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// like keeps what a person types from being a pattern.
var like = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
