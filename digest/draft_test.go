package digest

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

var update = flag.Bool("update", false, "write golden files anew")

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile(path, got, 0o644))
		return
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s differs; if that is meant, run the test with -update (-want +got):\n%s", path, diff)
	}
}

func draft(t testing.TB, m *Material, lang string) *Digest {
	t.Helper()
	d, err := Draft(m, lang, openTexts(t))
	must(t, err)
	return d
}

func render(t testing.TB, f Format, d *Digest) string {
	t.Helper()
	var b bytes.Buffer
	must(t, openTexts(t).Render(context.Background(), &b, f, d))
	return b.String()
}

func emptyWeek(t testing.TB) *Material {
	return &Material{Period: week(t, "2021-W43"), Made: time.Date(2021, 11, 1, 6, 0, 0, 0, time.UTC)}
}

// TestGolden compares a busy week and an empty one in every language with golden
// files.
func TestGolden(t *testing.T) {
	for _, lang := range Languages {
		for name, m := range map[string]*Material{"week": fixture(t), "empty": emptyWeek(t)} {
			d := draft(t, m, lang)
			for _, f := range []Format{Markdown, HTML, JSON} {
				golden(t, name+"-"+lang+"."+string(f), []byte(render(t, f, d)))
			}
		}
	}
	golden(t, "week.csv", []byte(render(t, CSV, draft(t, fixture(t), "en"))))
}

// section returns the words of a section.
func section(t *testing.T, d *Digest, id string) string {
	t.Helper()
	var b strings.Builder
	for _, s := range d.Sections {
		if s.ID != id {
			continue
		}
		for i := range s.Blocks {
			s.Blocks[i].passages(func(p *Passage) bool {
				b.WriteString(p.Glyph + " " + p.String() + "\n")
				return true
			})
		}
	}
	if b.Len() == 0 {
		t.Fatalf("section %s is empty", id)
	}
	return b.String()
}

// TestWeek looks for what the week of 18 October 2021 is known for: the mandate,
// the step back from it as such, the line before, and where each is said.
func TestWeek(t *testing.T) {
	d := draft(t, fixture(t), "en")
	for _, c := range []struct{ section, says string }{
		{"window", "212 statements of 41 sources; French 170, English 24, Arabic 18; two sources silent (Maliactu, since Tuesday"},
		{"window", "9 audio statements unread"},
		{"takeaways", "▲→~ The Government of Mali stepped back on dialogue with JNIM within days, from “for” (19 October 2021) to “mixed” (22 October 2021)[1][2]."},
		{"takeaways", "mandate for talks. In the words of Mamadou Koné."},
		{"takeaways", "(before: 3 December 2020)"},
		{"takeaways", "Unconfirmed, for the desk only: reported by one outlet."},
		{"shifts", "Walk-back: Government of Mali, dialogue with JNIM, for → mixed"},
		{"shifts", mandateWords},
		{"shifts", walkBackWords},
		{"topics", "Stepped back from “for” (19 October 2021) on 22 October 2021[1][2]."},
		{"topics", "for, with Katiba Macina (as reported)"},
		{"conditions", "before: «خروج فرنسا»"},
		{"answers", "The Government of Mali contradicted itself after 3 days"},
		{"deeds", "Niono: Katiba Macina: ceasefire"},
		{"silences", "Islamic State in the Sahel (last 14 October 2021)"},
		{"corrections", "No. 41 (2021-W41) told: JNIM on dialogue with the Government of Mali: “against”. The same words are read as “conditional” now"},
	} {
		if got := section(t, d, c.section); !strings.Contains(got, c.says) {
			t.Errorf("section %s does not say %q:\n%s", c.section, c.says, got)
		}
	}
	if strings.Contains(section(t, d, "takeaways"), "United States") {
		t.Error("a signal that the desk marked false is a key takeaway")
	}
	if d.Notes[0].Statement != "s-primature" || d.Notes[1].Statement != "s-ministry" {
		t.Errorf("the first notes are %+v", d.Notes[:2])
	}
	for i, n := range d.Notes {
		if n.N != i+1 || n.Capture == "" {
			t.Errorf("note %d is %+v", i+1, n)
		}
	}
	if last := d.Sections[len(d.Sections)-1]; last.ID != "outlook" || len(last.Blocks[0].Text.Runs) != 0 {
		t.Errorf("the outlook was written: %+v", last)
	}
}

