package classify

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"palabre/lang"
	"palabre/statement"
)

// anaphor reads "le groupe", "the mission": the latest of its kind.
func (r *reader) anaphor(m mention, kind string) (mention, bool) {
	if kind == "force" {
		m.mask, m.troops, m.force = maskForce, true, r.doc.lastForce
		if body := r.doc.namedBody; m.force == "" && forceTargets[body] {
			m.force = body // "the Security Council ended the mission"
		}
		return m, m.force != ""
	}
	if kind == "text" && r.authored(&m) {
		return m, true
	}
	if kind == "own" || kind == "text" {
		m.mask, m.pronoun, m.issuer = maskPronoun, true, kind == "text"
		return m, true
	}
	if kind == "latter" {
		return r.latter(m)
	}
	if want := pairs[kind]; want != 0 {
		return r.pair(m, want)
	}
	if (kind == "group" || kind == "body") && r.has(m.end, cueGenitive) {
		return r.groupOf(m)
	}
	m.vague = true
	body := ""
	if kind == "named" || !r.g.verbFirst { // where most groups are called movements or fronts it tells little
		body = r.namedWith(m.end - 1)
	}
	switch {
	case body != "":
	case kind == "named":
		body = r.councilOf()
	case kind == "group" || kind == "body":
		body = cmp.Or(r.groupAside(m.start), r.described(kind))
	case kind == "state":
		body = cmp.Or(r.openingLand(m.start), r.described(kind))
	default:
		body = r.described(kind)
	}
	r.setActor(&m, body)
	return m, m.holder.known()
}

// groupOf reads a word for a group that says of whom it is and so refers to none
// before: "le groupe d'Iyad ag Ghaly". "La coalition des forces patriotiques" is a
// group that nobody knows.
func (r *reader) groupOf(m mention) (mention, bool) {
	at := m.end
	for at < len(r.text.Tokens) && (r.has(at, cueGenitive) || r.has(at, cueArticle)) {
		at++
	}
	if at == len(r.text.Tokens) {
		return m, false
	}
	name, ok := r.nameAt(at)
	if !ok || name.kind != sensePerson && name.kind != senseActor {
		return m, false
	}
	of, ok := r.mentionFrom(at)
	m.mask, m.holder, m.end = of.mask&^maskPerson, holder{actor: of.holder.actor, group: of.holder.group}, of.end
	return m, ok && of.mask&maskGroup != 0
}

// authored joins a description of a text and the body behind it whose it is: "the
// final statement of the African Union", "البيان الختامي لمؤتمر الوفاق". A state
// may be the place alone: "the summit of N'Djamena".
func (r *reader) authored(m *mention) bool {
	const reach = 5 // tokens from the description to the body
	of := false
	for k := m.end; k < min(m.end+reach, len(r.text.Tokens)) && r.text.Tokens[k].Kind == lang.Word && !r.endsName(k); k++ {
		name, ok := r.nameAt(k)
		switch {
		case !ok && (r.has(k, cueGenitive) || r.has(k, cueBy)):
			of = true
		case !ok && r.has(k, cueOblique):
			return false
		case ok:
			if !of && !(r.g.verbFirst && name.off&lang.Preposition != 0 && bytes.HasPrefix(r.text.Folded(k), []byte("ل"))) {
				return false
			}
			body, known := r.mentionFrom(k)
			a := r.p.actor(body.holder.actor)
			if !known || a == nil || a.Kind == statement.State && !body.office || body.office && body.vague {
				return false
			}
			m.mask, m.holder, m.vague, m.end = body.mask, body.holder, body.vague, body.end
			return true
		}
	}
	return false
}

// umbrella is the network to which groups of the Sahel belong.
const umbrella = "al-qaeda"

// nearTo reports whether the text only says that somebody belongs to the network:
// "Islamists linked to al-Qaeda".
func (r *reader) nearTo(m *mention) bool {
	return m.holder.actor == umbrella && r.rightBefore(m.start, cueLinked) >= 0
}

