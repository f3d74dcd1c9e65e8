// Package window is a desktop client's own window: the person's browser, opened on a page of
// 127.0.0.1.
//
//	POST /open     the one-use secret: the first page of a window
//	POST /show     the page of where it stands now
//	POST /answer   the person's answer, then the page it leads to
//	POST /watch    waits until there is another page
//	GET  /…        style sheet, script, mark: nothing secret
//
// No web page gets in (security.md, "Desktop client"). The port is the system's choice. The
// secret stands in a file of mode 0600 that posts it by itself: the browser is given the file's
// name, so the secret is in no command line, address or history, and it is good once. From then
// on each page carries a token in its form; there are no cookies. Host and Origin must be our
// own, except that a file has no Origin; the socket must be this user's; no page may be framed.
package window
