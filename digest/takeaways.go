package digest

import (
	"cmp"
	"slices"

	"palabre/statement"
)

// worth is what a change weighs, by its reason: changes of course first.
var worth = map[statement.Reason]int{
	statement.Shift: 100, statement.WalkBack: 100, statement.Split: 95, statement.ConditionChanged: 75,
	statement.First: 60, statement.Posthumous: 50, statement.Reaffirmed: 45, statement.Silence: 40,
}

// weight is what a signal counts among key takeaways. What several outlets tell of
// or the actor itself says goes before a single report, and whatever is unsure
// behind everything that is not.
func weight(n *statement.News) int {
	s := &n.Signal
	w := worth[s.Reason] + int(10*s.Confidence)
	if len(n.Outlets) > 1 {
		w += 12
	}
	if s.FirstHand {
		w += 10
	}
	if n.Now.Grade.Valid() && n.Now.Grade != "F" {
		w += int('E' - n.Now.Grade[0])
	}
	if doubt(n) != "" {
		w -= 150
	}
	return w
}

// doubt returns why a signal is not certain; "" if it is, or if a person confirmed it.
func doubt(n *statement.News) string {
	if n.Care.Confirmed != "" {
		return ""
	}
	return n.Signal.Candidate
}

// unsure says that a signal is in doubt, and why; nothing if it is not. No
// section may tell of a signal without it.
func (w *writer) unsure(n *statement.News) []Run {
	why := doubt(n)
	if why == "" {
		return nil
	}
	return append(plain(" "), w.t.say("proof.candidate", fill{"doubt": plain(w.t.word("doubt", why))})...)
}

// ranked returns the signals, the weightiest first; of equal ones, the latest.
func (w *writer) ranked() []*statement.News {
	out := slices.Clone(w.news)
	slices.SortStableFunc(out, func(a, b *statement.News) int {
		return cmp.Or(weight(b)-weight(a), b.Signal.Now.Said.Time.Compare(a.Signal.Now.Said.Time), cmp.Compare(a.Signal.ID, b.Signal.ID))
	})
	return out
}

// takeaways writes the key takeaways.
func (w *writer) takeaways() []Block {
	var out []Block
	for i, n := range w.ranked() {
		out = append(out, w.point("takeaways."+digitsOf(i+1), w.arrow(n.Signal.From, n.Signal.To), w.takeaway(n)))
	}
	return w.keep("takeaways", out, mostTakeaways)
}

// arrow shows a move from one stance to another.
func (w *writer) arrow(from, to statement.Stance) string {
	switch {
	case to == "":
		return "…"
	case from == "" || from == to:
		return to.Glyph()
	case w.t.rtl:
		return from.Glyph() + "←" + to.Glyph()
	}
	return from.Glyph() + "→" + to.Glyph()
}

// takeaway says a signal in a sentence, and how it is borne out.
func (w *writer) takeaway(n *statement.News) []Run {
	s := &n.Signal
	out := w.t.say(w.takeKey(s), w.fillOf(n))
	add := func(runs []Run) {
		if len(runs) > 0 {
			out = w.t.join(out, Run{Text: " "})
			out = w.t.join(out, runs...)
		}
	}
	if c := w.condition(n.Demands, s.Condition, n.Now.Lang); len(c) > 0 && s.Reason != statement.Silence {
		add(w.t.say("take.condition", fill{"condition": c}))
	}
	if s.Act != "" {
		add(w.t.say("take.deed", fill{"deed": plain(w.t.word("deed", s.Act))}))
	}
	if s.Reason != statement.Silence {
		add(w.proof(n))
	}
	out = w.t.join(out, w.unsure(n)...)
	if s.Reason != statement.Silence && !courses[s.Reason] { // these stand with both quotes below
		add(w.quote(n.Now.Quote, n.Now.Lang, shortQuote))
	}
	return out
}

// shortQuote is how many characters of a quote stand behind a takeaway.
const shortQuote = 160

// takeKey names the template of a signal's sentence.
func (w *writer) takeKey(s *statement.Signal) string {
	key := "take." + string(s.Reason)
	switch {
	case s.Reason == statement.First && s.Then.Statement != "":
		key += ".lapsed"
	case s.Reason == statement.ConditionChanged:
		key += "." + conditionChange(s)
	}
	if w.t.has(key) {
		return key
	}
	return "take.plain"
}

// conditionChange names what became of a condition.
func conditionChange(s *statement.Signal) string {
	switch {
	case s.From == s.To && s.Act != "":
		return "deed"
	case s.From == s.To:
		return "another"
	case s.To == statement.Conditional:
		return "attached"
	case s.To == statement.Anti:
		return "acted"
	}
	return "dropped"
}

