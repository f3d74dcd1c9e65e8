package apps

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
)

// What a provider is shown of a corp, a member and a person in no company. Encrypted ids
// are one AES block over (kind, corp row, member row) under the provider's key: nothing is
// stored, a rename keeps them, a member who is created anew gets another, and two
// providers cannot link theirs (97104; security.md, People and companies).
//
// The text is the prefix WeCom uses ("wp" for a corpid, "wo" for a userid) and 30
// characters of base64url: six bytes of a MAC, by which a made-up id is told from a real
// one, and the block.

type idKind byte

const (
	idCorp   idKind = 1
	idMember idKind = 2
	idPerson idKind = 3
)

var idPrefix = map[idKind]string{idCorp: "wp", idMember: "wo", idPerson: "oh"}

const idMAC = 6

type idCipher struct {
	block cipher.Block
	mac   []byte
}

func newIDCipher(key []byte) (idCipher, error) {
	if len(key) != 64 {
		return idCipher{}, fmt.Errorf("id key has %d bytes, not 64", len(key))
	}
	block, err := aes.NewCipher(key[:32])
	return idCipher{block, key[32:]}, err
}

func (c idCipher) tag(block []byte) []byte {
	h := hmac.New(sha256.New, c.mac)
	h.Write(block)
	return h.Sum(nil)[:idMAC]
}

func (c idCipher) encrypt(kind idKind, corpRow, row int64) string {
	var plain, text [aes.BlockSize]byte
	binary.BigEndian.PutUint64(plain[:8], uint64(corpRow)) // rows are below 2^56: the first byte is free
	plain[0] = byte(kind)
	binary.BigEndian.PutUint64(plain[8:], uint64(row))
	c.block.Encrypt(text[:], plain[:])
	return idPrefix[kind] + base64.RawURLEncoding.EncodeToString(append(c.tag(text[:]), text[:]...))
}

// CorpIDFor is the encrypted corpid of a corp for this provider.
func (p *Provider) CorpIDFor(corpRow int64) string { return p.ids.encrypt(idCorp, corpRow, 0) }

// OpenUserID is the encrypted userid of a member for this provider, which is also the
// open_userid (98179).
func (p *Provider) OpenUserID(corpRow, memberRow int64) string {
	return p.ids.encrypt(idMember, corpRow, memberRow)
}

// OpenID is what this provider is shown of a person in no company.
func (p *Provider) OpenID(personRow int64) string { return p.ids.encrypt(idPerson, 0, personRow) }

// OpenIDInCorp is what a corp's own apps are shown of a person who is not its member: the
// same for every app of the corp, different in every other corp (98177).
func (s *Service) OpenIDInCorp(corpRow, personRow int64) (string, error) {
	key := s.keys.Derive(fmt.Sprintf("corp openid %d", corpRow))
	mac := hmac.New(sha256.New, key[:])
	c, err := newIDCipher(append(key[:], mac.Sum(nil)...))
	if err != nil {
		return "", err
	}
	return c.encrypt(idPerson, corpRow, personRow), nil
}

// PlainIDs tells whether a provider sees plain ids of a corp: only where the corp
// installed one of its suites before ids were encrypted (历史授权).
func (s *Service) PlainIDs(ctx context.Context, providerRow, corpRow int64) (bool, error) {
	key := [2]int64{providerRow, corpRow}
	s.mu.RLock()
	kept, ok := s.plain[key]
	plains := s.plain
	s.mu.RUnlock()
	if ok {
		return kept, nil
	}
	var plain bool
	err := s.db.Query(`SELECT EXISTS (SELECT 1 FROM installations i JOIN apps a ON a.id = i.app_id
		WHERE i.corp_id = $1 AND i.plain_ids AND a.corp_id = $2)`).Row(ctx, corpRow, providerRow).Scan(&plain)
	if err != nil {
		return false, err
	}
	s.mu.Lock()
	if len(plains) < keptMax {
		plains[key] = plain
	}
	s.mu.Unlock()
	return plain, nil
}
