package statement

import "fmt"

// Topic is a question on which positions are taken. More can be added as data;
// these are the ones that the built-in rules read.
type Topic string

// The topics of the built-in rules.
const (
	Dialogue      Topic = "dialogue"
	ForeignTroops Topic = "foreign_troops"
	Sharia        Topic = "sharia"
)

// Topics lists the built-in topics in the order in which people are shown them.
var Topics = []Topic{Dialogue, ForeignTroops, Sharia}

// Stance is the side that an actor takes.
type Stance string

// The stances of the labelling guide.
const (
	Pro         Stance = "pro"
	Anti        Stance = "anti"
	Conditional Stance = "conditional"
	Mixed       Stance = "mixed"
)

// Stances lists the stances in the order in which people are shown them.
var Stances = []Stance{Pro, Anti, Conditional, Mixed}

// Valid reports whether s is one of the four stances.
func (s Stance) Valid() bool {
	switch s {
	case Pro, Anti, Conditional, Mixed:
		return true
	}
	return false
}

// Glyph returns the mark that stands for the stance where colour may not carry
// the meaning alone.
func (s Stance) Glyph() string {
	switch s {
	case Pro:
		return "▲"
	case Anti:
		return "▼"
	case Conditional:
		return "◆"
	case Mixed:
		return "~"
	}
	return "?"
}

// Field names a part of a statement that evidence can point into.
type Field string

// The fields of a statement that are read.
const (
	Title Field = "title"
	Text  Field = "text"
)

// Evidence is a verbatim part of a statement. Start and End are byte offsets
// into the original field, on rune boundaries; Quote is field[Start:End].
type Evidence struct {
	Field Field  `json:"field"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	Quote string `json:"quote"`
}

// Check reports an error if the evidence is not verbatim in s.
func (e Evidence) Check(s *Statement) error {
	text := s.Text
	if e.Field == Title {
		text = s.Title
	}
	if e.Start < 0 || e.End <= e.Start || e.End > len(text) {
		return fmt.Errorf("check evidence: span %d-%d is outside the %d bytes of the %s", e.Start, e.End, len(text), e.Field)
	}
	if got := text[e.Start:e.End]; got != e.Quote {
		return fmt.Errorf("check evidence: quote %q differs from %s[%d:%d] = %q", e.Quote, e.Field, e.Start, e.End, got)
	}
	return nil
}

// Position is a stance that one statement shows an actor to take.
// There is at most one for each actor, topic and target in a reading.
type Position struct {
	Actor      string   `json:"actor"`               // ID of the body whose position it is
	Speaker    string   `json:"speaker"`             // ID of the person who spoke, or empty
	Topic      Topic    `json:"topic"`               //
	Target     string   `json:"target"`              // the other side of the talks, or whose force; empty for sharia
	Stance     Stance   `json:"stance"`              //
	Condition  string   `json:"condition"`           // what must happen first, verbatim or shortened; empty if none
	Act        string   `json:"act,omitempty"`       // the announced deed that shows the stance, such as "mandate"
	Evidence   Evidence `json:"evidence"`            //
	Rule       string   `json:"rule"`                // name of the rule that fired
	Confidence float64  `json:"confidence"`          // 0 to 1, an estimate of being right
	FirstHand  bool     `json:"first_hand"`          // the actor's own words or channel, not somebody's report of them
	Tentative  string   `json:"tentative,omitempty"` // why it may not alert by itself, such as "experimental rules"; empty if it may
}

// LangRun is a stretch of a statement's text in one language. Lang is a
// BCP 47 tag, "und" where it is not known. Read is false where no rules exist
// for the language, so that the machine says that it did not read it.
type LangRun struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Lang  string `json:"lang"`
	Read  bool   `json:"read"`
}

// Unclear is a passage that touches a topic but from which no position could
// be taken with enough confidence, and the reason.
type Unclear struct {
	Topic    Topic    `json:"topic"`
	Evidence Evidence `json:"evidence"`
	Rule     string   `json:"rule"`
	Why      string   `json:"why"`
}

// Reading is everything that a rulepack found in one statement.
type Reading struct {
	Pack      string     `json:"pack"` // version of the rulepack: a hash of its content
	Langs     []LangRun  `json:"langs"`
	Positions []Position `json:"positions"`
	Unclear   []Unclear  `json:"unclear,omitempty"`
	Places    []string   `json:"places,omitempty"` // IDs of places that the text names
	Actors    []string   `json:"actors,omitempty"` // IDs of actors and persons that the text names
}

// Record is a statement with its reading: what travels from the classifier to
// the store.
type Record struct {
	Statement Statement `json:"statement"`
	Reading   Reading   `json:"reading"`
}
