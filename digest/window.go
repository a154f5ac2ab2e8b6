package digest

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"time"

	"palabre/statement"
)

// window says what the period is, who had the watch, and what came in.
func (w *writer) window() []Block {
	return []Block{
		w.fact("window.period", w.t.say("window.line", fill{"window": plain(w.span()), "at": w.moment(w.m.Made)})),
		w.fact("window.officers", w.officers()),
		w.fact("window.coverage", w.coverage()),
	}
}

// fact is a paragraph that counts or names what the record holds, and judges
// nothing: it is not marked as the machine's draft.
func (w *writer) fact(part string, runs []Run) Block {
	return Block{Kind: Paragraph, Text: &Passage{Part: part, Runs: runs}}
}

func (w *writer) officers() []Run {
	var all [][]Run
	for _, o := range w.m.Officers {
		f := fill{"who": plain(clean(o.Who, longestName)), "from": w.date(dayOf(o.From))}
		key := "officer.open"
		if !o.To.IsZero() {
			key, f["to"] = "officer.span", w.date(dayOf(o.To))
		}
		all = append(all, w.t.say(key, f))
	}
	if len(all) == 0 {
		return w.t.say("officers.none", nil)
	}
	return w.t.say("officers.line", fill{"officers": w.list(all)})
}

// list puts commas between texts.
func (w *writer) list(all [][]Run) []Run {
	var out []Run
	for i, runs := range all {
		if i > 0 {
			out = w.t.join(out, Run{Text: w.comma()})
		}
		out = w.t.join(out, runs...)
	}
	return out
}

// coverage is the line that says what came in and what did not.
func (w *writer) coverage() []Run {
	c := &w.m.Coverage
	f := fill{"silent": w.silent(c.Silent), "unread": w.unread(false)}
	if c.Statements == 0 {
		return w.t.say("coverage.none", f)
	}
	codes := slices.SortedFunc(maps.Keys(c.Langs), func(a, b string) int { return cmp.Or(c.Langs[b]-c.Langs[a], cmp.Compare(a, b)) })
	var langs [][]Run
	for _, code := range codes {
		langs = append(langs, w.t.say("coverage.lang", fill{"lang": plain(w.language(code)), "n": plain(strconv.Itoa(c.Langs[code]))}))
	}
	f["langs"] = w.list(langs)
	f["statements"], f["sources"] = w.t.count("statements", c.Statements, nil), w.t.count("sources", c.Sources, nil)
	return w.t.say("coverage.line", f)
}

// language names a language for people.
func (w *writer) language(code string) string {
	return cmp.Or(statement.LanguageName(clean(code, longestTag), w.t.lang), w.t.line("lang.unknown", nil))
}

// silent names the sources that brought nothing.
func (w *writer) silent(sources []Silent) []Run {
	if len(sources) == 0 {
		return w.t.say("coverage.heard", nil)
	}
	var all [][]Run
	for i, s := range sources {
		if i == mostSilent {
			all = append(all, w.t.count("silent.more", len(sources)-i, nil))
			break
		}
		f := fill{"source": plain(clean(s.Source, longestName))}
		key := "silent.never"
		if !s.Since.IsZero() {
			key, f["date"] = "silent.since", plain(w.weekday(s.Since))
		}
		runs := w.t.say(key, f)
		if why := clean(s.Why, longestName); why != "" {
			runs = w.t.say("silent.why", fill{"silent": runs, "why": plain(why)})
		}
		all = append(all, runs)
	}
	return w.t.count("silent", len(sources), fill{"list": w.list(all)})
}

// weekday names a day of the last week by its name, other days by their date.
func (w *writer) weekday(at time.Time) string {
	at = at.UTC()
	if at.Before(w.m.Period.To.AddDate(0, 0, -7)) || !at.Before(w.m.Period.To) {
		return dayOf(at).In(w.t.lang)
	}
	return w.t.line("weekday."+strconv.Itoa((int(at.Weekday())+6)%7+1), nil)
}

// unread counts what the rules could not read: by what it is or, in detail, by
// language too.
func (w *writer) unread(detail bool) []Run {
	type kind struct{ medium, lang string }
	counts := make(map[kind]int)
	for _, u := range w.m.Coverage.Unread {
		k := kind{medium: "text"}
		if u.Medium == "audio" || u.Medium == "video" {
			k.medium = u.Medium
		}
		if detail {
			k.lang = u.Lang
		}
		counts[k] += u.N
	}
	kinds := slices.SortedFunc(maps.Keys(counts), func(a, b kind) int {
		return cmp.Or(cmp.Compare(a.medium, b.medium), counts[b]-counts[a], cmp.Compare(a.lang, b.lang))
	})
	var all [][]Run
	for _, k := range kinds {
		what := w.t.count("unread."+k.medium, counts[k], nil)
		if counts[k] == 0 {
			continue
		}
		if detail {
			what = w.t.say("unread.in", fill{"what": what, "lang": plain(w.language(k.lang))})
		}
		all = append(all, what)
	}
	switch {
	case len(all) > 0:
		return w.list(all)
	case detail:
		return nil
	}
	return w.t.say("coverage.read", nil)
}

// outlook is the analyst's. Nothing is ever written here.
func (w *writer) outlook() []Block {
	return []Block{{Kind: Paragraph, Text: &Passage{Part: "outlook", Runs: []Run{}}}}
}
