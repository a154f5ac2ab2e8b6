package classify

import (
	"fmt"
	"maps"
	"slices"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// suggest returns ": did you mean …?" with the nearest of the known words, or
// the whole list if none is near and it is short.
func suggest(word string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if d := distance(word, k); d < least {
			best, least = k, d
		}
	}
	switch {
	case best == "" && len(known) > longestList:
		return ""
	case best == "":
		return fmt.Sprintf(": want one of %v", known)
	}
	return fmt.Sprintf(": did you mean %q?", best)
}

// longestList is how many known words are told where none is near.
const longestList = 20

// distance is the Levenshtein distance between a and b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		previous := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := previous
			if a[i] != b[j] {
				cost = 1 + min(previous, row[j], row[j+1])
			}
			previous, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
