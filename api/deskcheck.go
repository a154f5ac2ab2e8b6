package api

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"palabre/index"
	"palabre/statement"
	"palabre/store"
)

// missing turns an unknown subject into a rejection that names it.
func missing(err error, what, id string) error {
	if errors.Is(err, store.ErrNotFound) {
		return rejected("there is no %s %q", what, plain(id))
	}
	return err
}

func (s *server) actOnSignal(ctx context.Context, id string) (*statement.News, error) {
	n, err := s.signalNamed(ctx, id)
	return n, missing(err, "signal", id)
}

func (s *server) checkConfirm(ctx context.Context, id string) error {
	n, err := s.actOnSignal(ctx, id)
	if err == nil && n.Signal.Candidate == "" {
		err = rejected("signal %s is not for the desk only: it is pushed already", id)
	}
	return err
}

// checkUndo checks that there is something to undo. What was done elsewhere and
// is only noted at the desk cannot be undone there.
func (s *server) checkUndo(ctx context.Context, id string) error {
	l, err := s.store.DeskEvent(ctx, id)
	if err != nil {
		return missing(err, "desk event", id)
	}
	switch l.Action {
	case statement.HandEntry, statement.Poll, statement.Replay, statement.Export, statement.DraftDigest:
		return rejected("%s cannot be undone", l.Action)
	case statement.IssueDigest:
		return rejected("an issued digest does not change any more: a correction goes into the next one")
	case statement.EditDigest:
		if _, err := s.openDraft(ctx, &statement.DeskEvent{Subject: l.Subject}); err != nil {
			return err
		}
	}
	if l.Undone != "" || l.Idle {
		return rejected("it was undone before")
	}
	return nil
}

// checkReplay checks that there is such a message and that the desk may send it
// again.
func (s *server) checkReplay(ctx context.Context, id string) error {
	d, err := s.store.DeadLetter(ctx, id)
	if err != nil {
		return missing(err, "dead letter", id)
	}
	if !store.Replayable(&d) {
		return rejected("the message holds no statement that can be read; palabre dead show %s prints it", id)
	}
	return nil
}

// silenceOf returns the silence that a person wants. One without a filter would
// keep everything from everybody, and one with a query nothing.
func (s *server) silenceOf(a *Act, e *statement.DeskEvent) (any, error) {
	if e.Subject != "" {
		return nil, rejected("a new silence is named by the desk: leave the subject out")
	}
	f := a.Filter
	if f.Query != "" {
		return nil, rejected("filter.query: a silence cannot hold a query")
	}
	chosen := len(f.Topics) + len(f.Actors) + len(f.Targets) + len(f.Reasons) + len(f.Stances) + len(f.Langs) + len(f.Places) + len(f.Events)
	if chosen == 0 {
		return nil, rejected("filter: name a topic, actor, target, reason, stance, language, place or event: an empty one would silence everything")
	}
	for _, r := range f.Reasons {
		if !slices.Contains(statement.Reasons, r) {
			return nil, rejected("filter.reasons: %q is no reason", plain(string(r)))
		}
	}
	for _, st := range f.Stances {
		if !st.Valid() {
			return nil, rejected("filter.stances: %q is no stance", plain(string(st)))
		}
	}
	for _, id := range slices.Concat(f.Actors, f.Targets) {
		if s.reg.Actor(id) == nil {
			return nil, rejected("filter: there is no actor %q", plain(id))
		}
	}
	if f.Grade != "" && !f.Grade.Valid() {
		return nil, rejected("filter.grade: %q is no grade", plain(string(f.Grade)))
	}
	if e.Note == "" {
		return nil, rejected("the note is empty: a silence needs a reason")
	}
	return statement.Muting{Filter: f, Author: e.Who, Reason: e.Note, From: e.At, Until: a.Until.UTC()}, checkEnd(a.Until, e.At, longestHush)
}

func (s *server) checkSilence(ctx context.Context, id string) error {
	list, err := s.store.Mutings(ctx)
	if err == nil && !slices.ContainsFunc(list, func(m statement.Muting) bool { return m.ID == id }) {
		err = rejected("there is no silence %q, or it has ended", plain(id))
	}
	return err
}

// checkReceiver checks that there is a receiver and, where it is to be changed,
// that the desk may do so.
func (s *server) checkReceiver(ctx context.Context, id string, change bool) error {
	list, err := s.store.ReceiverStates(ctx)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(r store.ReceiverState) bool { return r.ID == id })
	switch {
	case i < 0:
		return rejected("there is no receiver %q", plain(id))
	case change && list[i].FromConfig:
		return rejected("receiver %s stands in the file of receivers: change it there", id)
	}
	return nil
}

