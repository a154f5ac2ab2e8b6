package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"palabre/statement"
	"palabre/store"
)

// beganAt is a record that saw its first statement at a moment.
func beganAt(t *testing.T, at time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "record.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	first := statement.Statement{
		Revision: 1, Source: "rfi", Key: "k", Kind: statement.Wire, Title: "Old", Text: "words",
		Published: statement.Date{Time: at.AddDate(-9, 0, 0), Precision: statement.Day}, Fetched: at, FirstSeen: at,
	}
	first.ID = first.ContentID()
	first.Of = first.ID
	if _, err := s.Apply(t.Context(), []statement.Record{{Statement: first, Reading: statement.Reading{Pack: "p"}}}); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestMissedWeeks looks which weeks are written up by a server that was away, or
// whose clock jumps.
func TestMissedWeeks(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC) // of 2026-W48
	for _, c := range []struct {
		name, schedule string
		began          time.Time   // when the first statement was seen
		rounds         []time.Time // when the server looks
		want           string
	}{
		{"on time", "0 6 * * 1", monday.AddDate(0, 0, -3), []time.Time{monday.Add(6*time.Hour - time.Second)}, ""},
		{"a moment later", "0 6 * * 1", monday.AddDate(0, 0, -3), []time.Time{monday.Add(6 * time.Hour)}, "2026-W47"},
		{"a fresh record, filled with old words", "0 6 * * 1", monday.Add(time.Hour), []time.Time{monday.Add(48 * time.Hour)}, ""},
		{"away for three weeks", "0 6 * * 1", monday.AddDate(-1, 0, 0), []time.Time{monday.AddDate(0, 0, -20), monday.Add(7 * time.Hour)}, "2026-W47 2026-W46 2026-W45 2026-W44 2026-W43 2026-W42 2026-W41 2026-W40 2026-W39 2026-W38 2026-W37"},
		{"away for ever", "0 6 * * 1", monday.AddDate(-5, 0, 0), []time.Time{monday.Add(7 * time.Hour)}, "2026-W47 2026-W46 2026-W45 2026-W44 2026-W43 2026-W42 2026-W41 2026-W40"},
		{"back and forth", "0 6 * * 1", monday.AddDate(0, 0, -3), []time.Time{monday.Add(7 * time.Hour), monday.Add(-time.Hour), monday.Add(7 * time.Hour)}, "2026-W47"},
		{"on Fridays", "0 12 * * 5", monday.AddDate(0, 0, -3), []time.Time{monday.AddDate(0, 0, 4)}, ""},
		{"off", "off", monday.AddDate(0, 0, -30), []time.Time{monday.AddDate(0, 0, 4)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := beganAt(t, c.began)
			q, err := newPrinter(pressOf(t, s), &digestFlags{DigestSchedule: c.schedule}, s.ApplyDesk)
			if err != nil {
				t.Fatal(err)
			}
			for _, now := range c.rounds {
				q.now = func() time.Time { return now }
				if err := q.round(t.Context(), now); err != nil {
					t.Fatal(err)
				}
			}
			all, err := s.Digests(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range all {
				got = append(got, all[i].Period)
			}
			if line := strings.Join(got, " "); line != c.want {
				t.Errorf("written up are %q, want %q", line, c.want)
			}
		})
	}
}

// TestFailingWeek checks that a week that cannot be kept leaves the others alone.
func TestFailingWeek(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	s := beganAt(t, monday.AddDate(0, 0, -20))
	broken := errors.New("the disk is full")
	publish := func(ctx context.Context, events []statement.DeskEvent) error {
		if events[0].Subject == "2026-W46" {
			return broken
		}
		return s.ApplyDesk(ctx, events)
	}
	q, err := newPrinter(pressOf(t, s), &digestFlags{DigestSchedule: "0 6 * * 1"}, publish)
	if err != nil {
		t.Fatal(err)
	}
	q.now = func() time.Time { return monday }
	if err := q.round(t.Context(), monday); !errors.Is(err, broken) || !strings.Contains(err.Error(), "write up 2026-W46") {
		t.Errorf("the round ends with %v", err)
	}
	if _, err := s.Digest(t.Context(), "2026-W47"); err != nil {
		t.Errorf("the week after the one that failed: %v", err)
	}
}
