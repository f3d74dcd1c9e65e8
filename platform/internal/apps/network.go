package apps

import (
	"context"
	"database/sql"
	"errors"
	"net/netip"
	"slices"
	"strings"
)

// ErrNetwork is returned for a text that is neither an address nor a network.
var ErrNetwork = errors.New("apps: neither an address nor a network")

// ParseNetwork reads an entry of the IP allow list: an address, or a network such as
// 203.0.113.0/24, whose host bits are dropped.
func ParseNetwork(text string) (netip.Prefix, error) {
	text = strings.TrimSpace(text)
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	if err != nil || p.Addr().Is4In6() {
		return netip.Prefix{}, ErrNetwork
	}
	return p.Masked(), nil
}

// Admits tells whether a provider's secrets and tokens may be used from an address: always,
// as long as its list is empty.
func (p *Provider) Admits(addr netip.Addr) bool {
	return len(p.Networks) == 0 || slices.ContainsFunc(p.Networks, func(n netip.Prefix) bool { return n.Contains(addr.Unmap()) })
}

// SetNetworks replaces the addresses from which a provider's secrets and tokens may be used
// (IP白名单); none means all.
func (s *Service) SetNetworks(ctx context.Context, corpRow int64, list []netip.Prefix) error {
	return s.Update(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM provider_networks WHERE corp_id = $1`, corpRow); err != nil {
			return err
		}
		for _, n := range list {
			if _, err := tx.ExecContext(ctx, `INSERT INTO provider_networks (corp_id, network) VALUES ($1, $2)
				ON CONFLICT DO NOTHING`, corpRow, n.String()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) networks(ctx context.Context, corpRow int64) ([]netip.Prefix, error) {
	rows, err := s.db.Query(`SELECT network FROM provider_networks WHERE corp_id = $1 ORDER BY network`).Rows(ctx, corpRow)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []netip.Prefix
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		n, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, err // never the same as no list: that would admit everyone
		}
		list = append(list, n)
	}
	return list, rows.Err()
}
