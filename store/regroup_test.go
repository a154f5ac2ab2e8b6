package store

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"palabre/statement"
)

// groups returns which statements report which event, by their keys.
func groups(t testing.TB, s *Store) map[string][]string {
	t.Helper()
	out := make(map[string][]string)
	err := each(t.Context(), s.reader, func(scan func(...any) error) error {
		var event, key string
		err := scan(&event, &key)
		out[event] = append(out[event], key)
		return err
	}, `SELECT r.event, s.key FROM event_reports r JOIN statements s ON s.id = r.statement ORDER BY r.event, s.key`)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// eventOf returns the event that a statement reports.
func (p *post) eventOf(rec *statement.Record) *Story {
	p.t.Helper()
	v, err := p.Statement(p.t.Context(), rec.Statement.ID)
	p.must(err)
	if len(v.Events) != 1 || len(v.Reading.Positions) != 1 {
		p.t.Fatalf("%s reports %+v", rec.Statement.Key, v.Events)
	}
	if v.Positions[0].Event != v.Events[0].ID {
		p.t.Errorf("its position is of event %s, its report of %s", v.Positions[0].Event, v.Events[0].ID)
	}
	return &v.Events[0]
}

// reports lists the outlets that report a statement's event.
func (p *post) reports(rec *statement.Record) string {
	p.t.Helper()
	story := p.eventOf(rec)
	var outlets []string
	for _, a := range story.Accounts {
		outlets = append(outlets, a.Outlet)
	}
	slices.Sort(outlets)
	if n := len(slices.Compact(slices.Clone(outlets))); n != story.Outlets {
		p.t.Errorf("event %s counts %d outlets, not %d", story.ID, story.Outlets, n)
	}
	return strings.Join(outlets, " ")
}

func (p *post) move(action statement.Action, event string, moved ...*statement.Record) string {
	p.t.Helper()
	var g statement.Regrouping
	for _, rec := range moved {
		g.Statements = append(g.Statements, rec.Statement.ID)
	}
	return p.act("ana", action, event, "", g)
}

// threeVoices is one event of three outlets.
func threeVoices(t *testing.T) (p *post, a, b, c statement.Record) {
	p = newPost(t, receiver("desk"))
	a = says("2021-12-07", "afp", "Bamako wants talks, AFP has learnt", open.heard())
	b = says("2021-12-08", "bbc", "a minister offers talks in a speech", open.heard())
	c = says("2021-12-09", "cnn", "talks are on, says Bamako", open.heard())
	apply(t, p.Store, a)
	apply(t, p.Store, b)
	apply(t, p.Store, c)
	if got := p.reports(&a); got != "afp bbc cnn" {
		t.Fatalf("one event of %s", got)
	}
	return p, a, b, c
}

func TestSplitAndItsUndo(t *testing.T) {
	p, a, b, c := threeVoices(t)
	event := p.eventOf(&a).ID
	p.expect("before", "desk new due")
	split := p.move(statement.SplitEvent, event, &b)
	check := func(what, ofA, ofB string) {
		t.Helper()
		if gotA, gotB := p.reports(&a), p.reports(&b); gotA != ofA || gotB != ofB {
			t.Errorf("%s: events of %s and %s, want %s and %s", what, gotA, gotB, ofA, ofB)
		}
		if p.eventOf(&a).ID != event {
			t.Errorf("%s: the event has another name", what)
		}
		mustVerify(t, p.Store)
	}
	check("split", "afp cnn", "bbc")
	apply(t, p.Store, reread(b, "pack-2", open.heard()))
	check("split, and read again", "afp cnn", "bbc")
	undid := p.undo(split)
	check("undone", "afp bbc cnn", "afp bbc cnn")
	p.undo(undid)
	check("and not", "afp cnn", "bbc")
	if v, err := p.Statement(t.Context(), c.Statement.ID); err != nil || len(v.Positions) != 1 {
		t.Errorf("a statement that was not read again has %d positions, %v", len(v.Positions), err)
	}
	if v, err := p.Statement(t.Context(), b.Statement.ID); err != nil || len(v.Positions) != 2 {
		t.Errorf("a statement that was read twice has %d positions, %v", len(v.Positions), err)
	}
	p.expect("afterwards", "desk new due")
}

func TestSplitOfTheFirstReport(t *testing.T) {
	p, a, b, c := threeVoices(t)
	event := p.eventOf(&a).ID
	signals := len(p.signals())
	split := p.move(statement.SplitEvent, event, &a)
	for step := range 3 {
		if p.reports(&a) != "afp" || p.reports(&b) != "bbc cnn" || p.eventOf(&c).ID != event {
			t.Errorf("split, step %d: %s and %s", step, p.reports(&a), p.reports(&b))
		}
		apply(t, p.Store, reread(a, fmt.Sprint("pack after ", step), open.heard()))
	}
	if got := len(p.signals()); got != signals {
		t.Errorf("%d signals, were %d: a person regrouped what was judged before", got, signals)
	}
	p.undo(split)
	if p.reports(&a) != "afp bbc cnn" || p.eventOf(&a).ID != event {
		t.Errorf("undone: %s", p.reports(&a))
	}
	mustVerify(t, p.Store)
}

// What a person undoes is what that person did, not what another did before.
func TestUndoOfOneOfTwoRegroupings(t *testing.T) {
	p, a, b, _ := threeVoices(t)
	event := p.eventOf(&a).ID
	other := says("2021-11-20", "dw", "talks are wanted, DW has learnt", open.heard())
	apply(t, p.Store, other)
	p.move(statement.SplitEvent, event, &b)
	own := p.eventOf(&b).ID
	merge := p.move(statement.MergeEvents, p.eventOf(&other).ID, &b)
	if got := p.reports(&b); got != "bbc dw" {
		t.Errorf("merged with %s", got)
	}
	p.undo(merge)
	if got := p.eventOf(&b).ID; got != own || got == event {
		t.Errorf("after one undo b is with %s", p.reports(&b))
	}
	mustVerify(t, p.Store)
}

// What a statement says on one matter stays where it is when a person moves what
// it says on another.
func TestRegroupingLeavesOtherMattersAlone(t *testing.T) {
	p := newPost(t)
	troops := take{actor: "mali-government", topic: statement.ForeignTroops, target: "france", stance: statement.Anti, reported: true}
	first := says("2021-12-07", "afp", "Bamako wants talks and no troops", open.heard(), troops)
	apart := says("2021-12-08", "bbc", "on talks and troops", open.heard(), troops)
	for _, rec := range []statement.Record{first, apart} {
		apply(t, p.Store, rec)
	}
	before := groups(t, p.Store)
	split := ""
	for id := range before {
		var topic statement.Topic
		p.must(p.reader.QueryRowContext(t.Context(), `SELECT topic FROM events WHERE id = ?`, id).Scan(&topic))
		if topic == statement.Dialogue {
			split = p.move(statement.SplitEvent, id, &apart)
		}
	}
	after := groups(t, p.Store)
	if len(before) != 2 || len(after) != 3 {
		t.Errorf("events before %v, after %v", before, after)
	}
	p.undo(split)
	if diff := cmp.Diff(before, groups(t, p.Store)); diff != "" {
		t.Errorf("undone (-before +after):\n%s", diff)
	}
}

func TestMergeAndItsUndo(t *testing.T) {
	p := newPost(t, receiver("desk"))
	one := says("2021-12-03", "afp", "Bamako wants talks, AFP has learnt", open.heard())
	two := says("2021-12-09", "bbc", "an offer of talks, as the BBC has learnt", open.heard())
	apply(t, p.Store, one)
	apply(t, p.Store, two)
	p.expect("one outlet each")
	event, other := p.eventOf(&one).ID, p.eventOf(&two).ID
	if event == other {
		t.Fatal("they are one event")
	}
	merge := p.move(statement.MergeEvents, event, &two)
	p.expect("two outlets tell of it", "desk new due")
	if p.eventOf(&two).ID != event || p.reports(&one) != "afp bbc" {
		t.Errorf("merged: %s", p.reports(&one))
	}
	apply(t, p.Store, reread(two, "pack-2", open.heard()))
	if p.eventOf(&two).ID != event {
		t.Errorf("read again: %s", p.reports(&two))
	}
	p.undo(merge)
	if p.eventOf(&two).ID != other || p.eventOf(&one).ID != event {
		t.Errorf("undone: %s and %s", p.reports(&one), p.reports(&two))
	}
	mustVerify(t, p.Store)
}

func TestMergedSignalIsTakenBack(t *testing.T) {
	p := newPost(t, receiver("desk"))
	offer := says("2021-12-03", "ortm", "we will talk", open)
	apply(t, p.Store, offer)
	apply(t, p.Store, says("2021-12-05", "ortm", "no talks", refusal))
	again := says("2021-12-09", "ortm", "talks it is", open)
	apply(t, p.Store, again)
	p.expect("first, walk-back, shift", "desk new due", "desk new due", "desk new due")
	event := p.eventOf(&offer).ID
	merge := p.move(statement.MergeEvents, event, &again)
	p.expect("the shift was none", "desk new due", "desk new due", "desk new void")
	p.undo(merge)
	p.expect("it was", "desk new due", "desk new due", "desk new due")
	p.send("desk")
	merge = p.move(statement.MergeEvents, event, &again)
	p.expect("it was none, but was told", "desk new sent", "desk new sent", "desk new sent", "desk withdrawn due")
	if n := p.due("desk")[0]; n.Note != moved {
		t.Errorf("notice %+v", n)
	}
	p.send("desk")
	undid := p.undo(merge)
	p.expect("it was", "desk new sent", "desk new sent", "desk new sent", "desk withdrawn sent", "desk update due")
	p.send("desk")
	p.undo(undid)
	p.expect("it was none", "desk new sent", "desk new sent", "desk new sent", "desk withdrawn sent", "desk update sent", "desk withdrawn due")
}

func TestRegroupingOfWhatIsNotThere(t *testing.T) {
	p, a, _, _ := threeVoices(t)
	before := groups(t, p.Store)
	for _, action := range []statement.Action{statement.SplitEvent, statement.MergeEvents} {
		p.move(action, "no event", &a)
		p.act("ana", action, p.eventOf(&a).ID, "", statement.Regrouping{Statements: []string{"no statement"}})
	}
	other := says("2021-12-08", "rfi", "France refuses", take{actor: "france", topic: statement.Dialogue, target: "jnim", stance: statement.Anti})
	apply(t, p.Store, other)
	before[p.eventOf(&other).ID] = []string{other.Statement.Key}
	p.move(statement.MergeEvents, p.eventOf(&a).ID, &other) // of another actor
	if diff := cmp.Diff(before, groups(t, p.Store)); diff != "" {
		t.Errorf("events changed:\n%s", diff)
	}
	mustVerify(t, p.Store)
}

// regrouping is a record in which a random person splits, merges and undoes.
type regrouping struct {
	t       *testing.T
	rt      *rapid.T
	s       *Store
	now     time.Time
	records []statement.Record
	acts    []statement.DeskEvent
}

func (g *regrouping) open(path string) *Store {
	s, err := Open(g.t.Context(), path, Options{Registry: testRegistry(), Now: func() time.Time { return g.now }})
	if err != nil {
		g.rt.Fatal(err)
	}
	return s
}

// say applies words that may be those of an event that is held.
func (g *regrouping) say() {
	n := len(g.records)
	day := testClock.AddDate(0, 0, -rapid.IntRange(0, 8).Draw(g.rt, "age")).Format("2006-01-02")
	k := open
	k.reported = rapid.Bool().Draw(g.rt, "reported")
	if rapid.IntRange(0, 3).Draw(g.rt, "refused") == 0 {
		k.stance = statement.Anti
	}
	rec := says(day, fmt.Sprint("outlet-", n), fmt.Sprint("words ", n), k)
	g.records = append(g.records, rec)
	if _, err := g.s.Apply(g.t.Context(), []statement.Record{rec}); err != nil {
		g.rt.Fatal(err)
	}
}

func (g *regrouping) do(e statement.DeskEvent) {
	g.now = g.now.Add(time.Second)
	e.At = g.now
	e.ID = statement.NewDeskEventID(&e)
	g.acts = append(g.acts, e)
	if err := g.s.ApplyDesk(g.t.Context(), []statement.DeskEvent{e}); err != nil {
		g.rt.Fatal(err)
	}
}

// move moves a statement to or from an event, or undoes what was done.
func (g *regrouping) move() {
	if n := len(g.acts); n > 0 && rapid.IntRange(0, 3).Draw(g.rt, "undo") == 0 {
		g.do(statement.DeskEvent{Action: statement.Undo, Subject: g.acts[rapid.IntRange(0, n-1).Draw(g.rt, "undone")].ID})
		return
	}
	moved := &g.records[rapid.IntRange(0, len(g.records)-1).Draw(g.rt, "moved")].Statement
	of := &g.records[rapid.IntRange(0, len(g.records)-1).Draw(g.rt, "event of")].Statement
	story, err := g.s.stories(g.t.Context(), `id IN (SELECT event FROM event_reports WHERE statement = ?)`, of.ID)
	if err != nil || len(story) != 1 {
		g.rt.Fatal(story, err)
	}
	details, err := json.Marshal(statement.Regrouping{Statements: []string{moved.ID}})
	if err != nil {
		g.rt.Fatal(err)
	}
	action := rapid.SampledFrom([]statement.Action{statement.SplitEvent, statement.MergeEvents}).Draw(g.rt, "action")
	g.do(statement.DeskEvent{Action: action, Subject: story[0].ID, Details: details})
}

// undoAll undoes whatever stands, the first first.
func (g *regrouping) undoAll() {
	for _, e := range slices.Clone(g.acts) {
		var undone string
		if err := g.s.reader.QueryRowContext(g.t.Context(), `SELECT undone FROM desk_log WHERE id = ?`, e.ID).Scan(&undone); err != nil {
			g.rt.Fatal(err)
		}
		if undone == "" && e.Action != statement.Undo {
			g.do(statement.DeskEvent{Action: statement.Undo, Subject: e.ID})
		}
	}
}

// Whatever people split, merge and undo: what they undo is as if it had not been,
// lines and counts agree with the events, and what they decided also holds in a
// record that is rebuilt from the streams, where it comes before what it is about.
func TestRegroupingIsUndoneWhole(t *testing.T) {
	dir := t.TempDir()
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		g := &regrouping{t: t, rt: rt, now: testClock}
		g.s = g.open(filepath.Join(dir, fmt.Sprint(run, "live")))
		defer g.s.Close()
		for range rapid.IntRange(2, 7).Draw(rt, "records") {
			g.say()
		}
		before := groups(t, g.s)
		for range rapid.IntRange(1, 6).Draw(rt, "moves") {
			g.move()
		}
		checkLines(t, rt, g.s)
		checkDecided(t, rt, g.s)
		if rapid.IntRange(0, 3).Draw(rt, "replay") == 0 {
			checkReplay(t, rt, g.open(filepath.Join(dir, fmt.Sprint(run, "replay"))), g.records, g.acts)
		}
		g.undoAll()
		if diff := cmp.Diff(before, groups(t, g.s)); diff != "" {
			rt.Errorf("after everything was undone (-before +after):\n%s", diff)
		}
		checkLines(t, rt, g.s)
		if report, err := g.s.Verify(t.Context(), nil); err != nil || !report.OK() {
			rt.Errorf("verify: %+v, %v", report, err)
		}
	})
}

