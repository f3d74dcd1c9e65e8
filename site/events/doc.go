// Package events receives what WeCom (企业微信) pushes to a suite's
// instruction callback (指令回调URL), and keeps the suite_ticket that package
// site needs.
//
// One [Receiver] serves one suite on one path; the login suite (登录授权) and
// each installed suite have callbacks, Tokens and AES keys of their own:
//
//	tickets, err := events.OpenTickets("tickets.json")
//	receiver, err := events.New(events.Config{
//		SuiteID: suiteID, ProviderCorpID: corpID,
//		Token: token, EncodingAESKey: key,
//		Tickets: tickets,
//	})
//	mux.Handle("/wecom/login-suite", receiver)
//
//	suite := site.New(site.Config{}).Suite(suiteID, secret, tickets)
//
// A GET is the check that WeCom makes when the URL is saved; it is sealed for
// the provider's corpid. A POST is an event; it is sealed for the suite id.
// Nothing else of a request is trusted.
//
// # What is refused
//
// A wrong signature, another receiver's packet, a broken one, one sealed more
// than ten minutes ago, one seen before, a ticket older than the kept one: all
// have no effect and get the same answer, 403 "refused". The reason is in the
// log, without any content. Everything else is answered "success" at once.
//
// The memory of what was seen does not outlive the process; a kept ticket's
// time does, with OpenTickets.
//
// # Hooks
//
// Events other than suite_ticket go to Config.Handle after the answer, one at
// a time, in the order in which they came: some of them want their answer
// within a second, long before a code in them could be exchanged. An
// acknowledged event that was not handled yet is lost when the process dies;
// see [Receiver.Wait] for a calm end.
//
// A company that deletes the app makes a cancel_auth, after which its data
// must be purged (90642). Such an event alone must not destroy anything. The
// order is fixed: Config.ConfirmCancel asks the platform first, and Handle
// sees the event only when it says that the authorisation is really gone.
// *installs.Installs of site/installs has both hooks.
package events
