// Package phone is a member's phone in the terminal: it opens the address in a
// QR code (of the login page, the old pages, the consoles, a desktop client),
// says who asks and what would be shared, and confirms or refuses; and it opens
// an app inside the client, as a person who types the app's link.
//
// It speaks to the platform's own phone pages, which answer their views as
// JSON to a client that accepts it, and so does nothing that a phone's browser
// could not do. Whose phone it is, it learns from its Options; nothing is kept
// when it ends.
package phone
