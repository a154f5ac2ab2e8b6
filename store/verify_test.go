package store

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// full is a record with something in every part of it.
func full(t *testing.T) *Store {
	s := openTest(t)
	for _, body := range []string{"one", "two", "three"} {
		save(t, s, &statement.Fetch{Captures: []statement.Capture{{Source: "rfi", URL: "https://rfi/" + body, Body: []byte(body)}}})
	}
	apply(t, s, timeline()...)
	return s
}

func TestVerifyFindsTampering(t *testing.T) {
	for name, c := range map[string]struct{ query, want string }{
		"capture":       {`UPDATE captures SET body = (SELECT body FROM captures ORDER BY hash LIMIT 1), size = (SELECT size FROM captures ORDER BY hash LIMIT 1)`, "its bytes have the hash"},
		"custody":       {`UPDATE custody SET url = 'https://elsewhere' WHERE seq = 2`, "changed after it was written"},
		"custody chain": {`UPDATE custody SET prev = '' WHERE seq = 2`, "does not continue"},
		"custody gap":   {`DELETE FROM custody WHERE seq = 2`, "the row before it is missing"},
		"evidence":      {`UPDATE evidence SET quote = 'never said' WHERE position = 3`, "check evidence"},
		"text":          {`UPDATE revisions SET payload = json_set(payload, '$.text', 'other words') WHERE rowid = 2`, "check evidence"},
		"counts":        {`UPDATE tallies SET n = n + 1 WHERE value = 'jnim' AND stance = 'anti'`, "not what the record adds up to"},
		"sources":       {`UPDATE source_tallies SET n = n + 1`, "not what the record adds up to"},
		"references":    {`PRAGMA foreign_keys = off; DELETE FROM revisions WHERE rowid = 2; PRAGMA foreign_keys = on`, "points to nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			s := full(t)
			mustVerify(t, s)
			if _, err := s.writer.ExecContext(t.Context(), c.query); err != nil {
				t.Fatal(err)
			}
			report, err := s.Verify(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if report.OK() || !strings.Contains(report.Problems[0].What, c.want) {
				t.Errorf("problems are %v, want one that %s", report.Problems, c.want)
			}
		})
	}
}

func TestVerifyReportsProgress(t *testing.T) {
	s := full(t)
	var last, whole int
	report, err := s.Verify(t.Context(), func(done, total int) {
		if done < last || done > total {
			t.Errorf("progress went from %d to %d of %d", last, done, total)
		}
		last, whole = done, total
	})
	if err != nil {
		t.Fatal(err)
	}
	if want := 3 + 3 + len(timeline()); last != want || whole != want || report.Evidence == 0 {
		t.Errorf("progress ended at %d of %d, want %d; report %+v", last, whole, want, report)
	}
}

func TestBackup(t *testing.T) {
	s := full(t)
	path := filepath.Join(t.TempDir(), "copy.db")
	if err := s.Backup(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), path); err == nil || !strings.Contains(err.Error(), "exists already") {
		t.Errorf("a backup over a file says %v", err)
	}
	if left, err := filepath.Glob(path + ".*"); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	copied := openAt(t, path, nil)
	mustVerify(t, copied)
	want, err := s.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got, err := copied.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("totals of the copy (-want +got):\n%s", diff)
	}
	if err := s.Backup(t.Context(), filepath.Join(t.TempDir(), "missing", "copy.db")); err == nil {
		t.Error("a backup into no folder succeeded")
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
}

func TestVerifyFindsLedgersThatDoNotAddUp(t *testing.T) {
	const off, on = `PRAGMA foreign_keys = off; `, `; PRAGMA foreign_keys = on`
	for name, c := range map[string]struct{ query, want string }{
		"signal":         {off + `DELETE FROM signals WHERE id = (SELECT signal FROM notices LIMIT 1)` + on, "the signal that it tells of is not held"},
		"message":        {`DELETE FROM messages WHERE state = 'pending'`, "it waits in a message that does not wait"},
		"told":           {`DELETE FROM told`, "it was sent, but not noted as told"},
		"silent message": {`UPDATE notices SET state = 'void' WHERE state = 'composed'`, "it waits and has nothing to say"},
		"content":        {`UPDATE messages SET payload = json_set(payload, '$.receiver', 'else')`, "its content is that of another one"},
		"carried":        {`UPDATE messages SET payload = json_set(payload, '$.notices[0]', 99)`, "it carries a notice that is not held"},
		"undo":           {`UPDATE desk_log SET undone = 'nobody'`, "what undid it is not in the log"},
		"pin":            {`UPDATE pins SET desk = 'nobody'`, "who moved it to another event is not in the log"},
		"care":           {`UPDATE care SET owner = 'cem'`, "not what the log adds up to"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t, receiver("a"), receiver("b"))
			sig := p.talk("2021-12-09", refusal)
			p.send("a")
			p.compose("b")
			p.act("ana", statement.Own, sig.ID, "", nil)
			p.act("ana", statement.SplitEvent, sig.Event, "", statement.Regrouping{Statements: []string{sig.Now.Statement}})
			if report := mustVerify(t, p.Store); report.Notices != 2 {
				t.Errorf("report %+v", report)
			}
			if _, err := p.writer.ExecContext(t.Context(), c.query); err != nil {
				t.Fatal(err)
			}
			report, err := p.Verify(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(report.Problems, func(x statement.Problem) bool { return strings.Contains(x.What, c.want) }) {
				t.Errorf("problems are %v, want one that %s", report.Problems, c.want)
			}
		})
	}
}
