package classify

import "palabre/statement"

// Rules with these topics read what somebody says of a matter that was raised just
// before, without naming it again.
const (
	matter statement.Topic = "matter" // a reaction: "Paris opposes the idea"
	answer statement.Topic = "answer" // what only a question gives a meaning: "never, says the minister"
)

func refersBack(t statement.Topic) bool { return t == matter || t == answer }

// raised is the matter that a text spoke of last: somebody's position, a question,
// or something named without a stance.
type raised struct {
	topic    statement.Topic
	stance   statement.Stance // what wanting it is
	target   string           // the other side, or empty
	by       string           // whose position it is, or empty
	asked    bool             // as a question
	named    bool             // by a rule that takes no stance
	sentence int              // of the passage; -1 for the title
}

// raiseReach is how many sentences a reaction or an answer refers back at most.
const raiseReach = 2

// raise notes that a match names a matter without a stance on it. What somebody
// says of it in the same sentence goes before, and so does a question about a stance,
// "why do you refuse to talk to them?".
func (r *reader) raise(sentence int, m *match, e *effect, asked bool) {
	if last := &r.doc.raised; last.topic != "" && last.sentence == sentence && (last.by != "" || e.raises && !last.named) {
		return
	}
	target := ""
	if sides := r.targets(sentence, m, e, holder{}); len(sides) > 0 {
		target = sides[0]
	}
	r.doc.raised = raised{topic: e.topic, stance: e.stance, target: target, asked: asked, named: e.raises, sentence: sentence}
}

// reaction returns the effect of a rule on the matter that was raised in this
// sentence or the two before, with its topic and target and a stance for or against
// what that wants, and whose position the matter is; or nil.
func (r *reader) reaction(sentence int, e *effect) (*effect, string) {
	last := &r.doc.raised
	if e.topic == matter && e.stance == statement.Conditional {
		return r.terms(sentence, e)
	}
	if last.topic == "" || last.sentence < sentence-raiseReach || last.stance == statement.Mixed || e.topic == answer && !last.asked {
		return nil, ""
	}
	about := *e
	about.topic, about.target, about.reacts, about.answers = last.topic, last.target, true, e.topic == answer
	if last.stance == statement.Anti {
		about.stance = opposite[e.stance]
	}
	return &about, last.by
}

// terms returns the effect of a rule that names the terms of whoever wanted something
// in this sentence or the two before, and who that is; or nil: "JNIM is open to talks.
// Its condition: …".
func (r *reader) terms(sentence int, e *effect) (*effect, string) {
	for i := len(r.frames) - 1; i >= 0 && r.frames[i].sentence >= sentence-raiseReach; i-- {
		p := &r.frames[i].position
		if p.Stance != statement.Pro || p.Evidence.Field != r.field || p.Evidence.Start < r.base {
			continue
		}
		about := *e
		about.topic, about.target, about.reacts = p.Topic, p.Target, true
		return &about, p.Actor
	}
	return nil, ""
}

// passOn keeps of the matter that was raised what the next passage may refer to: the
// question of a title.
func (r *reader) passOn() {
	if last := &r.doc.raised; r.field == statement.Title && last.asked {
		last.sentence = -1
	} else {
		*last = raised{}
	}
}
