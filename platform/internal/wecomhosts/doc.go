// Package wecomhosts serves WeCom's four host names on loopback, for the
// sandbox: clients that cannot be given another base URL reach the platform
// under the names they know (clients.md, "How clients are pointed at another
// server").
//
// It owns a TLS listener, a proxy that leads those names to it, and the local
// authority that both need:
//
//	ca.pem        in Config.Dir: the authority's certificate, for clients to trust
//	hosts.pem     the certificate of the TLS listener and its chain
//	hosts.key     its private key, readable by its owner only
//
// The authority can only speak for the names it serves, lives 30 days, and
// has no key once it has signed: nothing on disk can sign another name. It
// carries Mark, by which a production gateway refuses it. Nothing here
// installs it anywhere.
//
// What is served under the names is the platform's one handler, which this
// package is given: login page, old login pages and their script, sign-in
// inside the client (which goes on to the phone's own origin) and API, told
// apart by path. The names from which sites load scripts, such as
// wwcdn.weixin.qq.com, rescdn.qqmail.com and open.wecom.tencent.com, are not
// served: much else lives under them, and a page gets the original there. Who
// is offline loads our own from open.work.weixin.qq.com, by its path.
package wecomhosts
