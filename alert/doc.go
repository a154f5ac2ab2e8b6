// Package alert tells people of signals: each once, with the reason, in their
// language, and when they want to hear of it.
//
// An [Editor] is pure: [Editor.Compose] decides what one receiver is sent now,
// and writes it. A [Courier] carries what was composed, over e-mail, signed
// webhooks, chat services and NATS, each receiver by itself, so that one that
// hangs delays nobody else. What is due, what was sent and what failed is in the
// [Ledger], which belongs to the record: the courier keeps nothing that a crash
// could take, and whatever it sends again has the same ID and the same words.
//
// [Check] tells every mistake in a receiver, [Again] is the schedule of tries,
// and [Watch] finds what is wrong with the watch itself.
//
// What alerts say lies in texts/, one file a language.
package alert
