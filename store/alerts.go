package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
)

// NoticeState is what became of a notice.
type NoticeState string

// The states of a notice.
const (
	Due      NoticeState = "due"      // its receiver is to be told
	Composed NoticeState = "composed" // it stands in a message that waits to be sent
	Silenced NoticeState = "silenced" // a silence held
	Sent     NoticeState = "sent"
	Dead     NoticeState = "dead" // it could not be delivered
	Void     NoticeState = "void" // it was overtaken before it was sent
)

// MessageState is what became of a message.
type MessageState string

// The states of a message.
const (
	Pending     MessageState = "pending"
	MessageSent MessageState = "sent"
	MessageDead MessageState = "dead"
)

// Progress is how far a message has come.
type Progress struct {
	State    MessageState `json:"state"`
	Composed time.Time    `json:"composed"`
	Again    time.Time    `json:"again,omitzero"` // when it is tried next
	Sent     time.Time    `json:"sent,omitzero"`
	Tries    int          `json:"tries,omitempty"`   // that failed
	Failure  string       `json:"failure,omitempty"` // of the last of them
}

// Alert is a notice and what became of it.
type Alert struct {
	statement.Notice
	State    NoticeState `json:"state"`
	Why      string      `json:"why,omitempty"`      // it is in that state: which silence, which failure
	Message  string      `json:"message,omitempty"`  // that carries it
	Line     string      `json:"line,omitempty"`     // of that message
	Progress *Progress   `json:"progress,omitempty"` // of that message; nil where there is none, or another node has it
}

// AlertQuery chooses alerts. Empty fields choose all.
type AlertQuery struct {
	Receiver string
	State    NoticeState
	Signal   string
	Limit    int    // 50 if zero
	Cursor   string // AlertPage.Next of the page before
}

// AlertPage is a stretch of alerts. Next continues behind it and is empty at the
// end.
type AlertPage struct {
	Alerts []Alert
	Next   string
}

const selectAlert = `SELECT a.n, a.receiver, a.kind, a.event, a.signal, a.subject, a.note, a.due, a.repeats, a.state, a.why, a.message,
		coalesce(m.payload ->> 'line', ''), coalesce(m.state, ''), coalesce(m.composed, 0), coalesce(m.again, 0), coalesce(m.sent, 0),
		coalesce(m.tries, 0), coalesce(m.failure, '')
	FROM notices a LEFT JOIN messages m ON m.id = a.message `

func scanAlert(scan func(...any) error) (a Alert, err error) {
	var p Progress
	err = scan(&a.N, &a.Receiver, &a.Kind, &a.Event, &a.Signal, &a.Subject, &a.Note, instant{&a.Due}, &a.Repeats, &a.State, &a.Why, &a.Message,
		&a.Line, &p.State, instant{&p.Composed}, instant{&p.Again}, instant{&p.Sent}, &p.Tries, &p.Failure)
	if p.State != Pending {
		p.Again = time.Time{}
	}
	if p.State != "" {
		a.Progress = &p
	}
	return a, err
}

// Alerts returns a page of alerts, the latest first.
func (s *Store) Alerts(ctx context.Context, q AlertQuery) (AlertPage, error) {
	where, args := []string{"true"}, []any{}
	for _, f := range []struct{ column, value string }{{"receiver", q.Receiver}, {"state", string(q.State)}, {"signal", q.Signal}} {
		if f.value != "" {
			where, args = append(where, "a."+f.column+" = ?"), append(args, f.value)
		}
	}
	if q.Cursor != "" {
		text, ok := strings.CutPrefix(q.Cursor, "alert.")
		n, err := strconv.ParseInt(text, 10, 64)
		if !ok || err != nil {
			return AlertPage{}, fmt.Errorf("read cursor %q: %w", q.Cursor, ErrCursor)
		}
		where, args = append(where, "a.n < ?"), append(args, n)
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	alerts, err := collect(ctx, s.reader, scanAlert, selectAlert+`WHERE `+strings.Join(where, " AND ")+` ORDER BY a.n DESC LIMIT ?`, append(args, limit+1)...)
	if err != nil {
		return AlertPage{}, fmt.Errorf("read alerts: %w", err)
	}
	page := AlertPage{Alerts: alerts}
	if len(alerts) > limit {
		page.Alerts = alerts[:limit]
		page.Next = fmt.Sprintf("alert.%d", alerts[limit-1].N)
	}
	return page, nil
}

// Message returns a message and how far it has come.
func (s *Store) Message(ctx context.Context, id string) (*statement.Message, Progress, error) {
	var p Progress
	found, err := collect(ctx, s.reader, func(scan func(...any) error) (*statement.Message, error) {
		var m statement.Message
		err := scan(jsonColumn{&m}, &p.State, instant{&p.Composed}, instant{&p.Again}, instant{&p.Sent}, &p.Tries, &p.Failure)
		m.Tries = p.Tries
		return &m, err
	}, `SELECT payload, state, composed, again, sent, tries, failure FROM messages WHERE id = ?`, id)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, Progress{}, fmt.Errorf("read message %s: %w", id, err)
	}
	if p.State != Pending {
		p.Again = time.Time{}
	}
	return found[0], p, nil
}
