package classify

import (
	"slices"

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
	entries    []entry  // patterns by the class that their first node asks for, last those that ask for a mention
	bundles    []bundle // the same in bundles
	bundled    []int32  // what is in the bundles: indices of entries
	needed     []int32  // what the bundles need, as numbered by lastOf
	byKind     []kindBundles
	lists      []entryList // by class, the last for mentions: its first in entries and bundles
}

// pattern is a compiled pattern. A sentence must meet each of its needs, behind
// where the pattern begins, for the pattern to fit in it; those that are met least
// often come first.
type pattern struct {
	nodes []op
	needs []need
}

// entry is a pattern of a rule, as the index lists it. mask is what mentions it
// may begin with, if any.
type entry struct {
	pattern *pattern
	rule    int32
	mask    mentionMask
}

// entryList is where the patterns that may begin with something are.
type entryList struct{ entries, bundles int32 }

// entriesOf returns the patterns of a list, in the order of their rules.
func (g *grammar) entriesOf(list int32) []entry {
	return g.entries[g.lists[list].entries:g.lists[list+1].entries]
}

// bundlesOf returns the bundles of a list.
func (g *grammar) bundlesOf(list int32) []bundle {
	return g.bundles[g.lists[list].bundles:g.lists[list+1].bundles]
}

// mentionList is the list of the patterns that begin with a mention.
func (g *grammar) mentionList() int32 { return int32(len(g.classes)) }

// bundle are patterns of a list whose rarest need is the same, so that one look
// tells of most patterns that they do not fit. Those of none at all have no need.
type bundle struct {
	rarest  offer
	of      run // of rarest, in grammar.needed
	entries run // in grammar.bundled
}

// run is a part of an array.
type run struct{ from, to int32 }

// kindBundles are the bundles of the patterns that begin with a mention of one of
// the kinds.
type kindBundles struct {
	mask    mentionMask
	bundles run
}

// need is what a pattern cannot do without: a word of one of the classes, or a
// mention of one of the kinds.
type need struct {
	offer
	of     []int32 // the classes and kinds, as numbered by lastOf
	weight int32   // how often it is met
}

func (n *need) join(m *need) {
	n.offer.join(&m.offer)
	for _, k := range m.of {
		if !slices.Contains(n.of, k) {
			n.of = append(n.of, k)
		}
	}
	n.weight += m.weight
}

// mentionBits is how many properties of mentions there are.
const mentionBits = 8

// lastOf numbers what can be needed: the kinds of mention first, then the classes.
func lastOf(class int32) int32 { return class + mentionBits }

// offer is what is there to meet needs, or may be: classes and mentions.
type offer struct {
	classes  signature
	mentions mentionMask
}

func (o *offer) join(p *offer) {
	o.classes.join(&p.classes)
	o.mentions |= p.mentions
}

// mayMeet reports whether what is there may meet what is needed.
func (o *offer) mayMeet(needed *offer) bool {
	return o.mentions&needed.mentions != 0 || o.classes.meets(&needed.classes)
}

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
