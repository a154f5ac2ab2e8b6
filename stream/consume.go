package stream

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"palabre/statement"
)

// Bury takes a message that could not be handled. While it fails, the message
// is kept and offered again.
type Bury func(context.Context, statement.DeadLetter) error

// ConsumeStatements hands statements to handle until ctx ends. The processes
// that consume for the same group share the work. Statements of one source come
// in order, one batch at a time; handle is called concurrently for different
// sources. A nil return acknowledges the batch.
func (b *Bus) ConsumeStatements(ctx context.Context, group string, handle func(context.Context, []statement.Statement) error, dead Bury) error {
	if err := checkName(group); err != nil {
		return fmt.Errorf("consume %s: %w", Statements, err)
	}
	r, leave, err := b.join(ctx, group)
	if err != nil {
		return fmt.Errorf("consume %s: %w", Statements, err)
	}
	defer leave()
	var (
		work   sync.WaitGroup
		failed [partitions]error
	)
	for part := range partitions {
		work.Go(func() {
			failed[part] = (&consumer[statement.Statement]{
				bus:    b,
				stream: Statements,
				name:   group + "-" + strconv.Itoa(part),
				filter: "statements." + strconv.Itoa(part) + ".>",
				claim: func(ctx context.Context) (context.Context, context.CancelFunc) {
					return r.claim(ctx, part)
				},
				handle: handle,
				dead:   dead,
			}).run(ctx)
		})
	}
	work.Wait()
	return errors.Join(failed[:]...)
}

// ConsumeRecords hands all records to handle in the order of the stream until
// ctx ends. Each store has a durable name of its own; of two processes under
// the same name one works and the other stands by.
func (b *Bus) ConsumeRecords(ctx context.Context, durable string, handle func(context.Context, []statement.Record) error, dead Bury) error {
	return consumeAll(ctx, b, Records, durable, handle, dead)
}

// ConsumeDesk hands all desk events to handle, as ConsumeRecords does records.
func (b *Bus) ConsumeDesk(ctx context.Context, durable string, handle func(context.Context, []statement.DeskEvent) error, dead Bury) error {
	return consumeAll(ctx, b, Desk, durable, handle, dead)
}

// ConsumeTold hands everything that nodes tell each other of who has been told
// to handle, as ConsumeRecords does records.
func (b *Bus) ConsumeTold(ctx context.Context, durable string, handle func(context.Context, []statement.Told) error, dead Bury) error {
	return consumeAll(ctx, b, Told, durable, handle, dead)
}

