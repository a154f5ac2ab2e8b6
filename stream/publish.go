package stream

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/synadia-io/orbit.go/jetstreamext"

	"palabre/statement"
)

// The limits of an atomic batch. The server takes up to 1,000 messages, and
// holds up to 128 MiB that it has not looked at yet.
const (
	maxBatch      = 500
	maxBatchBytes = 16 << 20
)

// headerSpace is left for the headers of a message when its size is checked.
const headerSpace = 1 << 10

// parcel is a message to be published.
type parcel struct {
	id      string // the same content always has the same
	subject string
	data    []byte
}

var errNoID = errors.New("message has no ID")

// fits reports an error if the server does not carry messages of this size.
func (p *parcel) fits(limit int) error {
	if n := len(p.data) + headerSpace; n > limit {
		return fmt.Errorf("%w: %s takes %d bytes, the server's max_payload is %d", ErrTooLarge, p.id, n, limit)
	}
	return nil
}

// message returns p as a message of its own, which the caller may change.
func (p *parcel) message() *nats.Msg {
	return &nats.Msg{
		Subject: p.subject,
		Header:  nats.Header{jetstream.MsgIDHeader: {p.id}},
		Data:    p.data,
	}
}

// PublishStatements stores statements for the classifier, in their order.
// Statements that the stream already holds are no error. When it returns nil,
// all of them are on disk.
func (b *Bus) PublishStatements(ctx context.Context, all []statement.Statement) error {
	return publish(ctx, b, Statements, all, func(s *statement.Statement) (id, subject string) {
		return s.ID, sourceSubject("statements", s.Source)
	})
}

// PublishRecords stores records for the stores of all nodes, in their order.
// A record is identified by its statement and the version of the rules.
func (b *Bus) PublishRecords(ctx context.Context, all []statement.Record) error {
	return publish(ctx, b, Records, all, func(r *statement.Record) (id, subject string) {
		if r.Statement.ID == "" {
			return "", ""
		}
		return r.Statement.ID + ":" + r.Reading.Pack, sourceSubject("records", r.Statement.Source)
	})
}

// PublishDesk stores what people did, in its order.
func (b *Bus) PublishDesk(ctx context.Context, all []statement.DeskEvent) error {
	return publish(ctx, b, Desk, all, func(e *statement.DeskEvent) (id, subject string) {
		return e.ID, "desk." + token(string(e.Action))
	})
}

// PublishTold tells the other nodes who has been told what.
func (b *Bus) PublishTold(ctx context.Context, all []statement.Told) error {
	return publish(ctx, b, Told, all, func(t *statement.Told) (id, subject string) {
		if t.Message == "" || t.Receiver == "" {
			return "", ""
		}
		return digest(t.Message, t.Receiver, string(t.Kind), t.Event, t.Signal, t.Subject), "told." + token(t.Receiver)
	})
}

// PublishAlert stores an alert for other programs under a subject that begins
// with [AlertSubjects]. An alert that was stored under the same ID within two
// minutes is not stored again.
func (b *Bus) PublishAlert(ctx context.Context, subject, id string, body []byte) error {
	fail := func(err error) error { return fmt.Errorf("publish to %s: %w", Alerts, err) }
	rest, below := strings.CutPrefix(subject, AlertSubjects)
	for part := range strings.SplitSeq(rest, ".") {
		below = below && part != "" && part == token(part)
	}
	switch {
	case !below:
		return fail(fmt.Errorf("subject %q does not name something below %s", subject, AlertSubjects))
	case id == "":
		return fail(errNoID)
	case b.conn.IsClosed():
		return fail(ErrClosed)
	}
	p := parcel{id: id, subject: subject, data: body}
	if err := p.fits(int(b.conn.MaxPayload())); err != nil {
		return fail(err)
	}
	if err := b.store(ctx, Alerts, []parcel{p}); err != nil {
		return fail(err)
	}
	return nil
}

