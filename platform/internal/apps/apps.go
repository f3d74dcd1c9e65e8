package apps

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/keys"
	"github.com/hufu-sso/hufu/platform/internal/store"
)

// ErrNotFound is returned where an app or provider asked for does not exist.
var ErrNotFound = errors.New("apps: not found")

// Kind says what an app is.
type Kind string

const (
	LoginSuite Kind = "login_suite" // 登录授权: the provider's suite for web login
	Suite      Kind = "suite"       // 第三方应用
	CorpApp    Kind = "corp_app"    // 自建应用
)

// App is a suite of a provider or an app a corp made for itself. It is shared between
// requests: read it, never write it.
type App struct {
	Row              int64
	Kind             Kind
	CorpRow          int64  // the provider's corp for a suite, the owner for a corp app
	CorpID           string // its plain corpid
	SuiteID          string // empty for a corp app
	AgentID          int64  // 0 for a suite
	Name             string
	Brand            string // the provider's brand name; the corp's name for a corp app
	SecretGeneration int64  // raised when the secret is reset: older tokens die
	ExpiresInURL     bool   // whether the redirect carries expires_in
	Addresses        Addresses

	// Enabled: 登录授权 is switched on, for a login suite; not stopped, for a corp app.
	Enabled bool
	// Online: any corp may install the suite. Submitted: it waits for the operator to put it
	// online.
	Online, Submitted bool
	// Sensitive: the suite may ask members for details (成员敏感信息授权). A corp app always may.
	Sensitive   bool
	About       string // one or two sentences, shown in the market
	HomeURL     string // 应用主页
	BusinessURL string // 业务设置URL; empty: not set
	DataURL     string // 数据回调URL
	CallbackURL string // 指令回调URL; see SuiteCallback for its keys
	LogoDigest  string // of its own picture; empty: none
	BrandLogo   string // digest of the provider's picture; empty: none
	CreatedAt   time.Time

	secretHash []byte
}

// Addresses are the places an app's sign-ins may return to.
type Addresses struct {
	Trusted     []string // host[:port], 可信域名
	Callback    []string // host[:port], 授权回调域; corp apps only
	Development []string // origins such as http://localhost:3000; sandbox only
	Exact       []string // when not empty, the only redirect URIs
	Install     []string // host[:port], 安装完成回调域名; suites only
	Launch      []string // host[:port], 登录授权发起域名; login suites only, see Launchers
}

// SecretIs compares a secret with the app's in constant time.
func (a *App) SecretIs(secret string) bool { return secretIs(a.secretHash, secret) }

func secretIs(hash []byte, secret string) bool {
	sum := sha256.Sum256([]byte(secret))
	return subtle.ConstantTimeCompare(sum[:], hash) == 1
}

// Service reads and writes apps. Apps and providers change rarely and are needed in every
// request of a sign-in, so they are kept in memory; every write through the service drops
// what is kept. Make one with New.
type Service struct {
	// NoDomainCheck lets business settings be on a domain that its provider has not proved.
	// Set before first use.
	NoDomainCheck bool

	// Told is told about installations. Set it before first use.
	Told Told

	db   *store.DB
	keys *keys.Ring
	now  func() time.Time

	mu        sync.RWMutex // guards the maps
	byKey     map[string]*App
	providers map[int64]*Provider
	plain     map[[2]int64]bool          // by provider and corp row
	installed map[[2]int64]*Installation // by app and corp row, and by 0 and its own row
	// misses would let a stranger fill the memory, so only what exists is kept.
}

// keptMax bounds the answers of PlainIDs, and the installations, that are kept.
const keptMax = 100_000

// New makes a service on a store.
func New(db *store.DB, ring *keys.Ring, now func() time.Time) *Service {
	s := &Service{db: db, keys: ring, now: now}
	s.forget()
	return s
}

func (s *Service) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byKey = map[string]*App{}
	s.providers = map[int64]*Provider{}
	s.plain = map[[2]int64]bool{}
	s.installed = map[[2]int64]*Installation{}
}

// Suite reads the suite with this suite id. Encrypted ids aside, WeCom matches ids without
// case, and so does this.
func (s *Service) Suite(ctx context.Context, suiteID string) (*App, error) {
	key := strings.ToLower(suiteID)
	if key == "" {
		return nil, ErrNotFound
	}
	return s.app(ctx, "suite/"+key, `a.suite_key = $1`, key)
}

