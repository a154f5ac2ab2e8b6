package classify

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"palabre/lang"
	"palabre/statement"
)

// takesPronoun reports whether the Arabic preposition at token i has its object
// written to it, so that it governs nothing behind it: "أعلن فيه الرئيس".
func (r *reader) takesPronoun(i int) bool {
	if !r.g.verbFirst {
		return false
	}
	for _, h := range r.hitsAt(i) {
		if h.sense.isCue(cueOblique) && h.off&lang.Pronoun == 0 {
			return false
		}
	}
	return true
}

// inConstruct reports whether the mention tells whose a noun behind a preposition is:
// "في لقاء الوزير", "قبل زيارة الرئيس".
func (r *reader) inConstruct(m *mention) bool {
	if !r.g.verbFirst || m.joined || m.start < 2 || r.text.Tokens[m.start-1].Kind != lang.Word || len(r.hitsAt(m.start-1)) > 0 {
		return false
	}
	return r.has(m.start-2, cueOblique) && !r.takesPronoun(m.start-2)
}

// vocatives are the Arabic words behind which somebody is called.
var vocatives = lang.FoldSet("يا", "أيها", "أيتها", "ويا", "فيا")

// called reports whether the mention is of those who are spoken to: "يا أهل كيدال".
func (r *reader) called(m *mention) bool {
	return r.g.verbFirst && m.start > 0 && vocatives[string(r.text.Folded(m.start-1))]
}

// fromGroup takes into an office the group that it is said to come from, behind the
// name of a man: "القائد أبو حمزة من كتيبة ماسينا".
func (r *reader) fromGroup(m *mention, o *post, k int) bool {
	if !r.g.verbFirst || o.body != "" || !o.either && !o.any || string(r.text.Folded(k)) != "من" || k+1 >= len(r.cues) {
		return false
	}
	name, ok := r.nameAt(k + 1)
	if !ok || name.kind != senseActor || kindMasks[r.g.names[name.ref].kind] != maskGroup {
		return false
	}
	o.body, m.end = r.g.names[name.ref].id, k+1+name.n
	return true
}

// newArabicPhrase reports whether the Arabic word at token k cannot go on with the
// office before it: "that", or a known noun or verb without the article that the word
// before it has, "جدد الوزير دعم توغو".
func (r *reader) newArabicPhrase(k int) bool {
	if !r.g.verbFirst || r.text.Tokens[k].Kind != lang.Word {
		return false
	}
	if r.has(k, cueOpener) {
		return true
	}
	article := func(i int) bool { return strings.HasPrefix(string(r.text.Folded(i)), "ال") }
	return article(k-1) && !article(k) && len(r.hitsAt(k)) > 0 && r.cues[k]&(1<<cueName|1<<cueOblique|1<<cueSeat|1<<cueFormer) == 0
}

// inRelative reports whether the mention stands behind the verb of an Arabic relative
// clause: "الحوار الذي أعلنه العقيد".
func (r *reader) inRelative(m *mention) bool {
	return r.g.verbFirst && m.start > 1 && r.has(m.start-2, cueRelative) && r.text.Tokens[m.start-1].Kind == lang.Word
}

// relativeBefore returns the relative pronoun with which the clause began that the
// one at token i goes on with, "حركة … التي تسيطر …، والتي أعربت", else i.
func (r *reader) relativeBefore(i, low int) int {
	for k := i - 1; k >= low; k-- {
		if r.has(k, cueRelative) && !r.joined(k) && r.mentionAt[k] == 0 {
			return k
		}
	}
	return i
}

// shares reports whether a nationality shares the office before it with another:
// "الحكومتان المالية والفرنسية", "the French and Malian ministers".
func (r *reader) shares(m *mention) bool {
	if !r.g.verbFirst || !m.joined || len(r.mentions) == 0 {
		return false
	}
	last := &r.mentions[len(r.mentions)-1]
	return last.office && !last.vague && last.end == m.start
}

// isDual reports whether an office that ends as an accusative does is one of two
// people, with their states right behind it: "زعيما السنغال وتشاد".
func (r *reader) isDual(m *mention) bool {
	if m.start+1 >= m.end {
		return false
	}
	name, ok := r.nameAt(m.start + 1)
	return ok && (name.kind == senseActor || name.kind == senseOffice) && name.off&lang.Preposition == 0
}