// groupAside returns the group that the sentence has named before token i behind a
// preposition, if it has named none as a subject: "du côté de l'État islamique,
// l'organisation …".
func (r *reader) groupAside(i int) string {
	low, aside := r.sentenceOf(i).Start, ""
	for n := len(r.mentions) - 1; n >= 0 && r.mentions[n].start >= low; n-- {
		mm := &r.mentions[n]
		switch {
		case mm.mask&maskGroup == 0 || mm.vague:
		case !mm.oblique:
			return ""
		case aside == "":
			aside = mm.holder.actor
		}
	}
	return aside
}

// namedGroup joins a description of a group and the name that stands with it:
// "les jihadistes du Jnim", "JNIM militants".
func (r *reader) namedGroup(m *mention) {
	for k := m.end; k < min(m.end+3, len(r.text.Tokens)); k++ {
		name, ok := r.nameAt(k)
		if !ok && k < m.end+2 && (r.has(k, cueGenitive) || r.has(k, cueArticle)) {
			continue
		}
		if !ok || name.kind != senseActor || name.off&lang.Conjunction != 0 {
			return
		}
		switch id := r.g.names[name.ref].id; {
		case (m.holder.actor == anyGroup || k > m.end) && id != anyGroup && kindMasks[r.g.names[name.ref].kind] == maskGroup:
			r.setActor(m, id)
		case k > m.end || id != anyGroup:
			return
		}
		m.end = k + name.n
		return
	}
}

// namedPerson joins a description of somebody and the name that stands behind it:
// "الإمام المالي محمود ديكو", "l'imam Mahmoud Dicko". Who is said to be of the
// opposition speaks for it, and who ever spoke for civil society does so again.
func (r *reader) namedPerson(m *mention) bool {
	if !m.vague || m.mask&maskSociety == 0 {
		return false
	}
	for k := m.end; k < min(m.end+2, len(r.text.Tokens)); k++ {
		name, ok := r.nameAt(k)
		switch {
		case ok && name.kind == sensePerson:
			body, id := m.holder.actor, r.g.names[name.ref].id
			r.person(m, id)
			m.end, m.vague = k+name.n, false
			if p := r.p.person(id); body != civilSociety || p != nil && slices.ContainsFunc(p.Roles, func(role statement.Role) bool { return role.Actor == body }) {
				r.speakFor(m, body)
			}
			return true
		case r.text.Tokens[k].Kind != lang.Word || len(r.hitsAt(k)) > 0 && !(ok && name.kind == senseDemonym):
			return false
		}
	}
	return false
}

// ofGroup joins a description of people with the group or body behind "of" that they
// are of: "un prédicateur d'Ansar Dine", "علماء أنصار الدين".
func (r *reader) ofGroup(m *mention) {
	if !m.vague || m.holder.actor != civilSociety {
		return
	}
	at := m.end
	for at < len(r.text.Tokens) && (r.has(at, cueGenitive) || r.has(at, cueArticle)) {
		at++
	}
	if at >= len(r.text.Tokens) || at == m.end && !r.g.verbFirst || at > m.end && !r.has(m.end, cueGenitive) {
		return
	}
	name, ok := r.nameAt(at)
	if !ok || name.kind != senseActor || name.vague || r.newNoun(name, at) {
		return
	}
	ref := r.g.names[name.ref]
	if mask := kindMasks[ref.kind]; mask == maskGroup || mask == maskSociety {
		m.mask = 0
		r.setActor(m, ref.id)
		m.end = at + name.n
	}
}

// isAccusative reports whether an Arabic description is in the case of objects,
// "المسلحين", which it is as a subject behind "that" alone.
func (r *reader) isAccusative(m *mention) bool {
	return r.g.verbFirst && m.vague && !m.office && strings.HasSuffix(r.word(m.start), "ين") && !(m.start > 0 && r.has(m.start-1, cueOpener))
}

