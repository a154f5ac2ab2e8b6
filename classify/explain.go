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
	Issuer    ExplainedVoice      `json:"issuer"`               // who says "we" outside of quotations, or empty
	IssuerHow *ExplainedSense     `json:"issuer_how,omitempty"` // why it is the one
	Sentences []ExplainedSentence `json:"sentences"`
	Reading   statement.Reading   `json:"reading"`
}

// ExplainedSentence is a sentence with what was seen in it.
type ExplainedSentence struct {
	Field    statement.Field    `json:"field"`
	Number   int                `json:"number"` // in its field, from 1
	Lang     string             `json:"lang"`
	Text     string             `json:"text"`
	Turn     *ExplainedTurn     `json:"turn,omitempty"` // where somebody else begins to speak
	Speaker  ExplainedVoice     `json:"speaker"`        // who is quoted, if anybody
	Saying   string             `json:"saying"`         // the words that say so, such as "a annoncé"
	Mentions []ExplainedMention `json:"mentions"`
	Cues     []ExplainedCue     `json:"cues"`
	Matters  []ExplainedMatter  `json:"matters"` // words for what positions are about
	Matches  []ExplainedMatch   `json:"matches"`
	Nearly   []ExplainedNear    `json:"nearly"`
}

// ExplainedTurn is where somebody begins to speak, in a text with turns.
type ExplainedTurn struct {
	Who   ExplainedVoice  `json:"who"`             // nobody for who asks
	Label string          `json:"label"`           // the words that tell
	Sense *ExplainedSense `json:"sense,omitempty"` // why they tell it; nil of a name
}

// ExplainedMention is a name or description and what it stands for. A pronoun has
// the actor that it points back to, if any is known.
type ExplainedMention struct {
	Quote   string          `json:"quote"`
	Actor   string          `json:"actor,omitempty"`
	Speaker string          `json:"speaker,omitempty"`
	Force   string          `json:"force,omitempty"`
	Pronoun bool            `json:"pronoun,omitempty"`
	Guess   bool            `json:"guess,omitempty"` // a description that may be of somebody else
	Subject bool            `json:"subject"`         // can be the subject of a clause
	Sense   *ExplainedSense `json:"sense,omitempty"` // why it stands for that; nil of a name
}

// ExplainedSense is why words stand for somebody whom they do not name: in what
// way that was found, and the words that led to it.
type ExplainedSense struct {
	How   Sense          `json:"how"`
	Place ExplainedPlace `json:"place,omitzero"`
}

// ExplainedPlace is words of the text with the sentence that has them.
type ExplainedPlace struct {
	Quote    string          `json:"quote"`
	Field    statement.Field `json:"field"`
	Sentence int             `json:"sentence"` // in its field, from 1
}

// ExplainedCue is a word of a class.
type ExplainedCue struct {
	Quote string `json:"quote"`
	Class string `json:"class"`
}

// ExplainedMatter is a word for what positions on a topic are about, such as
// "talks" or "sharia", whether or not anybody takes one.
type ExplainedMatter struct {
	Quote string          `json:"quote"`
	Topic statement.Topic `json:"topic"`
	Weak  bool            `json:"weak,omitempty"` // means it only beside an armed group
}

// ExplainedPart is what an element of a rule was found to be in the text. The class
// is empty where the rule names the words themselves; a mention has none either.
type ExplainedPart struct {
	Quote   string `json:"quote"`
	Class   string `json:"class,omitempty"`
	Says    string `json:"says,omitempty"` // what the words of the class say, in English
	Mention bool   `json:"mention,omitempty"`
}

// ExplainedHolder is whose position a match is, why, and why nobody else's who is
// named near the words.
type ExplainedHolder struct {
	Holder  ExplainedVoice    `json:"holder,omitzero"`
	Because Ground            `json:"because,omitempty"` // why the holder is the one, or there is none
	Word    string            `json:"word,omitempty"`    // the word that tells it, such as a verb of saying
	Named   *ExplainedMention `json:"named,omitempty"`   // what stands for the holder in the sentence
	Issues  bool              `json:"issues,omitempty"`  // the holder issues the text
	Place   ExplainedPlace    `json:"place,omitzero"`    // where the holder is named, if not there
	Passed  []ExplainedPassed `json:"passed,omitempty"`
}

// ExplainedPassed is somebody named near the words whose position it is not.
type ExplainedPassed struct {
	ExplainedMention
	Why  PassedWhy `json:"why"`
	Word string    `json:"word,omitempty"` // the word that says so
}

