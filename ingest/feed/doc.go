// Package feed reads RSS, Atom and JSON feeds as they are found, not as they
// should be.
//
// A feed is cut into its items first and each is parsed alone: one broken item,
// or a feed that ends in the middle, costs that item and no other. Nothing in a
// feed is trusted. Links are kept if they are web addresses, dates if they can
// be read, text without its markup; items, their size and their nesting are
// bounded.
package feed
