package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"palabre/classify"
	"palabre/seeds"
	"palabre/statement"
)

type rulesCmd struct {
	Test    rulesTestCmd    `cmd:"" help:"Run the examples of every rule."`
	Explain rulesExplainCmd `cmd:"" help:"Tell how a text is read, sentence by sentence."`
	Eval    rulesEvalCmd    `cmd:"" help:"Compare the rules with labelled texts."`
	Diff    rulesDiffCmd    `cmd:"" help:"Tell what other rules would change in a corpus."`
	New     rulesNewCmd     `cmd:"" help:"Print the beginnings of a rule, made from a text."`
}

// compileRules compiles the rules without running their examples: these commands are
// for finding out what is wrong with them.
func (r *runContext) compileRules() (*classify.Pack, error) {
	reg, err := seeds.Registry()
	if err != nil {
		return nil, err
	}
	rules, err := seeds.Rules()
	if err != nil {
		return nil, err
	}
	over, err := overlay(r.ruleFolder())
	if err != nil {
		return nil, err
	}
	return classify.Compile(rules, reg, over...)
}

type rulesTestCmd struct{}

func (rulesTestCmd) Examples() string {
	return "  palabre rules test\n  palabre rules test --rules ./my-rules"
}

// Run runs the examples and prints each that fails.
func (c *rulesTestCmd) Run(r *runContext) error {
	pack, err := r.compileRules()
	if err != nil {
		return err
	}
	rules, examples := pack.Examples()
	failed := pack.Failures()
	for _, f := range failed {
		printFailure(r.term.out, f)
	}
	if len(failed) > 0 {
		return fmt.Errorf("test rules: %d of %d examples fail, see above", len(failed), examples)
	}
	fmt.Fprintf(r.term.out, "%d rules, %d examples: all pass\n", rules, examples)
	return nil
}

// printFailure prints an example that fails, with the words underlined on which
// it does. Right-to-left text is quoted instead: a terminal turns it round.
func printFailure(w io.Writer, f *classify.ExampleError) {
	fmt.Fprintf(w, "%s:%d: rule %s: %s, got %s\n    %s\n", f.File, f.Line, f.Rule, f.What, f.Found(), f.Text)
	at := strings.Index(f.Text, f.On)
	switch {
	case f.On == "" || at < 0:
	case strings.ContainsFunc(f.On, func(r rune) bool {
		return unicode.Is(unicode.Arabic, r) || unicode.Is(unicode.Adlam, r) || unicode.Is(unicode.Nko, r)
	}):
		fmt.Fprintf(w, "    on “%s”", f.On)
	default:
		fmt.Fprintf(w, "    %s%s", strings.Repeat(" ", utf8.RuneCountInString(f.Text[:at])), strings.Repeat("^", utf8.RuneCountInString(f.On)))
	}
	fmt.Fprintf(w, " %s\n", f.Why)
}

type rulesExplainCmd struct {
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
	pack, err := r.compileRules()
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
		for _, n := range s.Nearly {
			fmt.Fprintf(w, "  nearly   %s (%s)\n           on “%s”, which lacks %s\n", n.Rule, n.Reads, n.Quote, n.Wants)
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
