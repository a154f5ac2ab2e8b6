package digest

import (
	"cmp"
	"slices"

	"palabre/statement"
)

// topics shows where each principal stands, a table for each topic.
func (w *writer) topics() []Block {
	byTopic := make(map[statement.Topic][]*Standing)
	order := slices.Clone(statement.Topics)
	for i := range w.m.Standings {
		s := &w.m.Standings[i]
		if !s.FirstHand && w.hasOwn(s) {
			continue
		}
		if !slices.Contains(order, s.Topic) {
			order = append(order, s.Topic)
		}
		byTopic[s.Topic] = append(byTopic[s.Topic], s)
	}
	var out []Block
	for _, topic := range order {
		stands := byTopic[topic]
		if len(stands) == 0 {
			continue
		}
		slices.SortStableFunc(stands, func(a, b *Standing) int {
			return cmp.Or(w.heat(b)-w.heat(a), b.Confirmed.Time.Compare(a.Confirmed.Time), cmp.Compare(a.Actor, b.Actor), cmp.Compare(a.Target, b.Target))
		})
		title := w.heading(w.t.word("topic", string(topic)))
		shown := stands[:min(mostStands, len(stands))]
		out = append(out, title, w.standTable(topic, shown, 0))
		if rest := stands[len(shown):]; len(rest) > 0 {
			out = append(out, w.moreOf("topics."+string(topic), len(rest)))
			w.more = append(w.more, title, w.standTable(topic, rest, len(shown)))
		}
	}
	return out
}

// hasOwn reports whether the actor has a line of its own words where s is what is
// reported of it.
func (w *writer) hasOwn(s *Standing) bool {
	return slices.ContainsFunc(w.m.Standings, func(o Standing) bool {
		return o.FirstHand && o.Actor == s.Actor && o.Topic == s.Topic && o.Target == s.Target
	})
}

// heat puts lines that moved before those that were repeated, then those of the
// other side of either, then the rest, and what has lapsed last.
func (w *writer) heat(s *Standing) int {
	switch {
	case w.signals[voice{s.Event, s.Actor}] != nil:
		return 4
	case moved(s):
		return 3
	case w.m.Period.Holds(s.Confirmed):
		return 2
	case w.spokenTo(s):
		return 1
	case s.Lapsed:
		return -1
	}
	return 0
}

// spokenTo reports whether a line is that of a side with which another dealt in
// the period.
func (w *writer) spokenTo(s *Standing) bool {
	return slices.ContainsFunc(w.m.Standings, func(o Standing) bool {
		return o.Topic == s.Topic && o.Target != "" && o.Target == s.Actor && o.Actor == s.Target && (moved(&o) || w.m.Period.Holds(o.Confirmed))
	})
}

// moved reports whether a line is another than at the beginning of the period.
func moved(s *Standing) bool { return s.Before.Stance != "" && s.Before.Stance != s.Stance }

func (w *writer) standTable(topic statement.Topic, stands []*Standing, from int) Block {
	t := &Table{Head: w.headOf("actor", "position", "since", "why")}
	for i, s := range stands {
		part := "topics." + string(topic) + "." + digitsOf(from+i+1)
		t.Rows = append(t.Rows, []Passage{
			{Runs: capital(plain(w.actor(s.Actor).bare))},
			{Glyph: w.arrow(w.cameFrom(s), s.Stance), Runs: w.position(s)},
			{Runs: w.date(s.Since)},
			{Part: part, Runs: w.because(s), Machine: true},
		})
	}
	return Block{Kind: TableBlock, Table: t}
}

// cameFrom is the stance that the arrow of a line begins with: that which its reason
// names, else the one at the beginning of the period.
func (w *writer) cameFrom(s *Standing) statement.Stance {
	if n := w.signals[voice{s.Event, s.Actor}]; n != nil && w.t.has(w.whyKey(&n.Signal)) {
		return n.Signal.From
	}
	return s.Before.Stance
}

func (w *writer) headOf(keys ...string) []string {
	out := make([]string, len(keys))
	for i, k := range keys {
		out[i] = w.t.line("head."+k, nil)
	}
	return out
}

// position is a stance with its other side.
func (w *writer) position(s *Standing) []Run {
	runs := w.stance(s.Stance)
	if side := w.side(s.Topic, s.Target); len(side) > 0 {
		runs = w.t.say("state.side", fill{"stance": runs, "side": side})
	}
	if !s.FirstHand {
		runs = w.t.say("state.reported", fill{"position": runs})
	}
	return runs
}

