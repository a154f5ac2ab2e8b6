package classify

import (
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
	Mentions []ExplainedMention `json:"mentions"`
	Cues     []ExplainedCue     `json:"cues"`
	Matches  []ExplainedMatch   `json:"matches"`
	Nearly   []ExplainedNear    `json:"nearly"`
}

// ExplainedNear is a rule of which the sentence lacks one element alone.
type ExplainedNear struct {
	Rule  string `json:"rule"`
	Reads string `json:"reads"`
	Quote string `json:"quote"` // what fits
	Wants string `json:"wants"` // the element that is missing behind it, as in a rule file
}

// ExplainedMention is a name or description and what it stands for.
type ExplainedMention struct {
	Quote   string `json:"quote"`
	Actor   string `json:"actor,omitempty"`
	Speaker string `json:"speaker,omitempty"`
	Force   string `json:"force,omitempty"`
	Pronoun bool   `json:"pronoun,omitempty"` // points back; to whom is decided where a rule fits
	Subject bool   `json:"subject"`           // can be the subject of a clause
}

// ExplainedCue is a word of a class. Role says what the engine makes of it, such
// as "negation"; it is "matter" for the classes that are there for rules, and
// "grammar" for words that only part and join others.
type ExplainedCue struct {
	Quote string `json:"quote"`
	Class string `json:"class"`
	Role  string `json:"role"`
}

// cueRoles says what the engine makes of its cues. Those that it lacks are
// grammar.
var cueRoles = map[cue]string{
	cueNeg: "negation", cueNotNeg: "negates nothing", cueCond: "condition", cueUntil: "condition", cueUnless: "condition",
	cueSay: "saying", cueDeny: "denial", cueAccording: "saying", cueFirstPerson: "we", cueMust: "duty", cueUrge: "urging",
	cuePast: "history", cueHad: "history", cueHadBegun: "history", cueHadDone: "history", cueRumour: "rumour", cueHypothesis: "hypothesis",
	cueBut: "turn", cueElsewhere: "elsewhere", cueOtherDomain: "another matter",
}

func roleOf(class int32) string {
	if class >= int32(cueCount) {
		return "matter"
	}
	if role, ok := cueRoles[cue(class)]; ok {
		return role
	}
	return "grammar"
}

// ExplainedMatch is a rule that fitted, and what came of it.
type ExplainedMatch struct {
	Rule    string `json:"rule"`
	Reads   string `json:"reads"`
	Quote   string `json:"quote"`
	Outcome string `json:"outcome"`
}

// Explain reads the statement and tells how.
func (p *Pack) Explain(s *statement.Statement) *Explanation { return p.explain(s, "") }

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
	out := ExplainedSentence{Field: r.field, Lang: r.g.lang, Text: strings.TrimSpace(r.text.Slice(span)), Speaker: describeHolder(r.voices[n].who)}
	for i := span.Start; i < span.End; i++ {
		if m := r.mentionStarting(i); m != nil {
			out.Mentions = append(out.Mentions, ExplainedMention{
				Quote: r.text.Slice(lang.Span{Start: m.start, End: m.end}), Actor: m.holder.actor, Speaker: m.holder.speaker,
				Force: m.force, Pronoun: m.pronoun, Subject: !m.oblique && (m.pronoun || m.mask&maskActor != 0),
			})
		}
		for _, h := range r.hitsAt(i) {
			if h.sense.kind == senseClass {
				if name := r.g.className(h.sense.ref); !strings.HasPrefix(name, literalPrefix) {
					out.Cues = append(out.Cues, ExplainedCue{r.text.Slice(lang.Span{Start: i, End: i + int(h.n)}), name, roleOf(h.sense.ref)})
				}
			}
		}
	}
	for _, n := range r.nearly(span) {
		rl := &r.g.rules[n.rule]
		out.Nearly = append(out.Nearly, ExplainedNear{rl.name, rl.reads, r.text.Slice(lang.Span{Start: n.start, End: max(n.end, n.start+1)}), r.g.describe(n.wants)})
	}
	r.trace.Sentences = append(r.trace.Sentences, out)
	return &r.trace.Sentences[len(r.trace.Sentences)-1]
}

func describeHolder(h holder) string {
	if h.speaker != "" && h.speaker != h.actor {
		return h.speaker + " for " + h.actor
	}
	return h.actor
}

// explainMatch records a match and its outcome: the frames that it added, or
// the reason why it added none.
func (r *reader) explainMatch(to *ExplainedSentence, m *match, frames, notes int) {
	rl := &r.g.rules[m.rule]
	e := ExplainedMatch{Rule: rl.name, Reads: rl.reads, Quote: r.text.Slice(lang.Span{Start: m.start, End: m.end})}
	var parts []string
	for i := range r.frames[frames:] {
		p := &r.frames[frames+i].position
		parts = append(parts, strings.TrimSpace(p.Actor+" "+string(p.Topic)+" "+string(p.Stance)+" "+p.Target))
	}
	for i := range r.notes[notes:] {
		parts = append(parts, r.notes[notes+i].Why)
	}
	e.Outcome = strings.Join(parts, "; ")
	to.Matches = append(to.Matches, e)
}

// className returns the name of a class.
func (g *grammar) className(class int32) string { return g.classNames[class] }
