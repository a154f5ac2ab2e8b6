package main

import (
	"cmp"
	"strconv"
	"strings"

	"palabre/classify"
	"palabre/statement"
)

// callings puts actors, persons, topics and classes of words into English.
type callings struct{ reg *statement.Registry }

// actor returns how an actor is called within a sentence, "the United Nations".
func (c callings) actor(id string) string {
	a := c.reg.Actor(id)
	if a == nil {
		if p := c.reg.Person(id); p != nil {
			return p.Label
		}
		return id
	}
	n := a.Noun("en")
	if n.Article == "" {
		return n.Name
	}
	return n.Article + " " + n.Name
}

// label returns how an actor is called where its name stands alone.
func (c callings) label(id string) string {
	if a := c.reg.Actor(id); a != nil {
		return cmp.Or(a.LabelIn("en"), id)
	}
	return c.actor(id)
}

// who names a body, and the person who speaks for it if one does.
func (c callings) who(actor, speaker string) string {
	switch {
	case c.reg.Actor(actor) == nil && c.reg.Person(actor) != nil:
		return c.actor(actor) + ", who speaks for nobody else then"
	case speaker == "":
		return c.actor(actor)
	}
	name := speaker
	if p := c.reg.Person(speaker); p != nil {
		name = p.Label
	}
	if actor == "" {
		return name
	}
	return name + ", who speaks for " + c.actor(actor)
}

// described names whom the classifier describes as "moctar-ouane (speaks for
// mali-government)".
func (c callings) described(s string) string {
	speaker, actor, ok := strings.Cut(strings.TrimSuffix(s, ")"), " (speaks for ")
	if !ok {
		return c.who(s, "")
	}
	return c.who(actor, speaker)
}

// stand puts a position into words: "took a stand against talks with the CMA".
func (c callings) stand(actor string, topic statement.Topic, stance statement.Stance, target string) string {
	return capital(c.actor(actor)) + " took a stand " + side(stance) + " " + c.matter(actor, topic, target)
}

// side puts a stance into words.
func side(s statement.Stance) string {
	switch s {
	case statement.Pro:
		return "for"
	case statement.Anti:
		return "against"
	case statement.Conditional:
		return "on a condition for"
	case statement.Mixed:
		return "both for and against"
	}
	return string(s)
}

// matter puts what a position is about into words.
func (c callings) matter(actor string, topic statement.Topic, target string) string {
	switch topic {
	case statement.Dialogue:
		if target == "" {
			return "talks"
		}
		return "talks with " + c.actor(target)
	case statement.ForeignTroops:
		if target == actor {
			return "its own troops abroad"
		}
		return c.troops(target)
	case statement.Sharia:
		return "Islamic law"
	}
	return strings.ReplaceAll(string(topic), "_", " ")
}

// troops names those of an actor, or any.
func (c callings) troops(actor string) string {
	if actor == "" || actor == "foreign" {
		return "foreign troops"
	}
	return "the troops of " + c.actor(actor)
}

// topicNames are what the words are about that rules look for.
var topicNames = map[statement.Topic]string{
	statement.Dialogue: "talks", statement.ForeignTroops: "foreign troops", statement.Sharia: "Islamic law",
}

// capital begins a sentence.
func capital(s string) string {
	for i := range s {
		if i > 0 {
			return strings.ToUpper(s[:i]) + s[i:]
		}
	}
	return strings.ToUpper(s)
}

// languageNames are the languages that there are rules for.
var languageNames = map[string]string{
	"fr": "French", "en": "English", "ar": "Arabic", "bm": "Bambara", "ff": "Fulfulde", "ha": "Hausa", "son": "Songhay", "tmh": "Tamasheq",
}

// classNames put classes of words into English whose own names do not tell.
var classNames = map[string]string{
	"b-weak": "contact", "b-tfor": "for troops", "b-tnot": "against troops", "b-is": "is", "b-for": "for", "b-do": "does", "b-does": "does", "b-act": "acts",
	"b-parley": "talks", "b-table": "table of talks", "b-here": "here", "b-way": "way", "b-back": "supports", "b-good": "a good word", "b-bad": "a bad word",
	"b-plain": "an attitude", "b-bare": "talks", "b-coop": "cooperation", "b-joint": "partnership", "b-away": "away", "b-go": "goes", "b-tells": "tells",
	"b-none": "none", "b-only-way": "the only way", "b-lay-down": "lays down arms", "b-go-between": "go-between", "b-take-part": "takes part",
	"neg": "not", "neg-half": "ne", "cond": "if", "when": "when", "until": "until", "unless": "unless", "oblique": "preposition", "genitive": "of",
	"cut": "breaks with", "pmc": "private military companies", "q-military": "military", "p-act": "acts", "p-ask": "asks", "p-going": "goes on",
	"il-faut": "it is necessary", "i-urge": "I urge", "hudud": "punishments of Islamic law", "sharia": "Islamic law", "b-law": "Islamic law",
	"vicepolice": "police of morals", "far-power": "powers from abroad", "them": "them, the other side", "talks-either": "talks",
	"talks-now": "talks", "talks-of-theirs": "talks", "talks-with-now": "talks with", "quid-pro-quo": "not on these terms",
}

// class puts the name of a class into English: "b-refuses" is "refuses".
func class(name string) string {
	if told, ok := classNames[name]; ok {
		return told
	}
	return strings.ReplaceAll(strings.TrimPrefix(name, "b-"), "-", " ")
}

// elementNames put what a rule wants of a mention into English.
var elementNames = map[string]string{
	"@force": "foreign troops", "@group": "an armed group", "@actor": "an actor", "@any": "an actor", "@state": "a state",
	"@society": "a body of society", "@person": "a person", "@place": "a place",
}

// missingElement tells what a rule wants that the sentence lacks.
func missingElement(n *classify.ExplainedNear) string {
	if len(n.Words) == 0 {
		return cmp.Or(elementNames[n.Wants], n.Wants)
	}
	words := make([]string, len(n.Words))
	for i, w := range n.Words {
		words[i] = quoted(strings.ReplaceAll(w, "*", "…"))
	}
	return "a word such as " + strings.Join(words, ", ")
}

// count returns a number with its noun, "1 sentence" or "2 sentences".
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + one + "s"
}
