package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

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

func TestDeskPagesByPersonAndAction(t *testing.T) {
	s := openTest(t)
	var events []statement.DeskEvent
	for i := range 5 {
		at := testClock.Add(time.Duration(i) * time.Minute)
		events = append(events,
			statement.DeskEvent{ID: fmt.Sprint("a", i), At: at, Who: "Aminata", Action: statement.Own, Subject: "one"},
			statement.DeskEvent{ID: fmt.Sprint("o", i), At: at, Who: "Ousmane", Action: statement.BeginWatch, Subject: "desk"})
	}
	events = append(events, statement.DeskEvent{ID: "undo", At: testClock.Add(time.Hour), Who: "Aminata", Action: statement.Undo, Subject: "a0"})
	if err := s.ApplyDesk(t.Context(), events); err != nil {
		t.Fatal(err)
	}
	var seen []string
	q := DeskQuery{Who: "Aminata", Action: statement.Own, Limit: 2}
	for range 3 {
		page, err := s.DeskPages(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for i := range page.Log {
			seen = append(seen, page.Log[i].ID)
		}
		q.Cursor = page.Next
	}
	if got := strings.Join(seen, " "); got != "a4 a3 a2 a1 a0" || q.Cursor != "" {
		t.Errorf("pages hold %s, next %q", got, q.Cursor)
	}
	if _, err := s.DeskPages(t.Context(), DeskQuery{Cursor: "forged"}); !errors.Is(err, ErrCursor) {
		t.Errorf("forged cursor: %v", err)
	}
	hands, err := s.Hands(t.Context())
	if err != nil || len(hands) != 2 || hands[0].Who != "Aminata" || hands[0].Acts != 5 || hands[1].Watches != 5 || !hands[1].Last.Equal(testClock.Add(4*time.Minute)) {
		t.Errorf("hands: %+v: %v", hands, err)
	}
}

// TestDeskReplays sends a statement that could not be handled on its way again,
// once and only where it can be read.
func TestDeskReplays(t *testing.T) {
	s := openTest(t)
	st := says("2026-11-20", "rfi", "Le gouvernement refuse.").Statement
	payload, err := json.Marshal(st)
	if err != nil {
		t.Fatal(err)
	}
	for id, body := range map[string][]byte{"good": payload, "bad": []byte("{")} {
		if err := s.Bury(t.Context(), statement.DeadLetter{ID: id, Payload: body, At: testClock}); err != nil {
			t.Fatal(err)
		}
	}
	for i, subject := range []string{"good", "good", "bad", "none"} {
		e := statement.DeskEvent{ID: fmt.Sprint(i), At: testClock, Who: "Aminata", Action: statement.Replay, Subject: subject}
		if err := s.ApplyDesk(t.Context(), []statement.DeskEvent{e}); err != nil {
			t.Fatalf("replay %s: %v", subject, err)
		}
	}
	letters, err := s.DeadLetters(t.Context())
	if err != nil || len(letters) != 1 || letters[0].ID != "bad" || Replayable(&letters[0]) {
		t.Errorf("left: %+v: %v", letters, err)
	}
	waiting, err := s.Unpublished(t.Context(), 10, 10)
	if err != nil || len(waiting) != 1 || waiting[0].ID != st.ID {
		t.Errorf("waiting: %+v: %v", waiting, err)
	}
}

func TestChainStandsWhereItsLastLinkDoes(t *testing.T) {
	s := openTest(t)
	if c, err := s.Chain(t.Context()); err != nil || c != (Chain{}) {
		t.Errorf("no chain: %+v: %v", c, err)
	}
	for i := range 2 {
		c := statement.Capture{Source: "rfi", URL: fmt.Sprint("https://rfi.example/", i), Body: []byte{byte(i)}, Fetched: testClock}
		if _, err := s.Save(t.Context(), &statement.Fetch{Captures: []statement.Capture{c}}); err != nil {
			t.Fatal(err)
		}
	}
	if c, err := s.Chain(t.Context()); err != nil || c.Links != 2 || len(c.Hash) != 64 || !c.Captured.Equal(testClock) {
		t.Errorf("chain: %+v: %v", c, err)
	}
}
