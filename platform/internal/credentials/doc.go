// Package credentials keeps what people prove themselves with: passkeys, passwords, the
// one-time links through which they come by them, and the desktop clients that confirm
// sign-ins in their name.
//
// Credentials belong to a person, not to a membership. So a link that a company hands out
// sets credentials only for a person who is nothing elsewhere; whoever has an account joins
// with it instead, and everybody else's sessions of that account end.
//
// It has no URLs: /phone/enrol/{secret} and /phone/account are package phone's. Sign-in names
// and password hashes are columns of persons, which package directory otherwise owns.
package credentials
