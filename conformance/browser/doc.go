// Package browser holds the browser half of the conformance tests: the published
// @wecom/jssdk, unmodified, and our own panel script in a real Chromium against the
// built hufu binary; strangers that frame a panel; every page at its smallest; and whole
// journeys through the sample site and the consoles with a computer and a phone.
package browser
