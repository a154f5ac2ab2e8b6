package classify

import (
	"time"

	"palabre/lang"
	"palabre/statement"
)

// reader reads one statement. Its buffers are kept for the next one.
type reader struct {
	*passage // the one being read
	p        *Pack
	s        *statement.Statement
	when     time.Time

	passages []*passage // of the statement, the title first
	spare    []*passage
	outlet   passage // the outlet's name

	clause  clause   // the one being read
	strides []stride // by token of the sentence, from its first, once a gap has asked for them

	found   []match // matches of the sentence
	settled []match // those that decided something
	doc     context
	frames  []frame
	notes   []statement.Unclear
	reasons reasons  // of the match that is weighed
	trace   *tracing // nil unless the reading is to be explained

	peeler lang.Peeler
	nodes  []trieCursor
	weighing
}

// context is what the reader remembers of the statement so far.
type context struct {
	issuer holder // who speaks in the first person outside of quotations
	guest  holder // who answers in an interview
	author holder // the body that published the text under its own name
	recent
	subject   holder // subject of the latest sentence
	voice     holder // latest person or body that was quoted
	groups    []string
	forces    []string
	sahel     bool
	algiers   bool                    // the accord of Algiers is spoken of
	described bool                    // "the government" was taken for the one named before
	lands     []land                  // states that the text names, or places in them
	home      string                  // the one of them that is named most, once that is known
	unnamed   bool                    // no state was named before "the government"
	labels    map[string]holder       // words of the labels of turns, with whom they name
	speakFor  map[string]string       // persons → bodies that the text names with them
	surnames  map[string]acquaintance // last names of persons who were introduced
	posts     map[string]string       // nouns of offices → bodies whose they were last
	elsewhere bool                    // the sentences before are about another part of the world
	otherwise bool                    // the sentences before are about talks of another kind
	places    map[string]bool
	actors    map[string]bool
}

// recent is what descriptions and offices without a name refer to: the latest of
// each kind, and the latest that stood as a subject; and the matter at hand.
type recent struct {
	lastState, mainState string
	lastGroup, mainGroup string
	mainBody             string // a state or a named group
	lastBody, namedBody  string // a body, society or group; the latest named as a subject
	lastForce            string
	lastLand             string // a state of the Sahel, or that of a place
	raised               raised
}

// land is a state with how often a text names it or places in it.
type land struct {
	state string
	named int
}

// setIn notes that the text names the state or a place in it.
func (c *context) setIn(state string) {
	if state == "" {
		return
	}
	c.lastLand = state
	for i := range c.lands {
		if c.lands[i].state == state {
			c.lands[i].named++
			return
		}
	}
	c.lands = append(c.lands, land{state, 1})
}

// mostNamed returns the state that is named most, the first of several, or "".
func (c *context) mostNamed() string {
	var most land
	for _, l := range c.lands {
		if l.named > most.named {
			most = l
		}
	}
	return most.state
}

// forget empties the context for the next statement.
func (c *context) forget() {
	if c.places == nil {
		c.places, c.actors, c.labels, c.surnames, c.speakFor, c.posts = make(map[string]bool), make(map[string]bool), make(map[string]holder), make(map[string]acquaintance), make(map[string]string), make(map[string]string)
	}
	clear(c.places)
	clear(c.actors)
	clear(c.labels)
	clear(c.surnames)
	clear(c.speakFor)
	clear(c.posts)
	*c = context{places: c.places, actors: c.actors, labels: c.labels, surnames: c.surnames, speakFor: c.speakFor, posts: c.posts, groups: c.groups[:0], forces: c.forces[:0], lands: c.lands[:0]}
}

// holder is who takes a position.
type holder struct {
	actor   string
	speaker string
	group   bool // an armed group
	other   bool // one that has a name and no identifier: no other name stands for it
}

func (h holder) known() bool { return h.actor != "" }

// read finds the positions: it looks through the whole statement once for what
// holds throughout, and then reads it sentence by sentence.
func (r *reader) read(s *statement.Statement) statement.Reading {
	r.s, r.when = s, s.When().Time
	r.frames, r.notes = r.frames[:0], nil
	r.reasons.match = 0
	r.doc.forget()
	reading := statement.Reading{Pack: r.p.version, Langs: r.scan(s)}
	r.survey(s)
	if r.trace != nil {
		r.explainIssuer()
	}
	if r.doc.sahel || r.trace != nil { // of other parts of the world nothing is a position
		r.weigh()
		for _, p := range r.passages {
			r.readPassage(p)
		}
		reading.Positions = r.settle(r.merge())
	}
	if r.trace != nil {
		r.explainMerge(reading.Positions)
	}
	reading.Unclear = r.notes
	reading.Places = setList(r.doc.places)
	reading.Actors = setList(r.doc.actors)
	return reading
}

func setList(m map[string]bool) []string {
	if len(m) == 0 {
		return nil
	}
	return sortedKeys(m)
}

