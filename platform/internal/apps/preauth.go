package apps

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/hufu-sso/hufu/platform/internal/shortlived"
)

// InstallSession is what set_session_info (90602) says of one pre_auth_code.
type InstallSession struct {
	Test bool `json:"test"` // auth_type 1, 测试授权: needed while the suite is not online
}

// SetSession keeps what set_session_info says of a pre_auth_code, until the code expires. A
// later call replaces it.
func SetSession(ctx context.Context, store shortlived.Store, preAuthCode string, i InstallSession, expires time.Time) error {
	value, err := json.Marshal(i)
	if err != nil {
		return err
	}
	key := sessionKey(preAuthCode)
	for {
		err := store.Create(ctx, key, value, expires)
		if !errors.Is(err, shortlived.ErrExists) {
			return err
		}
		there, err := store.Get(ctx, key)
		if err == nil {
			err = store.Swap(ctx, key, there.Version, value, expires)
		}
		if !errors.Is(err, shortlived.ErrConflict) && !errors.Is(err, shortlived.ErrNotFound) {
			return err
		}
	}
}

// Session reads what set_session_info said of a pre_auth_code; where it said nothing, the
// zero value: 正式授权. The caller has checked that the code is still good.
func Session(ctx context.Context, store shortlived.Store, preAuthCode string) (InstallSession, error) {
	var i InstallSession
	r, err := store.Get(ctx, sessionKey(preAuthCode))
	if errors.Is(err, shortlived.ErrNotFound) {
		return i, nil
	}
	if err != nil {
		return i, err
	}
	return i, json.Unmarshal(r.Value, &i)
}

// sessionKey holds a digest: a code is a secret, keys are not.
func sessionKey(preAuthCode string) string {
	sum := sha256.Sum256([]byte(preAuthCode))
	return "install session " + hex.EncodeToString(sum[:])
}
