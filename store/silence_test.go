package store

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// names makes a record's statement name actors or persons.
func names(rec statement.Record, ids ...string) statement.Record {
	rec.Reading.Actors = append(rec.Reading.Actors, ids...)
	return rec
}

// answered is an offer of Bamako to JNIM that two others have answered.
func answered() []statement.Record {
	against := take{topic: statement.Dialogue, target: "jnim", stance: statement.Anti}
	france, un := against, against
	france.actor, france.speaker = "france", "emmanuel-macron"
	un.actor, un.speaker, un.stance = "un", "antonio-guterres", statement.Pro
	return []statement.Record{
		says("2021-11-10", "ortm", "we are ready to talk with JNIM", open),
		names(says("2021-11-13", "elysee", "to Choguel Maïga we say no", france), "choguel-maiga"),
		names(says("2021-11-15", "un-news", "what Choguel Maïga says is welcome", un), "choguel-maiga"),
	}
}

// no is JNIM's refusal.
var no = take{actor: "jnim", topic: statement.Dialogue, target: "mali-government", stance: statement.Anti}

func TestHush(t *testing.T) {
	for _, c := range []struct {
		name    string
		records func() []statement.Record
		want    []string
	}{
		{"two have answered", answered, []string{"2021-12-01 jnim dialogue mali-government: > silence"}},
		{"one has answered", func() []statement.Record { return answered()[:2] }, nil},
		{"it has spoken", func() []statement.Record {
			return append(answered(), says("2021-11-20", "al-zallaqa", "no talks", no))
		}, nil},
	} {
		s := openTest(t)
		apply(t, s, c.records()...)
		for range 2 { // each challenge is looked at once
			if _, err := s.Hush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		got = append(got, raised(t, s, SignalQuery{Reasons: []statement.Reason{statement.Silence}})...)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		mustVerify(t, s)
	}
}

func TestHushWaitsForItsDay(t *testing.T) {
	now := time.Date(2021, 11, 30, 23, 0, 0, 0, time.UTC)
	s := openAt(t, filepath.Join(t.TempDir(), "record.db"), func() time.Time { return now })
	apply(t, s, answered()...)
	for day, want := range []int{0, 1} {
		n, err := s.Hush(t.Context())
		if err != nil || n != want {
			t.Errorf("after %d days: %d signals, want %d (%v)", day+20, n, want, err)
		}
		now = now.Add(2 * time.Hour)
	}
}

// Whoever was told of a silence is told when words from within it turn up.
func TestSilenceBroken(t *testing.T) {
	s := openAt(t, filepath.Join(t.TempDir(), "record.db"), func() time.Time { return time.Date(2021, 12, 2, 9, 0, 0, 0, time.UTC) })
	putReceivers(t, s, statement.Receiver{ID: "desk"})
	apply(t, s, answered()...)
	if _, err := s.Hush(t.Context()); err != nil {
		t.Fatal(err)
	}
	send(t, s)
	apply(t, s, says("2021-11-20", "al-zallaqa", "no talks, found later", no))
	want := []string{"desk new silence sent", "desk withdrawn silence due: it has spoken after all"}
	if diff := cmp.Diff(want, noticed(t, s)); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}
