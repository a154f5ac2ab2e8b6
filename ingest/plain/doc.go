// Package plain turns bytes of any origin into clean plain text.
//
// [Decode] finds the character set that the bytes really have, which is often
// not the one on the label. [FromHTML] keeps the words and paragraphs of a page
// and none of its markup. [Clean] removes what could deceive a reader or a rule,
// such as characters that reverse the direction of a line, and brings the rest
// to one normal form. None of them fails: whatever comes in, valid UTF-8 in
// normal form C comes out, in time linear in the input.
package plain
