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
// What a receiver is to be told is due in the commit that makes it news. It is
// composed into a message, leased to whoever sends it, and told once it was sent;
// ledger.go tells that way. What people do at the desk comes in through
// [Store.ApplyDesk]: it is logged, and what holds is what the log adds up to, so
// that everything can be undone. People's decisions stand beside what the machine
// found and never replace it.
//
// What counts as the same utterance, where an actor stands and what is news are
// decided by pure functions in event.go, line.go and signal.go, on what side.go
// knows of actors. Read those first.
//
// One connection writes and a pool reads. Commits survive a power cut: [Open]
// refuses a file that is not in WAL mode with synchronous=FULL.
package store
