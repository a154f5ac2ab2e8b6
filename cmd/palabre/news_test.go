package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/seeds"
	"palabre/store"
)

// runTimeline takes the acceptance timeline through the whole pipeline of this
// process and returns the record.
func runTimeline(t *testing.T) *store.Store {
	t.Helper()
	p, err := openPipeline(t.Context(), t.TempDir(), "", natsFlags{}, parts{record: true, index: true, rules: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := p.close(); err != nil {
			t.Error(err)
		}
	})
	if err := p.loadTimeline(ctx); err != nil {
		t.Fatal(err)
	}
	return p.store
}

// newsTables draws what the record makes of its statements: events, lines,
// signals, demands and answers, a table each.
type newsTables struct {
	t       *testing.T
	store   *store.Store
	records map[string]*store.ActorRecord // by actor
	names   map[string]string             // of events, as "actor date"
}

func readNews(t *testing.T, s *store.Store) *newsTables {
	t.Helper()
	n := &newsTables{t: t, store: s, records: make(map[string]*store.ActorRecord), names: make(map[string]string)}
	reg := testSeeds(t)
	for i := range reg.Actors {
		id := reg.Actors[i].ID
		r, err := s.ActorLines(t.Context(), id, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Events) == 0 {
			continue
		}
		n.records[id] = r
		for _, e := range r.Events {
			n.names[e.ID] = e.Actor + " " + e.When.String()
		}
	}
	return n
}

func (n *newsTables) events() []string {
	var rows []string
	for _, r := range n.records {
		for _, e := range r.Events {
			var outlets []string
			for _, a := range e.Accounts {
				outlets = append(outlets, a.Outlet)
			}
			rows = append(rows, row(e.When, e.Actor, e.Topic, e.Target, e.Stance, e.Act, strings.Join(outlets, ", ")))
		}
	}
	return rows
}

func (n *newsTables) lines() []string {
	var rows []string
	for actor, r := range n.records {
		for _, l := range r.Lines {
			hand := "reported"
			if l.FirstHand {
				hand = "own words"
			}
			rows = append(rows, row(actor, l.Topic, l.Target, hand, l.Stance, l.Since, l.Confirmed))
		}
	}
	return rows
}

func (n *newsTables) signals() []string {
	page, err := n.store.Signals(n.t.Context(), store.SignalQuery{Limit: 1000})
	if err != nil {
		n.t.Fatal(err)
	}
	var rows []string
	for _, s := range page.Signals {
		rows = append(rows, row(s.Now.Said, s.Reason, s.Actor, s.Topic, s.Target, s.From, s.To, s.Then.Said, s.Candidate))
	}
	return rows
}

func (n *newsTables) demands() []string {
	demands, err := n.store.Demands(n.t.Context(), store.DemandQuery{})
	if err != nil {
		n.t.Fatal(err)
	}
	var rows []string
	for _, d := range demands {
		rows = append(rows, row(d.First.Said, d.Actor, d.Topic, d.Target, d.What, d.Of, d.Timing, d.Last.Said, d.Status, d.Why, d.Words))
	}
	return rows
}

func (n *newsTables) answers() []string {
	responses, err := n.store.Responses(n.t.Context(), "", 1000)
	if err != nil {
		n.t.Fatal(err)
	}
	var rows []string
	for _, r := range responses {
		rows = append(rows, row(n.names[r.Event], n.names[r.Answers], r.How, r.Days))
	}
	return rows
}

// corroborated lists the events that several outlets tell of.
func (n *newsTables) corroborated() []string {
	var rows []string
	for _, r := range n.records {
		for _, e := range r.Events {
			if e.Outlets < 2 {
				continue
			}
			var outlets []string
			for _, a := range e.Accounts {
				outlets = append(outlets, a.Outlet)
			}
			slices.Sort(outlets)
			rows = append(rows, row(n.names[e.ID], strings.Join(outlets, ", ")))
		}
	}
	return rows
}

// row joins cells as asTable takes them.
func row(cells ...any) string {
	text := make([]string, len(cells))
	for i, c := range cells {
		text[i] = strings.ReplaceAll(fmt.Sprint(c), "|", "/")
	}
	return strings.Join(text, " | ")
}

// TestTimelineNews compares what the acceptance timeline yields with its golden
// file, and the answers and corroborations in it with the facts.
func TestTimelineNews(t *testing.T) {
	n := readNews(t, runTimeline(t))
	var b strings.Builder
	for _, table := range []struct {
		title, header string
		rows          []string
	}{
		{"events", "said | actor | topic | target | stance | act | outlets", n.events()},
		{"lines", "actor | topic | target | by | stance | since | confirmed", n.lines()},
		{"signals", "said | reason | actor | topic | target | from | to | line of | for the desk only", n.signals()},
		{"demands", "first | actor | topic | target | what | of | when | last | status | why | words", n.demands()},
		{"answers", "event | answers | how | days", n.answers()},
	} {
		slices.Sort(table.rows)
		fmt.Fprintf(&b, "%s: %d\n%s\n", table.title, len(table.rows), asTable(table.header, table.rows))
	}
	golden(t, "timeline-news", b.String())

	data, err := os.ReadFile(shared(t, "mali/timeline.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var want acceptance
	if err := seeds.DecodeYAML("timeline.yaml", data, &want); err != nil {
		t.Fatal(err)
	}
	var answers, outlets []string
	for _, r := range want.Responses {
		answers = append(answers, row(r.Statement, r.Answers))
	}
	for _, c := range want.Corroboration {
		slices.Sort(c.Outlets)
		outlets = append(outlets, row(c.Event, strings.Join(c.Outlets, ", ")))
	}
	var got []string
	for _, r := range n.answers() {
		cells := strings.Split(r, " | ")
		got = append(got, row(cells[0], cells[1]))
	}
	for _, c := range []struct {
		what      string
		want, got []string
	}{{"answers", answers, got}, {"corroboration", outlets, n.corroborated()}} {
		slices.Sort(c.want)
		slices.Sort(c.got)
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.what, diff)
		}
	}
}
