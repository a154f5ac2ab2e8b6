// Package index finds statements: full text in three scripts and the tags that
// the classifier gave. It is derived from the record and may be deleted at any
// time: it keeps the number of the last change that it holds in the same batch
// as the change, and catches up from there or is built anew.
//
// Queries are written in a small language of its own, see [Parse]. Text is not
// stored here: the words found are marked in the record's text by [Snippet].
//
// Bleve keeps the words and who has them; it does not search. A search makes a
// plan of its query and joins whole sets of documents, a segment of the index
// after the other. Dates and tags are read into memory once for each segment, so
// that facets, histograms and totals are counted over everything that is found,
// and are exact.
//
// The order of relevance rests on the words: each counts once, in the form and
// the field that fits best, the more the rarer it is; as written counts more than
// by its stem or by a name that it stands for, and a title more than the text.
// Then the actor's own words are favoured by a fifth, a statement that raised a
// signal by 15 %, and one of today by a fifth, which halves each year. The pages
// of a search hold every statement once, however many come in meanwhile: see
// [Index.Search].
package index
