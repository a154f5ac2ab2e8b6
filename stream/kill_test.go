package stream

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"palabre/statement"
)

// victimDir names the folder in the environment of a process that is meant to
// be killed.
const victimDir = "PALABRE_STREAM_TEST_VICTIM"

// TestVictim publishes and consumes until it is killed. It tells on standard
// output what was acknowledged.
func TestVictim(t *testing.T) {
	dir := os.Getenv(victimDir)
	if dir == "" {
		t.Skip("runs in a process of its own")
	}
	b := openTest(t, Options{Dir: dir})
	first := int(stored(t, b, Statements))
	go func() {
		_ = b.ConsumeStatements(t.Context(), "g", func(context.Context, []statement.Statement) error { return nil }, noDead(t))
	}()
	const batch = 25
	for n := first; ; n += batch {
		publishTest(t, b, saySeveral("a", n, n+batch))
		fmt.Println("\nacknowledged", n+batch)
	}
}

func TestKillLosesNothing(t *testing.T) {
	dir := t.TempDir()
	acknowledged := 0
	for round := range 5 {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestVictim$")
		cmd.Env = append(os.Environ(), victimDir+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		for enough := acknowledged + 25*(3+7*round); lines.Scan(); {
			if _, err := fmt.Sscanf(lines.Text(), "acknowledged %d", &acknowledged); err == nil && acknowledged >= enough {
				break
			}
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for lines.Scan() {
			_, _ = fmt.Sscanf(lines.Text(), "acknowledged %d", &acknowledged) // other lines do not count
		}
		if err := cmd.Wait(); err == nil {
			t.Fatal("the process was not killed")
		}
	}
	b := openTest(t, Options{Dir: dir})
	n := int(stored(t, b, Statements))
	if n < acknowledged || n%25 != 0 {
		t.Errorf("%d messages stored, want at least the %d acknowledged ones, in whole batches", n, acknowledged)
	}
	l := newLedger()
	during(t, func(ctx context.Context) error { return b.ConsumeStatements(ctx, "other", l.statements, noDead(t)) })
	l.await(t, "all statements", distinct(n))
	checkOrder(t, l.seen())
	during(t, func(ctx context.Context) error { return b.ConsumeStatements(ctx, "g", l.statements, noDead(t)) })
	settledTest(t, b)
	t.Logf("%d messages survived five kills", n)
}
