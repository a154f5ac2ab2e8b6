package statement

import (
	"slices"
	"time"
)

// Receiver is somebody, or some program, that is told of signals.
type Receiver struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	Lang       string        `json:"lang"` // of its texts: en, fr or ar
	Zone       string        `json:"zone"` // IANA time zone of its hours, such as Africa/Bamako; UTC if empty
	Paused     bool          `json:"paused,omitempty"`
	Wants      Filter        `json:"wants"`
	Way        Way           `json:"way"`
	Pace       Pace          `json:"pace"`
	Watch      bool          `json:"watch,omitempty"`       // also wants to hear of the watch itself: silent sources, failing receivers
	Digest     bool          `json:"digest,omitempty"`      // is sent every digest that is issued
	Escalate   time.Duration `json:"escalate,omitempty"`    // not acknowledged for so long: Next is told; 0 never
	Next       string        `json:"next,omitempty"`        // receiver that is told then
	Second     string        `json:"second,omitempty"`      // receiver that gets what cannot be delivered to this one
	FromConfig bool          `json:"from_config,omitempty"` // stands in the file of receivers, not entered at the desk
}

// Way is how a receiver is reached.
type Way struct {
	Kind   WayKind  `json:"kind"`
	URL    string   `json:"url,omitempty"`    // of a webhook, or of a chat service as shoutrrr writes it
	Secret string   `json:"secret,omitempty"` // of a webhook: "whsec_" and base 64
	To     []string `json:"to,omitempty"`     // addresses of e-mail
}

// WayKind is a way of telling somebody something.
type WayKind string

// The ways. Feeds and live pages are read by whoever asks and need no receiver.
const (
	Email   WayKind = "email"
	Webhook WayKind = "webhook"
	Chat    WayKind = "chat"
	Subject WayKind = "nats" // the NATS subjects palabre.alerts.>
)

// Pace is when a receiver is told.
type Pace struct {
	Mode     PaceMode      `json:"mode"`
	Wait     time.Duration `json:"wait,omitempty"`     // grouped: how long a new group gathers
	Interval time.Duration `json:"interval,omitempty"` // grouped: least time between two messages of a group
	Repeat   time.Duration `json:"repeat,omitempty"`   // after which an alert that nobody acknowledged is sent again; 0 never
	At       string        `json:"at,omitempty"`       // daily: time of day in the receiver's zone, "07:00"
	Quiet    Quiet         `json:"quiet,omitzero"`     // when nothing is sent; it waits
	Storm    int           `json:"storm,omitempty"`    // most messages within an hour; the rest becomes one; 0 is 20
}

// PaceMode is one of the paces.
type PaceMode string

// The paces.
const (
	AtOnce  PaceMode = "at-once"
	Grouped PaceMode = "grouped" // by actor and topic
	Hourly  PaceMode = "hourly"
	Daily   PaceMode = "daily"
)

// Quiet is a span of the day in the receiver's zone, "22:00" to "06:00". From
// equal to To is no span.
type Quiet struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Filter chooses signals. An empty field accepts all.
type Filter struct {
	Topics     []Topic  `json:"topics,omitempty"`
	Actors     []string `json:"actors,omitempty"`
	Targets    []string `json:"targets,omitempty"`
	Reasons    []Reason `json:"reasons,omitempty"`
	Stances    []Stance `json:"stances,omitempty"` // of the words that are new
	Langs      []string `json:"langs,omitempty"`   // of the statement
	Places     []string `json:"places,omitempty"`  // that the statement names
	Events     []string `json:"events,omitempty"`
	Query      string   `json:"query,omitempty"`      // in the query language of search: the statement must match
	Confidence float64  `json:"confidence,omitempty"` // least
	Grade      Grade    `json:"grade,omitempty"`      // least reliable grade that is accepted: C accepts A to C
	FirstHand  bool     `json:"first_hand,omitempty"`
}

// Accepts reports whether the filter chooses the news. It does not look at
// Query, which needs the search index.
func (f *Filter) Accepts(n *News) bool {
	s := &n.Signal
	return among(f.Topics, s.Topic) && among(f.Actors, s.Actor) && among(f.Targets, s.Target) && among(f.Reasons, s.Reason) &&
		among(f.Stances, s.To) && among(f.Events, s.Event) && among(f.Langs, n.Now.Lang) &&
		(len(f.Places) == 0 || slices.ContainsFunc(n.Places, func(p string) bool { return slices.Contains(f.Places, p) })) &&
		s.Confidence >= f.Confidence && (f.Grade == "" || n.Now.Grade != "" && n.Now.Grade <= f.Grade) && (!f.FirstHand || s.FirstHand)
}

// among reports whether a list holds a value or chooses all.
func among[T comparable](list []T, v T) bool { return len(list) == 0 || slices.Contains(list, v) }
