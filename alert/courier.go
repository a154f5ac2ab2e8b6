package alert

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"palabre/statement"
)

// Ledger is what the record does for a courier. All functions are needed.
type Ledger struct {
	// Receivers returns those that may be sent something.
	Receivers func(ctx context.Context) ([]statement.Receiver, error)
	// Due returns the notices of a receiver that are due by a moment, with what
	// is known of their signals.
	Due func(ctx context.Context, receiver string, by time.Time) ([]*statement.Notice, error)
	// Mutings returns those that may be in force.
	Mutings func(ctx context.Context) ([]statement.Muting, error)
	// SentSince returns the messages of a receiver that were sent since, or are
	// on their way.
	SentSince func(ctx context.Context, receiver string, since time.Time) ([]statement.SentMessage, error)
	// Compose stores, in one commit, what is to become of a receiver's notices.
	Compose func(ctx context.Context, receiver string, p statement.Plan) error
	// Lease returns at most so many messages that are to be tried by now, oldest
	// first, and keeps them from others until then.
	Lease func(ctx context.Context, receiver string, now, until time.Time, limit int) ([]statement.Message, error)
	// Delivered notes how a try ended.
	Delivered func(ctx context.Context, d statement.Delivery) error
	// NextDue returns when there is something to do for a receiver; zero if
	// nothing waits.
	NextDue func(ctx context.Context, receiver string) (time.Time, error)
}

// Options are what a Courier needs. Zero values stand for the defaults.
type Options struct {
	Ledger      Ledger
	Names       Names
	Base        string                                                                               // address of the desk, for links
	SMTP        SMTP                                                                                 // without a host, e-mail fails and says so
	DialControl func(network, address string, c syscall.RawConn) error                               // looks at every address that a webhook leads to; nil lets all through
	Publish     func(ctx context.Context, subject, id string, body []byte) error                     // to NATS
	Attach      func(ctx context.Context, d *statement.IssuedDigest) ([]statement.Attachment, error) // files that go with the mail of a digest, also those made before an error; may be nil
	AtOnce      int                                                                                  // most messages under way at one time; 64 by default
	Now         func() time.Time                                                                     // clock; time.Now by default
	Log         *slog.Logger
}

// Courier composes what receivers are sent and carries it to them.
type Courier struct {
	opt    Options
	editor *Editor
	ways   map[statement.WayKind]way
	places chan struct{} // for messages under way
	leave  time.Duration // after which a try that does not come back is given up
	mu     sync.Mutex
	stuck  map[string]bool // receivers whose last try has not come back
}

// way carries a message to a receiver. It returns nil once the other side has
// taken it, a [*Failure] if not, and may be called by many at once.
type way interface {
	send(ctx context.Context, r *statement.Receiver, m *statement.Message) error
}

// lease is for how long a message is kept from others: longer than a try.
const lease = 2 * time.Minute

// New returns a Courier.
func New(opt Options) (*Courier, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	opt.AtOnce = cmp.Or(opt.AtOnce, 64)
	editor, err := NewEditor(opt.Names, opt.Base)
	if err != nil {
		return nil, err
	}
	mail, err := newEmail(opt.SMTP, opt.Log)
	if err != nil {
		return nil, err
	}
	return &Courier{
		opt: opt, editor: editor, leave: 2 * patience, stuck: make(map[string]bool), places: make(chan struct{}, opt.AtOnce),
		ways: map[statement.WayKind]way{
			statement.Email:   mail,
			statement.Webhook: newWebhook(opt.DialControl, opt.Now),
			statement.Chat:    chat{},
			statement.Subject: subject{opt.Publish},
		},
	}, nil
}

