package api

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"palabre/statement"
	"palabre/store"
)

// chapter is a part of the hand-over log.
type chapter struct {
	Title string
	Lines []logLine
	None  string // what stands there if it is empty
}

// logLine is one thing in the log.
type logLine struct {
	At    time.Time
	When  string
	Who   string // did it, where somebody did
	What  string
	Link  string // to more of it
	Quote string
	Lang  string
	From  string // where the quotation stands
	Care  *Care  // what the desk did about it; nil where it is no signal
	State string // how it stands
	Note  string
}

// handOverText writes the log as text. Whatever was fetched or entered stands on
// one line and cannot turn the reading order of another.
func (s *server) handOverText(ctx context.Context, t *tongue, w *watched) (string, error) {
	log, err := s.handOverLog(ctx, t, w)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n%s\n", strings.ToUpper(t.say("Palabre hand-over log")), t.say("%s to %s", t.moment(w.Since), t.moment(w.now)), t.onWatch(w))
	for _, c := range log {
		fmt.Fprintf(&b, "\n%s", strings.ToUpper(c.Title))
		if len(c.Lines) > 0 {
			fmt.Fprintf(&b, " (%d)", len(c.Lines))
		}
		b.WriteString("\n")
		if len(c.Lines) == 0 {
			fmt.Fprintf(&b, "  %s\n", c.None)
		}
		for _, l := range c.Lines {
			l.write(&b, t, w.now)
		}
	}
	return b.String(), nil
}

func (l *logLine) write(b *strings.Builder, t *tongue, now time.Time) {
	what := isolated(l.What)
	if l.Who != "" {
		what = isolated(l.Who) + " " + what
	}
	fmt.Fprintf(b, "  %-17s %s\n", l.When, what)
	more := func(format string, args ...any) {
		fmt.Fprintf(b, "  %-17s %s\n", "", fmt.Sprintf(format, args...))
	}
	if l.Quote != "" {
		more("“%s” (%s)", isolated(l.Quote), isolated(l.From))
	}
	if l.Care != nil {
		more("%s", l.Care.says(t, now))
	}
	if l.State != "" {
		more("%s", isolated(l.State))
	}
	if l.Note != "" {
		more("%s", t.say("note: %s", l.Note))
	}
}

func (t *tongue) onWatch(w *watched) string {
	if w.Who == "" {
		return t.say("nobody is on watch")
	}
	return t.say("on watch: %s, since %s", oneLine(w.Who), t.clock(w.Watch, w.now))
}

// handOverLog tells what happened, in chapters, the most pressing first.
func (s *server) handOverLog(ctx context.Context, t *tongue, w *watched) ([]chapter, error) {
	outlets, err := s.outletNames(ctx)
	if err != nil {
		return nil, err
	}
	p := &logger{tongue: t, watched: w, outlets: outlets, signals: make(map[string]*statement.News)}
	if err := p.learn(ctx, s.store); err != nil {
		return nil, err
	}
	return []chapter{
		{Title: t.say("Not acknowledged"), Lines: p.news(w.Open), None: t.say("everything that was pushed within a week is acknowledged")},
		{Title: t.say("Signals raised"), Lines: p.news(w.Raised), None: t.say("none")},
		{Title: t.say("Done at the desk"), Lines: p.done(), None: t.say("nothing")},
		{Title: t.say("Alerts that failed"), Lines: p.failed(), None: t.say("none; %s", say("%d messages sent", w.Sent))},
		{Title: t.say("The watch itself"), Lines: p.wrong(), None: t.say("nothing is known to be wrong")},
		{Title: t.say("Silences"), Lines: p.silences(), None: t.say("none")},
	}, nil
}

// logger writes the lines of a log.
type logger struct {
	*tongue
	*watched
	outlets map[string]string
	signals map[string]*statement.News // by ID
}

// learn looks up the signals about which something was done.
func (p *logger) learn(ctx context.Context, st *store.Store) error {
	var ids []string
	for i := range p.Done {
		ids = append(ids, p.Done[i].Subject)
	}
	found, err := st.News(ctx, ids)
	if err != nil {
		return err
	}
	for i := range found {
		p.signals[found[i].Signal.ID] = &found[i]
	}
	return nil
}

func (p *logger) news(list []statement.News) []logLine {
	out := make([]logLine, len(list))
	for i := range list {
		n := &list[i]
		care := careOf(&n.Care)
		out[i] = logLine{
			At: n.Signal.At, When: p.clock(n.Signal.At, p.now), What: p.headline(&n.Signal), Link: "/statements/" + n.Signal.Now.Statement,
			Quote: oneLine(n.Now.Quote), Lang: n.Now.Lang, From: p.cited(&n.Now, p.outlets), Care: &care, Note: oneLine(n.Care.Note),
		}
		if c := n.Signal.Candidate; c != "" {
			out[i].State = p.say("for the desk only: %s", doubt(oneLine(c)))
		}
	}
	return out
}

// headline is a signal in a few words.
func (t *tongue) headline(sig *statement.Signal) string {
	move := t.stance(sig.To)
	if sig.From != "" && sig.From != sig.To {
		move = t.say("%s → %s", t.stance(sig.From), move)
	}
	text := t.say("%s: %s on %s", t.reason(sig.Reason), t.actor(sig.Actor), t.about(sig.Topic, sig.Target))
	if move != "" {
		text = t.say("%s, %s", text, move)
	}
	if sig.Condition != "" {
		text = t.say("%s, on condition: %s", text, oneLine(sig.Condition))
	}
	return text
}

