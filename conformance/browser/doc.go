// Package browser holds the browser half of the conformance tests: the published
// @wecom/jssdk and our own panel script in a real Chromium against the built hufu
// binary, over HTTP only.
//
// `make` installs the published script with npm (package.json, exact version,
// checked against the lock file); it is never committed. The tests want Chromium
// (CHROMIUM names it, else the PATH is searched) and build cmd/hufu unless HUFU
// names a binary.
package browser
