package store

import (
	"fmt"
	"iter"
	"slices"

	"palabre/statement"
)

// chronicle enters the positions of one statement into events.
type chronicle struct {
	*filing
	statement *statement.Statement
	when      statement.Date
	prior     []*event          // that the statement reported in any earlier reading
	touched   map[string]*event // whose reports changed and that are not settled yet
}

// withdraw takes the statement's earlier reading out of force. The events that
// it reported are remembered, so that it is not news again when it says the same.
func (c *chronicle) withdraw() error {
	id := c.statement.Of
	err := c.each(func(scan func(...any) error) error {
		var actor, month string
		var topic statement.Topic
		var stance statement.Stance
		err := scan(&actor, &month, &topic, &stance)
		c.tally(actor, month, topic, stance, -1)
		return err
	}, `SELECT actor, month, topic, stance FROM positions WHERE statement = ? AND current`, id)
	if err != nil {
		return err
	}
	c.prior, err = c.events(`id IN (SELECT event FROM positions WHERE statement = ?)`, id)
	if err != nil {
		return err
	}
	for _, e := range c.prior {
		c.touched[e.id] = e
	}
	for _, query := range []string{
		`UPDATE positions SET current = 0 WHERE statement = ? AND current`,
		`DELETE FROM event_reports WHERE statement = ?`,
		`DELETE FROM mentions WHERE statement = ?`,
	} {
		if err := c.exec(query, id); err != nil {
			return err
		}
	}
	return nil
}

// enter files a position into the event that it reports, opening one if there
// is none, and raises a signal if that is news.
func (c *chronicle) enter(rec *statement.Record, p *statement.Position) error {
	s := c.statement
	r := &report{
		statement: s.Of,
		outlet:    outletOf(s),
		position:  *p,
		when:      c.when,
		seen:      s.FirstSeen.UTC(),
		authority: c.sides.authorityOf(p, c.when),
	}
	e, reported, err := c.eventOf(r)
	if err != nil {
		return err
	}
	opened := e == nil
	if opened {
		e = openEvent(r)
		e.created = c.at
		if err := c.insertEvent(e); err != nil {
			return err
		}
	}
	if r.row, err = c.filePosition(rec, p, monthOf(c.when), &e.id); err != nil {
		return err
	}
	if !opened {
		if r.echo, err = c.isEcho(e, r); err != nil {
			return err
		}
		c.touched[e.id] = e
		return c.insertReport(e, r)
	}
	if err := c.insertReport(e, r); err != nil {
		return err
	}
	return c.judge(e, r, reported)
}

// outletOf is who published the statement; a source that relays nobody is its
// own outlet.
func outletOf(s *statement.Statement) string {
	if s.Outlet == "" {
		return s.Source
	}
	return s.Outlet
}

// eventOf finds the event that a report tells of, or nil. reported is true if
// the statement took this position in an earlier reading already.
func (c *chronicle) eventOf(r *report) (found *event, reported bool, err error) {
	p := &r.position
	for _, e := range c.prior {
		if e.actor != p.Actor || e.topic != p.Topic || e.stance != p.Stance || !c.sides.same(p.Topic, p.Actor, e.target, p.Target) {
			continue
		}
		reported = true
		if e.reports <= 1 && e.lead == r.statement || e.id == statement.EventID(p, r.statement) {
			return e, true, nil
		}
	}
	day := dayOf(r.when.Time)
	near, err := c.events(`actor = ? AND topic = ? AND day BETWEEN ? AND ? AND stance = ? AND reports > 0 ORDER BY abs(day - ?), n`,
		p.Actor, p.Topic, day-sameUtterance, day+sameUtterance, p.Stance, day)
	if err != nil {
		return nil, false, err
	}
	for _, e := range near {
		var textErr error
		found := c.sides.reportedBy(e, r, func() bool {
			var text string
			text, textErr = c.textOf(e.lead)
			return textErr == nil && alike(text, c.statement.Text)
		})
		if textErr != nil {
			return nil, false, textErr
		}
		if found {
			return c.once(e), reported, nil
		}
	}
	return nil, reported, nil
}

// once returns the copy of an event that is being worked on, if there is one.
func (c *chronicle) once(e *event) *event {
	if t := c.touched[e.id]; t != nil {
		return t
	}
	return e
}

