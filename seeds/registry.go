package seeds

import (
	_ "embed"
	"errors"
	"fmt"

	"palabre/statement"
)

//go:embed actors.yaml
var actorsYAML []byte

//go:embed places.yaml
var placesYAML []byte

// date is a date of a seed file: a year, month or day.
type date struct{ statement.Date }

// UnmarshalYAML reads "2017", "2017-03" or "2017-03-01".
func (d *date) UnmarshalYAML(unmarshal func(any) error) error {
	var s string
	if err := unmarshal(&s); err != nil {
		return err
	}
	var err error
	d.Date, err = statement.ParseDate(s, "seed")
	return err
}

// name is a name of a seed file: a text, or {text: …, weak: true}.
type name struct{ statement.Name }

// UnmarshalYAML reads both forms.
func (n *name) UnmarshalYAML(unmarshal func(any) error) error {
	if err := unmarshal(&n.Text); err == nil {
		return nil
	}
	var long struct {
		Text string
		Lang string
		Weak bool
	}
	if err := unmarshal(&long); err != nil {
		return err
	}
	n.Name = statement.Name(long)
	return nil
}

// called is how an actor of a seed file is called: an English label, or
// {en: the / CMA, fr: la / CMA, ar: …}. What stands before a slash is the article.
type called struct{ statement.Called }

// UnmarshalYAML reads both forms.
func (c *called) UnmarshalYAML(unmarshal func(any) error) error {
	if err := unmarshal(&c.En.Name); err == nil {
		return nil
	}
	var l statement.Labels
	if err := unmarshal(&l); err != nil {
		return err
	}
	for _, in := range []struct {
		text string
		to   *statement.Noun
	}{{l.En, &c.En}, {l.Fr, &c.Fr}, {l.Ar, &c.Ar}} {
		*in.to = statement.ParseNoun(in.text)
	}
	if c.En.Name == "" || c.Fr.Name == "" || c.Ar.Name == "" {
		return errors.New("needs en, fr and ar")
	}
	return nil
}

type actorYAML struct {
	ID         string
	Kind       statement.ActorKind
	Label      called
	Unlabelled bool
	Country    string
	PartOf     string `yaml:"part_of"`
	PartSince  date   `yaml:"part_since"`
	Names      []name
	Forces     []name
	Capitals   []name
}

type roleYAML struct {
	Actor, Title, Note string
	From, To           date
}

type personYAML struct {
	ID, Label string
	Names     []name
	Roles     []roleYAML
	Died      date
}

type presenceYAML struct {
	Actor, Grade, Note string
	AsOf               date `yaml:"as_of"`
}

type placeYAML struct {
	ID, Kind, Label, In string
	Country             string
	Names               []name
	Lat, Lon            float64
	Presence            []presenceYAML
}

// Registry returns the built-in actors, persons, places, kinds of demand and
// terms.
func Registry() (*statement.Registry, error) {
	return readRegistry(actorsYAML, placesYAML, demandsYAML, conceptsYAML)
}

func readRegistry(actors, places, demands, terms []byte) (*statement.Registry, error) {
	var a struct {
		Actors  []actorYAML
		Persons []personYAML
	}
	if err := DecodeYAML("actors.yaml", actors, &a); err != nil {
		return nil, err
	}
	var p struct{ Places []placeYAML }
	if err := DecodeYAML("places.yaml", places, &p); err != nil {
		return nil, err
	}
	reg := &statement.Registry{}
	for i := range a.Actors {
		x := &a.Actors[i]
		a := statement.Actor{
			ID: x.ID, Kind: x.Kind, Called: x.Label.Called, Unlabelled: x.Unlabelled, Names: plain(x.Names), Forces: plain(x.Forces), Capitals: plain(x.Capitals),
			PartOf: x.PartOf, PartSince: x.PartSince.Date, Country: x.Country,
		}
		a.Label = a.LabelIn("en")
		reg.Actors = append(reg.Actors, a)
	}
	for i := range a.Persons {
		x := &a.Persons[i]
		person := statement.Person{ID: x.ID, Label: x.Label, Names: plain(x.Names), Died: x.Died.Date}
		for _, r := range x.Roles {
			person.Roles = append(person.Roles, statement.Role{Actor: r.Actor, Title: r.Title, From: r.From.Date, To: r.To.Date, Note: r.Note})
		}
		reg.Persons = append(reg.Persons, person)
	}
	for i := range p.Places {
		x := &p.Places[i]
		place := statement.Place{ID: x.ID, Kind: x.Kind, Label: x.Label, Names: plain(x.Names), In: x.In, Country: x.Country, Lat: x.Lat, Lon: x.Lon}
		for _, g := range x.Presence {
			place.Presence = append(place.Presence, statement.Presence{Actor: g.Actor, Grade: g.Grade, As: g.AsOf.Date, Note: g.Note})
		}
		reg.Places = append(reg.Places, place)
	}
	var err error
	if reg.Demands, err = readDemands(demands); err != nil {
		return nil, err
	}
	if reg.Terms, err = readTerms(terms); err != nil {
		return nil, err
	}
	return reg, checkRegistry(reg)
}

func plain(names []name) []statement.Name {
	out := make([]statement.Name, len(names))
	for i, n := range names {
		out[i] = n.Name
	}
	return out
}

// checkRegistry reports IDs that are empty, used twice or unknown.
func checkRegistry(reg *statement.Registry) error {
	var errs []error
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	seen := make(map[string]bool)
	unique := func(kind, id string) {
		if id == "" || seen[kind+id] {
			fail("%s %q: the id is empty or used twice", kind, id)
		}
		seen[kind+id] = true
	}
	actorKinds := map[statement.ActorKind]bool{
		statement.State: true, statement.ArmedGroup: true, statement.Coalition: true, statement.Militia: true,
		statement.Body: true, statement.Society: true, statement.Press: true, statement.Nobody: true,
	}
	for i := range reg.Actors {
		a := &reg.Actors[i]
		unique("actor ", a.ID)
		if a.Label == "" {
			fail("actor %q: has no label", a.ID)
		}
		if !actorKinds[a.Kind] {
			fail("actor %q: unknown kind %q", a.ID, a.Kind)
		}
		if a.PartOf != "" && reg.Actor(a.PartOf) == nil {
			fail("actor %q: is part of the unknown %q", a.ID, a.PartOf)
		}
	}
	for i := range reg.Persons {
		p := &reg.Persons[i]
		unique("person ", p.ID)
		for _, r := range p.Roles {
			if reg.Actor(r.Actor) == nil {
				fail("person %q: has a role for the unknown %q", p.ID, r.Actor)
			}
		}
	}
	for i := range reg.Places {
		unique("place ", reg.Places[i].ID)
	}
	known := func(id string) bool { return id == "" || seen["place "+id] }
	for i := range reg.Places {
		p := &reg.Places[i]
		if !known(p.In) {
			fail("place %q: lies in the unknown %q", p.ID, p.In)
		}
		if p.Country != "" && reg.ActorOfCountry(p.Country) == nil {
			fail("place %q: no actor has the country %q", p.ID, p.Country)
		}
	}
	for i := range reg.Demands {
		unique("demand ", reg.Demands[i].ID)
	}
	for i := range reg.Terms {
		if id := reg.Terms[i].ID; reg.Actor(id) != nil || reg.Person(id) != nil || seen["place "+id] {
			fail("term %q: an actor, person or place has the same id", id)
		}
	}
	checkDemands(reg, fail)
	return errors.Join(errs...)
}
