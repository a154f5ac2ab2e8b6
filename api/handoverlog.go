package api

import (
	"cmp"
	"context"
	"fmt"
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
func (s *server) handOverText(ctx context.Context, w *watched) (string, error) {
	log, err := s.handOverLog(ctx, w)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "PALABRE HAND-OVER LOG\n%s to %s\n%s\n", momentWord(w.Since), momentWord(w.now), onWatch(w))
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
			l.write(&b, w.now)
		}
	}
	return b.String(), nil
}

func (l *logLine) write(b *strings.Builder, now time.Time) {
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
		more("%s", l.Care.says(now))
	}
	if l.State != "" {
		more("%s", isolated(l.State))
	}
	if l.Note != "" {
		more("note: %s", isolated(l.Note))
	}
}

func onWatch(w *watched) string {
	if w.Who == "" {
		return "nobody is on watch"
	}
	return "on watch: " + oneLine(w.Who) + ", since " + clockWord(w.Watch, w.now)
}

// handOverLog tells what happened, in chapters, the most pressing first.
func (s *server) handOverLog(ctx context.Context, w *watched) ([]chapter, error) {
	outlets, err := s.outletNames(ctx)
	if err != nil {
		return nil, err
	}
	p := &logger{words: words{s.reg}, watched: w, outlets: outlets, signals: make(map[string]*statement.News)}
	if err := p.learn(ctx, s.store); err != nil {
		return nil, err
	}
	return []chapter{
		{Title: "Not acknowledged", Lines: p.news(w.Open), None: "everything that was pushed within a week is acknowledged"},
		{Title: "Signals raised", Lines: p.news(w.Raised), None: "none"},
		{Title: "Done at the desk", Lines: p.done(), None: "nothing"},
		{Title: "Alerts that failed", Lines: p.failed(), None: "none; " + countWord(w.Sent, "message") + " sent"},
		{Title: "The watch itself", Lines: p.wrong(), None: "nothing is known to be wrong"},
		{Title: "Silences", Lines: p.silences(), None: "none"},
	}, nil
}

// logger writes the lines of a log.
type logger struct {
	words
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
			At: n.Signal.At, When: clockWord(n.Signal.At, p.now), What: p.headline(&n.Signal), Link: "/statements/" + n.Signal.Now.Statement,
			Quote: oneLine(n.Now.Quote), Lang: n.Now.Lang, From: cited(&n.Now, p.outlets), Care: &care, Note: oneLine(n.Care.Note),
		}
		if c := n.Signal.Candidate; c != "" {
			out[i].State = "for the desk only: " + oneLine(c)
		}
	}
	return out
}

// headline is a signal in a few words.
func (w words) headline(sig *statement.Signal) string {
	move := string(sig.To)
	if sig.From != "" && sig.From != sig.To {
		move = string(sig.From) + " → " + move
	}
	text := reasonWord(sig.Reason) + ": " + w.actor(sig.Actor) + " on " + w.about(sig.Topic, sig.Target)
	if move != "" {
		text += ", " + move
	}
	if sig.Condition != "" {
		text += ", on condition: " + oneLine(sig.Condition)
	}
	return text
}

// cited says where words come from. outlets are names by ID.
func cited(c *statement.Cited, outlets map[string]string) string {
	parts := []string{oneLine(cmp.Or(outlets[c.Outlet], c.Outlet))}
	if !c.Said.IsZero() {
		parts = append(parts, c.Said.Human())
	}
	if c.Grade != "" {
		parts = append(parts, "grade "+string(c.Grade))
	}
	return strings.Join(parts, ", ")
}

func (p *logger) done() []logLine {
	out := make([]logLine, 0, len(p.Done))
	for i := range p.Done {
		l := &p.Done[i]
		if l.Action == statement.Undo && l.Idle {
			continue
		}
		line := logLine{At: l.At, When: clockWord(l.At, p.now), Who: oneLine(l.Who), What: actionWord(l.Action), Note: oneLine(l.Note)}
		if n := p.signals[l.Subject]; n != nil {
			line.What += ", " + p.headline(&n.Signal)
			line.Link = "/statements/" + n.Signal.Now.Statement
		} else if named := p.subject(l); named != "" {
			line.What += ": " + named
		}
		if l.Undone != "" {
			line.State = "taken back since"
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
				return oneLine(before.Who) + " " + actionWord(before.Action)
			}
		}
	case statement.PutReceiver, statement.DropReceiver, statement.Heartbeat, statement.Poll:
		return oneLine(l.Subject)
	}
	return ""
}

func (p *logger) failed() []logLine {
	out := make([]logLine, 0, len(p.Failed))
	for i := range p.Failed {
		a := alertOf(&p.Failed[i])
		line := logLine{At: a.Due, When: clockWord(a.Due, p.now), What: "to " + oneLine(a.Receiver) + ": " + oneLine(cmp.Or(a.Line, a.Note, string(a.Kind))), Link: "/alerts"}
		line.State = "not delivered: " + oneLine(a.Why)
		if a.State != store.Dead && a.Progress != nil {
			line.State = fmt.Sprintf("tried %d times, tried again: %s", a.Progress.Tries, oneLine(a.Progress.Failure))
		}
		out = append(out, line)
	}
	if len(out) > 0 {
		out = append(out, logLine{What: countWord(p.Sent, "message") + " sent"})
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
			At: m.Until, When: "until " + clockWord(m.Until, p.now), What: p.chosen(&m.Filter), State: "by " + oneLine(m.Author), Note: oneLine(m.Reason), Link: "/alerts",
		}
	}
	return out
}

// chosen says which signals a filter chooses.
func (w words) chosen(f *statement.Filter) string {
	var parts []string
	add := func(name string, values []string) {
		if len(values) > 0 {
			parts = append(parts, name+" "+strings.Join(values, " or "))
		}
	}
	add("actor", mapped(f.Actors, w.actor))
	add("topic", mapped(f.Topics, topicWord))
	add("towards", mapped(f.Targets, w.actor))
	add("reason", mapped(f.Reasons, reasonWord))
	add("stance", mapped(f.Stances, func(s statement.Stance) string { return plain(string(s)) }))
	add("language", mapped(f.Langs, languageName))
	add("place", mapped(f.Places, w.place))
	add("event", mapped(f.Events, plain))
	if f.Query != "" {
		parts = append(parts, "query "+oneLine(f.Query))
	}
	if f.Confidence > 0 {
		parts = append(parts, fmt.Sprintf("at least %.0f %% sure", 100*f.Confidence))
	}
	if f.Grade != "" {
		parts = append(parts, "grade "+string(f.Grade)+" or better")
	}
	if f.FirstHand {
		parts = append(parts, "first-hand")
	}
	if len(parts) == 0 {
		return "everything"
	}
	return strings.Join(parts, ", ")
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
