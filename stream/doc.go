// Package stream carries statements, records and desk events between the parts
// of Palabre. It is the only package that knows NATS.
//
// A [Bus] holds five streams: [Statements], what was published; [Records], what
// the classifier read in it; [Desk], what people did; [Told], which receiver was
// told what; and [Alerts], what other programs read. Their messages are kept for
// replay. A full stream refuses new messages ([ErrFull]) and never drops old
// ones.
//
// By default the bus runs a NATS server inside the process: it does not listen
// on any port, and it syncs every write to disk before it acknowledges it. The
// same bus can be joined to a NATS cluster by URL.
//
// # Publishing
//
// A call to publish stores all of its messages or, if it fails, an unknown part
// of them; the caller publishes again until it is told that it went well.
// Identity is content: a message that the stream already holds is not stored
// twice within two minutes and is no error. Up to 500 messages are one atomic
// batch, which shares one sync to disk.
//
// # Consuming
//
// Delivery is at least once, so handlers must be idempotent: a crash forgets
// which messages were acknowledged, and a process that was slow to answer may
// find its work given to another one as well. Messages arrive in the order of
// the stream, and for statements in order by source: sources are spread over a
// fixed number of partitions, and one process at a time works a partition.
// When a process takes over, or a delivery is lost on the way, the partition is
// wound back to the oldest message that nobody acknowledged.
//
// A handler that fails is given the messages of its batch again, one by one, so
// that a bad one stops nobody. The bad one comes back after a while, out of
// order, a bounded number of times; then it becomes a dead letter. An error that
// wraps [ErrUnavailable] or [ErrFull] blames the circumstances and no message:
// the batch waits, in order and uncounted, until they are better.
//
// # Leading
//
// What one process of a cluster does for all, such as sending alerts, it does
// while it holds a lease: see [Bus.Lead].
package stream
