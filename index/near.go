package index

import (
	"cmp"
	"slices"
)

// place is where something stands in a text: the first and last of its words,
// counted from 1.
type place struct{ first, last int }

// gap returns the number of words between two places; -1 where they overlap.
func (p place) gap(q place) int {
	switch {
	case p.last < q.first:
		return q.first - p.last - 1
	case q.last < p.first:
		return p.first - q.last - 1
	}
	return -1
}

// chained returns of each part the places that belong to a chain in which each
// stands near the one before it, with at most gaps[i] words between; nil if there
// is none. The places are in order of their first words.
func chained(parts [][]place, gaps []int) [][]place {
	kept := make([][]place, len(parts))
	kept[0] = parts[0]
	for i := 1; i < len(parts); i++ {
		kept[i] = beside(parts[i], kept[i-1], gaps[i-1])
	}
	for i := len(parts) - 2; i >= 0; i-- {
		kept[i] = beside(kept[i], kept[i+1], gaps[i])
	}
	if len(kept[0]) == 0 {
		return nil
	}
	return kept
}

// beside returns the places that stand near one of the others.
func beside(places, others []place, gap int) []place {
	longest := 0
	for _, o := range others {
		longest = max(longest, o.last-o.first)
	}
	var out []place
	from := 0
	for _, p := range places {
		for from < len(others) && others[from].first < p.first-gap-1-longest {
			from++
		}
		for i := from; i < len(others) && others[i].first <= p.last+gap+1; i++ {
			if g := p.gap(others[i]); g >= 0 && g <= gap {
				out = append(out, p)
				break
			}
		}
	}
	return out
}

// gathered returns the places that stand together in a stretch that has one place
// of each part and at most reach other words; nil if there is none. Each place is
// one word. Parts that are the same word need as many places.
func gathered(parts [][]place, reach int) [][]place {
	type labelled struct {
		at   int
		part int
	}
	need := make([]int, len(parts)) // of the first part that is the same
	same := make([]int, len(parts))
	for i := range parts {
		same[i] = slices.IndexFunc(parts, func(p []place) bool { return slices.Equal(p, parts[i]) })
		need[same[i]]++
	}
	var all []labelled
	for i := range parts {
		if same[i] != i {
			continue
		}
		for _, p := range parts[i] {
			all = append(all, labelled{p.first, i})
		}
	}
	slices.SortFunc(all, func(a, b labelled) int { return cmp.Compare(a.at, b.at) })
	kept := make([][]place, len(parts))
	counts := make([]int, len(parts))
	missing := len(parts)
	from, marked := 0, 0
	for to, l := range all {
		if counts[l.part]++; counts[l.part] <= need[l.part] {
			missing--
		}
		for l.at-all[from].at+1 > reach+len(parts) || counts[all[from].part] > need[all[from].part] {
			if counts[all[from].part]--; counts[all[from].part] < need[all[from].part] {
				missing++
			}
			from++
		}
		if missing > 0 {
			continue
		}
		for marked = max(marked, from); marked <= to; marked++ {
			kept[all[marked].part] = append(kept[all[marked].part], place{all[marked].at, all[marked].at})
		}
	}
	if marked == 0 {
		return nil
	}
	return kept
}
