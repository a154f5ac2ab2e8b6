package store

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// Shorthands for the tests of one actor's line.
var (
	open    = take{actor: "mali-government", speaker: "choguel-maiga", topic: statement.Dialogue, target: "jnim", stance: statement.Pro}
	refusal = take{actor: "mali-government", speaker: "choguel-maiga", topic: statement.Dialogue, target: "jnim", stance: statement.Anti}
)

func (k take) towards(target string) take { k.target = target; return k }
func (k take) by(speaker string) take     { k.speaker = speaker; return k }
func (k take) heard() take                { k.reported = true; return k }

func TestApplyIsIdempotent(t *testing.T) {
	s := openTest(t)
	rec := says("2021-12-09", "primature", "we will talk", open)
	if done := apply(t, s, rec, rec); done != (Applied{New: 1, Known: 1, Signals: 1}) {
		t.Errorf("first time: %+v", done)
	}
	before, err := s.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if done := apply(t, s, rec); done != (Applied{Known: 1}) {
		t.Errorf("second time: %+v", done)
	}
	after, err := s.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("applying again changed:\n%s", diff)
	}
}

func TestApplySettlesTheSpool(t *testing.T) {
	s := openTest(t)
	f := fetched(item("a", "one"), item("b", "two"))
	save(t, s, f)
	ids := []string{f.Statements[0].ID, f.Statements[1].ID}
	if err := s.MarkPublished(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	if rest, err := s.Unpublished(t.Context(), 10, 0); err != nil || len(rest) != 0 {
		t.Fatalf("unpublished after publishing: %v, %v", rest, err)
	}
	apply(t, s, statement.Record{Statement: f.Statements[0], Reading: statement.Reading{Pack: "p"}})
	if n, err := s.Respool(t.Context(), 0); err != nil || n != 1 {
		t.Errorf("respooled %d, %v, want the one without a record", n, err)
	}
	rest, err := s.Unpublished(t.Context(), 10, 0)
	if err != nil || len(rest) != 1 || rest[0].ID != ids[1] {
		t.Errorf("unpublished: %v, %v", rest, err)
	}
	if err := s.Settle(t.Context(), ids); err != nil {
		t.Fatal(err)
	}
	if totals, err := s.Totals(t.Context()); err != nil || totals.Unsettled != 0 {
		t.Errorf("after settling: %+v, %v", totals, err)
	}
}

func TestSetFenceRespools(t *testing.T) {
	s := openTest(t)
	ctx := t.Context()
	f := fetched(item("a", "one"))
	save(t, s, f)
	err := s.write(ctx, func(t *tx) error {
		return t.exec(`INSERT INTO told VALUES ('desk', 'new', 'e', 's', '', 'm', 1, 1)`)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		fence string
		want  int // unpublished afterwards
	}{{"born-1", 0}, {"born-1", 0}, {"born-2", 1}} {
		if step.want == 0 {
			if err := s.MarkPublished(ctx, []string{f.Statements[0].ID}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SetFence(ctx, "STATEMENTS", step.fence); err != nil {
			t.Fatal(err)
		}
		rest, err := s.Unpublished(ctx, 10, 0)
		if err != nil || len(rest) != step.want {
			t.Errorf("fence %s: %d unpublished, want %d (%v)", step.fence, len(rest), step.want, err)
		}
		if n := unshared(t, s); n != step.want {
			t.Errorf("fence %s: %d told and not shared, want %d", step.fence, n, step.want)
		}
		if got, err := s.Fence(ctx, "STATEMENTS"); err != nil || got != step.fence {
			t.Errorf("fence is %q, %v, want %q", got, err, step.fence)
		}
	}
	if got, err := s.Fence(ctx, "RECORDS"); err != nil || got != "" {
		t.Errorf("fence of a stream that was never followed is %q, %v", got, err)
	}
}

// unshared counts what the other nodes are not known to know.
func unshared(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.reader.QueryRowContext(t.Context(), `SELECT count(*) FROM told WHERE NOT shared`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestApplyRefusesBadRecords(t *testing.T) {
	for name, spoil := range map[string]func(*statement.Record){
		"evidence":  func(r *statement.Record) { r.Reading.Positions[0].Evidence.Quote = "never said" },
		"stance":    func(r *statement.Record) { r.Reading.Positions[0].Stance = "perhaps" },
		"statement": func(r *statement.Record) { r.Statement.Key = "" },
	} {
		s := openTest(t)
		rec := says("2021-12-09", "primature", "we will talk", open)
		spoil(&rec)
		good := says("2021-12-08", "rfi", "good", open)
		if _, err := s.Apply(t.Context(), []statement.Record{good, rec}); err == nil || !strings.Contains(err.Error(), rec.Statement.ID) {
			t.Errorf("bad %s: error %v, want one that names the statement", name, err)
		}
		if totals, err := s.Totals(t.Context()); err != nil || totals.Statements != 0 {
			t.Errorf("bad %s: %+v, %v, want nothing half done", name, totals, err)
		}
	}
}

func TestOneEventManyReports(t *testing.T) {
	s := openTest(t)
	apply(t, s, says("2021-12-01", "ortm", "no talks", refusal))
	learnt := open.by("").heard()
	first := says("2021-12-08", "rfi", "Bamako wants talks, RFI has learnt", learnt)
	apply(t, s, first)
	apply(t, s, says("2021-12-08", "rfi", "again on RFI, at noon", learnt))
	want := []string{"2021-12-01 mali-government dialogue jnim: >anti first"}
	if diff := cmp.Diff(want, raised(t, s, SignalQuery{Firm: true})); diff != "" {
		t.Errorf("by one outlet (-want +got):\n%s", diff)
	}
	apply(t, s, says("2021-12-08", "copy", "Bamako wants talks, RFI has learnt", learnt))
	if diff := cmp.Diff(want, raised(t, s, SignalQuery{Firm: true})); diff != "" {
		t.Errorf("copied by a second outlet (-want +got):\n%s", diff)
	}
	own := says("2021-12-10", "primature", "the prime minister confirms", open.towards("armed-groups"))
	apply(t, s, own)
	want = append(want, "2021-12-08 mali-government dialogue jnim: anti>pro shift")
	if diff := cmp.Diff(want, raised(t, s, SignalQuery{Firm: true})); diff != "" {
		t.Errorf("confirmed at first hand (-want +got):\n%s", diff)
	}
	v, err := s.Statement(t.Context(), own.Statement.ID)
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Events) != 1 || len(v.Events[0].Reports) != 4 || v.Events[0].Outlets != 3 || v.Events[0].Lead != own.Statement.ID {
		t.Errorf("events are %+v, want one with four reports of three outlets, led by the prime minister", v.Events)
	}
	mustVerify(t, s)
}

func TestStrangersCannotShiftTheLine(t *testing.T) {
	s := openTest(t)
	apply(t, s,
		says("2021-12-01", "ortm", "no talks", refusal),
		says("2021-12-03", "rfi", "a former mediator says that there will be talks", open.by("dioncounda-traore")),
		says("2021-12-08", "ortm", "still no talks", refusal),
		says("2021-12-10", "rfi", "a source close to the presidency speaks of talks", open.by("").heard()),
	)
	page, err := s.Signals(t.Context(), SignalQuery{Reasons: []statement.Reason{statement.Shift, statement.WalkBack}})
	if err != nil {
		t.Fatal(err)
	}
	if len(page.Signals) != 2 || page.Signals[0].Candidate != doubtAuthority || page.Signals[1].Candidate != doubtAuthority {
		t.Errorf("signals are %+v, want two for the desk only", page.Signals)
	}
	record, err := s.ActorLines(t.Context(), "mali-government", 0)
	if err != nil || len(record.Lines) != 1 || record.Lines[0].Stance != statement.Anti || record.Lines[0].Since.String() != "2021-12-01" {
		t.Errorf("lines are %+v, %v, want a refusal since 1 December", record.Lines, err)
	}
	apply(t, s, says("2021-12-10", "afp", "AFP was told the same by two ministers", open.by("").heard()))
	record, err = s.ActorLines(t.Context(), "mali-government", 0)
	if err != nil || len(record.Lines) != 2 || record.Lines[0].Stance != statement.Pro || record.Lines[0].FirstHand || record.Lines[1].Stance != statement.Anti || !record.Lines[1].FirstHand {
		t.Errorf("two outlets later, lines are %+v, %v, want a reported offer beside the refusal in its own words", record.Lines, err)
	}
}

func TestManyMindsHaveNoLine(t *testing.T) {
	s := openTest(t)
	k := take{actor: "analyst", topic: statement.Dialogue, target: "jnim", stance: statement.Pro}
	no := k
	no.stance = statement.Anti
	if done := apply(t, s, says("2021-12-01", "icg", "talks would help", k), says("2021-12-02", "rusi", "talks would not", no)); done.Signals != 0 {
		t.Errorf("analysts raised %d signals", done.Signals)
	}
}

func TestOneStatementDoesNotContradictItself(t *testing.T) {
	s := openTest(t)
	apply(t, s, says("2021-12-01", "ortm", "yes to all", open.towards("armed-groups")))
	done := apply(t, s, says("2021-12-09", "ortm", "JNIM yes, ISGS no", open, refusal.towards("isgs")))
	want := []string{
		"2021-12-01 mali-government dialogue armed-groups: >pro first",
		"2021-12-09 mali-government dialogue isgs: pro>anti walk-back",
	}
	if diff := cmp.Diff(want, raised(t, s, SignalQuery{})); diff != "" || done.Signals != 1 {
		t.Errorf("signals, %d new (-want +got):\n%s", done.Signals, diff)
	}
}

func TestRereadingNeverRepeatsASignal(t *testing.T) {
	s := openTest(t)
	apply(t, s, says("2021-12-01", "ortm", "no talks", refusal))
	rec := says("2021-12-08", "primature", "talks with them", open)
	apply(t, s, rec)
	before := raised(t, s, SignalQuery{})
	for pack, takes := range map[string][]take{"finer target": {open.towards("katiba-macina")}, "same again": {open}, "generic": {open.towards("armed-groups")}, "nothing": nil} {
		again := statement.Record{Statement: rec.Statement, Reading: reads(&rec.Statement, pack, takes...)}
		if done := apply(t, s, again); done != (Applied{Reread: 1}) {
			t.Errorf("%s: %+v", pack, done)
		}
		if diff := cmp.Diff(before, raised(t, s, SignalQuery{})); diff != "" {
			t.Errorf("%s changed signals:\n%s", pack, diff)
		}
		mustVerify(t, s)
	}
	last := statement.Record{Statement: rec.Statement, Reading: reads(&rec.Statement, "found again", open)}
	if done := apply(t, s, last); done.Signals != 0 {
		t.Errorf("a position that was lost and found again raised %d signals", done.Signals)
	}
	turned := statement.Record{Statement: rec.Statement, Reading: reads(&rec.Statement, "turned", refusal)}
	apply(t, s, turned)
	record, err := s.ActorLines(t.Context(), "mali-government", 0)
	if err != nil || len(record.Lines) != 1 || record.Lines[0].Stance != statement.Anti || record.Lines[0].Since.String() != "2021-12-01" || len(record.Events) != 2 {
		t.Errorf("after a reading that turns the stance: %+v, %v, want an unbroken refusal", record, err)
	}
	counts, err := s.Counts(t.Context(), PerActor)
	if diff := cmp.Diff([]Count{{"mali-government", statement.Dialogue, statement.Anti, 2}}, counts); diff != "" || err != nil {
		t.Errorf("counts, %v (-want +got):\n%s", err, diff)
	}
}

func TestRevisionReplacesTheReading(t *testing.T) {
	s := openTest(t)
	rec := says("2021-12-08", "rfi", "talks, he said", open)
	other := says("2021-12-08", "afp", "he also spoke to AFP of talks", open)
	apply(t, s, rec, other)
	edit := next(&rec, "no talks, he said: we regret the error", refusal)
	if done := apply(t, s, edit); done != (Applied{Revised: 1, Signals: 1}) {
		t.Errorf("the edit did %+v", done)
	}
	v, err := s.Statement(t.Context(), rec.Statement.ID)
	if err != nil {
		t.Fatal(err)
	}
	if v.Statement.ID != edit.Statement.ID || len(v.Revisions) != 2 || v.Revisions[0].Text != rec.Statement.Text ||
		len(v.Reading.Positions) != 1 || v.Reading.Positions[0].Stance != statement.Anti || len(v.Positions) != 2 || v.Positions[1].Current {
		t.Errorf("view is %+v, want the edit, with the first reading as history", v)
	}
	late := rec
	late.Reading = reads(&rec.Statement, "pack-2", open)
	if done := apply(t, s, late); done != (Applied{Stale: 1}) {
		t.Errorf("a late reading of the first revision did %+v", done)
	}
	if v, err = s.Statement(t.Context(), edit.Statement.ID); err != nil || v.Statement.ID != edit.Statement.ID || len(v.Positions) != 3 {
		t.Errorf("after it: %+v, %v", v, err)
	}
	mustVerify(t, s)
}

func TestRevisionsOutOfOrder(t *testing.T) {
	s := openTest(t)
	rec := says("2021-12-08", "rfi", "talks, he said", open)
	edit := next(&rec, "talks, he said, are welcome", open)
	apply(t, s, edit)
	if done := apply(t, s, rec); done != (Applied{Stale: 1}) {
		t.Errorf("the first revision, late, did %+v", done)
	}
	v, err := s.Statement(t.Context(), rec.Statement.ID)
	if err != nil || v.Statement.ID != edit.Statement.ID || len(v.Revisions) != 2 {
		t.Errorf("view is %+v, %v", v, err)
	}
}

func TestLateStatementIsJudgedAsOfItsDate(t *testing.T) {
	s := openTest(t)
	apply(t, s, says("2021-05-01", "ortm", "no talks", refusal.by("moctar-ouane")))
	apply(t, s, says("2021-12-09", "ortm", "talks", open))
	apply(t, s, says("2021-11-30", "ortm", "nobody was mandated", take{actor: "mali-government", speaker: "choguel-maiga", topic: statement.Dialogue, target: "jnim", stance: statement.Mixed}))
	want := []string{
		"2021-11-30 mali-government dialogue jnim: anti>mixed shift",
		"2021-12-09 mali-government dialogue jnim: anti>pro shift",
	}
	got := raised(t, s, SignalQuery{Reasons: []statement.Reason{statement.Shift, statement.WalkBack}})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
	record, err := s.ActorLines(t.Context(), "mali-government", 0)
	if err != nil || record.Lines[0].Stance != statement.Pro {
		t.Errorf("line is %+v, %v, want the latest words and not the latest arrival", record.Lines, err)
	}
}

func TestFutureDatesDoNotStandForYears(t *testing.T) {
	s := openTest(t)
	apply(t, s, says("2099-01-01", "ortm", "no talks", refusal))
	apply(t, s, says("2021-12-10", "ortm", "talks", open))
	record, err := s.ActorLines(t.Context(), "mali-government", 0)
	if err != nil || len(record.Lines) != 1 || record.Lines[0].Confirmed.Time.Year() != 2021 {
		t.Errorf("lines are %+v, %v", record.Lines, err)
	}
}

func TestAlertsFallDueOnce(t *testing.T) {
	s := openTest(t)
	err := s.write(t.Context(), func(t *tx) error {
		return t.exec(`INSERT INTO receivers (id, spec) VALUES ('desk', '{"id":"desk"}'), ('off', '{"id":"off","paused":true}')`)
	})
	if err != nil {
		t.Fatal(err)
	}
	old := says("2021-01-01", "ortm", "no talks then", refusal.by("moctar-ouane"))
	heard := says("2021-12-09", "rfi", "talks, RFI has learnt", open.heard())
	apply(t, s, old, heard)
	due := func() []string {
		t.Helper()
		out, err := collect(t.Context(), s.reader, func(scan func(...any) error) (v string, err error) {
			return v, scan(&v)
		}, `SELECT a.receiver || ' ' || g.reason || ' ' || a.state FROM notices a JOIN signals g ON g.id = a.signal ORDER BY a.n`)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if got := due(); len(got) != 0 {
		t.Errorf("old words and a lone report made %v due", got)
	}
	apply(t, s, says("2021-12-09", "afp", "AFP confirms", open.heard()))
	apply(t, s, statement.Record{Statement: heard.Statement, Reading: reads(&heard.Statement, "pack-2", open)})
	if diff := cmp.Diff([]string{"desk shift due"}, due()); diff != "" {
		t.Errorf("alerts (-want +got):\n%s", diff)
	}
}

// How a node cuts the stream into batches must not decide how an event is
// called, or each node would tell of it.
func TestBatchesDoNotNameEvents(t *testing.T) {
	heard := says("2021-12-09", "rfi", "RFI has learnt of talks", open.heard())
	words := says("2021-12-08", "primature", "the office speaks of talks", open)
	ids := func(batches ...[]statement.Record) []string {
		t.Helper()
		s := openTest(t)
		for _, b := range batches {
			apply(t, s, b...)
		}
		out, err := texts(t.Context(), s.reader, `SELECT id FROM events WHERE reports > 0 ORDER BY id`)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	apart := ids([]statement.Record{heard}, []statement.Record{words})
	if diff := cmp.Diff(apart, ids([]statement.Record{heard, words})); diff != "" {
		t.Errorf("events (-two batches +one):\n%s", diff)
	}
}
