// Package api shows the record to people and to programs over HTTP.
//
// Programs use the JSON API under /api/v1, which describes itself at
// /openapi.json. People use the pages, whose templates, style and script are
// embedded from the web folder: they work without the script, load nothing from
// elsewhere, and show fetched words as text only.
//
// Both sides answer from the same functions, one file a subject: search.go,
// signals.go, statements.go, events.go, demands.go, alerts.go, handover.go. Errors
// become statuses in one place, problem.go. What stands between a stranger and a
// handler (headers, limits, origin checks) is in guard.go.
//
// Whoever wants to hear of what is new at once listens at /api/v1/live or reads
// the feed. What a person does about it comes in as an [Act], over the API or from
// a form, and is checked in one place, desk.go.
//
// The package changes nothing itself. It passes a hand entry to [Options].Submit,
// which files it like any other fetch, and what is done at the desk to
// [Options].Act, which sends it on its way to every node.
package api
