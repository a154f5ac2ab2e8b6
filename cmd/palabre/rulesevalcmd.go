package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"palabre/classify"
	"palabre/statement"
)

type rulesEvalCmd struct {
	Gold   []string `arg:"" help:"Files of labelled texts, JSONL; several may be joined by commas."`
	By     string   `default:"lang" enum:"lang,kind,topic,stance,phenomenon,lang-topic" help:"Break the figures down by ${enum}."`
	Errors int      `default:"0" help:"Print so many of the texts that came out wrong, the worst first."`
}

func (rulesEvalCmd) Examples() string {
	return `  palabre rules eval gold/dev-fr.jsonl,gold/dev-ar.jsonl
  palabre rules eval gold/dev-en.jsonl --by phenomenon --errors 20

A line of the labelled texts:
  {"id":"g1","lang":"en","kind":"wire","published":"2021-07-01","text":"France refuses any dialogue with JNIM.",
   "positions":[{"actor":"france","topic":"dialogue","stance":"anti","target":"jnim","evidence":"refuses any dialogue with JNIM"}]}`
}

// errNoText is for lines from which nothing could be read.
var errNoText = errors.New(`there is no field "text"`)

// judged is a labelled text with what the rules found in it.
type judged struct {
	gold  classify.Gold
	found []classify.Label
	wrong int // labels missed and positions found without one
}

// Run prints the figures of the labelling guide.
func (c *rulesEvalCmd) Run(r *runContext) error {
	pack, err := r.compileRules()
	if err != nil {
		return err
	}
	texts, err := judge(pack, c.Gold)
	if err != nil {
		return err
	}
	groups := map[string]*classify.Score{"all": {}}
	for i := range texts {
		groups["all"].Add(texts[i].gold.Positions, texts[i].found)
		texts[i].addTo(groups, c.By)
	}
	slices.SortStableFunc(texts, func(a, b judged) int { return cmp.Compare(b.wrong, a.wrong) })
	for i := range texts {
		if i == c.Errors || texts[i].wrong == 0 {
			break
		}
		texts[i].print(r.term.out)
	}
	printScores(r.term.out, groups)
	return nil
}

// judge reads every text of the files with the rules.
func judge(pack *classify.Pack, paths []string) ([]judged, error) {
	var out []judged
	err := eachGold(paths, func(g *classify.Gold, s *statement.Statement) {
		j := judged{gold: *g, found: pack.Labels(pack.Read(s).Positions)}
		var score classify.Score
		score.Add(g.Positions, j.found)
		j.wrong = score.Position.Wrong + score.Position.Missed
		out = append(out, j)
	})
	return out, err
}

