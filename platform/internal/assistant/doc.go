// Package assistant is the workbench of the member's phone (工作台), and on it the assistant of
// providers (企业微信服务商助手): who administers a provider switches its login authorisation on
// and off, and sets its trusted domains and its brand name, on a screen of phone width.
//
//	GET  /phone/workbench                 what the person who is signed in can open
//	POST /phone/workbench/open            an app's home page; notes the launch
//	GET  /phone/assistant/{corp}          the assistant of a provider
//	POST /phone/assistant/{corp}/brand    brand name
//	POST /phone/assistant/{corp}/login    switch
//	POST /phone/assistant/{corp}/domains  trusted domains; needs a fresh proof
//
// It reads the phone's session and leaves signing in and proving to package phone. Rights are
// read from the store at every request.
package assistant