// ExplainedMatch is a rule that fitted, why it gives what it gives, and what came
// of it.
type ExplainedMatch struct {
	ExplainedHolder
	Number    int               `json:"number"` // from 1, through the statement
	Rule      string            `json:"rule"`
	Reads     string            `json:"reads"`
	Topic     statement.Topic   `json:"topic"`
	Quote     string            `json:"quote"`
	Marked    string            `json:"marked"`              // the quote with the words that the rule asks for in brackets
	Parts     []ExplainedPart   `json:"parts"`               // those words
	Gives     statement.Stance  `json:"gives"`               // the rule's stance
	Turned    statement.Stance  `json:"turned,omitempty"`    // what the negation makes of it
	Negation  []string          `json:"negation,omitempty"`  // the words that turn it
	Condition string            `json:"condition,omitempty"` // what makes it conditional
	Towards   ExplainedAim      `json:"towards,omitzero"`    // why the other side is the one
	Aimed     *ExplainedMention `json:"aimed,omitempty"`     // what stands for the other side, if anything does
	Result    []ExplainedFrame  `json:"result"`
	Why       Why               `json:"why,omitempty"`       // why there is no result
	WhyWord   string            `json:"why_word,omitempty"`  // the word that says so
	Positions []int             `json:"positions,omitempty"` // numbers from 1 of the positions that it became part of
	Likely    float64           `json:"likely,omitempty"`    // how likely the scorecard finds it, from 0 to 1; 0 of what a rule found
	Weights   []ExplainedWeight `json:"weights,omitempty"`   // the words that count most in that
}

// ExplainedWeight is a word with what it adds to the log-odds of what a scorecard finds.
type ExplainedWeight struct {
	Quote string  `json:"quote"`
	Adds  float64 `json:"adds"`
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
		return string(m.Why)
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
	Rule  string           `json:"rule"`
	Reads string           `json:"reads"`
	Quote string           `json:"quote"` // what fits
	Wants string           `json:"wants"` // the element that is missing behind it, as in a rule file
	Words []string         `json:"words"` // some words that would do
	Found int              `json:"found"` // how many elements are there
	Gives []ExplainedFrame `json:"gives"` // what it would find then
}

// reasons are what decided on the match that is weighed.
type reasons struct {
	match     int // its number in the explanation
	why       Why // it is no position
	holder    holder
	how       ground
	aim       Aim      // why the other side is the one,
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
	return p.explain(s, "", true), nil
}

// explain explains with an eye on one rule, whose near misses come first, and on the
// scorecards if they are asked for.
func (p *Pack) explain(s *statement.Statement, rule string, cards bool) *Explanation {
	r := &reader{p: p, weighing: weighing{cards: cards}, trace: &tracing{watched: rule, named: make(map[string]ExplainedPlace), meant: make(map[string]ExplainedPlace), shown: make(map[string]ExplainedPlace), matters: make(map[*grammar][]aboutWhat)}}
	r.trace.told.Reading = r.read(s)
	return &r.trace.told
}

// tracing is what is kept while a statement is read that is to be explained.
type tracing struct {
	told    Explanation
	watched string                    // name of the rule to explain before others
	named   map[string]ExplainedPlace // by actor: where it was named last
	meant   map[string]ExplainedPlace // by actor and by person: where it was named or described last
	shown   map[string]ExplainedPlace // where it, or who speaks for it, was named last
	matters map[*grammar][]aboutWhat  // by class: what its words are about
	words   *passage                  // the passage that is read
	known   map[int]ExplainedMention  // its mentions so far, by first token
	number  int                       // of the latest sentence in its field
	within  statement.Field           // that field
}

// explainSentence records what was seen in the sentence, before its matches
// become frames.
func (r *reader) explainSentence(n int) *ExplainedSentence {
	span := r.text.Sentences[n]
	t := r.trace
	out := ExplainedSentence{Field: r.field, Lang: r.g.lang, Text: strings.TrimSpace(r.text.Slice(span)), Turn: r.explainTurn(n)}
	if r.field != t.within {
		t.within, t.number = r.field, 0
	}
	if r.passage != t.words {
		t.words, t.known = r.passage, make(map[int]ExplainedMention)
	}
	if out.Text != "" {
		t.number++
	}
	out.Number = t.number
	if v := r.voices[n]; v.who.known() && v.say >= 0 {
		out.Speaker, out.Saying = voiceOf(v.who), r.phrase(v.say, cueSay, cueAccording)
	}
	for k := r.mentionsBefore(span.Start); k < len(r.mentions) && r.mentions[k].start < span.End; k++ {
		m := &r.mentions[k]
		t.known[m.start] = r.senseOf(n, m)
		out.Mentions = append(out.Mentions, t.known[m.start])
		r.remindOf(m)
	}
	out.Cues = r.explainCues(span)
	out.Matters = r.explainMatters(span)
	out.Nearly = r.explainNear(n)
	t.told.Sentences = append(t.told.Sentences, out)
	return &t.told.Sentences[len(t.told.Sentences)-1]
}

