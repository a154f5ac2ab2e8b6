package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"palabre/statement"
)

// crashPath tells the test program, run again, to write to a record until it is
// killed.
const crashPath = "STORE_TEST_CRASH_PATH"

func TestMain(m *testing.M) {
	if path := os.Getenv(crashPath); path != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeUntilKilled saves and applies statements and names each one on standard
// output once it is committed.
func writeUntilKilled(path string) error {
	ctx := context.Background()
	s, err := Open(ctx, path, Options{Registry: testRegistry()})
	if err != nil {
		return err
	}
	start, err := s.Totals(ctx)
	if err != nil {
		return err
	}
	for i := start.Statements; ; i++ {
		stance := statement.Stances[i%4]
		body := fmt.Sprintf("capture %d", i)
		f := fetched(item(fmt.Sprint("key ", i), fmt.Sprint("statement ", i)))
		f.Captures = []statement.Capture{{Source: "rfi", URL: "https://rfi", Body: []byte(body)}}
		if _, err := s.Save(ctx, f); err != nil {
			return err
		}
		fmt.Println("saved", f.Statements[0].ID)
		rec := statement.Record{Statement: f.Statements[0]}
		rec.Reading = reads(&rec.Statement, "p", take{actor: fmt.Sprint("actor-", i%7), topic: statement.Dialogue, target: "jnim", stance: stance})
		if _, err := s.Apply(ctx, []statement.Record{rec}); err != nil {
			return err
		}
		fmt.Println("applied", rec.Statement.ID)
	}
}

func TestKilledWriterLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "record.db")
	saved, applied := make(map[string]bool), make(map[string]bool)
	for round := range 6 {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), crashPath+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for n := 0; n < 20+7*round && lines.Scan(); n++ {
			note(t, lines.Text(), saved, applied)
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() { // what it had promised before it died
			note(t, lines.Text(), saved, applied)
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the writer ended by itself")
		}
		checkPromises(t, path, saved, applied)
	}
	if len(applied) < 60 {
		t.Errorf("only %d statements were applied in all rounds", len(applied))
	}
}

func note(t *testing.T, line string, saved, applied map[string]bool) {
	t.Helper()
	var what, id string
	if _, err := fmt.Sscan(line, &what, &id); err != nil {
		return // cut off by the kill
	}
	map[string]map[string]bool{"saved": saved, "applied": applied}[what][id] = true
}

// checkPromises opens the record as the killed writer left it.
func checkPromises(t *testing.T, path string, saved, applied map[string]bool) {
	t.Helper()
	s, err := Open(t.Context(), path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustVerify(t, s)
	spooled, err := s.Unpublished(t.Context(), 10000, 0)
	if err != nil {
		t.Fatal(err)
	}
	waits := make(map[string]bool)
	for _, st := range spooled {
		waits[st.ID] = true
	}
	for id := range saved {
		held, err := s.Statements(t.Context(), []string{id})
		if err != nil {
			t.Fatal(err)
		}
		if inRecord := len(held) == 1; inRecord == waits[id] || applied[id] && !inRecord {
			t.Errorf("statement %s: in the record %t, in the spool %t, applied %t", id, inRecord, waits[id], applied[id])
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}
