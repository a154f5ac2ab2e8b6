package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"palabre/statement"
	"palabre/store"
)

// told is what a record says of its only receiver.
func told(t *testing.T, dir string, do func(*store.Store)) {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(dir, recordFile), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	do(s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// due returns what the receiver is to be told.
func due(t *testing.T, s *store.Store) []*statement.Notice {
	t.Helper()
	out, err := s.Due(t.Context(), "desk", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// refusal is the record of a refusal of today.
func refusal() statement.Record {
	now := time.Now().UTC()
	st := statement.Statement{
		Revision: 1, Source: "ortm", Outlet: "ortm", Key: "1", Kind: statement.Communique, Title: "Bamako", Text: "No talks.",
		Published: statement.Date{Time: now, Precision: statement.Second}, Fetched: now, FirstSeen: now,
	}
	st.ID = st.ContentID()
	st.Of = st.ID
	return statement.Record{Statement: st, Reading: statement.Reading{Pack: "p", Positions: []statement.Position{{
		Actor: "mali-government", Topic: statement.Dialogue, Target: "jnim", Stance: statement.Anti, Confidence: 0.9, FirstHand: true,
		Evidence: statement.Evidence{Field: statement.Text, End: len(st.Text), Quote: st.Text},
	}}}}
}

// TestRestoreTellsNobodyAgain restores a backup of the moment before an alert
// was sent and acknowledged, over the record that knows that it was, and over one
// that cannot be read.
func TestRestoreTellsNobodyAgain(t *testing.T) {
	dir := t.TempDir()
	backup := filepath.Join(t.TempDir(), "backup.db")
	told(t, dir, func(s *store.Store) {
		if err := s.PutReceivers(t.Context(), []statement.Receiver{{ID: "desk"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Apply(t.Context(), []statement.Record{refusal()}); err != nil {
			t.Fatal(err)
		}
		if err := s.Backup(t.Context(), backup); err != nil {
			t.Fatal(err)
		}
		notices := due(t, s)
		if len(notices) != 1 {
			t.Fatalf("due: %+v", notices)
		}
		m := statement.Message{ID: statement.MessageID("desk", notices), Receiver: "desk", Kind: statement.NoticeNew, Notices: []int64{notices[0].N}}
		ack := statement.DeskEvent{ID: "1", At: time.Now(), Who: "ana", Action: statement.Acknowledge, Subject: notices[0].Signal}
		for _, err := range []error{
			s.Compose(t.Context(), "desk", statement.Plan{Messages: []statement.Message{m}}),
			s.Delivered(t.Context(), statement.Delivery{Message: m.ID, Receiver: "desk", At: time.Now(), Sent: true}),
			s.ApplyDesk(t.Context(), []statement.DeskEvent{ack}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	for _, step := range []struct {
		damage  bool
		due     int
		warning string
	}{{false, 0, ""}, {true, 1, "receivers may be told again"}} {
		record := filepath.Join(dir, recordFile)
		if step.damage {
			for _, ext := range recordParts[1:] {
				_ = os.Remove(record + ext) // may not be there
			}
			if err := os.WriteFile(record, make([]byte, 1<<14), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		status, _, stderr := call(t, "", "restore", backup, "--data", dir)
		if status != exitOK || !strings.Contains(stderr, step.warning) || (step.warning == "") != (stderr == "") {
			t.Errorf("restore ends with %d: %s", status, stderr)
		}
		told(t, dir, func(s *store.Store) {
			if got := due(t, s); len(got) != step.due {
				t.Errorf("damaged %t: due again: %+v", step.damage, got)
			}
			if log, err := s.DeskLog(t.Context(), 10); err != nil || len(log) != 1-step.due {
				t.Errorf("damaged %t: desk log %+v, %v", step.damage, log, err)
			}
		})
		if left, err := filepath.Glob(record + ".restoring*"); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
		if status, out, stderr := call(t, "", "verify", "--data", dir); status != exitOK {
			t.Errorf("verify ends with %d: %s%s", status, out, stderr)
		}
	}
}
