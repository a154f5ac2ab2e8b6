package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

const (
	maxTake       = 512      // most messages that a handler is given at once
	maxTakeBytes  = 16 << 20 // most bytes that one request brings
	maxAckPending = 4096     // most messages delivered or waiting for a further try
	pinGroup      = "one"    // the group of clients of which the server serves one
	pinHeader     = "Nats-Pin-Id"
)

// delivery is a message that a consumer was given.
type delivery struct {
	msg  *nats.Msg
	meta *nats.MsgMetadata
}

// session takes messages from a durable consumer in the order of the stream.
//
// The server serves one client of the consumer at a time, the pinned one. It
// numbers what it delivers, so a number that is not the next one shows that
// deliveries went elsewhere: to a process that is gone, or down with a broken
// connection. The session then winds the consumer back to the oldest message
// that nobody acknowledged, rather than wait until the server gives the lost
// ones again, behind later ones.
type session struct {
	bus      *Bus
	stream   jetstream.Stream
	consumer jetstream.Consumer
	name     string
	sub      *nats.Subscription
	inbox    string

	pulls  int       // requests made, to tell answers to them apart
	reply  string    // where the present request is answered
	asked  int       // messages that it may still bring
	got    int       // messages that it brought
	pulled time.Time // when it was made

	pin   string    // what proves that this client is the pinned one
	next  uint64    // number of the next delivery; 0 while unknown
	reset time.Time // when the consumer was last wound back
}

// attend opens a session with a consumer, which is made if there is none.
func (b *Bus) attend(ctx context.Context, stream, name, filter string) (*session, error) {
	st, err := b.ensure(ctx, stream)
	if err != nil {
		return nil, explain(ctx, err)
	}
	request, cancel := context.WithTimeout(ctx, b.timing.request)
	defer cancel()
	c, err := st.CreateOrUpdateConsumer(request, jetstream.ConsumerConfig{
		Durable:        name,
		FilterSubject:  filter,
		DeliverPolicy:  jetstream.DeliverAllPolicy,
		AckPolicy:      jetstream.AckExplicitPolicy,
		AckWait:        b.timing.ack,
		MaxDeliver:     -1, // the server would drop what it delivered too often
		MaxAckPending:  maxAckPending,
		PriorityPolicy: jetstream.PriorityPolicyPinned,
		PriorityGroups: []string{pinGroup},
		PinnedTTL:      b.timing.pin,
	})
	if err != nil {
		return nil, fmt.Errorf("create consumer %s of %s: %w", name, stream, explain(ctx, err))
	}
	s := &session{bus: b, stream: st, consumer: c, name: name, inbox: b.conn.NewInbox()}
	if s.sub, err = b.conn.SubscribeSync(s.inbox + ".*"); err != nil {
		return nil, fmt.Errorf("subscribe consumer %s of %s: %w", name, stream, explain(ctx, err))
	}
	if err := s.sub.SetPendingLimits(-1, -1); err != nil { // requests are the limit
		return nil, errors.Join(fmt.Errorf("subscribe consumer %s of %s: %w", name, stream, err), s.sub.Unsubscribe())
	}
	return s, nil
}

// close gives the consumer to the next client.
func (s *session) close() {
	if s.pin != "" && s.bus.conn.IsConnected() {
		ctx, cancel := context.WithTimeout(context.Background(), min(time.Second, s.bus.timing.request))
		defer cancel()
		if err := s.stream.UnpinConsumer(ctx, s.name, pinGroup); err != nil {
			s.bus.log.Debug("stream: consumer not released, it will time out", "consumer", s.name, "err", err)
		}
	}
	_ = s.sub.Unsubscribe() // fails only on a closed connection
}

// take returns what is queued, 1 to 512 messages in order. It waits for the
// first one.
func (s *session) take(ctx context.Context) ([]delivery, error) {
	if s.next == 0 {
		if err := s.settle(ctx); err != nil {
			return nil, err
		}
	}
	var batch []delivery
	for len(batch) < maxTake {
		wait := time.Duration(0)
		if n := len(batch); n > 0 {
			queued, _, err := s.sub.Pending()
			if err != nil {
				return nil, fmt.Errorf("take messages: %w: %w", ErrUnavailable, err)
			}
			if queued == 0 && (s.asked == 0 || batch[n-1].meta.NumPending == 0) {
				break
			}
			wait = s.bus.timing.gather
		}
		d, ok, err := s.receive(ctx, wait)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		batch = append(batch, d)
	}
	return batch, nil
}

// receive returns the next message in order. With a wait other than zero it
// gives up after that time, and after an answer that ends the request.
func (s *session) receive(ctx context.Context, wait time.Duration) (delivery, bool, error) {
	for {
		if s.asked == 0 && wait == 0 {
			if err := s.pull(); err != nil {
				return delivery{}, false, err
			}
		}
		m, err := s.nextMessage(ctx, wait)
		if err != nil {
			return delivery{}, false, err
		}
		if m == nil {
			if wait > 0 {
				return delivery{}, false, nil
			}
			continue
		}
		if m.Reply == "" {
			if err := s.answer(ctx, m); err != nil || s.asked == 0 && wait > 0 {
				return delivery{}, false, err
			}
			continue
		}
		d, ok, err := s.inOrder(ctx, m)
		if err != nil || ok {
			return d, ok, err
		}
	}
}

