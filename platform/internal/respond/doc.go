// Package respond is the only place of the platform that writes answers:
// pages, JSON, failures, static files, security headers and the request log.
//
// Handlers of the features return errors; Page turns them into error pages,
// API into WeCom's envelope (errcode, errmsg, always HTTP 200). Wrap goes
// around everything: request id, client address, body limit, panics, log.
//
// URLs: /static/<checksum>/<name> (Static) and, when mounted, /storybook/
// (Storybook). Which page lives under which URL is left to the features, what
// the pages look like to platform/web.
package respond
