package installs

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/hufu-sso/hufu/site"
	"github.com/hufu-sso/hufu/site/internal/kept"
	"github.com/hufu-sso/hufu/site/internal/seal"
)

// KeySize is the length in bytes of each key.
const KeySize = seal.KeySize

// Records is a Store in memory or in a file. It is safe for concurrent use.
type Records struct {
	path   string // empty: memory
	sealer seal.Sealer

	mu     sync.Mutex // guards memory, and the file between read and write
	memory records
}

// records are the sealed installs by suite id and corpid.
type records map[string]map[string]string

// sealedInstall is what is sealed: all of an Install.
type sealedInstall struct {
	Install
	Code string `json:"code"`
}

// NewRecords keeps installs in memory. They are gone after a restart, and WeCom
// tells of none a second time: for tests and samples.
func NewRecords() *Records {
	sealer, err := seal.New(nil, "hufu site installs v1")
	if err != nil {
		panic(err) // cannot happen: it makes its own key
	}
	return &Records{sealer: sealer, memory: records{}}
}

// OpenRecords keeps installs in a file, readable by its owner alone and sealed with
// keys of 32 random bytes: the first seals, all open. Without the keys the file is
// worth nothing. The folder must exist; the file need not.
func OpenRecords(path string, keys [][]byte) (*Records, error) {
	if len(keys) == 0 {
		return nil, errors.New("installs: a file needs keys: a permanent code must not lie open")
	}
	sealer, err := seal.New(keys, "hufu site installs v1")
	if err != nil {
		return nil, fmt.Errorf("installs: %w", err)
	}
	r := &Records{path: path, sealer: sealer}
	if _, err := r.load(); err != nil {
		return nil, err
	}
	return r, nil
}

// Keep implements Store.
func (r *Records) Keep(_ context.Context, suiteID string, i Install) error {
	plain, err := json.Marshal(sealedInstall{i, i.PermanentCode})
	if err != nil {
		return fmt.Errorf("installs: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	all, err := r.load()
	if err != nil {
		return err
	}
	if all[suiteID] == nil {
		all[suiteID] = map[string]string{}
	}
	all[suiteID][i.CorpID] = r.sealer.Seal(plain, place(suiteID, i.CorpID))
	return r.save(all)
}

// Find implements Store.
func (r *Records) Find(_ context.Context, suiteID, corpID string) (Install, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all, err := r.load()
	if err != nil {
		return Install{}, err
	}
	text, ok := all[suiteID][corpID]
	if !ok {
		return Install{}, site.ErrNotInstalled
	}
	return r.open(suiteID, corpID, text)
}

// List implements Store.
func (r *Records) List(_ context.Context, suiteID string) ([]Install, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all, err := r.load()
	if err != nil {
		return nil, err
	}
	list := make([]Install, 0, len(all[suiteID]))
	for corpID, text := range all[suiteID] {
		i, err := r.open(suiteID, corpID, text)
		if err != nil {
			return nil, err
		}
		list = append(list, i)
	}
	slices.SortFunc(list, func(a, b Install) int {
		if c := a.Since.Compare(b.Since); c != 0 {
			return c
		}
		return strings.Compare(a.CorpID, b.CorpID)
	})
	return list, nil
}

// Remove implements Store.
func (r *Records) Remove(_ context.Context, suiteID, corpID, permanentCode string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	all, err := r.load()
	if err != nil {
		return false, err
	}
	text, ok := all[suiteID][corpID]
	if !ok {
		return false, nil
	}
	i, err := r.open(suiteID, corpID, text)
	if err != nil || subtle.ConstantTimeCompare([]byte(i.PermanentCode), []byte(permanentCode)) != 1 {
		return false, err
	}
	delete(all[suiteID], corpID)
	return true, r.save(all)
}

// place binds a sealed install to where it lies: it opens at no other company.
func place(suiteID, corpID string) string { return suiteID + "\n" + corpID }

func (r *Records) open(suiteID, corpID, text string) (Install, error) {
	plain, ok := r.sealer.Open(text, place(suiteID, corpID))
	var kept sealedInstall
	if !ok || json.Unmarshal(plain, &kept) != nil {
		return Install{}, fmt.Errorf("installs: the record of %s cannot be opened: sealed with another key, or changed", corpID)
	}
	kept.PermanentCode = kept.Code
	return kept.Install, nil
}

// load returns all records, never nil.
func (r *Records) load() (records, error) {
	if r.path == "" {
		return r.memory, nil
	}
	data, err := kept.Read(r.path)
	if err != nil {
		return nil, fmt.Errorf("installs: %w", err)
	}
	if data == nil {
		return records{}, nil
	}
	all := records{}
	if json.Unmarshal(data, &all) != nil || all == nil {
		return nil, fmt.Errorf("installs: %s is broken; it is not made anew, for its permanent codes come from nowhere else", r.path)
	}
	return all, nil
}

// save replaces the file in one step: a reader, and a crash at any moment, finds the
// old records or the new ones.
func (r *Records) save(all records) error {
	if r.path == "" {
		return nil
	}
	data, err := json.Marshal(all)
	if err == nil {
		err = kept.Replace(r.path, data)
	}
	if err != nil {
		return fmt.Errorf("installs: %w", err)
	}
	return nil
}

// Format implements fmt.Formatter: Records never show a permanent code.
func (r *Records) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "installs.Records") }
