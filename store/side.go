package store

import (
	"slices"
	"strings"

	"palabre/statement"
)

// Targets that stand for every force, or for every group outside the
// movements that signed the peace accord.
const (
	anyForce = "foreign"
	anyGroup = "armed-groups"
)

// signatories are the movements of the north that signed, or come from those
// that signed, the accord of 2015. Talks with them say nothing about talks with
// jihadist groups.
var signatories = map[string]bool{"cma": true, "plateforme": true, "hcua": true, "mnla": true, "fla": true}

// sides answers from the registry who speaks for whom and which targets are
// one side of a question.
type sides struct {
	registry *statement.Registry
	actors   map[string]*statement.Actor
	persons  map[string]*statement.Person
	parts    map[string][]*statement.Actor // by coalition
	demands  *demands
	touched  map[string][]string // who is one side with whom
}

func newSides(reg *statement.Registry) (*sides, error) {
	s := &sides{
		registry: reg,
		actors:   make(map[string]*statement.Actor),
		persons:  make(map[string]*statement.Person),
		parts:    make(map[string][]*statement.Actor),
		touched:  make(map[string][]string),
	}
	if reg == nil {
		reg = new(statement.Registry)
	}
	var err error
	if s.demands, err = newDemands(reg); err != nil {
		return nil, err
	}
	for i := range reg.Actors {
		a := &reg.Actors[i]
		s.actors[a.ID] = a
		if a.PartOf != "" {
			s.parts[a.PartOf] = append(s.parts[a.PartOf], a)
		}
	}
	for i := range reg.Persons {
		s.persons[reg.Persons[i].ID] = &reg.Persons[i]
	}
	for a := range s.actors {
		for b := range s.actors {
			if s.touches(a, b) {
				s.touched[a] = append(s.touched[a], b)
			}
		}
		slices.Sort(s.touched[a])
	}
	return s, nil
}

// same reports whether what the actor says of target a can be held against what
// it says of target b. It is not transitive: talks with all armed groups touch
// both JNIM and the Islamic State, which do not touch each other.
func (s *sides) same(topic statement.Topic, actor, a, b string) bool {
	if a == b {
		return true
	}
	switch topic {
	case statement.Sharia:
		return true
	case statement.ForeignTroops:
		return a == anyForce || b == anyForce
	case statement.Dialogue:
		return s.partOf(a, b) || s.partOf(b, a) ||
			a == anyGroup && s.unsigned(b) || b == anyGroup && s.unsigned(a) ||
			s.armed(actor) && s.local(a) && s.local(b)
	}
	return false
}

// partOf reports whether a belongs to b, directly or through another body.
func (s *sides) partOf(a, b string) bool {
	for range 4 { // deeper than any coalition, and safe against a circle
		actor := s.actors[a]
		if actor == nil || actor.PartOf == "" {
			return false
		}
		if a = actor.PartOf; a == b {
			return true
		}
	}
	return false
}

// armed reports whether the actor is an armed group or a coalition of them.
func (s *sides) armed(id string) bool {
	a := s.actors[id]
	return a != nil && (a.Kind == statement.ArmedGroup || a.Kind == statement.Coalition)
}

// unsigned reports whether the actor is an armed group outside the accord.
func (s *sides) unsigned(id string) bool {
	return s.armed(id) && !signatories[id] && !signatories[s.actors[id].PartOf]
}

// local reports whether the actor is a Malian counterpart of the armed groups:
// the state and its army, a militia, civil society.
func (s *sides) local(id string) bool {
	a := s.actors[id]
	if a == nil {
		return false
	}
	return a.Kind == statement.Militia || a.Kind == statement.Society || a.Country == "MLI" || strings.HasPrefix(id, "mali-")
}

// hasLine reports whether the actor is one body with one mind. Placeholders
// such as "analyst" stand for many, who may well disagree.
func (s *sides) hasLine(id string) bool {
	a := s.actors[id]
	return id != anyGroup && (a == nil || a.Kind != statement.Nobody)
}

// label is how people are shown an actor or person.
func (s *sides) label(id string) string {
	if a := s.actors[id]; a != nil && a.Label != "" {
		return a.Label
	}
	if p := s.persons[id]; p != nil && p.Label != "" {
		return p.Label
	}
	return id
}

// authority is how far a voice can commit the actor that it speaks for.
type authority int

const (
	noAuthority authority = iota // a named person without an office there
	unnamed                      // somebody's report without a name
	official                     // the body's own words, channel or deed
	leader                       // a named person in office
)

// authorityOf judges the voice behind a position taken on a date.
func (s *sides) authorityOf(p *statement.Position, when statement.Date) authority {
	switch {
	case p.Speaker == "" && (p.FirstHand || p.Act != ""):
		return official
	case p.Speaker == "":
		return unnamed
	case p.Speaker == p.Actor || s.inOffice(p.Speaker, p.Actor, when):
		return leader
	}
	return noAuthority
}

// dead reports whether the person had died before the words were published, or,
// where that is not dated, said.
func (s *sides) dead(person string, published, said statement.Date) bool {
	p := s.persons[person]
	if p == nil || p.Died.IsZero() {
		return false
	}
	if published.IsZero() {
		published = said
	}
	return !published.Time.Before(p.Died.End())
}

// inOffice reports whether the person held a role for the actor, its coalition
// or one of its parts at some time within the date.
func (s *sides) inOffice(person, actor string, when statement.Date) bool {
	p := s.persons[person]
	if p == nil {
		return false
	}
	for i := range p.Roles {
		r := &p.Roles[i]
		if r.Actor != actor && !s.partOf(r.Actor, actor) && !s.partOf(actor, r.Actor) {
			continue
		}
		begun := r.From.IsZero() || r.From.Time.Before(when.End())
		ended := !r.To.IsZero() && !when.Time.Before(r.To.End())
		if begun && !ended {
			return true
		}
	}
	return false
}
