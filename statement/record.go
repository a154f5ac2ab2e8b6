package statement

import "time"

// Event is one utterance, however many outlets report it.
type Event struct {
	ID        string    `json:"id"`
	Actor     string    `json:"actor"`
	Topic     Topic     `json:"topic"`
	Target    string    `json:"target"`
	Stance    Stance    `json:"stance"`
	Speaker   string    `json:"speaker,omitempty"`
	Condition string    `json:"condition,omitempty"`
	Act       string    `json:"act,omitempty"` // the deed that it tells of
	FirstHand bool      `json:"first_hand"`    // a report is the actor's own words or channel
	When      Date      `json:"when"`
	Lead      string    `json:"lead"`    // ID of the earliest first-hand statement, else of the earliest
	Reports   []string  `json:"reports"` // IDs of all statements, lead included, in order of arrival
	Created   time.Time `json:"created"`
	Outlets   int       `json:"outlets"` // distinct outlets among the reports
	Evidence  Evidence  `json:"evidence"`
}

// Line is an actor's standing position on a topic towards a target as of a
// date.
type Line struct {
	Actor     string    `json:"actor"`
	Topic     Topic     `json:"topic"`
	Target    string    `json:"target"`
	Stance    Stance    `json:"stance"`
	Condition string    `json:"condition,omitempty"`
	FirstHand bool      `json:"first_hand"` // by its own words; else by what is reported of it
	Since     Date      `json:"since"`      // when this stance was first taken without a break
	Confirmed Date      `json:"confirmed"`  // when it was last repeated
	Event     string    `json:"event"`      // event that set it
	Updated   time.Time `json:"updated"`
}

// EventID returns the ID of the event that a position opens: its actor, topic,
// target, stance and the statement that it was first found in.
func EventID(p *Position, statement string) string {
	return hashID("event", p.Actor, string(p.Topic), p.Target, string(p.Stance), statement)
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
