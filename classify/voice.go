package classify

import (
	"sort"

	"palabre/lang"
	"palabre/statement"
)

// voice is who speaks in a sentence. say is the token of the verb of saying,
// or -1; who is unknown where nobody is named.
type voice struct {
	who  holder
	say  int
	deny bool
}

// findVoices finds the speaker that each sentence names, and all of them where
// there are several.
func (r *reader) findVoices() {
	r.voices = resize(r.voices, len(r.text.Sentences))
	r.says, r.saysAt = r.says[:0], r.saysAt[:0]
	r.turns = r.turns[:0]
	subject := r.doc.subject
	for i, s := range r.text.Sentences {
		if r.headed(s) {
			subject = holder{} // another matter
		}
		if who, ok := r.turnLabel(s); ok {
			r.turns = append(r.turns, turn{i, who})
		}
		r.saysAt = append(r.saysAt, int32(len(r.says)))
		r.voices[i] = r.voiceIn(s, subject)
		if v := r.voices[i]; v.who.known() {
			subject = v.who
		} else if m := r.firstSubject(s); m != nil {
			subject = m.holder
		}
	}
	r.saysAt = append(r.saysAt, int32(len(r.says)))
}

// voiceIn reads the verbs of saying, and "according to", of a sentence. The
// sentence's own voice is the first whose speaker is named.
func (r *reader) voiceIn(s lang.Span, previous holder) voice {
	v := voice{say: -1}
	enter := func(say voice) {
		r.says = append(r.says, say)
		if !v.who.known() {
			v = say
		}
	}
	for i := s.Start; i < s.End; i++ {
		if r.text.Tokens[i].Quote != 0 {
			continue
		}
		if r.has(i, cueAccording) && (!r.has(i, cueOblique) || r.opensBehindAdverb(i, s.Start)) {
			if m := r.mentionBetween(i+1, min(i+8, s.End), true); m != nil && (!r.has(i, cueOblique) || r.inTheEyesOf(m)) {
				enter(voice{who: m.holder, say: i})
				continue
			}
		}
		if guest := r.guestAt(i, s.End); guest.known() {
			enter(voice{who: guest, say: i})
			continue
		}
		if !r.has(i, cueSay) || r.isNoun(i) || r.isTold(i) {
			continue
		}
		if v.who.known() {
			previous = v.who // "…, he added"
		}
		who := r.sayer(i, s, previous)
		if v.who.known() && r.isAdded(i) {
			who = v.who
		}
		if who.known() {
			enter(voice{who: who, say: i, deny: r.has(i, cueDeny)})
			continue
		}
		if v.say < 0 {
			v.say = i
		}
	}
	return v
}

// opensBehindAdverb reports whether token i opens the sentence that begins at low,
// behind a word or two and a comma at most: "Par ailleurs, pour Paris, …".
func (r *reader) opensBehindAdverb(i, low int) bool {
	const longest = 4 // tokens
	if i == low {
		return true
	}
	return i-low <= longest && r.text.Tokens[i-1].Kind == lang.Comma && r.mentionBetween(low, i, true) == nil
}

// passives are the English words behind which a verb of saying tells to whom
// something was said, or that it was.
var passives = map[string]bool{"been": true, "was": true, "were": true, "being": true, "be": true}

// isTold reports whether the verb of saying at token i is a passive that names no
// speaker: "the panel has been told to".
func (r *reader) isTold(i int) bool {
	return r.g.lang == "en" && i > 0 && passives[string(r.text.Folded(i-1))] && !r.has(i+1, cueBy)
}

// inTheEyesOf reports whether "for" at the start of a sentence means "according
// to": it does before a person, and before a body that a comma follows, unless
// the text is somebody's own.
func (r *reader) inTheEyesOf(m *mention) bool {
	if m.office || m.mask&maskPerson != 0 {
		return true
	}
	if r.doc.issuer.known() || m.troops || m.mask&(maskState|maskSociety) == 0 {
		return false
	}
	for k := m.end; k < min(m.end+longestName, len(r.text.Tokens)) && !r.endsName(k); k++ {
		if r.text.Tokens[k].Kind != lang.Word {
			return r.text.Tokens[k].Kind == lang.Comma
		}
	}
	return false
}

