package classify

import "palabre/lang"

// namesTroops reports whether the mention is of troops, by name or by pronoun.
func (m *mention) namesTroops() bool { return m.troops || m.pronoun && m.force != "" }

// pronounReach is the most tokens between troops and the pronoun for them.
const pronounReach = 20

// troopsBefore returns the troops to which a pronoun at token i may refer: the
// latest, unless another subject stands between.
func (r *reader) troopsBefore(i int) *mention {
	for n := len(r.mentions) - 1; n >= 0 && i-r.mentions[n].end <= pronounReach; n-- {
		switch m := &r.mentions[n]; {
		case m.troops && m.force != "":
			return m
		case !m.oblique && m.mask&maskActor != 0:
			return nil
		}
	}
	return nil
}

// demonym reads an adjective of nationality: with troops it is a force, with an
// office an actor, alone the nation's people or force.
func (r *reader) demonym(m mention, ref nameRef) (mention, bool) {
	if r.g.lang == "en" && r.compound(&m) {
		return m, false
	}
	if r.isJoinedForce(&m) {
		r.setForce(&m, ref.id)
		m.troops = true
		return m, true
	}
	reach := 4 // "the French special forces"
	if r.g.lang != "en" {
		reach = 1 // elsewhere the adjective follows what it qualifies
	}
	for k := m.end; k < min(m.end+reach, len(r.text.Tokens)); k++ {
		if r.text.Tokens[k].Kind != lang.Word || r.endsName(k) {
			break
		}
		if name, ok := r.nameAt(k); ok {
			switch name.kind {
			case sensePerson:
				if k == m.end && m.start > 0 && r.has(m.start-1, cueArticle) { // "l'Algérien Smaïl Chergui"
					r.person(&m, r.g.names[name.ref].id)
					m.end = k + name.n
					return m, true
				}
			case senseOffice:
				return r.office(mention{start: m.start, end: k + name.n}, r.g.names[name.ref].id, ref.id)
			case senseActor:
				if k == m.end {
					return r.actor(mention{start: m.start, end: k + name.n, vague: name.vague}, r.g.names[name.ref])
				}
			}
		}
		if r.has(k, cueTroops) {
			if r.setForce(&m, ref.id); m.force != "" && r.has(k, cueArmy) {
				r.setActor(&m, ref.id)
			}
			m.troops, m.end = true, k+1
			return m, true
		}
	}
	if forceTargets[ref.id] && ref.id != foreignForce && !r.civil(m) && (r.standsAlone(&m) || r.beside(&m, cueDeployment)) { // what is foreign need not be a force
		r.setForce(&m, ref.id)
	}
	switch {
	case r.shares(&m):
		m.office = true
		r.setActor(&m, ref.id)
	case m.start > 0 && r.has(m.start-1, cueArticle):
		r.setActor(&m, ref.id)
	}
	return m, true
}

// isJoinedForce reports whether an English nationality shares its noun with the name
// behind "and": "French and UN forces".
func (r *reader) isJoinedForce(m *mention) bool {
	const reach = 3 // tokens from the second name to the troops
	if r.g.lang != "en" || !r.has(m.end, cueAnd) {
		return false
	}
	name, ok := r.nameAt(m.end + 1)
	if !ok || name.kind == senseForce {
		return ok
	}
	from := m.end + 1 + name.n
	return (name.kind == senseActor || name.kind == senseDemonym) && r.within(from, from+reach, cueTroops) && !r.within(from, from+reach, cueArmy)
}

// standsAlone reports whether a nationality is a noun, "the French", "les
// Russes", and no adjective of something else.
func (r *reader) standsAlone(m *mention) bool {
	const particles = 1<<cueOblique | 1<<cueSay | 1<<cueVerb | 1<<cueNeg | 1<<cueMust | 1<<cueAnd | 1<<cueRelative | 1<<cueOpener | 1<<cuePronoun | 1<<cueArticle
	if r.g.lang == "en" {
		return m.end >= len(r.text.Tokens) || r.text.Tokens[m.end].Kind != lang.Word || r.cues[m.end]&particles != 0
	}
	return m.start == 0 || r.text.Tokens[m.start-1].Kind != lang.Word || r.cues[m.start-1]&particles != 0
}

// beside reports whether the cue stands next to the mention.
func (r *reader) beside(m *mention, c cue) bool {
	return m.start > 0 && r.has(m.start-1, c) || m.end < len(r.cues) && r.has(m.end, c)
}

// compound reports whether the mention is the first part of a word such as
// "French-drafted".
func (r *reader) compound(m *mention) bool {
	end := int(r.text.Tokens[m.end-1].End)
	return end < len(r.text.Source) && r.text.Source[end] == '-'
}

// civil reports whether a demonym bears on people or things that are no force:
// "the French people", "l'ambassade française".
func (r *reader) civil(m mention) bool {
	if r.g.verbFirst && !m.troops { // what is civil has its nation behind it
		return m.start > 0 && r.has(m.start-1, cueCivil)
	}
	return r.beside(&m, cueCivil)
}

// troopsMention reads "troops" with the nation behind it: "troupes françaises",
// "soldats de l'ONU", "القوات الفرنسية".
func (r *reader) troopsMention(m mention) (mention, bool) {
	m.mask, m.troops = maskForce, true
	for k := m.end; k < min(m.end+4, len(r.text.Tokens)); k++ {
		if r.text.Tokens[k].Kind != lang.Word || r.endsName(k) || r.has(k, cueNeg) {
			break
		}
		name, ok := r.nameAt(k)
		if !ok {
			continue
		}
		ref := r.g.names[name.ref]
		switch name.kind {
		case senseDemonym, senseForce:
		case senseActor:
			if homeStates[ref.id] || kindMasks[ref.kind] != maskState || k > m.end && !r.genitiveOnly(m.end, k) {
				return m, true
			}
		default:
			return m, true
		}
		if homeStates[ref.id] {
			m.mask = 0
		}
		if r.setForce(&m, ref.id); m.force != "" && r.has(m.start, cueArmy) {
			r.setActor(&m, ref.id) // "the French army said"
		}
		m.end = k + name.n
		return m, true
	}
	if state := r.described("state"); r.has(m.start, cueArmy) && homeStates[state] { // "the army", without a nation
		m.mask = 0
		if state == maliGovernment {
			state = maliArmy
		}
		r.setActor(&m, state)
		m.vague = true
	}
	return m, !r.civil(m) // "a military solution" is no force
}

// maliArmy is the actor for the army of Mali.
const maliArmy = "mali-army"

// genitiveOnly reports whether nothing but "of" and articles stands from one
// token to another: "soldats de la France".
func (r *reader) genitiveOnly(from, to int) bool {
	if !r.has(from, cueGenitive) {
		return false
	}
	for k := from + 1; k < to; k++ {
		if !r.has(k, cueArticle) && !r.has(k, cueGenitive) {
			return false
		}
	}
	return true
}

// setForce makes the mention one of the actor's troops abroad. The armies of
// the Sahel's own states are no foreign troops at home.
func (r *reader) setForce(m *mention, actor string) {
	if homeStates[actor] {
		return
	}
	m.force, m.mask = actor, m.mask|maskForce
}

// homeStates are the states on whose soil foreign troops stand.
var homeStates = map[string]bool{"mali-government": true, "mali-army": true, "niger-government": true, "burkina-government": true, "aes": true, "g5-sahel": true}
