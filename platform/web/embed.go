// Package web holds the platform's templates, static files and words, embedded.
// It has no logic: internal/respond reads it.
//
// templates/layout*.html are layouts, templates/<feature>/<page>.html pages,
// templates/<feature>/_*.html parts that all pages of the feature share. Those of console/ are
// for the pages of every feature.
// locales/<lang>/<feature>.json are flat; their keys begin with the feature.
package web

import "embed"

// Files holds templates/, static/ and locales/.
//
//go:embed all:templates static locales
var Files embed.FS
