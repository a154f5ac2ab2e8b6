package classify

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"palabre/lang"
	"palabre/statement"
)

// bracketed reports whether the mention stands among other words in brackets, where
// nobody is the subject of what is outside: "(Economic Community of West African
// States, also called ECOWAS)". A name alone in them may be the only one known.
func (r *reader) bracketed(m *mention) bool {
	const longest = 20 // tokens from the bracket
	opens := func(i int) bool {
		return r.text.Tokens[i].Kind == lang.Bracket && strings.IndexByte("([", r.text.Source[r.text.Tokens[i].Start]) >= 0
	}
	for k := m.start - 1; k >= max(0, m.start-longest) && !r.isBoundary(k); k-- {
		if r.text.Tokens[k].Kind == lang.Bracket {
			alone := k == m.start-1 && m.end < len(r.text.Tokens) && r.text.Tokens[m.end].Kind != lang.Word
			return opens(k) && !alone
		}
	}
	return false
}

// leads reports whether the mention leads a body that nobody knows and that nobody
// else stands before in its clause, so that it stands for it: "a convoy led by Imam
// Dicko". A description that is followed by who leads it is whose the leader is.
func (r *reader) leads(m *mention) bool {
	verb := r.rightBefore(m.start, cueLedBy)
	if verb < 0 || !m.holder.known() {
		return false
	}
	low := r.clauseStart(verb, r.sentenceOf(verb).Start)
	for n := len(r.mentions) - 1; n >= 0 && r.mentions[n].start >= low; n-- {
		switch led := &r.mentions[n]; {
		case led.pronoun && led.office && led.end == verb:
			led.pronoun, led.mask, led.holder = false, m.mask&^maskPerson, holder{actor: m.holder.actor, group: m.holder.group}
			return false
		case led.pronoun || led.holder.known():
			return false
		}
	}
	return true
}

// post is an office while it is read: its kind, the body that it belongs to, "" as
// long as none is known, whether armed groups have it too, and whether it is the
// chair of some association.
type post struct {
	kind, body    string
	either, chair bool
	any           bool // it may be one of any body
	other         bool // its body is a group that has a name and no identifier
}

// office reads an office and looks for its body: an adjective or name behind it
// ("président français", "chef du Jnim"), a person ("ministre … Diop"), or what
// was named before ("le ministre"). body is set where it stood before it.
func (r *reader) office(m mention, kind, body string) (mention, bool) {
	m.office = true
	if body == "" && m.start > 0 && r.has(m.start-1, cuePossessive) && !r.ofNation(m.end) {
		m.mask, m.pronoun = maskPronoun, true // "its spokesman"
		return m, true
	}
	o := post{kind: kind, body: body, either: r.isOffice(&m, "group"), any: r.isOffice(&m, "body")}
	head := r.headWord(&m)
	if o.body == "" {
		o.body = r.seat(&m, kind, o.either)
	}
	if o.body == "" && r.ofStranger(&m, &o) {
		return m, false
	}
	if r.readPost(&m, &o) {
		r.doc.posts[head] = m.holder.actor
		return m, true
	}
	if r.formerly(&m) && !r.bearsOn("group", nameRef{id: o.body}) {
		return r.retired(m, o.body)
	}
	switch m.vague = o.body == ""; {
	case m.vague && r.has(m.end-1, cueGenitive):
		return m, false // "governments of" nobody known
	case m.vague:
		o.body = cmp.Or(r.openingLand(m.start), r.doc.posts[head])
	default:
		r.doc.posts[head] = o.body
	}
	m.oblique = m.oblique || r.g.verbFirst && strings.HasSuffix(r.word(m.start), "ا") && !r.isDual(&m) // the accusative, "رئيسا"
	switch {
	case o.body == "" && o.chair:
		o.body = civilSociety // "the head of an association"
	case o.body == "" && o.kind != "state" && o.either && o.any && !r.isOffice(&m, "state"):
		o.body = r.described("body")
	case o.body == "" && o.either:
		o.body = r.lastSubject(&m)
	case o.body == "" && r.within(m.start, m.end, cueRegime):
		o.body = r.regime()
	case o.body == "":
		o.body = r.described(o.kind)
	}
	if r.setActor(&m, o.body); m.holder.known() {
		m.holder.other = o.other
		return m, true
	}
	m.mask |= maskPronoun
	m.pronoun = true
	return m, true
}

