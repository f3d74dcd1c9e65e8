// Package loopback is the door at which a login page finds the desktop client of its own
// machine: 127.0.0.1, the first free of protocol.LoopbackPorts.
//
//	POST /hufu/check    {}                     is a client here, is it signed in; a nonce
//	POST /hufu/confirm  {client_key, nonce}    shows the sign-in to the person
//
// It answers pages of the platform's login origins alone, and tells them nothing about the
// person. Refused are (security.md, abuse case 19): another Host than 127.0.0.1 and our port (a
// rebound name); an Origin that is absent, null or not a login page's; any body but JSON; the
// socket of another user of this machine; a nonce that is unknown, used or two minutes old; a key
// seen before; more than ten requests a minute. Passing all of this proves nothing: the person
// decides, elsewhere.
package loopback
