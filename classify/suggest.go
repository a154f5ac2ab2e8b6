package classify

import (
	"fmt"
	"maps"
	"slices"

	"palabre/lang"
)

func sortedKeys[V any](m map[string]V) []string {
	keys := slices.AppendSeq(make([]string, 0, len(m)), maps.Keys(m))
	slices.Sort(keys)
	return keys
}

// suggest returns ": did you mean …?" with the nearest of the known words, or
// the whole list if none is near and it is short.
func suggest(word string, known []string) string {
	switch best := lang.Nearest(word, known); {
	case best == "" && len(known) > longestList:
		return ""
	case best == "":
		return fmt.Sprintf(": want one of %v", known)
	default:
		return fmt.Sprintf(": did you mean %q?", best)
	}
}

// longestList is how many known words are told where none is near.
const longestList = 20
