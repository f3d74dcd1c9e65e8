// Package apps keeps providers, their suites (the login suite among them), the apps that
// corps made for themselves, installations, visible ranges, and the addresses an app's
// sign-ins may return to.
//
// It owns two rules that the rest leans on: which redirect_uri an app may use (redirect.go)
// and what a provider is shown of a corp and a member (ids.go).
package apps
