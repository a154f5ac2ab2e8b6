package digest

import (
	"slices"

	"palabre/statement"
)

// Late is what was said before the period and came to light after the digests of
// its days had been drafted.
type Late struct {
	Statements int              // all of them
	Listed     []string         // IDs of those that the annex lists, the latest words
	Signals    []statement.News // of those
}

// mostLate is how many late signals the section tells; further ones go into the
// annex.
const mostLate = 3

// lateOnes says what came late.
func (w *writer) lateOnes() []Block {
	l := &w.m.Late
	if l.Statements == 0 {
		return nil
	}
	out := []Block{w.paragraph("late", w.t.count("late.arrived", l.Statements, nil))}
	if rest := l.Statements - len(l.Listed); rest > 0 {
		out = append(out, w.paragraph("late.unlisted", w.t.count("late.unlisted", rest, nil)))
	}
	var signals []Block
	for i := range l.Signals {
		n := &l.Signals[i]
		if s := &n.Signal; n.Care.False == "" && s.To != "" {
			f := fill{
				"date": w.date(s.Now.Said), "about": w.about(s.Topic, s.Target), "to": w.stance(s.To), "reason": plain(w.t.word("reason", string(s.Reason))),
				"notes": w.note(s.Now.Statement),
			}.name("actor", w.actor(s.Actor), w.t.lang)
			signals = append(signals, w.point("late."+digitsOf(i+1), s.To.Glyph(), w.t.join(w.t.say("late.signal", f), w.unsure(n)...)))
		}
	}
	return append(out, w.keep("corrections", signals, mostLate)...)
}

// allNews returns the news of the period and those that came late.
func (w *writer) allNews() []*statement.News {
	out := slices.Clone(w.news)
	for i := range w.m.Late.Signals {
		if n := &w.m.Late.Signals[i]; n.Care.False == "" {
			out = append(out, n)
		}
	}
	return out
}