// publish encodes values and stores them in atomic batches.
func publish[T any](ctx context.Context, b *Bus, stream string, values []T, address func(*T) (id, subject string)) error {
	fail := func(err error) error { return fmt.Errorf("publish to %s: %w", stream, err) }
	if b.conn.IsClosed() {
		return fail(ErrClosed)
	}
	var (
		batch []parcel
		size  int
		known = make(map[string]bool, len(values))
		limit = int(b.conn.MaxPayload())
	)
	for i := range values {
		p, err := pack(&values[i], limit, address)
		if err != nil {
			return fail(err)
		}
		if known[p.id] {
			continue
		}
		known[p.id] = true
		if len(batch) == maxBatch || len(batch) > 0 && size+len(p.data) > maxBatchBytes {
			if err := b.store(ctx, stream, batch); err != nil {
				return fail(err)
			}
			batch, size = batch[:0], 0
		}
		batch = append(batch, p)
		size += len(p.data)
	}
	if err := b.store(ctx, stream, batch); err != nil {
		return fail(err)
	}
	return nil
}

// pack encodes a value. Signs such as < stay one byte long, because a page's
// worth of them would else be six times as long.
func pack[T any](value *T, limit int, address func(*T) (id, subject string)) (parcel, error) {
	id, subject := address(value)
	if id == "" {
		return parcel{}, errNoID
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		return parcel{}, fmt.Errorf("encode %s: %w", id, err)
	}
	p := parcel{id: id, subject: subject, data: bytes.TrimSuffix(buf.Bytes(), []byte("\n"))}
	return p, p.fits(limit)
}

// store writes one batch, whole or not at all. The server refuses a batch with
// a message that it already holds, and does not say which one; then the rest of
// the batch is written in parts, still in order.
func (b *Bus) store(ctx context.Context, stream string, batch []parcel) error {
	var err error
	switch len(batch) {
	case 0:
		return nil
	case 1:
		_, err = b.storeOne(ctx, &batch[0])
	default:
		err = b.storeAll(ctx, batch)
	}
	var api *jetstream.APIError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &api) && api.ErrorCode == jetstreamext.JSErrCodeBatchPublishDuplicateMsgID:
		return b.storeParts(ctx, stream, batch)
	case errors.Is(err, nats.ErrNoResponders) || errors.Is(err, jetstream.ErrNoStreamResponse):
		// The server is there but the stream is not: it lost its disk.
		if _, err := b.ensure(ctx, stream); err != nil {
			return explain(ctx, err)
		}
	}
	return explain(ctx, err)
}

// storeParts writes a batch of which the server holds some messages. After a
// crash these are the first ones, so they are passed one by one, which costs no
// sync; else the halves are tried.
func (b *Bus) storeParts(ctx context.Context, stream string, batch []parcel) error {
	for i := range batch {
		known, err := b.storeOne(ctx, &batch[i])
		if err != nil {
			return explain(ctx, err)
		}
		if known {
			continue
		}
		rest := batch[i+1:]
		if i > 0 {
			return b.store(ctx, stream, rest)
		}
		half := len(rest) / 2
		if err := b.store(ctx, stream, rest[:half]); err != nil {
			return err
		}
		return b.store(ctx, stream, rest[half:])
	}
	return nil
}

// storeOne writes one message and reports whether the stream held it already.
func (b *Bus) storeOne(ctx context.Context, p *parcel) (known bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, b.timing.request)
	defer cancel()
	ack, err := b.js.PublishMsg(ctx, p.message())
	return err == nil && ack.Duplicate, err
}

func (b *Bus) storeAll(ctx context.Context, batch []parcel) error {
	ctx, cancel := context.WithTimeout(ctx, b.timing.request)
	defer cancel()
	messages := make([]*nats.Msg, len(batch))
	for i := range batch {
		messages[i] = batch[i].message()
	}
	_, err := jetstreamext.PublishMsgBatch(ctx, b.js, messages)
	return err
}
