package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/table"

	"palabre/seeds"
)

// acceptance is what the timeline must yield, as far as this test compares it.
type acceptance struct {
	Statements []struct {
		Date      string
		Actor     string
		Speaker   string
		Outlet    string
		Medium    string
		Lang      string
		Positions []struct{ Topic, Target, Stance, Condition, Act, Note string }
		Fn        any
		SameEvent string `yaml:"same_event_as"`
	}
	CourseChanges []struct {
		Actor, Topic, From, To string
		FirstSeen              string `yaml:"first_seen"`
		Confirmed              string
		Kind                   string
		WithinDays             int `yaml:"within_days"`
		Note                   string
	} `yaml:"course_changes"`
	Responses []struct {
		Statement, Answers string // "actor date"
	}
	Corroboration []struct {
		Event   string // "actor date"
		Outlets []string
	}
}

// held is a statement as the API gives it.
type held struct {
	Hits []struct {
		ID        string `json:"id"`
		Source    string `json:"source"`
		Published string `json:"published"`
		Positions []struct {
			Actor  string `json:"actor"`
			Topic  string `json:"topic"`
			Target string `json:"target"`
			Stance string `json:"stance"`
		} `json:"positions"`
	} `json:"hits"`
	Total int
}

// raised is a signal as the API gives it.
type raised struct {
	Signals []struct {
		Reason string `json:"reason"`
		Actor  string `json:"actor"`
		Topic  string `json:"topic"`
		Target string `json:"target"`
		From   string `json:"from"`
		To     string `json:"to"`
		Said   string `json:"said"`
	} `json:"signals"`
}

// TestTimeline starts the whole program on an empty folder and compares what it
// made of its acceptance timeline with the facts: every position and nothing
// else, and the four changes of course.
func TestTimeline(t *testing.T) {
	path := shared(t, "mali/timeline.yaml")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var want acceptance
	if err := seeds.DecodeYAML("timeline.yaml", data, &want); err != nil {
		t.Fatal(err)
	}
	p := start(t, t.TempDir(), "--no-sources")
	var got held
	p.get("/api/v1/search?limit=100", &got)

	var wantRows, gotRows []string
	for _, s := range want.Statements {
		for _, pos := range s.Positions {
			wantRows = append(wantRows, strings.Join([]string{s.Date, s.Outlet, s.Actor, pos.Topic, pos.Target, pos.Stance}, " | "))
		}
	}
	for _, h := range got.Hits {
		for _, pos := range h.Positions {
			gotRows = append(gotRows, strings.Join([]string{h.Published, h.Source, pos.Actor, pos.Topic, pos.Target, pos.Stance}, " | "))
		}
	}
	slices.Sort(wantRows)
	slices.Sort(gotRows)
	if diff := cmp.Diff(wantRows, gotRows); diff != "" {
		t.Errorf("positions (-want +got):\n%s", diff)
	}
	if got.Total != len(want.Statements) {
		t.Errorf("%d statements, want %d", got.Total, len(want.Statements))
	}

	var wantChanges, gotChanges []string
	for _, c := range want.CourseChanges {
		wantChanges = append(wantChanges, strings.Join([]string{c.FirstSeen, c.Kind, c.Actor, c.Topic, c.From, c.To}, " | "))
	}
	for _, reason := range []string{"shift", "walk-back"} {
		var signals raised
		p.get("/api/v1/signals?limit=100&reason="+reason, &signals)
		for _, s := range signals.Signals {
			gotChanges = append(gotChanges, strings.Join([]string{s.Said, s.Reason, s.Actor, s.Topic, s.From, s.To}, " | "))
		}
	}
	slices.Sort(wantChanges)
	slices.Sort(gotChanges)
	if diff := cmp.Diff(wantChanges, gotChanges); diff != "" {
		t.Errorf("changes of course (-want +got):\n%s", diff)
	}
	t.Logf("\n%s\n%s", asTable("date | outlet | actor | topic | target | stance", gotRows), asTable("date | kind | actor | topic | from | to", gotChanges))
}

func asTable(header string, rows []string) string {
	cells := func(line string) table.Row {
		var r table.Row
		for _, c := range strings.Split(line, " | ") {
			r = append(r, c)
		}
		return r
	}
	var b bytes.Buffer
	w := newTable(&b, cells(header))
	for _, r := range rows {
		w.AppendRow(cells(r))
	}
	w.Render()
	return fmt.Sprint(b.String())
}