// qualifies reports whether an Arabic description of a group is an adjective of the
// noun before it, "معتقل جهادي": it is one man's and has no article. What begins a
// clause before it is its verb.
func (r *reader) qualifies(m *mention) bool {
	const clause = 1<<cueSay | 1<<cueVerb | 1<<cueNeg | 1<<cueAnd | 1<<cuePronoun | openers
	if !r.g.verbFirst || !m.vague || m.office || m.joined || m.end-m.start > 1 || m.mask&maskGroup == 0 || m.start == 0 {
		return false
	}
	word := r.word(m.start)
	for _, ending := range [...]string{"ون", "ين", "ات", "و"} {
		if strings.HasSuffix(word, ending) {
			return false
		}
	}
	return !strings.HasPrefix(word, "ال") && r.text.Tokens[m.start-1].Kind == lang.Word && r.cues[m.start-1]&clause == 0 && !r.opensClause(m.start-1, r.sentenceOf(m.start).Start)
}

// unquote takes the marks off a name that fills a quotation: "le « Groupe de soutien
// à l'islam et aux musulmans »" quotes nobody.
func (r *reader) unquote(m *mention) {
	tokens := r.text.Tokens
	q := tokens[m.start].Quote
	if q == 0 || m.start == 0 || m.end >= len(tokens) || tokens[m.start-1].Kind != lang.Open || tokens[m.end].Kind != lang.Close {
		return
	}
	outside := int32(0)
	if m.start > 1 && tokens[m.start-2].Quote != q {
		outside = tokens[m.start-2].Quote
	}
	for k := m.start - 1; k <= m.end; k++ {
		tokens[k].Quote = outside
	}
}

// remembered is how many mentions back descriptions refer at most, so that no text
// takes more than linear time.
const remembered = 200

// namedWith returns the actor that was last named with the word of token i in its
// name: "the movement" after "the National Movement for …".
func (r *reader) namedWith(i int) string {
	word := bytes.TrimPrefix(r.text.Folded(i), []byte("ال"))
	for n := len(r.mentions) - 1; n >= max(0, len(r.mentions)-remembered); n-- {
		mm := &r.mentions[n]
		if mm.vague || mm.troops || mm.office || !mm.holder.known() || mm.end-mm.start < 2 {
			continue
		}
		for k := mm.start; k < mm.end; k++ {
			if bytes.Equal(bytes.TrimPrefix(r.text.Folded(k), []byte("ال")), word) {
				return mm.holder.actor
			}
		}
	}
	return ""
}

// councilOf returns the body of states that issues the text, which calls itself
// "the Council".
func (r *reader) councilOf() string {
	r.doc.described = true
	for _, h := range [...]holder{r.doc.issuer, r.doc.author} {
		if a := r.p.actor(h.actor); a != nil && a.Kind == statement.Body {
			return a.ID
		}
	}
	return ""
}

// latter reads "the latter": the actor named last, in whatever place, in this
// sentence or the one before. One alone is not several, "les observateurs … ce dernier".
func (r *reader) latter(m mention) (mention, bool) {
	low := r.text.Sentences[max(0, int(r.text.Tokens[m.start].Sentence)-1)].Start
	one := r.g.lang == "fr" && !bytes.HasSuffix(r.text.Folded(m.end-1), []byte("s"))
	for n := len(r.mentions) - 1; n >= max(0, len(r.mentions)-remembered) && r.mentions[n].start >= low; n-- {
		if last := &r.mentions[n]; last.holder.known() && !last.troops && !last.echo && !(one && r.several(last)) {
			m.holder, m.mask, m.vague = last.holder, last.mask, true
			return m, true
		}
	}
	return m, false
}

// plurals are the articles and possessives of French that stand before several.
var plurals = map[string]bool{"les": true, "des": true, "ces": true, "ses": true, "leurs": true, "nos": true}