// voiceAt returns who speaks at token i of sentence n. Of several voices it is
// the one whose verb stands directly behind the quotation that i is in, else the
// last one before i, else the sentence's own.
func (r *reader) voiceAt(i, n int) voice {
	says := r.says[r.saysAt[n]:r.saysAt[n+1]]
	if len(says) < 2 {
		return r.voices[n]
	}
	if q := r.text.Tokens[i].Quote; q != 0 {
		end := i
		for end < r.text.Sentences[n].End && r.text.Tokens[end].Quote == q {
			end++
		}
		for k := range says {
			if says[k].say >= end && says[k].say-end <= behindQuote {
				return says[k]
			}
		}
	}
	best := r.voices[n]
	for k := range says {
		if says[k].say < i {
			best = says[k]
		}
	}
	return best
}

// voiceBehind returns who is named directly behind the quotation with token i,
// which may end in a later sentence.
func (r *reader) voiceBehind(i int) holder {
	q := r.text.Tokens[i].Quote
	for i < len(r.text.Tokens) && (r.text.Tokens[i].Quote == q || r.text.Tokens[i].Kind > lang.Number) {
		i++
	}
	if i >= len(r.text.Tokens) {
		return holder{}
	}
	n := int(r.text.Tokens[i].Sentence)
	for _, v := range r.says[r.saysAt[n]:r.saysAt[n+1]] {
		if v.say >= i && v.say-i <= behindQuote {
			return v.who
		}
	}
	return holder{}
}

// nameBeforeColon returns who stands before the colon that opens the quotation
// with token i, which may have begun in an earlier sentence: the subject of what
// is there, or the last one named, "Adama Diarra, of the Yerewolo movement: …".
func (r *reader) nameBeforeColon(i int) holder {
	q := r.text.Tokens[i].Quote
	for i > 0 && (r.text.Tokens[i].Quote == q || r.text.Tokens[i].Kind == lang.Open) {
		i--
	}
	if r.text.Tokens[i].Kind != lang.Colon {
		return holder{}
	}
	low := r.sentenceOf(i).Start
	if v := r.voices[r.text.Tokens[i].Sentence]; v.who.known() && v.say >= low && v.say < i {
		return v.who // "he railed at those who kill: …"
	}
	if m := r.firstSubject(lang.Span{Start: low, End: i}); m != nil && !m.troops && m.mask&maskActor != 0 {
		return m.holder
	}
	for i--; i >= low; i-- {
		if m := r.mentionStarting(i); m != nil && m.holder.known() && !m.troops && (!m.oblique || m.mask&(maskSociety|maskGroup|maskPerson) != 0) {
			return m.holder
		}
	}
	return holder{}
}

// behindQuote is the most tokens between a quotation and the verb that gives its
// speaker: », a-t-il dit.
const behindQuote = 6

// mentionBetween returns the first actor mentioned from one token to another.
func (r *reader) mentionBetween(from, to int, oblique bool) *mention {
	for k := from; k < to; k++ {
		if m := r.mentionStarting(k); m != nil && (m.holder.known() || m.pronoun) && (oblique || !m.oblique) {
			return m
		}
	}
	return nil
}

// lastBefore returns the last mention that begins before token i, or nil.
func (r *reader) lastBefore(i int) *mention {
	n := r.mentionsBefore(i)
	if n == 0 {
		return nil
	}
	return &r.mentions[n-1]
}

// mentionsBefore returns how many mentions begin before token i.
func (r *reader) mentionsBefore(i int) int {
	return sort.Search(len(r.mentions), func(n int) bool { return r.mentions[n].start >= i })
}

func (r *reader) mentionStarting(i int) *mention {
	if i < 0 || i >= len(r.mentionAt) || r.mentionAt[i] == 0 {
		return nil
	}
	return &r.mentions[r.mentionAt[i]-1]
}

// subjectLeft returns the nearest mention to the left of token i that can be a
// subject, down to token low and outside of other quotations.
func (r *reader) subjectLeft(i, low int) *mention {
	quote := int32(0)
	if i < len(r.text.Tokens) {
		quote = r.text.Tokens[i].Quote
	}
	var object *mention
	for k := i - 1; k >= low; k-- {
		if r.g.verbFirst && object != nil && (r.has(k, cueOpener) || r.has(k, cueSay) || r.text.Tokens[k].Kind == lang.Comma) {
			break
		}
		if r.text.Tokens[k].Quote != quote {
			switch {
			case quote == 0:
				continue
			case k <= low || r.text.Tokens[k].Kind != lang.Open || r.text.Tokens[k-1].Kind != lang.Word || r.has(k-1, cueSay):
				k = low
			default:
				quote = 0 // a part of the clause in quotation marks
			}
			continue
		}
		m := r.mentionStarting(k)
		if m == nil || m.oblique || !m.pronoun && m.mask&maskActor == 0 || m.end > i || r.closedBefore(m, low, i) || r.heads(m) || r.apposed(m) || r.addressed(m, low) {
			continue
		}
		if r.g.verbFirst {
			object = m // the subject stands first behind the verb
			continue
		}
		if m.pronoun || r.opensClause(k, low) {
			return m
		}
		if object == nil && !(k > low && (r.has(k-1, cueVerb) || r.has(k-1, cueUrge))) {
			object = m
		}
	}
	return object
}