// sides are the French words that open a sentence with the camp of those in it: "du
// côté de l'opposition, …", "dans les rangs de la CMA, …".
var sides = map[string]bool{"cote": true, "sein": true, "rangs": true, "chez": true}

// ofTheState are words behind "of" that tell of a state although they name none: "the
// head of the transition".
var ofTheState = map[string]bool{
	"etat": true, "republique": true, "transition": true, "nation": true, "diplomatie": true, "assemblee": true, "parlement": true, "securite": true, "defense": true, "police": true,
	"state": true, "republic": true, "parliament": true, "assembly": true, "diplomacy": true, "security": true, "defence": true, "cabinet": true,
}

// ofStranger reports whether an office that any body may have is told to be that of
// something that nobody knows: "le secrétaire général du syndicat des mines", "the head
// of the hospital".
func (r *reader) ofStranger(m *mention, o *post) bool {
	if r.g.verbFirst || !o.either && !o.any || m.end >= len(r.text.Tokens) || !r.has(m.end, cueGenitive) && !r.has(m.end, cueSeat) {
		return false
	}
	k := m.end
	for k < len(r.text.Tokens) && (r.has(k, cueGenitive) || r.has(k, cueSeat) || r.has(k, cueArticle)) {
		k++
	}
	if k == len(r.text.Tokens) || r.text.Tokens[k].Kind != lang.Word || r.cues[k]&(1<<cueName|1<<cueCountry|1<<cueRegime|1<<cueArmy|1<<cueTroops) != 0 {
		return false
	}
	return !ofTheState[string(r.text.Folded(k))]
}

// openingLand returns the state from abroad with which the sentence of token i opens,
// or "": offices without one are then its own, "À Paris, le ministère …". So are those
// of a camp that it opens with.
func (r *reader) openingLand(i int) string {
	low := r.sentenceOf(i).Start
	side := false
	for k := low; k < min(low+5, i); k++ {
		mm := r.mentionStarting(k)
		if mm == nil {
			side = side || r.g.lang == "fr" && sides[string(r.text.Folded(k))]
			continue
		}
		comma := r.commaAfter(mm.end, i) // an adjective may stand before it: "l'opposition malienne,"
		opens := k > low && comma == mm.end && comma < i
		if side && comma <= mm.end+1 && comma < i && mm.mask&maskActor != 0 || opens && k < low+3 && mm.oblique && mm.mask&maskState != 0 && !mm.office && !mm.vague {
			return mm.holder.actor
		}
		return ""
	}
	return ""
}

// formerly reports whether whoever has the office has it no more: "l'ancien
// président", "Mali's former prime minister", "الرئيس السابق".
func (r *reader) formerly(m *mention) bool {
	from, to := max(0, m.start-1), m.end
	if r.g.verbFirst {
		from, to = m.start, min(m.end+1, len(r.cues))
	}
	return r.within(from, to, cueFormer)
}

// retired gives an office that is held no more to the person named last who held
// one of the body, or to whoever was named last if it names none. Else whoever it was speaks for nobody but himself: in Mali he is
// of civil society, elsewhere nobody known.
func (r *reader) retired(m mention, body string) (mention, bool) {
	m.vague = true
	for n := len(r.mentions) - 1; n >= max(0, len(r.mentions)-remembered); n-- {
		last := &r.mentions[n]
		p := r.p.person(last.holder.speaker)
		if p != nil && body == "" && !last.holder.group || p != nil && slices.ContainsFunc(p.Roles, func(role statement.Role) bool { return role.Actor == body }) {
			m.holder, m.mask = last.holder, last.mask
			return m, true
		}
	}
	if body == maliGovernment || body == maliArmy {
		r.setActor(&m, civilSociety)
	}
	return m, true
}

// headWord returns the noun of an office, by which it is spoken of again: that of
// "le ministre des affaires étrangères", "foreign minister" and "والوزير".
func (r *reader) headWord(m *mention) string {
	if r.officeComesFirst() {
		word := r.text.Folded(m.start)
		if _, bare, ok := bytes.Cut(word, []byte("ال")); ok && r.g.verbFirst && len(word)-len(bare) <= len("وال") {
			word = bare
		}
		return r.g.lex.words.spell(word)
	}
	return r.g.lex.words.spell(r.text.Folded(m.end - 1))
}

