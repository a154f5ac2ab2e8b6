// Package digest writes up a period: from what the record holds of it to a
// document that a person edits, signs off and sends, in English, French or
// Arabic and in every format.
//
// [Material] is what the record holds of a [Period]. [Draft] writes it up as a
// [Digest]: sections of finished sentences, each with numbered notes that lead
// to the statements cited, each marked as the machine's until an analyst edits
// it. The outlook is the analyst's alone. [Texts.Render] turns a digest into
// HTML, Markdown, DOCX, PDF, JSON or CSV.
//
// Nothing here reads a clock, the record or the network: the same material
// gives the same document, byte for byte. Whoever calls fills the material, keeps
// the digests and sends them.
package digest
