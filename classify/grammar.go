package classify

import (
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
	cueCount
)

// cueNames are the names of the cues' classes in rule files.
var cueNames = [cueCount]string{
	"neg", "not-neg", "but", "cond", "until", "unless", "say", "deny", "according", "first-person", "pronoun", "oblique",
	"genitive", "article", "relative", "opener", "troops", "past", "dated", "rumour", "hypothesis", "elsewhere", "other-domain", "sahel",
	"and", "civil", "peace", "had", "must", "quantity", "algiers",
	"urge", "them", "pause", "asker", "between", "verb", "country", "possessive", "signed", "had-begun", "had-done", "accord",
	"neg-half", "only", "army", "deployment", "when", "impersonal", "seat", "finance", "at", "led-by",
}

// foreignForce is the target for troops of any or no named nation.
const foreignForce = "foreign"

// officeKinds are the kinds of body that offices belong to, anaphorKinds those that
// descriptions point back to: "body" is for "the organisation", be it armed or not, "own" is for "his country", the body of whoever
// speaks, "text" for "the statement", whose author it is.
var (
	officeKinds  = map[string]bool{"state": true, "group": true, "body": true}
	anaphorKinds = map[string]bool{"state": true, "group": true, "body": true, "force": true, "own": true, "text": true}
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
	entries    []entry // patterns by the class that their first node asks for
	begins     []int32 // by class: its first in entries
	byMention  []entry // patterns whose first node is a mention
}

// pattern is a compiled pattern. A sentence must meet each of its needs, behind
// where the pattern begins, for the pattern to fit in it; those that are met least
// often come first.
type pattern struct {
	nodes []op
	needs []need
}

// rarest returns the need that is met least often, or none.
func (p *pattern) rarest() need {
	if len(p.needs) == 0 {
		return need{}
	}
	return p.needs[0]
}

// entriesOf returns the patterns whose first node asks for the class.
func (g *grammar) entriesOf(class int32) []entry {
	return g.entries[g.begins[class]:g.begins[class+1]]
}

// entry is a pattern of a rule, as the index lists it. mask is what mentions it
// may begin with, if any; need the rarest of the pattern's needs, unless it is free
// of them.
type entry struct {
	need    need
	pattern *pattern
	rule    int32
	mask    mentionMask
	free    bool
}

// beginsWith reports whether the pattern may begin where a mention of the kinds
// does, or asks for none.
func (e *entry) beginsWith(kinds mentionMask) bool { return e.mask == 0 || e.mask&kinds != 0 }

// need is what a pattern cannot do without: a word of one of the classes, or a
// mention of one of the kinds.
type need struct {
	classes  signature
	mentions mentionMask
	weight   int32 // how often it is met
}

func (n *need) join(m *need) {
	n.classes.join(&m.classes)
	n.mentions |= m.mentions
	n.weight += m.weight
}

// meets reports whether what is there meets what is needed.
func (n *need) meets(needed *need) bool {
	return n.mentions&needed.mentions != 0 || n.classes.meets(&needed.classes)
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
