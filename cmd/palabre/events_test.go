package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"golang.org/x/sync/errgroup"

	"palabre/classify"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// leastPrecision is how sure the record must be that two statements tell of one
// utterance: each wrong merge hides a signal.
const leastPrecision = 0.97

// statementPair is a line of event-pairs.jsonl: two statements, and whether
// they tell of one utterance.
type statementPair struct {
	ID   string `json:"id"`
	Same bool   `json:"same"`
	Kind string `json:"kind"`
	On   struct {
		Actor string          `json:"actor"`
		Topic statement.Topic `json:"topic"`
	} `json:"on"`
	A textLine `json:"a"`
	B textLine `json:"b"`

	unread bool // one of them is not read as taking the position
	merged bool // the record has both in one event
}

// langs names the languages of the pair, in one order.
func (p *statementPair) langs() string {
	two := []string{p.A.Lang, p.B.Lang}
	slices.Sort(two)
	return strings.Join(two, "–")
}

// label says what the pair is labelled as.
func (p *statementPair) label() string {
	if p.Same {
		return "same"
	}
	return "other"
}

// TestEventPairs files labelled pairs of statements, each into an empty record,
// and measures whether the record knows which tell of one utterance.
func TestEventPairs(t *testing.T) {
	pairs := loadPairs(t)
	var group errgroup.Group
	group.SetLimit(4)
	filer := newPairFiler(t)
	for i := range pairs {
		dir := t.TempDir()
		group.Go(func() error { return filer.file(t.Context(), dir, &pairs[i]) })
	}
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	var all pairCount
	for i := range pairs {
		all.add(&pairs[i])
	}
	got := strings.Join([]string{
		pairTable(pairs, "kind", func(p *statementPair) string { return p.label() + ": " + p.Kind }),
		pairTable(pairs, "languages", (*statementPair).langs),
		wrongPairs(pairs),
	}, "\n")
	t.Log("\n" + got)
	golden(t, "event-pairs", got)
	if p := all.rate.Precision(); p < leastPrecision {
		t.Errorf("precision is %.3f, want %.2f: %d of %d pairs in one event are of two utterances",
			p, leastPrecision, all.rate.Wrong, all.rate.Wrong+all.rate.Right)
	}
}

