// Package web fetches from the open web as a polite and wary visitor.
//
// Polite: robots.txt is kept (RFC 9309), each host is asked at a bounded rate,
// and what has not changed is not asked for twice. Wary: addresses are checked
// after resolution, when the connection is made, so that no name can lead into
// a private network; redirects, sizes after decompression and times are bounded.
//
// A request that brings nothing ends in a [Failure], which says why in words
// and as a [statement.Outcome].
package web
