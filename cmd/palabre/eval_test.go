package main

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jedib0t/go-pretty/v6/table"

	"palabre/classify"
	"palabre/lang"
	"palabre/seeds"
	"palabre/statement"
)

// update writes the golden files anew: go test ./cmd/palabre -run 'TestEval|TestEventPairs|News' -update.
var update = flag.Bool("update", false, "write the golden files anew")

// TestEval compares the quality of the rules with what it was. A change is a
// diff in the commit that makes it.
func TestEval(t *testing.T) {
	for set, pattern := range map[string]string{"ordinary": "devwire-*.jsonl", "hard": "dev-*.jsonl"} {
		t.Run(set, func(t *testing.T) {
			files, err := filepath.Glob(filepath.Join(shared(t, "gold/dev"), pattern))
			if err != nil || len(files) == 0 {
				t.Fatalf("no labelled texts: %v", err)
			}
			got := ""
			for _, by := range []string{"lang", "lang-topic", "stance", "phenomenon"} {
				status, out, errOut := call(t, "", append([]string{"rules", "eval", "--by", by}, files...)...)
				if status != exitOK {
					t.Fatal(errOut)
				}
				got += out
			}
			golden(t, "eval-"+set, got)
			golden(t, "known-wrong-"+set, knownWrong(t, files))
		})
	}
}

// knownWrong lists each labelled text that the rules do not read as labelled:
// what makes it hard, what they miss and what they find instead.
func knownWrong(t *testing.T, files []string) string {
	t.Helper()
	texts, err := judge(builtInPack(t), files)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for i := range texts {
		j := &texts[i]
		if j.wrong == 0 {
			continue
		}
		fmt.Fprintf(&out, "%s (%s)\n", j.gold.ID, strings.Join(phenomena(j.gold.WhyHard), ", "))
		for _, l := range without(j.gold.Positions, j.found) {
			fmt.Fprintf(&out, "  misses %s %s %s\n", l.Actor, l.Topic, l.Stance)
		}
		for _, l := range without(j.found, j.gold.Positions) {
			fmt.Fprintf(&out, "  finds  %s %s %s by %s\n", l.Actor, l.Topic, l.Stance, l.Rule)
		}
	}
	return out.String()
}

// without returns the labels of a for which b has none of the same actor, topic
// and stance.
func without(a, b []classify.Label) []classify.Label {
	return slices.DeleteFunc(slices.Clone(a), func(l classify.Label) bool {
		return slices.ContainsFunc(b, func(m classify.Label) bool {
			return m.Actor == l.Actor && m.Topic == l.Topic && m.Stance == l.Stance
		})
	})
}

// golden compares what a test got with its golden file.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("the figures changed; if that is meant, run with -update (-want +got):\n%s", diff)
	}
}

