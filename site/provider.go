package site

import (
	"context"

	"github.com/hufu-sso/hufu/protocol"
)

// Provider is the provider itself (服务商) as the API sees it. It is safe for
// concurrent use. Keep it: it holds the token.
type Provider struct {
	client *Client
	corpID string
	secret string
	tokens *keeper
}

// Provider makes a Provider from its CorpID and ProviderSecret (通用开发参数).
// It does no I/O.
func (c *Client) Provider(corpID, secret string) *Provider {
	p := &Provider{client: c, corpID: corpID, secret: secret}
	p.tokens = &keeper{now: c.now, fetch: p.fetch}
	return p
}

// Token returns a provider_access_token that has not expired (90593). Calls
// made with it must be ready for the platform to withdraw it early.
func (p *Provider) Token(ctx context.Context) (string, error) {
	return p.tokens.get(ctx, "")
}

func (p *Provider) fetch(ctx context.Context) (string, protocol.Int, error) {
	var answer protocol.ProviderToken
	err := p.client.do(ctx, call{
		path:    protocol.PathGetProviderToken,
		body:    protocol.GetProviderToken{CorpID: p.corpID, ProviderSecret: p.secret},
		secrets: []string{p.secret},
	}, &answer)
	return answer.ProviderAccessToken, answer.ExpiresIn, err
}
