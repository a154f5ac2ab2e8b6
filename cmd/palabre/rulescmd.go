package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"palabre/classify"
	"palabre/seeds"
)

type rulesCmd struct {
	Test    rulesTestCmd    `cmd:"" help:"Run the examples of every rule."`
	Explain rulesExplainCmd `cmd:"" help:"Tell what is found in a text and why, and the steps sentence by sentence."`
	Eval    rulesEvalCmd    `cmd:"" help:"Compare the rules with labelled texts."`
	Diff    rulesDiffCmd    `cmd:"" help:"Tell what other rules would change in a corpus."`
	Gold    rulesGoldCmd    `cmd:"" help:"Print the texts of which people judged positions, as labelled texts."`
	Weigh   rulesWeighCmd   `cmd:"" help:"Make scorecards, by which words are weighed where no rule fits, from labelled texts."`
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
	case isRightToLeft(f.Text):
		fmt.Fprintf(w, "    on %s", quoted(f.On))
	default:
		fmt.Fprintf(w, "    %s%s", strings.Repeat(" ", utf8.RuneCountInString(f.Text[:at])), strings.Repeat("^", utf8.RuneCountInString(f.On)))
	}
	fmt.Fprintf(w, " %s\n", f.Why)
}
