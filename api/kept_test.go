package api

import (
	"errors"
	"testing"
)

func TestKept(t *testing.T) {
	var k kept[string, int]
	reads := 0
	read := func(head int64, key string, err error) (int, error) {
		return k.read(head, key, func() (int, error) {
			reads++
			return reads, err
		})
	}
	for _, step := range []struct {
		name  string
		head  int64
		key   string
		fault error
		want  int // number of the reading that answers
	}{
		{"an empty record", 0, "a", nil, 1},
		{"held", 0, "a", nil, 1},
		{"another", 0, "b", nil, 2},
		{"the record changed", 1, "a", nil, 3},
		{"who is behind reads alone", 0, "a", nil, 4},
		{"and takes nothing away", 1, "a", nil, 3},
		{"a fault", 1, "c", errors.New("broken"), 5},
		{"is not held", 1, "c", nil, 6},
	} {
		got, err := read(step.head, step.key, step.fault)
		if got != step.want || !errors.Is(err, step.fault) {
			t.Errorf("%s: reading %d, %v; want %d, %v", step.name, got, err, step.want, step.fault)
		}
	}
	for i := range mostKept + 1 {
		if _, err := k.read(1, string(rune('А'+i)), func() (int, error) { return i, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if len(k.held) > mostKept {
		t.Errorf("%d are held, want %d at most", len(k.held), mostKept)
	}
}
