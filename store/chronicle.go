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
	prior     []*event           // that the statement reported in any earlier reading
	moves     *move              // what a person moved: nothing is news then; nil where nobody did
	touched   map[string]*event  // whose reports changed and that are not settled yet
	added     map[string]*report // the one report by which a touched event has grown; nil where more happened to it
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
	return c.leavePlaces(id)
}

// enter files a position into the event that it reports, opening one if there
// is none, and raises signals if that is news.
func (c *chronicle) enter(rec *statement.Record, p *statement.Position) error {
	s := c.statement
	r := &account{
		report: &report{
			statement: s.Of,
			outlet:    outletOf(s),
			position:  *p,
			when:      c.when,
			seen:      s.FirstSeen.UTC(),
			authority: c.sides.authorityOf(p, c.when),
		},
		kind:  s.Kind,
		lang:  langOf(rec),
		title: s.Title,
		text:  s.Text,
	}
	c.sides.recount(r, rec.Reading.Actors)
	e, reported, err := c.eventOf(r)
	if err != nil {
		return err
	}
	opened := e == nil
	if opened {
		if e, err = c.open(r); err != nil {
			return err
		}
	}
	if r.row, err = c.filePosition(rec, p, monthOf(c.when), &e.id); err != nil {
		return err
	}
	c.joined = append(c.joined, e.id)
	if !opened {
		if r.echo, err = c.isEcho(e, r); err != nil {
			return err
		}
		c.join(e, r)
		c.touch(e, r.report)
		return c.insertReport(e, r.report)
	}
	if err := c.insertReport(e, r.report); err != nil {
		return err
	}
	return c.judge(e, r.report, &rec.Reading, reported)
}

// open opens the event of a report.
func (c *chronicle) open(r *account) (*event, error) {
	e := openEvent(r.report)
	var one int
	taken, err := c.find(`SELECT 1 FROM events WHERE id = ?`, []any{e.id}, &one)
	if err != nil {
		return nil, fmt.Errorf("look up event: %w", err)
	}
	if taken { // others tell of the one that it once opened
		e.id = apartID(r)
	}
	e.created = c.at
	e.posthumous = c.sides.dead(r.position.Speaker, c.statement.Published, c.when)
	return e, c.insertEvent(e)
}

