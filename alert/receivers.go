package alert

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"palabre/statement"
)

// What a receiver has that does not say otherwise.
const (
	defaultZone     = "UTC"
	defaultWait     = 30 * time.Second
	defaultInterval = 5 * time.Minute
	defaultAt       = "07:00"
	defaultStorm    = 20
)

// longestSpan is the most that may be waited for anything.
const longestSpan = 31 * 24 * time.Hour

// Normalise fills in what a receiver leaves open.
func Normalise(r statement.Receiver) statement.Receiver {
	r.Name = cmp.Or(r.Name, r.ID)
	r.Lang = cmp.Or(r.Lang, Languages[0])
	r.Zone = cmp.Or(r.Zone, defaultZone)
	p := &r.Pace
	p.Mode = cmp.Or(p.Mode, statement.AtOnce)
	p.Storm = cmp.Or(p.Storm, defaultStorm)
	p.Interval = cmp.Or(p.Interval, defaultInterval)
	switch p.Mode {
	case statement.Grouped:
		p.Wait = cmp.Or(p.Wait, defaultWait)
	case statement.Daily:
		p.At = cmp.Or(p.At, defaultAt)
	}
	return r
}

// Terms are what receivers are checked against.
type Terms struct {
	Actor    func(id string) bool // may stand in a filter: a body or person that is known, or any foreign force; nil: any
	Receiver func(id string) bool // exists; nil: any
	Private  bool                 // may be in a private network, without TLS
}

// Check tells every mistake in a receiver, each with the name of its field, in
// one error.
func Check(r *statement.Receiver, terms Terms) error {
	full := Normalise(*r)
	c := check{terms: terms}
	c.receiver(&full)
	c.way(&full)
	c.pace(&full.Pace)
	c.filter(&full.Wants)
	if err := errors.Join(c.mistakes...); err != nil {
		return fmt.Errorf("check receiver %q: %w", r.ID, err)
	}
	return nil
}

// check gathers mistakes.
type check struct {
	terms    Terms
	mistakes []error
}

func (c *check) wrong(field, format string, args ...any) {
	c.mistakes = append(c.mistakes, fmt.Errorf("%s: %s", field, fmt.Sprintf(format, args...)))
}

var receiverID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

func (c *check) receiver(r *statement.Receiver) {
	if !receiverID.MatchString(r.ID) {
		c.wrong("id", "%q is not lower-case letters, digits and hyphens, at most 64", r.ID)
	}
	if !slices.Contains(Languages, r.Lang) {
		c.wrong("lang", "%q is none of %s", r.Lang, strings.Join(Languages, ", "))
	}
	if _, err := time.LoadLocation(r.Zone); err != nil || r.Zone == "Local" {
		c.wrong("zone", "%q is not a time zone such as Africa/Bamako", r.Zone)
	}
	switch {
	case r.Escalate < 0:
		c.wrong("escalate", "%s is negative", r.Escalate)
	case r.Escalate > 0 && r.Next == "":
		c.wrong("next", "is empty: name the receiver that is told when nobody acknowledges")
	}
	for _, other := range []struct{ field, id string }{{"next", r.Next}, {"second", r.Second}} {
		switch {
		case other.id == "":
		case other.id == r.ID:
			c.wrong(other.field, "is the receiver itself")
		case c.terms.Receiver != nil && !c.terms.Receiver(other.id):
			c.wrong(other.field, "there is no receiver %q", other.id)
		}
	}
}

func (c *check) way(r *statement.Receiver) {
	w := &r.Way
	switch w.Kind {
	case statement.Email:
		c.addresses(w.To)
	case statement.Webhook:
		c.webhook(w)
	case statement.Chat:
		if err := checkChat(w.URL, r.FromConfig || c.terms.Private); err != nil {
			c.wrong("way.url", "%s", err)
		}
	case statement.Subject:
	case "":
		c.wrong("way.kind", "is empty: want email, webhook, chat or nats")
	default:
		c.wrong("way.kind", "%q is none of email, webhook, chat, nats", w.Kind)
	}
	if w.Kind != statement.Email && len(w.To) > 0 {
		c.wrong("way.to", "is for e-mail only")
	}
	if w.Kind != statement.Webhook && w.Secret != "" {
		c.wrong("way.secret", "is for webhooks only")
	}
	if (w.Kind == statement.Email || w.Kind == statement.Subject) && w.URL != "" {
		c.wrong("way.url", "is for webhooks and chat services only")
	}
}

