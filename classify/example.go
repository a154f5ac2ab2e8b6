package classify

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"palabre/statement"
)

// ExampleError is an example of a rule that does not come out as written.
type ExampleError struct {
	Rule string
	File string
	Line int
	Text string
	What string
	Got  []statement.Position
}

func (e *ExampleError) Error() string {
	return fmt.Sprintf("%s:%d: rule %s: %s: %q gives %s", e.File, e.Line, e.Rule, e.What, e.Text, describe(e.Got))
}

func describe(positions []statement.Position) string {
	if len(positions) == 0 {
		return "no position"
	}
	parts := make([]string, len(positions))
	for i := range positions {
		p := &positions[i]
		parts[i] = strings.TrimSpace(fmt.Sprintf("%s %s %s %s", p.Actor, p.Topic, p.Stance, p.Target)) + " by " + p.Rule
	}
	return strings.Join(parts, "; ")
}

// exampleDate is when the examples are taken to be said: every role that they
// rely on is held then.
var exampleDate = statement.Date{Time: time.Date(2021, 7, 1, 0, 0, 0, 0, time.UTC), Precision: statement.Day, Origin: "example"}

// Test runs the examples of every rule and returns those that fail, joined.
// A text that must match has to be read by that rule with the position that
// stands behind it; one that must not match may be read by no rule as that
// rule's topic.
func (p *Pack) Test() error {
	var errs []error
	for _, language := range sortedKeys(p.grammars) {
		g := p.grammars[language]
		for i := range g.rules {
			errs = append(errs, p.testRule(language, g.rules[i].source)...)
		}
	}
	return errors.Join(errs...)
}

func (p *Pack) testRule(language string, src *ruleSource) []error {
	var errs []error
	read := func(text string) []statement.Position {
		s := statement.Statement{Kind: statement.Wire, Lang: language, Text: text, Published: exampleDate}
		return p.Read(&s).Positions
	}
	for _, ex := range src.yes {
		got := read(ex.text)
		if what := missing(ex.wants, got); what != "" {
			errs = append(errs, &ExampleError{src.name, src.file, ex.line, ex.text, what, got})
		}
	}
	for _, ex := range src.no {
		if got := read(ex.text); slices.ContainsFunc(got, func(q statement.Position) bool { return q.Topic == src.gives.topic }) {
			errs = append(errs, &ExampleError{src.name, src.file, ex.line, ex.text, "must not match", got})
		}
	}
	return errs
}

// missing says which wanted position is not among those found, or "".
func missing(wants, got []statement.Position) string {
	for i := range wants {
		w := &wants[i]
		ok := slices.ContainsFunc(got, func(q statement.Position) bool {
			return q.Actor == w.Actor && q.Topic == w.Topic && q.Stance == w.Stance && (w.Target == "" || q.Target == w.Target)
		})
		if !ok {
			return fmt.Sprintf("want %s %s %s %s", w.Actor, w.Topic, w.Stance, w.Target)
		}
	}
	return ""
}

// Examples returns the number of rules and of their examples.
func (p *Pack) Examples() (rules, examples int) {
	for _, g := range p.grammars {
		rules += len(g.rules)
		for i := range g.rules {
			examples += len(g.rules[i].source.yes) + len(g.rules[i].source.no)
		}
	}
	return rules, examples
}