// nextMessage waits for a message, at most for the time given or, if it is
// zero, until the present request must have been answered; then it returns nil.
func (s *session) nextMessage(ctx context.Context, wait time.Duration) (*nats.Msg, error) {
	overdue := wait == 0
	if overdue {
		wait = time.Until(s.pulled.Add(2 * s.bus.timing.pull))
	}
	limited, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	m, err := s.sub.NextMsgWithContext(limited)
	switch {
	case err == nil:
		return m, nil
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case errors.Is(err, context.DeadlineExceeded):
		if overdue {
			s.asked = 0 // the server forgot the request
		}
		return nil, nil
	}
	return nil, fmt.Errorf("take messages: %w: %w", ErrUnavailable, err)
}

// pull asks the server for messages.
func (s *session) pull() error {
	request, err := json.Marshal(struct {
		Batch    int           `json:"batch"`
		MaxBytes int           `json:"max_bytes"`
		Expires  time.Duration `json:"expires"`
		Group    string        `json:"group"`
		Pin      string        `json:"id,omitempty"`
	}{maxTake, maxTakeBytes, s.bus.timing.pull, pinGroup, s.pin})
	if err != nil {
		return fmt.Errorf("encode request for messages: %w", err)
	}
	s.pulls++
	s.reply = s.inbox + "." + strconv.Itoa(s.pulls)
	subject := "$JS.API.CONSUMER.MSG.NEXT." + s.stream.CachedInfo().Config.Name + "." + s.name
	if err := s.bus.conn.PublishRequest(subject, s.reply, request); err != nil {
		return fmt.Errorf("ask for messages: %w: %w", ErrUnavailable, err)
	}
	s.asked, s.got, s.pulled = maxTake, 0, time.Now()
	return nil
}

// answer deals with an answer that is not a message: the request is over, for
// one reason or another.
func (s *session) answer(ctx context.Context, m *nats.Msg) error {
	if m.Subject != s.reply {
		return nil // to an earlier request
	}
	brought := s.got
	s.asked = 0
	status, why := m.Header.Get("Status"), m.Header.Get("Description")
	switch status {
	case "408": // its time is over
		if s.next == 0 {
			return s.settle(ctx)
		}
		return nil
	case "423": // another client was pinned, or nobody is any more
		s.pin = ""
		return nil
	case "409": // its size is exhausted, or the server is about to change
		if brought > 0 {
			return nil
		}
	}
	return fmt.Errorf("take messages: %w: server answered %s %s", ErrUnavailable, status, why)
}

// inOrder accepts a message if it is the next one, and else sees to it that
// the next one will come.
func (s *session) inOrder(ctx context.Context, m *nats.Msg) (delivery, bool, error) {
	s.asked = max(0, s.asked-1)
	s.got++
	meta, err := m.Metadata()
	if err != nil {
		return delivery{}, false, fmt.Errorf("read delivery of consumer %s: %w", s.name, err)
	}
	s.pin = m.Header.Get(pinHeader)
	switch {
	case meta.Sequence.Consumer == s.next, s.next == 0 && meta.Sequence.Consumer == 1:
		s.next = meta.Sequence.Consumer + 1
		return delivery{m, meta}, true, nil
	case s.next == 1 && time.Since(s.reset) < time.Second:
		return delivery{}, false, nil // it left before the consumer was wound back
	}
	return delivery{}, false, s.rewind(ctx)
}

// rewind has the server deliver again from the oldest message that nobody
// acknowledged. It must be called only by the client that is pinned, or while
// none is.
func (s *session) rewind(ctx context.Context) error {
	request, cancel := context.WithTimeout(ctx, s.bus.timing.request)
	defer cancel()
	if _, err := s.stream.ResetConsumer(request, s.name); err != nil {
		return fmt.Errorf("wind back consumer %s: %w", s.name, explain(ctx, err))
	}
	s.next, s.reset = 1, time.Now()
	return nil
}

// settle finds out where the consumer stands. What a process that is gone left
// unacknowledged is fetched back at once; while another one is at work, there
// is nothing to do but wait.
func (s *session) settle(ctx context.Context) error {
	request, cancel := context.WithTimeout(ctx, s.bus.timing.request)
	defer cancel()
	info, err := s.consumer.Info(request)
	if err != nil {
		return fmt.Errorf("look up consumer %s: %w", s.name, explain(ctx, err))
	}
	for _, g := range info.PriorityGroups {
		if g.PinnedClientID != "" && g.PinnedClientID != s.pin {
			return nil
		}
	}
	if info.NumAckPending > 0 {
		return s.rewind(ctx)
	}
	s.next = info.Delivered.Consumer + 1
	return nil
}
