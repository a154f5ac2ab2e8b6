package classify

import (
	"unicode/utf8"

	"palabre/lang"
	"palabre/statement"
)

// mention is a place of the text that names or describes an actor, a person, a
// force or a place. Start and End are token indices.
type mention struct {
	start, end int
	mask       mentionMask
	holder     holder
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

// namesTroops reports whether the mention is of troops, by name or by pronoun.
func (m *mention) namesTroops() bool { return m.troops || m.pronoun && m.force != "" }

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
			best, ok = nameHit{h.sense.kind, h.sense.ref, n, h.off}, true
		}
	}
	return best, ok
}

// nameReaches reports whether the name of an actor begins before token end and
// goes beyond it.
func (r *reader) nameReaches(i, end int) bool {
	for ; i < end; i++ {
		for _, h := range r.hitsAt(i) {
			if (h.sense.kind == senseActor || h.sense.kind == senseForce) && i+int(h.n) > end {
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
	for i := 0; i < len(r.text.Tokens); {
		if len(r.hitsAt(i)) == 0 {
			r.surname(i)
			i++
			continue
		}
		m, ok := r.mentionFrom(i)
		if !ok {
			i++
			continue
		}
		r.enter(&m)
		i = m.end
	}
}

// surname enters the mention of somebody who was introduced before and is now
// called by his last name alone.
func (r *reader) surname(i int) {
	if len(r.doc.surnames) == 0 || r.text.Tokens[i].Kind != lang.Word {
		return
	}
	if h, ok := r.doc.surnames[string(r.text.Folded(i))]; ok {
		m := mention{start: i, end: i + 1, mask: maskPerson}
		r.setActor(&m, h.actor)
		m.holder = h
		r.enter(&m)
	}
}

// introduce remembers the last name of whoever an office or a body is named
// with: the unknown words behind it, "… foreign minister, Robert Dussey", or the
// last of a known name.
func (r *reader) introduce(m *mention) {
	const longest, least = 5, 4 // words of a name; letters of a last name
	if !m.office && m.mask&maskPerson == 0 || !m.holder.known() || m.echo {
		return
	}
	last := m.end - 1
	if m.holder.speaker == "" {
		i := m.end
		if i < len(r.text.Tokens) && r.text.Tokens[i].Kind == lang.Comma {
			i++
		}
		first := i
		for i < len(r.text.Tokens) && i-first < longest && r.isNamePart(i) {
			i++
		}
		if last = i - 1; i-first < 2 { // a given name and a last name
			return
		}
	} else if m.end-m.start < 2 {
		return
	}
	if name := r.text.Folded(last); utf8.RuneCount(name) >= least && len(r.hitsAt(last)) == 0 {
		r.doc.surnames[string(name)] = m.holder
	}
}

// isNamePart reports whether token i may be part of a name that nobody knows.
func (r *reader) isNamePart(i int) bool {
	t := &r.text.Tokens[i]
	return t.Kind == lang.Word && len(r.hitsAt(i)) == 0 && (t.Upper || t.Script == lang.Arabic)
}

func (r *reader) enter(m *mention) {
	r.apposition(m)
	r.introduce(m)
	m.oblique = m.oblique || r.behindPreposition(m.start)
	r.mentions = append(r.mentions, *m)
	r.mentionAt[m.start] = int32(len(r.mentions))
	r.remember(m)
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
	if m.holder.speaker != "" {
		d.actors[m.holder.speaker] = true
		d.sahel = d.sahel || m.mask&maskState == 0 // such as Mahmoud Dicko; statesmen speak of the whole world
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
		}
		d.states = addNew(d.states, m.holder.actor)
		d.sahel = d.sahel || sahelStates[m.holder.actor]
	}
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

// mentionFrom reads the mention that begins at token i.
func (r *reader) mentionFrom(i int) (mention, bool) {
	name, ok := r.nameAt(i)
	if !ok {
		return r.bareMention(i)
	}
	ref := r.g.names[name.ref]
	end := i + name.n
	m := mention{start: i, end: end, oblique: name.off&lang.Preposition != 0, joined: name.off&lang.Conjunction != 0}
	switch name.kind {
	case sensePress:
		return m, false
	case sensePlace:
		r.doc.places[ref.id] = true
		r.doc.sahel = true
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

// pronounReach is the most tokens between troops and the pronoun for them.
const pronounReach = 20

// bareMention reads what has no name: pronouns and troops.
func (r *reader) bareMention(i int) (mention, bool) {
	m := mention{start: i, end: i + 1}
	switch {
	case r.has(i, cuePronoun):
		m.mask, m.pronoun = maskPronoun, true
		if t := r.troopsBefore(i); t != nil {
			m.force, m.mask = t.force, maskPronoun|maskForce
		}
		return m, true
	case r.has(i, cueTroops) || r.has(i, cueArmy):
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
	for _, h := range r.hitsAt(m.start) {
		if h.sense.isCue(cueThem) {
			m.end = max(m.end, m.start+int(h.n))
		}
	}
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

// namesake reports whether a surname that stands alone follows a given name that
// is not known, and so belongs to somebody else.
func (r *reader) namesake(m *mention) bool {
	if m.end-m.start != 1 || m.start == 0 {
		return false
	}
	before := &r.text.Tokens[m.start-1]
	if before.Kind != lang.Word || len(r.hitsAt(m.start-1)) > 0 {
		return false
	}
	if before.Script == lang.Arabic {
		return m.start > 1 && r.has(m.start-2, cueSay)
	}
	return before.Upper
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

func (r *reader) person(m *mention, id string) {
	actor := id
	if r.s.Issuer != "" && r.s.Speaker == id {
		actor = r.s.Issuer // who filed the text says for whom this person speaks in it
	} else if body := r.doc.speakFor[id]; body != "" {
		actor = body
	} else if p := r.p.person(id); p != nil {
		if a := p.ActorAt(r.when); a != "" {
			actor = a
		}
	}
	r.setActor(m, actor)
	m.mask |= maskPerson
	m.holder.speaker = id
}

// speakFor makes a person speak for the body that the text names with him: that
// of somebody out of office, or a movement or council of several that he serves.
// An ambassador "to Mali" does not speak for that state.
func (r *reader) speakFor(m *mention, body string) {
	a := r.p.actor(body)
	if a == nil || m.holder.actor != m.holder.speaker && a.Kind == statement.State {
		return
	}
	speaker := m.holder.speaker
	r.setActor(m, body)
	m.holder.speaker = speaker
	r.doc.speakFor[speaker] = body
}

// apposition gives a person the body that an office behind his name tells: "Bilal
// Ag Acherif, president of the CMA".
func (r *reader) apposition(m *mention) {
	if !m.office || m.vague || m.holder.speaker != "" || len(r.mentions) == 0 {
		return
	}
	last := &r.mentions[len(r.mentions)-1]
	if last.holder.speaker == "" || m.start == last.end || m.start-last.end > 2 {
		return
	}
	for k := last.end; k < m.start; k++ {
		if r.text.Tokens[k].Kind != lang.Comma && !r.isMark(k) && !r.has(k, cueArticle) {
			return
		}
	}
	r.speakFor(last, m.holder.actor)
}

// actor reads the name of a body, with an office and a person behind it:
// "Mali's prime minister Choguel Maïga", "JNIM leader Iyad ag Ghaly".
func (r *reader) actor(m mention, ref nameRef) (mention, bool) {
	if kindMasks[ref.kind] == maskState && r.civil(m) {
		m.mask = maskPlace // "the Algiers process"
		return m, true
	}
	r.setActor(&m, ref.id)
	if m.mask&maskGroup != 0 {
		r.namedGroup(&m)
	}
	at := m.end
	if at < len(r.text.Tokens) && string(r.text.Folded(at)) == "s" {
		at++
	}
	if r.verbFirstOrGenitive() {
		return m, true
	}
	for k := at; k < min(at+4, len(r.text.Tokens)); k++ {
		if r.text.Tokens[k].Kind != lang.Word || r.endsName(k) || r.has(k, cueOblique) {
			break
		}
		if name, ok := r.nameAt(k); ok {
			switch name.kind {
			case senseOffice:
				return r.office(mention{start: m.start, end: k + name.n}, r.g.names[name.ref].id, ref.id)
			case senseActor:
				if inner := r.g.names[name.ref]; (k == at || at > m.end && kindMasks[inner.kind] == maskGroup) && kindMasks[inner.kind] != maskState {
					return r.actor(mention{start: m.start, end: k + name.n}, inner)
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

// verbFirstOrGenitive reports whether an office stands before its body in this
// language only, as in French and Arabic.
func (r *reader) verbFirstOrGenitive() bool { return r.g.lang != "en" }

// demonym reads an adjective of nationality: with troops it is a force, with an
// office an actor, alone the nation's people or force.
func (r *reader) demonym(m mention, ref nameRef) (mention, bool) {
	if r.g.lang == "en" && r.compound(&m) {
		return m, false
	}
	for k := m.end; k < min(m.end+4, len(r.text.Tokens)); k++ {
		if r.text.Tokens[k].Kind != lang.Word || r.endsName(k) {
			break
		}
		if name, ok := r.nameAt(k); ok {
			switch name.kind {
			case senseOffice:
				return r.office(mention{start: m.start, end: k + name.n}, r.g.names[name.ref].id, ref.id)
			case senseActor:
				if k == m.end {
					return r.actor(mention{start: m.start, end: k + name.n}, r.g.names[name.ref])
				}
			}
		}
		if r.has(k, cueTroops) {
			r.setForce(&m, ref.id)
			m.troops, m.end = true, k+1
			return m, true
		}
	}
	if forceTargets[ref.id] && ref.id != foreignForce && !r.civil(m) && (r.standsAlone(&m) || r.beside(&m, cueDeployment)) { // what is foreign need not be a force
		r.setForce(&m, ref.id)
	}
	if m.start > 0 && r.has(m.start-1, cueArticle) {
		r.setActor(&m, ref.id)
	}
	return m, true
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
	return r.beside(&m, cueCivil)
}

// troopsMention reads "troops" with the nation behind it: "troupes françaises",
// "soldats de l'ONU", "القوات الفرنسية".
func (r *reader) troopsMention(m mention) (mention, bool) {
	m.mask, m.troops = maskForce, true
	for k := m.end; k < min(m.end+4, len(r.text.Tokens)); k++ {
		if r.text.Tokens[k].Kind != lang.Word || r.endsName(k) {
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
		r.setForce(&m, ref.id)
		m.end = k + name.n
		return m, true
	}
	if r.has(m.start, cueArmy) && homeStates[r.described("state")] {
		m.mask = 0
		r.setActor(&m, maliArmy) // "the army", without a nation
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

// office reads an office and looks for its body: an adjective or name behind it
// ("président français", "chef du Jnim"), a person ("ministre … Diop"), or what
// was named before ("le ministre"). body is set where it stood before it.
func (r *reader) office(m mention, kind, body string) (mention, bool) {
	m.office = true
	if body == "" && m.start > 0 && r.has(m.start-1, cuePossessive) {
		m.mask, m.pronoun = maskPronoun, true // "its spokesman"
		return m, true
	}
	either, chair := r.officeOfGroups(&m), false
	if body == "" {
		body = r.seat(&m, kind, either)
	}
	for k := m.end; k < min(m.end+6, len(r.text.Tokens)); k++ {
		tok := &r.text.Tokens[k]
		if tok.Kind != lang.Word && tok.Kind != lang.Comma && tok.Kind != lang.Open || r.endsName(k) || r.has(k, cueTroops) || r.has(k, cueOblique) && !r.has(k, cueGenitive) {
			break
		}
		name, ok := r.nameAt(k)
		if !ok {
			if tok.Kind == lang.Comma && k > m.end+1 {
				break
			}
			continue
		}
		ref := r.g.names[name.ref]
		switch name.kind {
		case sensePerson:
			r.person(&m, ref.id)
			r.speakFor(&m, body)
			m.end = k + name.n
			return m, true
		case senseDemonym, senseActor:
			of := k-m.end <= 2 && (kindMasks[ref.kind] == maskSociety || ref.kind == "") // "the president of the league"
			if body == "" && (r.bearsOn(kind, ref) || either && r.bearsOn("group", ref) || of && name.kind == senseActor) {
				body = ref.id
				m.end = k + name.n
			}
		case senseOffice: // "chef d'état-major": the office that follows tells whose it is
			m.end, kind = k+name.n, ref.id
			chair = kind == "body"
		}
	}
	m.vague = body == ""
	switch {
	case body == "" && chair:
		body = civilSociety // "the head of an association"
	case body == "" && either:
		body = r.lastSubject(&m)
	case body == "":
		body = r.described(kind)
	}
	r.setActor(&m, body)
	if m.holder.known() {
		return m, true
	}
	m.mask |= maskPronoun
	m.pronoun = true
	return m, true
}

// lastSubject returns the body that a spokesman or leader without a name speaks
// for: the latest that stood as a subject.
func (r *reader) lastSubject(m *mention) string {
	if a := r.p.actor(r.doc.issuer.actor); a != nil && a.Kind != statement.State {
		return a.ID // "the spokesman", "the Secretary-General" of who issues the text
	}
	for n := len(r.mentions) - 1; n >= 0; n-- {
		if mm := &r.mentions[n]; mm.holder.known() && !mm.oblique && !mm.troops && mm.holder.actor != anyGroup && mm.mask&(maskState|maskGroup) != 0 {
			return mm.holder.actor
		}
	}
	return r.described("state")
}

// officeOfGroups reports whether armed groups have the office too: a spokesman,
// a leader.
func (r *reader) officeOfGroups(m *mention) bool {
	for _, h := range r.hitsAt(m.start) {
		if h.sense.kind == senseOffice && m.start+int(h.n) == m.end && r.g.names[h.sense.ref].id == "group" {
			return true
		}
	}
	return false
}

// seat returns the state in which an office is said to sit, or the body for which
// somebody speaks, and takes it into the mention: "the junta in Niger", "a
// spokesman for the CMA".
func (r *reader) seat(m *mention, kind string, either bool) string {
	if kind != "state" && !either {
		return ""
	}
	for k := m.end; k < min(m.end+2, len(r.text.Tokens)-1); k++ { // an adjective may stand between
		if _, named := r.nameAt(k); named || r.endsName(k) {
			return ""
		}
		if !r.has(k, cueOblique) || r.has(k, cueGenitive) {
			continue
		}
		at := k + 1
		for at < len(r.text.Tokens)-1 && r.has(at, cueArticle) {
			at++
		}
		name, ok := r.nameAt(at)
		if !ok || name.kind != senseActor {
			return ""
		}
		if mask := kindMasks[r.g.names[name.ref].kind]; mask != maskState && !(either && k == m.end) {
			return ""
		}
		m.end = at + name.n
		return r.g.names[name.ref].id
	}
	return ""
}

// bearsOn reports whether the body can hold an office of the kind.
func (r *reader) bearsOn(kind string, ref nameRef) bool {
	mask := kindMasks[ref.kind]
	if a := r.p.actor(ref.id); a != nil {
		mask = kindMasks[a.Kind]
	}
	switch kind {
	case "state":
		return mask == maskState
	case "group":
		return mask == maskGroup
	}
	return mask != 0
}

// civilSociety is the actor that stands for associations without a name.
const civilSociety = "mali-civil-society"

// described returns the body that a description without a name refers to.
func (r *reader) described(kind string) string {
	d := &r.doc
	switch kind {
	case "state":
		d.described = true
		if a := r.p.actor(d.issuer.actor); a != nil && a.Kind == statement.State {
			return a.ID // "the Government" of whoever speaks
		}
		if d.mainState != "" {
			return d.mainState
		}
		if d.lastState != "" {
			return d.lastState
		}
		return "mali-government"
	case "group":
		if d.mainGroup != "" {
			return d.mainGroup
		}
		return d.lastGroup
	}
	return ""
}

// anaphor reads "le groupe", "the mission": the latest of its kind.
func (r *reader) anaphor(m mention, kind string) (mention, bool) {
	if kind == "force" {
		m.mask, m.troops, m.force = maskForce, true, r.doc.lastForce
		return m, m.force != ""
	}
	if kind == "own" || kind == "text" {
		m.mask, m.pronoun, m.issuer = maskPronoun, true, kind == "text"
		return m, true
	}
	m.vague = true
	r.setActor(&m, r.described(kind))
	return m, m.holder.known()
}

// behindPreposition reports whether a preposition governs the token at i,
// articles apart.
func (r *reader) behindPreposition(i int) bool {
	for k, far := i-1, i-2; k >= 0 && k >= far; k-- {
		if r.isMark(k) {
			far--
			continue
		}
		if r.has(k, cueGenitive) && k > 0 && (r.has(k-1, cueQuantity) || r.has(k-1, cueSay) || r.has(k-1, cueAccording)) {
			return false // "70 percent of Malians", "scandent des manifestants"
		}
		if r.has(k, cueOblique) {
			return !r.has(k, cueGenitive) || !r.opensClause(k, r.sentenceOf(k).Start) // "Des imams"
		}
		if !r.has(k, cueArticle) {
			return false
		}
	}
	return false
}
