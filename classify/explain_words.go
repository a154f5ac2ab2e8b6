package classify

import "strings"

// Why says why words that a rule fits are no position.
type Why string

// Reasons why words are no position.
const (
	WhyQuestion     Why = "a question"
	WhyInCondition  Why = "part of a condition"
	WhyHypothesis   Why = "a hypothesis"
	WhyRumour       Why = "a rumour or supposition"
	WhyHistory      Why = "told as history"
	WhyElsewhere    Why = "about another part of the world"
	WhyOtherTalks   Why = "talks of another kind"
	WhyFinance      Why = "about Islamic finance"
	WhyNoSahel      Why = "nothing places the text in the Sahel"
	WhyNegated      Why = "negated"
	WhyNobody       Why = "nobody could be named as the one who takes the position"
	WhyOnlyTheForce Why = "nobody but the force itself could be named as the one who takes the position"
	WhyNoOtherSide  Why = "no armed group or force is named as the other side"
	WhyNotBothSides Why = "the two sides are not both named"
	WhySameActor    Why = "about what the same actor said"
	WhyNothingTold  Why = "nothing is told before that it could be about"
	WhyOnlyNames    Why = "takes no stance, names the matter for what is said of it next"
	WhyUncertain    Why = "confidence too low"
	WhyUnlikely     Why = "the words around it, weighed together, speak against it"
	WhySaidAgain    Why = "the text says it again, with names"
)

// Ground says in what way the holder of a position was found, or why none was.
type Ground string

// Ways to find whose a position is.
const (
	GroundNamed   Ground = "named by the rule's words"
	GroundWe      Ground = "says who “we” is"
	GroundSubject Ground = "subject of the clause"
	GroundObject  Ground = "named with the words"
	GroundVoice   Ground = "is the “we” of the clause"
	GroundWords   Ground = "says these words"
	GroundUrger   Ground = "urges others to it"
	GroundAdviser Ground = "says what others should do"
	GroundSpeaker Ground = "is quoted or reported"
	GroundIssuer  Ground = "issues the text"
	GroundOwner   Ground = "whose troops they are"
	GroundBefore  Ground = "a guess: subject of the sentence before"
	GroundAuthor  Ground = "names the terms for what it wants"

	GroundUnknownVoice Ground = "the words are a position of who says them, and it is not known who does"
	GroundNoVoice      Ground = "the words are a position of who says them, and no verb of saying is known in the sentence"
)

// Sense says in what way it was found for whom words stand that name nobody.
type Sense string

// Ways to find for whom words stand: first who says "we" in a text, then pronouns,
// then descriptions.
const (
	SenseGiven     Sense = "given with the text"
	SensePublisher Sense = "who published the text"
	SenseEditorial Sense = "an editorial speaks for its outlet"
	SenseOutlet    Sense = "the outlet is its own"
	SenseGuest     Sense = "whom the title or the first question names"
	SenseActing    Sense = "the first who is named as acting"
	SenseNobody    Sense = "nobody is named for whom the one who answers could speak"

	SenseIssues Sense = "who issues the text"
	SenseSpeaks Sense = "who speaks in the sentence"
	SenseClause Sense = "the subject of the clause before"
	SenseBefore Sense = "the subject or speaker of the sentence before"

	SenseGeneral   Sense = "by a general description"
	SenseTheIssuer Sense = "the one who issues the text"
	SenseNamed     Sense = "taken for the one named before"
	SenseMostOften Sense = "no state is named before, and the text names this one most often"
	SenseMali      Sense = "without a name, and no state is named before: taken for that of Mali"
	SenseFurtherOn Sense = "taken for the one that the text names further on"
)

// PassedWhy says why a position is not that of somebody who is named near the words.
type PassedWhy string

// Reasons why a position is not somebody's.
const (
	PassedDateline     PassedWhy = "it only tells where the report comes from"
	PassedHeading      PassedWhy = "it stands before a colon as a heading"
	PassedTroops       PassedWhy = "it is the troops that the words are about"
	PassedUrged        PassedWhy = "it is urged to do so, and what is urged is wanted by who urges it"
	PassedObliged      PassedWhy = "it is told what it should do, and that is wanted by who says so"
	PassedPart         PassedWhy = "it stands within the words, behind a preposition, as part of what they are about"
	PassedRelative     PassedWhy = "it belongs to a relative clause"
	PassedOblique      PassedWhy = "it stands behind a preposition and is no subject"
	PassedByRule       PassedWhy = "the words themselves name whose position they are"
	PassedSilent       PassedWhy = "the words are a position of who says them, and it does not say them"
	PassedWe           PassedWhy = "the words say “we”"
	PassedQuotation    PassedWhy = "it stands on the other side of quotation marks"
	PassedClosed       PassedWhy = "it is the subject of a relative clause that ends before the words"
	PassedDescribes    PassedWhy = "it only describes who is named before it"
	PassedBehind       PassedWhy = "it stands behind the words, as their object or in another clause"
	PassedBefore       PassedWhy = "it stands in the clause before"
	PassedWithin       PassedWhy = "it stands within the words, as part of what they are about"
	PassedNearer       PassedWhy = "a subject stands nearer to the words"
	PassedObject       PassedWhy = "it stands where objects do, not at the start of a clause"
	PassedAnotherFirst PassedWhy = "another subject goes before it"
)

// Aim says why the other side of a position is the one, or whose troops it is about,
// where no words of the sentence name it.
type Aim string

// Ways to find the other side.
const (
	AimRule   Aim = "set by the rule"
	AimTold   Aim = "as in what was told before"
	AimUsual  Aim = "the usual other side of an armed group, nobody is named"
	AimGroup  Aim = "the group that the text speaks of"
	AimAccord Aim = "the accord of Algiers is with them"
	AimPeace  Aim = "peace is made with those who fight"
	AimOwn    Aim = "its own forces"
	AimForce  Aim = "the force that the text speaks of"
)

// ExplainedAim is why the other side is the one: the words that name it, else Why.
type ExplainedAim struct {
	Why    Aim
	Quote  string
	Before bool // the words stand in a sentence before
}

// MarshalText writes the words in quotation marks, or why without them.
func (a ExplainedAim) MarshalText() ([]byte, error) {
	switch {
	case a.Quote == "":
		return []byte(a.Why), nil
	case a.Before:
		return []byte("“" + a.Quote + "” in a sentence before"), nil
	}
	return []byte("“" + a.Quote + "”"), nil
}

// ExplainedVoice is somebody who takes a position or speaks: a body, and the person
// who speaks for it if one is known. Both are IDs of the registry, the actor also one
// of those that the classifier makes up, such as "unknown".
type ExplainedVoice struct {
	Actor   string
	Speaker string // empty, or another than the actor
}

// MarshalText writes "mali-government", or "moctar-ouane (speaks for mali-government)".
func (v ExplainedVoice) MarshalText() ([]byte, error) {
	if v.Speaker == "" {
		return []byte(v.Actor), nil
	}
	return []byte(strings.Join([]string{v.Speaker, " (speaks for ", v.Actor, ")"}, "")), nil
}

// Known reports whether it is anybody.
func (v ExplainedVoice) Known() bool { return v.Actor != "" || v.Speaker != "" }

func voiceOf(h holder) ExplainedVoice {
	if h.speaker == h.actor {
		return ExplainedVoice{Actor: h.actor}
	}
	return ExplainedVoice{h.actor, h.speaker}
}
