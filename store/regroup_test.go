package store

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// regroupNow carries a person's regrouping out, or its undoing.
func regroupNow(t *testing.T, s *Store, action statement.Action, event string, undone bool, ids ...string) {
	t.Helper()
	details, err := json.Marshal(statement.Regrouping{Statements: ids})
	if err != nil {
		t.Fatal(err)
	}
	by := statement.DeskEvent{ID: "desk " + string(action), Action: action, Subject: event, Details: details}
	err = s.write(t.Context(), func(x *tx) error {
		f := s.newFiling(x)
		if err := f.regroup(&by, undone); err != nil {
			return err
		}
		return f.close()
	})
	if err != nil {
		t.Fatal(err)
	}
	mustVerify(t, s)
}

// grouped lists the statements of each event that has some, by title.
func grouped(t *testing.T, s *Store) []string {
	t.Helper()
	out, err := texts(t.Context(), s.reader, `SELECT group_concat(title, ' + ') FROM (SELECT r.event, s.title FROM event_reports r
		JOIN statements s ON s.id = r.statement ORDER BY r.event, s.title) GROUP BY event`)
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(out)
	return out
}

func TestSplitAndMerge(t *testing.T) {
	s := openTest(t)
	a := says("2021-12-07", "rfi", "talks, RFI has learnt", open.heard())
	b := says("2021-12-08", "afp", "AFP was told so as well", open.heard())
	c := says("2021-12-10", "primature", "the office speaks in words of its own", open)
	apply(t, s, a, b, c)
	together := []string{"afp, 2021-12-08 + rfi, 2021-12-07", "primature, 2021-12-10"}
	apart := []string{"afp, 2021-12-08", "primature, 2021-12-10", "rfi, 2021-12-07"}
	whole := []string{"afp, 2021-12-08 + primature, 2021-12-10 + rfi, 2021-12-07"}
	check := func(step string, want []string) {
		t.Helper()
		if diff := cmp.Diff(want, grouped(t, s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
	}
	check("as the machine finds", together)
	signals := raised(t, s, SignalQuery{})
	event := func(id string) string {
		t.Helper()
		v, err := s.Statement(t.Context(), id)
		if err != nil || len(v.Events) != 1 {
			t.Fatalf("events of %s: %+v, %v", id, v, err)
		}
		return v.Events[0].ID
	}
	rfi, afp, own := a.Statement.ID, b.Statement.ID, c.Statement.ID
	first := event(rfi)
	for _, leaves := range []string{afp, rfi} { // also the statement that opened the event
		regroupNow(t, s, statement.SplitEvent, first, false, leaves)
		check("split", apart)
		regroupNow(t, s, statement.SplitEvent, first, false, leaves)
		check("split again", apart)
		reread := a
		reread.Reading = reads(&a.Statement, fmt.Sprint("pack after ", leaves), open.heard())
		apply(t, s, reread)
		check("read again", apart)
		regroupNow(t, s, statement.SplitEvent, first, true, leaves)
		check("undone", together)
	}
	into := event(own)
	regroupNow(t, s, statement.MergeEvents, into, false, rfi, afp)
	check("merged", whole)
	regroupNow(t, s, statement.MergeEvents, into, true, rfi, afp)
	check("merging undone", together)
	if diff := cmp.Diff(signals, raised(t, s, SignalQuery{})); diff != "" {
		t.Errorf("regrouping raised signals (-before +after):\n%s", diff)
	}
}
