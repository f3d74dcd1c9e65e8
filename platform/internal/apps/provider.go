package apps

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
)

// Provider is a corp that offers suites (服务商). It is shared between requests.
type Provider struct {
	CorpRow          int64
	CorpID           string
	Brand            string
	SecretGeneration int64
	OldLogin         bool           // 3rd_qrConnect and get_login_info are on
	Networks         []netip.Prefix // IP白名单; empty: all
	EventURL         string         // 系统事件接收URL; see ProviderCallback for its keys
	LogoDigest       string         // of its picture; empty: none

	secretHash []byte
	ids        idCipher
}

// SecretIs compares a secret with the provider's in constant time.
func (p *Provider) SecretIs(secret string) bool { return secretIs(p.secretHash, secret) }

// Provider reads a provider by its corp row.
func (s *Service) Provider(ctx context.Context, corpRow int64) (*Provider, error) {
	s.mu.RLock()
	p, providers := s.providers[corpRow], s.providers
	s.mu.RUnlock()
	if p != nil {
		return p, nil
	}
	p = &Provider{}
	var sealed []byte
	err := s.db.Query(`SELECT p.corp_id, c.corpid, p.brand_name, p.secret_hash, p.secret_generation, p.id_key,
			p.old_login, p.event_url, COALESCE(l.digest, '')
		FROM providers p JOIN corps c ON c.id = p.corp_id LEFT JOIN logos l ON l.owner = p.corp_id
		WHERE p.corp_id = $1`).Row(ctx, corpRow).
		Scan(&p.CorpRow, &p.CorpID, &p.Brand, &p.secretHash, &p.SecretGeneration, &sealed,
			&p.OldLogin, &p.EventURL, &p.LogoDigest)
	if err != nil {
		return nil, found(err)
	}
	key, err := s.keys.Open(idKeyLabel(corpRow), sealed)
	if err != nil {
		return nil, fmt.Errorf("id key of provider %s: %w", p.CorpID, err)
	}
	if p.ids, err = newIDCipher(key); err != nil {
		return nil, err
	}
	if p.Networks, err = s.networks(ctx, corpRow); err != nil {
		return nil, err
	}
	s.mu.Lock()
	providers[corpRow] = p
	s.mu.Unlock()
	return p, nil
}

// ProviderByCorpID reads a provider by its plain corpid, matched without case.
func (s *Service) ProviderByCorpID(ctx context.Context, corpid string) (*Provider, error) {
	var row int64
	err := s.db.Query(`SELECT p.corp_id FROM providers p JOIN corps c ON c.id = p.corp_id WHERE c.corpid_key = $1`).
		Row(ctx, strings.ToLower(corpid)).Scan(&row)
	if err != nil {
		return nil, found(err)
	}
	return s.Provider(ctx, row)
}

func idKeyLabel(corpRow int64) string { return fmt.Sprintf("provider ids %d", corpRow) }
