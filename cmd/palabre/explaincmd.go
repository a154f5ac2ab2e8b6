package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"palabre/classify"
	"palabre/classify/explain"
	"palabre/seeds"
	"palabre/statement"
)

type rulesExplainCmd struct {
	Lang    string   `help:"Language of the text, if it is too short to tell."`
	Kind    string   `default:"article" enum:"wire,article,editorial,communique,speech,interview,transcript,post" help:"Kind of the text: ${enum}. In a communiqué, a speech or an interview, “we” is who issues it."`
	Outlet  string   `placeholder:"SOURCE" help:"Source that published it, such as al-zallaqa: some speak for an actor, and an editorial speaks for its outlet."`
	Title   string   `help:"Title of the text, which is read too."`
	Issuer  string   `placeholder:"ACTOR" help:"Actor in whose name it speaks, such as jnim."`
	Speaker string   `placeholder:"PERSON" help:"Person who speaks in it, such as amadou-koufa."`
	Date    string   `placeholder:"DATE" help:"Date of the text: it decides who held an office, and what is history."`
	JSONL   string   `name:"jsonl" placeholder:"FILE" help:"Explain texts of a file of JSON lines as “classify” reads them, - for standard input. What the lines say goes before the flags."`
	ID      []string `name:"id" placeholder:"ID" help:"Of these lines only those with the identifiers."`
	JSON    bool     `name:"json" help:"Print JSON, with every word of every class."`
	Text    string   `arg:"" optional:"" help:"The text; standard input if it is missing."`
}

func (rulesExplainCmd) Examples() string {
	return `  palabre rules explain "La France refuse tout dialogue avec le Jnim."
  palabre rules explain --kind communique --issuer jnim < communique.txt
  palabre rules explain --kind editorial --outlet l-essor --date 2021-10-22 < essor.txt
  palabre rules explain --jsonl gold.jsonl --id fr-012 --id fr-040`
}

// Run explains a text, or those of a file.
func (c *rulesExplainCmd) Run(r *runContext) error {
	if c.JSONL != "" && c.Text != "" {
		return usagef("give a text or --jsonl, not both")
	}
	if len(c.ID) > 0 && c.JSONL == "" {
		return usagef("--id names lines of a file: give it with --jsonl")
	}
	reg, err := seeds.Registry()
	if err != nil {
		return err
	}
	pack, err := r.compileRules()
	if err != nil {
		return err
	}
	owners, err := outletOwners()
	if err != nil {
		return err
	}
	x := explainer{newPage(r.term.out), reg}
	if c.JSONL != "" {
		return c.explainLines(r, pack, owners, x)
	}
	s, err := c.statement(r.term.in, owners, reg)
	if err != nil {
		return err
	}
	return c.explain(r.term.out, pack, &s, x)
}

// explainLines explains the texts of a file, each under its identifier.
func (c *rulesExplainCmd) explainLines(r *runContext, pack *classify.Pack, owners map[string]string, x explainer) error {
	wanted := make(map[string]bool)
	for _, id := range c.ID {
		wanted[id] = true
	}
	told := 0
	line := func(l *textLine) error {
		if len(c.ID) > 0 && !wanted[l.ID] {
			return nil
		}
		delete(wanted, l.ID)
		s := l.statement(owners)
		if !c.JSON {
			if told > 0 {
				fmt.Fprint(x.w, "\n\n")
			}
			x.line(0, l.ID+"  ", l.Title)
			fmt.Fprintln(x.w)
		}
		told++
		return c.explain(r.term.out, pack, &s, x)
	}
	var err error
	if c.JSONL == "-" {
		err = eachLineOf(r.term.in, "standard input", line)
	} else {
		err = eachLine(c.JSONL, line)
	}
	switch {
	case err != nil:
		return err
	case len(wanted) > 0:
		return fmt.Errorf("read %s: there is no text with the identifier %s", c.JSONL, strings.Join(slices.Sorted(maps.Keys(wanted)), " or "))
	case told == 0:
		return fmt.Errorf("read %s: there is no text in it", c.JSONL)
	}
	return nil
}

// statement makes one of the flags and the text.
func (c *rulesExplainCmd) statement(in io.Reader, owners map[string]string, reg *statement.Registry) (statement.Statement, error) {
	text := c.Text
	if text == "" {
		data, err := io.ReadAll(io.LimitReader(in, statement.MaxText+1))
		if err != nil {
			return statement.Statement{}, fmt.Errorf("read text: %w", err)
		}
		if len(data) > statement.MaxText {
			return statement.Statement{}, usagef("the text is longer than the %d bytes that are read of one", statement.MaxText)
		}
		text = string(data)
	}
	if strings.TrimSpace(text+c.Title) == "" {
		return statement.Statement{}, usagef("there is no text: give it in quotation marks or on standard input")
	}
	l := textLine{
		Lang: c.Lang, Kind: statement.Kind(c.Kind), Outlet: strings.ToLower(c.Outlet), Title: c.Title, Text: text,
		Issuer: strings.ToLower(c.Issuer), Speaker: strings.ToLower(c.Speaker),
	}
	s := l.statement(owners)
	if s.Speaker != "" && reg.Person(s.Speaker) == nil {
		return s, usagef("speaker %q is no known person", s.Speaker)
	}
	if c.Date != "" {
		var err error
		if s.Said, err = statement.ParseDate(c.Date, "hand"); err != nil {
			return s, usagef("--date: %w", err)
		}
	}
	return s, nil
}

// explain prints how a text is read.
func (c *rulesExplainCmd) explain(w io.Writer, pack *classify.Pack, s *statement.Statement, x explainer) error {
	e, err := pack.Explain(s)
	switch {
	case err != nil:
		return usageError{err}
	case c.JSON:
		return printJSON(w, e)
	}
	if s.Issuer != "" && !e.Issuer.Known() {
		x.line(0, "", fmt.Sprintf("The issuer changes nothing in a text of the kind %s: it is not its issuer's own words.", s.Kind))
		fmt.Fprintln(w)
	}
	x.print(explain.Of(e, x.reg))
	if s.Lang == "" && slices.ContainsFunc(e.Reading.Langs, func(l statement.LangRun) bool { return l.Lang == "und" }) {
		fmt.Fprintln(w)
		x.line(0, "", "--lang fr, ar or en tells the language of a text that is too short to show it.")
	}
	return nil
}
