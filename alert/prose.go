package alert

import (
	"math"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
)

// page is a message as it is laid out in plain text and in HTML. All words in it
// are fit to be shown; only HTML escapes them.
type page struct {
	Lang  string
	RTL   bool
	Line  string   // of the whole message
	Intro []string // what kind of message it is
	Parts []part
	Rest  string   // announces Lines
	Lines []linked // further notices, by their line only
}

// part is one notice in a message.
type part struct {
	Line   string // empty where it is that of the message
	Why    []string
	Quote  quotation
	Links  []link
	Before *quotation // the line that it departs from
	Facts  []fact
}

// quotation is somebody's words with where they stand.
type quotation struct {
	Label  string
	Words  string // as they were found, in their own direction
	Marked string // the same in quotation marks
	Lang   string
	Source string
}

type fact struct {
	Label, Value string
	Plain        string // both
}

type link struct {
	Label, URL string
	Plain      string // both
}

type linked struct{ Line, URL string }

const (
	longestQuote = 700 // characters of quoted words that are shown
	fullParts    = 20  // notices of a message that are shown in full; the others by their line
)

// page lays out a message.
func (e *Editor) page(t *tongue, b *batch, line string) *page {
	p := &page{Lang: t.lang, RTL: t.rtl, Line: line}
	if b.storm {
		p.Intro = append(p.Intro, t.say("kind.storm"))
	}
	switch first := b.notices[0]; {
	case first.News != nil:
	case first.Kind == statement.NoticeHeartbeat:
		p.Intro = append(p.Intro, t.say("kind.heartbeat"))
		return p
	default:
		p.Intro = append(p.Intro, t.say("kind.watch"))
		for _, n := range b.notices {
			p.Lines = append(p.Lines, linked{Line: t.foreign(note(n.Note, 4*longestName))})
		}
		return p
	}
	for i, n := range b.notices {
		own := e.Line(t.lang, n)
		if i >= fullParts {
			p.Rest = t.say("kind.rest")
			p.Lines = append(p.Lines, linked{own, e.statementURL(n.News.Now.Statement)})
			continue
		}
		if own == line {
			own = ""
		}
		p.Parts = append(p.Parts, e.part(t, n, own))
	}
	return p
}

// part lays out one notice.
func (e *Editor) part(t *tongue, n *statement.Notice, line string) part {
	news := n.News
	s := &news.Signal
	p := part{Line: line, Quote: t.quotation(&news.Now)}
	if kind := t.kind(n); kind != "" {
		p.Why = append(p.Why, kind)
	}
	if !takesBack(n.Kind) {
		p.Why = append(p.Why, t.why(news))
	}
	for _, l := range [][2]string{
		{"link.statement", e.statementURL(news.Now.Statement)},
		{"link.signal", e.eventURL(s.Event)},
		{"link.original", webAddress(news.Now.URL)},
	} {
		if label, url := t.say(l[0]), l[1]; url != "" {
			p.Links = append(p.Links, link{label, url, t.say("fact.line", "label", label, "value", url)})
		}
	}
	if news.Then.Quote != "" {
		before := t.quotation(&news.Then)
		before.Label = t.say("fact.before")
		if news.Then.Stance != "" {
			before.Label = t.say("line.says", "actor", before.Label, "says", t.word("stance", string(news.Then.Stance)))
		}
		p.Before = &before
	}
	p.Facts = t.facts(n)
	return p
}

// quotation lays out quoted words.
func (t *tongue) quotation(c *statement.Cited) quotation {
	q := quotation{Words: clean(c.Quote, longestQuote), Lang: clean(c.Lang, 16)}
	if q.Words != "" {
		q.Marked = t.say("quote.marks", "words", isolateOpen+q.Words+isolateClose)
	}
	q.Source = t.say("line.source", "outlet", t.isolate(t.outlet(c.Outlet)), "date", t.date(c.Said, false))
	if base, _, _ := strings.Cut(strings.ToLower(q.Lang), "-"); base != "" {
		lang := t.text["lang."+base]
		if lang == "" {
			lang = t.isolate(base)
		}
		q.Source = t.say("line.in", "source", q.Source, "lang", lang)
	}
	return q
}

