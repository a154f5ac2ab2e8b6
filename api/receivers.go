package api

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"

	"palabre/statement"
	"palabre/store"
)

// Receiver is somebody, or some program, that is told of signals. Spans of time
// are written as "30m" or "2h30m".
type Receiver struct {
	ID       string           `json:"id" pattern:"^[a-z0-9][a-z0-9-]{0,62}$" patternDescription:"lower-case letters, digits and hyphens"`
	Name     string           `json:"name,omitempty" maxLength:"120"`
	Lang     string           `json:"lang,omitempty" enum:"en,fr,ar" doc:"Of its texts; en if empty"`
	Zone     string           `json:"zone,omitempty" maxLength:"60" doc:"IANA time zone of its hours; UTC if empty"`
	Paused   bool             `json:"paused,omitempty"`
	Wants    statement.Filter `json:"wants,omitzero" doc:"Signals that it is told of; all if empty"`
	Way      Way              `json:"way"`
	Pace     Pace             `json:"pace,omitzero"`
	Watch    bool             `json:"watch,omitempty" doc:"Also wants to hear of the watch itself"`
	Digest   bool             `json:"digest,omitempty" doc:"Is sent every digest that is issued"`
	Escalate string           `json:"escalate,omitempty" maxLength:"20" doc:"Not acknowledged for so long: next is told"`
	Next     string           `json:"next,omitempty" maxLength:"63"`
	Second   string           `json:"second,omitempty" maxLength:"63" doc:"Receiver that gets what cannot be delivered to this one"`
}

// Way is how a receiver is reached.
type Way struct {
	Kind   statement.WayKind `json:"kind" enum:"email,webhook,chat,nats"`
	URL    string            `json:"url,omitempty" maxLength:"2000" doc:"Shown without its path. What is put back as it was shown keeps it"`
	Secret string            `json:"secret,omitempty" maxLength:"200" writeOnly:"true" doc:"Of a webhook. Never shown; empty keeps the one before, if the URL is put back as it was shown"`
	To     []string          `json:"to,omitempty" maxItems:"50" doc:"Addresses of e-mail"`
}

// Pace is when a receiver is told.
type Pace struct {
	Mode     statement.PaceMode `json:"mode,omitempty" enum:"at-once,grouped,hourly,daily"`
	Wait     string             `json:"wait,omitempty" maxLength:"20"`
	Interval string             `json:"interval,omitempty" maxLength:"20"`
	Repeat   string             `json:"repeat,omitempty" maxLength:"20" doc:"After which what nobody acknowledged is sent again"`
	At       string             `json:"at,omitempty" maxLength:"5" doc:"Daily: time of day, such as 07:00"`
	Quiet    statement.Quiet    `json:"quiet,omitzero"`
	Storm    int                `json:"storm,omitempty" minimum:"0" maximum:"1000" doc:"Most messages within an hour"`
}

func receiverOf(r *statement.Receiver) Receiver {
	return Receiver{
		ID: r.ID, Name: r.Name, Lang: r.Lang, Zone: r.Zone, Paused: r.Paused, Wants: r.Wants, Watch: r.Watch, Digest: r.Digest,
		Way: Way{Kind: r.Way.Kind, URL: r.Way.URL, To: r.Way.To},
		Pace: Pace{
			Mode: r.Pace.Mode, Wait: spanText(r.Pace.Wait), Interval: spanText(r.Pace.Interval), Repeat: spanText(r.Pace.Repeat), At: r.Pace.At,
			Quiet: r.Pace.Quiet, Storm: r.Pace.Storm,
		},
		Escalate: spanText(r.Escalate), Next: r.Next, Second: r.Second,
	}
}

func spanText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.String()
}

