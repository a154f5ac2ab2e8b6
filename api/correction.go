package api

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"palabre/statement"
	"palabre/store"
)

// Correction is what a person holds of a position, beside what the machine finds.
type Correction struct {
	ID       string           `json:"id" doc:"Of the desk event, by which it can be undone"`
	At       time.Time        `json:"at"`
	Who      string           `json:"who"`
	Note     string           `json:"note"`
	Of       *statement.Claim `json:"of" doc:"The position as the machine found it; null where it missed one"`
	Is       *Holding         `json:"is" doc:"What is there; null where nothing is"`
	Agrees   bool             `json:"agrees" doc:"The machine finds the same now"`
	Revision string           `json:"revision" doc:"ID of the revision that the person read"`
}

// Holding is a position as a person holds it.
type Holding struct {
	Actor     string           `json:"actor" maxLength:"200"`
	Speaker   string           `json:"speaker,omitempty" maxLength:"200"`
	Topic     statement.Topic  `json:"topic" maxLength:"200"`
	Target    string           `json:"target,omitempty" maxLength:"200"`
	Stance    statement.Stance `json:"stance" enum:"pro,anti,conditional,mixed"`
	Condition string           `json:"condition,omitempty" maxLength:"2000"`
	Quote     string           `json:"quote" maxLength:"20000" doc:"The words that prove it, verbatim"`
}

// Correcting is what a person says of a position in a statement.
type Correcting struct {
	Of   *statement.Claim `json:"of,omitempty" doc:"The position as the machine finds it; left out where it missed one"`
	None bool             `json:"none,omitempty" doc:"Nothing is there"`
	Is   *Holding         `json:"is,omitempty" doc:"What is there. To confirm a position, leave it out"`
}

func holdingOf(h *statement.Held) *Holding {
	if h == nil {
		return nil
	}
	return &Holding{h.Actor, h.Speaker, h.Topic, h.Target, h.Stance, h.Condition, h.Evidence.Quote}
}

// correctionsOf are the corrections of a statement as the API gives them.
func correctionsOf(v *store.View) []Correction {
	out := make([]Correction, len(v.Corrections))
	for i := range v.Corrections {
		c := &v.Corrections[i]
		out[i] = Correction{ID: c.Desk, At: c.At.UTC(), Who: c.Who, Note: c.Note, Is: holdingOf(c.Is), Revision: c.Revision}
		if !c.Missed() {
			of := c.Of
			out[i].Of = &of
		}
		out[i].Agrees = slices.ContainsFunc(v.Reading.Positions, func(p statement.Position) bool { return c.Agrees(&p) })
	}
	return out
}

// correctionAsked returns what a person holds of a position, with the words that
// prove it found in the statement.
func (s *server) correctionAsked(ctx context.Context, a *Act, e *statement.DeskEvent) (any, error) {
	held, err := s.store.Statements(ctx, []string{e.Subject})
	switch {
	case err != nil:
		return nil, err
	case len(held) == 0:
		return nil, rejected("there is no statement %q", plain(e.Subject))
	case a.Correction == nil:
		return nil, rejected("correction is empty: say which position is meant")
	}
	st, found := &held[0].Statement, held[0].Reading.Positions
	e.Subject = st.Of
	out := statement.Correction{Revision: st.ID}
	var machine *statement.Position
	if of := a.Correction.Of; of != nil {
		out.Of = *of
		if i := slices.IndexFunc(found, func(p statement.Position) bool { return p.Claim() == *of }); i >= 0 {
			machine = &found[i]
		}
	}
	if a.Action == statement.ConfirmPosition {
		if machine == nil {
			return nil, rejected("the machine finds no such position in the statement now: there is nothing to confirm")
		}
		out.Is = &statement.Held{
			Claim: machine.Claim(), Speaker: machine.Speaker, Stance: machine.Stance, Condition: machine.Condition, Evidence: machine.Evidence,
		}
		return out, nil
	}
	if machine == nil && a.Correction.Of != nil {
		if err := s.knownCorrection(ctx, st.Of, *a.Correction.Of); err != nil {
			return nil, err
		}
	}
	switch is := a.Correction.Is; {
	case is == nil && !a.Correction.None:
		return nil, rejected("correction.is is empty: say what is there, or that nothing is")
	case is == nil && out.Missed():
		return nil, rejected("correction: it names no position")
	case is == nil:
		return out, nil
	}
	if out.Is, err = s.heldBy(a.Correction.Is, st, machine); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(found, func(p statement.Position) bool { return p.Claim() == out.Is.Claim && p.Claim() != out.Of }) {
		return nil, rejected("the machine finds another position of that actor on that: correct or confirm that one")
	}
	if machine != nil && out.Agrees(machine) && out.Is.Evidence == machine.Evidence {
		return nil, rejected("that is what the machine says: confirm it instead")
	}
	return out, nil
}

