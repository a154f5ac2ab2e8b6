package statement

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Name is one way in which an actor, person or place is written.
type Name struct {
	Text string `json:"text"`
	Lang string `json:"lang,omitempty"` // BCP 47; empty where it serves every language of its script
	Weak bool   `json:"weak,omitempty"` // an ordinary word too: counts only where the context bears it out
}

// ActorKind says what sort of body an actor is. Rules and target resolution
// use it: talks are with armed groups, troops belong to states and missions.
type ActorKind string

// The kinds of actor.
const (
	State      ActorKind = "state"
	ArmedGroup ActorKind = "armed-group"
	Coalition  ActorKind = "coalition" // an armed group made of parts
	Militia    ActorKind = "militia"
	Body       ActorKind = "body" // international organisation, religious council, army
	Society    ActorKind = "society"
	Press      ActorKind = "press"
	Nobody     ActorKind = "placeholder" // analyst, outlet, unknown
)

// Actor is a body that takes positions.
type Actor struct {
	ID        string    `json:"id"`
	Kind      ActorKind `json:"kind"`
	Label     string    `json:"label"` // how people are shown it, in English
	Called    Called    `json:"called,omitzero"`
	Names     []Name    `json:"names"`
	Forces    []Name    `json:"forces,omitempty"` // names of its forces abroad: Barkhane, Wagner
	PartOf    string    `json:"part_of,omitempty"`
	PartSince Date      `json:"part_since,omitzero"` // since when it is part
	Country   string    `json:"country,omitempty"`   // ISO 3166-1 alpha-3 of a state
	Capitals  []Name    `json:"capitals,omitempty"`
	// Unlabelled is set for actors to which the labelling guide gives no identifier:
	// where texts are labelled, and compared with labels, they are Unknown.
	Unlabelled bool `json:"-"`
}

// Unknown is the actor that stands for all whom nobody can name.
const Unknown = "unknown"

// Called is how an actor is called in the sentences of each language; empty where
// that is not known.
type Called struct {
	En Noun `json:"en"`
	Fr Noun `json:"fr"`
	Ar Noun `json:"ar"`
}

// Noun is a name with the article that stands before it: "l’" and "État islamique
// au Sahel". Arabic names have theirs within.
type Noun struct {
	Article string `json:"article,omitempty"`
	Name    string `json:"name"`
}

// ParseNoun reads "la / CMA": what stands before a slash is the article.
func ParseNoun(text string) Noun {
	article, name, ok := strings.Cut(text, "/")
	if !ok {
		article, name = "", text
	}
	return Noun{Article: strings.TrimSpace(article), Name: strings.TrimSpace(name)}
}

// Noun returns the actor's name in a language, its label where none is known.
func (a *Actor) Noun(lang string) Noun {
	n := a.Called.En
	switch lang {
	case "fr":
		n = a.Called.Fr
	case "ar":
		n = a.Called.Ar
	}
	if n.Name == "" {
		n = Noun{Name: a.Label}
	}
	return n
}

// LabelIn is how people are shown the actor where its name stands alone.
func (a *Actor) LabelIn(lang string) string {
	name := a.Noun(lang).Name
	if name == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// Role is an office that a person holds. From and To are zero where open.
type Role struct {
	Actor string `json:"actor"` // body that the person speaks for in this role
	Title string `json:"title"`
	From  Date   `json:"from"`
	To    Date   `json:"to"`
	Note  string `json:"note,omitempty"`
}

// Person is somebody who speaks for actors.
type Person struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Names []Name `json:"names"`
	Roles []Role `json:"roles"`
	Died  Date   `json:"died"`
}

// ActorAt returns the body that the person speaks for at a moment: that of the
// latest role held then, or "" when out of office.
func (p *Person) ActorAt(t time.Time) string {
	actor, since := "", time.Time{}
	for i := range p.Roles {
		r := &p.Roles[i]
		if !r.From.IsZero() && t.Before(r.From.Time) {
			continue
		}
		if !r.To.IsZero() && !t.Before(r.To.End()) {
			continue
		}
		if actor == "" || r.From.Time.After(since) {
			actor, since = r.Actor, r.From.Time
		}
	}
	return actor
}

// Presence is the grade of an actor's hold on a place from a date on.
type Presence struct {
	Actor string `json:"actor"`
	Grade string `json:"grade"` // hegemonic, contested, marginal, none
	As    Date   `json:"as_of"`
	Note  string `json:"note,omitempty"`
}

// Place is a region, cercle or locality.
type Place struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind"` // region, cercle, locality, country
	Label    string     `json:"label"`
	Names    []Name     `json:"names"`
	In       string     `json:"in,omitempty"`
	Country  string     `json:"country,omitempty"` // ISO 3166-1 alpha-3, of a place that lies in no other
	Lat      float64    `json:"lat,omitempty"`
	Lon      float64    `json:"lon,omitempty"`
	Presence []Presence `json:"presence,omitempty"`
}

// Term is a thing that the field speaks of, such as talks or a ceasefire, with
// the words for it in each language. A search for one of them finds them all.
type Term struct {
	ID    string `json:"id"`
	Label Labels `json:"label"`
	Names []Name `json:"names"`
}

// Registry holds every actor, person and place that is known by name, the kinds
// of demand and the terms of the field.
type Registry struct {
	Actors  []Actor      `json:"actors"`
	Persons []Person     `json:"persons"`
	Places  []Place      `json:"places"`
	Demands []DemandKind `json:"demands"`
	Terms   []Term       `json:"terms"`
}

// Actor returns the actor with the ID, or nil.
func (r *Registry) Actor(id string) *Actor {
	for i := range r.Actors {
		if r.Actors[i].ID == id {
			return &r.Actors[i]
		}
	}
	return nil
}

// Person returns the person with the ID, or nil.
func (r *Registry) Person(id string) *Person {
	for i := range r.Persons {
		if r.Persons[i].ID == id {
			return &r.Persons[i]
		}
	}
	return nil
}

// ActorOfCountry returns the actor with the ISO 3166-1 alpha-3 code, or nil.
func (r *Registry) ActorOfCountry(code string) *Actor {
	for i := range r.Actors {
		if code != "" && r.Actors[i].Country == code {
			return &r.Actors[i]
		}
	}
	return nil
}

// States returns for each place the ID of the state in which it lies. Places that
// lie in several, such as the Sahel, are left out.
func (r *Registry) States() map[string]string {
	places := make(map[string]*Place, len(r.Places))
	for i := range r.Places {
		places[r.Places[i].ID] = &r.Places[i]
	}
	out := make(map[string]string, len(r.Places))
	for id, p := range places {
		for range places { // no chain is longer
			if outer := places[p.In]; p.Country == "" && outer != nil {
				p = outer
			}
		}
		if a := r.ActorOfCountry(p.Country); a != nil {
			out[id] = a.ID
		}
	}
	return out
}

// Coalition returns the body that id is part of, or id itself.
func (r *Registry) Coalition(id string) string {
	if a := r.Actor(id); a != nil && a.PartOf != "" {
		return a.PartOf
	}
	return id
}
