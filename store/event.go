package store

import (
	"cmp"
	"slices"
	"time"

	"palabre/statement"
)

// report is one statement's position as evidence of an event.
type report struct {
	statement string // first revision
	outlet    string
	position  statement.Position
	row       int64 // of the position
	when      statement.Date
	seen      time.Time
	authority authority
	echo      bool // repeats the text of an earlier report: no independent voice
}

// event is one utterance with what the reports of it add up to.
type event struct {
	n          int64 // order of opening
	id         string
	actor      string
	topic      statement.Topic
	target     string
	stance     statement.Stance
	when       statement.Date
	seen       time.Time
	created    time.Time
	lead       string // statement
	speaker    string
	condition  string
	words      string // that prove the lead's position; known while the event is settled
	act        string
	posthumous bool     // published after the speaker's death
	demands    []string // kinds of demand in its condition, sorted
	guarded    bool     // departs from a line that a leader set
	weight
}

// weight is what the reports of an event make of it together.
type weight struct {
	authority authority // of the best report
	binding   bool      // bears on the actor's line
	firstHand bool      // a report is the actor's own words or channel
	sure      float64   // confidence of the surest report
	reports   int
	outlets   int
}

// openEvent returns the event that the first report of an utterance opens.
func openEvent(r *report) *event {
	p := &r.position
	return &event{
		id:     statement.EventID(p, r.statement),
		actor:  p.Actor,
		topic:  p.Topic,
		target: p.Target,
		stance: p.Stance,
		when:   r.when,
		seen:   r.seen,
	}
}

// settle derives from the reports what the event is. The lead is the earliest
// report at first hand, else the earliest.
func (e *event) settle(reports []*report) {
	e.reports, e.outlets, e.binding = len(reports), 0, false
	if len(reports) == 0 {
		return
	}
	lead := slices.MinFunc(reports, byLead)
	e.lead, e.when, e.seen = lead.statement, lead.when, lead.seen
	e.target, e.speaker, e.condition = lead.position.Target, lead.position.Speaker, lead.position.Condition
	e.words, e.act = lead.position.Evidence.Quote, lead.position.Act
	e.authority, e.firstHand, e.sure = noAuthority, false, 0
	outlets := make(map[string]bool, len(reports))
	for _, r := range reports {
		outlets[r.outlet] = true
		e.authority = max(e.authority, r.authority)
		e.firstHand = e.firstHand || r.position.FirstHand
		e.sure = max(e.sure, r.position.Confidence)
	}
	e.outlets = len(outlets)
	e.binding = !e.posthumous && (e.authority >= official || e.authority == unnamed && (!e.guarded || voices(reports) > 1))
}

// crowd is from how many reports on another one is only counted, unless it is a
// better one.
const crowd = 64

// crowded reports whether the event has so many reports that r, which is no
// better than they are, changes at most the number of outlets.
func (e *event) crowded(r *report) bool {
	p := &r.position
	better := p.FirstHand && !e.firstHand || p.FirstHand == e.firstHand && dayOf(r.when.Time) < dayOf(e.when.Time)
	return e.reports >= crowd && !better && r.authority <= e.authority && p.Confidence <= e.sure
}

// stated returns the position that the event's lead takes.
func (e *event) stated() *statement.Position {
	return &statement.Position{
		Actor: e.actor, Topic: e.topic, Target: e.target, Stance: e.stance, Condition: e.condition, Evidence: statement.Evidence{Quote: e.words},
	}
}

// byLead orders the reports of an event by how well they stand for it.
func byLead(a, b *report) int {
	return cmp.Or(
		-compareBool(a.position.FirstHand, b.position.FirstHand),
		cmp.Compare(dayOf(a.when.Time), dayOf(b.when.Time)),
		a.seen.Compare(b.seen),
		cmp.Compare(a.statement, b.statement),
	)
}

// compareBool orders false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// voices counts the outlets that tell of an event in words of their own.
func voices(reports []*report) int {
	own := make(map[string]bool, len(reports))
	for _, r := range reports {
		if !r.echo {
			own[r.outlet] = true
		}
	}
	return len(own)
}

// byAge orders events: by day, then by when they were first seen, then by when
// they were opened. Hours are left out because one outlet gives them and the
// next does not.
func byAge(a, b *event) int {
	return cmp.Or(cmp.Compare(dayOf(a.when.Time), dayOf(b.when.Time)), a.seen.Compare(b.seen), cmp.Compare(a.n, b.n))
}

// believed returns the date by which a statement's positions enter lines. A
// date in the future would stand as the last word for years, and one before 1990
// comes from a broken clock: neither is believed.
func believed(s *statement.Statement) statement.Date {
	when := s.When()
	if inFuture(when, s.FirstSeen) || absurd(when) {
		return statement.Date{Time: s.FirstSeen.UTC(), Precision: statement.Second, Origin: "first seen"}
	}
	return when
}

// inFuture allows a day for clocks and time zones.
func inFuture(d statement.Date, now time.Time) bool {
	return !d.IsZero() && !now.IsZero() && d.Time.After(now.Add(24*time.Hour))
}

func absurd(d statement.Date) bool { return !d.IsZero() && d.Time.Year() < 1990 }

func coarse(d statement.Date) bool {
	return d.Precision == statement.Month || d.Precision == statement.Year
}

// dayOf numbers days from 1970-01-01 in UTC.
func dayOf(t time.Time) int {
	seconds := t.Unix()
	day := seconds / 86400
	if seconds%86400 < 0 {
		day--
	}
	return int(day)
}

// lastDay is the last day that a date may mean.
func lastDay(d statement.Date) int { return dayOf(d.End().Add(-time.Nanosecond)) }

func abs(n int) int { return max(n, -n) }
