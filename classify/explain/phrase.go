// Package explain puts into sentences how the classifier read a statement: what was
// found and why, or why nothing was, and then the steps sentence by sentence. The
// command line and the pages show the same sentences. They are phrases: English with
// what is filled in, for whoever shows them to put into another language.
package explain

import (
	"palabre/classify"
	"palabre/statement"
)

// Phrase is an English text with a %s for each of what is filled in, or a %d for
// numbers. What is filled in is a Phrase, a List, Words, Actor, Person, Language,
// Score, Number, an int, or one of the strings Code and English.
type Phrase struct {
	English string
	One     string // the English of it for the number 1, where the first that is filled in is a number
	With    []any
}

// IsEmpty reports whether it says nothing.
func (p Phrase) IsEmpty() bool { return p.English == "" }

// say makes a phrase. Its English is looked for in the source by a test of the pages,
// so it is written out where it is said.
func say(english string, with ...any) Phrase { return Phrase{English: english, With: with} }

// List is phrases with something between them.
type List struct {
	Between string // ", ", "; " or " and "
	Of      []Phrase
}

// Words are from the text that is explained, or from a rule's lists. Where they are
// marked, the words that a rule asks for stand in square brackets.
type Words struct {
	Text   string
	Marked bool
	Cut    bool // at its end: the beginning of words
}

// Actor is a body by its ID, within a sentence, where it takes its article, or alone.
// It may be somebody who is no body of the registry.
type Actor struct {
	ID      string
	Alone   bool
	Capital bool // it begins a sentence
}

// Person is somebody by the ID.
type Person string

// Language is a language by its tag.
type Language string

// Score is a number from 0 to 1.
type Score float64

// Number is that of a position, from 1.
type Number int

// Code is what programs and rule files call something.
type Code string

// English is told in English in every language, such as what a rule reads.
type English string

// count is a number.
func count(n int) Phrase { return Phrase{English: "%d", With: []any{n}} }

// words are words of the text.
func words(text string) Words { return Words{Text: text} }

// listed joins phrases.
func listed(between string, of ...Phrase) Phrase {
	if len(of) == 1 {
		return of[0]
	}
	return say("%s", List{between, of})
}

// side puts a stance into words.
func side(s statement.Stance) Phrase {
	switch s {
	case statement.Pro:
		return say("for")
	case statement.Anti:
		return say("against")
	case statement.Conditional:
		return say("on a condition for")
	case statement.Mixed:
		return say("both for and against")
	}
	return say("%s", Code(s))
}

// sided puts a stance into words with what it is about.
func sided(s statement.Stance, what Phrase) Phrase {
	switch s {
	case statement.Pro:
		return say("for %s", what)
	case statement.Anti:
		return say("against %s", what)
	case statement.Conditional:
		return say("on a condition for %s", what)
	case statement.Mixed:
		return say("both for and against %s", what)
	}
	return what
}

// topic puts into words what is spoken of.
func topic(t statement.Topic) Phrase {
	switch t {
	case statement.Dialogue:
		return say("talks")
	case statement.ForeignTroops:
		return say("foreign troops")
	case statement.Sharia:
		return say("Islamic law")
	}
	return say("what was told before")
}

// stand puts a position into words: "took a stand against talks with the CMA".
func stand(f *classify.ExplainedFrame) Phrase {
	who, what := Actor{ID: f.Actor, Capital: true}, matter(f.Actor, f.Topic, f.Target)
	switch f.Stance {
	case statement.Pro:
		return say("%s took a stand for %s", who, what)
	case statement.Anti:
		return say("%s took a stand against %s", who, what)
	case statement.Conditional:
		return say("%s took a stand on a condition for %s", who, what)
	case statement.Mixed:
		return say("%s took a stand both for and against %s", who, what)
	}
	return say("%s, %s", who, what)
}

// matter puts what a position is about into words.
func matter(actor string, t statement.Topic, target string) Phrase {
	switch {
	case t == statement.Dialogue && target != "":
		return say("talks with %s", Actor{ID: target})
	case t == statement.ForeignTroops && target == actor:
		return say("its own troops abroad")
	case t == statement.ForeignTroops:
		return troops(target)
	}
	return topic(t)
}

// troops names those of an actor, or any.
func troops(actor string) Phrase {
	if actor == "" || actor == "foreign" || actor == "unknown" {
		return say("foreign troops")
	}
	return say("the troops of %s", Actor{ID: actor})
}

// placed tells where a sentence stands, within one.
func placed(field statement.Field, number int) Phrase {
	if field == statement.Title {
		return say("the title")
	}
	return say("sentence %s", count(number))
}