// TestSources checks that every sentence that tells of words leads to a note.
func TestSources(t *testing.T) {
	d := draft(t, fixture(t), "fr")
	for _, s := range d.Sections {
		for i := range s.Blocks {
			if p := s.Blocks[i].Text; slices.Contains([]string{"takeaways", "answers", "deeds", "corrections"}, s.ID) && !slices.ContainsFunc(p.Runs, func(r Run) bool { return r.Note > 0 }) {
				t.Errorf("%s has no note: %s", p.Part, p)
			}
		}
	}
	m := fixture(t)
	m.Citations = m.Citations[1:]
	if _, err := Draft(m, "en", openTexts(t)); err == nil || !strings.Contains(err.Error(), "no citation of statement s-ministry") {
		t.Errorf("a sentence without a source: %v", err)
	}
}

// TestPure checks that a draft can be frozen: it is the same each time, and its
// JSON is read back as it was written.
func TestPure(t *testing.T) {
	for _, lang := range Languages {
		d := draft(t, fixture(t), lang)
		data, err := d.JSON()
		must(t, err)
		again, err := draft(t, fixture(t), lang).JSON()
		must(t, err)
		if !bytes.Equal(data, again) {
			t.Error("the same material gives two digests")
		}
		back, err := Parse(data)
		must(t, err)
		frozen, err := back.JSON()
		must(t, err)
		if !bytes.Equal(data, frozen) {
			t.Error("a digest that is read back is written otherwise")
		}
		for _, f := range []Format{HTML, Markdown, CSV, DOCX} {
			if render(t, f, d) != render(t, f, back) {
				t.Errorf("%s of the frozen digest is another", f)
			}
		}
	}
	if _, err := Parse([]byte(`{"period":"2021-W42","extra":1}`)); err == nil {
		t.Error("an unknown field was dropped")
	}
}

func TestEdit(t *testing.T) {
	texts := openTexts(t)
	d := draft(t, fixture(t), "en")
	must(t, d.Edit("takeaways.1", "Bamako disowned its own envoy [2].", "F. Cissé"))
	must(t, d.Edit("outlook", "A new mandate is  likely.\u202e", "F. Cissé"))
	must(t, d.Edit("takeaways.3", "", "F. Cissé"))
	text := section(t, d, "takeaways")
	if !strings.Contains(text, "Bamako disowned its own envoy [2].[1]\n") {
		t.Errorf("the sentence or its source is lost:\n%s", text)
	}
	md := render(t, Markdown, d)
	for _, c := range []struct {
		says string
		want bool
	}{
		{"Bamako disowned its own envoy [^2].[^1]\n", true}, {"A new mandate is likely.\n", true}, {"To be written by the analyst", false}, {"JNIM repeated its position", false},
	} {
		if strings.Contains(md, c.says) != c.want {
			t.Errorf("%q: want %v in\n%s", c.says, c.want, md)
		}
	}
	for p := range d.Passages() {
		if p.Part == "takeaways.1" && (p.Machine || p.Editor != "F. Cissé") {
			t.Errorf("an edited sentence is marked %+v", p)
		}
	}
	for _, c := range []struct{ part, text, who, says string }{
		{"takeaways.99", "x", "F", "no such part"},
		{"", "x", "F", "no such part"},
		{"takeaways.1", "x [99]", "F", "there is no note [99]: they go from 1 to 9"},
		{"takeaways.1", "x [0]", "F", "there is no note [0]"},
		{"takeaways.1", "x", " ", "not said who edits"},
		{"takeaways.1", strings.Repeat("x", longestEdit+1), "F", "the most is 8000"},
		{"takeaways.1", "\xff", "F", "not valid UTF-8"},
	} {
		if err := d.Edit(c.part, c.text, c.who); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("edit %q with %.20q: %v, want it to say %q", c.part, c.text, err, c.says)
		}
	}
	if err := d.Issue(0, d.Made, texts); err == nil {
		t.Error("a digest got the number 0")
	}
	must(t, d.Issue(12, time.Date(2021, 10, 25, 9, 30, 0, 0, time.UTC), texts))
	if d.Labels.Status != "No. 12, issued 25 October 2021, 09:30 UTC" {
		t.Errorf("status is %q", d.Labels.Status)
	}
	if err := d.Edit("outlook", "late", "F. Cissé"); !errors.Is(err, ErrIssued) {
		t.Errorf("an issued digest was edited: %v", err)
	}
	if err := d.Issue(13, d.Made, texts); !errors.Is(err, ErrIssued) {
		t.Errorf("a digest was issued twice: %v", err)
	}
}

