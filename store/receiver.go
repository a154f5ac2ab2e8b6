package store

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"palabre/statement"
)

// PutReceivers makes these the receivers of the file of receivers, which has
// the last word on those that it names. Those that it no longer names are what
// the desk says of them, or retired. A receiver that was disabled and is
// described otherwise now is tried again.
func (s *Store) PutReceivers(ctx context.Context, receivers []statement.Receiver) error {
	err := s.write(ctx, func(t *tx) error {
		named := make(map[string]bool, len(receivers))
		for i := range receivers {
			r := receivers[i]
			if r.ID == "" || named[r.ID] {
				return fmt.Errorf("receiver %d has no ID of its own: %q", i+1, r.ID)
			}
			named[r.ID], r.FromConfig = true, true
			if err := t.putReceiver(&r, false); err != nil {
				return err
			}
		}
		before, err := texts(t.ctx, t.sql, `SELECT id FROM receivers WHERE NOT retired AND spec ->> 'from_config' ORDER BY id`)
		if err != nil {
			return err
		}
		for _, id := range before {
			if named[id] {
				continue
			}
			if err := t.foldReceiver(id, false); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("put receivers: %w", err)
	}
	s.wake()
	return nil
}

// putReceiver writes what a receiver is. again says that it is to be tried
// again if it was disabled, even where nothing about it has changed.
func (t *tx) putReceiver(r *statement.Receiver, again bool) error {
	spec, err := jsonText(r)
	if err != nil {
		return fmt.Errorf("encode receiver %s: %w", r.ID, err)
	}
	return t.exec(`INSERT INTO receivers (id, spec) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET spec = excluded.spec, retired = 0,
			disabled = CASE WHEN ?3 OR spec <> excluded.spec THEN '' ELSE disabled END,
			failures = CASE WHEN ?3 OR spec <> excluded.spec THEN 0 ELSE failures END`, r.ID, spec, again)
}

// dropped is why a receiver is not told what waited while it was not wanted.
const dropped = "the receiver was dropped"

// grace is for how long what waits for a receiver outlives it: a slip in the
// file of receivers must not cost anything.
const grace = 24 * time.Hour

// retire ends a receiver. What waits for it is sent if it is wanted again soon.
func (t *tx) retire(id string) error {
	return t.exec(`UPDATE receivers SET retired = 1 WHERE id = ? AND NOT retired`, id)
}

// discard ends what waits for receivers that have been gone for longer than the
// grace.
func (t *tx) discard(now time.Time) error {
	const gone = `receiver IN (SELECT id FROM receivers WHERE retired)`
	before := nanos(now.Add(-grace))
	err := t.exec(`UPDATE notices SET state = CASE state WHEN 'due' THEN 'void' ELSE 'dead' END, why = ?
		WHERE `+gone+` AND state IN ('due', 'composed') AND due < ?`, dropped, before)
	if err != nil {
		return err
	}
	return t.exec(`UPDATE messages SET state = 'dead', failure = ? WHERE `+gone+` AND state = 'pending' AND composed < ?`, dropped, before)
}

// foldReceiver makes a receiver what the desk last said of it.
func (t *tx) foldReceiver(id string, again bool) error {
	acts, err := t.acts(id, statement.PutReceiver, statement.DropReceiver)
	if err != nil {
		return err
	}
	var last *statement.Receiver
	for i := range acts {
		if acts[i].Action == statement.DropReceiver {
			last = nil
			continue
		}
		r, err := receiverOf(&acts[i])
		if err != nil {
			return err
		}
		if last != nil {
			unmask(&r, last)
		}
		last = &r
	}
	if last == nil {
		return t.retire(id)
	}
	return t.putReceiver(last, again)
}

// fromConfig reports whether a receiver stands in the file of receivers.
func (t *tx) fromConfig(id string) (bool, error) {
	var one int
	return t.find(`SELECT 1 FROM receivers WHERE id = ? AND NOT retired AND spec ->> 'from_config'`, []any{id}, &one)
}

// receiverOf returns the receiver that a desk event describes.
func receiverOf(e *statement.DeskEvent) (r statement.Receiver, err error) {
	if err := json.Unmarshal(e.Details, &r); err != nil {
		return r, fmt.Errorf("read receiver: %w", err)
	}
	if r.ID != "" && r.ID != e.Subject {
		return r, fmt.Errorf("read receiver: it is %q and %q", e.Subject, r.ID)
	}
	r.ID, r.FromConfig = e.Subject, false
	return r, nil
}

// masked returns a receiver as people may see it: without the key of its
// webhook and without the rest of an address that is as good as a key.
func masked(r statement.Receiver) statement.Receiver {
	r.Way.Secret = ""
	if r.Way.URL == "" {
		return r
	}
	u, err := url.Parse(r.Way.URL)
	switch {
	case err != nil:
		r.Way.URL = "…"
	case r.Way.Kind == statement.Webhook:
		r.Way.URL = u.Scheme + "://" + u.Host + "/…"
	default:
		r.Way.URL = u.Scheme + "://…"
	}
	return r
}

// unmask gives a receiver that was edited as it was shown what it was not shown.
func unmask(r, before *statement.Receiver) {
	if r.Way.Kind != before.Way.Kind {
		return
	}
	if r.Way.URL == masked(*before).Way.URL {
		r.Way.URL = before.Way.URL
	}
	if r.Way.Secret == "" {
		r.Way.Secret = before.Way.Secret
	}
}

// roster is everybody who is wanted as a receiver, in the order of their IDs.
type roster []enrolled

// enrolled is a receiver and why nothing is sent to it any more, if so.
type enrolled struct {
	statement.Receiver
	disabled string
}

func (t *tx) roster() (roster, error) {
	return collect(t.ctx, t.sql, func(scan func(...any) error) (r enrolled, err error) {
		return r, scan(jsonColumn{&r.Receiver}, &r.disabled)
	}, `SELECT spec, disabled FROM receivers WHERE NOT retired ORDER BY id`)
}

func (r roster) find(id string) *enrolled {
	i, found := slices.BinarySearchFunc(r, id, func(e enrolled, id string) int { return strings.Compare(e.ID, id) })
	if !found {
		return nil
	}
	return &r[i]
}

// mostHops bounds how far something is handed on from one receiver that cannot
// be reached to the next, and is safe against a circle.
const mostHops = 4

// standIn returns who is told in a receiver's place: itself if it can be told,
// or where it is disabled its second. It returns "" if there is nobody.
func (r roster) standIn(id string) string {
	for range mostHops {
		e := r.find(id)
		switch {
		case e == nil || e.Paused:
			return ""
		case e.disabled == "":
			return id
		}
		id = e.Second
	}
	return ""
}

// Receivers returns those that may be sent something.
func (s *Store) Receivers(ctx context.Context) ([]statement.Receiver, error) {
	out, err := collect(ctx, s.reader, scanReceiver, `SELECT spec FROM receivers
		WHERE NOT retired AND disabled = '' AND NOT coalesce(spec ->> 'paused', 0) ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read receivers: %w", err)
	}
	return out, nil
}

func scanReceiver(scan func(...any) error) (r statement.Receiver, err error) {
	return r, scan(jsonColumn{&r})
}

// ReceiverState is a receiver and how it is doing.
type ReceiverState struct {
	statement.Receiver
	Disabled string    `json:"disabled,omitempty"` // why nothing is sent to it any more
	Failures int       `json:"failures"`           // in a row
	Failure  string    `json:"failure,omitempty"`  // the last one
	Since    time.Time `json:"since,omitzero"`     // of the first of them
	Sent     time.Time `json:"sent,omitzero"`      // when it was last told something
	Due      int       `json:"due"`                // notices
	Pending  int       `json:"pending"`            // messages
	Dead     int       `json:"dead"`               // messages
}

// ReceiverStates returns all receivers that are wanted, paused and disabled ones
// among them, as people may see them: without keys. One that is put back as it
// was shown keeps its keys.
func (s *Store) ReceiverStates(ctx context.Context) ([]ReceiverState, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (r ReceiverState, err error) {
		err = scan(jsonColumn{&r.Receiver}, &r.Disabled, &r.Failures, &r.Failure, instant{&r.Since}, instant{&r.Sent}, &r.Due, &r.Pending, &r.Dead)
		r.Receiver = masked(r.Receiver)
		return r, err
	}, `SELECT spec, disabled, failures, failure, since, sent,
			(SELECT count(*) FROM notices n WHERE n.receiver = r.id AND n.state = 'due'),
			(SELECT count(*) FROM messages m WHERE m.receiver = r.id AND m.state = 'pending'),
			(SELECT count(*) FROM messages m WHERE m.receiver = r.id AND m.state = 'dead')
		FROM receivers r WHERE NOT retired ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("read receivers: %w", err)
	}
	return out, nil
}
