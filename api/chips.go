package api

import (
	"context"

	"palabre/index"
)

const (
	namesOnPage = 6  // of a concept; the others are folded away
	linkedNames = 60 // of a concept that are linked at all
)

// conceptChips is what a word of the query stands for, each of its names with a
// link that leaves it out or takes it in again.
type conceptChips struct {
	Kind, Label, Typed string
	Out                bool   // the word stands for itself only
	Toggle             string // address at which that is turned around
	Names, More        []nameChip
}

// nameChip is one name of a concept.
type nameChip struct {
	Text, Lang string
	Out        bool
	Link       string
}

// chips lists what the query's words stand for.
func (s *server) chips(ctx context.Context, t *tongue, c *Criteria, concepts []index.Concept) ([]conceptChips, error) {
	if len(concepts) == 0 {
		return nil, nil
	}
	q, err := s.index.Reader().Parse(ctx, c.Q)
	if err != nil {
		return nil, err
	}
	toggle := func(id string, out bool) string {
		if out {
			return c.withQuery(q.With(id).String())
		}
		return c.withQuery(q.Without(id).String())
	}
	list := make([]conceptChips, len(concepts))
	for i := range concepts {
		of := &concepts[i]
		chips := conceptChips{Kind: t.in(conceptKind(of.Kind)), Label: of.Label.In(t.Lang), Typed: plain(of.Typed), Out: of.Out, Toggle: toggle(of.ID, of.Out)}
		for _, n := range of.Names[:min(len(of.Names), linkedNames)] {
			chip := nameChip{Text: plain(n.Text), Lang: n.Lang, Out: n.Out, Link: toggle(n.ID, n.Out)}
			if len(chips.Names) < namesOnPage {
				chips.Names = append(chips.Names, chip)
			} else {
				chips.More = append(chips.More, chip)
			}
		}
		list[i] = chips
	}
	return list, nil
}

func conceptKind(k index.ConceptKind) phrase {
	switch k {
	case index.ActorConcept:
		return say("actor")
	case index.PersonConcept:
		return say("person")
	case index.PlaceConcept:
		return say("place")
	}
	return say("term")
}
