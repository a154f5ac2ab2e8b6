package alert

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"palabre/statement"
)

// most is how many notices one message carries. It bounds what a body can grow
// to: beyond it there is a further message.
const most = 500

// Ahead is how far beyond now [Editor.Compose] wants to see notices that wait,
// so that those of one group go together.
func Ahead(r *statement.Receiver) time.Duration {
	if r.Pace.Mode != statement.Grouped {
		return 0
	}
	full := Normalise(*r)
	return full.Pace.Wait + full.Pace.Interval
}

// Behind is how far before now it wants to see what was sent.
func Behind(r *statement.Receiver) time.Duration {
	full := Normalise(*r)
	return max(time.Hour, full.Pace.Interval)
}

// Compose decides what a receiver is sent now, and writes it. due are its
// notices that are due by now or, as far as [Ahead], gather with others; sent is
// what it was sent since [Behind], whatever is still on its way included. It
// depends on nothing else.
//
// Every notice that is due by now is in a message, is silenced for good, with the
// ID of the muting or the reason, or waits until a time at which it is looked at
// again. These hold, the first that applies:
//
//   - what the desk marked false is not told, what it acknowledged is not
//     repeated or escalated, what a muting accepts is silenced. Corrections and
//     withdrawals of what was told are told all the same;
//   - a snoozed signal waits, and in quiet hours everything does;
//   - news goes at the receiver's pace. Corrections, escalations, the watch and
//     signs of life go at once, each kind in a message of its own, and so does
//     each digest that was issued;
//   - above the receiver's limit for an hour the rest of a kind becomes one
//     message, which says so, at most every Pace.Interval.
func (e *Editor) Compose(r *statement.Receiver, due []*statement.Notice, mutings []statement.Muting, sent []statement.SentMessage, now time.Time) (statement.Plan, error) {
	full := Normalise(*r)
	r = &full
	d := draft{
		editor: e, r: r, now: now, hours: hoursOf(r), sent: sent,
		plan: statement.Plan{Silenced: make(map[int64]string), Wait: make(map[int64]time.Time)},
	}
	open := d.sieve(due, mutings)
	if until := d.hours.quietUntil(now); until.After(now) {
		d.wait(open, until)
		return d.plan, nil
	}
	for _, b := range d.meter(d.gather(open)) {
		for part := range slices.Chunk(b.notices, most) {
			one := *b
			one.notices = part
			m, err := e.write(r, &one, now)
			if err != nil {
				return statement.Plan{}, err
			}
			d.plan.Messages = append(d.plan.Messages, m)
		}
	}
	return d.plan, nil
}

// batch is what goes into one message: notices of one kind, the weightiest
// reason first.
type batch struct {
	kind    statement.NoticeKind
	group   string // "actor/topic" if all are of one
	storm   bool   // gathers what is over the limit
	notices []*statement.Notice
}

// oneEvent reports whether all notices are of one event.
func (b *batch) oneEvent() bool {
	for _, n := range b.notices[1:] {
		if n.Event == "" || n.Event != b.notices[0].Event {
			return false
		}
	}
	return true
}

// draft is a plan in the making.
type draft struct {
	editor *Editor
	r      *statement.Receiver
	now    time.Time
	hours  hours
	sent   []statement.SentMessage
	plan   statement.Plan
}

// wait puts notices off. One whose time has not come yet keeps to it.
func (d *draft) wait(notices []*statement.Notice, until time.Time) {
	for _, n := range notices {
		if !n.Due.After(d.now) {
			d.plan.Wait[n.N] = until.UTC()
		}
	}
}

// sieve returns the notices that may be told, in order of arrival.
func (d *draft) sieve(due []*statement.Notice, mutings []statement.Muting) []*statement.Notice {
	var open []*statement.Notice
	for _, n := range due {
		early := n.Due.After(d.now)
		why, snoozed := d.objection(n, mutings)
		switch {
		case early && (!d.paced(n) || n.Repeats > 0 || why != "" || snoozed.After(d.now)):
			// Its time has not come.
		case why != "":
			d.plan.Silenced[n.N] = why
		case snoozed.After(d.now):
			d.plan.Wait[n.N] = snoozed.UTC()
		default:
			open = append(open, n)
		}
	}
	slices.SortFunc(open, func(a, b *statement.Notice) int { return cmp.Compare(a.N, b.N) })
	return open
}

