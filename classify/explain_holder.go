package classify

import (
	"palabre/lang"
	"palabre/statement"
)

// explainHolder tells whose position the match is and why, and why nobody else's.
func (r *reader) explainHolder(sentence int, m *match) ExplainedHolder {
	who, how := r.reasons.holder, r.reasons.how
	e := ExplainedHolder{Holder: voiceOf(who), Because: grounds[how].told}
	var named *mention
	if who.known() {
		switch how {
		case foundWords, foundSpeaker, foundUrger, foundAdviser:
			e.Word, named = r.explainVoice(sentence, m, who)
		case foundWe, foundVoice:
			if i := r.firstPersonIn(r.clauseStart(m.start, r.text.Sentences[sentence].Start), m.end, m); i >= 0 {
				e.Word = r.word(i)
			}
		case foundCaptured:
			if m.who != 0 {
				named = &r.mentions[m.who-1]
			}
		case foundIssuer, foundBefore:
		default:
			named = r.namedIn(sentence, m, who)
		}
	}
	e.Issues = who.known() && who.actor == r.doc.issuer.actor && r.text.Tokens[m.start].Quote == 0
	if named != nil && (how == foundWords && named.pronoun && e.Word == "" || how == foundSubject && named.oblique) {
		named = nil // it shows nothing
	}
	switch told := named == nil || named.pronoun; {
	case !e.Issues:
	case how == foundWords && (told || e.Word == ""), how == foundSpeaker && told && len(r.turns) > 0:
		e.Because, e.Word, named = grounds[foundIssuer].told, "", nil
	}
	if named != nil {
		x := r.trace.known[named.start]
		e.Named = &x
	} else if who.known() && !e.Issues {
		if e.Place = r.trace.placeOf(who, r.trace.shown); e.Place.Quote == "" {
			e.Place = r.trace.placeOf(who, r.trace.meant)
		}
	}
	if r.reasons.why == WhyNobody {
		e.Because, e.Word = r.whyNobody(sentence, m)
	}
	if who.known() || r.reasons.why == WhyNobody {
		e.Passed = r.passedOver(sentence, m, named)
	}
	return e
}

// whyNobody tells why no holder was found for words that are those of who says them,
// with the word that shows it.
func (r *reader) whyNobody(sentence int, m *match) (why Ground, word string) {
	if r.effect(m).holder != byVoice && !r.obliged(m, r.clauseStart(m.start, r.text.Sentences[sentence].Start)) {
		return "", ""
	}
	if v := r.voiceAt(m.start, sentence); v.say >= 0 {
		return GroundUnknownVoice, r.phrase(v.say, cueSay, cueAccording)
	}
	return GroundNoVoice, ""
}

// explainVoice returns the word that tells who says the words of the match, and the
// mention of who does, if the sentence has them.
func (r *reader) explainVoice(sentence int, m *match, who holder) (string, *mention) {
	const near = 12 // tokens between a verb and who says it
	v := r.voiceAt(m.start, sentence)
	if v.say < 0 || v.who.actor != who.actor {
		return "", r.namedIn(sentence, m, who)
	}
	s := r.text.Sentences[sentence]
	word := r.phrase(v.say, cueSay, cueAccording)
	var best *mention
	for d := 1; d <= near; d++ {
		for _, i := range [...]int{v.say - d, v.say + d} {
			mm := r.mentionStarting(i)
			switch {
			case mm == nil || i < s.Start || i >= s.End || !r.isOf(mm, sentence, v.say, who):
			case mm.holder == v.who:
				return word, mm
			case best == nil:
				best = mm
			}
		}
	}
	return word, best
}

// isOf reports whether the mention stands for the holder's body.
func (r *reader) isOf(mm *mention, sentence, at int, who holder) bool {
	return r.resolve(mm, sentence, at).actor == who.actor
}

// passReach is how far from a match others are told of whose position it is not, in
// tokens.
const passReach = 40

// namedIn returns the mention of the holder in the sentence that is most likely its
// subject: the nearest before the match that can be one, or right behind it where
// verbs come first, else the nearest at all; nil where none is near, so that only
// the text around tells who it is.
func (r *reader) namedIn(sentence int, m *match, who holder) *mention {
	const behindVerb = 4 // tokens
	s := r.text.Sentences[sentence]
	var best *mention
	least := 0
	for k := r.mentionsBefore(max(s.Start, m.start-passReach)); k < len(r.mentions) && r.mentions[k].start < min(s.End, m.end+passReach); k++ {
		mm := &r.mentions[k]
		if !r.isOf(mm, sentence, m.start, who) {
			continue
		}
		cost := mm.start - m.start
		if cost < 0 {
			cost = -cost
		}
		if mm.start > m.start && !(r.g.verbFirst && cost <= behindVerb) {
			cost += passReach
		}
		if mm.oblique || mm.mask&(maskActor|maskPronoun) == 0 {
			cost += 2 * passReach
		}
		if best == nil || cost < least {
			best, least = mm, cost
		}
	}
	return best
}

