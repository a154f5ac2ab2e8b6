// Package when reads dates as people and programs write them: ISO 8601, the
// forms of mail and feeds, and prose in French, Arabic and English with the
// month names of the Levant, the Gulf, the Maghreb and Morocco.
//
// Ambiguous dates are read by the language of the text, which must be given:
// 07/12/2023 is 7 December where French or Arabic is written.
package when
