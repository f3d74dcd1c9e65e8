// Package installs keeps the companies that installed a provider's app
// (第三方应用的授权): corpid, permanent code (永久授权码), agentid, name. It learns of
// them in the two ways there are:
//
//   - An install from the app market comes as a create_auth event. Give
//     [Installs.Handle] and [Installs.ConfirmCancel] to events.Config.
//
//   - An install begun on the site comes back to the site's own page. [Installs.Mount]
//     puts the two addresses on a mux:
//
//     GET {Path}        begin: pre_auth_code, state, to the install page (/3rdapp/install)
//     GET {URL}         finish: ?auth_code&state, one exchange, clean URL
//
// What it promises:
//
//   - A permanent code lies sealed in the store, and is in no log, error or page.
//   - An install is taken only in the browser that began it, and only for the tenant
//     (the account of the site) that it was begun for: the state of one tenant ends at
//     no other. A company that belongs to a tenant goes over to no other silently.
//   - What a company withdraws goes only after the platform has confirmed it: a
//     cancel_auth that was replayed, or overtaken by another install, removes nothing.
//
// The calls with a permanent code are package site's: [Installs.Corp].
package installs
