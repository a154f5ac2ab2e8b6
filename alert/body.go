package alert

import (
	"encoding/json"
	"fmt"
	"time"

	"palabre/statement"
)

// Body is what programs are sent: the body of a webhook and of a NATS message.
// Fields are added, never renamed. Quotes are as they were found, cut to a
// sensible length: whoever shows them must escape them.
type Body struct {
	Type     string       `json:"type"`             // "alert." and the kind of notice: alert.new, alert.corrected, …
	ID       string       `json:"id"`               // of the message: the same at every try
	At       time.Time    `json:"at"`               // when it was composed
	Receiver string       `json:"receiver"`         // ID
	Line     string       `json:"line"`             // for people, at most 100 characters
	Storm    bool         `json:"storm,omitempty"`  // it gathers what came over the receiver's limit
	Signals  []BodySignal `json:"signals"`          // none in alert.watch, alert.heartbeat and alert.digest
	Watch    []BodyWatch  `json:"watch,omitempty"`  // of alert.watch
	Digest   *BodyDigest  `json:"digest,omitempty"` // of alert.digest
}

// BodySignal is a signal as programs are sent it.
type BodySignal struct {
	ID        string           `json:"id"`
	Reason    statement.Reason `json:"reason"`
	Actor     string           `json:"actor"`
	Speaker   string           `json:"speaker,omitempty"`
	Topic     statement.Topic  `json:"topic"`
	Target    string           `json:"target"`
	From      statement.Stance `json:"from,omitempty"`
	To        statement.Stance `json:"to"`
	Reversed  statement.Stance `json:"reversed,omitempty"` // of a correction: what the words are read as now
	Condition string           `json:"condition,omitempty"`
	Event     string           `json:"event"`
	Repeats   int              `json:"repeats,omitempty"` // how often it was sent before
	BodyQuote
	Previous *BodyQuote `json:"previous,omitempty"` // the line that it departs from
	BodyProof
	Why string `json:"why"`
}

// BodyQuote is somebody's words and where they stand.
type BodyQuote struct {
	Statement string           `json:"statement"`
	Quote     string           `json:"quote"`
	Lang      string           `json:"lang,omitempty"`
	Said      string           `json:"said"`             // ISO 8601, as much of it as is known: 2020, 2020-03 or 2020-03-08
	Stance    statement.Stance `json:"stance,omitempty"` // of the previous words
	Source    string           `json:"source"`           // ID of the outlet
	URL       string           `json:"url,omitempty"`    // of the statement at the desk
}

// BodyProof is what a signal can be judged by.
type BodyProof struct {
	Grade       string   `json:"grade"`       // of the source, A to F
	Credibility string   `json:"credibility"` // 1, 2, 3 or 6, as [Grading] has it
	Outlets     []string `json:"outlets"`     // IDs, in order of arrival
	Reports     int      `json:"reports"`
	Confidence  float64  `json:"confidence"`
	Rule        string   `json:"rule"`
	Pack        string   `json:"pack"` // version of the rules
}

// BodyWatch is a trouble of the watch itself.
type BodyWatch struct {
	Subject string `json:"subject"` // stays the same while the trouble lasts
	Note    string `json:"note"`
}

// body writes the JSON of a message.
func (e *Editor) body(m *statement.Message, b *batch) (string, error) {
	out := Body{
		Type: "alert." + string(m.Kind), ID: m.ID, At: m.Composed.UTC(), Receiver: m.Receiver, Line: m.Line, Storm: b.storm,
		Signals: []BodySignal{},
	}
	for _, n := range b.notices {
		switch {
		case n.News != nil:
			out.Signals = append(out.Signals, e.bodySignal(n))
		case n.Kind == statement.NoticeWatch:
			out.Watch = append(out.Watch, BodyWatch{n.Subject, note(n.Note, longestQuote)})
		}
	}
	text, err := json.Marshal(out)
	if err != nil {
		return "", fmt.Errorf("write body: %w", err)
	}
	return string(text), nil
}

func (e *Editor) bodySignal(n *statement.Notice) BodySignal {
	news := n.News
	s := &news.Signal
	grading := Grading(news)
	out := BodySignal{
		ID: s.ID, Reason: s.Reason, Actor: s.Actor, Speaker: s.Speaker, Topic: s.Topic, Target: s.Target,
		From: s.From, To: s.To, Reversed: news.Reversed, Condition: clean(s.Condition, longestQuote), Event: s.Event, Repeats: n.Repeats,
		BodyQuote: e.bodyQuote(&news.Now),
		BodyProof: BodyProof{
			Grade: grading[:1], Credibility: grading[1:], Outlets: append([]string{}, news.Outlets...), Reports: news.Reports,
			Confidence: s.Confidence, Rule: news.Rule, Pack: news.Pack,
		},
		Why: clean(s.Why, longestQuote),
	}
	out.Stance = "" // that is To
	if news.Then.Statement != "" {
		previous := e.bodyQuote(&news.Then)
		out.Previous = &previous
	}
	return out
}

func (e *Editor) bodyQuote(c *statement.Cited) BodyQuote {
	return BodyQuote{
		Statement: c.Statement, Quote: clean(c.Quote, longestQuote), Lang: clean(c.Lang, 16), Said: c.Said.String(), Stance: c.Stance, Source: clean(c.Outlet, longestName),
		URL: e.statementURL(c.Statement),
	}
}
