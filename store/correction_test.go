package store

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// judges is what a person holds of the position that a take shows.
func judges(of take, is *take) statement.Correction {
	claim := func(k *take) statement.Claim {
		return statement.Claim{Actor: k.actor, Topic: k.topic, Target: k.target}
	}
	c := statement.Correction{Of: claim(&of), Revision: "r"}
	if is != nil {
		c.Is = &statement.Held{Claim: claim(is), Stance: is.stance, Condition: is.condition, Evidence: statement.Evidence{Field: statement.Text, End: 8, Quote: "no talks"}}
	}
	return c
}

// held lists what people hold of a statement's positions, one line each.
func held(t *testing.T, s *Store, id string) []string {
	t.Helper()
	v, err := s.Statement(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, c := range v.Corrections {
		line := fmt.Sprintf("%s: %s", c.Who, c.Key().Actor)
		switch {
		case c.Missed():
			line += " missed " + string(c.Is.Stance)
		case c.Is == nil:
			line += " is none"
		default:
			line += " is " + string(c.Is.Stance)
		}
		out = append(out, line)
	}
	return out
}

func TestCorrectionsAndTheirUndo(t *testing.T) {
	p := newPost(t)
	rec := says("2021-12-09", "ortm", "no talks", refusal)
	apply(t, p.Store, rec)
	id := rec.Statement.ID
	signals := len(p.signals())
	other, more := refusal, refusal
	other.stance = statement.Mixed
	more.actor, more.stance = "france", statement.Pro
	confirmed := p.act("ana", statement.ConfirmPosition, id, "", judges(refusal, &refusal))
	var wrong, none, missed string
	for _, step := range []struct {
		what string
		do   func()
		want []string
	}{
		{"confirmed", func() {}, []string{"ana: mali-government is anti"}},
		{"corrected", func() { wrong = p.act("ben", statement.CorrectPosition, id, "", judges(refusal, &other)) }, []string{"ben: mali-government is mixed"}},
		{"one more", func() { missed = p.act("ana", statement.CorrectPosition, id, "", judges(take{}, &more)) }, []string{"ben: mali-government is mixed", "ana: france missed pro"}},
		{"nothing there", func() { none = p.act("ana", statement.CorrectPosition, id, "", judges(refusal, nil)) }, []string{"ana: france missed pro", "ana: mali-government is none"}},
		{"undone", func() { none = p.undo(none) }, []string{"ben: mali-government is mixed", "ana: france missed pro"}},
		{"the first undone", func() { p.undo(confirmed) }, []string{"ben: mali-government is mixed", "ana: france missed pro"}},
		{"the second undone", func() { wrong = p.undo(wrong) }, []string{"ana: france missed pro"}},
		{"and not", func() { p.undo(wrong) }, []string{"ben: mali-government is mixed", "ana: france missed pro"}},
		{"the missed undone", func() { p.undo(missed) }, []string{"ben: mali-government is mixed"}},
		{"nothing there after all", func() { p.undo(none) }, []string{"ana: mali-government is none"}},
	} {
		step.do()
		if diff := cmp.Diff(step.want, held(t, p.Store, id)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.what, diff)
		}
		mustVerify(t, p.Store)
	}
	if got := len(p.signals()); got != signals {
		t.Errorf("corrections made %d signals of %d", got, signals)
	}
}

// What a person holds outlives readings, revisions and the record itself.
func TestCorrectionsStay(t *testing.T) {
	p := newPost(t)
	rec := says("2021-12-09", "ortm", "no talks", refusal)
	id := rec.Statement.ID
	want := []string{"ben: mali-government is mixed"}
	other := refusal
	other.stance = statement.Mixed
	p.act("ben", statement.CorrectPosition, id, "before the statement is here", judges(refusal, &other))
	expect := func(what string, s *Store) {
		t.Helper()
		if diff := cmp.Diff(want, held(t, s, id)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		mustVerify(t, s)
	}
	apply(t, p.Store, rec)
	expect("it came later", p.Store)
	apply(t, p.Store, reread(rec, "pack-2"))
	expect("read otherwise", p.Store)
	apply(t, p.Store, reread(rec, "pack-3", refusal))
	expect("read as before", p.Store)
	apply(t, p.Store, next(&rec, "no talks at all", refusal))
	expect("another wording", p.Store)

	path := filepath.Join(t.TempDir(), "backup.db")
	p.must(p.Backup(t.Context(), path))
	restored := openAt(t, path, p.Store.now)
	expect("restored", restored)
	want = []string{"ana: mali-government is none"}
	p.act("ana", statement.CorrectPosition, id, "", judges(refusal, nil))
	p.must(restored.CarryDesk(t.Context(), p.path))
	expect("what came after the backup", restored)

	found, err := restored.CorrectedStatements(t.Context(), "", 10)
	p.must(err)
	if diff := cmp.Diff([]string{id}, found); diff != "" {
		t.Errorf("corrected statements (-want +got):\n%s", diff)
	}
	found, err = restored.CorrectedStatements(t.Context(), id, 10)
	p.must(err)
	if len(found) > 0 {
		t.Errorf("behind the last: %v", found)
	}
}

func TestBadCorrections(t *testing.T) {
	p := newPost(t)
	bad := refusal
	bad.stance = "perhaps"
	unproven := judges(refusal, &refusal)
	unproven.Is.Evidence.Quote = " "
	for name, details := range map[string]any{
		"of nothing":        statement.Correction{},
		"of no topic":       judges(take{actor: "jnim"}, &refusal),
		"to no stance":      judges(refusal, &bad),
		"to nobody":         judges(refusal, &take{stance: statement.Pro}),
		"proved by nothing": unproven,
		"of another form":   "wrong",
	} {
		if err := p.ApplyDesk(t.Context(), []statement.DeskEvent{p.deed("ana", statement.CorrectPosition, "s", "", details)}); err == nil {
			t.Errorf("a correction %s was taken", name)
		}
	}
	if err := p.ApplyDesk(t.Context(), []statement.DeskEvent{p.deed("ana", statement.CorrectPosition, "", "", judges(refusal, nil))}); err == nil {
		t.Error("a correction in no statement was taken")
	}
}

func TestCustodyOfAStatement(t *testing.T) {
	s := openTest(t)
	body := []byte("no talks")
	st := statement.Statement{Source: "ortm", Outlet: "ortm", Key: "1", Title: "Bamako", Text: "no talks", Capture: statement.HashBody(body)}
	for _, url := range []string{"https://a.example/1", "https://b.example/1"} {
		_, err := s.Save(t.Context(), &statement.Fetch{
			Captures:   []statement.Capture{{Source: "ortm", URL: url, Status: 200, Body: body}},
			Statements: []statement.Statement{st}, Health: statement.Health{Source: "ortm"},
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	waiting, err := s.Unpublished(t.Context(), 1, 0)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("waiting: %v, %v", waiting, err)
	}
	apply(t, s, statement.Record{Statement: waiting[0], Reading: statement.Reading{Pack: "p"}})
	v, err := s.Statement(t.Context(), waiting[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Custody) != 2 || v.Custody[0].URL != "https://a.example/1" || v.Custody[1].Number != 2 || v.Custody[1].Previous != v.Custody[0].Hash || v.Custody[1].Status != 200 {
		t.Errorf("custody %+v", v.Custody)
	}
}
