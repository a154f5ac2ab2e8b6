// Package statement is the vocabulary of Palabre: the words that every other
// package speaks, and nothing else. It imports the standard library only.
//
// A [Source] is fetched into a [Capture], the raw bytes as they came. A capture
// is split into [Statement] values, the unit that travels, is stored, searched
// and cited. Reading a statement yields [Position] values: an actor takes a
// stance on a topic, with the words that prove it. Positions that report one
// utterance belong to one [Event]; an actor's positions over time form a
// [Line]; a position that departs from the line is a [Signal].
//
// A type belongs here only if two other packages exchange it.
package statement
