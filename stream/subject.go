package stream

import (
	"hash/fnv"
	"strconv"
	"strings"
)

// partitions is the number of parts that the sources are spread over, and so
// the most processes that can classify at once. It is written into subjects:
// another number would break the order of statements that are already stored.
const partitions = 4

// partition returns the part that a source belongs to.
func partition(source string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(source)) // a hash never fails to write
	return int(h.Sum32() % partitions)
}

// sourceSubject returns the subject of what comes from a source.
func sourceSubject(prefix, source string) string {
	return prefix + "." + strconv.Itoa(partition(source)) + "." + token(source)
}

// token makes s fit to be one part of a subject.
func token(s string) string {
	if s == "" {
		return "_"
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '.' || r == '*' || r == '>' || r == 0x7f {
			return '_'
		}
		return r
	}, s)
}
