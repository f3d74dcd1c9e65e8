// Package sealed signs and encrypts what the platform pushes to a callback,
// and opens it again (加解密方案, 90968): suite events, the check of a callback
// URL, and passive replies.
//
// A packet is AES-256-CBC under the callback's EncodingAESKey, in base64, with
// a SHA-1 signature under its Token over that base64, the timestamp and the
// nonce. Inside stands whom it is for, the receiveid, which the opener must
// name: the suite id for suite events, the provider's corpid for the URL
// check, the corpid for a corp app.
//
// The scheme has neither a MAC over the plain text nor replay protection.
// [Codec] therefore looks at nothing before the signature holds, compares in
// constant time, and reports every failure as [ErrRefused]; age and repetition
// are for the receiver to judge (see site/events).
//
// A Codec prints as its type name only, so that neither Token nor key reaches
// a log.
package sealed