// isFeminine reports whether the Arabic noun at token i has a feminine ending, and
// is not for men.
func (r *reader) isFeminine(i int) bool {
	word := r.word(i)
	return strings.HasSuffix(word, "ات") || strings.HasSuffix(word, "ة") && !ofMen[strings.TrimPrefix(lang.Fold(word), "ال")]
}

// isOneMan reports whether the mention begins with the office of one man, "نظيرها", as no feminine verb can have for its subject.
func (r *reader) isOneMan(m *mention) bool {
	return oneMan[strings.TrimPrefix(string(r.text.Folded(m.start)), "ال")]
}

// oneMan are the nouns of offices of one man.
var oneMan = lang.FoldSet("وزير", "رئيس", "نظيره", "نظيرها", "سفير", "قائد", "زعيم", "متحدث", "ناطق", "مندوب", "مبعوث", "مسؤول")

// callers are Arabic verbs of calling on somebody whose form no noun has.
var callers = lang.FoldSet("دعا", "طالب", "ناشد", "كلف", "فوض", "حذر", "شجع", "ألزم", "أبلغ", "أخبر", "أنذر", "اتهم", "أمر")

// calls reports whether the word at token i is one of them, so that a feminine noun
// right behind it is its object: "دعا فيها الحكومة إلى هدنة".
func (r *reader) calls(i int, m *mention, verb []byte) bool {
	touches := m.start == i+1 || m.start == i+2 && r.has(i+1, cueOblique) && r.takesPronoun(i+1)
	return touches && callers[string(verb)] && r.has(i, cueSay)
}

// addressed reports whether the mention is the object of an Arabic verb right before
// it: "ناشد اتحاد الناقلين السلطات أن تبحث".
func (r *reader) addressed(m *mention, low int) bool {
	const reach = 4 // tokens from the verb
	if !r.g.verbFirst {
		return false
	}
	for k := m.start - 1; k >= max(low, m.start-reach) && r.text.Tokens[k].Kind == lang.Word && r.mentionAt[k] == 0; k-- {
		if r.has(k, cueSay) && !r.isNoun(k) {
			return r.isObject(k, m)
		}
	}
	return false
}

// isParticiple reports whether an Arabic word has the form of an active participle
// in the accusative: "مضيفا", "داعية", "رافضين".
func isParticiple(word string) bool {
	ends := strings.HasSuffix(word, "ا") || strings.HasSuffix(word, "ة") || strings.HasSuffix(word, "ين")
	_, n := utf8.DecodeRuneInString(word)
	return ends && (strings.HasPrefix(word, "م") || strings.HasPrefix(word[n:], "ا") || strings.HasPrefix(word[n:], "آ"))
}

// isAdded reports whether token i is an Arabic participle that goes on with a
// sentence, "مضيفا": its subject is that of the verb before.
func (r *reader) isAdded(i int) bool {
	return r.g.verbFirst && isParticiple(r.word(i))
}

// addedBy returns who says what a participle adds to the sentence, if token i is
// part of that: "عبر هولاند عن أمله …، داعيا إلى احترام علمانية البلاد".
func (r *reader) addedBy(i, low, sentence int) holder {
	const reach = 6 // tokens from the participle
	if !r.g.verbFirst {
		return holder{}
	}
	for k := i; k > max(low, i-reach) && r.text.Tokens[k].Kind == lang.Word && !r.has(k, cueOpener); k-- {
		if r.has(k, cueSay) && r.isAdded(k) && r.text.Tokens[k-1].Kind == lang.Comma {
			return r.voiceAt(k+1, sentence).who
		}
	}
	return holder{}
}

// hadBegun reports whether the mention is the subject of an Arabic pluperfect whose
// verb is at token i: "وكان الوزير قبل شهر حذر".
func (r *reader) hadBegun(m *mention, i int) bool {
	return r.g.verbFirst && m.start > 0 && m.end <= i && r.has(m.start-1, cueHadBegun) && !r.clauseBetween(m.end, i) && r.commaAfter(m.end, i) == i
}

// pluperfect reports whether the verb at token i has the perfect behind "كان" and
// its subject alone, without "قد": "كانت التنسيقية وقعت".
func (r *reader) pluperfect(i, low int) bool {
	if !r.g.verbFirst || !r.has(i, cueVerb) || looksAhead(r.text.Folded(i), true) || r.joined(i) {
		return false
	}
	m := r.lastBefore(i)
	return m != nil && m.start > low && r.hadBegun(m, i)
}