// Round does once what there is to do for a receiver: it composes what is due,
// sends what is to be tried, and notes how that ended. It reports whether there
// was anything. The error is the ledger's, or that of ctx: a try that failed is
// noted, not returned.
func (c *Courier) Round(ctx context.Context, r *statement.Receiver, now time.Time) (did bool, err error) {
	began := c.opt.Now()
	if did, err = c.compose(ctx, r, now); err != nil {
		return did, fmt.Errorf("compose for receiver %s: %w", r.ID, err)
	}
	for {
		at := now.Add(c.opt.Now().Sub(began))
		messages, err := c.opt.Ledger.Lease(ctx, r.ID, at, at.Add(lease), 1)
		if err != nil {
			return did, fmt.Errorf("lease messages of receiver %s: %w", r.ID, err)
		}
		if len(messages) == 0 {
			return did, nil
		}
		did = true
		for i := range messages {
			m := &messages[i]
			failure := c.carry(ctx, r, m)
			if failure != nil && ctx.Err() != nil {
				return did, ctx.Err() // whether it arrived is not known: it is tried again
			}
			d := delivery(m, failure, now.Add(c.opt.Now().Sub(began)))
			if err := c.opt.Ledger.Delivered(context.WithoutCancel(ctx), d); err != nil {
				return did, fmt.Errorf("note delivery of message %s: %w", m.ID, err)
			}
			if failure != nil {
				c.opt.Log.WarnContext(ctx, "message not delivered", "receiver", r.ID, "message", m.ID, "tries", m.Tries+1, "error", failure)
			}
			if d.Disable {
				return did, nil
			}
		}
	}
}

// compose makes messages of what is due.
func (c *Courier) compose(ctx context.Context, r *statement.Receiver, now time.Time) (did bool, err error) {
	due, err := c.opt.Ledger.Due(ctx, r.ID, now.Add(Ahead(r)))
	if err != nil || len(due) == 0 {
		return false, err
	}
	mutings, err := c.opt.Ledger.Mutings(ctx)
	if err != nil {
		return false, err
	}
	sent, err := c.opt.Ledger.SentSince(ctx, r.ID, now.Add(-Behind(r)))
	if err != nil {
		return false, err
	}
	plan, err := c.editor.Compose(r, due, mutings, sent, now)
	if err != nil || len(plan.Messages)+len(plan.Silenced)+len(plan.Wait) == 0 {
		return false, err
	}
	c.attach(ctx, r, due, &plan)
	return true, c.opt.Ledger.Compose(ctx, r.ID, plan)
}

// delivery is how a try ended.
func delivery(m *statement.Message, failure error, at time.Time) statement.Delivery {
	d := statement.Delivery{Message: m.ID, Receiver: m.Receiver, At: at, Sent: failure == nil}
	if failure != nil {
		d.Failure = failure.Error()
		d.Again, _, d.Disable = Again(m.ID, m.Tries+1, failure, at)
	}
	return d
}

// carry sends a message. A try that does not come back is left to itself, and
// until it does there is no other one for the receiver.
func (c *Courier) carry(ctx context.Context, r *statement.Receiver, m *statement.Message) error {
	w := c.ways[r.Way.Kind]
	if w == nil {
		return &Failure{Reason: fmt.Sprintf("there is no way %q", r.Way.Kind)}
	}
	select {
	case c.places <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	if !c.begin(r.ID) {
		<-c.places
		return &Failure{Reason: "the try before has not come back"}
	}
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		err := c.try(limited, w, r, m)
		c.end(r.ID)
		done <- err
	}()
	given := time.NewTimer(c.leave)
	defer given.Stop()
	defer func() { <-c.places }()
	select {
	case err := <-done:
		return err
	case <-given.C:
		return &Failure{Reason: fmt.Sprintf("no answer within %s", c.leave)}
	case <-ctx.Done():
	}
	select { // most ways say at once how far they came
	case err := <-done:
		return err
	case <-time.After(min(c.leave, time.Second)):
		return ctx.Err()
	}
}

// try makes a failure of a panic.
func (c *Courier) try(ctx context.Context, w way, r *statement.Receiver, m *statement.Message) (err error) {
	defer func() {
		if p := recover(); p != nil {
			c.opt.Log.ErrorContext(ctx, "a way out panicked", "receiver", r.ID, "way", r.Way.Kind, "stack", string(debug.Stack()))
			err = &Failure{Reason: "sending broke down; the log has more"}
		}
	}()
	return w.send(ctx, r, m)
}

// begin reports whether the receiver is free for a try, and takes it.
func (c *Courier) begin(receiver string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stuck[receiver] {
		return false
	}
	c.stuck[receiver] = true
	return true
}

func (c *Courier) end(receiver string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.stuck, receiver)
}
