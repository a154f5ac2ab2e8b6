package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"palabre/classify"
	"palabre/statement"
)

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
		if s := &e.Sentences[i]; s.Text != "" {
			fmt.Fprintf(w, "\n%s (%s)\n", s.Text, s.Lang)
			printSentence(w, s)
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
		fmt.Fprintf(w, "  %s %s (%s, confidence %.2f)\n    “%s”\n", p.Stance.Glyph(), strings.TrimSpace(fmt.Sprint(p.Actor, " ", p.Topic, " ", p.Stance, " ", p.Target)), p.Rule, p.Confidence, p.Evidence.Quote)
		if p.Condition != "" {
			fmt.Fprintf(w, "    if “%s”\n", p.Condition)
		}
	}
}

// printSentence tells what was seen in a sentence and what came of it. What only
// nearly fits is told where nothing does.
func printSentence(w io.Writer, s *classify.ExplainedSentence) {
	if s.Speaker != "" {
		fmt.Fprintf(w, "  speaker  %s\n", s.Speaker)
	}
	for _, m := range s.Mentions {
		fmt.Fprintf(w, "  mention  %s = %s\n", m.Quote, meaning(&m))
	}
	var roles []string
	words := make(map[string][]string)
	for _, c := range s.Cues {
		if c.Role == "grammar" {
			continue
		}
		if words[c.Role] == nil {
			roles = append(roles, c.Role)
		}
		word := c.Quote
		if c.Role == "matter" {
			word += " (" + c.Class + ")"
		}
		if !slices.Contains(words[c.Role], word) {
			words[c.Role] = append(words[c.Role], word)
		}
	}
	for _, role := range roles {
		fmt.Fprintf(w, "  %-8s %s\n", role, strings.Join(words[role], ", "))
	}
	for _, m := range s.Matches {
		fmt.Fprintf(w, "  rule     %s: %s\n           on “%s”\n           → %s\n", m.Rule, m.Reads, m.Quote, m.Outcome)
	}
	if len(s.Matches) > 0 {
		return
	}
	for _, n := range s.Nearly {
		fmt.Fprintf(w, "  nearly   %s: %s\n           on “%s”, which lacks %s\n", n.Rule, n.Reads, n.Quote, n.Wants)
	}
}

// meaning tells what a mention stands for.
func meaning(m *classify.ExplainedMention) string {
	who := m.Actor
	switch {
	case m.Speaker != "" && m.Speaker != m.Actor:
		who = m.Speaker + ", for " + m.Actor
	case who == "" && m.Force == "" && m.Pronoun:
		return "somebody named before"
	case who == "" && m.Force == "":
		return "a place, or troops of nobody named"
	}
	if m.Force == "" {
		return who
	}
	if who == "" {
		return "troops of " + m.Force
	}
	return who + ", troops of " + m.Force
}
