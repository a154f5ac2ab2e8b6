package index

import "reflect"

// SameQuery reports whether two queries have the same parts.
func SameQuery(a, b *Query) bool { return reflect.DeepEqual(a, b) }