// because says why the arrow of a line points as it does.
func (w *writer) because(s *Standing) []Run {
	f := fill{"date": w.date(s.Confirmed), "from": w.stance(s.Before.Stance), "then": w.date(s.Before.Said), "notes": w.note(s.Statement)}
	n := w.signals[voice{s.Event, s.Actor}]
	key := "why.stands"
	switch {
	case n != nil && w.t.has(w.whyKey(&n.Signal)):
		key = w.whyKey(&n.Signal)
		f = w.fillOf(n)
	case s.Lapsed:
		key = "why.lapsed"
	case moved(s):
		key = "why.moved"
		f["notes"] = w.note(s.Statement, s.Before.Statement)
	case s.Before.Stance == "" && w.m.Period.Holds(s.Since):
		key = "why.new"
	case w.m.Period.Holds(s.Confirmed):
		key = "why.repeated"
	}
	out := w.t.say(key, f)
	if n != nil {
		out = w.t.join(out, w.unsure(n)...)
	}
	if s.Stance == statement.Conditional && s.Condition != "" {
		lang := w.cites[s.Statement].Lang
		var kinds []string
		if n != nil {
			kinds = n.Demands
		} else {
			kinds = w.kindsOf(s)
		}
		out = w.t.join(out, Run{Text: " "})
		out = w.t.join(out, w.t.say("why.condition", fill{"condition": w.condition(kinds, s.Condition, lang)})...)
	}
	return out
}

func (w *writer) whyKey(s *statement.Signal) string {
	key := "why.signal." + string(s.Reason)
	if s.Reason == statement.First && s.Then.Statement != "" {
		key += ".lapsed"
	}
	return key
}

// kindsOf returns the kinds of demand that a line's condition is known to be.
func (w *writer) kindsOf(s *Standing) []string {
	var out []string
	for i := range w.m.Demands {
		d := &w.m.Demands[i]
		if d.Actor == s.Actor && d.Topic == s.Topic && d.Target == s.Target && d.What != "" && d.Last.Statement == s.Statement {
			out = append(out, d.What)
		}
	}
	return out
}

// conditions shows what became of demands.
func (w *writer) conditions() []Block {
	if len(w.m.Demands) == 0 {
		return nil
	}
	head := w.headOf("actor", "demand", "of", "status")
	body, rest := &Table{Head: head}, &Table{Head: head}
	for i := range w.m.Demands {
		t := body
		if i >= mostDemands {
			t = rest
		}
		t.Rows = append(t.Rows, w.demandRow(i, &w.m.Demands[i]))
	}
	out := []Block{{Kind: TableBlock, Table: body}}
	if n := len(rest.Rows); n > 0 {
		out = append(out, w.moreOf("conditions", n))
		w.more = append(w.more, w.heading(w.title("conditions")), Block{Kind: TableBlock, Table: rest})
	}
	return out
}

func (w *writer) demandRow(i int, d *DemandChange) []Passage {
	lang := w.cites[d.Last.Statement].Lang
	words := w.quote(d.Words, lang, longestName)
	if kind := w.demand(d.What); kind != "" {
		words = w.t.say("demand.both", fill{"kind": plain(kind), "words": words})
	}
	of := w.t.say("demand.of.nobody", nil)
	if d.Of != "" {
		of = capital(plain(w.actor(d.Of).bare))
	}
	f := fill{
		"date": w.date(d.Last.Said), "notes": w.note(cmp.Or(d.By, d.Last.Statement), d.Last.Statement),
		"before": w.quote(d.Before, w.cites[d.First.Statement].Lang, longestName),
	}
	key := "change." + string(d.Change)
	if d.Change == DemandNew {
		f["date"] = w.date(d.First.Said)
	}
	if d.Change == DemandChanged && d.Before != "" {
		key += ".before"
		f["notes"] = w.note(d.Last.Statement, d.First.Statement)
	}
	return []Passage{
		{Runs: capital(plain(w.actor(d.Actor).bare))},
		{Runs: capital(words)},
		{Runs: of},
		{Part: "conditions." + digitsOf(i+1), Runs: w.t.say(key, f), Machine: true},
	}
}
