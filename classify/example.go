package classify

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"palabre/statement"
)

// ExampleError is an example of a rule that does not come out as written.
type ExampleError struct {
	Rule string
	File string
	Line int
	Text string
	What string // what was wanted
	Got  []statement.Position
	On   string // the words of Text that decided, or empty
	Why  string // what the rule makes of them
}

func (e *ExampleError) Error() string {
	return fmt.Sprintf("%s:%d: rule %s: %s: %q gives %s", e.File, e.Line, e.Rule, e.What, e.Text, e.Found())
}

// Found names the positions that the text gives.
func (e *ExampleError) Found() string { return describe(e.Got) }

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
func (p *Pack) Test() error {
	var errs []error
	for _, f := range p.Failures() {
		errs = append(errs, f)
	}
	return errors.Join(errs...)
}

// Failures returns the examples that fail, by language. A text that must match
// has to be read with the position that stands behind it; one that must not
// match may be read by no rule as a position on the rule's topic.
func (p *Pack) Failures() []*ExampleError {
	type tried struct {
		language string
		rule     *ruleSource
		failures []*ExampleError
	}
	var all []tried
	for _, language := range sortedKeys(p.grammars) {
		g := p.grammars[language]
		for i := range g.rules {
			all = append(all, tried{language: language, rule: g.rules[i].source})
		}
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for k := next.Add(1) - 1; k < int64(len(all)); k = next.Add(1) - 1 {
				all[k].failures = p.testRule(all[k].language, all[k].rule)
			}
		})
	}
	workers.Wait()
	var out []*ExampleError
	for i := range all {
		out = append(out, all[i].failures...)
	}
	return out
}

func (p *Pack) testRule(language string, src *ruleSource) []*ExampleError {
	var out []*ExampleError
	fail := func(ex *example, s *statement.Statement, what string, got []statement.Position) {
		f := &ExampleError{Rule: src.name, File: src.file, Line: ex.line, Text: ex.text, What: what, Got: got}
		f.On, f.Why = p.decided(s, src.name, got)
		out = append(out, f)
	}
	for i := range src.yes {
		s := exampleStatement(language, src.yes[i].text)
		got := p.readBy(&s, false).Positions
		if what := missing(src.yes[i].wants, got); what != "" {
			fail(&src.yes[i], &s, what, got)
		}
	}
	for i := range src.no {
		s := exampleStatement(language, src.no[i].text)
		got := p.readBy(&s, false).Positions
		onTopic := slices.DeleteFunc(slices.Clone(got), func(q statement.Position) bool {
			return q.Topic != src.gives.topic && !(refersBack(src.gives.topic) && q.Rule == src.name)
		})
		if len(onTopic) > 0 {
			fail(&src.no[i], &s, "must not match", onTopic)
		}
	}
	return out
}

func exampleStatement(language, text string) statement.Statement {
	return statement.Statement{Kind: statement.Wire, Lang: language, Text: text, Published: exampleDate}
}

// decided returns the words on which a failing example turns, and what came of
// them: those that the rule fits or nearly fits, else those of a position that
// was found.
func (p *Pack) decided(s *statement.Statement, rule string, got []statement.Position) (on, why string) {
	e := p.explain(s, rule, false)
	for i := range e.Sentences {
		for _, m := range e.Sentences[i].Matches {
			if m.Rule == rule {
				return m.Quote, "the rule fits here: " + m.Outcome()
			}
		}
	}
	for i := range e.Sentences {
		for _, n := range e.Sentences[i].Nearly {
			if n.Rule == rule {
				return n.Quote, "the rule fits up to here and wants " + n.Wants
			}
		}
	}
	if len(got) > 0 {
		return got[0].Evidence.Quote, "read by " + got[0].Rule
	}
	return "", "no pattern of the rule begins here"
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
