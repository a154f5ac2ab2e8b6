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

// carePart is a piece of what is said about a signal. The name in it may be in
// another script than what stands around it.
type carePart struct{ Before, Who, After string }

// Parts are what people are shown of it, the weightiest first.
func (c Care) Parts() []carePart { return c.parts(time.Now()) }

func (c *Care) parts(now time.Time) []carePart {
	var out []carePart
	if c.False != "" {
		out = append(out, carePart{"marked false by ", plain(c.False), ""})
	}
	if c.Owner != "" {
		out = append(out, carePart{"owned by ", plain(c.Owner), ""})
	}
	if c.Acknowledged != "" && c.At != nil {
		out = append(out, carePart{"acknowledged by ", plain(c.Acknowledged), " " + ago(now.Sub(*c.At))})
	}
	if c.Snoozed != nil && c.Snoozed.After(now) {
		out = append(out, carePart{"left alone until " + clockWord(*c.Snoozed, now), "", ""})
	}
	if c.Confirmed != "" {
		out = append(out, carePart{"confirmed by ", plain(c.Confirmed), ""})
	}
	if len(out) == 0 {
		out = append(out, carePart{"new", "", ""})
	}
	return out
}

// says is the same as one text.
func (c *Care) says(now time.Time) string {
	var b strings.Builder
	for i, p := range c.parts(now) {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(p.Before + isolated(p.Who) + p.After)
	}
	return b.String()
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
