package alert

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"palabre/statement"
)

// books is a ledger in memory. It keeps the promises of the record, except that
// it is gone when the process is.
type books struct {
	mu         sync.Mutex
	receivers  []statement.Receiver
	notices    map[string]map[int64]*statement.Notice // by receiver; those that are due
	mutings    []statement.Muting
	pending    map[string]*pending
	composed   map[string][]statement.SentMessage
	silenced   map[int64]string
	deliveries []statement.Delivery
	noted      chan statement.Delivery // gets each delivery, if it has room
	crash      func() error            // fails the next note, if set
}

type pending struct {
	message       statement.Message
	again, leased time.Time
}

func openBooks(receivers ...statement.Receiver) *books {
	return &books{
		receivers: receivers, notices: make(map[string]map[int64]*statement.Notice), pending: make(map[string]*pending),
		composed: make(map[string][]statement.SentMessage), silenced: make(map[int64]string), noted: make(chan statement.Delivery, 100),
	}
}

// put makes a notice due.
func (b *books) put(receiver string, n *statement.Notice) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.notices[receiver] == nil {
		b.notices[receiver] = make(map[int64]*statement.Notice)
	}
	b.notices[receiver][n.N] = n
}

func (b *books) ledger() Ledger {
	return Ledger{
		Receivers: b.all, Due: b.due, Mutings: b.muted, SentSince: b.sentSince,
		Compose: b.compose, Lease: b.lease, Delivered: b.delivered, NextDue: b.nextDue,
	}
}

func (b *books) all(context.Context) ([]statement.Receiver, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.receivers), nil
}

func (b *books) due(_ context.Context, receiver string, by time.Time) (out []*statement.Notice, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, n := range b.notices[receiver] {
		if !n.Due.After(by) {
			out = append(out, n)
		}
	}
	return out, nil
}

func (b *books) muted(context.Context) ([]statement.Muting, error) { return b.mutings, nil }

func (b *books) sentSince(_ context.Context, receiver string, since time.Time) (out []statement.SentMessage, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.composed[receiver] {
		if !m.At.Before(since) {
			out = append(out, m)
		}
	}
	return out, nil
}

func (b *books) compose(_ context.Context, receiver string, p statement.Plan) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range p.Messages {
		b.pending[m.ID] = &pending{message: m, again: m.Composed}
		b.composed[receiver] = append(b.composed[receiver], statement.SentMessage{ID: m.ID, Group: m.Group, Kind: m.Kind, At: m.Composed})
		for _, n := range m.Notices {
			delete(b.notices[receiver], n)
		}
	}
	for n, why := range p.Silenced {
		b.silenced[n] = why
		delete(b.notices[receiver], n)
	}
	for n, until := range p.Wait {
		b.notices[receiver][n].Due = until
	}
	return nil
}

func (b *books) lease(_ context.Context, receiver string, now, until time.Time, limit int) (out []statement.Message, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var ready []*pending
	for _, p := range b.pending {
		if p.message.Receiver == receiver && !p.again.After(now) && !p.leased.After(now) {
			ready = append(ready, p)
		}
	}
	slices.SortFunc(ready, func(x, y *pending) int { return x.again.Compare(y.again) })
	for _, p := range ready[:min(limit, len(ready))] {
		p.leased = until
		out = append(out, p.message)
	}
	return out, nil
}

func (b *books) delivered(_ context.Context, d statement.Delivery) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if crash := b.crash; crash != nil {
		b.crash = nil
		return crash()
	}
	b.deliveries = append(b.deliveries, d)
	select {
	case b.noted <- d:
	default:
	}
	p := b.pending[d.Message]
	if d.Sent || d.Again.IsZero() {
		delete(b.pending, d.Message)
	} else {
		p.again, p.leased = d.Again, time.Time{}
		p.message.Tries++
	}
	if d.Disable {
		b.receivers = slices.DeleteFunc(b.receivers, func(r statement.Receiver) bool { return r.ID == d.Receiver })
	}
	return nil
}

func (b *books) nextDue(_ context.Context, receiver string) (next time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	sooner := func(at time.Time) {
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	for _, n := range b.notices[receiver] {
		sooner(n.Due)
	}
	for _, p := range b.pending {
		if p.message.Receiver == receiver {
			sooner(p.again)
		}
	}
	return next, nil
}

// last returns how the last try ended.
func (b *books) last(t *testing.T) statement.Delivery {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.deliveries) == 0 {
		t.Fatal("no try was noted")
	}
	return b.deliveries[len(b.deliveries)-1]
}
