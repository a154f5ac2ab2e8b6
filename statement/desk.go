package statement

import (
	"encoding/json"
	"time"
)

// Action is what a person did at the desk.
type Action string

// The actions. The subject of each is named behind it.
const (
	HandEntry    Action = "hand-entry"    // a statement
	Poll         Action = "poll"          // a source
	Replay       Action = "replay"        // a dead letter
	Acknowledge  Action = "acknowledge"   // a signal
	Own          Action = "own"           // a signal: whose it is from now on
	Snooze       Action = "snooze"        // a signal; Details is a [Snoozed]
	MarkFalse    Action = "false"         // a signal: the machine was wrong
	Confirm      Action = "confirm"       // a signal that was for the desk only: it is pushed
	Undo         Action = "undo"          // an earlier desk event, by its ID
	PutSilence   Action = "silence"       // a silence; Details is a [Muting]
	EndSilence   Action = "end-silence"   // a silence
	PutReceiver  Action = "receiver"      // a receiver; Details is a [Receiver]
	DropReceiver Action = "drop-receiver" // a receiver
	Heartbeat    Action = "heartbeat"     // a receiver: it is sent a sign of life
	SplitEvent   Action = "split"         // an event; Details is a [Regrouping] with what leaves it
	MergeEvents  Action = "merge"         // an event; Details is a [Regrouping] with what joins it
	JudgeDemand  Action = "demand"        // a demand; Details is a [Judgement]
	BeginWatch   Action = "begin-watch"   // the desk: Who takes over
	EndWatch     Action = "end-watch"     // the desk: Who hands over
	SaveSearch   Action = "save-search"   // a saved search; Details is a [SavedSearch]
	DropSearch   Action = "drop-search"   // a saved search
	Export       Action = "export"        // a query; Details is an [Exported]
	DraftDigest  Action = "draft-digest"  // a period; Details is a [DigestDraft]
	EditDigest   Action = "edit-digest"   // a period; Details is a [DigestEdit]
	IssueDigest  Action = "issue-digest"  // a period, whose digest is frozen from now on; Details is a [DigestIssue]
)

// Actions lists the actions in the order in which people are shown them.
var Actions = []Action{
	HandEntry, Poll, Replay, Acknowledge, Own, Snooze, MarkFalse, Confirm, Undo,
	PutSilence, EndSilence, PutReceiver, DropReceiver, Heartbeat, SplitEvent, MergeEvents, JudgeDemand,
	BeginWatch, EndWatch, SaveSearch, DropSearch, Export, DraftDigest, EditDigest, IssueDigest,
}

// DeskEvent is something that a person did. The sequence of desk events is the
// audit log; what holds at the desk is what its events that were not undone
// add up to.
type DeskEvent struct {
	ID      string          `json:"id"`
	At      time.Time       `json:"at"`
	Who     string          `json:"who"`
	Action  Action          `json:"action"`
	Subject string          `json:"subject"`
	Note    string          `json:"note,omitempty"`
	Details json.RawMessage `json:"details,omitempty"` // depends on the action
}

// NewDeskEventID returns the ID of a desk event from its content.
func NewDeskEventID(e *DeskEvent) string {
	return hashID("desk", e.At.UTC().Format(time.RFC3339Nano), e.Who, string(e.Action), e.Subject, e.Note, string(e.Details))
}

// Snoozed says until when a signal is to be left alone.
type Snoozed struct {
	Until time.Time `json:"until"`
}

// Regrouping lists statements that leave an event or join it. A statement that
// leaves has an event of its own from then on.
type Regrouping struct {
	Statements []string `json:"statements"`
}

// Judgement is what a person holds of a demand.
type Judgement struct {
	Status DemandStatus `json:"status"`
}

// Muting keeps alerts that its filter accepts from being sent while it lasts.
// They are noted as silenced, with its ID.
type Muting struct {
	ID     string    `json:"id"`
	Filter Filter    `json:"filter"`
	Author string    `json:"author"`
	Reason string    `json:"reason"`
	From   time.Time `json:"from"`
	Until  time.Time `json:"until"`
}

// Holds reports whether the muting is in force.
func (m *Muting) Holds(at time.Time) bool { return !at.Before(m.From) && at.Before(m.Until) }

// Care is what the desk did about a signal.
type Care struct {
	Signal       string    `json:"signal"`
	Owner        string    `json:"owner,omitempty"`
	Acknowledged string    `json:"acknowledged,omitempty"` // who acknowledged it
	At           time.Time `json:"at,omitzero"`            // when
	Snoozed      time.Time `json:"snoozed,omitzero"`       // left alone until then
	False        string    `json:"false,omitempty"`        // who said that the machine was wrong
	Confirmed    string    `json:"confirmed,omitempty"`    // who let a doubted one be pushed
	Note         string    `json:"note,omitempty"`         // the last one
}