// knownCorrection reports whether people judged a position that the machine no
// longer finds.
func (s *server) knownCorrection(ctx context.Context, id string, of statement.Claim) error {
	known, err := s.store.Corrections(ctx, []string{id})
	if err == nil && !slices.ContainsFunc(known[id], func(c statement.Corrected) bool { return c.Of == of }) {
		err = rejected("the machine finds no position of %q on %q in the statement: leave correction.of out if it missed one", plain(of.Actor), plain(string(of.Topic)))
	}
	return err
}

// heldBy checks what a person holds. machine is the position in whose place it
// comes, or nil.
func (s *server) heldBy(is *Holding, st *statement.Statement, machine *statement.Position) (*statement.Held, error) {
	h := &statement.Held{
		Claim:   statement.Claim{Actor: is.Actor, Topic: is.Topic, Target: is.Target},
		Speaker: is.Speaker, Stance: is.Stance, Condition: strings.TrimSpace(is.Condition),
	}
	known := machine != nil && machine.Topic == h.Topic
	switch {
	case s.reg.Actor(h.Actor) == nil && (machine == nil || machine.Actor != h.Actor):
		return nil, rejected("actor: there is no actor %q", plain(h.Actor))
	case !slices.Contains(statement.Topics, h.Topic) && !known:
		return nil, rejected("topic: there is no topic %q", plain(string(h.Topic)))
	case h.Target != "" && s.reg.Actor(h.Target) == nil && (machine == nil || machine.Target != h.Target):
		return nil, rejected("target: there is no actor %q", plain(h.Target))
	case h.Target == h.Actor && h.Topic != statement.ForeignTroops:
		return nil, rejected("target: nobody takes a position towards itself")
	case h.Topic == statement.Sharia && h.Target != "":
		return nil, rejected("target: a position on Sharia has none")
	case !h.Stance.Valid():
		return nil, rejected("stance: %q is not pro, anti, conditional or mixed", plain(string(h.Stance)))
	case h.Condition != "" && h.Stance != statement.Conditional:
		return nil, rejected("condition: only a conditional stance has one")
	case h.Speaker != "" && s.reg.Person(h.Speaker) == nil:
		return nil, rejected("speaker: there is no person %q", plain(h.Speaker))
	}
	if h.Speaker == "" && machine != nil && machine.Actor == h.Actor {
		h.Speaker = machine.Speaker
	}
	if machine != nil && sameWords(machine.Evidence.Quote, is.Quote) {
		h.Evidence = machine.Evidence
		return h, nil
	}
	var ok bool
	if h.Evidence, ok = locate(st, is.Quote); !ok {
		return nil, rejected("quote: these words do not stand in the statement: copy the words that prove the position out of it")
	}
	return h, nil
}

func sameWords(a, b string) bool { return folded(a) == folded(b) }

// folded is a text as a person can copy it off a page: without what the page does
// not show, white space made one.
func folded(text string) string { return strings.Join(strings.Fields(plain(text)), " ") }

// locate finds where words stand in a statement, in its text or else in its
// title. White space and what a page does not show may differ.
func locate(st *statement.Statement, quote string) (statement.Evidence, bool) {
	for _, f := range []struct {
		field statement.Field
		text  string
	}{{statement.Text, st.Text}, {statement.Title, st.Title}} {
		if start, end, ok := find(f.text, quote); ok {
			return statement.Evidence{Field: f.field, Start: start, End: end, Quote: f.text[start:end]}, true
		}
	}
	return statement.Evidence{}, false
}

// find returns where a quotation begins and ends in a text.
func find(text, quote string) (start, end int, ok bool) {
	wanted := folded(quote)
	if wanted == "" {
		return 0, 0, false
	}
	var b strings.Builder
	at := make([]int, 0, len(text)+1) // by byte of the folded text: where it stands
	space := false
	for i, r := range text {
		switch {
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case misleads(r):
			continue
		}
		if space {
			at = append(at, i)
			b.WriteByte(' ')
			space = false
		}
		n := b.Len()
		b.WriteRune(r)
		for range b.Len() - n {
			at = append(at, i)
		}
	}
	i := strings.Index(b.String(), wanted)
	if i < 0 {
		return 0, 0, false
	}
	start, last := at[i], at[i+len(wanted)-1]
	for end = last + 1; end < len(text) && text[end]&0xc0 == 0x80; end++ {
	}
	return start, end, true
}

// correcting reads what a form says of a position.
func (f *form) correcting() *Correcting {
	c := &Correcting{None: f.Get("none") != ""}
	if f.Get("of-actor") != "" {
		c.Of = &statement.Claim{Actor: f.Get("of-actor"), Topic: statement.Topic(f.Get("of-topic")), Target: f.Get("of-target")}
	}
	if f.Get("action") == string(statement.ConfirmPosition) || c.None {
		return c
	}
	c.Is = &Holding{
		Actor: f.Get("actor"), Topic: statement.Topic(f.Get("topic")), Target: f.Get("target"), Stance: statement.Stance(f.Get("stance")),
		Condition: f.Get("condition"), Quote: f.Get("quote"),
	}
	if c.Is.Topic == statement.Sharia {
		c.Is.Target = ""
	}
	return c
}