// SuiteOf reads the first suite of a kind that a provider made.
func (s *Service) SuiteOf(ctx context.Context, corpRow int64, kind Kind) (*App, error) {
	var row int64
	err := s.db.Query(`SELECT id FROM apps WHERE corp_id = $1 AND kind = $2 ORDER BY id LIMIT 1`).
		Row(ctx, corpRow, string(kind)).Scan(&row)
	if err != nil {
		return nil, found(err)
	}
	return s.App(ctx, row)
}

// CorpApp reads the app a corp made for itself, by corp row and agentid.
func (s *Service) CorpApp(ctx context.Context, corpRow, agentID int64) (*App, error) {
	return s.app(ctx, fmt.Sprintf("agent/%d/%d", corpRow, agentID),
		`a.kind = 'corp_app' AND a.corp_id = $1 AND a.agentid = $2`, corpRow, agentID)
}

// App reads an app by row.
func (s *Service) App(ctx context.Context, row int64) (*App, error) {
	return s.app(ctx, fmt.Sprintf("row/%d", row), `a.id = $1`, row)
}

// CorpAppBySecret finds the corp's own app whose secret this is: gettoken names a corp and
// a secret, never an agentid.
func (s *Service) CorpAppBySecret(ctx context.Context, corpRow int64, secret string) (*App, error) {
	sum := sha256.Sum256([]byte(secret))
	var row int64
	err := s.db.Query(`SELECT id FROM apps WHERE kind = 'corp_app' AND corp_id = $1 AND secret_hash = $2`).
		Row(ctx, corpRow, sum[:]).Scan(&row)
	if err != nil {
		return nil, found(err)
	}
	return s.App(ctx, row)
}

func (s *Service) app(ctx context.Context, key, where string, args ...any) (*App, error) {
	s.mu.RLock()
	a, byKey := s.byKey[key], s.byKey
	s.mu.RUnlock()
	if a != nil {
		return a, nil
	}
	a = &App{}
	var created int64
	err := s.db.Query(`SELECT a.id, a.kind, a.corp_id, c.corpid, a.suite_id, a.agentid, a.name,
			COALESCE(p.brand_name, c.name), a.secret_hash, a.secret_generation, a.expires_in_url,
			a.enabled, a.online, a.submitted, a.sensitive OR a.kind = 'corp_app', a.about, a.home_url, a.business_url, a.data_url, a.callback_url, a.created_at,
			COALESCE(l.digest, ''), COALESCE(b.digest, '')
		FROM apps a JOIN corps c ON c.id = a.corp_id
		LEFT JOIN providers p ON p.corp_id = a.corp_id AND a.kind <> 'corp_app'
		LEFT JOIN logos l ON l.owner = a.id
		LEFT JOIN logos b ON b.owner = p.corp_id
		WHERE `+where).Row(ctx, args...).
		Scan(&a.Row, &a.Kind, &a.CorpRow, &a.CorpID, &a.SuiteID, &a.AgentID, &a.Name,
			&a.Brand, &a.secretHash, &a.SecretGeneration, &a.ExpiresInURL,
			&a.Enabled, &a.Online, &a.Submitted, &a.Sensitive, &a.About, &a.HomeURL, &a.BusinessURL, &a.DataURL, &a.CallbackURL, &created,
			&a.LogoDigest, &a.BrandLogo)
	if err != nil {
		return nil, found(err)
	}
	a.CreatedAt = time.UnixMilli(created)
	if a.Addresses, err = s.addresses(ctx, a.Row); err != nil {
		return nil, err
	}
	s.mu.Lock()
	// A write may have emptied the maps since the row was read; then the row may be old
	// and goes into the map that nobody reads any more.
	byKey[key] = a
	s.mu.Unlock()
	return a, nil
}

func (s *Service) addresses(ctx context.Context, appRow int64) (Addresses, error) {
	var list Addresses
	rows, err := s.db.Query(`SELECT kind, value FROM app_addresses WHERE app_id = $1 ORDER BY kind, value`).Rows(ctx, appRow)
	if err != nil {
		return list, err
	}
	defer rows.Close()
	for rows.Next() {
		var kind, value string
		if err := rows.Scan(&kind, &value); err != nil {
			return list, err
		}
		switch kind {
		case "trusted":
			list.Trusted = append(list.Trusted, value)
		case "callback":
			list.Callback = append(list.Callback, value)
		case "development":
			list.Development = append(list.Development, value)
		case "exact":
			list.Exact = append(list.Exact, value)
		case "install":
			list.Install = append(list.Install, value)
		case "launch":
			list.Launch = append(list.Launch, value)
		}
	}
	return list, rows.Err()
}

func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}
