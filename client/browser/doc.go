// Package browser opens Chrome, Chromium or Edge with a throw-away profile in
// which WeCom's host names are the sandbox's, so that a page with the
// unmodified @wecom/jssdk works: without root, without a hosts file, and with
// nothing installed (login-component.md 14, clients.md "How clients are
// pointed at another server").
//
// Only those four names lead to the sandbox (arguments.go); scripts that a page
// loads from wwcdn.weixin.qq.com or rescdn.qqmail.com are the original ones.
//
// It owns finding the browser, its arguments, the profile's life and the check
// that the sandbox is there. Where the sandbox listens and what its authority
// is it is told; the words for the user are the command's.
package browser
