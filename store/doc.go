// Package store is the record: one SQLite file that holds what was captured,
// what was read out of it and what became news, so that everything else can be
// deleted and made again.
//
// A statement enters it twice. [Store.Save] takes a fetch in one commit: the
// raw bytes and their place in the custody chain, the statements, into a spool
// from which they are published, and the source's validators and health, so
// that an ETag is never kept without the items that came with it.
// [Store.Apply] takes what the classifier made of them, also in one commit:
// revisions, positions with their evidence, events, lines, signals, alerts that
// are due and the queue that the search index follows. Both may be repeated
// after a crash and then change nothing.
//
// What counts as the same utterance, where an actor stands and what is news are
// decided by pure functions in event.go, line.go and signal.go, on what side.go
// knows of actors. Read those first.
//
// One connection writes and a pool reads. Commits survive a power cut: [Open]
// refuses a file that is not in WAL mode with synchronous=FULL.
package store
