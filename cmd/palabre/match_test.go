package main

import (
	"testing"

	"palabre/index"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// TestReceiversQueryIsSearch tries queries as the record does for receivers, on
// what the built-in rules read in the acceptance timeline.
func TestReceiversQueryIsSearch(t *testing.T) {
	t.Parallel()
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	dispatches, err := seeds.Timeline()
	if err != nil {
		t.Fatal(err)
	}
	pack, err := loadRules(reg, "")
	if err != nil {
		t.Fatal(err)
	}
	m := index.NewMatcher(index.Options{Registry: reg})
	defer func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	}()
	matches := finds(m)
	count := make(map[string]int)
	queries := []string{"", "actor:jnim topic:dialogue", "reason:shift", "NOT actor:jnim", "date:2020-03"}
	for i := range dispatches {
		s := &dispatches[i]
		held := &store.Held{Statement: *s, Reading: pack.Read(s), Reasons: []statement.Reason{statement.Shift}}
		for _, q := range queries {
			ok, err := matches(t.Context(), q, held)
			if err != nil {
				t.Fatal(err)
			}
			if ok {
				count[q]++
			}
		}
	}
	all := len(dispatches)
	if count[""] != all || count["reason:shift"] != all {
		t.Errorf("of %d dispatches %d match nothing asked, %d their reason", all, count[""], count["reason:shift"])
	}
	for _, q := range []string{"actor:jnim topic:dialogue", "NOT actor:jnim", "date:2020-03"} {
		if n := count[q]; n == 0 || n == all {
			t.Errorf("%s matches %d of %d dispatches", q, n, all)
		}
	}
}