// cited says where words come from. outlets are names by ID.
func (t *tongue) cited(c *statement.Cited, outlets map[string]string) string {
	parts := []string{t.isolate(t.outlet(oneLine(cmp.Or(outlets[c.Outlet], c.Outlet))))}
	if !c.Said.IsZero() {
		parts = append(parts, t.date(c.Said.String()))
	}
	if c.Grade != "" {
		parts = append(parts, t.say("grade %s", string(c.Grade)))
	}
	return strings.Join(parts, t.say(", "))
}

func (p *logger) done() []logLine {
	out := make([]logLine, 0, len(p.Done))
	for i := range p.Done {
		l := &p.Done[i]
		if l.Action == statement.Undo && l.Idle {
			continue
		}
		line := logLine{At: l.At, When: p.clock(l.At, p.now), Who: oneLine(l.Who), What: p.did(l.Action), Note: oneLine(l.Note)}
		if n := p.signals[l.Subject]; n != nil {
			line.What = p.say("%s, %s", line.What, p.headline(&n.Signal))
			line.Link = "/statements/" + n.Signal.Now.Statement
		} else if named := p.subject(l); named != "" {
			line.What = p.say("%s: %s", line.What, named)
		}
		if l.Undone != "" {
			line.State = p.say("taken back since")
		}
		out = append(out, line)
	}
	return out
}

// subject names what something was done to that is no signal, where a name says
// something.
func (p *logger) subject(l *store.Logged) string {
	switch l.Action {
	case statement.Undo:
		for i := range p.Done {
			if before := &p.Done[i]; before.ID == l.Subject {
				return p.say("%s %s", oneLine(before.Who), p.did(before.Action))
			}
		}
	case statement.PutReceiver, statement.DropReceiver, statement.Heartbeat, statement.Poll,
		statement.PutSource, statement.PauseSource, statement.ResumeSource, statement.DropSource:
		return oneLine(l.Subject)
	}
	return ""
}

func (p *logger) failed() []logLine {
	out := make([]logLine, 0, len(p.Failed))
	for i := range p.Failed {
		a := alertOf(&p.Failed[i])
		line := logLine{At: a.Due, When: p.clock(a.Due, p.now), What: p.say("to %s: %s", oneLine(a.Receiver), oneLine(cmp.Or(a.Line, a.Note, string(a.Kind)))), Link: "/alerts"}
		line.State = p.say("not delivered: %s", oneLine(a.Why))
		if a.State != store.Dead && a.Progress != nil {
			line.State = p.say("tried %d times, tried again: %s", a.Progress.Tries, oneLine(a.Progress.Failure))
		}
		out = append(out, line)
	}
	if len(out) > 0 {
		out = append(out, logLine{What: p.say("%d messages sent", p.Sent)})
	}
	return out
}

func (p *logger) wrong() []logLine {
	out := make([]logLine, len(p.troubles))
	for i, t := range p.troubles {
		out[i] = logLine{What: oneLine(t.Note), Link: "/sources"}
	}
	return out
}

func (p *logger) silences() []logLine {
	out := make([]logLine, len(p.Muted))
	for i := range p.Muted {
		m := &p.Muted[i]
		out[i] = logLine{
			At: m.Until, When: p.say("until %s", p.clock(m.Until, p.now)), What: p.chosen(&m.Filter), State: p.say("by %s", oneLine(m.Author)), Note: oneLine(m.Reason), Link: "/alerts",
		}
	}
	return out
}

// chosen says which signals a filter chooses.
func (t *tongue) chosen(f *statement.Filter) string {
	var parts []string
	or := t.say(" or ")
	add := func(named phrase, values []string) {
		if len(values) > 0 {
			parts = append(parts, t.say("%s %s", named, strings.Join(values, or)))
		}
	}
	add(say("actor"), mapped(f.Actors, t.actor))
	add(say("topic"), mapped(f.Topics, t.topic))
	add(say("towards"), mapped(f.Targets, t.actor))
	add(say("reason"), mapped(f.Reasons, t.reason))
	add(say("stance"), mapped(f.Stances, t.stance))
	add(say("language"), mapped(f.Langs, t.language))
	add(say("place"), mapped(f.Places, t.place))
	add(say("event"), mapped(f.Events, plain))
	if f.Query != "" {
		parts = append(parts, t.say("query %s", oneLine(f.Query)))
	}
	if f.Confidence > 0 {
		parts = append(parts, t.say("at least %d %% sure", int(math.Round(100*f.Confidence))))
	}
	if f.Grade != "" {
		parts = append(parts, t.say("grade %s or better", string(f.Grade)))
	}
	if f.FirstHand {
		parts = append(parts, t.say("first-hand"))
	}
	if len(parts) == 0 {
		return t.say("everything")
	}
	return strings.Join(parts, t.say(", "))
}

func mapped[T any](list []T, f func(T) string) []string {
	out := make([]string, len(list))
	for i, v := range list {
		out[i] = f(v)
	}
	return out
}

// oneLine is text that cannot begin a line of its own.
func oneLine(text string) string { return strings.Join(strings.Fields(plain(text)), " ") }