// eachGold calls f with each labelled text of the files, of which several may be joined
// by commas, and with the text as a statement.
func eachGold(paths []string, f func(*classify.Gold, *statement.Statement)) error {
	owners, err := outletOwners()
	if err != nil {
		return err
	}
	for _, list := range paths {
		for path := range strings.SplitSeq(list, ",") {
			err := eachLine(path, func(g *classify.Gold) error {
				if err := labelled(g); err != nil {
					return err
				}
				l := textLine{ID: g.ID, Lang: g.Lang, Kind: g.Kind, Outlet: g.Outlet, Published: g.Published, Title: g.Title, Text: g.Text}
				s := l.statement(owners)
				f(g, &s)
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// labelled returns an error for a line that is no labelled text.
func labelled(g *classify.Gold) error {
	switch {
	case g.Text == "":
		return errNoText
	case g.Positions == nil:
		return errors.New(`there is no field "positions"; it is [] where the text has none`)
	}
	return nil
}

// addTo counts the text in the groups of one breakdown. Groups of a topic or a
// stance count its labels and findings alone.
func (j *judged) addTo(groups map[string]*classify.Score, by string) {
	add := func(name string, gold, found []classify.Label) {
		if groups[name] == nil {
			groups[name] = &classify.Score{}
		}
		groups[name].Add(gold, found)
	}
	part := func(name string, keep func(*classify.Label) bool) {
		only := func(labels []classify.Label) []classify.Label {
			return slices.DeleteFunc(slices.Clone(labels), func(l classify.Label) bool { return !keep(&l) })
		}
		add(name, only(j.gold.Positions), only(j.found))
	}
	switch by {
	case "lang":
		add(j.gold.Lang, j.gold.Positions, j.found)
	case "kind":
		add(string(j.gold.Kind), j.gold.Positions, j.found)
	case "phenomenon":
		for _, name := range phenomena(j.gold.WhyHard) {
			add(name, j.gold.Positions, j.found)
		}
	case "stance":
		for _, stance := range statement.Stances {
			part(string(stance), func(l *classify.Label) bool { return l.Stance == stance })
		}
	default:
		for _, topic := range statement.Topics {
			name := string(topic)
			if by == "lang-topic" {
				name = j.gold.Lang + " " + name
			}
			part(name, func(l *classify.Label) bool { return l.Topic == topic })
		}
	}
}

// phenomenonWords name what makes a text hard by words of the labellers' notes.
var phenomenonWords = []struct {
	name  string
	words []string
}{
	{"condition", []string{"condition", "unless", "until", "as long as", "so long as", "sous réserve", "provided", "subject to", "only after", "tant que"}},
	{"denial", []string{"denial", "denied", "denies", "forged"}},
	{"double negation", []string{"double negation", "negation", "rule out", "n'est pas exclu", "pas question", "no question"}},
	{"history", []string{"history", "past", "background", "posthumous"}},
	{"irony or image", []string{"irony", "ironic", "sarcas", "metaphor", "image", "hyperbole", "mock"}},
	{"other domain", []string{"union", "finance", "football", "team", "mining", "sale", "private", "civil", "another conflict", "another war", "other senses", "decoy"}},
	{"question", []string{"question"}},
	{"reported or nested", []string{"reported", "third-hand", "nested", "actor", "speaker", "out of office", "poll"}},
	{"several targets", []string{"targets", "one actor, two", "two actors"}},
	{"topic not named", []string{"without the word", "never named", "no 'dialogue'", "no word", "periphrasis", "no verb", "by description"}},
	{"unmarked transcript", []string{"unpunctuated", "asr", "transcript"}},
	{"walk-back", []string{"walk-back", "withdrawn"}},
}

// phenomena returns what makes a text hard, as far as the note on it says.
func phenomena(note string) []string {
	if note == "" {
		return []string{"ordinary"}
	}
	var out []string
	for _, p := range phenomenonWords {
		if slices.ContainsFunc(p.words, func(w string) bool { return strings.Contains(strings.ToLower(note), w) }) {
			out = append(out, p.name)
		}
	}
	if len(out) == 0 {
		return []string{"other"}
	}
	return out
}

// print shows a text that came out wrong, with labels and findings.
func (j *judged) print(w io.Writer) {
	g := &j.gold
	fmt.Fprintf(w, "\n%s %s %s: %s\n%s\n", g.ID, g.Kind, g.Published, g.Title, g.Text)
	if g.WhyHard != "" {
		fmt.Fprintf(w, "  hard for: %s\n", g.WhyHard)
	}
	line := func(mark string, l *classify.Label) {
		fmt.Fprintf(w, "  %s %s %s %s %s  %s\n    “%s”\n", mark, l.Actor, l.Topic, l.Stance, l.Target, l.Rule, l.Evidence)
	}
	for i := range g.Positions {
		line("label", &g.Positions[i])
	}
	for i := range j.found {
		line("found", &j.found[i])
	}
}

func printScores(w io.Writer, groups map[string]*classify.Score) {
	t := newTable(w, table.Row{"set", "texts", "labels", "stance", "position", "full", "alert P", "alert R", "direction", "evidence"})
	var names []string
	for name := range groups {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s := groups[name]
		t.AppendRow(table.Row{name, s.Texts, s.Labels, figure(s.Stance.F1()), figure(s.Position.F1()), figure(s.Full.F1()), figure(s.Alert.Precision()), figure(s.Alert.Recall()), figure(s.Direction.F1()), figure(s.Evidence())})
	}
	t.Render()
}

// figure writes a share, from 0 to 1.
func figure(x float64) string { return fmt.Sprintf("%.3f", x) }