// receiver is the way back from receiverOf.
func (r *Receiver) receiver() (statement.Receiver, error) {
	out := statement.Receiver{
		ID: r.ID, Name: r.Name, Lang: r.Lang, Zone: r.Zone, Paused: r.Paused, Wants: r.Wants, Watch: r.Watch, Digest: r.Digest,
		Way:  statement.Way{Kind: r.Way.Kind, URL: r.Way.URL, Secret: r.Way.Secret, To: r.Way.To},
		Pace: statement.Pace{Mode: r.Pace.Mode, At: r.Pace.At, Quiet: r.Pace.Quiet, Storm: r.Pace.Storm},
		Next: r.Next, Second: r.Second,
	}
	var errs []error
	for _, span := range []struct {
		name, text string
		to         *time.Duration
	}{
		{"escalate", r.Escalate, &out.Escalate},
		{"pace.wait", r.Pace.Wait, &out.Pace.Wait},
		{"pace.interval", r.Pace.Interval, &out.Pace.Interval},
		{"pace.repeat", r.Pace.Repeat, &out.Pace.Repeat},
	} {
		if span.text == "" {
			continue
		}
		var err error
		if *span.to, err = time.ParseDuration(span.text); err != nil || *span.to < 0 {
			errs = append(errs, fmt.Errorf("%s: %q is no span of time such as 30m", span.name, span.text))
		}
	}
	return out, errors.Join(errs...)
}

// ReceiverHealth is a receiver and how it is doing.
type ReceiverHealth struct {
	Receiver   Receiver   `json:"receiver"`
	FromConfig bool       `json:"from_config" doc:"Stands in the file of receivers: it is changed there"`
	State      string     `json:"state" enum:"ok,failing,disabled,paused"`
	Disabled   string     `json:"disabled" doc:"Why nothing is sent to it any more"`
	Failures   int        `json:"failures" doc:"In a row"`
	Failure    string     `json:"failure" doc:"The last one"`
	Since      *time.Time `json:"since" doc:"When the first of them was"`
	Sent       *time.Time `json:"sent" doc:"When it was last told something"`
	Due        int        `json:"due" doc:"Notices that are not in a message yet"`
	Pending    int        `json:"pending" doc:"Messages that wait to be sent"`
	Dead       int        `json:"dead" doc:"Messages that could not be delivered"`
}

// Waiting is how much it has not been told yet.
func (h ReceiverHealth) Waiting() int { return h.Due + h.Pending }

func healthOf(r *store.ReceiverState) ReceiverHealth {
	h := ReceiverHealth{
		Receiver: receiverOf(&r.Receiver), FromConfig: r.FromConfig, State: "ok", Disabled: redacted(r.Disabled), Failures: r.Failures,
		Failure: redacted(r.Failure), Sent: timeOf(r.Sent), Due: r.Due, Pending: r.Pending, Dead: r.Dead,
	}
	switch {
	case r.Disabled != "":
		h.State = "disabled"
	case r.Paused:
		h.State = "paused"
	case r.Failures > 0:
		h.State, h.Since = "failing", timeOf(r.Since)
	}
	return h
}

// addresses finds web addresses in the words of a failure.
var addresses = regexp.MustCompile(`([A-Za-z][A-Za-z0-9+.-]*)://[^\s"'<>]+`)

// redacted takes out of the words of a failure what may hold a key: the path of a
// web address, and all but the scheme of others.
func redacted(text string) string {
	return addresses.ReplaceAllStringFunc(text, func(address string) string {
		scheme, _, _ := strings.Cut(address, "://")
		u, err := url.Parse(address)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" {
			return scheme + "://…"
		}
		return scheme + "://" + u.Host + "/…"
	})
}

type receiversOutput struct {
	Body struct {
		Receivers []ReceiverHealth `json:"receivers"`
	}
}

func (s *server) getReceivers(ctx context.Context, _ *struct{}) (*receiversOutput, error) {
	var out receiversOutput
	var err error
	out.Body.Receivers, err = s.receivers(ctx)
	return &out, err
}

func (s *server) receivers(ctx context.Context) ([]ReceiverHealth, error) {
	states, err := s.store.ReceiverStates(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]ReceiverHealth, len(states))
	for i := range states {
		out[i] = healthOf(&states[i])
	}
	return out, nil
}
