package store

import (
	"errors"
	"testing"

	"palabre/statement"
)

func TestDeskLogsBySubjectAndByID(t *testing.T) {
	s := openTest(t)
	act := func(id string, action statement.Action, subject string) statement.DeskEvent {
		return statement.DeskEvent{ID: id, At: testClock, Who: "Aminata", Action: action, Subject: subject}
	}
	err := s.ApplyDesk(t.Context(), []statement.DeskEvent{
		act("a", statement.Acknowledge, "one"), act("b", statement.Own, "two"), act("c", statement.Own, "one"), act("d", statement.Undo, "a"),
	})
	if err != nil {
		t.Fatal(err)
	}
	logs, err := s.DeskLogs(t.Context(), []string{"one", "two", "three"})
	if err != nil || len(logs) != 2 || len(logs["one"]) != 2 || logs["one"][0].ID != "a" || logs["one"][0].Undone != "d" || logs["one"][1].ID != "c" || logs["two"][0].ID != "b" {
		t.Errorf("logs: %+v: %v", logs, err)
	}
	l, err := s.DeskEvent(t.Context(), "a")
	if err != nil || l.Action != statement.Acknowledge || l.Undone != "d" {
		t.Errorf("desk event: %+v: %v", l, err)
	}
	if _, err := s.DeskEvent(t.Context(), "none"); !errors.Is(err, ErrNotFound) {
		t.Errorf("no desk event: %v", err)
	}
}

func TestSameMatter(t *testing.T) {
	s := openTest(t)
	of := func(actor string, topic statement.Topic, target string) *Story {
		return &Story{Event: statement.Event{Actor: actor, Topic: topic, Target: target}}
	}
	talks := of("mali-government", statement.Dialogue, "jnim")
	for _, c := range []struct {
		other *Story
		want  bool
	}{
		{of("mali-government", statement.Dialogue, "jnim"), true},
		{of("mali-government", statement.Dialogue, "isgs"), false},
		{of("mali-government", statement.Sharia, "jnim"), false},
		{of("france", statement.Dialogue, "jnim"), false},
	} {
		if got := s.SameMatter(talks, c.other); got != c.want {
			t.Errorf("same as %+v: %t, want %t", c.other.Event, got, c.want)
		}
	}
}
