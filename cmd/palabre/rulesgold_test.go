package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"palabre/statement"
	"palabre/store"
)

// TestRulesGold prints what people judged as labelled texts, which rules eval
// takes.
func TestRulesGold(t *testing.T) {
	dir := t.TempDir()
	rec := refusal()
	more := rec.Reading.Positions[0]
	more.Actor = "france"
	rec.Reading.Positions = append(rec.Reading.Positions, more)
	id := rec.Statement.ID
	judge := func(at int, c statement.Correction) {
		details, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		e := statement.DeskEvent{At: time.Unix(int64(at), 0), Who: "ana", Action: statement.CorrectPosition, Subject: id, Details: details}
		e.ID = statement.NewDeskEventID(&e)
		told(t, dir, func(s *store.Store) {
			if err := s.ApplyDesk(t.Context(), []statement.DeskEvent{e}); err != nil {
				t.Fatal(err)
			}
		})
	}
	gold := func(flags ...string) (lines []goldLine, says string) {
		t.Helper()
		status, out, says := call(t, "", append([]string{"rules", "gold", "--data", dir}, flags...)...)
		if status != exitOK {
			t.Fatalf("rules gold ends with %d: %s", status, says)
		}
		for line := range strings.Lines(out) {
			var g goldLine
			if err := json.Unmarshal([]byte(line), &g); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, g)
		}
		return lines, says
	}
	told(t, dir, func(s *store.Store) {
		if _, err := s.Apply(t.Context(), []statement.Record{rec}); err != nil {
			t.Fatal(err)
		}
	})
	if lines, says := gold(); len(lines) != 0 || !strings.Contains(says, "nobody has judged a position yet") {
		t.Errorf("before anything: %+v, %s", lines, says)
	}
	p := &rec.Reading.Positions[0]
	judge(1, statement.Correction{Of: p.Claim(), Is: &statement.Held{Claim: p.Claim(), Stance: statement.Mixed, Evidence: p.Evidence}, Revision: id})
	if lines, says := gold(); len(lines) != 0 || !strings.Contains(says, "0 texts; 1 more") {
		t.Errorf("with one position open: %+v, %s", lines, says)
	}
	if lines, _ := gold("--open"); len(lines) != 1 || lines[0].Open != 1 || len(lines[0].Positions) != 2 {
		t.Errorf("open ones too: %+v", lines)
	}
	judge(2, statement.Correction{Of: more.Claim(), Revision: id})
	lines, _ := gold()
	if len(lines) != 1 || len(lines[0].Positions) != 1 || lines[0].Positions[0].Stance != statement.Mixed || lines[0].Positions[0].Evidence != "No talks." || lines[0].Judges[0] != "ana" {
		t.Fatalf("all judged: %+v", lines)
	}
	path := filepath.Join(t.TempDir(), "judged.jsonl")
	_, out, _ := call(t, "", "rules", "gold", "--data", dir)
	if err := os.WriteFile(path, []byte(out), 0o600); err != nil {
		t.Fatal(err)
	}
	if status, out, says := call(t, "", "rules", "eval", path); status != exitOK || !strings.Contains(out, "all") {
		t.Errorf("rules eval ends with %d: %s%s", status, out, says)
	}
}
