package store

import (
	"os"
	"path/filepath"
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
		"counts":        {`UPDATE tallies SET n = n + 1 WHERE value = 'jnim' AND stance = 'anti'`, "not what the positions add up to"},
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
