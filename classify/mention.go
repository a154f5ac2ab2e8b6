package classify

import (
	"slices"

	"palabre/lang"
	"palabre/statement"
)

// mention is a place of the text that names or describes an actor, a person, a
// force or a place. Start and End are token indices.
type mention struct {
	start, end int
	mask       mentionMask
	holder     holder
	also       holder // the second of "both sides"
	force      string // whose force; "" for troops without a name
	oblique    bool   // behind a preposition: no subject
	pronoun    bool
	troops     bool // names troops
	joined     bool // "and" is written to its first word
	echo       bool // refers back and is not referred to
	office     bool // named by an office
	vague      bool // a description: whose it is was inferred
	issuer     bool // stands for who issues the text: "the statement", "the heads of state"
}

// kindMasks gives the properties of an actor by its kind.
var kindMasks = map[statement.ActorKind]mentionMask{
	statement.State:      maskState,
	statement.ArmedGroup: maskGroup,
	statement.Coalition:  maskGroup,
	statement.Militia:    maskGroup,
	statement.Body:       maskState,
	statement.Society:    maskSociety,
	statement.Nobody:     maskSociety,
}

// nameHit is the longest name at a token.
type nameHit struct {
	kind senseKind
	ref  int32
	n    int
	off  lang.Clitics

	vague bool // a description
}

// nameAt returns the longest name, office, demonym or description that begins
// at token i. Between names of one length, a person goes before an actor.
func (r *reader) nameAt(i int) (best nameHit, ok bool) {
	for _, h := range r.hitsAt(i) {
		if h.sense.kind == senseAnaphor && r.nameReaches(i+1, i+int(h.n)) {
			continue // "la katiba" in "la katiba Macina"
		}
		if h.sense.kind == senseClass || h.sense.kind == senseWeak || h.sense.kind == senseIssuer {
			continue
		}
		n := int(h.n)
		if !ok || n > best.n || n == best.n && preferred(h.sense.kind, best.kind) {
			best, ok = nameHit{h.sense.kind, h.sense.ref, n, h.off, h.sense.vague}, true
		}
	}
	return best, ok
}

// nameReaches reports whether the name of an actor or army begins before token end and
// goes beyond it.
func (r *reader) nameReaches(i, end int) bool {
	for ; i < end; i++ {
		for _, h := range r.hitsAt(i) {
			if (h.sense.kind == senseActor || h.sense.kind == senseForce || h.sense.isCue(cueArmy)) && i+int(h.n) > end {
				return true
			}
		}
	}
	return false
}

var preference = [...]uint8{senseForce: 6, sensePerson: 5, senseActor: 4, senseOffice: 3, senseAnaphor: 2, senseDemonym: 1, sensePlace: 0, sensePress: 7, senseIssuer: 0, senseWeak: 0}

func preferred(a, b senseKind) bool { return preference[a] > preference[b] }

// findMentions walks the tokens from left to right and joins offices with the
// countries and persons that stand beside them.
func (r *reader) findMentions() {
	r.mentions = r.mentions[:0]
	r.mentionAt = resize(r.mentionAt, len(r.text.Tokens)+1)
	dateline := r.dateline()
	for i := 0; i < len(r.text.Tokens); {
		if !r.mayBeMention(i) {
			if len(r.hitsAt(i)) == 0 {
				r.surname(i)
			}
			i++
			continue
		}
		m, ok := r.mentionFrom(i)
		if !ok {
			i++
			continue
		}
		if i < dateline && m.mask&maskPlace == 0 {
			m.oblique = true // who writes from Paris may write of anybody
			if !sahelStates[m.holder.actor] {
				i = m.end
				continue
			}
		}
		r.enter(&m)
		i = m.end
	}
}

func (r *reader) enter(m *mention) {
	r.unquote(m)
	r.apposition(m)
	r.specify(m)
	m.echo = m.echo || r.nearTo(m) || r.namesAccord(m)
	r.introduce(m)
	m.oblique = !r.leads(m) && (m.oblique || r.behindPreposition(m.start) || r.isAccusative(m) || r.qualifies(m) || r.bracketed(m) || r.inConstruct(m) || r.called(m) || r.listedBehind(m) || r.tellsWhere(m))
	r.possess(m)
	r.mentions = append(r.mentions, *m)
	r.mentionAt[m.start] = int32(len(r.mentions))
	r.remember(m)
}