// maxPassed is the most others of whom it is told why the position is not theirs.
const maxPassed = 3

// passedOver tells of those named near the match why the position is not theirs, the
// nearest first. The other side of the talks is told of elsewhere.
func (r *reader) passedOver(sentence int, m *match, named *mention) []ExplainedPassed {
	s := r.text.Sentences[sentence]
	who := r.reasons.holder
	seen := map[string]bool{who.actor: true, "": true}
	if mm := r.reasons.aimed; mm != nil {
		seen[mm.holder.actor] = true
	}
	if r.reasons.how == foundIssuer || r.reasons.how == foundWe { // "we" leaves no doubt
		return nil
	}
	for _, f := range r.framesOf(r.reasons.match) {
		seen[f.Actor], seen[f.Target] = true, true
	}
	var out []ExplainedPassed
	enter := func(mm *mention) {
		h := r.resolve(mm, sentence, m.start)
		if seen[h.actor] || len(out) == maxPassed || mm.mask&(maskActor|maskPronoun) == 0 || mm.vague && mm.mask&maskSociety != 0 && mm.oblique {
			return
		}
		seen[h.actor] = true
		why, word := r.whyNot(sentence, m, mm, named)
		out = append(out, ExplainedPassed{r.trace.known[mm.start], why, word})
	}
	low, high := max(s.Start, m.start-passReach), min(s.End, m.end+passReach)
	for k := r.mentionsBefore(m.end) - 1; k >= 0 && r.mentions[k].start >= low; k-- {
		enter(&r.mentions[k])
	}
	for k := r.mentionsBefore(m.end); k < len(r.mentions) && r.mentions[k].start < high; k++ {
		enter(&r.mentions[k])
	}
	return out
}

// whyNot tells why the position is not that of a mention near the match, with the
// word that says so.
func (r *reader) whyNot(sentence int, m *match, mm, named *mention) (why PassedWhy, word string) {
	how, e := r.reasons.how, r.effect(m)
	low := r.clauseStart(m.start, r.text.Sentences[sentence].Start)
	switch {
	case sentence == 0 && mm.start < r.dateline():
		return PassedDateline, ""
	case r.heads(mm):
		return PassedHeading, ""
	case mm.namesTroops() && e.topic == statement.ForeignTroops:
		return PassedTroops, ""
	case r.urged(mm) >= 0:
		return PassedUrged, r.phrase(r.urged(mm), cueUrge)
	case mm.start < m.start && r.obliged(m, low) && !mm.oblique:
		return PassedObliged, r.phrase(r.first(max(low, m.start-mustReach), m.start+1, cueMust), cueMust)
	case mm.start >= m.start && mm.end <= m.end && mm.oblique:
		return PassedPart, r.preposition(mm)
	case mm.oblique && mm.start > 0 && r.has(mm.start-1, cueRelative):
		return PassedRelative, r.word(mm.start - 1)
	case mm.oblique:
		return PassedOblique, r.preposition(mm)
	case how == foundCaptured && (mm.end <= m.start || mm.start >= m.end):
		return PassedByRule, ""
	case e.holder == byVoice || how == foundWords:
		return PassedSilent, ""
	case how == foundVoice:
		return PassedWe, ""
	case r.text.Tokens[mm.start].Quote != r.text.Tokens[m.start].Quote:
		return PassedQuotation, ""
	case mm.start < m.start && r.closedBefore(mm, low, m.start):
		return PassedClosed, ""
	case r.apposed(mm):
		return PassedDescribes, ""
	case mm.start >= m.end:
		return PassedBehind, ""
	case mm.end <= low:
		return PassedBefore, r.boundary(low)
	case mm.start >= m.start:
		return PassedWithin, ""
	case named != nil && named.start > mm.end && named.start < m.start:
		return PassedNearer, r.text.Slice(lang.Span{Start: named.start, End: named.end})
	case !r.opensClause(mm.start, low):
		return PassedObject, ""
	}
	return PassedAnotherFirst, ""
}

// preposition returns the preposition before the mention, or "" where one is written
// to it.
func (r *reader) preposition(mm *mention) string {
	for i := mm.start - 1; i >= max(0, mm.start-urgeReach); i-- {
		if r.has(i, cueOblique) {
			return r.phrase(i, cueOblique)
		}
		if !r.has(i, cueArticle) && !r.isMark(i) {
			break
		}
	}
	return ""
}

// boundary returns the mark or word before token i, which parts two clauses.
func (r *reader) boundary(i int) string {
	if i == 0 {
		return ""
	}
	return r.word(i - 1)
}
