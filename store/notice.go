package store

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"palabre/statement"
)

// tellAll makes due, in the commit of what it tells, whatever receivers are to
// be told of the signals that this commit raised or took back.
func (f *filing) tellAll() error {
	if len(f.raised)+len(f.fallen)+len(f.risen) == 0 {
		return nil
	}
	receivers, err := f.roster()
	if err != nil {
		return err
	}
	for id, c := range f.fallen {
		if err := f.takeBack(id, c); err != nil {
			return fmt.Errorf("take back signal %s: %w", id, err)
		}
	}
	for id, c := range f.risen {
		if err := f.giveBack(id, c); err != nil {
			return fmt.Errorf("give back signal %s: %w", id, err)
		}
	}
	if len(receivers) == 0 {
		return nil
	}
	for _, id := range f.raised {
		if err := f.tell(receivers, id); err != nil {
			return fmt.Errorf("tell of signal %s: %w", id, err)
		}
	}
	return nil
}

// tell makes a signal due for every receiver that wants it, once. Old words are
// for the digest, whether they were found late or are replayed into a new record;
// what the desk said is wrong is for nobody. What a disabled receiver wants goes to
// its second.
func (f *filing) tell(receivers roster, signal string) error {
	news, err := newsOf(f.ctx, f.sql, []string{signal})
	if err != nil || len(news) == 0 {
		return err
	}
	n := &news[0]
	if isStale(n.Signal.Now.Said, f.at) || n.Signal.Candidate != "" || n.Care.False != "" || n.Reports == 0 {
		return nil
	}
	for i := range receivers {
		r := &receivers[i]
		to := receivers.standIn(r.ID)
		if to == "" || !r.Wants.Accepts(n) {
			continue
		}
		found, err := f.finds(&r.Receiver, n)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		notice := statement.Notice{Receiver: to, Kind: statement.NoticeNew, Event: n.Signal.Event, Signal: signal, Due: f.at}
		if err := f.putNotice(&notice); err != nil {
			return err
		}
		if f.knowsBetter(to, n) {
			err := f.exec(`UPDATE notices SET state = 'void', why = ? WHERE receiver = ? AND kind = 'new' AND signal = ? AND state = 'due'`, voidCorrected, to, signal)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// knowsBetter reports whether the receiver is sent a correction in this commit
// that says what the news would say.
func (f *filing) knowsBetter(receiver string, n *statement.News) bool {
	return slices.ContainsFunc(f.corrected, func(c correction) bool {
		return c.receiver == receiver && c.statement == n.Signal.Now.Statement && c.topic == n.Signal.Topic && c.actor == n.Signal.Actor
	})
}

// finds reports whether a receiver's query finds the statement. A query that
// cannot be tried hides nothing: the receiver is told, and the log says why.
func (f *filing) finds(r *statement.Receiver, n *statement.News) (bool, error) {
	if r.Wants.Query == "" || f.matches == nil {
		return true, nil
	}
	held, err := statementsIn(f.ctx, f.sql, []string{n.Signal.Now.Statement})
	if err != nil || len(held) == 0 {
		return true, err
	}
	found, err := f.matches(f.ctx, r.Wants.Query, &held[0])
	if err != nil {
		f.log.WarnContext(f.ctx, "a receiver's query could not be tried; it is told", "receiver", r.ID, "query", r.Wants.Query, "error", err)
		return true, nil
	}
	return found, nil
}

// putNotice makes a notice due unless its receiver has been told, here or by
// another node, or cannot be told anything. One that was overtaken falls due again
// if it is put again; of what is new, tell and giveBack decide.
func (t *tx) putNotice(n *statement.Notice) error {
	_, err := t.offer(n)
	return err
}

// offer is putNotice for callers who need to know whether it did anything.
func (t *tx) offer(n *statement.Notice) (fresh bool, err error) {
	_, rows, err := t.change(`INSERT INTO notices (receiver, kind, event, signal, subject, note, due, state)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, 'due' WHERE NOT EXISTS
			(SELECT 1 FROM told WHERE receiver = ?1 AND kind = ?2 AND event = ?3 AND signal = ?4 AND subject = ?5)
			AND EXISTS (SELECT 1 FROM receivers WHERE id = ?1 AND NOT retired AND disabled = '')
		ON CONFLICT DO UPDATE SET state = 'due', due = excluded.due, note = excluded.note, why = '' WHERE state = 'void' AND kind <> 'new'`,
		n.Receiver, n.Kind, n.Event, n.Signal, n.Subject, n.Note, nanos(n.Due))
	return rows > 0, err
}

// byDesk is true of a row of notices that a person brought about.
const byDesk = `subject IN (SELECT id FROM desk_log)`

// isTold is true of a row of notices whose receiver has been told it.
const isTold = `EXISTS (SELECT 1 FROM told t WHERE t.receiver = notices.receiver AND t.kind = notices.kind
	AND t.event = notices.event AND t.signal = notices.signal AND t.subject = notices.subject)`

// correction is what a receiver is told instead of what it was told before.
type correction struct {
	receiver, statement, actor string
	topic                      statement.Topic
}

// Why nothing bears a signal out any more.
const (
	lost  = "the rules no longer read this position in the statement"
	moved = "a person put its reports into another event"
	spoke = "it has spoken after all"
)

// cause is why a signal is borne out no longer, or again.
type cause struct {
	why  string
	desk string // ID of the desk event that brought it about, if one did
}

// subject tells notices of one signal apart that have different causes.
func (c *cause) subject(n *statement.News) string {
	if c.desk != "" {
		return "by " + c.desk
	}
	return "by " + n.Pack
}

// Why a notice is not sent that was due.
const (
	voidReread    = "read otherwise before it was sent"
	voidAtDesk    = "the desk took it back before it was sent"
	voidNoMatch   = "what it takes back was not sent"
	voidCorrected = "told as a correction"
)

// takeBack tells everybody who was told of a signal that it is read otherwise
// now, or not at all. Whoever was not told yet never will be.
func (f *filing) takeBack(signal string, by cause) error {
	err := f.exec(`UPDATE notices SET state = CASE WHEN repeats > 0 THEN 'sent' ELSE 'void' END, why = ?2
		WHERE signal = ?1 AND kind IN ('new', 'escalated', 'update') AND state = 'due'`, signal, voidReread)
	if err != nil {
		return err
	}
	if err := f.recall(signal, voidReread); err != nil {
		return err
	}
	told, err := f.toldOf(signal)
	if err != nil || len(told) == 0 {
		return err
	}
	news, err := newsOf(f.ctx, f.sql, []string{signal})
	if err != nil || len(news) == 0 {
		return err
	}
	s := &news[0].Signal
	stance, err := readsNow(f.ctx, f.sql, f.sides, s)
	if err != nil {
		return err
	}
	notice := statement.Notice{
		Kind: statement.NoticeWithdrawn, Event: s.Event, Signal: signal, Subject: by.subject(&news[0]), Due: f.at,
		Note: by.why,
	}
	if stance != "" && by.why == lost {
		notice.Kind, notice.Note = statement.NoticeCorrected, fmt.Sprintf("the rules now read %s, not %s", stance, s.To)
	}
	for _, receiver := range told {
		notice.Receiver = receiver
		if err := f.putNotice(&notice); err != nil {
			return err
		}
		if notice.Kind == statement.NoticeCorrected {
			f.corrected = append(f.corrected, correction{receiver, s.Now.Statement, s.Actor, s.Topic})
		}
	}
	return nil
}

// giveBack tells whoever was told that a signal is not borne out that it is
// again.
func (f *filing) giveBack(signal string, by cause) error {
	news, err := newsOf(f.ctx, f.sql, []string{signal})
	if err != nil || len(news) == 0 || news[0].Care.False != "" {
		return err
	}
	err = f.exec(`UPDATE notices SET state = 'void', why = ?2 WHERE signal = ?1 AND kind IN ('corrected', 'withdrawn') AND state = 'due' AND NOT `+byDesk, signal, voidNoMatch)
	if err != nil {
		return err
	}
	err = f.exec(`UPDATE notices SET state = 'due', why = '' WHERE signal = ?1 AND kind = 'new' AND state = 'void' AND why = ?2 AND NOT `+isTold, signal, voidReread)
	if err != nil {
		return err
	}
	last, err := f.lastHeard(signal)
	if err != nil {
		return err
	}
	for _, receiver := range slices.Sorted(maps.Keys(last)) {
		if h := last[receiver]; h.byDesk || h.kind != statement.NoticeCorrected && h.kind != statement.NoticeWithdrawn {
			continue
		}
		err := f.putNotice(&statement.Notice{
			Receiver: receiver, Kind: statement.NoticeUpdate, Event: news[0].Signal.Event, Signal: signal, Subject: by.subject(&news[0]),
			Due: f.at, Note: "the statement is read as before again",
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// recall stops messages that wait and carry a signal alone. Whoever may have had
// one, because it was tried, is told that it is taken back like everybody else.
func (t *tx) recall(signal, why string) error {
	waiting, err := texts(t.ctx, t.sql, `SELECT id FROM messages m WHERE state = 'pending' AND leased = 0
		AND EXISTS (SELECT 1 FROM notices WHERE message = m.id AND signal = ?1 AND kind IN ('new', 'escalated', 'update'))
		AND NOT EXISTS (SELECT 1 FROM notices WHERE message = m.id AND signal <> ?1)`, signal)
	if err != nil || len(waiting) == 0 {
		return err
	}
	ids, err := list(waiting)
	if err != nil {
		return err
	}
	err = t.exec(`UPDATE notices SET why = ?2, state = (SELECT CASE tries WHEN 0 THEN 'void' ELSE 'dead' END FROM messages m WHERE m.id = notices.message)
		WHERE state = 'composed' AND message IN (SELECT value FROM json_each(?1))`, ids, why)
	if err != nil {
		return err
	}
	return t.exec(`UPDATE messages SET state = 'dead', failure = ?2 WHERE id IN (SELECT value FROM json_each(?1))`, ids, why)
}

// toldOf returns the receivers that were told of a signal, or to which a message
// of it is on its way.
func (t *tx) toldOf(signal string) ([]string, error) {
	return collect(t.ctx, t.sql, func(scan func(...any) error) (id string, err error) {
		return id, scan(&id)
	}, `SELECT receiver FROM notices WHERE signal = ?1 AND kind IN ('new', 'escalated') AND state IN ('composed', 'sent', 'dead')
		UNION SELECT receiver FROM told WHERE signal = ?1 AND kind IN ('new', 'escalated') ORDER BY 1`, signal)
}

// readsNow returns the stance that the signal's statement is now read to take on
// the same matter, or "".
func readsNow(ctx context.Context, q querier, sides *sides, s *statement.Signal) (found statement.Stance, err error) {
	err = each(ctx, q, func(scan func(...any) error) error {
		var target string
		var stance statement.Stance
		if err := scan(&target, &stance); err != nil {
			return err
		}
		if sides.same(s.Topic, s.Actor, target, s.Target) {
			found = stance
		}
		return nil
	}, `SELECT target, stance FROM positions WHERE statement = ? AND current AND actor = ? AND topic = ?`, s.Now.Statement, s.Actor, s.Topic)
	return found, err
}

const careColumns = `c.owner, c.acknowledged, c.at, c.snoozed, c.false, c.confirmed, c.note`

// careOf returns what the desk did about a signal.
func careOf(ctx context.Context, q querier, signal string) (statement.Care, error) {
	c := statement.Care{Signal: signal}
	err := each(ctx, q, func(scan func(...any) error) error {
		return scan(&c.Owner, &c.Acknowledged, instant{&c.At}, instant{&c.Snoozed}, &c.False, &c.Confirmed, &c.Note)
	}, `SELECT `+careColumns+` FROM care c WHERE c.signal = ?`, signal)
	return c, err
}

// texts returns one column of text.
func texts(ctx context.Context, q querier, query string, args ...any) ([]string, error) {
	return collect(ctx, q, func(scan func(...any) error) (v string, err error) { return v, scan(&v) }, query, args...)
}
