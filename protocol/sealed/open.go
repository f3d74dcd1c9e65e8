package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"net/url"
	"strings"

	"github.com/hufu-sso/hufu/protocol"
)

// ErrRefused is the error of everything that does not open. Its text in a
// returned error says which check failed, for the receiver's own log; the
// sender must not learn it.
var ErrRefused = errors.New("sealed packet refused")

// refusal names the failed check and is an ErrRefused.
type refusal string

func (r refusal) Error() string        { return "sealed packet refused: " + string(r) }
func (r refusal) Is(target error) bool { return target == ErrRefused }

const (
	refusedQuery     refusal = "signature, timestamp and nonce must be given once each"
	refusedCodec     refusal = "no token or key to check it with"
	refusedSignature refusal = "signature does not match"
	refusedEncoding  refusal = "not base64 of whole blocks"
	refusedPadding   refusal = "bad padding or length, as a wrong key gives"
	refusedReceiver  refusal = "meant for another receiveid"
)

// Packet is a sealed message with what authenticates it.
type Packet struct {
	Encrypt   string // base64
	Signature string
	Timestamp string // as it arrived: the signature is over the text
	Nonce     string
}

// Open checks the signature of p, decrypts it and checks that it was sealed
// for receiveID, exactly and in this case. The error is an ErrRefused.
func (c *Codec) Open(p Packet, receiveID string) ([]byte, error) {
	if c.token == "" || c.block == nil {
		return nil, refusedCodec
	}
	want := c.Signature(p.Timestamp, p.Nonce, p.Encrypt)
	if subtle.ConstantTimeCompare([]byte(want), []byte(p.Signature)) != 1 {
		return nil, refusedSignature
	}
	return c.decrypt(p.Encrypt, receiveID)
}

// OpenMessage opens a posted envelope. The query must hold the signature,
// timestamp and nonce once each. The error is an ErrRefused.
func (c *Codec) OpenMessage(q url.Values, e protocol.Envelope, receiveID string) ([]byte, error) {
	return c.openQuery(q, e.Encrypt, receiveID)
}

// OpenCheck opens the query of a URL check and returns the echo to be
// answered, bare. The error is an ErrRefused.
func (c *Codec) OpenCheck(q url.Values, receiveID string) ([]byte, error) {
	if len(q[protocol.QueryEchoStr]) != 1 {
		return nil, refusedQuery
	}
	return c.openQuery(q, q.Get(protocol.QueryEchoStr), receiveID)
}

// OpenReply opens a passive reply. The error is an ErrRefused.
func (c *Codec) OpenReply(r protocol.Reply, receiveID string) ([]byte, error) {
	return c.Open(Packet{Encrypt: r.Encrypt, Signature: r.MsgSignature, Timestamp: r.TimeStamp, Nonce: r.Nonce}, receiveID)
}

func (c *Codec) openQuery(q url.Values, encrypt, receiveID string) ([]byte, error) {
	for _, name := range []string{protocol.QueryMsgSignature, protocol.QueryTimestamp, protocol.QueryNonce} {
		if len(q[name]) != 1 {
			return nil, refusedQuery
		}
	}
	return c.Open(Packet{
		Encrypt:   encrypt,
		Signature: q.Get(protocol.QueryMsgSignature),
		Timestamp: q.Get(protocol.QueryTimestamp),
		Nonce:     q.Get(protocol.QueryNonce),
	}, receiveID)
}

func (c *Codec) decrypt(encrypt, receiveID string) ([]byte, error) {
	// The alphabet is checked here because the decoder skips CR and LF.
	if len(encrypt)%4 != 0 || !isBase64(strings.TrimRight(encrypt, "=")) {
		return nil, refusedEncoding
	}
	plain, err := base64.StdEncoding.Strict().DecodeString(encrypt)
	if err != nil || len(plain) < padBlock || len(plain)%aes.BlockSize != 0 {
		return nil, refusedEncoding
	}
	cipher.NewCBCDecrypter(c.block, c.iv[:]).CryptBlocks(plain, plain)

	pad, good := padding(plain)
	body := plain[randomLen+lengthLen : len(plain)-pad]
	size := binary.BigEndian.Uint32(plain[randomLen:])
	if good != 1 || uint64(size) > uint64(len(body)) {
		return nil, refusedPadding
	}
	if subtle.ConstantTimeCompare(body[size:], []byte(receiveID)) != 1 {
		return nil, refusedReceiver
	}
	return body[:size:size], nil
}

// padding reads the PKCS#7 padding of plain, which is at least padBlock long,
// in time that depends on its length alone. It returns 0 and 0 when the
// padding is bad.
func padding(plain []byte) (pad, good int) {
	last := plain[len(plain)-1]
	pad = int(last)
	good = subtle.ConstantTimeLessOrEq(1, pad) &
		subtle.ConstantTimeLessOrEq(pad, padBlock) &
		subtle.ConstantTimeLessOrEq(pad, len(plain)-randomLen-lengthLen)
	for i := range padBlock {
		inside := subtle.ConstantTimeLessOrEq(i+1, pad)
		equal := subtle.ConstantTimeByteEq(plain[len(plain)-1-i], last)
		good &= equal | (inside ^ 1)
	}
	return subtle.ConstantTimeSelect(good, pad, 0), good
}

func isBase64(s string) bool {
	for i := range len(s) {
		if !isAlphanumeric(s[i]) && s[i] != '+' && s[i] != '/' {
			return false
		}
	}
	return true
}
