package statement

import (
	"slices"
	"strconv"
	"time"
)

// Cited is where quoted words come from.
type Cited struct {
	Passage
	Title  string `json:"title,omitempty"`
	Outlet string `json:"outlet,omitempty"`
	URL    string `json:"url,omitempty"`
	Lang   string `json:"lang,omitempty"`
	Grade  Grade  `json:"grade,omitempty"`
	Stance Stance `json:"stance,omitempty"`
}

// News is a signal with what somebody needs who has only this to judge it by.
type News struct {
	Signal   Signal   `json:"signal"`
	Now      Cited    `json:"now"`
	Then     Cited    `json:"then,omitzero"` // of the line that it departs from
	Rule     string   `json:"rule"`          // that read the words
	Pack     string   `json:"pack"`          // version of the rules
	Demands  []string `json:"demands,omitempty"`
	Places   []string `json:"places,omitempty"`
	Outlets  []string `json:"outlets"`           // that tell of the event, in order of arrival
	Reports  int      `json:"reports"`           // statements that tell of it
	Answers  []string `json:"answers,omitempty"` // events that it answers
	Care     Care     `json:"care,omitzero"`
	Reversed Stance   `json:"reversed,omitempty"` // of a correction: what is read now
}

// NoticeKind is what a notice does to what its receiver knows.
type NoticeKind string

// The kinds of notice.
const (
	NoticeNew       NoticeKind = "new"
	NoticeUpdate    NoticeKind = "update"    // what was taken back holds again
	NoticeCorrected NoticeKind = "corrected" // what was told is read otherwise now
	NoticeWithdrawn NoticeKind = "withdrawn" // what was told is no longer held
	NoticeEscalated NoticeKind = "escalated" // another receiver was told and nobody acknowledged it
	NoticeWatch     NoticeKind = "watch"     // of the watch itself
	NoticeHeartbeat NoticeKind = "heartbeat"
	NoticeDigest    NoticeKind = "digest" // a digest was issued
)

// Notice is one thing that one receiver is to be told. There is at most one for
// each receiver, kind, event, signal and subject, ever.
type Notice struct {
	N        int64      `json:"n"`
	Receiver string     `json:"receiver"`
	Kind     NoticeKind `json:"kind"`
	Event    string     `json:"event,omitempty"`
	Signal   string     `json:"signal,omitempty"`
	Subject  string     `json:"subject,omitempty"` // of the watch: what it is about, with its episode, such as "source rfi 2026-11-26T09:00:00Z"; of a digest: its period
	Note     string     `json:"note,omitempty"`    // one sentence: what is wrong, or what changed
	Due      time.Time  `json:"due"`
	Repeats  int        `json:"repeats,omitempty"` // how often it was sent before
	News     *News      `json:"news,omitempty"`    // nil for the watch, heartbeats and digests

	Digest *IssuedDigest `json:"digest,omitempty"` // of a digest
}

// Message is what one receiver is sent in one piece. It is stored before it is
// sent, so that every try has the same ID and the same words.
type Message struct {
	ID       string     `json:"id"`
	Receiver string     `json:"receiver"`
	Kind     NoticeKind `json:"kind"`
	Notices  []int64    `json:"notices"` // that it carries
	Signals  []string   `json:"signals,omitempty"`
	Group    string     `json:"group,omitempty"` // "actor/topic"; empty in a digest, a storm, or of the watch
	Lang     string     `json:"lang"`
	Line     string     `json:"line"` // the alert line, at most 100 characters
	Text     string     `json:"text"` // plain
	HTML     string     `json:"html,omitempty"`
	Body     string     `json:"body"` // JSON for programs
	Composed time.Time  `json:"composed"`
	Tries    int        `json:"tries"` // that failed so far

	Files []Attachment `json:"files,omitempty"` // that e-mail carries
}

// Attachment is a file that goes with a message.
type Attachment struct {
	Name string `json:"name"`
	Type string `json:"type"` // media type
	Body []byte `json:"body"`
}

// MessageID returns the ID of the message that carries the notices to the
// receiver. Every node that makes it gives it the same.
func MessageID(receiver string, notices []*Notice) string {
	parts := make([]string, 0, len(notices))
	for _, n := range notices {
		parts = append(parts, hashID("notice", string(n.Kind), n.Event, n.Signal, n.Subject, strconv.Itoa(n.Repeats)))
	}
	slices.Sort(parts)
	return hashID(append([]string{"message", receiver}, parts...)...)
}

// Delivery is how a try to send a message ended.
type Delivery struct {
	Message  string
	Receiver string
	At       time.Time
	Sent     bool
	Failure  string    // why not
	Again    time.Time // when to try next; zero if never
	Disable  bool      // the receiver said that it is gone: nothing more is sent to it
}

// Told says that a receiver has been told. It travels to all nodes, so that
// none of them tells it again.
type Told struct {
	Message  string     `json:"message"`
	Receiver string     `json:"receiver"`
	Kind     NoticeKind `json:"kind"`
	Event    string     `json:"event,omitempty"`
	Signal   string     `json:"signal,omitempty"`
	Subject  string     `json:"subject,omitempty"`
	At       time.Time  `json:"at"`
}

// Trouble is something that is wrong with the watch itself. Subject names it
// together with when it began, and stays the same while it lasts, so that each
// trouble is told once.
type Trouble struct {
	Subject string
	Note    Labels // one sentence, in each language
}

// SentMessage is a message that went out, as the limits on further ones look at it.
type SentMessage struct {
	ID    string
	Group string
	Kind  NoticeKind
	At    time.Time
}

// Plan is what is to become of the notices that are due for a receiver.
type Plan struct {
	Messages []Message
	Silenced map[int64]string
	Wait     map[int64]time.Time
}