// ofNation reports whether a nationality stands at token i, which tells whose the
// office before it is: "son homologue américain".
func (r *reader) ofNation(i int) bool {
	if i >= len(r.text.Tokens) {
		return false
	}
	name, ok := r.nameAt(i)
	return ok && name.kind == senseDemonym
}

// endsPost are the cues behind which nothing belongs to an office any more.
const endsPost = 1<<cueCond | 1<<cueUntil | 1<<cueUnless | 1<<cueBut

// postReach is the most tokens between an office and what belongs to it.
const postReach = 6

// readPost reads what stands behind an office and takes it into the mention. It
// reports whether that names a person, who settles for whom the office speaks.
func (r *reader) readPost(m *mention, o *post) (person bool) {
	for k := m.end; k < min(m.end+postReach, len(r.text.Tokens)); k++ {
		tok := &r.text.Tokens[k]
		of := k-m.end <= 2 && r.has(m.end, cueGenitive) || r.g.verbFirst && k == m.end         // nothing stands for "of" in Arabic
		if of && o.body == "" && (r.has(k, cueArmy) || r.g.verbFirst && r.has(k, cueTroops)) { // "the spokesman of the French army"
			if army, _ := r.troopsMention(mention{start: k, end: k + 1}); army.force != "" {
				o.body, m.end = army.force, army.end
				break
			}
			if !r.g.verbFirst {
				break
			}
		}
		if tok.Kind != lang.Word && tok.Kind != lang.Comma && tok.Kind != lang.Open || r.endsName(k) || r.has(k, cueTroops) || r.cues[k]&endsPost != 0 || r.newPhrase(k) {
			break
		}
		name, ok := r.nameAt(k)
		if r.fromGroup(m, o, k) || r.has(k, cueOblique) && !r.has(k, cueGenitive) && !(ok && name.kind == sensePerson) { // علي is a name too
			break
		}
		if !ok {
			if tok.Kind == lang.Comma && k > m.end+1 {
				break
			}
			continue
		}
		if name.kind == sensePerson {
			if r.behindPreposition(k) && r.commaAfter(m.end, k) < k {
				break // "the chief, long close to Iyad Ag Ghaly"
			}
			r.person(m, r.g.names[name.ref].id)
			r.speakFor(m, o.body)
			m.end = k + name.n
			return true
		}
		if o.body != "" && r.commaAfter(m.end, k) < k {
			break // "Mali's prime minister, the French minister"
		}
		r.joinPost(m, o, name, k, of)
	}
	return false
}

// joinsPost are the cues of words behind which an article goes on with an office.
const joinsPost = 1<<cueGenitive | 1<<cueSeat | 1<<cueOblique | 1<<cueAnd | 1<<cueArticle

// newPhrase reports whether the article at token k begins what does not belong to
// the office before it: "le ministre évoque les chefs du FLA". It does not behind
// "of", a comma or "and".
func (r *reader) newPhrase(k int) bool {
	return r.newArabicPhrase(k) || !r.g.verbFirst && r.has(k, cueArticle) && !r.has(k, cueGenitive) && r.cues[k-1]&joinsPost == 0 && r.text.Tokens[k-1].Kind == lang.Word
}

// joinPost joins an office with the name at token k behind it, if it tells whose
// the office is. of tells whether it stands there as behind "of".
func (r *reader) joinPost(m *mention, o *post, name nameHit, k int, of bool) {
	if r.newNoun(name, k) {
		return
	}
	ref := r.g.names[name.ref]
	if ref.id == anyGroup && name.vague { // "the leader of the militant group Ansar Dine"
		group := mention{start: k, end: k + name.n, vague: true, holder: holder{actor: anyGroup}}
		if r.namedGroup(&group); group.holder.actor != anyGroup {
			ref, name.n = nameRef{id: group.holder.actor, kind: statement.ArmedGroup}, group.end-k
		}
	}
	body, near := "", k-m.end <= 2
	switch name.kind {
	case senseDemonym, senseActor:
		if o.chair && kindMasks[ref.kind] == maskState && ref.kind != statement.Body {
			return // "le secrétaire du syndicat des mines du Mali" is of no state
		}
		chair := near && name.kind == senseActor && (kindMasks[ref.kind] == maskSociety || ref.kind == "") // "the president of the league"
		if chair || name.kind == senseDemonym && ref.id == unnamed || r.bearsOn(o.kind, ref) || o.either && r.bearsOn("group", ref) || near && o.any && name.kind == senseActor && r.bearsOn("body", ref) {
			body = ref.id
		}
	case senseAnaphor:
		if near && o.either && ref.id == "group" { // "the leaders of the katiba"
			body = cmp.Or(r.described("group"), anyGroup)
		}
	case senseForce:
		if of { // "the head of MINUSMA"
			body = ref.id
		}
	case senseOffice: // "chef d'état-major": the office that follows tells whose it is
		m.end, o.kind = k+name.n, ref.id
		o.chair = o.kind == "body"
	}
	if o.body == "" && body != "" {
		o.body, m.end = body, k+name.n
		o.other = body == anyGroup && name.kind == senseActor && !name.vague
	}
}