// tellsWhere reports whether a state between two commas only tells in which country
// the place before it lies: "women in Gao, Mali, marched".
func (r *reader) tellsWhere(m *mention) bool {
	if m.office || m.mask&maskState == 0 || len(r.mentions) == 0 || m.start == 0 || m.end >= len(r.text.Tokens) {
		return false
	}
	last := &r.mentions[len(r.mentions)-1]
	return last.mask&maskPlace != 0 && last.end == m.start-1 && r.text.Tokens[last.end].Kind == lang.Comma && r.text.Tokens[m.end].Kind == lang.Comma
}

// possessReach is the most tokens from an English possessor to what it possesses.
const possessReach = 5

// possess takes from the mention before this one that it can be a subject, where it
// tells whose this one is: "Mali's most influential imams".
func (r *reader) possess(m *mention) {
	if len(r.mentions) == 0 || m.mask&maskState != 0 || m.mask&(maskSociety|maskGroup|maskPerson) == 0 {
		return
	}
	last := &r.mentions[len(r.mentions)-1]
	if !r.genitive(last) || m.start-last.end > possessReach {
		return
	}
	for k := last.end + 1; k < m.start; k++ {
		if r.text.Tokens[k].Kind != lang.Word || r.endsName(k) || r.has(k, cueOblique) || r.has(k, cueAnd) {
			return
		}
	}
	last.oblique = true
}

// listedBehind reports whether the mention ends a list behind a preposition, of which
// it then takes the middle as well: "with al-Qaeda and Islamic State", "from Niger,
// Mali, and Russia", "بين مالي والنيجر". Before a verb it begins a clause.
func (r *reader) listedBehind(m *mention) bool {
	n := len(r.mentions) - 1
	if n < 0 || r.endsName(m.end) || r.has(m.end, cueNeg) {
		return false
	}
	last := &r.mentions[n]
	if last.oblique {
		return !last.pronoun && (m.joined || r.has(last.end, cueAnd)) && r.joins(last.end, m.start, m)
	}
	comma := r.text.Tokens[last.end].Kind == lang.Comma && r.has(last.end+1, cueAnd) && r.joins(last.end, m.start, m)
	if comma && n > 0 && r.mentions[n-1].oblique && r.joins(r.mentions[n-1].end, last.start, last) {
		last.oblique = true
	}
	return comma && last.oblique
}

// remember notes what descriptions and pronouns further on can refer to.
func (r *reader) remember(m *mention) {
	d := &r.doc
	if m.pronoun || m.echo {
		return
	}
	if m.force != "" {
		d.lastForce = m.force
		d.forces = addNew(d.forces, m.force)
	}
	if !m.holder.known() {
		return
	}
	d.actors[m.holder.actor] = true
	if !m.oblique && !m.troops && m.holder.actor != anyGroup && m.mask&(maskState|maskGroup) != 0 && !r.inRelative(m) {
		d.mainBody = m.holder.actor
	}
	if a := r.p.actor(m.holder.actor); a != nil && a.Kind != statement.State && !m.vague && !m.troops && m.holder.actor != anyGroup {
		d.lastBody = a.ID
		if !m.oblique {
			d.namedBody = a.ID
		}
	}
	if m.holder.speaker != "" {
		d.actors[m.holder.speaker] = true
		d.sahel = d.sahel || m.mask&maskState == 0 && r.ofTheSahel(m.holder.speaker) // such as Mahmoud Dicko; statesmen speak of the whole world
	}
	switch {
	case m.mask&maskGroup != 0:
		d.lastGroup = m.holder.actor
		if !m.oblique && m.holder.actor != anyGroup {
			d.mainGroup = m.holder.actor
		}
		d.groups = addNew(d.groups, m.holder.actor)
		d.sahel = d.sahel || m.holder.actor != anyGroup // jihadists are everywhere
	case m.mask&maskState != 0:
		if a := r.p.actor(m.holder.actor); a != nil && a.Kind == statement.State {
			d.lastState = m.holder.actor
			if !m.oblique {
				d.mainState = d.lastState
			}
			if !m.vague && homeStates[m.holder.actor] {
				d.setIn(m.holder.actor)
			}
		}
		d.sahel = d.sahel || sahelStates[m.holder.actor] && !m.vague
	}
}

// ofTheSahel reports whether a person ever spoke for a body of the region.
func (r *reader) ofTheSahel(id string) bool {
	p := r.p.person(id)
	return p != nil && slices.ContainsFunc(p.Roles, func(role statement.Role) bool {
		a := r.p.actor(role.Actor)
		return sahelStates[role.Actor] || a != nil && kindMasks[a.Kind] == maskGroup
	})
}

