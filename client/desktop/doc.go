// Package desktop is a member's desktop client: it signs in once, then answers quick login
// (桌面端快速登录) of login pages on its own machine.
//
// Its parts, each a package: loopback is the door at which login pages find it; wire calls the
// platform, signed by the device key; keep keeps that key; window and terminal are where the
// person sees who asks, types the number and decides; peer tells whose socket a connection is;
// screen and locales are what is shown and in which words. Here they are put together.
//
// The login page learns that a client is here and signed in, nothing else. Who asks comes from
// the platform over the device's own connection, and the signed answer goes back there, never to
// the page. Linux is what it was built and run on; for macOS and Windows it is cross-built.
package desktop