func consumeAll[T any](ctx context.Context, b *Bus, stream, durable string, handle func(context.Context, []T) error, dead Bury) error {
	if err := checkName(durable); err != nil {
		return fmt.Errorf("consume %s: %w", stream, err)
	}
	return (&consumer[T]{
		bus:    b,
		stream: stream,
		name:   durable,
		claim:  context.WithCancel,
		handle: handle,
		dead:   dead,
	}).run(ctx)
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,200}$`)

func checkName(name string) error {
	if !nameForm.MatchString(name) {
		return fmt.Errorf("name %q may hold letters, digits, - and _ only", name)
	}
	return nil
}

// consumer hands the messages of one durable consumer to a handler.
type consumer[T any] struct {
	bus    *Bus
	stream string
	name   string
	filter string // subjects; all if empty
	claim  func(context.Context) (context.Context, context.CancelFunc)
	handle func(context.Context, []T) error
	dead   Bury
}

// run works until ctx ends or the bus is closed. After a failure it waits, ever
// longer while failures follow each other.
func (c *consumer[T]) run(ctx context.Context) error {
	wait := c.bus.timing.pause
	for {
		own, release := c.claim(ctx)
		done, err := c.work(ctx, own)
		release()
		switch {
		case ctx.Err() != nil:
			return nil
		case c.bus.conn.IsClosed():
			return fmt.Errorf("consume %s as %s: %w", c.stream, c.name, ErrClosed)
		}
		if done > 0 {
			wait = c.bus.timing.pause
		}
		if err == nil {
			continue
		}
		c.bus.log.Warn("stream: consumer pauses", "stream", c.stream, "consumer", c.name, "pause", wait, "err", err)
		if !sleep(ctx, wait) {
			return nil
		}
		wait = min(2*wait, c.bus.timing.longest)
	}
}

// work takes and delivers messages while own lasts, and returns how many
// batches went well. A batch that is under way when own ends is finished.
func (c *consumer[T]) work(ctx, own context.Context) (done int, err error) {
	own, cancel := c.bus.linked(own)
	defer cancel()
	s, err := c.bus.attend(own, c.stream, c.name, c.filter)
	if err != nil {
		return 0, unlessOver(own, err)
	}
	defer s.close()
	for own.Err() == nil {
		batch, err := s.take(own)
		if err != nil {
			return done, unlessOver(own, err)
		}
		if err := c.deliver(ctx, batch); err != nil {
			return done, err
		}
		done++
	}
	return done, nil
}

// unlessOver drops an error that is only the end of ctx.
func unlessOver(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// deliver hands a batch to the handler, if need be one by one, and settles each
// message with the server. It returns an error if the batch must wait.
func (c *consumer[T]) deliver(ctx context.Context, batch []delivery) error {
	defer c.keep(batch)()
	values := make([]T, 0, len(batch))
	good := batch[:0:0]
	for _, d := range batch {
		var v T
		if err := json.Unmarshal(d.msg.Data, &v); err != nil {
			if err := c.bury(ctx, d, fmt.Errorf("decode message: %w", err)); err != nil {
				return err
			}
			continue
		}
		values, good = append(values, v), append(good, d)
	}
	if len(good) == 0 {
		return nil
	}
	err := c.attempt(ctx, values)
	switch {
	case err == nil:
		for _, d := range good {
			c.settled(d.msg.Ack())
		}
		return nil
	case ctx.Err() != nil || blameless(err):
		return err
	case len(good) == 1:
		return c.retry(ctx, good[0], err)
	}
	for i, d := range good {
		err := c.attempt(ctx, values[i:i+1])
		switch {
		case err == nil:
			c.settled(d.msg.Ack())
		case ctx.Err() != nil || blameless(err):
			return err
		default:
			if err := c.retry(ctx, d, err); err != nil {
				return err
			}
		}
	}
	return nil
}

// attempt calls the handler; a panic is an error like any other.
func (c *consumer[T]) attempt(ctx context.Context, values []T) (err error) {
	defer func() {
		if r := recover(); r != nil {
			c.bus.log.Error("stream: handler panicked", "consumer", c.name, "panic", r, "stack", string(debug.Stack()))
			err = fmt.Errorf("handler panicked: %v", r)
		}
	}()
	return c.handle(ctx, values)
}

// retry has a message that failed come again later, or buries it after its last
// try.
func (c *consumer[T]) retry(ctx context.Context, d delivery, reason error) error {
	delays := c.bus.timing.retry
	tries := int(d.meta.NumDelivered)
	if tries > len(delays) {
		return c.bury(ctx, d, reason)
	}
	c.bus.log.Debug("stream: message failed", "consumer", c.name, "subject", d.msg.Subject, "try", tries, "err", reason)
	c.settled(d.msg.NakWithDelay(delays[tries-1]))
	return nil
}

// bury makes a message a dead letter. The message leaves the stream's queue
// only when that is done.
func (c *consumer[T]) bury(ctx context.Context, d delivery, reason error) error {
	err := c.dead(ctx, statement.DeadLetter{
		ID:      letterID(c.stream, d.msg.Subject, d.msg.Data),
		Stream:  c.stream,
		Subject: d.msg.Subject,
		Reason:  reason.Error(),
		Tries:   int(d.meta.NumDelivered),
		At:      time.Now().UTC(),
		Payload: d.msg.Data,
	})
	switch {
	case err == nil:
		c.settled(d.msg.Term())
	case ctx.Err() != nil:
		return err
	default:
		delays := c.bus.timing.retry
		c.bus.log.Warn("stream: dead letter not kept, message stays", "consumer", c.name, "subject", d.msg.Subject, "reason", reason, "err", err)
		c.settled(d.msg.NakWithDelay(delays[len(delays)-1]))
	}
	return nil
}

// letterID returns the ID of a dead letter: the same message always has the
// same, so that burying it twice leaves one.
func letterID(stream, subject string, payload []byte) string {
	return digest(stream, subject, string(payload))
}

// digest names the parts by 32 characters.
func digest(parts ...string) string {
	h := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(h[:16])
}

// settled notes that the server could not be told what became of a message. It
// will deliver the message again.
func (c *consumer[T]) settled(err error) {
	if err != nil {
		c.bus.log.Debug("stream: acknowledgement lost", "consumer", c.name, "err", err)
	}
}

// keep tells the server that a batch is being worked on, until the function
// that it returns is called, however long the handler takes.
func (c *consumer[T]) keep(batch []delivery) (stop func()) {
	every := c.bus.timing.ack / 3
	var (
		mu      sync.Mutex
		stopped bool
		timer   *time.Timer
	)
	mu.Lock()
	defer mu.Unlock()
	timer = time.AfterFunc(every, func() {
		mu.Lock()
		defer mu.Unlock()
		if stopped {
			return
		}
		for _, d := range batch {
			_ = d.msg.InProgress() // fails for messages that are settled
		}
		timer.Reset(every)
	})
	return func() {
		mu.Lock()
		defer mu.Unlock()
		stopped = true
		timer.Stop()
	}
}