// langOf is the language of a record's text, as declared or else as read.
func langOf(rec *statement.Record) string {
	if rec.Statement.Lang == "" && len(rec.Reading.Langs) > 0 {
		return rec.Reading.Langs[0].Lang
	}
	return rec.Statement.Lang
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
// the statement took this position in an earlier reading already: then it stays
// where it was. What a person decided goes before what the machine finds.
func (c *chronicle) eventOf(r *account) (found *event, reported bool, err error) {
	p := &r.position
	reported = c.moves != nil
	for _, e := range c.prior {
		if e.actor == p.Actor && e.topic == p.Topic && e.stance == p.Stance && c.sides.same(p.Topic, p.Actor, e.target, p.Target) {
			reported = true
			if !c.takes(p) && (found == nil || e.lead == r.statement) {
				found = e
			}
		}
	}
	if found == nil {
		if found, err = c.nearest(r); err != nil {
			return nil, false, err
		}
	}
	found, err = c.pinned(found, r)
	return found, reported, err
}

// nearest returns the event of these days that the report tells of, or nil.
func (c *chronicle) nearest(r *account) (*event, error) {
	p := &r.position
	day := dayOf(r.when.Time)
	named, err := jsonText(r.days)
	if err != nil {
		return nil, err
	}
	near, err := c.events(`actor = ?1 AND topic = ?2 AND stance = ?3 AND reports > 0
		AND (day BETWEEN ?4 - ?5 AND ?4 + ?5 OR day IN (SELECT value FROM json_each(?6))) ORDER BY abs(day - ?4), n`,
		p.Actor, p.Topic, p.Stance, day, sameUtterance, named)
	if err != nil {
		return nil, err
	}
	for _, e := range near {
		told, err := c.accountsOf(e)
		if err != nil {
			return nil, err
		}
		if len(told) > 0 && c.sides.reportedBy(e, told, r) {
			return c.once(e), nil
		}
	}
	return nil, nil
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
func (c *chronicle) isEcho(e *event, r *account) (echo bool, err error) {
	var first string // its outlet, if there is one alone
	lonely, err := c.find(`SELECT first FROM (SELECT (SELECT min(outlet) FROM event_reports WHERE event = ?1 AND echo = 0) AS first,
		(SELECT max(outlet) FROM event_reports WHERE event = ?1 AND echo = 0) AS last) WHERE first = last`, []any{e.id}, &first)
	if err != nil || !lonely || first == r.outlet {
		return false, err
	}
	told, err := c.accountsOf(e)
	return slices.ContainsFunc(told, r.alike), err
}

// touch notes that an event has a further report.
func (c *chronicle) touch(e *event, r *report) {
	if _, known := c.touched[e.id]; known {
		r = nil
	}
	c.touched[e.id], c.added[e.id] = e, r
}

// manyVoices is from how many outlets on a further one makes an event no surer.
const manyVoices = 4

// crowdIn counts a report into a crowded event, unless its outlet is one by which
// the event may become surer.
func (c *chronicle) crowdIn(e *event, r *report) (counted bool, err error) {
	var one int
	known, err := c.find(`SELECT 1 FROM event_reports WHERE event = ? AND echo IN (0, 1) AND outlet = ? AND statement <> ? LIMIT 1`,
		[]any{e.id, r.outlet, r.statement}, &one)
	if err != nil {
		return false, fmt.Errorf("look up outlet: %w", err)
	}
	if !known {
		if e.outlets < manyVoices || !e.binding {
			return false, nil
		}
		e.outlets++
	}
	e.reports++
	return true, c.updateEvent(e)
}

// settleTouched works out the events whose reports changed.
func (c *chronicle) settleTouched() error {
	for _, e := range c.touched {
		if r := c.added[e.id]; r != nil && e.crowded(r) {
			counted, err := c.crowdIn(e, r)
			if err != nil {
				return err
			}
			if counted {
				continue
			}
		}
		reports, err := c.reportsOf(e.id)
		if err != nil {
			return err
		}
		c.move(e)
		stood := e.reports > 0
		e.settle(reports)
		e.demands = c.sides.demands.made(e.stated())
		c.move(e)
		if err := c.updateEvent(e); err != nil {
			return err
		}
		if err := c.reconsider(e, reports, stood); err != nil {
			return err
		}
	}
	return nil
}

// judge settles an event that its first report has just opened, and raises
// signals if it is news against the line as it stood then. A position that the
// statement held before is no news.
func (c *chronicle) judge(e *event, r *report, read *statement.Reading, reported bool) error {
	var previous *event
	if c.sides.hasLine(e.actor) {
		var err error
		if previous, err = c.lineBefore(e, r.statement); err != nil {
			return fmt.Errorf("look up line: %w", err)
		}
	}
	e.guarded = previous != nil && previous.authority == leader && previous.stance != e.stance
	e.settle([]*report{r})
	e.demands = c.sides.demands.made(e.stated())
	c.move(e)
	if err := c.updateEvent(e); err != nil {
		return err
	}
	c.opened = append(c.opened, e.opens(read))
	reason, hasLapsed := news(previous, e)
	if reason == "" || reported || !c.sides.hasLine(e.actor) {
		return nil
	}
	if err := c.signal(reason, hasLapsed, e, r, previous); err != nil {
		return err
	}
	coalition, err := c.splitFrom(e, r.statement)
	if err != nil || coalition == nil {
		return err
	}
	return c.signal(statement.Split, false, e, r, coalition)
}

// signal raises a signal of an event against an earlier one, which may be nil.
func (c *chronicle) signal(reason statement.Reason, hasLapsed bool, e *event, r *report, previous *event) error {
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

// splitFrom returns the event that stands for the actor's coalition if the
// actor, a part of it, is more open or more closed now, else nil.
func (c *chronicle) splitFrom(e *event, by string) (*event, error) {
	a := c.sides.actors[e.actor]
	if a == nil || a.PartOf == "" || !c.sides.bornPart(a.PartOf, e) {
		return nil, nil
	}
	own, err := c.latestOf(a.PartOf, e, by)
	if err != nil || own == nil || lapsed(own.topic, own.stance, own.when, e.when) || openness[own.stance] == openness[e.stance] {
		return nil, err
	}
	return own, nil
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
