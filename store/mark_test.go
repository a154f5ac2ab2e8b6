package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// openTicking opens a record whose clock goes on by a second whenever it is read.
func openTicking(t *testing.T) *Store {
	t.Helper()
	now := testClock
	return openAt(t, filepath.Join(t.TempDir(), "record.db"), func() time.Time {
		now = now.Add(time.Second)
		return now
	})
}

// raise applies a statement that is news, of an actor of its own.
func raise(t *testing.T, s *Store, n int) string {
	t.Helper()
	apply(t, s, says("2021-12-09", "rfi", fmt.Sprintf("statement %d", n),
		take{actor: fmt.Sprintf("actor-%02d", n), topic: statement.Dialogue, target: "jnim", stance: statement.Pro}))
	page, err := s.Signals(t.Context(), SignalQuery{Order: ByAt, Limit: 1})
	if err != nil || len(page.Signals) == 0 {
		t.Fatalf("no signal was raised: %v", err)
	}
	return page.Signals[0].ID
}

func TestAfterFollowsSignalsAndCare(t *testing.T) {
	s := openTicking(t)
	first := raise(t, s, 0)
	mark, err := s.Latest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for n := range 5 {
		want = append(want, raise(t, s, n+1))
	}
	act := func(id string, action statement.Action, subject string) statement.DeskEvent {
		return statement.DeskEvent{ID: id, At: testClock, Who: "Aminata", Action: action, Subject: subject}
	}
	err = s.ApplyDesk(t.Context(), []statement.DeskEvent{
		act("a", statement.Acknowledge, first), act("b", statement.BeginWatch, "desk"), act("c", statement.Own, want[2]), act("d", statement.Undo, "a"), act("e", statement.Undo, "b"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{2, 100} {
		at, raised, cared := mark, []string(nil), make(map[string]bool)
		for {
			stir, err := s.After(t.Context(), at, limit)
			if err != nil {
				t.Fatal(err)
			}
			if stir.Mark == at {
				break
			}
			for i := range stir.Signals {
				raised = append(raised, stir.Signals[i].ID)
			}
			for _, id := range stir.Cared {
				cared[id] = true
			}
			if at, err = ParseMark(stir.Mark.String()); err != nil || at != stir.Mark {
				t.Fatalf("mark %s is read as %s: %v", stir.Mark, at, err)
			}
		}
		if !slices.Equal(raised, want) {
			t.Errorf("limit %d: signals %v, want %v", limit, raised, want)
		}
		if diff := cmp.Diff(map[string]bool{first: true, want[2]: true}, cared); diff != "" {
			t.Errorf("limit %d: signals that were cared for differ (-want +got):\n%s", limit, diff)
		}
		if latest, err := s.Latest(t.Context()); err != nil || latest != at {
			t.Errorf("limit %d: followed to %s, the latest is %s: %v", limit, at, latest, err)
		}
	}
}

func TestLatestOfAnEmptyRecord(t *testing.T) {
	s := openTest(t)
	m, err := s.Latest(t.Context())
	if err != nil || m != (Mark{}) {
		t.Fatalf("%s: %v", m, err)
	}
	stir, err := s.After(t.Context(), m, 10)
	if err != nil || stir.Mark != m || len(stir.Signals)+len(stir.Cared) > 0 {
		t.Errorf("%+v: %v", stir, err)
	}
}

func TestSignalsOfAnEventAndFreshOnes(t *testing.T) {
	s := openTicking(t)
	apply(t, s, says("2019-03-01", "rfi", "old words", take{actor: "jnim", topic: statement.Sharia, stance: statement.Pro}))
	fresh := raise(t, s, 1)
	page, err := s.Signals(t.Context(), SignalQuery{Fresh: true})
	if err != nil || len(page.Signals) != 1 || page.Signals[0].ID != fresh {
		t.Errorf("fresh signals: %+v: %v", page.Signals, err)
	}
	event := page.Signals[0].Event
	page, err = s.Signals(t.Context(), SignalQuery{Event: event})
	if err != nil || len(page.Signals) != 1 || page.Signals[0].ID != fresh {
		t.Errorf("signals of event %s: %+v: %v", event, page.Signals, err)
	}
	stories, err := s.Events(t.Context(), []string{event, "none"})
	if err != nil || len(stories) != 1 || stories[0].ID != event || len(stories[0].Accounts) != 1 {
		t.Errorf("events: %+v: %v", stories, err)
	}
	tended, err := s.Tended(t.Context(), []string{fresh, "none"})
	if err != nil || len(tended) != 1 || tended[fresh].Reports != 1 || tended[fresh].Outlets != 1 {
		t.Errorf("tended: %+v: %v", tended, err)
	}
	news, err := s.News(t.Context(), []string{fresh})
	if err != nil || len(news) != 1 || news[0].Reports != 1 || news[0].Now.Outlet != "rfi" {
		t.Errorf("news: %+v: %v", news, err)
	}
}

func FuzzParseMark(f *testing.F) {
	f.Add("1638521999000000000.abc.7")
	f.Add("0..0")
	f.Add("x.y.z")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := ParseMark(text)
		if err != nil {
			if !errors.Is(err, ErrCursor) {
				t.Errorf("mark %q: %v", text, err)
			}
			return
		}
		if again, err := ParseMark(m.String()); err != nil || again != m {
			t.Errorf("mark %q is written as %s and read as %s: %v", text, m, again, err)
		}
	})
}
