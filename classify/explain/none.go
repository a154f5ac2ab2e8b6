package explain

import (
	"slices"
	"strings"

	"palabre/classify"
	"palabre/statement"
)

// cause is why some words are no position, by topic with where they stand.
type cause struct {
	of     *classify.ExplainedMatch // the first
	words  []Phrase                 // that say so
	topics []statement.Topic
	where  map[statement.Topic][]Phrase
	seen   map[string]bool
}

// mostCauses and mostPlaces are how much of the reasons a sentence tells.
const (
	mostCauses = 3
	mostPlaces = 2 // for each topic
)

// nothing tells in a sentence why no position was found.
func (t *teller) nothing() Phrase {
	var causes []*cause
	known := make(map[string]*cause)
	t.eachMatch(func(s *classify.ExplainedSentence, m *classify.ExplainedMatch) {
		if isQuiet(m) {
			return
		}
		key := string(m.Why)
		if m.Why == classify.WhyUncertain {
			key += string(m.Because) + m.Holder.Actor
		}
		c := known[key]
		if c == nil {
			c = &cause{of: m, where: make(map[statement.Topic][]Phrase), seen: make(map[string]bool)}
			known[key] = c
			causes = append(causes, c)
		}
		if m.WhyWord != "" && len(c.words) < mostPlaces && !c.seen["by "+m.WhyWord] {
			c.seen["by "+m.WhyWord] = true
			c.words = append(c.words, say("%s", words(m.WhyWord)))
		}
		if !slices.Contains(c.topics, m.Topic) {
			c.topics = append(c.topics, m.Topic)
		}
		if !c.seen[m.Quote] && len(c.where[m.Topic]) < mostPlaces {
			c.seen[m.Quote] = true
			c.where[m.Topic] = append(c.where[m.Topic], say("%s in %s", words(m.Quote), placed(s.Field, s.Number)))
		}
	})
	if len(causes) == 0 {
		return t.unspoken()
	}
	parts := make([]Phrase, 0, mostCauses)
	for _, c := range causes[:min(len(causes), mostCauses)] {
		of := make([]Phrase, 0, len(c.topics))
		for _, about := range c.topics {
			of = append(of, say("%s (%s)", topic(about), listed(", ", c.where[about]...)))
		}
		clause := t.clause(c.of)
		if len(c.words) > 0 {
			clause = say("%s, by %s", clause, listed(", ", c.words...))
		}
		if len(causes) == 1 {
			return say("No position was found: the only words about %s %s.", listed(" and ", of...), clause)
		}
		parts = append(parts, say("words about %s %s", listed(" and ", of...), clause))
	}
	return say("No position was found: %s.", listed("; ", parts...))
}

// unspoken tells what is there where no rule fits anything.
func (t *teller) unspoken() Phrase {
	var parts []Phrase
	for _, about := range statement.Topics {
		var where []Phrase
		seen := make(map[string]bool)
		for i := range t.told.Sentences {
			s := &t.told.Sentences[i]
			for _, m := range s.Matters {
				if m.Topic == about && len(where) < mostPlaces && !seen[m.Quote] {
					seen[m.Quote] = true
					where = append(where, say("%s in %s", words(m.Quote), placed(s.Field, s.Number)))
				}
			}
		}
		if len(where) > 0 {
			parts = append(parts, say("words about %s", say("%s (%s)", topic(about), listed(", ", where...))))
		}
	}
	switch {
	case len(t.told.Sentences) == 0:
		return say("No position was found: no part of the text is in a language that there are rules for.")
	case len(parts) == 0:
		return say("No position was found: it has no words about talks, foreign troops or Islamic law that the rules know.")
	}
	return say("No position was found: there are %s, but no rule knows a wording there that says for or against.", listed(" and ", parts...))
}

// contains is strings.Contains, with white space as it may be.
func contains(text, part string) bool {
	return strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(part), " "))
}