func (c *check) addresses(to []string) {
	if len(to) == 0 {
		c.wrong("way.to", "is empty: want at least one address")
	}
	for _, address := range to {
		if a, err := mail.ParseAddress(address); err != nil || a.Address != address {
			c.wrong("way.to", "%q is not an address such as desk@example.org", address)
		}
	}
}

func (c *check) webhook(w *statement.Way) {
	u, err := url.Parse(w.URL)
	switch {
	case err != nil || u.Hostname() == "":
		c.wrong("way.url", "is not an address such as https://example.org/hook") // not shown: it may hold a token
	case u.Scheme != "https" && (u.Scheme != "http" || !c.terms.Private):
		c.wrong("way.url", "must begin with https://")
	case u.User != nil:
		c.wrong("way.url", "must not hold a name and password")
	}
	encoded, ok := strings.CutPrefix(w.Secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	switch {
	case !ok || err != nil:
		c.wrong("way.secret", `must be "whsec_" and base 64`)
	case len(key) < 24 || len(key) > 64:
		c.wrong("way.secret", "holds %d bytes, want 24 to 64", len(key))
	}
}

func (c *check) pace(p *statement.Pace) {
	switch p.Mode {
	case statement.AtOnce, statement.Grouped, statement.Hourly, statement.Daily:
	default:
		c.wrong("pace.mode", "%q is none of at-once, grouped, hourly, daily", p.Mode)
	}
	for _, d := range []struct {
		field string
		value time.Duration
	}{{"pace.wait", p.Wait}, {"pace.interval", p.Interval}, {"pace.repeat", p.Repeat}} {
		if d.value < 0 || d.value > longestSpan {
			c.wrong(d.field, "%s is not between 0 and 31 days", d.value)
		}
	}
	if p.Storm < 1 || p.Storm > 1000 {
		c.wrong("pace.storm", "%d is not between 1 and 1000", p.Storm)
	}
	for _, t := range []struct{ field, value string }{{"pace.at", p.At}, {"pace.quiet.from", p.Quiet.From}, {"pace.quiet.to", p.Quiet.To}} {
		if _, err := readClock(t.value); err != nil && t.value != "" {
			c.wrong(t.field, "%s", err)
		}
	}
	if (p.Quiet.From == "") != (p.Quiet.To == "") {
		c.wrong("pace.quiet", "needs both from and to")
	}
}

var langTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]+)*$`)

func (c *check) filter(f *statement.Filter) {
	oneOf(c, "wants.topics", f.Topics, statement.Topics)
	oneOf(c, "wants.reasons", f.Reasons, statement.Reasons)
	oneOf(c, "wants.stances", f.Stances, statement.Stances)
	if c.terms.Actor != nil {
		for _, list := range []struct {
			field string
			ids   []string
		}{{"wants.actors", f.Actors}, {"wants.targets", f.Targets}} {
			for _, id := range list.ids {
				if !c.terms.Actor(id) {
					c.wrong(list.field, "no actor %q is known", id)
				}
			}
		}
	}
	for _, lang := range f.Langs {
		if !langTag.MatchString(lang) {
			c.wrong("wants.langs", "%q is not a language such as fr", lang)
		}
	}
	if f.Confidence < 0 || f.Confidence > 1 {
		c.wrong("wants.confidence", "%g is not between 0 and 1", f.Confidence)
	}
	if f.Grade != "" && !f.Grade.Valid() {
		c.wrong("wants.grade", "%q is not a letter from A to F", f.Grade)
	}
}

// oneOf checks that values are among those that are known.
func oneOf[T ~string](c *check, field string, values, known []T) {
	for _, v := range values {
		if !slices.Contains(known, v) {
			var list []string
			for _, k := range known {
				list = append(list, string(k))
			}
			c.wrong(field, "%q is none of %s", v, strings.Join(list, ", "))
		}
	}
}
