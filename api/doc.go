// Package api shows the record to people and to programs over HTTP.
//
// Programs use the JSON API under /api/v1, which describes itself at
// /openapi.json. People use the pages, whose templates, style and script are
// embedded from the web folder: they work without the script, load nothing from
// elsewhere, and show fetched words as text only.
//
// Both sides answer from the same functions, one file a subject: search.go,
// signals.go, statements.go, actors.go, sources.go. Errors become statuses in
// one place, problem.go. What stands between a stranger and a handler (headers,
// limits, origin checks) is in guard.go.
//
// The package only reads. The one thing that it takes in, a hand entry, it
// passes to [Options].Submit, which files it like any other fetch.
package api