// objection returns why a notice is never told, or until when it is not.
func (d *draft) objection(n *statement.Notice, mutings []statement.Muting) (why string, snoozed time.Time) {
	if n.News == nil {
		switch {
		case n.Kind == statement.NoticeDigest && n.Digest == nil:
			return "nothing is known of the digest", time.Time{}
		case metered(n.Kind):
			return "nothing is known of its signal", time.Time{}
		}
		return "", time.Time{}
	}
	care := &n.News.Care
	if takesBack(n.Kind) {
		return "", care.Snoozed
	}
	switch {
	case care.False != "":
		return "marked false by " + care.False, time.Time{}
	case care.Acknowledged != "" && (n.Kind == statement.NoticeEscalated || n.Repeats > 0):
		return "acknowledged by " + care.Acknowledged, time.Time{}
	}
	for i := range mutings {
		// Whether a query accepts the news needs the index: such a muting is not
		// for here.
		if m := &mutings[i]; m.Filter.Query == "" && m.Holds(d.now) && m.Filter.Accepts(n.News) {
			return m.ID, time.Time{}
		}
	}
	return "", care.Snoozed
}

// paced reports whether a notice goes at the receiver's pace.
func (d *draft) paced(n *statement.Notice) bool {
	return (n.Kind == statement.NoticeNew || n.Kind == statement.NoticeUpdate) && n.News != nil
}

// digests reports whether the receiver's pace is that of a digest.
func (d *draft) digests() bool {
	return d.r.Pace.Mode == statement.Hourly || d.r.Pace.Mode == statement.Daily
}

// gather sorts notices into messages, and puts off those whose time has not
// come.
func (d *draft) gather(open []*statement.Notice) []*batch {
	var order []string
	groups := make(map[string]*batch)
	for _, n := range open {
		key, group := d.place(n)
		b := groups[key]
		if b == nil {
			b = &batch{kind: n.Kind, group: group}
			groups[key], order = b, append(order, key)
		}
		b.notices = append(b.notices, n)
	}
	var ready []*batch
	for _, key := range order {
		if b := groups[key]; !d.paced(b.notices[0]) || d.isTime(b) {
			b.sort()
			ready = append(ready, b)
		}
	}
	return ready
}

// place returns the key of the message that a notice goes into, and the group of
// that.
func (d *draft) place(n *statement.Notice) (key, group string) {
	kind := string(n.Kind) + " "
	switch {
	case n.Kind == statement.NoticeDigest:
		return kind + n.Subject, ""
	case n.News == nil:
		return kind, ""
	case d.paced(n) && d.digests():
		return kind, ""
	}
	group = n.News.Signal.Actor + "/" + string(n.News.Signal.Topic)
	if d.paced(n) && d.r.Pace.Mode == statement.Grouped {
		return kind + group, group
	}
	return kind + n.Event, group
}

// isTime reports whether a message is due by the receiver's pace. It puts off
// what is not, and takes it out of the message.
func (d *draft) isTime(b *batch) bool {
	switch {
	case d.digests():
		last, next := d.hours.slots(d.r.Pace.Mode, d.now)
		late := func(n *statement.Notice) bool { return n.Due.After(last) }
		for _, n := range b.notices {
			if late(n) {
				d.wait([]*statement.Notice{n}, next)
			}
		}
		b.notices = slices.DeleteFunc(b.notices, late)
		return len(b.notices) > 0
	case d.r.Pace.Mode == statement.Grouped:
		if at := d.ready(b); at.After(d.now) {
			d.wait(b.notices, at)
			return false
		}
	}
	return true
}

// ready returns when a group may be told: it gathers for a while, and keeps its
// distance from the last message of the group. Since a notice that was put off
// is due later than it came, the time of its signal counts.
func (d *draft) ready(b *batch) time.Time {
	var first time.Time
	for _, n := range b.notices {
		came := n.News.Signal.At
		if came.IsZero() || came.After(n.Due) {
			came = n.Due
		}
		if first.IsZero() || came.Before(first) {
			first = came
		}
	}
	at := first.Add(d.r.Pace.Wait)
	for _, m := range d.sent {
		if next := m.At.Add(d.r.Pace.Interval); m.Group == b.group && (m.Kind == statement.NoticeNew || m.Kind == statement.NoticeUpdate) && next.After(at) {
			at = next
		}
	}
	return at
}