// facts lists what the news can be judged by. Of what is taken back there is no
// condition or deed to tell of.
func (t *tongue) facts(notice *statement.Notice) []fact {
	n := notice.News
	s := n.Signal
	condition := t.condition(n)
	if takesBack(notice.Kind) {
		condition, s.Act = "", ""
	}
	grading := Grading(n)
	rule := t.say("rule.pack", "rule", t.isolate(clean(n.Rule, longestName)), "pack", t.isolate(clean(n.Pack, 16)))
	var out []fact
	for _, f := range [][2]string{
		{"fact.condition", t.isolate(condition)},
		{"fact.speaker", t.isolate(t.speaker(&s))},
		{"fact.deed", t.deed(s.Act)},
		{"fact.grade", t.isolate(grading) + t.comma() + t.say("grade."+grading[:1]) + t.comma() + t.say("belief."+grading[1:])},
		{"fact.reports", t.say("reports.from", "reports", t.count("reports", n.Reports), "outlets", t.count("outlets", len(n.Outlets)))},
		{"fact.confidence", t.say("percent", "n", strconv.Itoa(int(math.Round(100*s.Confidence))))},
		{"fact.rule", rule},
		{"fact.doubt", t.doubt(s.Candidate)},
	} {
		if label, value := t.say(f[0]), f[1]; value != "" {
			out = append(out, fact{label, value, t.say("fact.line", "label", label, "value", value)})
		}
	}
	return out
}

func (t *tongue) speaker(s *statement.Signal) string {
	if s.Speaker == "" {
		return ""
	}
	return t.actor(s.Speaker)
}

func (t *tongue) doubt(candidate string) string {
	if candidate == "" {
		return ""
	}
	return t.isolate(t.word("doubt", candidate))
}

func (t *tongue) deed(act string) string {
	if act == "" {
		return ""
	}
	return t.isolate(t.word("deed", act))
}

// kind says what a notice does to what its receiver knows; "" if it is new.
func (t *tongue) kind(n *statement.Notice) string {
	s := &n.News.Signal
	key := "kind." + string(n.Kind)
	if n.Kind == statement.NoticeNew {
		if n.Repeats == 0 {
			return ""
		}
		key = "kind.reminder"
	}
	return t.say(key, "actor", t.isolate(t.actor(s.Actor)), "about", t.about(s),
		"to", t.word("stance", string(s.To)), "reversed", t.word("stance", string(n.News.Reversed)))
}

// why says in one sentence why a signal is news.
func (t *tongue) why(n *statement.News) string {
	s := &n.Signal
	key := "why." + string(s.Reason)
	switch {
	case s.Reason == statement.First && s.Then.Statement != "":
		key += ".lapsed"
	case s.Reason == statement.ConditionChanged:
		key += "." + conditionChange(s)
	}
	if t.text[key] == "" {
		return t.isolate(clean(s.Why, longestQuote))
	}
	return t.say(key, "actor", t.isolate(t.actor(s.Actor)), "about", t.about(s),
		"from", t.word("stance", string(s.From)), "to", t.word("stance", string(s.To)),
		"then", t.date(s.Then.Said, false), "date", t.date(s.Now.Said, false))
}

// conditionChange names what became of a condition.
func conditionChange(s *statement.Signal) string {
	switch {
	case s.From == s.To:
		return "other"
	case s.To == statement.Conditional:
		return "attached"
	case s.To == statement.Anti:
		return "acted"
	}
	return "dropped"
}

// moment is a time to the minute, in UTC.
func (t *tongue) moment(at time.Time) string {
	at = at.UTC()
	day := t.date(statement.Date{Time: at, Precision: statement.Day}, true)
	return day + t.comma() + t.isolate(at.Format("15:04 UTC"))
}

// webAddress returns an address that is safe to link to, or "".
func webAddress(url string) string {
	if !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") || len(url) > 2000 {
		return ""
	}
	if strings.ContainsFunc(url, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`<>"\^{|}`+"`", r) }) {
		return ""
	}
	return url
}
