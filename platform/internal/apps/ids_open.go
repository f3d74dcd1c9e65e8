package apps

import (
	"crypto/aes"
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"strings"
)

// OpenCorp turns an encrypted corpid of this provider back into the corp's row. Whatever
// this provider was not shown is refused.
func (p *Provider) OpenCorp(text string) (corpRow int64, ok bool) {
	corpRow, row, ok := p.ids.decrypt(idCorp, text)
	return corpRow, ok && row == 0
}

// OpenMember turns an encrypted userid (open_userid) of this provider back into the rows of
// corp and member.
func (p *Provider) OpenMember(text string) (corpRow, memberRow int64, ok bool) {
	return p.ids.decrypt(idMember, text)
}

func (c idCipher) decrypt(kind idKind, text string) (corpRow, row int64, ok bool) {
	rest, ok := strings.CutPrefix(text, idPrefix[kind])
	if !ok || len(rest) != base64.RawURLEncoding.EncodedLen(idMAC+aes.BlockSize) {
		return 0, 0, false
	}
	// The decoder skips line breaks even when strict; then bytes are missing.
	raw, err := base64.RawURLEncoding.Strict().DecodeString(rest)
	if err != nil || len(raw) != idMAC+aes.BlockSize || !hmac.Equal(raw[:idMAC], c.tag(raw[idMAC:])) {
		return 0, 0, false
	}
	var plain [aes.BlockSize]byte
	c.block.Decrypt(plain[:], raw[idMAC:])
	if idKind(plain[0]) != kind {
		return 0, 0, false
	}
	plain[0] = 0
	return int64(binary.BigEndian.Uint64(plain[:8])), int64(binary.BigEndian.Uint64(plain[8:])), true
}
