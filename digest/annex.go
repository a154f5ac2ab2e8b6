package digest

import (
	"strings"

	"palabre/statement"
)

// annex writes what follows the body: the rest of long lists, every statement
// with its hash, and how it all came about.
func (w *writer) annex() {
	if len(w.more) > 0 {
		w.d.Annex = append(w.d.Annex, Section{ID: "more", Title: w.title("more"), Blocks: w.more})
	}
	for i := range w.m.Citations {
		if c := w.m.Citations[i]; w.notes[c.Statement] == 0 {
			w.cite(&c, false)
		}
	}
	statements := []Block{}
	if len(w.d.Notes) == 0 {
		statements = append(statements, w.fact("statements.empty", w.t.say("empty.statements", nil)))
	}
	w.d.Annex = append(w.d.Annex,
		Section{ID: "method", Title: w.title("method"), Blocks: w.method()},
		Section{ID: "statements", Title: w.title("statements"), Blocks: statements},
	)
}

// method says how the digest came about and what it cannot know.
func (w *writer) method() []Block {
	c := &w.m.Coverage
	var out []Block
	add := func(runs []Run) { out = append(out, w.fact("method."+digitsOf(len(out)+1), runs)) }
	if len(w.d.Packs) > 0 {
		add(w.t.say("method.rules", fill{"packs": plain(strings.Join(w.d.Packs, w.comma()))}))
	} else {
		add(w.t.say("method.rules.none", nil))
	}
	for _, key := range []string{"method.event", "method.glyphs", "method.order"} {
		add(w.t.say(key, nil))
	}
	if list := w.unread(true); len(list) > 0 {
		add(w.t.say("method.unread", fill{"list": list}))
	} else {
		add(w.t.say("method.unread.none", nil))
	}
	reconstructed := 0
	for i := range w.m.Citations {
		if w.m.Citations[i].Reconstructed {
			reconstructed++
		}
	}
	for _, counted := range []struct {
		noun string
		n    int
	}{{"method.unlisted", c.Unlisted}, {"method.unclear", c.Unclear}, {"method.failed", c.Failed}, {"method.reconstructed", reconstructed}, {"method.false", len(w.false)}} {
		if counted.n > 0 {
			add(w.t.count(counted.noun, counted.n, nil))
		}
	}
	return out
}

// rows lists every utterance of the period, and news that tell of earlier ones.
func (w *writer) rows() {
	listed := make(map[string]bool)
	for i := range w.m.Utterances {
		u := &w.m.Utterances[i]
		listed[u.ID] = true
		r := Row{
			Event: u.ID, Said: u.When.String(), Actor: u.Actor, Speaker: u.Speaker, Topic: u.Topic, Target: u.Target, Stance: u.Stance,
			Condition: u.Condition, Act: u.Act, Quote: u.Evidence.Quote, FirstHand: u.FirstHand, Outlets: u.Outlets, Places: u.Places, Statement: u.Lead,
		}
		if n := w.signals[voice{u.ID, u.Actor}]; n != nil {
			r.news(n)
		}
		w.row(&r)
	}
	for _, n := range w.allNews() {
		s := &n.Signal
		if listed[s.Event] {
			continue
		}
		listed[s.Event] = true
		r := Row{
			Event: s.Event, Said: s.Now.Said.String(), Actor: s.Actor, Speaker: s.Speaker, Topic: s.Topic, Target: s.Target, Stance: s.To,
			Condition: s.Condition, Act: s.Act, Quote: s.Now.Quote, FirstHand: s.FirstHand, Outlets: len(n.Outlets), Places: n.Places, Statement: s.Now.Statement,
		}
		r.news(n)
		w.row(&r)
	}
}

// row adds a row, each text of it on one line and no longer than people read.
func (w *writer) row(r *Row) {
	for _, id := range []*string{&r.Actor, &r.Speaker, (*string)(&r.Topic), &r.Target, &r.Act, &r.Candidate} {
		*id = clean(*id, longestName)
	}
	r.Condition, r.Quote = clean(r.Condition, longestQuote), clean(r.Quote, longestQuote)
	places := make([]string, 0, len(r.Places))
	for _, p := range r.Places {
		places = append(places, clean(p, longestName))
	}
	r.Places, r.Note = places, w.notes[r.Statement]
	w.d.Rows = append(w.d.Rows, *r)
}

// news adds to a row why it is news.
func (r *Row) news(n *statement.News) {
	s := &n.Signal
	r.Signal, r.Reason, r.From, r.Candidate = s.ID, s.Reason, s.From, doubt(n)
}
