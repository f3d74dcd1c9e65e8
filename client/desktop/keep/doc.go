// Package keep keeps a desktop client's device key between two runs: in the system's keyring, or
// in a file of mode 0600 where there is no keyring. It also holds the lock that lets one client
// at a time use a data directory.
//
// One device for each platform. Nothing of it is ever printed: a Device has no useful String.
package keep
