package alert

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"palabre/statement"
)

// TestSubject publishes each signal once, under its topic and reason.
func TestSubject(t *testing.T) {
	var seen []string
	s := subject{func(_ context.Context, subject, id string, body []byte) error {
		var b Body
		if err := json.Unmarshal(body, &b); err != nil {
			return err
		}
		seen = append(seen, fmt.Sprintf("%s %s %d", subject, strings.TrimPrefix(id, b.ID), len(b.Signals)))
		return nil
	}}
	r := &statement.Receiver{ID: "bus", Pace: statement.Pace{Mode: statement.Hourly}}
	var due []*statement.Notice
	for i, a := range []arrival{
		{event: "a", at: "09:00"},
		{event: "b", at: "09:00"},
		{event: "f", at: "09:00"},
		{event: "c", at: "09:00", reason: statement.WalkBack},
		{event: "source rfi", at: "09:00", kind: statement.NoticeWatch},
		{event: "ask", at: "09:00", kind: statement.NoticeHeartbeat},
	} {
		due = append(due, a.notice(t, int64(i)))
	}
	for _, m := range compose(t, editor(t), r, due...) {
		if err := s.send(t.Context(), r, &m); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"palabre.alerts.dialogue.shift .dialogue.shift 2", "palabre.alerts.foreign_troops.shift .foreign_troops.shift 1",
		"palabre.alerts.dialogue.walk-back .dialogue.walk-back 1", "palabre.alerts.watch  0", "palabre.alerts.heartbeat  0",
	}
	if !slices.Equal(seen, want) {
		t.Errorf("got  %q\nwant %q", seen, want)
	}
	for word, want := range map[string]string{"walk-back": "walk-back", "a.b *>": "a_b___", "": "_", "é\n": "__"} {
		if got := token(word); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}

func TestSubjectFails(t *testing.T) {
	m := compose(t, editor(t), &statement.Receiver{ID: "bus"}, noticeOf(1, statement.NoticeNew, shift(t)))[0]
	if f := failureOf(t, subject{}.send(t.Context(), nil, &m)); !strings.Contains(f.Reason, "no NATS connection") {
		t.Errorf("got %q", f.Reason)
	}
	broken := subject{func(context.Context, string, string, []byte) error { return errors.New("no responders") }}
	if f := failureOf(t, broken.send(t.Context(), nil, &m)); f.Reason != "no responders" {
		t.Errorf("got %q", f.Reason)
	}
}
