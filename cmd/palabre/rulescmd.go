package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"

	"palabre/classify"
	"palabre/seeds"
	"palabre/statement"
)

type rulesCmd struct {
	Test    rulesTestCmd    `cmd:"" help:"Run the examples of every rule."`
	Explain rulesExplainCmd `cmd:"" help:"Tell how a text is read, sentence by sentence."`
	Eval    rulesEvalCmd    `cmd:"" help:"Compare the rules with labelled texts."`
}

// ruleFlags choose the rules.
type ruleFlags struct {
	Rules string `placeholder:"DIR" type:"existingdir" help:"Rules to use instead of the built-in ones."`
}

// compile compiles the rules without running their examples: these commands are
// for finding out what is wrong with them.
func (f *ruleFlags) compile() (*classify.Pack, error) {
	reg, err := seeds.Registry()
	if err != nil {
		return nil, err
	}
	if f.Rules != "" {
		return classify.Compile(os.DirFS(f.Rules), reg)
	}
	rules, err := seeds.Rules()
	if err != nil {
		return nil, err
	}
	return classify.Compile(rules, reg)
}

type rulesTestCmd struct{ ruleFlags }

func (rulesTestCmd) Examples() string {
	return "  palabre rules test\n  palabre rules test --rules ./my-rules"
}

// Run runs the examples and prints each that fails.
func (c *rulesTestCmd) Run(r *runContext) error {
	pack, err := c.compile()
	if err != nil {
		return err
	}
	rules, examples := pack.Examples()
	err = pack.Test()
	if err == nil {
		fmt.Fprintf(r.term.out, "%d rules, %d examples: all pass\n", rules, examples)
		return nil
	}
	failed := 0
	for line := range strings.Lines(err.Error()) {
		failed++
		fmt.Fprint(r.term.out, line)
	}
	return fmt.Errorf("test rules: %d of %d examples fail, see above", failed, examples)
}

type rulesExplainCmd struct {
	ruleFlags
	Lang   string `help:"Language of the text, if it is too short to tell."`
	Kind   string `default:"article" help:"Kind of the text: wire, article, communique, speech, interview …"`
	Issuer string `help:"Actor in whose name it speaks."`
	Date   string `default:"" help:"Date of the text."`
	JSON   bool   `name:"json" help:"Print JSON."`
	Text   string `arg:"" optional:"" help:"The text; standard input if it is missing."`
}

func (rulesExplainCmd) Examples() string {
	return `  palabre rules explain "La France refuse tout dialogue avec le Jnim."
  palabre rules explain --kind communique --issuer jnim < communique.txt`
}

// Run explains a text.
func (c *rulesExplainCmd) Run(r *runContext) error {
	pack, err := c.compile()
	if err != nil {
		return err
	}
	text := c.Text
	if text == "" {
		data, err := io.ReadAll(io.LimitReader(r.term.in, statement.MaxText))
		if err != nil {
			return fmt.Errorf("read text: %w", err)
		}
		text = string(data)
	}
	s := statement.Statement{Kind: statement.Kind(c.Kind), Lang: c.Lang, Issuer: c.Issuer, Text: text}
	if c.Date != "" {
		if s.Said, err = statement.ParseDate(c.Date, "hand"); err != nil {
			return usageError{err}
		}
	}
	e := pack.Explain(&s)
	if c.JSON {
		return printJSON(r.term.out, e)
	}
	printExplanation(r.term.out, e)
	return nil
}

func printExplanation(w io.Writer, e *classify.Explanation) {
	if e.Issuer != "" {
		fmt.Fprintf(w, "“we” is %s\n", e.Issuer)
	}
	for i := range e.Sentences {
		s := &e.Sentences[i]
		if s.Text == "" {
			continue
		}
		fmt.Fprintf(w, "\n%s (%s)\n", s.Text, s.Lang)
		if s.Speaker != "" {
			fmt.Fprintf(w, "  speaker  %s\n", s.Speaker)
		}
		for _, m := range s.Mentions {
			who := strings.Join(slices.DeleteFunc([]string{m.Speaker, m.Actor, force(m.Force)}, func(s string) bool { return s == "" }), ", ")
			fmt.Fprintf(w, "  mention  %s = %s\n", m.Quote, who)
		}
		var cues []string
		for _, c := range s.Cues {
			cues = append(cues, c.Class+":"+c.Quote)
		}
		if len(cues) > 0 {
			fmt.Fprintf(w, "  cues     %s\n", strings.Join(cues, "  "))
		}
		for _, m := range s.Matches {
			fmt.Fprintf(w, "  rule     %s (%s)\n           on “%s”\n           → %s\n", m.Rule, m.Reads, m.Quote, m.Outcome)
		}
	}
	for _, l := range e.Reading.Langs {
		if !l.Read {
			fmt.Fprintf(w, "\nnot read: %d bytes in the language %q; name another with --lang\n", l.End-l.Start, l.Lang)
		}
	}
	fmt.Fprintln(w, "\npositions")
	if len(e.Reading.Positions) == 0 {
		fmt.Fprintln(w, "  none")
	}
	for i := range e.Reading.Positions {
		p := &e.Reading.Positions[i]
		fmt.Fprintf(w, "  %s %s %s %s %s (%s, confidence %.2f)\n    “%s”\n", p.Stance.Glyph(), p.Actor, p.Topic, p.Stance, p.Target, p.Rule, p.Confidence, p.Evidence.Quote)
		if p.Condition != "" {
			fmt.Fprintf(w, "    if “%s”\n", p.Condition)
		}
	}
}

