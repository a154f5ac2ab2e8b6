package digest

import (
	"time"

	"palabre/statement"
)

// Material is everything that the record holds of a period and that a digest
// tells. Lists are in the order in which they are to be looked at, oldest first
// where nothing else is said; any may be empty. Statements are named by the ID of
// their first revision.
type Material struct {
	Period      Period
	Made        time.Time            // when it was gathered
	Mark        statement.Mark       // handling mark; empty: TLP:AMBER
	Officers    []Watch              // who had the watch
	Coverage    Coverage             //
	Signals     []statement.News     // of the period, silences among them
	Utterances  []Utterance          // everything that was said in the period
	Standings   []Standing           // where each principal stands at its end
	Demands     []DemandChange       // what became of demands in it
	Answers     []Answer             // given in it
	Quiet       []Quiet              // principals that said nothing in it
	Lanes       []Lane               // the last weeks of each principal, for the chart
	Citations   []statement.Citation // every statement of the period and whatever anything above names
	Corrections []Correction         // to digests that were issued before
	Late        Late                 // what was said earlier and came to light in it
	Packs       []string             // versions of the rules that read the period's statements
	Registry    *statement.Registry
	Outlets     map[string]string // names of outlets by ID
}

// Watch is who had the watch and when.
type Watch struct {
	Who  string    `json:"who"`
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"` // zero while it lasts
}

// Coverage is what came in during the period, and what did not.
type Coverage struct {
	Statements int            // that arrived
	Sources    int            // that they came from
	Langs      map[string]int // statements by language, BCP 47; "und" where it is not known
	Silent     []Silent       // sources that brought nothing against their rhythm, or fail
	Unread     []Unread       // what the rules could not read
	Unclear    int            // passages that touch a topic without a clear position
	Failed     int            // messages that could not be handled
	Unlisted   int            // statements of the period that Citations leaves out, because they are too many
}

// Silent is a source that brought nothing although it should have.
type Silent struct {
	Source string    // its name for people
	Since  time.Time // last new statement, or last success; zero if there never was one
	Why    string    // why it fails, such as "403 Forbidden"; empty if it answers without anything new
}

// Unread counts statements that the rules could not read.
type Unread struct {
	Lang   string // BCP 47; "und" where it is not known
	Medium string // "audio" or "video" where there is no text; empty where there is one
	N      int
}

// Utterance is an event of the period with the places that its statements name.
type Utterance struct {
	statement.Event
	Places []string // IDs
}

// Standing is a principal's line at the end of the period.
type Standing struct {
	statement.Line
	Statement string          // lead of the event that confirmed it last
	Quote     string          // its words
	Lapsed    bool            // an offer that nobody renewed
	Before    statement.Cited // its line at the beginning of the period; zero if none stood
}

// Change is what became of a demand in the period.
type Change string

// The changes of a demand.
const (
	DemandNew     Change = "new"
	DemandChanged Change = "changed" // other words, another kind or another addressee
	DemandDropped Change = "dropped"
	DemandMayMet  Change = "may-be-met"
	DemandMet     Change = "met" // a person judged so
)

// DemandChange is a demand and what became of it.
type DemandChange struct {
	statement.Demand
	Change Change
	Before string // its words before, where they changed
	By     string // statement without it that dropped it, or of the deed that may meet it
}

// Answer is one utterance that answers another.
type Answer struct {
	How  statement.Link
	Days int
	By   statement.Event // in the period
	To   statement.Event
}

// Quiet is a principal that said nothing in the period.
type Quiet struct {
	Actor     string
	Last      statement.Date // when it last spoke
	Statement string         // with which it did
}

// Lane is the line of a principal on a topic over the weeks before the end of
// the period, oldest first. All lanes of a material have the same weeks.
type Lane struct {
	Actor  string          `json:"actor"`
	Topic  statement.Topic `json:"topic"`
	Target string          `json:"target,omitempty"`
	Weeks  []LaneWeek      `json:"weeks"`
}

// LaneWeek is a lane at the end of one week.
type LaneWeek struct {
	Week   Period           `json:"week"`
	Stance statement.Stance `json:"stance,omitempty"` // that stands; empty: none is known, or it has lapsed
	Spoke  bool             `json:"spoke,omitempty"`  // it was taken or repeated in this week
}

// Correction is something that an earlier digest told and that no longer holds.
type Correction struct {
	Number int              `json:"number"`         // of the digest
	Period Period           `json:"period"`         // that it covers
	Row    Row              `json:"row"`            // what it told; without a stance where it withdrew one
	Now    statement.Stance `json:"now,omitempty"`  // as the same words are read today; empty: no longer held
	Note   string           `json:"note,omitempty"` // what a person says of it
}
