package alert

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"palabre/statement"
)

// LineLength is the most characters of an alert line.
const LineLength = 100

// Line returns the alert line of one notice, at most [LineLength] characters:
//
//	SHIFT · dialogue · JNIM: against → conditional (French withdrawal) — Al-Zallaqa, 8 Mar 2020, ar · A2
//
// Where it would be longer, the condition is shortened first, then the outlet's
// name, then the actor's; if that is not enough, the language goes, the outlet
// and the date. The reason, the stance and the grading always stand.
func (e *Editor) Line(lang string, n *statement.Notice) string {
	t := e.tongue(lang)
	if n.News == nil {
		return t.lineOfWatch(n)
	}
	s := &n.News.Signal
	l := line{
		tongue:    t,
		head:      t.head(n),
		topic:     t.word("topic", string(s.Topic)),
		force:     t.force(s),
		actor:     t.actor(s.Actor),
		says:      t.says(n),
		condition: t.condition(n.News),
		outlet:    t.outlet(n.News.Now.Outlet),
		date:      t.date(n.News.Now.Said, true),
		lang:      t.inLanguage(n.News.Now.Lang),
		grading:   Grading(n.News),
	}
	if s.Reason == statement.Silence || takesBack(n.Kind) {
		l.condition = ""
	}
	return l.fit()
}

// force is whose foreign troops a signal is about, if they are somebody else's
// and have a name.
func (t *tongue) force(s *statement.Signal) string {
	if s.Topic != statement.ForeignTroops || s.Target == "" || s.Target == s.Actor {
		return ""
	}
	if name := t.actor(s.Target); name != s.Target {
		return name
	}
	return ""
}

// line is an alert line in parts.
type line struct {
	*tongue
	head, topic, force, actor, says, condition, outlet, date, lang, grading string
}

// fit joins the parts and shortens them until they fit.
func (l *line) fit() string {
	text := l.join()
	for _, step := range []struct {
		part  *string
		least int // characters that it keeps; 0 takes it away
	}{
		{&l.condition, 8}, {&l.condition, 0}, {&l.outlet, 8}, {&l.force, 8}, {&l.actor, 8}, {&l.lang, 0}, {&l.force, 0}, {&l.topic, 8}, {&l.outlet, 0}, {&l.date, 0}, {&l.topic, 4}, {&l.actor, 3},
	} {
		over := utf8.RuneCountInString(text) - LineLength
		if over <= 0 {
			break
		}
		if step.least == 0 {
			*step.part = ""
		} else {
			*step.part = shorten(*step.part, max(utf8.RuneCountInString(*step.part)-over, step.least))
		}
		text = l.join()
	}
	return clip(text, LineLength)
}

func (l *line) join() string {
	var b strings.Builder
	b.WriteString(l.head)
	b.WriteString(" · ")
	b.WriteString(l.isolate(l.topic))
	if l.force != "" {
		b.WriteString(" (" + l.isolate(l.force) + ")")
	}
	b.WriteString(" · ")
	b.WriteString(l.say("line.says", "actor", l.isolate(l.actor), "says", l.says))
	if l.condition != "" {
		b.WriteString(" (" + l.isolate(l.condition) + ")")
	}
	source := cmp.Or(l.isolate(l.outlet), l.date)
	if l.outlet != "" && l.date != "" {
		source = l.say("line.source", "outlet", source, "date", l.date)
	}
	if l.lang != "" && source != "" {
		source = l.say("line.in", "source", source, "lang", l.lang)
	}
	if source != "" {
		b.WriteString(" — " + source)
	}
	b.WriteString(" · " + l.grading) // at the end it reads right without isolates
	return b.String()
}

