package export_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/digest/export"
	"palabre/statement"
)

var update = flag.Bool("update", false, "write the golden files anew")

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func registry() *statement.Registry {
	return &statement.Registry{
		Actors: []statement.Actor{
			{ID: "jnim", Kind: statement.Coalition, Label: "JNIM"},
			{ID: "mali-government", Kind: statement.State, Label: "Government of Mali"},
			{ID: "france", Kind: statement.State, Label: "France"},
		},
		Persons: []statement.Person{{ID: "ag-ghaly", Label: "Iyad Ag Ghaly"}},
	}
}

// about is what an export of the fixture says of itself.
func about() export.About {
	return export.About{
		Query: `topic:dialogue "=1+1" <b>`, Window: "2020/2021", Expected: 5, At: time.Date(2026, 3, 9, 6, 0, 0, 0, time.UTC),
		Mark: statement.AmberStrict, Lang: "en", Base: "https://palabre.example.org", Registry: registry(),
	}
}

func on(t testing.TB, text string) statement.Date {
	t.Helper()
	d, err := statement.ParseDate(text, "test")
	must(t, err)
	return d
}

// row makes a row of a statement, with a position for each quote.
func row(t testing.TB, s statement.Statement, outlet string, positions ...statement.Position) export.Row {
	t.Helper()
	s.Of, s.Revision, s.Source, s.Outlet, s.Key = s.ID, 1, "on-file", "outlet-"+s.ID, s.ID
	s.FirstSeen = time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)
	s.Fetched = s.FirstSeen
	s.Capture = statement.HashBody([]byte(s.Text))
	for i := range positions {
		p := &positions[i]
		at := strings.Index(s.Text, p.Evidence.Quote)
		if at < 0 {
			t.Fatalf("%q is not in the text", p.Evidence.Quote)
		}
		p.Evidence = statement.Evidence{Field: statement.Text, Start: at, End: at + len(p.Evidence.Quote), Quote: p.Evidence.Quote}
		p.Rule, p.Confidence = "fr-open-to-talks", 0.8
	}
	r := &statement.Reading{Pack: "rules-1", Langs: []statement.LangRun{{Start: 0, End: len(s.Text), Lang: s.Lang, Read: true}}, Positions: positions}
	return export.Row{Statement: &s, Reading: r, Citation: s.Cite(outlet, "und")}
}

// quoted is a position with its words.
func quoted(actor string, stance statement.Stance, target, quote string) statement.Position {
	return statement.Position{Actor: actor, Topic: statement.Dialogue, Stance: stance, Target: target, Evidence: statement.Evidence{Quote: quote}}
}

// rows are what the golden files hold: three scripts, several positions, none,
// and what somebody would write who means harm.
func rows(t testing.TB) []export.Row {
	t.Helper()
	conditional := quoted("jnim", statement.Conditional, "mali-government", "نحن مستعدون للتفاوض بعد خروج القوات الفرنسية")
	conditional.Speaker, conditional.Condition, conditional.FirstHand = "ag-ghaly", "خروج القوات الفرنسية", true
	news := row(t, statement.Statement{
		ID: "a1", Kind: statement.Communique, Lang: "ar", Grade: "D", Owner: "jnim", Issuer: "jnim", Said: on(t, "2020-03-08"), Published: on(t, "2020-03-08T09:00:00Z"),
		Title: "حول دعوات التفاوض", Text: "قال البيان: نحن مستعدون للتفاوض بعد خروج القوات الفرنسية.", URL: "https://example.org/a1?x=1&y=2", Reconstructed: true,
	}, "Al-Zallaqa Media Foundation", conditional)
	news.Reasons = []statement.Reason{statement.First, statement.ConditionChanged}
	return []export.Row{
		news,
		row(t, statement.Statement{
			ID: "b2", Kind: statement.Article, Lang: "fr", Grade: "B", Said: on(t, "2021-10"), Title: "Le dialogue, oui ; la France, non", Text: "Le ministre veut dialoguer. Paris refuse tout dialogue.",
		}, "RFI", quoted("mali-government", statement.Pro, "jnim", "Le ministre veut dialoguer"), quoted("france", statement.Anti, "jnim", "Paris refuse tout dialogue")),
		row(t, statement.Statement{ID: "c3", Kind: statement.Speech, Lang: "en", Text: "The General Assembly met & adjourned."}, ""),
		row(t, statement.Statement{
			ID: "d4", Kind: statement.Post, Lang: "x\u202e<script>", Said: on(t, "2019"), URL: "javascript:alert(1)",
			Title: "\u202e\x00=HYPERLINK(\"http://evil\",\"a\");=2+5+cmd|' /C calc'!A0\r\n@SUM(1) <script>alert(1)</script> ]]> -->",
			Text:  "-1\tthey said \x01\ufffe\"; +1 yes",
		}, "+Evil\u2066 Outlet, \"Ltd\"", quoted("<unknown>", statement.Mixed, "", "\"; +1 yes")),
		row(t, statement.Statement{ID: "e5", Kind: statement.Transcript, Lang: "ar", Title: "طويل", Text: strings.Repeat("م", 40_000)}, "CVE"),
	}
}

// write exports rows.
func write(t testing.TB, f export.Format, a export.About, rows []export.Row, cause error) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := export.New(&b, f, a)
	must(t, err)
	for i := range rows {
		must(t, w.Write(&rows[i]))
	}
	must(t, w.End(cause))
	return b.Bytes()
}

// golden compares with a golden file.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		must(t, os.WriteFile(path, got, 0o644))
		return
	}
	want, err := os.ReadFile(path)
	must(t, err)
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("%s (-want +got); -update writes it anew:\n%s", name, diff)
	}
}