// TestLegend checks that nothing is said of the machine once everything is edited.
func TestLegend(t *testing.T) {
	d := draft(t, emptyWeek(t), "en")
	var parts []string
	for p := range d.Passages() {
		if p.Machine {
			parts = append(parts, p.Part)
		}
	}
	for _, p := range parts {
		must(t, d.Edit(p, "Nothing.", "F. Cissé"))
	}
	if md := render(t, Markdown, d); len(parts) < 8 || strings.Contains(md, d.Labels.Legend) {
		t.Errorf("%d parts were edited and the legend still stands:\n%s", len(parts), md)
	}
}

// TestCorrections checks that each way in which an earlier digest may be overtaken
// has its sentence.
func TestCorrections(t *testing.T) {
	m := fixture(t)
	add := func(now, was statement.Stance, reason statement.Reason) {
		c := m.Corrections[0]
		c.Now, c.Row.Stance, c.Row.Reason = now, was, reason
		m.Corrections = append(m.Corrections, c)
	}
	add("", statement.Pro, statement.Shift)
	add("", "", statement.Silence)
	add(statement.Pro, "", statement.Shift)
	got := section(t, draft(t, m, "en"), "corrections")
	for _, says := range []string{"“against”. The same words are read as “conditional” now", "“for”. This is no longer held", "no answer from JNIM", "is held again: “for”"} {
		if !strings.Contains(got, says) {
			t.Errorf("it does not say %q:\n%s", says, got)
		}
	}
}

// TestRank checks which signals are key takeaways: changes first, the borne-out
// before the single report, the unsure last, and never more than five.
func TestRank(t *testing.T) {
	m := fixture(t)
	m.Signals = nil
	now := cited("s-ministry", "x", "ministry", "fr", "2021-10-19", statement.Pro, "C")
	add := func(id string, reason statement.Reason, firstHand bool, candidate string, outlets ...string) {
		s := statement.Signal{ID: id, Event: id, Reason: reason, Actor: id, Topic: statement.Dialogue, To: statement.Pro, Now: now.Passage, FirstHand: firstHand, Candidate: candidate, Confidence: .8}
		m.Signals = append(m.Signals, statement.News{Signal: s, Now: now, Outlets: outlets})
	}
	add("unsure", statement.Shift, true, "low confidence", "rfi", "tamani")
	add("repeated", statement.Reaffirmed, true, "", "rfi")
	add("single", statement.First, false, "", "rfi")
	add("told", statement.First, false, "", "rfi", "tamani")
	add("split", statement.Split, true, "", "rfi")
	add("shift", statement.Shift, true, "", "rfi")
	d := draft(t, m, "en")
	var got []string
	for _, b := range d.Sections[1].Blocks {
		got = append(got, strings.Trim(strings.ToLower(strings.Fields(b.Text.String())[0]), ","))
	}
	if diff := cmp.Diff([]string{"shift", "split", "told", "single", "repeated", "1"}, got); diff != "" {
		t.Errorf("takeaways (-want +got):\n%s", diff)
	}
	if more := d.Annex[0]; more.ID != "more" || !strings.Contains(more.Blocks[1].Text.String(), "the reading is unsure") {
		t.Errorf("the sixth is not in the annex: %+v", more)
	}
}

// TestDoubt checks that no section tells of a doubted signal as if it were certain,
// and that what a person confirmed is told without the doubt.
func TestDoubt(t *testing.T) {
	unsure := func(care statement.Care) *Digest {
		m := fixture(t)
		for i := range m.Signals {
			m.Signals[i].Signal.Candidate = "low confidence"
			if m.Signals[i].Care.False == "" {
				m.Signals[i].Care = care
			}
		}
		m.Late = Late{Statements: 1, Listed: []string{"s-jnim"}, Signals: m.Signals[1:2]}
		return draft(t, m, "en")
	}
	d, sure := unsure(statement.Care{}), unsure(statement.Care{Confirmed: "Awa"})
	const says = "Unconfirmed, for the desk only: the reading is unsure."
	for id, n := range map[string]int{"takeaways": 5, "shifts": 1, "topics": 3, "deeds": 2, "silences": 1, "corrections": 1} {
		if got := strings.Count(section(t, d, id), says); got != n {
			t.Errorf("section %s says %d times that it is unsure, want %d:\n%s", id, got, n, section(t, d, id))
		}
		if got := section(t, sure, id); strings.Contains(got, says) {
			t.Errorf("section %s doubts what was confirmed:\n%s", id, got)
		}
	}
}