// fillOf is what the sentences about a signal are filled with.
func (w *writer) fillOf(n *statement.News) fill {
	s := &n.Signal
	return fill{
		"about": w.about(s.Topic, s.Target), "from": w.stance(s.From), "to": w.stance(s.To),
		"then": w.date(s.Then.Said), "date": w.date(s.Now.Said), "notes": w.note(s.Now.Statement, s.Then.Statement),
	}.name("actor", w.actor(s.Actor), w.t.lang)
}

// proof says how a signal is borne out.
func (w *writer) proof(n *statement.News) []Run {
	switch {
	case n.Signal.FirstHand && n.Signal.Speaker != "":
		return w.t.say("proof.own.by", fill{"speaker": plain(w.actor(n.Signal.Speaker).bare)})
	case n.Signal.FirstHand:
		return w.t.say("proof.own", nil)
	case len(n.Outlets) > 1:
		return w.t.say("proof.told", fill{"outlets": w.t.count("outlets", len(n.Outlets), nil)})
	case doubt(n) == "":
		return w.t.say("proof.single", nil)
	}
	return nil
}

// condition is what must happen first: the kinds of demand where they are known,
// else the words.
func (w *writer) condition(demands []string, words, lang string) []Run {
	var out []Run
	for _, id := range demands {
		if label := w.demand(id); label != "" {
			if len(out) > 0 {
				out = w.t.join(out, Run{Text: w.comma()})
			}
			out = w.t.join(out, Run{Text: clean(label, longestName)})
		}
	}
	if len(out) > 0 {
		return out
	}
	return w.quote(words, lang, longestName)
}

func (w *writer) comma() string {
	if w.t.rtl {
		return "، "
	}
	return ", "
}

// courses are the reasons that stand with both quotes.
var courses = map[statement.Reason]bool{statement.Shift: true, statement.WalkBack: true, statement.Split: true}

// shifts shows changes of course, each with both quotes.
func (w *writer) shifts() []Block {
	var out []Block
	shown := 0
	for _, n := range w.ranked() {
		if !courses[n.Signal.Reason] {
			continue
		}
		blocks := w.shift(n, shown+1)
		if shown++; shown > mostShifts {
			if shown == mostShifts+1 {
				w.more = append(w.more, w.heading(w.title("shifts")))
			}
			w.more = append(w.more, blocks...)
			continue
		}
		out = append(out, blocks...)
	}
	if shown > mostShifts {
		out = append(out, w.moreOf("shifts", shown-mostShifts))
	}
	return out
}

func (w *writer) shift(n *statement.News, i int) []Block {
	s := &n.Signal
	part := "shifts." + digitsOf(i)
	f := w.fillOf(n)
	f["reason"] = plain(w.t.word("reason", string(s.Reason)))
	if s.From == "" {
		f["from"] = w.stance(n.Then.Stance)
	}
	line := w.t.say("shift.line", f)
	for i := range line {
		line[i].Strong = true
	}
	if unsure := w.unsure(n); unsure != nil {
		line = w.t.join(append(line, Run{Text: ".", Strong: true}), unsure...)
	}
	before := w.paragraph(part+".before", w.t.say("shift.no-before", nil))
	if n.Then.Quote != "" {
		before = w.quotation(part+".before", "shift.before", &n.Then, cmp.Or(n.Then.Stance, s.From))
	}
	return []Block{
		w.point(part, w.arrow(cmp.Or(s.From, n.Then.Stance), s.To), line), before, w.quotation(part+".now", "shift.now", &n.Now, s.To),
	}
}

// quotation shows words with where they stand.
func (w *writer) quotation(part, key string, c *statement.Cited, stance statement.Stance) Block {
	runs := w.t.say(key, fill{"stance": w.stance(stance)})
	runs = w.t.join(runs, Run{Text: " "})
	runs = w.t.join(runs, w.quote(c.Quote, c.Lang, longestQuote)...)
	f := fill{"outlet": plain(w.outlet(c.Outlet)), "date": w.date(c.Said), "notes": w.note(c.Statement)}
	source := "quote.source"
	if name := statement.LanguageName(c.Lang, w.t.lang); name != "" && base(c.Lang) != w.t.lang {
		source += ".in"
		f["lang"] = w.t.say("lang.in", fill{"lang": plain(name)})
	}
	runs = w.t.join(runs, Run{Text: " "})
	runs = w.t.join(runs, w.t.say(source, f)...)
	return Block{Kind: Quotation, Text: &Passage{Part: part, Runs: runs, Machine: true}}
}