// checkReplay looks at a record that met everything in another order.
func checkReplay(t *testing.T, rt *rapid.T, s *Store, records []statement.Record, acts []statement.DeskEvent) {
	defer s.Close()
	if err := s.ApplyDesk(t.Context(), acts); err != nil {
		rt.Fatal(err)
	}
	for _, rec := range records {
		if _, err := s.Apply(t.Context(), []statement.Record{rec}); err != nil {
			rt.Fatal(err)
		}
	}
	checkDecided(t, rt, s)
	checkLines(t, rt, s)
}

// checkDecided checks that every statement is where people decided last: in the
// event that it joined, or not with others in the one that it left.
func checkDecided(t *testing.T, rt *rapid.T, s *Store) {
	last := make(map[string]pin)
	err := each(t.Context(), s.reader, func(scan func(...any) error) error {
		var id string
		var p pin
		err := scan(&id, &p.event, &p.goes)
		last[id] = p
		return err
	}, `SELECT p.statement, p.event, p.goes FROM pins p JOIN desk_log d ON d.id = p.desk ORDER BY d.seq`)
	if err != nil {
		rt.Fatal(err)
	}
	for id, p := range last {
		story, err := s.stories(t.Context(), `id IN (SELECT event FROM event_reports WHERE statement = ?)`, id)
		if err != nil || len(story) != 1 {
			rt.Fatal(story, err)
		}
		var held int
		var stance statement.Stance
		if err := s.reader.QueryRowContext(t.Context(), `SELECT count(*), coalesce(max(stance), '') FROM events WHERE id = ?`, p.event).Scan(&held, &stance); err != nil {
			rt.Fatal(err)
		}
		switch e := &story[0]; {
		case held == 0: // nothing to join or leave
		case e.Stance != stance: // what it says is another thing
		case p.goes != "" && e.ID != p.goes:
			rt.Errorf("statement %s joined %s and is in %s", id, p.goes, e.ID)
		case p.goes == "" && e.ID == p.event && len(e.Reports) > 1:
			rt.Errorf("statement %s left %s and is in it with %v", id, p.event, e.Reports)
		}
	}
}
