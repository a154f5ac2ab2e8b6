package store

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// putReceivers enters receivers of everything.
func putReceivers(t *testing.T, s *Store, receivers ...statement.Receiver) {
	t.Helper()
	err := s.write(t.Context(), func(x *tx) error {
		for i := range receivers {
			spec, err := jsonText(&receivers[i])
			if err != nil {
				return err
			}
			if err := x.exec(`INSERT INTO receivers (id, spec) VALUES (?, ?)`, receivers[i].ID, spec); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// send makes every notice that is due one that was sent.
func send(t *testing.T, s *Store) {
	t.Helper()
	err := s.write(t.Context(), func(x *tx) error {
		return x.exec(`INSERT OR IGNORE INTO told SELECT receiver, kind, event, signal, subject, '', n, 0 FROM notices WHERE state = 'due';
			UPDATE notices SET state = 'sent' WHERE state = 'due'`)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// noticed lists the notices in the order in which they fell due.
func noticed(t *testing.T, s *Store) []string {
	t.Helper()
	out, err := texts(t.Context(), s.reader, `SELECT n.receiver || ' ' || n.kind || ' ' || g.reason || ' ' || n.state || CASE n.note WHEN '' THEN '' ELSE ': ' || n.note END
		FROM notices n JOIN signals g ON g.id = n.signal ORDER BY n.n`)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// reread is what another version of the rules makes of a record.
func reread(rec statement.Record, pack string, takes ...take) statement.Record {
	return statement.Record{Statement: rec.Statement, Reading: reads(&rec.Statement, pack, takes...)}
}

func TestCorrections(t *testing.T) {
	s := openTest(t)
	putReceivers(t, s, statement.Receiver{ID: "all"}, statement.Receiver{ID: "unsure", Wants: statement.Filter{Confidence: 0.99}},
		statement.Receiver{ID: "troops", Wants: statement.Filter{Topics: []statement.Topic{statement.ForeignTroops}}})
	rec := says("2021-12-09", "primature", "what the office says", open)
	apply(t, s, rec)
	want := []string{"all new first due"}
	check := func(step string) {
		t.Helper()
		if diff := cmp.Diff(want, noticed(t, s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step, diff)
		}
		mustVerify(t, s)
	}
	check("raised")
	send(t, s)
	want = []string{"all new first sent"}
	for i := range 3 {
		apply(t, s, reread(rec, fmt.Sprint("same ", i), open))
	}
	check("read again, the same")
	apply(t, s, reread(rec, "reversed", refusal))
	want = append(want, "all corrected first due: the rules now read anti, not pro", "all new first void")
	check("reversed")
	apply(t, s, reread(rec, "reversed again", refusal))
	check("reversed, read again")
	send(t, s)
	want[1] = "all corrected first sent: the rules now read anti, not pro"
	apply(t, s, says("2021-12-09", "afp", "AFP tells it in words of its own", refusal.heard()))
	check("a report of what it now reads")
	apply(t, s, reread(rec, "back", open))
	want = append(want, "all update first due: the statement is read as before again")
	check("read as before")
	apply(t, s, reread(rec, "nothing"))
	want[3] = "all update first void: the statement is read as before again"
	want = append(want, "all withdrawn first due: the rules no longer read this position in the statement")
	check("no longer read")
}

// A reading that is reversed before anybody was told is told as it is now.
func TestReversedBeforeItWasSent(t *testing.T) {
	s := openTest(t)
	putReceivers(t, s, statement.Receiver{ID: "desk"})
	rec := says("2021-12-09", "primature", "what the office says", open)
	apply(t, s, rec)
	apply(t, s, reread(rec, "reversed", refusal))
	want := []string{"desk new first void", "desk new first due"}
	if diff := cmp.Diff(want, noticed(t, s)); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}