func force(id string) string {
	if id == "" {
		return ""
	}
	return "troops of " + id
}

type rulesEvalCmd struct {
	ruleFlags
	Gold   []string `arg:"" type:"existingfile" help:"Files of labelled texts, JSONL."`
	By     string   `default:"lang" enum:"lang,kind,topic" help:"Break the figures down by ${enum}."`
	Errors int      `default:"0" help:"Print so many of the texts that came out wrong."`
}

func (rulesEvalCmd) Examples() string {
	return "  palabre rules eval gold/dev-fr.jsonl gold/dev-ar.jsonl\n  palabre rules eval gold/dev-en.jsonl --errors 20"
}

// Run prints the figures of the labelling guide.
func (c *rulesEvalCmd) Run(r *runContext) error {
	pack, err := c.compile()
	if err != nil {
		return err
	}
	owners, err := outletOwners()
	if err != nil {
		return err
	}
	groups := map[string]*classify.Score{"all": {}}
	left := c.Errors
	for _, path := range c.Gold {
		err := eachGold(path, func(g *classify.Gold) {
			l := textLine{ID: g.ID, Lang: g.Lang, Kind: g.Kind, Outlet: g.Outlet, Published: g.Published, Title: g.Title, Text: g.Text}
			s := l.statement(owners)
			found := classify.Labels(pack.Read(&s).Positions)
			group := g.Lang
			if c.By == "kind" {
				group = string(g.Kind)
			}
			if groups[group] == nil {
				groups[group] = &classify.Score{}
			}
			before := groups["all"].Position
			groups["all"].Add(g.Positions, found)
			groups[group].Add(g.Positions, found)
			if after := groups["all"].Position; left > 0 && (after.Wrong > before.Wrong || after.Missed > before.Missed) {
				left--
				printMiss(r.term.out, g, found)
			}
		})
		if err != nil {
			return err
		}
	}
	printScores(r.term.out, groups, c.By == "topic")
	return nil
}

func eachGold(path string, f func(*classify.Gold)) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read labelled texts: %w", err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var g classify.Gold
		if err := json.Unmarshal(lines.Bytes(), &g); err != nil {
			return fmt.Errorf("read %s, line %d: %w", path, n, err)
		}
		f(&g)
	}
	return lines.Err()
}

func printMiss(w io.Writer, g *classify.Gold, found []classify.Label) {
	fmt.Fprintf(w, "\n%s %s %s: %s\n%s\n", g.ID, g.Kind, g.Published, g.Title, g.Text)
	line := func(mark string, l *classify.Label) {
		fmt.Fprintf(w, "  %s %s %s %s %s  %s\n    “%s”\n", mark, l.Actor, l.Topic, l.Stance, l.Target, l.Rule, l.Evidence)
	}
	for i := range g.Positions {
		line("label", &g.Positions[i])
	}
	for i := range found {
		line("found", &found[i])
	}
}

func printScores(w io.Writer, groups map[string]*classify.Score, byTopic bool) {
	t := newTable(w, table.Row{"set", "texts", "labels", "stance", "position", "full", "alert P", "alert R", "direction", "evidence"})
	f := func(x float64) string { return fmt.Sprintf("%.3f", x) }
	for _, name := range sortedNames(groups) {
		s := groups[name]
		t.AppendRow(table.Row{name, s.Texts, s.Labels, f(s.Stance.F1()), f(s.Position.F1()), f(s.Full.F1()), f(s.Alert.Precision()), f(s.Alert.Recall()), f(s.Direction.F1()), f(s.Evidence())})
	}
	t.Render()
	if !byTopic {
		return
	}
	topics := newTable(w, table.Row{"topic", "precision", "recall", "position F1"})
	for _, topic := range statement.Topics {
		r := groups["all"].ByTopic[topic]
		topics.AppendRow(table.Row{topic, f(r.Precision()), f(r.Recall()), f(r.F1())})
	}
	topics.Render()
}

func sortedNames(groups map[string]*classify.Score) []string {
	var names []string
	for name := range groups {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