// head is what a line begins with: the reason, and what the notice does to what
// was told before. In a correction that stands for the reason.
func (t *tongue) head(n *statement.Notice) string {
	reason := t.word("reason", string(n.News.Signal.Reason))
	switch n.Kind {
	case statement.NoticeCorrected:
		return t.say("head.corrected")
	case statement.NoticeUpdate, statement.NoticeWithdrawn, statement.NoticeEscalated:
		return t.say("head."+string(n.Kind)) + " · " + reason
	}
	if n.Repeats > 0 {
		return t.say("head.reminder") + " · " + reason
	}
	return reason
}

// says is the stance, and where it comes from.
func (t *tongue) says(n *statement.Notice) string {
	s := &n.News.Signal
	to := t.word("stance", string(s.To))
	switch {
	case n.Kind == statement.NoticeCorrected:
		return t.say("line.rather", "now", t.word("stance", string(n.News.Reversed)), "before", to)
	case s.Reason == statement.Silence:
		return t.say("line.quiet")
	case s.From == "" || s.From == s.To:
		return to
	}
	return t.say("line.moves", "from", t.word("stance", string(s.From)), "to", to)
}

// inLanguage is the language of the words: its code, which Arabic spells out.
func (t *tongue) inLanguage(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(clean(tag, 16)), "-")
	if name := t.text["lang."+base]; t.rtl && name != "" {
		return name
	}
	return t.isolate(base)
}

// lineOfWatch is the line of what is not about a signal.
func (t *tongue) lineOfWatch(n *statement.Notice) string {
	switch n.Kind {
	case statement.NoticeDigest:
		return t.lineOfDigest(n)
	case statement.NoticeHeartbeat:
		return clip(t.say("head.heartbeat")+" · "+t.say("line.alive", "date", t.moment(n.Due)), LineLength)
	}
	return clip(t.say("head.watch")+" · "+t.foreign(note(n.Note, LineLength)), LineLength)
}

// lineOfMany is the line of several notices of one kind.
func (e *Editor) lineOfMany(t *tongue, b *batch, date string) string {
	first := b.notices[0]
	n := len(b.notices)
	if b.oneEvent() || b.kind == statement.NoticeHeartbeat {
		return e.Line(t.lang, first)
	}
	switch b.kind {
	case statement.NoticeWatch:
		return clip(t.say("head.watch")+" · "+t.say("line.many", "count", t.count("troubles", n), "date", date), LineLength)
	case statement.NoticeNew:
	default:
		return clip(t.say("head."+string(b.kind))+" · "+t.say("line.many", "count", t.count("signals", n), "date", date), LineLength)
	}
	reasons := t.reasons(b)
	for {
		var text string
		joined := strings.Join(reasons, t.comma())
		switch {
		case b.storm:
			text = t.say("head.storm") + " · " + t.say("line.storm", "count", t.count("more", n), "reasons", joined, "date", date)
		case b.group != "":
			s := &first.News.Signal
			text = t.say("line.group", "count", t.count("signals", n), "topic", t.word("topic", string(s.Topic)),
				"actor", t.isolate(shorten(t.actor(s.Actor), 24)), "reasons", joined, "date", date)
		default:
			text = t.say("line.digest", "count", t.count("signals", n), "reasons", joined, "date", date)
		}
		if utf8.RuneCountInString(text) <= LineLength || len(reasons) <= 1 {
			return clip(text, LineLength)
		}
		if last := len(reasons) - 1; reasons[last] == "…" {
			reasons = slices.Delete(reasons, last-1, last)
		} else {
			reasons[last] = "…"
		}
	}
}

// reasons counts the reasons of a batch, in the order in which people are shown
// them.
func (t *tongue) reasons(b *batch) []string {
	counts := make(map[statement.Reason]int)
	for _, n := range b.notices {
		counts[n.News.Signal.Reason]++
	}
	var out []string
	for _, r := range statement.Reasons {
		switch n := counts[r]; {
		case n == 1 && b.group != "":
			out = append(out, t.word("reason", string(r)))
		case n > 0:
			out = append(out, strconv.Itoa(n)+" "+t.word("reason", string(r)))
		}
	}
	return out
}