// openers are the cues behind which a subject stands.
const openers = 1<<cueOpener | 1<<cueRelative | 1<<cueBut | 1<<cueCond | 1<<cueUntil | 1<<cueUnless

// opensClause reports whether what begins at token i stands where a subject
// does: at the start, behind a mark or a word such as "that" or "and".
func (r *reader) opensClause(i, low int) bool {
	for i > low && r.has(i-1, cueArticle) {
		i--
	}
	if i <= low {
		return true
	}
	if r.has(i-1, cueAnd) && i-1 > low {
		if mm := r.lastBefore(i - 1); mm != nil && mm.end == i-1 && mm.mask&maskActor != 0 { // one of several, not a clause
			return r.opensClause(mm.start, low)
		}
	}
	return r.text.Tokens[i-1].Kind != lang.Word || r.cues[i-1]&openers != 0
}

// firstSubject returns the first mention of the sentence that can be a subject.
func (r *reader) firstSubject(s lang.Span) *mention {
	for n := r.mentionsBefore(s.Start); n < len(r.mentions) && r.mentions[n].start < s.End; n++ {
		if m := &r.mentions[n]; !m.oblique && m.holder.known() && r.text.Tokens[m.start].Quote == 0 && !r.heads(m) {
			return m
		}
	}
	return nil
}

// whoseWords returns whose words a noun says that the quotation with token i gives,
// "l'annonce du président : « … »", or nil.
func (r *reader) whoseWords(i int) *mention {
	const longest = 200 // tokens of the quotation before i
	q, low := r.text.Tokens[i].Quote, max(0, i-longest)
	for i > low && (r.text.Tokens[i].Quote == q || r.text.Tokens[i].Kind == lang.Open) {
		i--
	}
	m := r.lastBefore(i)
	if r.text.Tokens[i].Kind != lang.Colon || m == nil || m.end != i || !m.holder.known() || m.troops || !m.office && m.mask&(maskPerson|maskGroup) == 0 {
		return nil
	}
	for k := m.start - 1; k > 0 && (r.has(k, cueArticle) || r.has(k, cueGenitive)); k-- {
		if r.has(k, cueGenitive) {
			return m
		}
	}
	return nil
}

// speaks returns who says "we" at token i of sentence n.
func (r *reader) speaks(i, n int) holder {
	v := r.voiceAt(i, n).who
	if r.text.Tokens[i].Quote != 0 {
		if m := r.whoseWords(i); m != nil {
			return m.holder
		}
		if v.known() || r.voices[n].say >= 0 {
			return v // unknown where the words are given to somebody unknown
		}
		if v := r.voiceBehind(i); v.known() {
			return v
		}
		if v := r.nameBeforeColon(i); v.known() {
			return v
		}
		if next := n + 1; next < len(r.voices) && r.voices[next].who.known() && r.voices[next].say >= 0 && !r.doc.issuer.known() {
			if !r.doc.voice.known() {
				return r.voices[next].who
			}
		}
		if r.doc.voice.known() {
			return r.doc.voice
		}
		return r.doc.issuer
	}
	switch {
	case v.known() && r.s.Kind == statement.Editorial && r.colonBetween(r.voiceAt(i, n).say, i):
		return v // "he said it in New York: …"
	case r.doc.issuer.known():
		return r.doc.issuer
	case v.known():
		return v
	case r.doc.author.known():
		return r.doc.author
	}
	return r.doc.voice
}

// colonBetween reports whether a colon stands between the verb of saying at token say
// and what is said at token i.
func (r *reader) colonBetween(say, i int) bool {
	for k := max(say, 0) + 1; say >= 0 && k < i; k++ {
		if r.text.Tokens[k].Kind == lang.Colon {
			return true
		}
	}
	return false
}

// firstPersonKinds are the kinds of statement whose own text says "we".
var firstPersonKinds = map[statement.Kind]bool{
	statement.Communique: true, statement.Speech: true, statement.Interview: true, statement.Transcript: true,
	statement.Post: true, statement.Editorial: true,
}
