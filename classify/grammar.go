package classify

import (
	"palabre/classify/scorecard"
	"palabre/statement"
)

// mentionKinds are the kinds of mention that a pattern can ask for.
var mentionKinds = map[string]mentionMask{
	"actor":   maskActor,
	"group":   maskGroup,
	"state":   maskState,
	"society": maskSociety,
	"person":  maskPerson,
	"force":   maskForce,
	"place":   maskPlace,
	"any":     maskActor | maskForce | maskPronoun,
}

// mentionMask is a set of properties of a mention.
type mentionMask uint16

const (
	maskActor mentionMask = 1 << iota
	maskGroup
	maskState
	maskSociety
	maskPerson
	maskForce
	maskPlace
	maskPronoun
)

// cue is a class of words that the engine itself asks for. A pack defines the
// words; what each cue does is told in seeds/rules/README.md.
type cue int

const (
	cueNeg cue = iota
	cueNotNeg
	cueBut
	cueCond
	cueUntil
	cueUnless
	cueSay
	cueDeny
	cueAccording
	cueFirstPerson
	cuePronoun
	cueOblique
	cueGenitive
	cueArticle
	cueRelative
	cueOpener
	cueTroops
	cuePast
	cueDated
	cueRumour
	cueHypothesis
	cueElsewhere
	cueOtherDomain
	cueSahel
	cueAnd
	cueCivil
	cuePeace
	cueHad
	cueMust
	cueQuantity
	cueAlgiers
	cueUrge
	cueThem
	cuePause
	cueAsker
	cueBetween
	cueVerb
	cueCountry
	cuePossessive
	cueSigned
	cueHadBegun
	cueHadDone
	cueAccord
	cueNegHalf
	cueOnly
	cueArmy
	cueDeployment
	cueWhen
	cueImpersonal
	cueSeat
	cueFinance
	cueAt
	cueLedBy
	cueBy
	cueLinked
	cueRegime
	cueFormer
	cueDay
	cueDayPart
	cueCount

	cueName cue = 63 // no class: a name, or a word that stands for one
)

// cueNames are the names of the cues' classes in rule files.
var cueNames = [cueCount]string{
	"neg", "not-neg", "but", "cond", "until", "unless", "say", "deny", "according", "first-person", "pronoun", "oblique",
	"genitive", "article", "relative", "opener", "troops", "past", "dated", "rumour", "hypothesis", "elsewhere", "other-domain", "sahel",
	"and", "civil", "peace", "had", "must", "quantity", "algiers",
	"urge", "them", "pause", "asker", "between", "verb", "country", "possessive", "signed", "had-begun", "had-done", "accord",
	"neg-half", "only", "army", "deployment", "when", "impersonal", "seat", "finance", "at", "led-by", "by", "linked", "regime", "former", "day", "day-part",
}

// foreignForce is the target for troops of any or no named nation.
const foreignForce = "foreign"

// officeKinds are the kinds of body that offices belong to, anaphorKinds those that
// descriptions point back to: "body" is for "the organisation", be it armed or not,
// "latter" for whoever was named last, "pair", "groups" and "states" for the two sides,
// armed groups or states that were, "named" for whoever has the word in his name,
// as "the council" has, "own" for "his country", the body of whoever
// speaks, "text" for "the statement", whose author it is.
var (
	officeKinds  = map[string]bool{"state": true, "group": true, "body": true}
	anaphorKinds = map[string]bool{"state": true, "group": true, "body": true, "latter": true, "pair": true, "groups": true, "states": true, "named": true, "force": true, "own": true, "text": true}
)

// literalPrefix begins the names of the classes made for words in patterns.
const literalPrefix = "word:"

// nameRef is what a name of the lexicon refers to.
type nameRef struct {
	id   string
	kind statement.ActorKind // of an actor
}

// grammar is the compiled knowledge of one language.
type grammar struct {
	lang       string
	verbFirst  bool // the subject follows its verb, as in Arabic
	tried      bool // its rules are experimental: what they find may not alert by itself
	lex        *lexicon
	classes    map[string]int32
	classNames []string   // by class
	samples    [][]string // by class: a few of its words
	names      []nameRef
	rules      []rule
	patterns   []pattern       // of the rules, in order
	filed      index           // patterns by what their scarcest need asks for: of each its number, how long the list of its other needs is, and that list
	begins     index           // numbers of patterns by what they may begin with
	overlaid   map[string]bool // names of the rules that analysts laid over the others
	card       *scorecard.Card // nil if there is none
	cardRows   []int32         // by class: its row of the card, or scorecard.None
	cardLabels []int           // by label of the card: its number
}

// pattern is a compiled pattern. A clause must have something of each of its needs,
// from where the pattern begins on, for the pattern to fit there; what is met least
// often comes first.
type pattern struct {
	nodes []op
	needs needList
	head  *need // what it may begin with
	rule  int32
}

// index files rows of numbers under features.
type index struct {
	starts []int32 // by feature, and one more for the end
	rows   []uint16
}

func newIndex(rows [][]uint16) index {
	var x index
	for _, row := range rows {
		x.starts = append(x.starts, int32(len(x.rows)))
		x.rows = append(x.rows, row...)
	}
	x.starts = append(x.starts, int32(len(x.rows)))
	return x
}

// under returns the row that is filed under a feature.
func (x *index) under(f feature) []uint16 { return x.rows[x.starts[f]:x.starts[f+1]] }

// signature is a set of classes in few bits: two sets without a common bit have
// no common class.
type signature [4]uint64

func (s *signature) add(class int32) { s[class>>6&3] |= 1 << (class & 63) }

// may reports whether the class may be in the set.
func (s *signature) may(class int32) bool { return s[class>>6&3]&(1<<(class&63)) != 0 }

func (s *signature) join(t *signature) {
	for i := range s {
		s[i] |= t[i]
	}
}

func (s *signature) meets(t *signature) bool {
	return s[0]&t[0]|s[1]&t[1]|s[2]&t[2]|s[3]&t[3] != 0
}

type captureSlot uint8

const (
	captureNone captureSlot = iota
	captureWho
	captureWhom
)
