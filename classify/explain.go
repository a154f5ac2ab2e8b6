package classify

import (
	"fmt"
	"slices"
	"strings"

	"palabre/lang"
	"palabre/statement"
)

// Explanation tells how a statement was read, sentence by sentence.
type Explanation struct {
	Issuer    string              `json:"issuer"` // who says "we" outside of quotations, or empty
	Sentences []ExplainedSentence `json:"sentences"`
	Reading   statement.Reading   `json:"reading"`
}

// ExplainedSentence is a sentence with what was seen in it.
type ExplainedSentence struct {
	Field    statement.Field    `json:"field"`
	Lang     string             `json:"lang"`
	Text     string             `json:"text"`
	Speaker  string             `json:"speaker"` // who is quoted, or empty
	Saying   string             `json:"saying"`  // the words that say so, such as "a annoncé"
	Mentions []ExplainedMention `json:"mentions"`
	Cues     []ExplainedCue     `json:"cues"`
	Matches  []ExplainedMatch   `json:"matches"`
	Nearly   []ExplainedNear    `json:"nearly"`
}

// ExplainedMention is a name or description and what it stands for. A pronoun has
// the actor that it points back to, if any is known.
type ExplainedMention struct {
	Quote   string `json:"quote"`
	Actor   string `json:"actor,omitempty"`
	Speaker string `json:"speaker,omitempty"`
	Force   string `json:"force,omitempty"`
	Pronoun bool   `json:"pronoun,omitempty"`
	Guess   bool   `json:"guess,omitempty"` // a description that may be of somebody else
	Subject bool   `json:"subject"`         // can be the subject of a clause
}

// ExplainedCue is a word of a class.
type ExplainedCue struct {
	Quote string `json:"quote"`
	Class string `json:"class"`
}

// ExplainedMatch is a rule that fitted, why it gives what it gives, and what came
// of it.
type ExplainedMatch struct {
	Number    int              `json:"number"` // from 1, through the statement
	Rule      string           `json:"rule"`
	Reads     string           `json:"reads"`
	Quote     string           `json:"quote"`
	Marked    string           `json:"marked"`              // the quote with the words that the rule asks for in brackets
	Gives     statement.Stance `json:"gives"`               // the rule's stance
	Turned    statement.Stance `json:"turned,omitempty"`    // what the negation makes of it
	Negation  []string         `json:"negation,omitempty"`  // the words that turn it
	Condition string           `json:"condition,omitempty"` // what makes it conditional
	Holder    string           `json:"holder,omitempty"`
	Because   string           `json:"because,omitempty"` // why the holder is the one
	Named     string           `json:"named,omitempty"`   // the words of the sentence that name the holder, if any do
	Towards   string           `json:"towards,omitempty"` // why the other side is the one
	Result    []ExplainedFrame `json:"result"`
	Why       string           `json:"why,omitempty"`       // why there is no result
	WhyWord   string           `json:"why_word,omitempty"`  // the word that says so
	Positions []int            `json:"positions,omitempty"` // numbers from 1 of the positions that it became part of
}

// Stance returns the stance that the match came to: the rule's, as negation and
// condition make it.
func (m *ExplainedMatch) Stance() statement.Stance {
	if len(m.Result) > 0 {
		return m.Result[0].Stance
	}
	return m.Gives
}

// Outcome tells in a line what the match gives, or why it gives nothing.
func (m *ExplainedMatch) Outcome() string {
	if len(m.Result) == 0 {
		return m.Why
	}
	parts := make([]string, len(m.Result))
	for i := range m.Result {
		parts[i] = m.Result[i].String()
	}
	return strings.Join(parts, "; ")
}

// ExplainedFrame is a position as one match shows it.
type ExplainedFrame struct {
	Actor  string           `json:"actor"`
	Topic  statement.Topic  `json:"topic"`
	Stance statement.Stance `json:"stance"`
	Target string           `json:"target,omitempty"`

	Confidence float64 `json:"confidence"` // from 0 to 1
}

// LeastConfidence is what a finding needs to give a position.
const LeastConfidence = leastConfidence

func (f *ExplainedFrame) String() string {
	return strings.TrimSpace(strings.Join([]string{f.Actor, string(f.Topic), string(f.Stance), f.Target}, " "))
}

// ExplainedNear is a rule of which the sentence lacks one element alone.
type ExplainedNear struct {
	Rule  string   `json:"rule"`
	Reads string   `json:"reads"`
	Quote string   `json:"quote"` // what fits
	Wants string   `json:"wants"` // the element that is missing behind it, as in a rule file
	Words []string `json:"words"` // some words that would do
	Found int      `json:"found"` // how many elements are there
}