// sort puts the weightiest reason first.
func (b *batch) sort() {
	weight := func(n *statement.Notice) int {
		if n.News == nil {
			return 0
		}
		if i := slices.Index(statement.Reasons, n.News.Signal.Reason); i >= 0 {
			return i
		}
		return len(statement.Reasons)
	}
	slices.SortStableFunc(b.notices, func(x, y *statement.Notice) int {
		return cmp.Or(cmp.Compare(weight(x), weight(y)), cmp.Compare(x.N, y.N))
	})
}

// meter lets through as many messages as the receiver wants within an hour. The
// rest of each kind becomes one.
func (d *draft) meter(ready []*batch) []*batch {
	room := d.r.Pace.Storm
	for _, m := range d.sent {
		if metered(m.Kind) && m.At.After(d.now.Add(-time.Hour)) {
			room--
		}
	}
	var out []*batch
	rest := make(map[statement.NoticeKind]*batch)
	for _, b := range ready {
		switch over := rest[b.kind]; {
		case !metered(b.kind), d.digests() && d.paced(b.notices[0]):
			out = append(out, b)
		case room > 0:
			room--
			out = append(out, b)
		case over == nil:
			one := *b
			one.storm, one.group = true, ""
			rest[b.kind] = &one
		default:
			over.notices = append(over.notices, b.notices...)
		}
	}
	for _, kind := range []statement.NoticeKind{statement.NoticeEscalated, statement.NoticeCorrected, statement.NoticeWithdrawn, statement.NoticeNew, statement.NoticeUpdate} {
		b := rest[kind]
		if b == nil {
			continue
		}
		if until := d.stormUntil(kind); until.After(d.now) {
			d.wait(b.notices, until)
			continue
		}
		b.sort()
		out = append(out, b)
	}
	return out
}

// takesBack reports whether a notice of the kind takes back what was told.
func takesBack(kind statement.NoticeKind) bool {
	return kind == statement.NoticeCorrected || kind == statement.NoticeWithdrawn
}

// metered reports whether messages of a kind count against the limit.
func metered(kind statement.NoticeKind) bool {
	return kind != statement.NoticeWatch && kind != statement.NoticeHeartbeat && kind != statement.NoticeDigest
}

// stormUntil returns when what is over the limit may be told again.
func (d *draft) stormUntil(kind statement.NoticeKind) (until time.Time) {
	for _, m := range d.sent {
		if next := m.At.Add(d.r.Pace.Interval); m.Kind == kind && m.Group == "" && next.After(until) {
			until = next
		}
	}
	return until
}

// write writes the message that carries a batch.
func (e *Editor) write(r *statement.Receiver, b *batch, now time.Time) (statement.Message, error) {
	t := e.tongue(r.Lang)
	m := statement.Message{
		ID: statement.MessageID(r.ID, b.notices), Receiver: r.ID, Kind: b.kind, Group: b.group, Lang: t.lang, Composed: now.UTC(),
	}
	for _, n := range b.notices {
		m.Notices = append(m.Notices, n.N)
		if n.Signal != "" && !slices.Contains(m.Signals, n.Signal) {
			m.Signals = append(m.Signals, n.Signal)
		}
	}
	if b.kind == statement.NoticeDigest {
		return m, e.writeDigest(t, &m, b.notices[0])
	}
	zone := hoursOf(r).zone
	day := statement.Date{Time: statementDay(now.In(zone)), Precision: statement.Day}
	m.Line = e.lineOfMany(t, b, t.date(day, true))
	var err error
	if m.Text, m.HTML, err = e.render(e.page(t, b, m.Line)); err != nil {
		return m, err
	}
	m.Text = strings.ToValidUTF8(m.Text, "")
	m.Body, err = e.body(&m, b)
	return m, err
}

// statementDay is the day that a clock shows, as dates hold it.
func statementDay(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}
