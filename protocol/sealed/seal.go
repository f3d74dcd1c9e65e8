package sealed

import (
	"bytes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"net/url"

	"github.com/hufu-sso/hufu/protocol"
)

// Seal encrypts and signs msg for receiveID. The envelope's ToUserName is
// receiveID, as it is for suite events; the signature, timestamp (unix
// seconds, decimal) and nonce go into the query, see Query. The Codec must
// have been made from a parsed Key.
func (c *Codec) Seal(msg []byte, receiveID, timestamp, nonce string) (protocol.Envelope, string) {
	var random [randomLen]byte
	_, _ = rand.Read(random[:]) // never fails
	encrypt := c.encrypt(random, msg, receiveID)
	return protocol.Envelope{ToUserName: receiveID, Encrypt: encrypt}, c.Signature(timestamp, nonce, encrypt)
}

// SealReply encrypts and signs a passive reply, the body of an answer.
func (c *Codec) SealReply(msg []byte, receiveID, timestamp, nonce string) protocol.Reply {
	envelope, signature := c.Seal(msg, receiveID, timestamp, nonce)
	return protocol.Reply{Encrypt: envelope.Encrypt, MsgSignature: signature, TimeStamp: timestamp, Nonce: nonce}
}

// SealCheck makes the query of a URL check: a GET that the receiver must
// answer with echo, bare. For a suite's callbacks receiveID is the provider's
// corpid, not the suite id.
func (c *Codec) SealCheck(echo, receiveID, timestamp, nonce string) url.Values {
	envelope, signature := c.Seal([]byte(echo), receiveID, timestamp, nonce)
	q := Query(signature, timestamp, nonce)
	q.Set(protocol.QueryEchoStr, envelope.Encrypt)
	return q
}

// Query is the query under which an envelope is posted.
func Query(signature, timestamp, nonce string) url.Values {
	return url.Values{
		protocol.QueryMsgSignature: {signature},
		protocol.QueryTimestamp:    {timestamp},
		protocol.QueryNonce:        {nonce},
	}
}

func (c *Codec) encrypt(random [randomLen]byte, msg []byte, receiveID string) string {
	plain := make([]byte, 0, randomLen+lengthLen+len(msg)+len(receiveID)+padBlock)
	plain = append(plain, random[:]...)
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(msg)))
	plain = append(plain, msg...)
	plain = append(plain, receiveID...)
	pad := padBlock - len(plain)%padBlock // 1 to 32: a whole block when it fits exactly
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(c.block, c.iv[:]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}
