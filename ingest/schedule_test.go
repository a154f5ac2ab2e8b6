package ingest

import (
	"context"
	"sync"
	"testing"
	"time"

	"palabre/statement"
)

func TestNext(t *testing.T) {
	src := statement.Source{ID: "a", Kind: statement.Feed, Schedule: "*/15 * * * *"}
	s, err := schedule(&src)
	if err != nil {
		t.Fatal(err)
	}
	checked := time.Date(2026, 3, 1, 12, 1, 0, 0, time.UTC)
	regular := s.Next(checked)
	if late := regular.Sub(time.Date(2026, 3, 1, 12, 15, 0, 0, time.UTC)); late < 0 || late > mostJitter {
		t.Errorf("the check is %s off its schedule", late)
	}
	for _, c := range []struct {
		name     string
		failures int
		asked    time.Duration
		least    time.Duration
		most     time.Duration
	}{
		{"fine", 0, 0, 0, 15 * time.Minute},
		{"first failure", 1, 0, 0, 15 * time.Minute},
		{"first failure, asked to wait", 1, 50 * time.Minute, 50 * time.Minute, 65 * time.Minute},
		{"second failure", 2, 0, 30 * time.Minute, 45 * time.Minute},
		{"third failure, asked for less", 3, time.Minute, time.Hour, 75 * time.Minute},
		{"never given up", 1_000_000, 0, 24 * time.Hour, 24*time.Hour + 15*time.Minute},
		{"asked for a year", 1, 8760 * time.Hour, 24 * time.Hour, 24*time.Hour + 15*time.Minute},
	} {
		due := next(&src, checked, c.failures, c.asked)
		if wait := due.Sub(checked); wait < c.least || wait > c.most {
			t.Errorf("%s: waits %s, want %s to %s", c.name, wait, c.least, c.most)
		}
		if before := s.Next(due.Add(-time.Nanosecond)); !before.Equal(due) {
			t.Errorf("%s: %s is not on the schedule", c.name, due)
		}
	}
}

func TestScheduleErrors(t *testing.T) {
	for _, spec := range []string{"", "often", "61 * * * *", "* * * * * *"} {
		if _, err := schedule(&statement.Source{ID: "a", Kind: statement.Feed, Schedule: spec}); err == nil {
			t.Errorf("schedule %q is taken", spec)
		}
	}
	if _, err := schedule(&statement.Source{ID: "a", Kind: statement.Folder}); err != nil {
		t.Errorf("a folder without a schedule: %v", err)
	}
}

// shelf is a vault that tells when something is saved.
type shelf struct {
	mu     sync.Mutex
	health map[string]statement.Health
	saved  chan string
}

func (s *shelf) Save(_ context.Context, f *statement.Fetch) error {
	s.mu.Lock()
	s.health[f.Health.Source] = f.Health
	s.mu.Unlock()
	s.saved <- f.Health.Source
	return nil
}

func (s *shelf) Health(_ context.Context, source string) (statement.Health, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.health[source], nil
}

// TestCatchUp starts with one source that was never checked, one that missed a
// check, one whose time has not come, one that is paused and one that is wrong.
func TestCatchUp(t *testing.T) {
	now := time.Now().UTC()
	s := &shelf{saved: make(chan string, 10), health: map[string]statement.Health{
		"missed":  {Source: "missed", Next: now.Add(-time.Hour)},
		"waiting": {Source: "waiting", Next: now.Add(time.Hour), Failures: 5},
	}}
	in := New(Options{Vault: s})
	dir := t.TempDir()
	yearly := "0 0 1 1 *"
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		done <- in.Run(ctx, []statement.Source{
			{ID: "never", Kind: statement.Folder, Path: dir, Schedule: yearly},
			{ID: "missed", Kind: statement.Folder, Path: dir + "/none", Schedule: yearly},
			{ID: "waiting", Kind: statement.Folder, Path: dir, Schedule: yearly},
			{ID: "paused", Kind: statement.Folder, Path: dir, Schedule: yearly, Paused: true},
			{ID: "wrong", Kind: statement.Folder, Path: dir, Schedule: "never"},
			{ID: "hand", Kind: statement.Hand},
		})
	}()
	got := map[string]bool{<-s.saved: true, <-s.saved: true}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if !got["never"] || !got["missed"] || len(s.saved) > 0 {
		t.Errorf("checked %v and %d more, want never and missed", got, len(s.saved))
	}
	if h := s.health["missed"]; h.Outcome != statement.OutcomeLocal || h.Failures != 1 || !h.Next.After(now) {
		t.Errorf("a folder that is not there: %+v", h)
	}
	if h := s.health["never"]; h.Outcome != statement.OutcomeUnchanged || h.Failures != 0 {
		t.Errorf("an empty folder: %+v", h)
	}
}

// TestFollow changes the sources while they are checked, and asks for one that is
// not due and for one that is paused.
func TestFollow(t *testing.T) {
	now := time.Now().UTC()
	s := &shelf{saved: make(chan string, 10), health: map[string]statement.Health{
		"waiting": {Source: "waiting", Next: now.Add(time.Hour)},
		"late":    {Source: "late", Next: now.Add(-time.Hour)},
	}}
	in := New(Options{Vault: s})
	dir := t.TempDir()
	source := func(id string) statement.Source {
		return statement.Source{ID: id, Kind: statement.Folder, Path: dir, Schedule: "0 0 1 1 *"}
	}
	paused := source("late")
	paused.Paused = true
	lists, asked := make(chan []statement.Source), make(chan string)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- in.Follow(ctx, Orders{Sources: lists, Now: asked}) }()
	lists <- []statement.Source{source("waiting"), paused}
	asked <- "nobody"
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"asked for, though it is not due", func() { asked <- "waiting" }, "waiting"},
		{"asked for, though it is paused", func() { asked <- "late" }, "late"},
		{"a new one", func() { lists <- []statement.Source{source("waiting"), paused, source("new")} }, "new"},
		{"one that is resumed and has missed a check", func() {
			s.mu.Lock()
			s.health["late"] = statement.Health{Source: "late", Next: now.Add(-time.Hour)}
			s.mu.Unlock()
			lists <- []statement.Source{source("waiting"), source("late")}
		}, "late"},
	} {
		step.do()
		if got := <-s.saved; got != step.want {
			t.Errorf("%s: %s was checked", step.name, got)
		}
	}
	asked <- "new" // no longer listed
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if len(s.saved) > 0 {
		t.Errorf("%s was checked too", <-s.saved)
	}
}
