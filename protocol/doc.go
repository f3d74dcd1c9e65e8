// Package protocol is what crosses the wire between a site and WeCom (企业微信):
// paths, query names, requests, answers, error codes, page codes, pushed
// events. The platform half and the site half both compile against it, so
// neither can drift from the other.
//
// It imports the standard library only and does no I/O. Encryption of pushed
// events is in the sub-package sealed; who may call what, and when, is the
// business of the two halves.
//
// # Decoding
//
// Real clients and servers differ in small ways: a number may arrive as a
// numeric string, an errcode may be absent on success, unknown fields appear.
// Every type here encodes to the one documented form and decodes all of the
// forms seen in the field; see [Int], [Text], [Code], [QRStatus] and [Decode].
//
// # Sources
//
// A number in a comment, such as 98179, names the page of the official
// documentation, https://developer.work.weixin.qq.com/document/path/98179.
package protocol
