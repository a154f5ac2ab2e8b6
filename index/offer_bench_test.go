package index

import "testing"

// BenchmarkOffer fills the page of an export with 100,000 hits, of which each
// comes before all those that were offered before.
func BenchmarkOffer(b *testing.B) {
	for b.Loop() {
		g := &page{sort: Newest, limit: MaxLimit}
		for i := range 100_000 {
			g.offer(candidate{rank{date: int64(i), key: uint64(i)}, nil, uint32(i)})
		}
		if g.settle(); len(g.hits) != MaxLimit || g.hits[0].doc != 99_999 || !g.more {
			b.Fatalf("the page has %d hits", len(g.hits))
		}
	}
}
