package statement

import "time"

// Reason says why a position is news.
type Reason string

// The reasons. Every alert carries one.
const (
	First            Reason = "first"
	Shift            Reason = "shift"
	WalkBack         Reason = "walk-back"         // a step back from an offer of the last days
	ConditionChanged Reason = "condition-changed" // a condition is new, other, dropped or may be met
	Reaffirmed       Reason = "reaffirmed"        // the same again after a long silence
	Split            Reason = "split"             // a part against its coalition
	Posthumous       Reason = "posthumous"        // published after the speaker's death
	Silence          Reason = "silence"           // others answered, whom it was put to has not
)

// Reasons lists the reasons in the order in which people are shown them.
var Reasons = []Reason{Shift, WalkBack, ConditionChanged, Split, First, Reaffirmed, Posthumous, Silence}

// Passage is what somebody is quoted with, and where it stands.
type Passage struct {
	Statement string `json:"statement,omitempty"` // ID of the first revision
	Quote     string `json:"quote,omitempty"`     // verbatim
	Said      Date   `json:"said"`
}

// Signal is a position that is news, with both quotes: what is said now and
// the line that it departs from. From is empty where there is no line that it
// changes; Then may be there all the same, such as an offer that had lapsed.
type Signal struct {
	ID         string    `json:"id"`
	Reason     Reason    `json:"reason"`
	Actor      string    `json:"actor"`
	Speaker    string    `json:"speaker,omitempty"`
	Topic      Topic     `json:"topic"`
	Target     string    `json:"target"`
	From       Stance    `json:"from,omitempty"`
	To         Stance    `json:"to"`
	Condition  string    `json:"condition,omitempty"`
	Act        string    `json:"act,omitempty"` // the deed that shows the stance
	Event      string    `json:"event"`
	Now        Passage   `json:"now"`
	Then       Passage   `json:"then,omitzero"`
	At         time.Time `json:"at"`                   // when it was raised here
	Why        string    `json:"why"`                  // one sentence for people, in English
	Confidence float64   `json:"confidence"`           // of the surest report
	FirstHand  bool      `json:"first_hand"`           // a report is the actor's own words or channel
	Backfilled bool      `json:"backfilled,omitempty"` // said long before it was first seen: for the digest, not for push
	Candidate  string    `json:"candidate,omitempty"`  // why it is for the desk only and not pushed; empty if it may be pushed
}

// SignalID returns the ID of a signal: the same event and reason always give
// the same one, whatever the version of the rules.
func SignalID(event string, reason Reason) string {
	return hashID("signal", event, string(reason))
}
