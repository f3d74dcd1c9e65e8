package site

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/protocol"
)

const (
	// margin is how long before its expiry a token counts as expired. It is
	// short on purpose: until then the platform hands out the same token again.
	margin = 10 * time.Second
	// maxLife bounds what an answer may claim; 7200 s is the rule.
	maxLife = 24 * time.Hour
)

// keeper keeps one token.
type keeper struct {
	now   func() time.Time
	fetch func(context.Context) (token string, life protocol.Int, err error)

	mu      sync.Mutex // guards all below
	token   string
	expires time.Time
	flight  *flight // the fetch under way, if any
}

// flight is one fetch; token and err are read only after done is closed.
type flight struct {
	done  chan struct{}
	token string
	err   error
}

// get returns a token other than refused, which the platform turned down and
// may be empty. A caller whose ctx ends stops waiting; the fetch goes on for
// the others.
func (k *keeper) get(ctx context.Context, refused string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	k.mu.Lock()
	if k.token != "" && k.token != refused && k.now().Before(k.expires) {
		defer k.mu.Unlock()
		return k.token, nil
	}
	f := k.flight
	if f == nil {
		f = &flight{done: make(chan struct{})}
		k.flight = f
		// The fetch outlives its first caller: others may wait for it. The
		// HTTP client's timeout bounds it.
		go k.refresh(context.WithoutCancel(ctx), f)
	}
	k.mu.Unlock()

	select {
	case <-f.done:
		return f.token, f.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (k *keeper) refresh(ctx context.Context, f *flight) {
	ctx, cancel := context.WithTimeout(ctx, 2*callTimeout)
	defer cancel()
	began := k.now()
	token, life, err := k.fetch(ctx)
	if err == nil && token == "" {
		err = fmt.Errorf("%w: no token in it", ErrAnswer)
	}
	if err != nil {
		token = ""
	}
	k.mu.Lock()
	if err == nil {
		seconds := min(max(life, 0), protocol.Int(maxLife/time.Second))
		k.token, k.expires = token, began.Add(time.Duration(seconds)*time.Second-margin)
	}
	k.flight = nil
	k.mu.Unlock()
	f.token, f.err = token, err
	close(f.done)
}

// use calls with the token, and once more with a new one if the platform
// turns the first down.
func (k *keeper) use(ctx context.Context, call func(token string) error) error {
	token, err := k.get(ctx, "")
	if err != nil {
		return err
	}
	err = call(token)
	if !tokenRefused(err) {
		return err
	}
	token, fetchErr := k.get(ctx, token)
	if fetchErr != nil {
		return fetchErr
	}
	return call(token)
}

// ask makes a call that the keeper's token opens, and reads its answer.
func ask[T any, P interface {
	*T
	Err() error
}](ctx context.Context, c *Client, k *keeper, with func(token string) call) (T, error) {
	var answer T
	err := k.use(ctx, func(token string) error {
		var fresh T // an earlier failure must leave nothing in it
		call := with(token)
		call.secrets = append(call.secrets, token)
		err := c.do(ctx, call, P(&fresh))
		answer = fresh
		return err
	})
	if err != nil {
		var none T
		return none, err
	}
	return answer, nil
}

// tokenRefused tells whether a call that carried a token failed because of it.
func tokenRefused(err error) bool {
	for _, code := range []protocol.Code{
		protocol.CodeInvalidAccessToken,
		protocol.CodeAccessTokenExpired,
		protocol.CodeInvalidSuiteAccessToken,
		protocol.CodeSuiteAccessTokenExpired,
		protocol.CodeInvalidCredential,
	} {
		if errors.Is(err, code) {
			return true
		}
	}
	return false
}
