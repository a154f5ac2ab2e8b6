// Package index finds statements: full text in three scripts and the tags that
// the classifier gave. It is derived from the record and may be deleted at any
// time: it keeps the number of the last change that it holds in the same batch
// as the change, and catches up from there or is built anew.
//
// Queries are written in a small language of its own, see [Parse]. Text is not
// stored here: the words found are marked in the record's text by [Snippet].
package index