// scan cuts the statement into passages and returns the runs of its text. The
// title is read in the language that the text begins in.
func (r *reader) scan(s *statement.Statement) []statement.LangRun {
	r.spare = append(r.spare, r.passages...)
	r.passages = r.passages[:0]
	body := r.newPassage()
	body.text.Scan(s.Text)
	runs := body.text.Runs(s.Lang)
	main := s.Lang
	if len(runs) > 0 {
		main = runs[0].Lang
	}
	if g := r.p.grammar(main); g != nil && s.Title != "" {
		title := r.newPassage()
		title.text.Scan(s.Title)
		r.open(title, g, statement.Title, 0)
	}
	for i := range runs {
		run := &runs[i]
		g := r.p.grammar(run.Lang)
		if g == nil {
			continue
		}
		run.Read = !g.tried
		if len(runs) == 1 {
			r.open(body, g, statement.Text, 0)
			return runs
		}
		part := r.newPassage()
		part.text.Scan(s.Text[run.Start:run.End])
		r.open(part, g, statement.Text, run.Start)
	}
	r.spare = append(r.spare, body)
	return runs
}

func (r *reader) newPassage() *passage {
	if n := len(r.spare); n > 0 {
		p := r.spare[n-1]
		r.spare = r.spare[:n-1]
		return p
	}
	return &passage{}
}

// open enters a scanned passage and looks its words up.
func (r *reader) open(p *passage, g *grammar, field statement.Field, base int) {
	p.g, p.field, p.base = g, field, base
	p.unmarked = p.isUnmarked()
	p.small = p.isSmall()
	r.passages = append(r.passages, p)
	r.passage = p
	r.findHits()
}

// readPassage reads a passage sentence by sentence.
func (r *reader) readPassage(p *passage) {
	r.passage = p
	r.findVoices()
	next := 0
	for i := range r.text.Sentences {
		if next < len(r.turns) && r.turns[next].sentence == i {
			r.doc.issuer = r.turns[next].who
			next++
		}
		r.readSentence(i)
		r.readVerdicts(i)
		r.carry(i)
	}
	r.passOn()
}

// readSentence finds what fits in a sentence and weighs it, the strongest first.
func (r *reader) readSentence(i int) {
	r.found, r.settled = r.found[:0], r.settled[:0]
	if r.headed(r.text.Sentences[i]) {
		r.doc.subject = holder{} // another matter
	}
	r.matches(r.text.Sentences[i])
	r.byStrength()
	var shown *ExplainedSentence
	if r.trace != nil {
		shown = r.explainSentence(i)
	}
	for k := range r.found {
		m := &r.found[k]
		if r.beaten(m) {
			continue
		}
		if shown != nil {
			r.reasons.match++
		}
		if r.frame(i, m) && !r.effect(m).nested {
			r.settled = append(r.settled, *m)
		}
		if shown != nil {
			r.explainMatch(shown, i, m)
		}
	}
}

// carry keeps what the sentence leaves for the next one.
func (r *reader) carry(i int) {
	speaks := r.doc.issuer.actor
	if m := r.firstSubject(r.text.Sentences[i]); m != nil && r.isLong() {
		speaks = m.holder.actor
	}
	switch s := r.text.Sentences[i]; {
	case r.sahelIn(s, speaks):
		r.doc.elsewhere = false
	case r.within(s.Start, s.End, cueElsewhere):
		r.doc.elsewhere = true
	}
	switch s := r.text.Sentences[i]; {
	case r.ofPeace(s):
		r.doc.otherwise = false
	default:
		at := r.first(s.Start, s.End, cueOtherDomain)
		r.doc.otherwise = r.doc.otherwise || at >= 0 && r.text.Tokens[at].Quote == 0
	}
	if v := r.voices[i]; v.who.known() {
		r.doc.voice, r.doc.subject = v.who, v.who
		return
	}
	if m := r.firstSubject(r.text.Sentences[i]); m != nil && !r.goesOn(r.text.Sentences[i], m) {
		r.doc.subject = m.holder
	}
}

// goesOn reports whether a French sentence is still about whom those before it were,
// since it begins with a pronoun, before it names another: "Il se rendra à Alger dès
// que Bamako aura signé".
func (r *reader) goesOn(s lang.Span, first *mention) bool {
	if r.g.lang != "fr" || first.start <= s.Start || !r.doc.subject.known() {
		return false
	}
	m := r.mentionStarting(s.Start)
	return m != nil && m.pronoun && m.end < first.start
}

// maxNotes is the most reasons that are kept of one statement.
const maxNotes = 200

// note keeps a reason why something is no position.
func (r *reader) note(t statement.Topic, e statement.Evidence, rule string, why Why) {
	r.reasons.why = why
	if len(r.notes) == maxNotes {
		return
	}
	r.notes = append(r.notes, statement.Unclear{Topic: t, Evidence: e, Rule: rule, Why: string(why)})
}
