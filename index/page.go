package index

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"time"
)

// rank is where a statement stands in the order of the hits. No two statements
// stand in one rank.
type rank struct {
	score float64
	date  int64  // Unix seconds
	key   uint64 // see hashOf
}

// order compares ranks: below 0 if a comes before b.
func (s Sort) order(a, b rank) int {
	if s == Relevance {
		if n := cmp.Compare(b.score, a.score); n != 0 {
			return n
		}
	}
	n := cmp.Compare(b.date, a.date)
	if s == Oldest {
		n = -n
	}
	if n != 0 {
		return n
	}
	return cmp.Compare(a.key, b.key)
}

// candidate is a hit that may be on the page.
type candidate struct {
	rank
	part *part
	doc  uint32
}

// page keeps the first hits behind a rank. They are in order once it is settled.
type page struct {
	sort  Sort
	limit int
	after *rank // nil on the first page
	hits  []candidate
	full  bool // nothing behind last belongs on it
	last  rank
	more  bool // others stand behind them
}

// offer takes a hit if it belongs on the page, as far as is known. Twice as many
// are gathered as it holds before they are put in order, so that a long page costs
// little more than a short one.
func (g *page) offer(c candidate) {
	if g.limit == 0 || g.after != nil && g.sort.order(c.rank, *g.after) <= 0 {
		return
	}
	if g.full && g.sort.order(c.rank, g.last) >= 0 {
		g.more = true
		return
	}
	if g.hits = append(g.hits, c); len(g.hits) == 2*g.limit {
		g.settle()
	}
}

// settle puts the hits in order and drops those that are too many.
func (g *page) settle() {
	slices.SortFunc(g.hits, func(a, b candidate) int { return g.sort.order(a.rank, b.rank) })
	if len(g.hits) > g.limit {
		g.hits, g.more = g.hits[:g.limit], true
	}
	if g.full = g.limit > 0 && len(g.hits) == g.limit; g.full {
		g.last = g.hits[g.limit-1].rank
	}
}

// cursor is what the next page must know of this one.
type cursor struct {
	search   [8]byte // names the search
	now      int64   // of the first page, Unix seconds
	last     rank
	rarities []byte // of the words, as on the first page
}

const cursorHead = 8 + 8 + 8 + 8 + 8

func (c *cursor) String() string {
	b := make([]byte, 0, cursorHead+len(c.rarities))
	b = append(b, c.search[:]...)
	for _, v := range []uint64{uint64(c.now), math.Float64bits(c.last.score), uint64(c.last.date), c.last.key} {
		b = binary.BigEndian.AppendUint64(b, v)
	}
	return base64.RawURLEncoding.EncodeToString(append(b, c.rarities...))
}

// readCursor reads the cursor of a search.
func readCursor(s string, search [8]byte) (*cursor, error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) < cursorHead || [8]byte(b) != search {
		return nil, ErrCursor
	}
	word := func(n int) uint64 { return binary.BigEndian.Uint64(b[8*n:]) }
	c := &cursor{search: search, now: int64(word(1)), rarities: b[cursorHead:]}
	c.last = rank{math.Float64frombits(word(2)), int64(word(3)), word(4)}
	if math.IsNaN(c.last.score) {
		return nil, ErrCursor
	}
	return c, nil
}

// key names a search, so that a cursor of another one is refused.
func (r *Request) key() [8]byte {
	h := sha256.Sum256(fmt.Appendf(nil, "%s\n%q\n%d %d\n%s", r.Query, r.Filter, r.From.Unix(), r.To.Unix(), r.sort()))
	return [8]byte(h[:])
}

// start begins a page: the cursor that leads to it, or one of a first page.
func (r *Request) start(now time.Time) (*cursor, *page, error) {
	limit := r.Limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	g := &page{sort: r.sort(), limit: min(limit, MaxLimit)}
	if r.Cursor == "" {
		return &cursor{search: r.key(), now: now.Unix()}, g, nil
	}
	c, err := readCursor(r.Cursor, r.key())
	if err != nil {
		return nil, nil, err
	}
	g.after = &c.last
	return c, g, nil
}
