// Package export writes statements out of the record, each with its reading and
// its citation, as files that other programs read: CSV, XLSX, JSON lines, RSS,
// Atom, STIX 2.1, and a list of citations for people.
//
// Rows go through one after the other, so that a file of any size needs little
// memory. Every file says inside what was asked for, over which dates, when, by
// which versions of the rules it was read, how many statements it holds, and how
// it is to be handled. One that was broken off says that, too, or cannot be read
// at all: it never looks complete.
package export
