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
	m.vague = true
	body := r.described(kind)
	if kind == "group" || kind == "body" {
		body = cmp.Or(r.groupAside(m.start), body)
	}
	r.setActor(&m, body)
	return m, m.holder.known()
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
		case !ok && r.has(k, cueGenitive):
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
		if !ok || name.kind != senseActor {
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
// opposition speaks for it, and who ever spoke for
// civil society does so again.
func (r *reader) namedPerson(m *mention) {
	if !m.vague || m.mask&maskSociety == 0 {
		return
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
			return
		case r.text.Tokens[k].Kind != lang.Word || len(r.hitsAt(k)) > 0 && !(ok && name.kind == senseDemonym):
			return
		}
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