// testSeeds returns the built-in registry.
func testSeeds(t *testing.T) *statement.Registry {
	t.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

func builtInPack(t *testing.T) *classify.Pack {
	t.Helper()
	pack, err := loadRules(testSeeds(t), "")
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// TestEvalTimeline keeps the figures of the acceptance timeline, whose labels
// are the facts that it was written from.
func TestEvalTimeline(t *testing.T) {
	data, err := os.ReadFile(shared(t, "mali/timeline.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var facts acceptance
	if err := seeds.DecodeYAML("timeline.yaml", data, &facts); err != nil {
		t.Fatal(err)
	}
	dispatches, err := seeds.Timeline()
	if err != nil {
		t.Fatal(err)
	}
	if len(dispatches) != len(facts.Statements) {
		t.Fatalf("%d dispatches for %d facts", len(dispatches), len(facts.Statements))
	}
	pack := builtInPack(t)
	groups := map[string]*classify.Score{"all": {}}
	for i := range dispatches {
		j := judged{gold: classify.Gold{Lang: dispatches[i].Lang}, found: pack.Labels(pack.Read(&dispatches[i]).Positions)}
		for _, p := range facts.Statements[i].Positions {
			j.gold.Positions = append(j.gold.Positions, classify.Label{
				Actor: facts.Statements[i].Actor, Topic: statement.Topic(p.Topic), Target: p.Target, Stance: statement.Stance(p.Stance),
			})
		}
		groups["all"].Add(j.gold.Positions, j.found)
		j.addTo(groups, "lang-topic")
	}
	var out bytes.Buffer
	printScores(&out, groups)
	golden(t, "eval-timeline", out.String())
}

// TestEvalCorpora counts what the rules find in real text that is nearly without
// positions on the Sahel: each found there is likely to be false.
func TestEvalCorpora(t *testing.T) {
	pack := builtInPack(t)
	var out bytes.Buffer
	w := newTable(&out, table.Row{"text", "sentences", "dialogue", "foreign troops", "sharia"})
	for _, c := range []struct{ name, file, lang string }{
		{"phrasebook", "bayelemabaga.fr.txt.gz", "fr"},
		{"phrasebook", "bayelemabaga.bam.txt.gz", "bm"},
		{"headlines", "headlines.ar.txt.gz", "ar"},
		{"UN documents", "un-sentences.ar.txt.gz", "ar"},
	} {
		found := make(map[statement.Topic]int)
		sentences := 0
		eachCorpusLine(t, shared(t, "corpora/"+c.file), func(line string) {
			s := statement.Statement{Kind: statement.Article, Lang: c.lang, Text: line}
			sentences += countSentences(line)
			for _, p := range pack.Read(&s).Positions {
				found[p.Topic]++
			}
		})
		w.AppendRow(rateRow(c.name+", "+c.lang, sentences, found))
	}
	found, sentences := make(map[statement.Topic]int), 0
	err := eachLine(shared(t, "corpora/ungdc-speeches.jsonl.gz"), func(l *textLine) error {
		s := l.statement(nil)
		sentences += countSentences(l.Text)
		for _, p := range pack.Read(&s).Positions {
			found[p.Topic]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	w.AppendRow(rateRow("UN speeches, en", sentences, found))
	w.Render()
	golden(t, "eval-corpora", "Positions in 1,000 sentences.\n"+out.String())
}

// TestEvalExamples keeps how many of the positions that the rules' examples give are left
// where the scorecards weigh the same words.
func TestEvalExamples(t *testing.T) {
	pack := builtInPack(t)
	wanted, left := make(map[string]int), make(map[string]int)
	for _, rule := range pack.Rules() {
		for _, ex := range rule.Yes {
			s := statement.Statement{Kind: statement.Wire, Lang: rule.Lang, Text: ex.Text, Published: statement.Date{Time: time.Date(2021, 7, 1, 0, 0, 0, 0, time.UTC), Precision: statement.Day}}
			found := pack.Read(&s).Positions
			for _, want := range ex.Wants {
				wanted[rule.Lang]++
				if slices.ContainsFunc(found, func(p statement.Position) bool {
					return p.Actor == want.Actor && p.Topic == want.Topic && p.Stance == want.Stance && (want.Target == "" || p.Target == want.Target)
				}) {
					left[rule.Lang]++
				}
			}
		}
	}
	var out bytes.Buffer
	w := newTable(&out, table.Row{"lang", "positions of examples", "left"})
	for _, language := range slices.Sorted(maps.Keys(wanted)) {
		w.AppendRow(table.Row{language, wanted[language], left[language]})
	}
	w.Render()
	golden(t, "eval-examples", out.String())
}

func countSentences(text string) int {
	var t lang.Text
	t.Scan(text)
	return len(t.Sentences)
}

func rateRow(name string, sentences int, found map[statement.Topic]int) table.Row {
	row := table.Row{name, sentences}
	for _, topic := range statement.Topics {
		row = append(row, fmt.Sprintf("%.2f", 1000*float64(found[topic])/float64(sentences)))
	}
	return row
}

// eachCorpusLine calls f with each line of a compressed text.
func eachCorpusLine(t testing.TB, path string, f func(string)) {
	t.Helper()
	text := gunzip(t, path)
	for line := range strings.Lines(text) {
		f(strings.TrimSpace(line))
	}
}
