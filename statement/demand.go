package statement

// DemandStatus is how a demand stands.
type DemandStatus string

// The statuses of a demand.
const (
	DemandOpen    DemandStatus = "open"
	DemandDropped DemandStatus = "dropped" // its actor has since taken the stance without it
	DemandMayMet  DemandStatus = "may-be-met"
	DemandMet     DemandStatus = "met" // a person judged so: the machine never does
)

// Demand is a condition as an object: what an actor demands before it takes, or
// keeps, a stance.
type Demand struct {
	ID     string       `json:"id"`
	Actor  string       `json:"actor"`  // who demands
	Topic  Topic        `json:"topic"`  // on what question
	Target string       `json:"target"` // towards whom
	Of     string       `json:"of"`     // actor who would have to act; empty if that is not known
	What   string       `json:"what"`   // ID of the demand's kind in the registry; empty if it fits none
	Words  string       `json:"words"`  // the condition, verbatim, as last stated
	Timing DemandTiming `json:"timing"`
	First  Passage      `json:"first"` // first stated
	Last   Passage      `json:"last"`  // last stated
	Status DemandStatus `json:"status"`
	Why    string       `json:"why,omitempty"` // of a status other than open: what changed it
}

// DemandTiming says when a demand is to be met.
type DemandTiming string

// The timings. A demand that says nothing is to be met before.
const (
	BeforeTalks DemandTiming = "before"
	DuringTalks DemandTiming = "during"
)

// DemandKind is one sort of demand, with the words by which it is known.
type DemandKind struct {
	ID    string   `json:"id"`
	Label Labels   `json:"label"`            // what a reader is shown, such as "French withdrawal"
	Names []Name   `json:"names"`            // phrases in every language; one of them in a condition is enough
	Over  []string `json:"over,omitempty"`   // kinds that do not count where this one fits: more general ones, or those that its words only resemble
	Of    string   `json:"of,omitempty"`     // actor who would have to act, if that lies in the demand
	MetBy []string `json:"met_by,omitempty"` // acts that may meet it, such as "release"
	Topic Topic    `json:"topic,omitempty"`  // question on which it is a stance as well, if it is
}

// Labels are words for people in the languages of the interface.
type Labels struct {
	En string `json:"en"`
	Fr string `json:"fr"`
	Ar string `json:"ar"`
}

// In returns the label in a language, in English if there is none.
func (l Labels) In(lang string) string {
	switch {
	case lang == "fr" && l.Fr != "":
		return l.Fr
	case lang == "ar" && l.Ar != "":
		return l.Ar
	}
	return l.En
}

// DemandID names the demand of an actor. what is the kind's ID or, where it fits
// none, the folded words.
func DemandID(actor string, topic Topic, target, what string) string {
	return hashID("demand", actor, string(topic), target, what)
}

// Response is one event that answers another.
type Response struct {
	Event   string `json:"event"`
	Answers string `json:"answers"`
	How     Link   `json:"how"`
	Days    int    `json:"days"` // between the two, by the first day that each date may mean
}

// Link is how it is known that one event answers another.
type Link string

// The links, surest first.
const (
	Quoted    Link = "quoted"    // its statement also reports the words that it answers
	Named     Link = "named"     // its statement names who spoke
	Addressed Link = "addressed" // within days, to whom it was put, by whom it was put to
	OwnHouse  Link = "own-house" // within days, another voice of the same body says otherwise
)