// sahelStates are the actors whose naming places a text in the Sahel.
var sahelStates = map[string]bool{
	"mali-government": true, "mali-army": true, "niger-government": true, "burkina-government": true, "chad": true,
	"aes": true, "g5-sahel": true, "hcim": true, "mauritania": true, "mali-civil-society": true,
}

func addNew(list []string, s string) []string {
	for _, have := range list {
		if have == s {
			return list
		}
	}
	return append(list, s)
}

// mayBeMention reports whether a name, an office or a word that stands for one
// begins at token i.
func (r *reader) mayBeMention(i int) bool {
	return r.cues[i]&(1<<cueName|1<<cuePronoun|1<<cueTroops|1<<cueArmy|1<<cueThem) != 0
}

// mentionFrom reads the mention that begins at token i.
func (r *reader) mentionFrom(i int) (mention, bool) {
	name, ok := r.nameAt(i)
	if !ok {
		return r.bareMention(i)
	}
	ref := r.g.names[name.ref]
	end := i + name.n
	m := mention{start: i, end: end, oblique: name.off&lang.Preposition != 0, joined: name.off&lang.Conjunction != 0, vague: name.vague}
	switch name.kind {
	case sensePress:
		return m, false
	case sensePlace:
		r.doc.places[ref.id] = true
		r.doc.sahel = true
		r.doc.setIn(r.p.states[ref.id])
		m.mask = maskPlace
		return m, true
	case sensePerson:
		if r.namesake(&m) {
			return m, false
		}
		r.person(&m, ref.id)
		return m, true
	case senseForce:
		m.force, m.troops, m.mask = ref.id, true, maskForce
		if ref.kind != "" {
			m.mask |= maskActor
			m.holder = holder{actor: ref.id}
		}
		return m, true
	case senseDemonym:
		return r.demonym(m, ref)
	case senseOffice:
		return r.office(m, ref.id, "")
	case senseAnaphor:
		return r.anaphor(m, ref.id)
	}
	return r.actor(m, ref)
}

// bareMention reads what has no name: pronouns and troops.
func (r *reader) bareMention(i int) (mention, bool) {
	m := mention{start: i, end: i + 1}
	switch {
	case r.has(i, cueImpersonal): // "il faut"
		return m, false
	case r.has(i, cuePronoun) && r.has(i, cueArticle) && i+1 < len(r.cues) && r.mayBeMention(i+1): // "l'armée"
		return m, false
	case r.has(i, cuePronoun):
		m.mask, m.pronoun = maskPronoun, true
		if t := r.troopsBefore(i); t != nil {
			m.force, m.mask = t.force, maskPronoun|maskForce
		}
		return m, true
	case r.has(i, cueTroops) || r.has(i, cueArmy):
		if m.end = r.endOf(i, cueTroops, cueArmy); r.nameReaches(i+1, m.end) {
			return m, false // "l'armée" in "l'armée malienne"
		}
		return r.troopsMention(m)
	case r.has(i, cueThem):
		return r.them(m)
	}
	return m, false
}

// them reads an object that stands for the other side: "talk to them", "ces
// gens-là". In the words of an armed group it is the state, else the latest
// group. It is no subject, and nothing refers back to it.
func (r *reader) them(m mention) (mention, bool) {
	if r.g.verbFirst && m.start > 0 && withThem[string(r.text.Folded(m.start-1))] {
		return m, false // "and those with them"
	}
	m.end = r.endOf(m.start, cueThem)
	side := r.doc.lastGroup
	if r.doc.issuer.group {
		side = r.described("state")
	}
	if side == "" {
		return m, false
	}
	r.setActor(&m, side)
	m.oblique, m.echo = true, true
	return m, true
}

func (r *reader) setActor(m *mention, id string) {
	if id == "" {
		return
	}
	mask := maskActor
	group := false
	if a := r.p.actor(id); a != nil {
		mask |= kindMasks[a.Kind]
		group = kindMasks[a.Kind] == maskGroup
	} else {
		mask |= maskSociety
	}
	m.mask |= mask
	m.holder.actor, m.holder.group = id, group
}

