package main

import (
	"fmt"
	"io"
	"strings"

	"palabre/classify/explain"
	"palabre/seeds"
	"palabre/statement"
)

type rulesExplainCmd struct {
	Lang   string `help:"Language of the text, if it is too short to tell."`
	Kind   string `default:"article" enum:"wire,article,editorial,communique,speech,interview,transcript,post" help:"Kind of the text: ${enum}. In a communiqué, a speech or an interview, “we” is who issues it."`
	Issuer string `placeholder:"ACTOR" help:"Actor in whose name it speaks, such as jnim."`
	Date   string `placeholder:"DATE" help:"Date of the text: it decides who held an office, and what is history."`
	JSON   bool   `name:"json" help:"Print JSON, with every word of every class."`
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
	if strings.TrimSpace(text) == "" {
		return usagef("there is no text: give it in quotation marks or on standard input")
	}
	c.Issuer = strings.ToLower(c.Issuer)
	s := statement.Statement{Kind: statement.Kind(c.Kind), Lang: c.Lang, Issuer: c.Issuer, Text: text}
	if c.Date != "" {
		if s.Said, err = statement.ParseDate(c.Date, "hand"); err != nil {
			return usagef("--date: %w", err)
		}
	}
	e, err := pack.Explain(&s)
	if err != nil {
		return usageError{err}
	}
	if c.JSON {
		return printJSON(r.term.out, e)
	}
	if c.Issuer != "" && !e.Issuer.Known() {
		fmt.Fprintf(r.term.out, "--issuer changes nothing in a text of the kind %s: it is not its issuer's own words\n\n", c.Kind)
	}
	reg, err := seeds.Registry()
	if err != nil {
		return err
	}
	explainer{newPage(r.term.out), reg}.print(explain.Of(e, reg))
	return nil
}
