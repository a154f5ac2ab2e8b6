// Package ingest turns sources into statements.
//
// An [Ingester] checks each source by its schedule: it fetches politely and
// warily (package web), cuts what came into documents (packages feed, article,
// transcript, plain), and hands everything to a [Vault] in one commit: the raw
// bytes, the statements, and what the source may be asked with next time. A
// check that fails says why, in the source's health; it is tried again later,
// less and less often, and never given up.
//
// [ReadFiles] does the same for files that are imported once, [Hand] for what
// people enter.
package ingest