// actor reads the name of a body, with an office and a person behind it:
// "Mali's prime minister Choguel Maïga", "JNIM leader Iyad ag Ghaly".
func (r *reader) actor(m mention, ref nameRef) (mention, bool) {
	if kindMasks[ref.kind] == maskState && r.civil(m) {
		m.mask = maskPlace // "the Algiers process"
		r.doc.sahel = r.doc.sahel || sahelStates[ref.id]
		return m, true
	}
	if r.setActor(&m, ref.id); ref.id == public && m.vague && r.abroad(&m) {
		r.setActor(&m, unnamed)
	}
	if m.mask&maskGroup != 0 {
		r.namedGroup(&m)
		m.holder.other = m.holder.actor == anyGroup && !m.vague
	}
	at := m.end
	if at < len(r.text.Tokens) && string(r.text.Folded(at)) == "s" {
		at++
	}
	if r.officeComesFirst() {
		if !r.namedPerson(&m) {
			r.ofGroup(&m)
		}
		return m, true
	}
	if r.ofGroup(&m); m.mask&maskGroup != 0 && m.end > at {
		return m, true // "a preacher of JNIM"
	}
	for k := at; k < min(at+4, len(r.text.Tokens)); k++ {
		if r.text.Tokens[k].Kind != lang.Word || r.endsName(k) || r.has(k, cueOblique) || r.cues[k]&openers != 0 {
			break
		}
		if name, ok := r.nameAt(k); ok {
			switch name.kind {
			case senseOffice:
				return r.office(mention{start: m.start, end: k + name.n}, r.g.names[name.ref].id, ref.id)
			case senseActor:
				if named := m.mask&(maskGroup|maskSociety) != 0 && !m.vague && m.holder.actor != anyGroup; named && name.vague && k == at {
					m.end = k + name.n // "HCUA clerics"
					break
				}
				if inner := r.g.names[name.ref]; (k == at || at > m.end && kindMasks[inner.kind] == maskGroup) && kindMasks[inner.kind] != maskState {
					return r.actor(mention{start: m.start, end: k + name.n, vague: name.vague}, inner)
				}
			case sensePerson:
				if k == at {
					r.person(&m, r.g.names[name.ref].id)
					m.end = k + name.n
				}
			}
			break
		}
	}
	if at < len(r.text.Tokens) && r.has(at, cueTroops) && kindMasks[ref.kind] == maskState && (at > m.end || r.acronym(&m)) {
		r.setForce(&m, ref.id)
		m.troops, m.end = true, at+1
	}
	return m, true
}

// unnamed is the actor for somebody real whom nothing names.
const unnamed = "unknown"

// abroad reports whether people without a nation are told to be in another state than
// Mali: "thousands marched in Niamey".
func (r *reader) abroad(m *mention) bool {
	const before, behind = 5, 10 // tokens between the people and where they are
	s := r.sentenceOf(m.start)
	for k := max(s.Start, m.start-before); k < min(s.End, m.end+behind); k++ {
		name, ok := r.nameAt(k)
		if !ok || k > 0 && !r.has(k-1, cueAt) && !r.has(k, cueAt) {
			continue
		}
		id := r.g.names[name.ref].id
		if name.kind == sensePlace {
			id = r.p.states[id]
		}
		if a := r.p.actor(id); a != nil && a.Kind == statement.State {
			return id != maliGovernment
		}
	}
	return false
}

// endsName reports whether token k is a verb, behind which nothing belongs to
// the name or office before it.
func (r *reader) endsName(k int) bool { return r.has(k, cueSay) || r.has(k, cueVerb) }

// acronym reports whether a name is one of few capitals, such as UN or U.S.,
// which stands before nouns as an adjective does.
func (r *reader) acronym(m *mention) bool {
	const longest = 3 // letters
	for i := m.start; i < m.end; i++ {
		if t := &r.text.Tokens[i]; !t.Caps || t.End-t.Start > longest {
			return false
		}
	}
	return true
}

// officeComesFirst reports whether an office stands before its body in this
// language, as in French and Arabic.
func (r *reader) officeComesFirst() bool { return r.g.lang != "en" }

// behindPreposition reports whether a preposition governs the token at i,
// articles apart.
func (r *reader) behindPreposition(i int) bool {
	for k, far := i-1, i-3; k >= 0 && k >= far; k-- {
		if r.isMark(k) {
			far--
			continue
		}
		if r.has(k, cueGenitive) && k > 0 && (r.has(k-1, cueQuantity) || r.text.Tokens[k-1].Kind == lang.Number || r.has(k-1, cueSay) || r.has(k-1, cueAccording)) {
			return false // "70 percent of Malians", "scandent des manifestants"
		}
		if r.has(k, cueOblique) {
			if r.takesPronoun(k) {
				return false
			}
			return !r.has(k, cueGenitive) || !r.opensClause(k, r.sentenceOf(k).Start) // "Des imams"
		}
		if !r.has(k, cueArticle) {
			return false
		}
	}
	return false
}
