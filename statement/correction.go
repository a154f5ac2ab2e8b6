package statement

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// What people do about positions, beside the actions of desk.go. The subject is a
// statement, by its first revision; Details is a [Correction].
const (
	ConfirmPosition Action = "confirm-position" // the machine is right
	CorrectPosition Action = "correct-position" // it is wrong, or missed one
)

// Claim names a position within a statement: there is at most one for each
// actor, topic and target.
type Claim struct {
	Actor  string `json:"actor"`
	Topic  Topic  `json:"topic"`
	Target string `json:"target"`
}

// Claim returns what the position is on, and whose it is.
func (p *Position) Claim() Claim { return Claim{p.Actor, p.Topic, p.Target} }

// Held is a position as a person holds it. Its evidence is verbatim in the
// revision that the person read.
type Held struct {
	Claim
	Speaker   string   `json:"speaker,omitempty"` // ID of the person who spoke
	Stance    Stance   `json:"stance"`
	Condition string   `json:"condition,omitempty"`
	Evidence  Evidence `json:"evidence"`
}

// Correction is what a person holds of one position in a statement. It stands
// beside what the machine found and is never changed by it: a later reading, by
// other rules or of another wording, meets it by the position that it names.
type Correction struct {
	Of       Claim  `json:"of,omitzero"`  // the position as the machine found it; zero where it missed one
	Is       *Held  `json:"is,omitempty"` // what is there; nil where nothing is
	Revision string `json:"revision"`     // ID of the revision that the person read
}

// Missed reports whether the machine had found nothing there.
func (c *Correction) Missed() bool { return c.Of == Claim{} }

// Key names what the correction is about: a later one with the same key takes
// its place. That of a missed position is the position itself.
func (c *Correction) Key() Claim {
	if c.Missed() && c.Is != nil {
		return c.Is.Claim
	}
	return c.Of
}

// Agrees reports whether a machine's position is what the person holds: the same
// stance of the same actor on the same question, on the same condition.
func (c *Correction) Agrees(p *Position) bool {
	return c.Is != nil && c.Is.Claim == p.Claim() && c.Is.Stance == p.Stance && c.Is.Condition == p.Condition
}

// Validate reports what keeps the correction from being kept, or nil.
func (c *Correction) Validate() error {
	switch {
	case c.Missed() && c.Is == nil:
		return errors.New("validate correction: it names no position")
	case !c.Missed() && (c.Of.Actor == "" || c.Of.Topic == ""):
		return errors.New("validate correction: the position that it names has no actor or topic")
	case c.Is == nil:
		return nil
	case c.Is.Actor == "" || c.Is.Topic == "":
		return errors.New("validate correction: it has no actor or topic")
	case !c.Is.Stance.Valid():
		return fmt.Errorf("validate correction: %q is no stance", c.Is.Stance)
	case strings.TrimSpace(c.Is.Evidence.Quote) == "":
		return errors.New("validate correction: no words prove it")
	}
	return nil
}

// Corrected is a correction with who made it.
type Corrected struct {
	Correction
	Statement string // first revision
	Desk      string // ID of the desk event, by which it can be undone
	Who       string
	At        time.Time
	Note      string
}

// Judged is how much of a reading people have looked at.
type Judged struct {
	Positions []Held // what the statement says, as far as it is known
	Open      int    // positions of the machine that nobody has judged
	Stale     int    // corrections of a position that the machine no longer finds
}

// Judge lays corrections over a reading. Positions that nobody has judged stay as
// the machine found them.
func Judge(machine []Position, people []Corrected) Judged {
	var out Judged
	by := make(map[Claim]*Corrected, len(people))
	said := make(map[Claim]bool, len(people)) // what people put in the place of something
	for i := range people {
		by[people[i].Key()] = &people[i]
		if is := people[i].Is; is != nil {
			said[is.Claim] = true
		}
	}
	put := func(h Held) {
		if !slices.ContainsFunc(out.Positions, func(o Held) bool { return o.Claim == h.Claim }) {
			out.Positions = append(out.Positions, h)
		}
	}
	found := make(map[Claim]bool, len(machine))
	for i := range machine {
		p := &machine[i]
		found[p.Claim()] = true
		switch c := by[p.Claim()]; {
		case c != nil && c.Is != nil:
			put(*c.Is)
		case c == nil && !said[p.Claim()]:
			out.Open++
			put(Held{p.Claim(), p.Speaker, p.Stance, p.Condition, p.Evidence})
		}
	}
	for i := range people {
		c := &people[i]
		if found[c.Key()] {
			continue
		}
		if !c.Missed() {
			out.Stale++
		}
		if c.Is != nil {
			put(*c.Is)
		}
	}
	return out
}