// newNoun reports whether the Arabic name at token k cannot belong to the noun before
// it, since that has the article: "كلفت الحكومة المجلس الإسلامي".
func (r *reader) newNoun(name nameHit, k int) bool {
	if !r.g.verbFirst || name.kind != senseActor && name.kind != senseForce || name.off&lang.Preposition != 0 || !bytes.HasPrefix(r.text.Folded(k-1), []byte("ال")) {
		return false
	}
	adjective := name.vague && kindMasks[r.g.names[name.ref].kind] == maskState // "الرئيس الفرنسي"
	return !adjective && !slices.ContainsFunc(r.hitsAt(k), func(h hit) bool { return h.sense.kind == senseDemonym })
}

// lastSubject returns the body that a spokesman or leader without a name speaks
// for: the latest that stood as a subject.
func (r *reader) lastSubject(m *mention) string {
	for _, h := range [...]holder{r.doc.issuer, r.doc.author} {
		if a := r.p.actor(h.actor); a != nil && a.Kind != statement.State {
			return a.ID // "the spokesman", "the Secretary-General" of who issues the text
		}
	}
	if r.doc.mainBody != "" {
		return r.doc.mainBody
	}
	return r.described("state")
}

// isOffice reports whether bodies of the kind have the office too: armed groups
// have spokesmen and leaders.
func (r *reader) isOffice(m *mention, kind string) bool {
	for _, h := range r.hitsAt(m.start) {
		if h.sense.kind == senseOffice && m.start+int(h.n) == m.end && r.g.names[h.sense.ref].id == kind {
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
		if !r.has(k, cueSeat) || r.has(k, cueGenitive) {
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
		if mask := kindMasks[r.g.names[name.ref].kind]; mask != maskState && !((either || mask == maskGroup) && k == m.end) {
			return ""
		}
		m.end = at + name.n
		return r.g.names[name.ref].id
	}
	return ""
}

// regime returns whose "the junta" is: of the states whose soldiers rule them the
// one that speaks, or was named before, or else that of the places named.
func (r *reader) regime() string {
	d := &r.doc
	d.described = true
	for _, state := range [...]string{d.issuer.actor, d.mainState, d.lastState, d.lastLand, d.home} {
		if homeStates[state] {
			return state
		}
	}
	d.unnamed = true
	return maliGovernment
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

// maliGovernment is the actor for the state of Mali.
const maliGovernment = "mali-government"

// described returns the body that a description without a name refers to: of
// states the one named before as a subject, or at all, or that of the places named
// before, or the one that the whole text names most, or Mali.
func (r *reader) described(kind string) string {
	d := &r.doc
	switch kind {
	case "state":
		d.described = true
		if a := r.p.actor(d.issuer.actor); a != nil && a.Kind == statement.State {
			return a.ID // "the Government" of whoever speaks
		}
		switch {
		case d.mainState != "":
			return d.mainState
		case d.lastState != "" && (homeStates[d.lastState] || d.lastLand == ""):
			return d.lastState
		case d.lastLand != "":
			return d.lastLand
		}
		d.unnamed = true
		return cmp.Or(d.home, maliGovernment)
	case "group":
		if d.mainGroup != "" {
			return d.mainGroup
		}
		return d.lastGroup
	case "body":
		return cmp.Or(d.namedBody, d.mainGroup, d.lastGroup, d.lastBody)
	}
	return ""
}