// reasons are what decided on the match that is weighed.
type reasons struct {
	match     int    // its number in the explanation
	why       string // it is no position
	holder    holder
	how       ground
	aim       string   // why the other side is the one,
	aimed     *mention // or the mention that stands for it
	word      int      // the token for which the match is no position, or -1
	turned    statement.Stance
	negators  []int // tokens
	condition string
}

// Explain reads the statement and tells how. An issuer or a language that the
// pack does not know is an error.
func (p *Pack) Explain(s *statement.Statement) (*Explanation, error) {
	if p.person(s.Issuer) != nil {
		return nil, fmt.Errorf("issuer %q is a person: name the body in whose name he speaks", s.Issuer)
	}
	if s.Issuer != "" && p.actor(s.Issuer) == nil {
		ids := make([]string, len(p.reg.Actors))
		for i := range p.reg.Actors {
			ids[i] = p.reg.Actors[i].ID
		}
		return nil, fmt.Errorf("issuer %q is no known actor%s", s.Issuer, suggest(strings.ToLower(s.Issuer), ids))
	}
	if s.Lang != "" && p.grammar(s.Lang) == nil {
		return nil, fmt.Errorf("language %q is not read, there are rules for %s", s.Lang, strings.Join(sortedKeys(p.grammars), ", "))
	}
	return p.explain(s, ""), nil
}

// explain explains with an eye on one rule, whose near misses come first.
func (p *Pack) explain(s *statement.Statement, rule string) *Explanation {
	r := &reader{p: p, trace: &Explanation{}, watched: rule}
	r.trace.Reading = r.read(s)
	return r.trace
}

// explainSentence records what was seen in the sentence, before its matches
// become frames.
func (r *reader) explainSentence(n int) *ExplainedSentence {
	span := r.text.Sentences[n]
	out := ExplainedSentence{Field: r.field, Lang: r.g.lang, Text: strings.TrimSpace(r.text.Slice(span))}
	if v := r.voices[n]; v.who.known() && v.say >= 0 {
		out.Speaker, out.Saying = describeHolder(v.who), r.text.Slice(lang.Span{Start: v.say, End: r.endOf(v.say, cueSay, cueAccording)})
	}
	for i := span.Start; i < span.End; i++ {
		if m := r.mentionStarting(i); m != nil {
			out.Mentions = append(out.Mentions, r.explainMention(n, m))
		}
	}
	out.Cues = r.explainCues(span)
	for _, n := range r.nearly(span) {
		rl := &r.g.rules[n.rule]
		out.Nearly = append(out.Nearly, ExplainedNear{rl.name, rl.reads, r.text.Slice(lang.Span{Start: n.start, End: max(n.end, n.start+1)}), r.g.describe(n.wants), r.g.samplesOf(n.wants), n.found})
	}
	r.trace.Sentences = append(r.trace.Sentences, out)
	return &r.trace.Sentences[len(r.trace.Sentences)-1]
}

func (r *reader) explainMention(sentence int, m *mention) ExplainedMention {
	h := m.holder
	if m.pronoun {
		h = r.resolve(m, sentence, m.start)
	}
	return ExplainedMention{
		Quote: r.text.Slice(lang.Span{Start: m.start, End: m.end}), Actor: h.actor, Speaker: h.speaker,
		Force: m.force, Pronoun: m.pronoun, Guess: m.vague, Subject: !m.oblique && (m.pronoun || m.mask&maskActor != 0),
	}
}

// explainCues returns the words of the span that are of some class.
func (r *reader) explainCues(span lang.Span) []ExplainedCue {
	var out []ExplainedCue
	for i := span.Start; i < span.End; i++ {
		for _, h := range r.hitsAt(i) {
			if h.sense.kind == senseClass {
				name := strings.TrimPrefix(r.g.className(h.sense.ref), literalPrefix)
				out = append(out, ExplainedCue{r.text.Slice(lang.Span{Start: i, End: i + int(h.n)}), name})
			}
		}
	}
	return out
}

// word returns what is written at token i.
func (r *reader) word(i int) string { return r.text.Slice(lang.Span{Start: i, End: i + 1}) }

func describeHolder(h holder) string {
	if h.speaker != "" && h.speaker != h.actor {
		return h.speaker + " (speaks for " + h.actor + ")"
	}
	return h.actor
}

