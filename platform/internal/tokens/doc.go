// Package tokens issues, opens, spends and expires what sites hold: codes, suite tickets
// and access tokens.
//
// None of them is stored. Each is a sealed text: the row of the app it belongs to, a nonce,
// and an XChaCha20-Poly1305 box under a key of its kind, with kind and app as associated
// data, in unpadded base64url (clients put it into URLs raw). A text that does not encode
// back to itself is refused, so no two spellings of one code exist.
//
// What is stored: one row per holder of an access token, from which its text is derived
// again while it is valid; and the id of every code that was spent, for 24 hours, committed
// before the exchange is answered.
package tokens
