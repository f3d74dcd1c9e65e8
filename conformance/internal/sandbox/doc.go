// Package sandbox runs the built hufu binary for the conformance tests and speaks to it as
// the world does: over HTTP, with nothing of Hufu's own code. The binary is built once for a
// test run unless HUFU_BINARY names one.
package sandbox