// explainTurn tells who begins to speak with the sentence, or nil.
func (r *reader) explainTurn(n int) *ExplainedTurn {
	k, ok := slices.BinarySearchFunc(r.turns, n, func(t turn, n int) int { return t.sentence - n })
	if !ok {
		return nil
	}
	s := r.text.Sentences[n]
	label := lang.Span{Start: s.Start, End: r.endOf(s.Start, cueAsker)}
	if m := r.mentionStarting(s.Start); m != nil {
		label.End = m.end
	}
	for i := s.Start; i < min(s.Start+labelReach, s.End); i++ {
		if r.text.Tokens[i].Kind == lang.Colon {
			label.End = i
			break
		}
	}
	out := &ExplainedTurn{Who: voiceOf(r.turns[k].who), Label: r.text.Slice(label)}
	named := false
	for i := label.Start; i < label.End; i++ {
		m := r.mentionStarting(i)
		named = named || m != nil && !m.vague && m.holder.known()
	}
	if who := r.turns[k].who; who.known() && !named && who.actor == r.doc.guest.actor {
		out.Sense = r.trace.told.IssuerHow
	}
	return out
}

// explainIssuer tells who says "we" outside of quotations, and why he is the one.
func (r *reader) explainIssuer() {
	who := r.doc.issuer
	if !who.known() {
		return
	}
	how := &ExplainedSense{}
	named := r.namedFirst(who.actor, false)
	if named.Quote == "" {
		named = r.namedFirst(who.actor, true)
	}
	switch {
	case r.s.Issuer != "":
		how.How = SenseGiven
	case r.s.Owner == who.actor:
		how.How = SensePublisher
	case who.actor == press:
		how.How = SenseEditorial
	case r.issuerOf(r.s.Outlet) == who.actor, r.s.Outlet == who.actor:
		how.How = SenseOutlet
	case named.Quote != "" && r.s.Kind == statement.Interview:
		how.How, how.Place = SenseGuest, named
	case named.Quote != "":
		how.How, how.Place = SenseActing, named
	default:
		how.How = SenseNobody
	}
	r.trace.told.Issuer, r.trace.told.IssuerHow = voiceOf(who), how
}

// namedFirst returns where the text first names the actor, or describes it where that
// counts too.
func (r *reader) namedFirst(actor string, described bool) ExplainedPlace {
	for _, p := range r.passages {
		for i := range p.mentions {
			if m := &p.mentions[i]; m.holder.actor == actor && !m.pronoun && !m.echo && (described || !m.vague) {
				return ExplainedPlace{Quote: p.text.Slice(lang.Span{Start: m.start, End: m.end}), Field: p.field}
			}
		}
	}
	return ExplainedPlace{}
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

// phrase returns the longest word or phrase of the cues that begins at token i.
func (r *reader) phrase(i int, cues ...cue) string {
	return r.text.Slice(lang.Span{Start: i, End: r.endOf(i, cues...)})
}

// explainMerge tells of each match which positions it became part of, or why of
// none. What the scorecards find and rules tell of is left out.
func (r *reader) explainMerge(positions []statement.Position) {
	frames := slices.Concat(r.frames, r.weighed)
	sentences := r.trace.told.Sentences
	for i := range sentences {
		s := &sentences[i]
		for k := range s.Matches {
			m := &s.Matches[k]
			of := slices.Collect(func(yield func(*statement.Position) bool) {
				for n := range frames {
					if frames[n].match == m.Number && !yield(&frames[n].position) {
						return
					}
				}
			})
			for n := range positions {
				if slices.ContainsFunc(of, func(p *statement.Position) bool {
					return sameKey(p, &positions[n]) && (m.Likely == 0 || p.Rule == positions[n].Rule && p.Stance == positions[n].Stance)
				}) {
					m.Positions = append(m.Positions, n+1)
				}
			}
			switch {
			case len(m.Positions) > 0 || len(m.Result) == 0:
			case slices.ContainsFunc(of, func(p *statement.Position) bool {
				return slices.ContainsFunc(r.refuted, func(q statement.Position) bool { return sameKey(p, &q) })
			}):
				m.Why = WhyUnlikely
			case len(of) > 0:
				m.Why = WhyUncertain
			default:
				m.Why = WhySaidAgain
			}
		}
		byRules := slices.DeleteFunc(slices.Clone(s.Matches), func(m ExplainedMatch) bool { return m.Likely > 0 })
		s.Matches = slices.DeleteFunc(s.Matches, func(m ExplainedMatch) bool {
			told := slices.ContainsFunc(byRules, func(b ExplainedMatch) bool { return b.Topic == m.Topic })
			return m.Likely > 0 && len(m.Positions) == 0 && (told || len(m.Result) > 0)
		})
	}
}

// className returns the name of a class.
func (g *grammar) className(class int32) string { return g.classNames[class] }