// several reports whether a French mention is a description of several.
func (r *reader) several(m *mention) bool {
	return m.vague && (plurals[string(r.text.Folded(m.start))] || m.start > 0 && plurals[string(r.text.Folded(m.start-1))])
}

// pairs are the anaphors that stand for two, and who they can be.
var pairs = map[string]mentionMask{"pair": maskState | maskGroup | maskSociety, "groups": maskGroup, "states": maskState}

// pairReach is how many sentences back two sides may have been named.
const pairReach = 2

// pair reads "both sides", or "the two groups": the latest two that were named side by
// side, or else the only two that one sentence names. Who has just been named as
// something else, a mediator, is none of them.
func (r *reader) pair(m mention, want mentionMask) (mention, bool) {
	sentence := int(r.text.Tokens[m.start].Sentence)
	for n := sentence; n >= max(0, sentence-pairReach); n-- {
		s := r.text.Sentences[n]
		s.End = min(s.End, m.start)
		a, b := r.twoIn(s, want, n < sentence)
		if a == nil {
			continue
		}
		if b.mask&maskGroup != 0 {
			a, b = b, a
		}
		m.holder, m.also = holder{actor: a.holder.actor, group: a.holder.group}, holder{actor: b.holder.actor, group: b.holder.group}
		m.mask, m.vague, m.echo = (a.mask|b.mask)&^maskPerson, true, true
		return m, true
	}
	return m, false
}

// twoIn returns the two actors as wanted that the span names side by side, or, of a
// whole sentence, the only two that it names; or nil. Of three nobody can be meant.
func (r *reader) twoIn(s lang.Span, want mentionMask, whole bool) (a, b *mention) {
	var listed, named []*mention
	for n := r.mentionsBefore(s.Start); n < len(r.mentions) && r.mentions[n].start < s.End; n++ {
		mm := &r.mentions[n]
		if mm.mask&want == 0 || mm.troops || mm.pronoun || r.isWhere(mm) || !mm.holder.known() || mm.holder.actor == anyGroup && mm.vague {
			continue
		}
		same := func(other *mention) bool { return other.holder.actor == mm.holder.actor }
		if last := len(named) - 1; last >= 0 && r.joins(named[last].end, mm.start, mm) && !same(named[last]) {
			if len(listed) == 0 || listed[len(listed)-1] != named[last] {
				listed = append(listed[:0], named[last])
			}
			listed = append(listed, mm)
		}
		if !slices.ContainsFunc(named, same) {
			named = append(named, mm)
		}
	}
	switch {
	case len(listed) == 2:
		return listed[0], listed[1]
	case whole && len(named) == 2:
		return named[0], named[1]
	}
	return nil, nil
}

// specify lets a description of unnamed groups stand for the first of those that
// are listed behind it: "two armed groups, the MNLA and the HCUA".
func (r *reader) specify(m *mention) {
	n := len(r.mentions) - 1
	if m.vague || m.mask&maskGroup == 0 || m.holder.actor == anyGroup {
		return
	}
	if n > 0 && r.g.verbFirst && r.mentions[n].pronoun {
		n-- // "ثلاث حركات، هي …"
	}
	if n < 0 || r.mentions[n].holder.actor != anyGroup || m.start-r.mentions[n].end > specifyReach {
		return
	}
	listed := false
	for k := r.mentions[n].end; k < m.start; k++ {
		switch kind := r.text.Tokens[k].Kind; {
		case kind == lang.Comma || kind == lang.Colon || kind == lang.Bracket:
			listed = true
		case kind == lang.Word && !r.has(k, cueArticle) && !r.has(k, cuePronoun):
			return
		}
	}
	if listed {
		r.mentions[n].holder = m.holder
	}
}

// specifyReach is the most tokens between a description of groups and their names.
const specifyReach = 4