// describesUnknown reports whether the mention is a pronoun that opens a description
// of somebody nobody knows, named from token i on.
func (r *reader) describesUnknown(i int, m *mention) bool {
	return m.pronoun && m.start > i && r.joined(m.start) && r.isNamePart(m.start-1)
}

// tellVerbs parts the Arabic words that may be verbs or prepositions, such as عبر: a
// verb opens a clause, or is followed by "about": "عبر عن أمله".
func (r *reader) tellVerbs() {
	const both = 1<<cueVerb | 1<<cueOblique
	for i, cues := range r.cues {
		if cues&both != both {
			continue
		}
		opens := i == 0 || r.text.Tokens[i-1].Kind > lang.Comma || r.cues[i-1]&(openers|1<<cueHadDone) != 0
		if opens || i+1 < len(r.cues) && string(r.text.Folded(i+1)) == "عن" {
			r.cues[i] &^= 1 << cueOblique
		} else {
			r.cues[i] &^= 1<<cueVerb | 1<<cueSay
		}
	}
}

// sayerAt returns whose the Arabic verb of saying at token i is, if "and" joins it to
// what was said before and whoever stands behind it is its object.
func (r *reader) sayerAt(i, sentence int) holder {
	if !r.g.verbFirst || !r.joined(i) || r.isAdded(i) {
		return holder{}
	}
	right := r.mentionBetween(i+1, min(i+1+sayerReach, r.sentenceOf(i).End), false)
	if right == nil || !r.disagrees(i, right) {
		return holder{}
	}
	for _, v := range r.says[r.saysAt[sentence]:r.saysAt[sentence+1]] {
		if v.say == i {
			return v.who
		}
	}
	return holder{}
}

// perfects are Arabic verbs in the perfect that "if" often stands before, and that no
// ending tells from nouns.
var perfects = lang.FoldSet("خرج", "رحل", "غادر", "انسحب", "قبل", "وافق", "ترك", "وضع", "ألقى", "نبذ", "تخلى", "عاد", "بقي", "أراد", "شاء", "رضي", "جلس", "رجع",
	"سحب", "أوقف", "كف", "تحقق", "ثبت", "جاء", "أتى", "دخل", "صدق", "كان", "اختار", "قرر")

// readsIf reports whether the Arabic word at token i is "if" and not "that", with which
// it shares its letters: a verb in the perfect stands behind it, and a verb of saying
// before it has said what it says.
func (r *reader) readsIf(i int) bool {
	const least = 4 // letters of a verb told by its ending
	if r.cues[i]&(1<<cueOpener) == 0 || i+1 >= len(r.cues) || r.text.Tokens[i+1].Kind != lang.Word {
		return false
	}
	word := r.word(i)
	verb := r.text.Folded(i + 1)
	if word != "إن" && word != "فإن" || bytes.HasPrefix(verb, []byte("ال")) { // وإن is "although"
		return false
	}
	if perfects[string(verb)] {
		return i == r.sentenceOf(i).Start || word != "إن" || !r.has(i-1, cueSay) && r.text.Tokens[i-1].Kind != lang.Word
	}
	if utf8.RuneCount(verb) < least {
		return false
	}
	ends := func(ending string) bool { return bytes.HasSuffix(verb, []byte(ending)) }
	return ends("وا") || ends("تم") || bytes.Contains(verb, []byte("تموه")) || bytes.Contains(verb, []byte("تمونا")) || ends("ت") && !ends("ات") && !ends("وت") && string(verb) != "كانت"
}

// toCome reports whether an Arabic verb of what is yet to come stands at token i.
func (r *reader) toCome(i int) bool {
	if i >= len(r.cues) || r.text.Tokens[i].Kind != lang.Word {
		return false
	}
	verb, _ := bytes.CutPrefix(r.text.Folded(i), []byte("س"))
	return looksAhead(verb, true)
}

// tellConditions makes conditions of the Arabic words that are "if" and not "that", and
// takes from those that are "then" that they tell of the past where they tell of what is
// yet to come.
func (r *reader) tellConditions() {
	for i := range r.cues {
		if r.has(i, cuePast) && r.toCome(i+1) && !r.within(max(0, i-hadReach), i, cueHadBegun) {
			r.cues[i] &^= 1 << cuePast // "ويومها يكون بيننا صلح"
		}
		if r.readsIf(i) {
			r.cues[i] = r.cues[i]&^(1<<cueOpener) | 1<<cueCond
		}
	}
}

