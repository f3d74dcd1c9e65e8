// Package phone is a member's phone in the terminal: it opens the address in a
// QR code, says who asks and what would be shared, and confirms or refuses.
//
// It speaks to the platform's own phone pages, which answer their views as
// JSON to a client that accepts it, and so does nothing that a phone's browser
// could not do. Whose phone it is, it learns from its Options; nothing is kept
// when it ends.
package phone
