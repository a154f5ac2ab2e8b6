// Package lang reads spelling and language, and knows nothing of meaning.
//
// [Fold] brings the spellings of one word together: case, accents, apostrophes
// and the variant letters of Arabic. [Text.Scan] cuts a text into tokens whose
// offsets point into the original, with sentences, paragraphs and quotations.
// [Peeler] takes the clitics off an Arabic word. [Detect] names the language of
// a passage. [Phrasebook] finds phrases in short texts.
//
// Everything here is a pure function of its input and runs in linear time.
package lang
