package store

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// dated is a statement that claims to be of a day, or of none.
func dated(key, text, published string) statement.Statement {
	s := item(key, text)
	s.Published = statement.Date{}
	if published != "" {
		s.Published = date(published)
	}
	return s
}

// waiting returns the texts of what is to be published next.
func waiting(t *testing.T, s *Store, limit, oldAhead int) (texts, ids []string) {
	t.Helper()
	batch, err := s.Unpublished(t.Context(), limit, oldAhead)
	if err != nil {
		t.Fatal(err)
	}
	for i := range batch {
		texts, ids = append(texts, batch[i].Text), append(ids, batch[i].ID)
	}
	return texts, ids
}

func TestWordsOfTheseDaysGoAhead(t *testing.T) {
	s := openTest(t) // on 2021-12-10
	save(t, s, fetched(
		dated("a", "of 2015", "2015"), dated("b", "of last month", "2021-11-20"), dated("c", "of eight days ago", "2021-12-02"),
		dated("d", "of a week ago", "2021-12-03"), dated("e", "of today", "2021-12-10"), dated("f", "of no date", ""),
		dated("g", "of the future", "2031-01-01"), dated("h", "of a broken clock", "1970-01-01"), dated("i", "of this month", "2021-12"),
	))
	want := []string{
		"of a week ago", "of today", "of no date", "of the future", "of a broken clock",
		"of 2015", "of last month", "of eight days ago", "of this month",
	}
	got, _ := waiting(t, s, 100, 0)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order of the spool (-want +got):\n%s", diff)
	}
}

func TestBackfillGoesInSteps(t *testing.T) {
	clock := testClock
	s := openAt(t, t.TempDir()+"/record.db", func() time.Time { return clock })
	ctx := t.Context()
	var old []statement.Statement
	for i := range 10 {
		old = append(old, dated(fmt.Sprint("old-", i), fmt.Sprint("old ", i), "2015-03-01"))
	}
	save(t, s, fetched(old...))
	published := make(map[string]string)
	// publish takes the next step and fails unless it is what is wanted.
	publish := func(want ...string) {
		t.Helper()
		texts, ids := waiting(t, s, 3, 2)
		if !slices.Equal(texts, want) {
			t.Errorf("next are %q, want %q", texts, want)
		}
		if err := s.MarkPublished(ctx, ids); err != nil {
			t.Fatal(err)
		}
		for i := range ids {
			published[texts[i]] = ids[i]
		}
	}
	settle := func(texts ...string) {
		t.Helper()
		var ids []string
		for _, text := range texts {
			ids = append(ids, published[text])
		}
		if err := s.Settle(ctx, ids); err != nil {
			t.Fatal(err)
		}
	}

	publish("old 0", "old 1", "old 2")
	publish() // three are under way, which is more than two
	save(t, s, fetched(dated("x", "new 0", "2021-12-10")))
	publish("new 0")
	publish()
	wake, cancel := s.Watch()
	defer cancel()
	settle("old 1", "new 0")
	select {
	case <-wake:
	default:
		t.Error("the publisher is not told that the back-fill may go on")
	}
	save(t, s, fetched(dated("y", "new 1", "2021-12-10")))
	publish("new 1", "old 3", "old 4") // a step, with what is of today at its head
	publish()
	settle("old 0", "old 2", "old 3")
	publish("old 5", "old 6", "old 7")

	// What never comes back does not hold the others up for ever.
	publish()
	clock = clock.Add(overdue)
	publish("old 8", "old 9")
	if n, err := s.Respool(ctx, overdue); err != nil || n != 5 {
		t.Errorf("respooled %d, %v, want new 1 and old 4 to 7", n, err)
	}
	publish("new 1", "old 4", "old 5")
}

func TestRevisionsKeepTheirOrder(t *testing.T) {
	s := openTest(t)
	for _, f := range []*statement.Fetch{
		fetched(dated("a", "a of 2015", "2015"), dated("b", "b of 2015", "2015"), dated("c", "c of 2015", "2015")),
		fetched(dated("b", "b, edited in 2016", "2016")),
		fetched(dated("d", "d of today", "2021-12-10")),
		fetched(dated("b", "b of today", "2021-12-10")),
		fetched(dated("d", "d, put back to 2015", "2015"), dated("c", "c of 2016", "2016")),
	} {
		save(t, s, f)
	}
	want := []string{
		"b of 2015", "b, edited in 2016", "d of today", "b of today",
		"a of 2015", "c of 2015", "d, put back to 2015", "c of 2016",
	}
	got, _ := waiting(t, s, 100, 0)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order of the spool (-want +got):\n%s", diff)
	}
}
