// Package classify reads statements: a pure function of a statement and a
// rulepack to positions, with the words that prove them. It uses no clock, no
// network and no disk.
//
// A statement is read in steps, each of which can be tested and shown alone:
//
//	tokens     package lang: words, sentences, quotations, with offsets
//	hits       the lexicon's classes and names at each token
//	mentions   actors, persons, forces: names, offices, descriptions, pronouns
//	voices     who speaks in each sentence and quotation
//	matches    rules whose pattern fits within a clause
//	frames     who takes which side towards whom, after negation, condition,
//	           history, hearsay and other domains have been weighed
//	positions  one for each actor, topic and target
//
// The knowledge of a language is data: the files under seeds/rules, whose
// language is described there in README.md.
package classify