// hasOwnSubject reports whether a "that" with its subject written to it begins the
// clause of token i behind "we": "our friends told us that they will not talk".
func (r *reader) hasOwnSubject(we, i int) bool {
	return r.g.verbFirst && r.ownOpener(i, we+1) >= 0
}

// teller returns who stands with a verb of his own right before the "that" at token i,
// in what somebody says behind a colon: "he said: our friends in Bamako told us that
// they …", or nil.
func (r *reader) teller(say, i int) *mention {
	mm := r.lastBefore(i)
	if !r.g.verbFirst || mm == nil || mm.oblique || mm.start <= say || i-mm.end != 1 || !mm.holder.known() || mm.pronoun || !r.colonBetween(say, mm.start) {
		return nil
	}
	return mm
}

// saysWe reports whether the Arabic verb or pronoun at token i has "we" for its
// subject: "نقعد", "سنجلس", "نحن".
func (r *reader) saysWe(i int) bool {
	word := r.text.Folded(i)
	return r.g.verbFirst && r.has(i, cueFirstPerson) && (bytes.HasPrefix(word, []byte("ن")) || bytes.HasPrefix(word, []byte("سن")) || bytes.HasPrefix(word, []byte("احن")))
}

// leaders are the Arabic descriptions of who issues a text that are of several leaders,
// whom no state alone stands for.
var leaders = lang.FoldSet("رؤساء", "الرؤساء", "القادة", "قادة", "القمة", "الوزراء", "والقادة", "والرؤساء")

// ofLeaders reports whether the mention is such a description.
func (r *reader) ofLeaders(m *mention) bool {
	return r.g.verbFirst && leaders[string(r.text.Folded(m.start))]
}

// bodyBefore returns the last mention of a body of states before this one, or nil.
func (r *reader) bodyBefore(m *mention) *mention {
	n := int(r.mentionAt[m.start]) - 2
	for least := max(0, n-remembered); n >= least; n-- {
		mm := &r.mentions[n]
		if a := r.p.actor(mm.holder.actor); a != nil && a.Kind == statement.Body {
			return mm
		}
	}
	return nil
}

// whats are the Arabic words for "what" behind which a relative clause with a subject of
// its own begins.
var whats = lang.FoldSet("ما", "بما", "لما", "مما", "عما", "فيما")

// toldWhat reports whether one of them stands between two tokens: whoever is named
// behind it is not the subject of the verb before it.
func (r *reader) toldWhat(from, to int) bool {
	for k := from; r.g.verbFirst && k < to; k++ {
		if whats[string(r.text.Folded(k))] {
			return true
		}
	}
	return false
}

// withThem are the Arabic words behind which "with them" tells of companions.
var withThem = lang.FoldSet("من", "ومن", "الذين", "والذين")

// hosts are the Arabic words with which the host of a broadcast brings in a guest.
var hosts = lang.FoldSet("معنا", "معاي", "ضيفنا", "ضيفي", "ضيفتنا", "ضيفتي", "وضيفنا", "وضيفتنا", "ومعنا")

// guestAt returns whom a host brings in at token i of a broadcast that was written
// down without marks: "معنا على الخط الإمام محمود ديكو", or nobody.
func (r *reader) guestAt(i, end int) holder {
	const reach = 14 // tokens from the host's word to the guest
	if !r.g.verbFirst || !r.unmarked || r.s.Kind != statement.Transcript || !hosts[string(r.text.Folded(i))] {
		return holder{}
	}
	for k := i + 1; k < min(i+reach, end); k++ {
		m := r.mentionStarting(k)
		if m == nil || !m.holder.known() || m.troops || m.echo {
			continue
		}
		if place := m.oblique && m.mask&maskState != 0 && !m.office; !place {
			return m.holder
		}
	}
	return holder{}
}

// youAre are the Arabic words behind which an interviewer tells who somebody is.
var youAre = lang.FoldSet("أنت", "أنتم", "وأنت", "وأنتم", "بصفتك", "بصفتكم", "بوصفك", "بوصفكم")

// asksYou reports whether the Arabic verb of saying at token i has "you" for its
// subject, "قلتم": who is interviewed.
func (r *reader) asksYou(i int) bool {
	return r.g.verbFirst && r.hasTurns() && bytes.HasSuffix(r.text.Folded(i), []byte("تم"))
}