// isEcho reports whether a report that would be the second voice of an event
// only repeats the words of the first.
func (c *chronicle) isEcho(e *event, r *report) (echo bool, err error) {
	var first string // its outlet, if there is one alone
	lonely, err := c.find(`SELECT min(outlet) FROM event_reports WHERE event = ? AND NOT echo HAVING count(DISTINCT outlet) = 1`, []any{e.id}, &first)
	if err != nil || !lonely || first == r.outlet {
		return false, err
	}
	err = c.each(func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		if echo = alike(text, c.statement.Text); echo {
			return errEnough
		}
		return nil
	}, `SELECT r.payload ->> 'text' FROM event_reports e JOIN statements s ON s.id = e.statement JOIN revisions r ON r.id = s.latest
		WHERE e.event = ? AND NOT e.echo`, e.id)
	return echo, err
}

// settleTouched works out the events whose reports changed.
func (c *chronicle) settleTouched() error {
	for _, e := range c.touched {
		reports, err := c.reportsOf(e.id)
		if err != nil {
			return err
		}
		c.move(e)
		e.settle(reports)
		c.move(e)
		if err := c.updateEvent(e); err != nil {
			return err
		}
		if err := c.clearDoubts(e, reports); err != nil {
			return err
		}
	}
	return nil
}

// judge settles an event that its first report has just opened, and raises a
// signal if it is news against the line as it stood then. A position that the
// statement held before is no news.
func (c *chronicle) judge(e *event, r *report, reported bool) error {
	var previous *event
	if c.sides.hasLine(e.actor) {
		var err error
		if previous, err = c.lineBefore(e, r.statement); err != nil {
			return fmt.Errorf("look up line: %w", err)
		}
	}
	e.guarded = previous != nil && previous.authority == leader && previous.stance != e.stance
	e.settle([]*report{r})
	c.move(e)
	if err := c.updateEvent(e); err != nil {
		return err
	}
	reason, hasLapsed := news(previous, e)
	if reason == "" || reported || !c.sides.hasLine(e.actor) {
		return nil
	}
	var quote string
	if previous != nil {
		var err error
		if quote, err = c.quoteOf(previous); err != nil {
			return fmt.Errorf("look up earlier words: %w", err)
		}
	}
	sig := c.sides.raise(reason, hasLapsed, e, r, previous, quote, c.at)
	sig.Candidate = doubt(e, []*report{r})
	return c.insertSignal(&sig)
}

// lineBefore returns the event that stood for the actor before e: its own, else
// that of a part of it. What the same statement alone says is left out.
func (c *chronicle) lineBefore(e *event, by string) (*event, error) {
	own, err := c.latestOf(e.actor, e, by)
	if err != nil || own != nil {
		return own, err
	}
	var stands []*event
	for _, part := range c.sides.parts[e.actor] {
		latest, err := c.latestOf(part.ID, e, by)
		if err != nil {
			return nil, err
		}
		if latest != nil && c.sides.bornPart(e.actor, latest) {
			stands = append(stands, latest)
		}
	}
	if len(stands) == 0 {
		return nil, nil
	}
	return slices.MaxFunc(stands, byAge), nil
}

func (c *chronicle) latestOf(actor string, e *event, by string) (*event, error) {
	var err error
	events := c.newestFirst(&err, actor, e.topic, `AND (day, seen, n) < (?, ?, ?) AND NOT (reports = 1 AND lead = ?)`,
		dayOf(e.when.Time), nanos(e.seen), e.n, by)
	latest := c.sides.latest(e.topic, e.actor, e.target, events)
	return latest, err
}

// newestFirst yields an actor's events that bear on its lines. It leaves an
// error in err.
func (f *filing) newestFirst(err *error, actor string, topic statement.Topic, and string, args ...any) iter.Seq[*event] {
	return func(yield func(*event) bool) {
		*err = f.tx.each(func(scan func(...any) error) error {
			e, err := scanEvent(scan)
			if err == nil && !yield(e) {
				return errEnough
			}
			return err
		}, selectEvent+`WHERE actor = ? AND topic = ? AND binding AND reports > 0 `+and+` ORDER BY day DESC, seen DESC, n DESC`,
			append([]any{actor, topic}, args...)...)
	}
}
