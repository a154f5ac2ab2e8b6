package index

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// drawPlaces draws places of one to most words in a text of 30.
func drawPlaces(t *rapid.T, most int) []place {
	out := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) place {
		first := rapid.IntRange(1, 30).Draw(t, "first")
		return place{first, first + rapid.IntRange(0, most-1).Draw(t, "more")}
	}), 0, 6).Draw(t, "places")
	slices.SortFunc(out, func(a, b place) int {
		if a.first != b.first {
			return a.first - b.first
		}
		return a.last - b.last
	})
	return slices.Compact(out)
}

// every calls f with each choice of one place of each part.
func every(parts [][]place, chosen []place, f func([]place)) {
	if len(parts) == 0 {
		f(chosen)
		return
	}
	for _, p := range parts[0] {
		every(parts[1:], append(chosen, p), f)
	}
}

func TestChainedIsEveryChain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 4).Draw(t, "parts")
		parts, gaps := make([][]place, n), make([]int, n-1)
		for i := range parts {
			parts[i] = drawPlaces(t, 3)
		}
		for i := range gaps {
			gaps[i] = rapid.IntRange(1, 6).Draw(t, "gap")
		}
		want := make([][]place, n)
		found := false
		every(parts, nil, func(chain []place) {
			for i, gap := range gaps {
				if g := chain[i].gap(chain[i+1]); g < 0 || g > gap {
					return
				}
			}
			found = true
			for i, p := range chain {
				if !slices.Contains(want[i], p) {
					want[i] = append(want[i], p)
				}
			}
		})
		got := chained(parts, gaps)
		if (got != nil) != found {
			t.Fatalf("%v %v: found %v, want %t", parts, gaps, got, found)
		}
		for i := range got {
			if len(got[i]) != len(want[i]) {
				t.Fatalf("%v %v: part %d is at %v, want %v", parts, gaps, i, got[i], want[i])
			}
		}
	})
}

func TestGatheredIsAnyStretch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 4).Draw(t, "parts")
		reach := rapid.IntRange(1, 6).Draw(t, "reach")
		parts := make([][]place, n)
		taken := make(map[int]bool)
		for i := range parts {
			if i > 0 && rapid.IntRange(0, 3).Draw(t, "same") == 0 {
				parts[i] = parts[i-1] // the same word twice
				continue
			}
			for _, p := range drawPlaces(t, 1) {
				if !taken[p.first] {
					parts[i] = append(parts[i], p)
				}
			}
			for _, p := range parts[i] {
				taken[p.first] = true
			}
		}
		found := false
		every(parts, nil, func(chosen []place) {
			at := make([]int, n)
			for i, p := range chosen {
				at[i] = p.first
			}
			slices.Sort(at)
			if len(slices.Compact(slices.Clone(at))) == n && at[n-1]-at[0]+1-n <= reach {
				found = true
			}
		})
		if got := gathered(parts, reach); (got != nil) != found {
			t.Fatalf("%v within %d: found %v, want %t", parts, reach, got, found)
		}
	})
}
