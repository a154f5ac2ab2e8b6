package index

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
)

// facets are the fields that are counted.
var facets = []string{"topic", "stance", "actor", "speaker", "source", "lang", "kind", "place", "reason", "month"}

// facetSize is the most values that are told of a field.
const facetSize = 30

// Count is a facet's value with the number of statements that have it.
type Count struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// tally counts values over the parts.
type tally map[string]map[string]int

func newTally() tally {
	t := make(tally, len(facets))
	for _, name := range facets {
		t[name] = make(map[string]int)
	}
	return t
}

// add counts the values of the hits of a part, exactly. Where something is asked
// of a position, a topic, stance, actor or speaker counts where one position has
// it and the rest of what is asked: as many are found if it is asked for as well.
func (t tally) add(p *part, hits *roaring.Bitmap, asked position) error {
	for _, name := range facets {
		slot := slices.Index(positionFields, name)
		beside := asked
		if slot >= 0 {
			beside[slot] = ""
		}
		for _, v := range p.facets[name] {
			n := v.docs.AndCardinality(hits)
			if n > 0 && slot >= 0 && beside.set() > 0 {
				beside[slot] = v.value
				docs, err := p.list("tag", beside.term())
				if err != nil {
					return err
				}
				both := roaring.New()
				docs.OrInto(both)
				n = both.AndCardinality(hits)
				beside[slot] = ""
			}
			if n > 0 {
				t[name][v.value] += int(n)
			}
		}
	}
	return nil
}

// counts returns the most frequent values of each field, then by name.
func (t tally) counts() map[string][]Count {
	out := make(map[string][]Count, len(t))
	for name, values := range t {
		list := make([]Count, 0, len(values))
		for value, n := range values {
			list = append(list, Count{value, n})
		}
		slices.SortFunc(list, func(a, b Count) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		out[name] = list[:min(len(list), facetSize)]
	}
	return out
}

// Interval is the width of a histogram's buckets.
type Interval string

// The intervals. Weeks are those of ISO 8601, which begin on Monday.
const (
	ByDay   Interval = "day"
	ByWeek  Interval = "week"
	ByMonth Interval = "month"
)

// Bucket is a stretch of time with the number of statements in it.
type Bucket struct {
	Start time.Time `json:"start"` // its first instant, UTC
	Count int       `json:"count"`
}

func (i Interval) check() error {
	switch i {
	case "", ByDay, ByWeek, ByMonth:
		return nil
	}
	return fmt.Errorf("search: unknown interval %q: want day, week or month", string(i))
}

const daySeconds = 24 * 60 * 60

// start returns the first day of the bucket in which a day lies. Days are
// counted from 1970.
func (i Interval) start(day int64) int64 {
	switch i {
	case ByWeek:
		const monday = 4 // 5 January 1970
		return day - ((day-monday)%7+7)%7
	case ByMonth:
		return day - int64(time.Unix(day*daySeconds, 0).UTC().Day()-1)
	}
	return day
}

// histogram counts days.
type histogram map[int64]int

func (h histogram) add(p *part, hits *roaring.Bitmap) {
	for it := hits.Iterator(); it.HasNext(); {
		seconds := p.dates[it.Next()]
		day := seconds / daySeconds
		if seconds%daySeconds < 0 {
			day--
		}
		h[day]++
	}
}

// buckets gathers the days, oldest first. Empty buckets are left out.
func (h histogram) buckets(i Interval) []Bucket {
	counts := make(map[int64]int)
	for day, n := range h {
		counts[i.start(day)] += n
	}
	out := make([]Bucket, 0, len(counts))
	for day, n := range counts {
		out = append(out, Bucket{time.Unix(day*daySeconds, 0).UTC(), n})
	}
	slices.SortFunc(out, func(a, b Bucket) int { return a.Start.Compare(b.Start) })
	return out
}
