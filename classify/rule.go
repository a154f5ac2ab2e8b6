package classify

import (
	"cmp"
	"slices"

	"palabre/statement"
)

// Rule tells people of a rule of a pack.
type Rule struct {
	Name   string
	Lang   string // BCP 47
	Reads  string // what it reads, in words
	Topic  statement.Topic
	Stance statement.Stance
	File   string
	Line   int       // of the file, from 1, on which it begins
	Text   string    // as written
	Yes    []Example // texts that must match
	No     []Example // texts that must not
	Tried  bool      // on trial: what it finds is tentative
}

// Example is a text of a rule with the positions that it must give: actor, topic,
// stance, target.
type Example struct {
	Text  string
	Wants []statement.Position
}

// Rules lists the rules of the pack by language and name. The list belongs to the
// pack.
func (p *Pack) Rules() []Rule {
	p.listed.Do(func() { p.rules = p.listRules() })
	return p.rules
}

func (p *Pack) listRules() []Rule {
	var out []Rule
	for _, language := range sortedKeys(p.grammars) {
		g := p.grammars[language]
		for i := range g.rules {
			src := g.rules[i].source
			out = append(out, Rule{
				Name: src.name, Lang: language, Reads: src.reads, Topic: src.gives.topic, Stance: src.gives.stance, File: src.file, Line: src.line,
				Text: src.text, Yes: examplesOf(src.yes), No: examplesOf(src.no), Tried: g.tried,
			})
		}
	}
	slices.SortFunc(out, func(a, b Rule) int { return cmp.Or(cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.Name, b.Name)) })
	return out
}

func examplesOf(list []example) []Example {
	out := make([]Example, len(list))
	for i := range list {
		out[i] = Example{list[i].text, list[i].wants}
	}
	return out
}

// Differ returns the positions that only the first and only the second of two
// readings of a text has. Positions are alike that have actor, topic, target and
// stance in common.
func Differ(before, after []statement.Position) (gone, come []statement.Position) {
	lacks := func(in []statement.Position) func(statement.Position) bool {
		return func(p statement.Position) bool {
			return slices.ContainsFunc(in, func(q statement.Position) bool {
				return p.Actor == q.Actor && p.Topic == q.Topic && p.Target == q.Target && p.Stance == q.Stance
			})
		}
	}
	return slices.DeleteFunc(slices.Clone(before), lacks(after)), slices.DeleteFunc(slices.Clone(after), lacks(before))
}
