package api

import (
	"context"
	"fmt"
	"strings"
	"time"

	"palabre/statement"
	"palabre/store"
)

// Care is what the desk did about a signal.
type Care struct {
	Owner        string     `json:"owner" doc:"Whose it is"`
	Acknowledged string     `json:"acknowledged" doc:"Who acknowledged it"`
	At           *time.Time `json:"at" doc:"When it was acknowledged"`
	Snoozed      *time.Time `json:"snoozed" doc:"Until when it is left alone"`
	False        string     `json:"false" doc:"Who said that the machine was wrong"`
	Confirmed    string     `json:"confirmed" doc:"Who let one be pushed that was for the desk only"`
	Note         string     `json:"note" doc:"The last note"`
}

func careOf(c *statement.Care) Care {
	return Care{
		Owner: c.Owner, Acknowledged: c.Acknowledged, At: timeOf(c.At), Snoozed: timeOf(c.Snoozed), False: c.False, Confirmed: c.Confirmed, Note: c.Note,
	}
}

// Untouched reports whether nobody has done anything about the signal.
func (c Care) Untouched() bool { return c == Care{} }

// CareState is what people are shown of a signal at a glance.
type CareState string

// The states, from what calls for somebody to what calls for nobody.
const (
	CareNew          CareState = "new"
	CareSnoozed      CareState = "snoozed"
	CareOwned        CareState = "owned"
	CareAcknowledged CareState = "acknowledged"
	CareFalse        CareState = "false"
)

// State returns how the signal stands now.
func (c Care) State() CareState {
	switch {
	case c.False != "":
		return CareFalse
	case c.Acknowledged != "":
		return CareAcknowledged
	case c.Owner != "":
		return CareOwned
	case c.Snoozed != nil && c.Snoozed.After(time.Now()):
		return CareSnoozed
	}
	return CareNew
}

// Parts are what people are shown of it, the weightiest first.
func (c Care) Parts() []phrase { return c.parts(time.Now()) }

func (c *Care) parts(now time.Time) []phrase {
	var out []phrase
	if c.False != "" {
		out = append(out, say("marked false by %s", plain(c.False)))
	}
	if c.Owner != "" {
		out = append(out, say("owned by %s", plain(c.Owner)))
	}
	if c.Acknowledged != "" && c.At != nil {
		out = append(out, say("acknowledged by %s %s", plain(c.Acknowledged), ago(now.Sub(*c.At))))
	}
	if c.Snoozed != nil && c.Snoozed.After(now) {
		out = append(out, say("left alone until %s", clockTime{*c.Snoozed, now}))
	}
	if c.Confirmed != "" {
		out = append(out, say("confirmed by %s", plain(c.Confirmed)))
	}
	if len(out) == 0 {
		out = append(out, say("new"))
	}
	return out
}

// says is the same as one text.
func (c *Care) says(t *tongue, now time.Time) string {
	parts := c.parts(now)
	out := make([]string, len(parts))
	for i, p := range parts {
		out[i] = t.in(p)
	}
	return strings.Join(out, t.say(", "))
}

// signals adds to signals what the desk did about them and who tells of them.
func (s *server) signals(ctx context.Context, list []statement.Signal) ([]Signal, error) {
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	tended, err := s.store.Tended(ctx, ids)
	if err != nil {
		return nil, err
	}
	out := make([]Signal, len(list))
	for i := range list {
		out[i] = signalOf(&list[i], tended[list[i].ID])
	}
	return out, nil
}

// signalNamed returns the signal with an ID.
func (s *server) signalNamed(ctx context.Context, id string) (*statement.News, error) {
	found, err := s.store.News(ctx, []string{id})
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("read signal %s: %w", id, store.ErrNotFound)
	}
	if err != nil {
		return nil, err
	}
	return &found[0], nil
}