// TestDeedOfAnother checks that a signal of whoever demands, which a deed raises,
// does not explain the line of whoever acts.
func TestDeedOfAnother(t *testing.T) {
	m := fixture(t)
	s := m.Signals[1].Signal
	s.ID, s.Event, s.Reason, s.From, s.Act = "met", "e-paris", statement.ConditionChanged, s.To, "withdrawal"
	m.Signals = append(m.Signals, statement.News{Signal: s, Now: m.Signals[1].Now, Care: statement.Care{Confirmed: "Awa"}})
	d := draft(t, m, "en")
	if got := section(t, d, "topics"); !strings.Contains(got, "▼ against, with JNIM") || strings.Contains(got, "Condition changed") {
		t.Errorf("the line of France is explained by what JNIM demands:\n%s", got)
	}
	if got := section(t, d, "takeaways"); !strings.Contains(got, "may meet the condition of JNIM") {
		t.Errorf("the deed is not told:\n%s", got)
	}
}

// TestDropped checks that a demand is said to be dropped, or to be met perhaps, by
// the statement that shows it.
func TestDropped(t *testing.T) {
	for _, change := range []Change{DemandDropped, DemandMayMet} {
		m := fixture(t)
		m.Demands = m.Demands[:1]
		m.Demands[0].Change, m.Demands[0].By, m.Demands[0].Why = change, "s-france", "France: withdrawal, 21 October 2021"
		for _, lang := range []string{"fr", "ar"} {
			if got := section(t, draft(t, m, lang), "conditions"); strings.Contains(got, "October") {
				t.Errorf("in %s it speaks English:\n%s", lang, got)
			}
		}
		d := draft(t, m, "en")
		var cited []string
		for p := range d.Passages() {
			for _, r := range p.Runs {
				if p.Part == "conditions.1" && r.Note > 0 {
					cited = append(cited, d.Notes[r.Note-1].Statement)
				}
			}
		}
		if diff := cmp.Diff([]string{"s-france", "s-jnim2"}, cited); diff != "" {
			t.Errorf("%s cites (-want +got):\n%s", change, diff)
		}
	}
}

// TestLanes checks that a line which begins within the chart is drawn before those
// that merely go on, even if the day of its words is not known.
func TestLanes(t *testing.T) {
	m := &Material{}
	m.lines(t)
	fresh := m.Lanes[3]
	for i := range fresh.Weeks {
		fresh.Weeks[i].Spoke = false
	}
	old := m.Lanes[0]
	old.Weeks = slices.Clone(old.Weeks)
	old.Weeks[5].Spoke = false
	e := emptyWeek(t)
	e.Registry = registry
	for range mostLanes {
		e.Lanes = append(e.Lanes, old)
	}
	e.Lanes = append(e.Lanes, fresh)
	for _, s := range draft(t, e, "en").Sections {
		if s.ID == "chart" && s.Blocks[0].Chart.Lanes[0].Name != "Government of Mali" {
			t.Errorf("the first lane is that of %s", s.Blocks[0].Chart.Lanes[0].Name)
		}
	}
}

// TestFalse checks that a deed and an answer that the desk holds to be misread are
// not told.
func TestFalse(t *testing.T) {
	m := fixture(t)
	m.Signals[0].Care.False = "Awa"
	d := draft(t, m, "en")
	for id, never := range map[string]string{"deeds": "mandate for talks", "answers": "France"} {
		if got := section(t, d, id); strings.Contains(got, never) {
			t.Errorf("section %s tells of what is false:\n%s", id, got)
		}
	}
	if md := render(t, Markdown, d); !strings.Contains(md, "2 signals") {
		t.Errorf("the annex does not count what is false:\n%s", md)
	}
}

// TestBecause checks the arrow and the reason of lines: an arrow begins where its
// reason says, a line that nobody held before is not unchanged, and words that are
// dated to the month are not those of a week.
func TestBecause(t *testing.T) {
	m := fixture(t)
	m.Signals[2].Signal.From = statement.Conditional
	for i := range m.Standings {
		switch s := &m.Standings[i]; s.Event {
		case "e-paris":
			s.Before, s.Since = statement.Cited{}, on("2021-10-21")
		case "e-old3":
			s.Since, s.Confirmed = on("2021-05-01"), statement.Date{Time: date("2021-10-18"), Precision: statement.Month}
		}
	}
	got := section(t, draft(t, m, "en"), "topics")
	for _, says := range []string{"◆→~ mixed, with JNIM", "Taken on 21 October 2021; no line stood before", "Unchanged; last said October 2021"} {
		if !strings.Contains(got, says) {
			t.Errorf("it does not say %q:\n%s", says, got)
		}
	}
}