func loadPairs(t *testing.T) []statementPair {
	t.Helper()
	var pairs []statementPair
	seen := make(map[string]bool)
	err := eachLine(filepath.Join("testdata", "event-pairs.jsonl"), func(p *statementPair) error {
		if seen[p.ID] || p.ID == "" || p.Kind == "" || p.On.Actor == "" || !slices.Contains(statement.Topics, p.On.Topic) {
			return fmt.Errorf("pair %q is incomplete or there twice", p.ID)
		}
		seen[p.ID] = true
		pairs = append(pairs, *p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pairs
}

// pairFiler takes pairs through the rules into records.
type pairFiler struct {
	pack   *classify.Pack
	reg    *statement.Registry
	owners map[string]string
}

func newPairFiler(t *testing.T) *pairFiler {
	t.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	owners, err := outletOwners()
	if err != nil {
		t.Fatal(err)
	}
	return &pairFiler{pack: builtInPack(t), reg: reg, owners: owners}
}

// file files a pair and notes what the record makes of it.
func (f *pairFiler) file(ctx context.Context, dir string, p *statementPair) (err error) {
	a, b := f.read(&p.A), f.read(&p.B)
	if b.Statement.FirstSeen.Before(a.Statement.FirstSeen) {
		b.Statement.FirstSeen = a.Statement.FirstSeen.Add(time.Minute)
	}
	if p.Kind == "revision" {
		b.Statement.Of, b.Statement.Revision = a.Statement.ID, 2
		b.Statement.Key, b.Statement.FirstSeen = a.Statement.Key, a.Statement.FirstSeen
	}
	if p.unread = !p.on(&a) || !p.on(&b); p.unread {
		return nil
	}
	s, err := store.Open(ctx, filepath.Join(dir, recordFile), store.Options{Registry: f.reg})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	var before, after map[string]bool
	if _, err = s.Apply(ctx, []statement.Record{a}); err != nil {
		return err
	}
	if before, err = p.events(ctx, s, a.Statement.ID); err != nil {
		return err
	}
	if _, err = s.Apply(ctx, []statement.Record{b}); err != nil {
		return err
	}
	if after, err = p.events(ctx, s, b.Statement.ID); err != nil {
		return err
	}
	for id := range after {
		p.merged = p.merged || before[id]
	}
	return nil
}

// read reads a statement that arrives within the hour.
func (f *pairFiler) read(l *textLine) statement.Record {
	s := l.statement(f.owners)
	s.Source = s.Outlet
	s.ID = s.ContentID()
	s.Of, s.Revision, s.Key = s.ID, 1, s.ID
	s.FirstSeen = s.Published.Time.Add(20 * time.Minute)
	s.Fetched = s.FirstSeen
	return statement.Record{Statement: s, Reading: f.pack.Read(&s)}
}

// on reports whether a reading has a position of the actor on the topic.
func (p *statementPair) on(rec *statement.Record) bool {
	return slices.ContainsFunc(rec.Reading.Positions, func(pos statement.Position) bool {
		return pos.Actor == p.On.Actor && pos.Topic == p.On.Topic
	})
}

// events returns the events of the actor on the topic that a statement reports.
func (p *statementPair) events(ctx context.Context, s *store.Store, id string) (map[string]bool, error) {
	v, err := s.Statement(ctx, id)
	if err != nil {
		return nil, err
	}
	out := make(map[string]bool)
	for _, e := range v.Events {
		if e.Actor == p.On.Actor && e.Topic == p.On.Topic {
			out[e.ID] = true
		}
	}
	return out, nil
}

// pairCount adds up what the record made of pairs.
type pairCount struct {
	pairs, unread int
	rate          classify.Rate // right: one utterance in one event
}

func (c *pairCount) add(p *statementPair) {
	c.pairs++
	switch {
	case p.unread:
		c.unread++
	case p.Same && p.merged:
		c.rate.Right++
	case p.merged:
		c.rate.Wrong++
	case p.Same:
		c.rate.Missed++
	}
}

// pairTable shows the figures of the pairs for each value of key.
func pairTable(pairs []statementPair, by string, key func(*statementPair) string) string {
	counts := map[string]*pairCount{"all": {}}
	for i := range pairs {
		p := &pairs[i]
		if counts[key(p)] == nil {
			counts[key(p)] = &pairCount{}
		}
		counts[key(p)].add(p)
		counts["all"].add(p)
	}
	var out bytes.Buffer
	w := newTable(&out, table.Row{by, "pairs", "not read", "rightly one", "wrongly one", "wrongly two", "precision", "recall"})
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		c := counts[name]
		w.AppendRow(table.Row{
			name, c.pairs, c.unread, c.rate.Right, c.rate.Wrong, c.rate.Missed,
			share(c.rate.Precision(), c.rate.Wrong), share(c.rate.Recall(), c.rate.Missed),
		})
	}
	w.Render()
	return out.String()
}

// share prints a rate, or nothing where neither it nor its opposite was seen.
func share(rate float64, opposite int) string {
	if rate == 0 && opposite == 0 {
		return ""
	}
	return fmt.Sprintf("%.3f", rate)
}

// wrongPairs lists the pairs that the record or the rules get wrong.
func wrongPairs(pairs []statementPair) string {
	var out strings.Builder
	for i := range pairs {
		p := &pairs[i]
		verdict := ""
		switch {
		case p.unread:
			verdict = "not read"
		case p.merged && !p.Same:
			verdict = "wrongly one"
		case p.Same && !p.merged:
			verdict = "wrongly two"
		default:
			continue
		}
		fmt.Fprintf(&out, "%s: %s (%s, %s)\n", verdict, p.ID, p.Kind, p.langs())
	}
	return out.String()
}

// rewrite is a line of rewrites.jsonl: a communiqué, or what a source made of
// it some hours after.
type rewrite struct {
	textLine
	After float64 `json:"after"`
	Of    string  `json:"of"`
}

// TestRewritesAreOneEvent files a communiqué with its copies and rewrites as
// they come in.
func TestRewritesAreOneEvent(t *testing.T) {
	filer := newPairFiler(t)
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), recordFile), store.Options{Registry: filer.reg})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	filed := make(map[string]*statement.Statement)
	outlets := make(map[string]bool)
	err = eachLine(filepath.Join("testdata", "rewrites.jsonl"), func(r *rewrite) error {
		hours := time.Duration(r.After * float64(time.Hour))
		r.Published = time.Date(2024, 8, 5, 6, 0, 0, 0, time.UTC).Add(hours).Format(time.RFC3339)
		rec := filer.read(&r.textLine)
		if earlier := filed[r.Of]; earlier != nil {
			rec.Statement.Of, rec.Statement.Revision = earlier.ID, 2
			rec.Statement.Key, rec.Statement.FirstSeen = earlier.Key, earlier.FirstSeen
		}
		filed[r.ID] = &rec.Statement
		outlets[r.Outlet] = true
		_, err := s.Apply(t.Context(), []statement.Record{rec})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	record, err := s.ActorLines(t.Context(), "jnim", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range record.Events {
		t.Logf("%s %s %s towards %s: %d outlets, %d reports", e.When, e.Topic, e.Stance, e.Target, e.Outlets, len(e.Reports))
	}
	if len(record.Events) != 1 || record.Events[0].Outlets != len(outlets) {
		t.Errorf("%d statements of %d outlets make %d events, want one that all report", len(filed), len(outlets), len(record.Events))
	}
}
