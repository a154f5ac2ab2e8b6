package classify

import (
	"palabre/lang"
	"palabre/statement"
)

// turn is where somebody begins to speak, in a text with turns.
type turn struct {
	sentence int
	who      holder
}

// labelReach is the most tokens of a speaker's name at the start of a turn.
const labelReach = 14

// turnLabel returns who the sentence says is speaking from here on, as in
// "Mr. Diop (Mali): …", for kinds of text that have turns. It is nobody known
// where somebody asks.
func (r *reader) turnLabel(s lang.Span) (holder, bool) {
	if !r.hasTurns() && r.s.Kind != statement.Speech {
		return holder{}, false
	}
	if s.Start > 0 && r.text.Tokens[s.Start-1].Kind != lang.Break {
		return holder{}, false
	}
	if r.has(s.Start, cueAsker) {
		if r.unmarked {
			r.doc.guest = r.addressee(s)
		}
		return holder{}, true
	}
	var who holder
	for i := s.Start; i < min(s.Start+labelReach, s.End); i++ {
		if r.text.Tokens[i].Kind == lang.Colon {
			who = r.labelled(lang.Span{Start: s.Start, End: i}, who)
			return who, who.known()
		}
		if name, ok := r.nameAt(i); ok && name.kind == sensePress {
			return holder{}, true
		}
		if m := r.mentionStarting(i); m != nil && m.holder.known() && (!who.known() || who.actor == who.speaker) {
			speaker := who.speaker
			who = m.holder
			if who.speaker == "" {
				who.speaker = speaker
			}
			if r.unmarked && i == s.Start && m.mask&maskPerson != 0 && !r.has(m.end, cueSay) {
				return who, true // a transcript without marks: the name stands for a label
			}
		}
	}
	if r.unmarked && len(r.turns) > 0 {
		return r.doc.guest, r.doc.guest.known() // a line behind that of who asks
	}
	return holder{}, false
}

// Where a question in a transcript without marks may name whom it speaks to, in
// tokens: the first one, and those that follow it.
const (
	firstAddress = 20
	laterAddress = 6
)

// addressee returns whom a question in a transcript without marks speaks to: the first
// office, association or person that it names, "monsieur le ministre de la justice",
// else whom the one before spoke to, or at first an unknown Malian.
func (r *reader) addressee(s lang.Span) holder {
	who, reach := r.doc.guest, laterAddress
	if !who.known() {
		who, reach = r.holderOf(civilSociety), firstAddress
	}
	for i, office := s.Start, false; i < min(s.Start+reach, s.End); i++ {
		m := r.mentionStarting(i)
		switch {
		case m == nil || !m.holder.known() || m.troops || !m.office && m.mask&(maskSociety|maskPerson) == 0:
		case !m.office || !m.vague:
			return m.holder
		case !office: // "monsieur le secrétaire général", unless his party follows
			who, office = m.holder, true
		}
	}
	return who
}

// hasTurns reports whether the statement is of a kind in which somebody asks and
// somebody answers.
func (r *reader) hasTurns() bool {
	return r.s.Kind == statement.Interview || r.s.Kind == statement.Transcript
}

// labelled returns whom the label of a turn names: who is known by it, whom an
// earlier label with one of its words named, or who is interviewed.
func (r *reader) labelled(label lang.Span, who holder) holder {
	for i := label.Start; i < label.End; i++ {
		if !r.text.Tokens[i].Upper {
			continue
		}
		if earlier, ok := r.doc.labels[string(r.text.Folded(i))]; ok && !who.known() {
			who = earlier
		}
	}
	if !who.known() {
		return r.doc.guest // a name that nobody knows, or initials
	}
	for i := label.Start; i < label.End; i++ {
		if r.text.Tokens[i].Upper {
			r.doc.labels[string(r.text.Folded(i))] = who
		}
	}
	return who
}
