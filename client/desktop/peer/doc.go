// Package peer tells whether the other end of a loopback connection belongs to the user whose
// program this is. 127.0.0.1 is open to everybody on the machine; a desktop client answers its
// own person alone (security.md, "Desktop client").
//
// Linux: the socket's uid in /proc/net/tcp and /proc/net/tcp6. Windows: the process in the
// table of TCP connections, and its user. macOS: the socket's uid in net.inet.tcp.pcblist_n.
// Windows and macOS are cross-built and their tables' layouts tested; there they have not been
// run.
package peer
