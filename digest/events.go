package digest

import (
	"cmp"
	"slices"

	"palabre/statement"
)

// answers says who answered whom.
func (w *writer) answers() []Block {
	var out []Block
	for i := range w.m.Answers {
		a := &w.m.Answers[i]
		if w.isFalse(&a.By) || w.isFalse(&a.To) {
			continue
		}
		key := "answer.line"
		if a.By.Actor == a.To.Actor {
			key = "answer.own"
		}
		f := fill{
			"days": w.t.count("days", a.Days, nil), "about": w.about(a.By.Topic, a.By.Target),
			"stance": w.stance(a.By.Stance), "answered": w.stance(a.To.Stance), "how": plain(w.t.word("how", string(a.How))),
			"notes": w.note(a.By.Lead), "notes2": w.note(a.To.Lead),
		}.name("by", w.actor(a.By.Actor), w.t.lang).name("to", w.actor(a.To.Actor), w.t.lang)
		out = append(out, w.point("answers."+digitsOf(len(out)+1), a.By.Stance.Glyph(), w.t.say(key, f)))
	}
	return w.keep("answers", out, mostAnswers)
}

// isFalse reports whether the desk holds what was read of an event to be false.
func (w *writer) isFalse(e *statement.Event) bool {
	v := voice{e.ID, e.Actor}
	return w.false[v] && w.signals[v] == nil
}

// deeds lists deeds and local accords by cercle, those without a place last.
func (w *writer) deeds() []Block {
	type told struct {
		where string
		deed  *Utterance
	}
	var all []told
	for i := range w.m.Utterances {
		u := &w.m.Utterances[i]
		if u.Act == "" || w.isFalse(&u.Event) {
			continue
		}
		var where []string
		for _, p := range u.Places {
			if c := w.cercle(p); !slices.Contains(where, c) {
				where = append(where, c)
			}
		}
		if len(where) == 0 {
			where = []string{""}
		}
		for _, c := range where {
			all = append(all, told{c, u})
		}
	}
	slices.SortStableFunc(all, func(a, b told) int {
		if (a.where == "") != (b.where == "") {
			return cmp.Compare(b.where, a.where)
		}
		return cmp.Compare(a.where, b.where)
	})
	var out []Block
	for i, d := range all {
		runs := w.t.say("deed.nowhere", nil)
		if d.where != "" {
			runs = w.t.say("deed.place", fill{"place": plain(d.where)})
		}
		for r := range runs {
			runs[r].Strong = true
		}
		runs = append(runs, Run{Text: " "})
		f := fill{
			"deed": plain(w.t.word("deed", d.deed.Act)), "about": w.about(d.deed.Topic, d.deed.Target), "date": w.date(d.deed.When), "notes": w.note(d.deed.Lead),
		}.name("actor", w.actor(d.deed.Actor), w.t.lang)
		runs = append(runs, w.t.say("deed.line", f)...)
		if n := w.signals[voice{d.deed.ID, d.deed.Actor}]; n != nil {
			runs = w.t.join(runs, w.unsure(n)...)
		}
		out = append(out, w.point("deeds."+digitsOf(i+1), d.deed.Stance.Glyph(), runs))
	}
	return w.keep("deeds", out, mostDeeds)
}

// silences names those who did not answer, and principals that said nothing.
func (w *writer) silences() []Block {
	var out []Block
	for _, n := range w.news {
		if n.Signal.Reason != statement.Silence {
			continue
		}
		part := "silences." + digitsOf(len(out)+1)
		out = append(out, w.point(part, "…", w.t.join(w.t.say("silence.line", w.fillOf(n)), w.unsure(n)...)))
	}
	out = w.keep("silences", out, mostQuiet)
	if quiet := w.quiet(w.m.Quiet); len(quiet) > 0 {
		out = append(out, quiet...)
	}
	return out
}

// quiet names principals that said nothing, those that spoke last first.
func (w *writer) quiet(all []Quiet) []Block {
	if len(all) == 0 {
		return nil
	}
	shown := all[:min(mostQuiet, len(all))]
	out := []Block{w.paragraph("silences.quiet", w.quietLine(shown))}
	if rest := all[len(shown):]; len(rest) > 0 {
		out = append(out, w.moreOf("silences.quiet", len(rest)))
		w.more = append(w.more, w.heading(w.title("silences")), w.paragraph("silences.quiet.rest", w.quietLine(rest)))
	}
	return out
}

func (w *writer) quietLine(all []Quiet) []Run {
	var names [][]Run
	for _, q := range all {
		key := "silence.last"
		if q.Last.IsZero() {
			key = "silence.never"
		}
		f := fill{"date": w.date(q.Last), "notes": w.note(q.Statement)}.name("actor", w.actor(q.Actor), w.t.lang)
		names = append(names, w.t.say(key, f))
	}
	return w.t.say("silence.quiet", fill{"list": w.list(names)})
}

// corrections says what earlier digests told and no longer holds.
func (w *writer) corrections() []Block {
	var out []Block
	for i := range w.m.Corrections {
		c := &w.m.Corrections[i]
		period := plain(c.Period.String())
		digest := w.t.say("digest.named", fill{"period": period})
		if c.Number > 0 {
			digest = w.t.say("digest.numbered", fill{"n": plain(digitsOf(c.Number)), "period": period})
		}
		f := fill{
			"digest": digest, "about": w.about(c.Row.Topic, c.Row.Target), "was": w.stance(c.Row.Stance), "now": w.stance(c.Now), "notes": w.note(c.Row.Statement),
		}.name("actor", w.actor(c.Row.Actor), w.t.lang)
		runs := w.t.say(correctionKey(c), f)
		if note := clean(c.Note, longestQuote); note != "" {
			runs = w.t.say("correction.note", fill{"correction": runs, "note": {{Text: note, Lang: "und"}}})
		}
		out = append(out, w.point("corrections."+digitsOf(i+1), "•", runs))
	}
	return out
}

// correctionKey names the text of a correction.
func correctionKey(c *Correction) string {
	switch {
	case c.Now == "" && c.Row.Reason == statement.Silence:
		return "correction.silence"
	case c.Now == "":
		return "correction.withdrawn"
	case c.Row.Stance == "":
		return "correction.restored"
	}
	return "correction.changed"
}
