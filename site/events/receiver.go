package events

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/hufu-sso/hufu/protocol"
	"github.com/hufu-sso/hufu/protocol/sealed"
)

const (
	// maxAge is how long ago a packet may have been sealed.
	maxAge = 10 * time.Minute
	// maxBody bounds a packet in bytes; real ones have a few thousand.
	maxBody = 1 << 20
)

// Config is what New needs. SuiteID, ProviderCorpID, Token, EncodingAESKey and
// Tickets are required.
type Config struct {
	// SuiteID is the suite whose callback this is: the receiveid of its events.
	SuiteID string
	// ProviderCorpID is the provider's own corpid (服务商CorpID): the receiveid
	// of the URL check.
	ProviderCorpID string
	// Token and EncodingAESKey are those of the callback settings (回调配置).
	Token          string
	EncodingAESKey string
	// Tickets keeps the suite_ticket. Several Receivers may share one.
	Tickets TicketStore
	// Handle gets every event but suite_ticket, see the package comment. Its
	// error is logged, and the same event is then taken again if it is pushed
	// again. Its context ends after a minute. Nil drops the events.
	Handle func(context.Context, protocol.Event) error
	// ConfirmCancel asks the platform whether the company of a cancel_auth has
	// really withdrawn its authorisation, for example with get_auth_info: an
	// answer of 48004 or 40084 confirms it. Nil confirms nothing: Handle then
	// sees no cancel_auth.
	ConfirmCancel func(context.Context, protocol.Event) (bool, error)
	// Now tells the time against which age is measured; time.Now when nil.
	Now func() time.Time
	// Log gets the reason of each refusal; slog.Default() when nil.
	Log *slog.Logger
}

// Receiver is the http.Handler of one suite's instruction callback.
type Receiver struct {
	config Config
	codec  *sealed.Codec
	seen   seen
	queue  queue
}

// New makes a Receiver. Its errors name the field that is wrong.
func New(config Config) (*Receiver, error) {
	key, err := sealed.ParseKey(config.EncodingAESKey)
	if err != nil {
		return nil, fmt.Errorf("events: Config.EncodingAESKey: %w", err)
	}
	if err := sealed.CheckToken(config.Token); err != nil {
		return nil, fmt.Errorf("events: Config.Token: %w", err)
	}
	switch {
	case config.SuiteID == "":
		return nil, errors.New("events: Config.SuiteID is empty")
	case config.ProviderCorpID == "":
		return nil, errors.New("events: Config.ProviderCorpID is empty")
	case config.ProviderCorpID == config.SuiteID:
		return nil, errors.New("events: Config.ProviderCorpID is the suite's id; it must be the provider's corpid")
	case config.Tickets == nil:
		return nil, errors.New("events: Config.Tickets is nil")
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	if config.Log == nil {
		config.Log = slog.Default()
	}
	r := &Receiver{config: config, codec: sealed.New(config.Token, key)}
	r.queue.handle = r.handle
	return r, nil
}

// ServeHTTP implements http.Handler.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var answer []byte
	var err error
	switch req.Method {
	case http.MethodGet:
		answer, err = r.check(req)
	case http.MethodPost:
		answer, err = []byte(protocol.EventAnswer), r.receive(req.Context(), w, req)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	if err != nil {
		r.config.Log.LogAttrs(req.Context(), slog.LevelWarn, "callback refused",
			slog.String("suite", r.config.SuiteID), slog.String("method", req.Method), slog.String("reason", err.Error()))
		w.WriteHeader(http.StatusForbidden)
		answer = []byte("refused")
	}
	_, _ = w.Write(answer)
}

// check answers the check of the callback URL: the echo, bare.
func (r *Receiver) check(req *http.Request) ([]byte, error) {
	q := req.URL.Query()
	echo, err := r.codec.OpenCheck(q, r.config.ProviderCorpID)
	if err != nil {
		return nil, err
	}
	if _, err := r.fresh(q.Get(protocol.QueryTimestamp)); err != nil {
		return nil, err
	}
	return echo, nil
}

// Wait returns when every acknowledged event has been handled, or with the
// error of ctx. Call it after the HTTP server has shut down.
func (r *Receiver) Wait(ctx context.Context) error {
	return r.queue.wait(ctx)
}

// Format implements fmt.Formatter: a Receiver shows its suite, never a key.
func (r *Receiver) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "events.Receiver("+r.config.SuiteID+")")
}
