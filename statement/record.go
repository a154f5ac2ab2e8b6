package statement

import "time"

// Event is one utterance, however many outlets report it.
type Event struct {
	ID       string    `json:"id"`
	Actor    string    `json:"actor"`
	Topic    Topic     `json:"topic"`
	Target   string    `json:"target"`
	Stance   Stance    `json:"stance"`
	When     Date      `json:"when"`
	Lead     string    `json:"lead"`    // ID of the earliest first-hand statement, else of the earliest
	Reports  []string  `json:"reports"` // IDs of all statements, lead included, in order of arrival
	Created  time.Time `json:"created"`
	Outlets  int       `json:"outlets"` // distinct outlets among the reports
	Evidence Evidence  `json:"evidence"`
}

// Line is an actor's standing position on a topic towards a target as of a
// date.
type Line struct {
	Actor     string    `json:"actor"`
	Topic     Topic     `json:"topic"`
	Target    string    `json:"target"`
	Stance    Stance    `json:"stance"`
	Condition string    `json:"condition,omitempty"`
	Since     Date      `json:"since"`     // when this stance was first taken without a break
	Confirmed Date      `json:"confirmed"` // when it was last repeated
	Event     string    `json:"event"`     // event that set it
	Updated   time.Time `json:"updated"`
}

// Reason says why a position is news.
type Reason string

// The reasons. Every alert carries one.
const (
	First            Reason = "first"
	Shift            Reason = "shift"
	WalkBack         Reason = "walk-back"
	ConditionChanged Reason = "condition-changed"
	Reaffirmed       Reason = "reaffirmed"
	Split            Reason = "split"
	Posthumous       Reason = "posthumous"
)

// Signal is a position that is news, with both quotes: what is said now and
// the line that it departs from.
type Signal struct {
	ID         string    `json:"id"`
	Reason     Reason    `json:"reason"`
	Actor      string    `json:"actor"`
	Speaker    string    `json:"speaker,omitempty"`
	Topic      Topic     `json:"topic"`
	Target     string    `json:"target"`
	From       Stance    `json:"from,omitempty"` // empty for First
	To         Stance    `json:"to"`
	Condition  string    `json:"condition,omitempty"`
	Event      string    `json:"event"`
	Statement  string    `json:"statement"`            // ID of the statement that raised it
	Previous   string    `json:"previous,omitempty"`   // ID of the statement that set the earlier line
	Quote      string    `json:"quote"`                // evidence, verbatim
	Before     string    `json:"before,omitempty"`     // evidence of the earlier line
	Said       Date      `json:"said"`                 // date of the words
	SaidPrev   Date      `json:"said_prev,omitzero"`   // date of the earlier words
	At         time.Time `json:"at"`                   // when the signal was raised here
	Why        string    `json:"why"`                  // one sentence for people
	Backfilled bool      `json:"backfilled,omitempty"` // said long before it was first seen: for the digest, not for push
	Candidate  string    `json:"candidate,omitempty"`  // why it is for the desk only and not pushed; empty if it may be pushed
}

// EventID returns the ID of the event that a position opens: its actor, topic,
// target, stance and the statement that it was first found in.
func EventID(p *Position, statement string) string {
	return hashID("event", p.Actor, string(p.Topic), p.Target, string(p.Stance), statement)
}

// SignalID returns the ID of a signal: the same event and reason always give
// the same one, whatever the version of the rules.
func SignalID(event string, reason Reason) string {
	return hashID("signal", event, string(reason))
}

// DeadLetter is a message that could not be handled, kept for replay.
type DeadLetter struct {
	ID      string    `json:"id"`
	Stream  string    `json:"stream"`
	Subject string    `json:"subject"`
	Reason  string    `json:"reason"`
	Tries   int       `json:"tries"`
	At      time.Time `json:"at"`
	Payload []byte    `json:"payload"`
}

// DeskEvent is something that a person did. The sequence of desk events is the
// audit log.
type DeskEvent struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Who     string    `json:"who"`
	Action  string    `json:"action"` // such as "hand-entry", "poll", "replay"
	Subject string    `json:"subject"`
	Note    string    `json:"note,omitempty"`
}

// NewDeskEventID returns the ID of a desk event from its content.
func NewDeskEventID(e *DeskEvent) string {
	return hashID("desk", e.At.UTC().Format(time.RFC3339Nano), e.Who, e.Action, e.Subject, e.Note)
}
