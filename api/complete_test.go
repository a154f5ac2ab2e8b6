package api

import (
	"testing"
	"testing/quick"
)

func TestCompleteCountsAsTextFieldsDo(t *testing.T) {
	const text = "a é𝄞ك b"
	for _, c := range []struct{ unit, at int }{{0, 0}, {2, 2}, {3, 4}, {5, 8}, {6, 10}, {8, 12}} {
		if got := byteAt(text, c.unit); got != c.at {
			t.Errorf("unit %d is byte %d, want %d", c.unit, got, c.at)
		}
		if got := unitAt(text, c.at); got != c.unit {
			t.Errorf("byte %d is unit %d, want %d", c.at, got, c.unit)
		}
	}
	if got := byteAt(text, 100); got != len(text) {
		t.Errorf("behind the end: %d", got)
	}
	err := quick.Check(func(s string) bool { return byteAt(s, unitAt(s, len(s))) == len(s) }, nil)
	if err != nil {
		t.Error(err)
	}
}
