package api

import (
	"net/http"
	"slices"
	"strings"

	"palabre/classify"
	"palabre/statement"
	"palabre/store"
)

// explainPage tells how the rules in use read a statement, sentence by sentence.
type explainPage struct {
	frame
	Asked     string
	Statement *statement.Statement
	Lang      string
	Pack      string // version of the rules whose reading is in the record
	Explained *classify.Explanation
	Fault     string // why it cannot be explained
	Differs   bool   // the rules in use find other positions than those in the record
	Sentences []explained
	Quiet     int // sentences in which nothing was seen
	Left      int // sentences that are not shown
}

// explained is a sentence in which something was seen.
type explained struct {
	Number int // in the text, from 1
	*classify.ExplainedSentence
	Parts []fragment
}

// fragment is a piece of a sentence. Mention is what a name in it stands for.
type fragment struct {
	Text    string
	Mention *classify.ExplainedMention
}

// mostExplained is how many sentences are told about.
const mostExplained = 120

func (s *server) explainPage(r *http.Request) (string, any, error) {
	if s.rules == nil {
		return "", nil, errNoRules
	}
	view, err := s.store.Statement(r.Context(), r.PathValue("id"))
	if err != nil {
		return "", nil, err
	}
	st := &view.Statement
	f, err := s.frame(r, noSection, say("How “%s” was read", plain(st.Title)))
	if err != nil {
		return "", nil, err
	}
	f.Styles = []string{"reading.css"}
	page := &explainPage{frame: f, Asked: st.Of, Statement: st, Lang: mainLang(st, view.Reading.Langs), Pack: view.Reading.Pack}
	e, err := s.rules.Pack().Explain(st)
	if err != nil {
		page.Fault = err.Error()
		return "explain", page, nil
	}
	page.Differs = differs(view, e.Reading.Positions)
	page.tell(e)
	return "explain", page, nil
}

// tell lays an explanation out.
func (p *explainPage) tell(e *classify.Explanation) {
	p.Explained = e
	number := 0 // of a sentence of the text
	for i := range e.Sentences {
		x := &e.Sentences[i]
		if x.Field == statement.Text {
			number++
		}
		switch {
		case len(x.Matches)+len(x.Mentions)+len(x.Nearly) == 0:
			p.Quiet++
		case len(p.Sentences) == mostExplained:
			p.Left++
		default:
			p.Sentences = append(p.Sentences, explained{number, x, fragmentsIn(x)})
		}
	}
}

// differs reports whether positions are others than those that the record holds.
func differs(view *store.View, now []statement.Position) bool {
	held := view.Reading.Positions
	same := func(a, b statement.Position) bool { return a.Claim() == b.Claim() && a.Stance == b.Stance }
	return len(held) != len(now) || slices.ContainsFunc(now, func(p statement.Position) bool {
		return !slices.ContainsFunc(held, func(q statement.Position) bool { return same(p, q) })
	})
}

// fragmentsIn cuts a sentence at the names that were seen in it, each where it
// comes first behind the one before.
func fragmentsIn(x *classify.ExplainedSentence) []fragment {
	var out []fragment
	rest := x.Text
	for i := range x.Mentions {
		m := &x.Mentions[i]
		at := strings.Index(rest, m.Quote)
		if m.Quote == "" || at < 0 {
			continue
		}
		if at > 0 {
			out = append(out, fragment{Text: rest[:at]})
		}
		out = append(out, fragment{m.Quote, m})
		rest = rest[at+len(m.Quote):]
	}
	if rest != "" {
		out = append(out, fragment{Text: rest})
	}
	return out
}

// Bracketed cuts words at the brackets around those that a rule asks for.
func (p *explainPage) Bracketed(marked string) []Fragment {
	var out []Fragment
	for _, part := range strings.FieldsFunc(strings.ReplaceAll(marked, "[", "\x00["), func(r rune) bool { return r == 0 || r == ']' }) {
		text, mark := strings.CutPrefix(part, "[")
		out = append(out, Fragment{text, mark})
	}
	return out
}

// Meaning says what a mention stands for: a person and whom he speaks for, a body,
// or its troops.
func (p *explainPage) Meaning(m *classify.ExplainedMention) string {
	t := p.tongue
	who := t.actor(m.Actor)
	if m.Speaker != "" && m.Speaker != m.Actor {
		who = t.say("%s, for %s", t.person(m.Speaker), who)
	}
	switch {
	case m.Force != "" && m.Actor == "":
		who = t.say("troops of %s", t.actor(m.Force))
	case m.Force != "":
		who = t.say("%s, %s", who, t.say("troops of %s", t.actor(m.Force)))
	case m.Actor == "" && m.Pronoun:
		return t.say("points back to nobody known")
	case m.Actor == "":
		return ""
	}
	switch {
	case m.Pronoun:
		return t.say("points back to %s", who)
	case m.Guess:
		return t.say("a description, perhaps of %s", who)
	}
	return who
}

// Kept are the cues of a sentence, each once.
func (x explained) Kept() []classify.ExplainedCue {
	var out []classify.ExplainedCue
	for _, c := range x.Cues {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}