// receiverAsked returns the receiver that a person describes.
func (s *server) receiverAsked(ctx context.Context, a *Act, e *statement.DeskEvent) (any, error) {
	if a.Receiver == nil {
		return nil, rejected("receiver is empty: say what it is to be")
	}
	r, err := a.Receiver.receiver()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRejected, err)
	}
	if r.ID != e.Subject {
		return nil, rejected("the subject is %q and the receiver %q", plain(e.Subject), plain(r.ID))
	}
	var wrong *index.SyntaxError
	if err := s.index.Reader().Check(ctx, r.Wants.Query); errors.As(err, &wrong) {
		return nil, rejected("wants.query: %s", err)
	} else if err != nil {
		return nil, err
	}
	known, err := s.store.ReceiverStates(ctx)
	if err != nil {
		return nil, err
	}
	for i := range known {
		if known[i].ID == r.ID && known[i].FromConfig {
			return nil, rejected("receiver %s stands in the file of receivers: change it there", r.ID)
		}
	}
	return r, nil
}

// splitOf returns the statements that leave an event. One must stay.
func (s *server) splitOf(ctx context.Context, a *Act, id string) (any, error) {
	story, err := s.store.Event(ctx, id)
	if err != nil {
		return nil, missing(err, "event", id)
	}
	g, err := regrouping(a.Statements)
	if err != nil {
		return nil, err
	}
	for _, leaving := range g.Statements {
		if !slices.Contains(story.Reports, leaving) {
			return nil, rejected("statement %q does not report event %s", plain(leaving), id)
		}
	}
	if len(g.Statements) == len(story.Reports) {
		return nil, rejected("one report must stay: an event without any is none")
	}
	return g, nil
}

// mergeOf returns the statements that join an event: those named, or all of
// another event's. Both must be on the same matter.
func (s *server) mergeOf(ctx context.Context, a *Act, id string) (any, error) {
	story, err := s.store.Event(ctx, id)
	if err != nil {
		return nil, missing(err, "event", id)
	}
	joining := a.Statements
	if a.Event != "" {
		other, err := s.store.Event(ctx, a.Event)
		switch {
		case err != nil:
			return nil, missing(err, "event", a.Event)
		case other.ID == story.ID:
			return nil, rejected("that is the same event")
		case other.Actor != story.Actor || other.Topic != story.Topic:
			return nil, rejected("event %s is about %s and %s, not %s and %s", other.ID, other.Actor, other.Topic, story.Actor, story.Topic)
		case other.Stance != story.Stance:
			return nil, rejected("event %s is %s, not %s: two stances are two utterances", other.ID, other.Stance, story.Stance)
		case !s.store.SameMatter(story, other):
			return nil, rejected("event %s is towards %s, not %s", other.ID, plain(other.Target), plain(story.Target))
		}
		joining = slices.Concat(joining, other.Reports)
	}
	g, err := regrouping(joining)
	if err != nil {
		return nil, err
	}
	held, err := s.store.Statements(ctx, g.Statements)
	if err != nil {
		return nil, err
	}
	for _, id := range g.Statements {
		if !slices.ContainsFunc(held, func(h store.Held) bool { return h.Statement.Of == id }) {
			return nil, rejected("there is no statement %q", plain(id))
		}
	}
	return g, nil
}

// regrouping lists statements once each.
func regrouping(ids []string) (statement.Regrouping, error) {
	sorted := slices.Compact(slices.Sorted(slices.Values(ids)))
	switch {
	case len(sorted) == 0 || sorted[0] == "":
		return statement.Regrouping{}, rejected("statements: name at least one")
	case len(sorted) > mostMoved:
		return statement.Regrouping{}, rejected("statements: %d are too many, the most is %d", len(sorted), mostMoved)
	}
	return statement.Regrouping{Statements: sorted}, nil
}

func (s *server) checkDemand(ctx context.Context, id string, status statement.DemandStatus) error {
	switch status {
	case statement.DemandOpen, statement.DemandDropped, statement.DemandMayMet, statement.DemandMet:
	default:
		return rejected("status: %q is not open, dropped, may-be-met or met", plain(string(status)))
	}
	list, err := s.store.Demands(ctx, store.DemandQuery{})
	if err == nil && !slices.ContainsFunc(list, func(d statement.Demand) bool { return d.ID == id }) {
		err = rejected("there is no demand %q", plain(id))
	}
	return err
}

// checkWatch checks that the watch can be taken or handed over.
func (s *server) checkWatch(ctx context.Context, e *statement.DeskEvent) error {
	who, _, err := s.store.OnWatch(ctx)
	switch {
	case err != nil:
		return err
	case e.Action == statement.BeginWatch && who == e.Who:
		return rejected("%s is on watch already", plain(who))
	case e.Action == statement.EndWatch && who == "":
		return rejected("nobody is on watch")
	case e.Action == statement.EndWatch && who != e.Who:
		return rejected("%s is on watch, not %s", plain(who), plain(e.Who))
	}
	return nil
}