// explainMatch records a match and its outcome: the frames that it added, or
// the reason why it added none.
func (r *reader) explainMatch(to *ExplainedSentence, sentence int, m *match) {
	rl := &r.g.rules[m.rule]
	var asked []int32
	for i := range rl.patterns {
		asked = classesOf(asked, rl.patterns[i].nodes)
	}
	span := lang.Span{Start: m.start, End: m.end}
	e := ExplainedMatch{
		Number: r.reasons.match, Rule: rl.name, Reads: rl.reads, Quote: r.text.Slice(span),
		Marked: r.marked(span, asked),
		Gives:  rl.effect.stance, Turned: r.reasons.turned, Condition: r.reasons.condition,
		Holder: describeHolder(r.reasons.holder), Because: grounds[r.reasons.how].told,
	}
	if mm := r.namedIn(sentence, m, r.reasons.holder); mm != nil {
		e.Named = r.text.Slice(lang.Span{Start: mm.start, End: mm.end})
	}
	e.Towards = r.reasons.aim
	if mm := r.reasons.aimed; mm != nil {
		e.Towards = "“" + r.text.Slice(lang.Span{Start: mm.start, End: mm.end}) + "”"
		if before := sentence - int(r.text.Tokens[mm.start].Sentence); before > 0 {
			e.Towards += " in a sentence before"
		}
	}
	if e.Turned != "" {
		for _, i := range r.reasons.negators {
			e.Negation = append(e.Negation, r.word(i))
		}
		if r.denied(sentence, m) {
			e.Negation = append(e.Negation, r.word(r.voiceAt(m.start, sentence).say))
		}
	}
	for i := range r.frames {
		if p := &r.frames[i].position; r.frames[i].match == e.Number {
			e.Result = append(e.Result, ExplainedFrame{p.Actor, p.Topic, p.Stance, p.Target, p.Confidence})
		}
	}
	if e.Why = r.reasons.why; e.Why != "" && r.reasons.word >= 0 {
		e.WhyWord = r.word(r.reasons.word)
	}
	to.Matches = append(to.Matches, e)
}

// namedIn returns the mention of the holder in the sentence that stands nearest
// before the match, or else behind its beginning; nil where none is near, so that
// only the text around tells who it is.
func (r *reader) namedIn(sentence int, m *match, who holder) *mention {
	const reach = 60 // tokens
	s := r.text.Sentences[sentence]
	is := func(i int) *mention {
		mm := r.mentionStarting(i)
		if mm == nil || !who.known() {
			return nil
		}
		if h := mm.holder; mm.pronoun && r.resolve(mm, sentence, m.start).actor == who.actor || h.actor == who.actor {
			return mm
		}
		return nil
	}
	for i := m.start; i >= max(s.Start, m.start-reach); i-- {
		if mm := is(i); mm != nil {
			return mm
		}
	}
	for i := m.start + 1; i < min(s.End, m.start+reach); i++ {
		if mm := is(i); mm != nil {
			return mm
		}
	}
	return nil
}

// marked returns the words of the span, those of the classes in brackets.
func (r *reader) marked(span lang.Span, classes []int32) string {
	open := make([]bool, span.End-span.Start) // by token: a word of the classes
	for i := span.Start; i < span.End; i++ {
		for _, h := range r.hitsAt(i) {
			if h.sense.kind == senseClass && slices.Contains(classes, h.sense.ref) {
				for k := i; k < min(i+int(h.n), span.End); k++ {
					open[k-span.Start] = true
				}
			}
		}
	}
	var out strings.Builder
	for i := span.Start; i < span.End; {
		j := i + 1
		for j < span.End && open[j-span.Start] == open[i-span.Start] {
			j++
		}
		if i > span.Start {
			out.WriteString(r.text.Source[r.text.Tokens[i-1].End:r.text.Tokens[i].Start])
		}
		part := r.text.Slice(lang.Span{Start: i, End: j})
		if open[i-span.Start] {
			part = "[" + part + "]"
		}
		out.WriteString(part)
		i = j
	}
	return out.String()
}

// classesOf appends the classes for which the ops ask.
func classesOf(dst []int32, ops []op) []int32 {
	for i := range ops {
		dst = append(dst, ops[i].classes...)
		for _, alt := range ops[i].alts {
			dst = classesOf(dst, alt)
		}
	}
	return dst
}

// explainMerge tells of each match which positions it became part of, or why of
// none.
func (r *reader) explainMerge(positions []statement.Position) {
	for i := range r.trace.Sentences {
		s := &r.trace.Sentences[i]
		for k := range s.Matches {
			m := &s.Matches[k]
			for n := range positions {
				if slices.ContainsFunc(r.frames, func(f frame) bool { return f.match == m.Number && sameKey(&f.position, &positions[n]) }) {
					m.Positions = append(m.Positions, n+1)
				}
			}
			switch {
			case len(m.Positions) > 0 || len(m.Result) == 0:
			case slices.ContainsFunc(r.frames, func(f frame) bool { return f.match == m.Number }):
				m.Why = "confidence too low"
			default:
				m.Why = "the text says it again, with names"
			}
		}
	}
}

// className returns the name of a class.
func (g *grammar) className(class int32) string { return g.classNames[class] }
