package index

import "reflect"

// SameQuery reports whether two queries have the same parts.
func SameQuery(a, b *Query) bool { return reflect.DeepEqual(a, b) }

// HoldTurns takes every turn that searches take, until the function is called.
func (x *Index) HoldTurns() (release func()) {
	for range cap(x.turns) {
		x.turns <- struct{}{}
	}
	return func() {
		for range cap(x.turns) {
			<-x.turns
		}
	}
}
