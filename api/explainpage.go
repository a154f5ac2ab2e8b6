package api

import (
	"html/template"
	"net/http"
	"slices"
	"strings"

	"palabre/classify"
	"palabre/classify/explain"
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
	Now       string // that of the rules in use
	Account   *explain.Account
	Fault     string // why it cannot be explained
	Differs   bool   // the rules in use find other positions than those in the record
	Left      int    // sentences that are not shown
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

// tell puts an explanation into sentences.
func (p *explainPage) tell(e *classify.Explanation) {
	p.Account, p.Now = explain.Of(e, p.tongue.reg), e.Reading.Pack
	if steps := p.Account.Steps; len(steps) > mostExplained {
		p.Account.Steps, p.Left = steps[:mostExplained], len(steps)-mostExplained
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

// Fragments cuts a sentence at the names that were seen in it, each where it comes
// first behind the one before.
func (p *explainPage) Fragments(x *classify.ExplainedSentence) []fragment {
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

// Meaning tells for whom or what a mention stands. It is empty of one that stands
// for nobody known.
func (p *explainPage) Meaning(m *classify.ExplainedMention) template.HTML {
	return p.tongue.told(explain.Meaning(m, p.tongue.reg))
}

// Cues are the words of classes in a sentence, each once.
func (p *explainPage) Cues(x *classify.ExplainedSentence) []classify.ExplainedCue {
	var out []classify.ExplainedCue
	for _, c := range x.Cues {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}
