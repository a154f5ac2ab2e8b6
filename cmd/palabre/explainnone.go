package main

import (
	"cmp"
	"slices"
	"strings"

	"palabre/classify"
	"palabre/statement"
)

// reasonClauses put into a clause why words that a rule fits are no position: the
// words "stand in a question".
var reasonClauses = map[string]string{
	"a question":                           "stand in a question",
	"part of a condition":                  "are part of a condition",
	"a hypothesis":                         "stand in a hypothesis",
	"a rumour or supposition":              "are told as a rumour or supposition",
	"told as history":                      "are told as history",
	"about another part of the world":      "are about another part of the world",
	"talks of another kind":                "are about talks of another kind, not with armed groups",
	"about Islamic finance":                "are about Islamic finance",
	"nothing places the text in the Sahel": "stand in a text that nothing places in the Sahel: neither a place nor a group, force or state of it is named",
	"negated":                              "are negated",
	"nobody could be named as the one who takes the position":                      "are those of nobody whom the rules can name",
	"nobody but the force itself could be named as the one who takes the position": "name nobody but the force itself",
	"no armed group or force is named as the other side":                           "name no armed group or force as the other side",
	"the two sides are not both named":                                             "do not name both sides",
	"about what the same actor said":                                               "are about what the same actor said",
	"confidence too low":                                                           "are too uncertain, since the rule is a weak one",
}

// cause is why some words are no position, by topic with where they stand.
type cause struct {
	clause string
	topics []statement.Topic
	where  map[statement.Topic][]string
}

// mostCauses and mostPlaces are how much of the reasons a sentence tells.
const (
	mostCauses = 3
	mostPlaces = 2 // for each topic
)

// nothing tells in a sentence why no position was found.
func (x explainer) nothing() string {
	var causes []*cause
	x.eachMatch(func(s *classify.ExplainedSentence, m *classify.ExplainedMatch) {
		if isQuiet(m) {
			return
		}
		clause := x.reason(m)
		at := slices.IndexFunc(causes, func(c *cause) bool { return c.clause == clause })
		if at < 0 {
			at = len(causes)
			causes = append(causes, &cause{clause: clause, where: make(map[statement.Topic][]string)})
		}
		c := causes[at]
		if !slices.Contains(c.topics, m.Topic) {
			c.topics = append(c.topics, m.Topic)
		}
		if where := quoted(m.Quote) + " in " + placed(s.Field, s.Number); !slices.Contains(c.where[m.Topic], where) && len(c.where[m.Topic]) < mostPlaces {
			c.where[m.Topic] = append(c.where[m.Topic], where)
		}
	})
	if len(causes) == 0 {
		return x.unspoken()
	}
	parts := make([]string, 0, mostCauses)
	for _, c := range causes[:min(len(causes), mostCauses)] {
		words := make([]string, 0, len(c.topics))
		for _, topic := range c.topics {
			words = append(words, cmp.Or(topicNames[topic], "what was told before")+" ("+strings.Join(c.where[topic], ", ")+")")
		}
		parts = append(parts, "words about "+strings.Join(words, " and ")+" "+c.clause)
	}
	if len(causes) == 1 {
		return "the only " + parts[0] + "."
	}
	return strings.Join(parts, "; ") + "."
}

// reason puts into a clause why the words of a finding are no position.
func (x explainer) reason(m *classify.ExplainedMatch) string {
	clause, ok := reasonClauses[m.Why]
	if !ok {
		clause = "are no position: " + m.Why
	}
	if m.Why == "confidence too low" && m.Because == guessed {
		clause = "are too uncertain, since it is only a guess that they are those of " + x.described(m.Holder)
	}
	if m.WhyWord != "" {
		clause += ", " + quoted(m.WhyWord)
	}
	return clause
}

// isQuiet reports whether a finding tells readers nothing: words that only say what
// the matter is, or refer to a matter where none was told.
func isQuiet(m *classify.ExplainedMatch) bool {
	return m.Why == "takes no stance, names the matter for what is said of it next" || m.Why == "nothing is told before that it could be about"
}

// guessed is how the classifier calls the weakest way to find whose a position is.
const guessed = "a guess: subject of the sentence before"

// unspoken tells what is there where no rule fits anything.
func (x explainer) unspoken() string {
	var parts []string
	for _, topic := range statement.Topics {
		var words []string
		for i := range x.told.Sentences {
			s := &x.told.Sentences[i]
			for _, m := range s.Matters {
				if word := quoted(m.Quote) + " in " + placed(s.Field, s.Number); m.Topic == topic && len(words) < 2 && !slices.Contains(words, word) {
					words = append(words, word)
				}
			}
		}
		if len(words) > 0 {
			parts = append(parts, "words about "+topicNames[topic]+" ("+strings.Join(words, ", ")+")")
		}
	}
	switch {
	case len(x.told.Sentences) == 0:
		return "no part of the text is in a language that there are rules for."
	case len(parts) == 0:
		return "it has no words about talks, foreign troops or Islamic law that the rules know."
	}
	return "there are " + strings.Join(parts, " and ") + ", but no rule knows a wording there that says for or against."
}
