package main

import (
	"fmt"

	"palabre/statement"
)

type rulesNewCmd struct {
	Lang string `help:"Language of the text, if it is too short to tell."`
	Name string `arg:"" help:"Name of the rule: its topic and what it reads, such as dialogue.sidesteps-talks."`
	Text string `arg:"" help:"A sentence that the rule must read."`
}

func (rulesNewCmd) Examples() string {
	return `  palabre rules new dialogue.sidesteps-talks "France sidestepped all talks with JNIM." --lang en
  mkdir -p palabre-data/rules/en
  palabre rules new dialogue.sidesteps-talks "…" --lang en >> palabre-data/rules/en/mine.rules`
}

// Run prints the beginnings of a rule.
func (c *rulesNewCmd) Run(r *runContext) error {
	pack, err := r.compileRules()
	if err != nil {
		return err
	}
	sketch, err := pack.Sketch(c.Name, &statement.Statement{Kind: statement.Wire, Lang: c.Lang, Text: c.Text})
	if err != nil {
		return err
	}
	fmt.Fprint(r.term.out, sketch)
	return nil
}
