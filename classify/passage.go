package classify

import (
	"slices"
	"strings"

	"palabre/lang"
	"palabre/statement"
)

// hit is a sense of the lexicon that begins at a token and is n tokens long.
// off tells what was written to the first of them.
type hit struct {
	sense sense
	at    int32
	n     int16
	off   lang.Clitics
}

// passage is a run of one language in one field of a statement, with what was
// seen in it. Its buffers are kept for the next statement.
type passage struct {
	g     *grammar
	field statement.Field
	base  int // byte offset of the passage in its field
	text  lang.Text
	// unmarked is set for text without commas and stops, small for text without
	// capitals.
	unmarked, small bool

	forms     []form
	words     []spelling // by token
	hits      []hit
	hitStart  []int32     // by token: its first in hits
	classesAt []signature // by token: the classes that begin there
	cues      []uint64    // by token: bits of cue that begin there, and of cueName
	days      []uint8     // by token: how many tokens a date has that begins there
	asides    []uint8     // the same of dates and adverbs
	maybe     []int32     // tokens that may be one or be in one
	covered   []bool      // by token: part of a not-neg phrase
	mentions  []mention
	mentionAt []int32 // by token: number plus one of the mention that begins there
	voices    []voice // by sentence
	says      []voice // every voice, in order
	saysAt    []int32 // by sentence: its first in says
	turns     []turn
}

func (r *reader) hitsAt(i int) []hit { return r.hits[r.hitStart[i]:r.hitStart[i+1]] }

func (r *reader) has(i int, c cue) bool { return i < len(r.cues) && r.cues[i]&(1<<c) != 0 }

// within reports whether the cue begins at a token of [from, to).
func (r *reader) within(from, to int, c cue) bool { return r.first(from, to, c) >= 0 }

// first returns the first token of [from, to) at which the cue begins, or -1.
func (r *reader) first(from, to int, c cue) int {
	for i := max(from, 0); i < to && i < len(r.cues); i++ {
		if r.has(i, c) {
			return i
		}
	}
	return -1
}

// isBoundary reports whether token i parts two clauses. In text without marks,
// as transcripts are, words such as "well" and "now" do.
func (r *reader) isBoundary(i int) bool {
	return r.text.Tokens[i].Parts() || r.has(i, cueBut) || r.unmarked && r.has(i, cuePause)
}

// isMark reports whether token i is a mark that parts nothing.
func (r *reader) isMark(i int) bool {
	k := r.text.Tokens[i].Kind
	return k == lang.Open || k == lang.Close || k == lang.Bracket
}

// joinedVerb returns the verb that token i joins to those before it, "calls" in
// "and calls" or ", calls" and the token itself in "ويدعو"; else -1.
func (r *reader) joinedVerb(i int) int {
	switch {
	case r.text.Tokens[i].Kind == lang.Comma || r.has(i, cueAnd):
		if i+1 < len(r.cues) && r.has(i+1, cueVerb) {
			return i + 1
		}
	case r.has(i, cueVerb):
		for _, h := range r.hitsAt(i) {
			if h.sense.isCue(cueVerb) && h.off&lang.Conjunction != 0 {
				return i
			}
		}
	}
	return -1
}

// endOf returns the end of the longest word or phrase of the cues that begins at
// token i.
func (r *reader) endOf(i int, cues ...cue) int {
	end := i + 1
	for _, h := range r.hitsAt(i) {
		if h.sense.kind == senseClass && slices.Contains(cues, cue(h.sense.ref)) {
			end = max(end, i+int(h.n))
		}
	}
	return end
}

// joined reports whether "and" is written to token i, as in "وأنها".
func (r *reader) joined(i int) bool {
	for _, f := range r.formsAt(i) {
		if f.off&lang.Conjunction != 0 {
			return true
		}
	}
	return false
}

// longestAside is the most tokens between the two commas around an aside.
const longestAside = 14

// aside returns the token behind an aside that begins with the comma at token i,
// such as ", the minister of justice,", or 0.
func (r *reader) aside(i, limit int) int {
	if r.text.Tokens[i].Kind != lang.Comma {
		return 0
	}
	for k := i + 1; k < min(limit, i+longestAside) && !r.isBoundary(k); k++ {
		if r.text.Tokens[k].Kind == lang.Comma {
			return k + 1
		}
	}
	return 0
}

// wordsToAMark is how many words stand between two marks, on average, in text
// that is taken to have been written without them.
const wordsToAMark = 60

// isUnmarked reports whether the passage has next to no marks within its lines.
func (p *passage) isUnmarked() bool {
	words, marks := 0, 0
	for i := range p.text.Tokens {
		switch p.text.Tokens[i].Kind {
		case lang.Word, lang.Number:
			words++
		case lang.Comma, lang.Stop, lang.Semicolon, lang.Colon, lang.Question:
			marks++
		}
	}
	return words > wordsToAMark/2 && marks*wordsToAMark <= words
}

// isSmall reports whether no word of the passage begins with a capital.
func (p *passage) isSmall() bool {
	for i := range p.text.Tokens {
		if p.text.Tokens[i].Upper {
			return false
		}
	}
	return true
}

// form is a word of the lexicon that a token may stand for. off tells what was
// written to it.
type form struct {
	word int32
	off  lang.Clitics
}

// spelling is what a token may stand for: forms from one to another. leads has a bit
// for each of them, as trieNode.next has, and all bits where phrases may pass over the
// token.
type spelling struct {
	from, to int32
	leads    uint64
}

// trieCursor is a place in the phrase trie while tokens are walked.
type trieCursor struct {
	node int32
	off  lang.Clitics
}

// findHits looks every token up once and follows the phrases that begin there.
func (r *reader) findHits() {
	n := len(r.text.Tokens)
	r.hits, r.hitStart = r.hits[:0], r.hitStart[:0]
	r.cues = resize(r.cues, n)
	r.classesAt = resize(r.classesAt, n)
	r.covered = resize(r.covered, n)
	r.days, r.asides = resize(r.days, n), resize(r.asides, n)
	r.findForms()
	r.findAsides()
	for i := range n {
		r.hitStart = append(r.hitStart, int32(len(r.hits)))
		if w := &r.words[i]; w.from < w.to && !r.soCalled(i) {
			r.phrasesAt(i)
		}
	}
	r.hitStart = append(r.hitStart, int32(len(r.hits)))
	r.findCues()
}

// findForms looks up what each token may stand for, and which may be an aside.
func (r *reader) findForms() {
	r.forms, r.maybe = r.forms[:0], r.maybe[:0]
	r.words = resize(r.words, len(r.text.Tokens))
	for i := range r.words {
		from := len(r.forms)
		w, tok := &r.words[i], &r.text.Tokens[i]
		switch tok.Kind {
		case lang.Word, lang.Number:
		case lang.Open:
			w.leads = ^uint64(0) // "تنظيم «القاعدة»"
			continue
		default:
			continue
		}
		word := r.text.Folded(i)
		if tok.Script == lang.Arabic {
			r.arabicForms(i)
		} else {
			r.forms = r.g.lex.lookUp(r.forms, word, 0)
		}
		w.from, w.to = int32(from), int32(len(r.forms))
		for _, f := range r.forms[from:] {
			w.leads |= leads(f.word)
		}
		if tok.Kind == lang.Number || endsAsAdverb(word) || r.g.lex.namesDay(r.forms[from:]) {
			r.maybe = append(r.maybe, int32(i)) // an aside
		}
	}
}

// soCalled reports whether token i is that of "so-called", which calls for nothing.
func (r *reader) soCalled(i int) bool {
	return i > 0 && r.g.lang == "en" && string(r.text.Folded(i)) == "called" && string(r.text.Folded(i-1)) == "so"
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// arabicForms enters the words that token i stands for: as written, and with the
// fewest clitics taken off that the lexicon knows.
func (r *reader) arabicForms(i int) {
	lx := r.g.lex
	original := r.text.Source[r.text.Tokens[i].Start:r.text.Tokens[i].End]
	for _, stem := range r.peeler.Peel(r.text.Folded(i), strings.HasSuffix(original, "ة")) {
		from := len(r.forms)
		r.forms = lx.lookUp(r.forms, stem.Word, stem.Off)
		for _, f := range r.forms[from:] {
			for _, s := range lx.sensesOf(&lx.nodes[f.word]) {
				if !s.aside {
					return
				}
			}
		}
	}
}

func (r *reader) formsAt(i int) []form {
	w := &r.words[i]
	return r.forms[w.from:w.to]
}

// maxPhrase is the most tokens that a phrase of the lexicon may span.
const maxPhrase = 10

// phrasesAt follows the phrases that begin at token i. Each token may stand for
// several words, so that a small set of places in the trie is kept.
func (r *reader) phrasesAt(i int) {
	lx, tokens := r.g.lex, r.text.Tokens
	r.nodes = r.nodes[:0]
	next := uint64(0) // leads on from the places
	for _, f := range r.formsAt(i) {
		next |= r.reach(trieCursor{f.word, f.off}, i, 1)
	}
	from := 0
	for j := i + 1; j < len(tokens) && next&r.words[j].leads != 0 && j-i < maxPhrase; j++ {
		to, found := len(r.nodes), false
		next = 0
		if tokens[j].Kind == lang.Open {
			j++
		}
		for j < len(tokens) {
			for _, f := range r.formsAt(j) {
				for _, c := range r.nodes[from:to] {
					if !lx.nodes[c.node].goesOn(f.word) {
						continue
					}
					if node := lx.edges.to(c.node, f.word); node != 0 {
						next |= r.reach(trieCursor{node, c.off}, i, j+1-i)
						found = true
					}
				}
			}
			if found || r.asides[j] == 0 {
				break
			}
			j += int(r.asides[j]) // "s'est dit mardi prêt à"
		}
		from = to
	}
}

// reach enters the senses of the phrase of n tokens from token i on that leads to a
// place in the trie, and the place if longer phrases go on from there. It returns what
// leads on.
func (r *reader) reach(c trieCursor, i, n int) (next uint64) {
	node := &r.g.lex.nodes[c.node]
	for _, s := range r.g.lex.sensesOf(node) {
		if !s.exact || r.isExact(i) {
			r.hits = append(r.hits, hit{s, int32(i), int16(n), c.off})
		}
	}
	if node.next != 0 {
		r.nodes = append(r.nodes, c)
	}
	return node.next
}

// isExact reports whether token i is written as words must be that count so only: in
// capitals, unless nothing in the passage is, or in Arabic without a final ya that
// lacks its dots and a hamza above where it belongs below, or nowhere.
func (r *reader) isExact(i int) bool {
	word := r.word(i)
	if r.text.Tokens[i].Script == lang.Arabic {
		return !strings.HasSuffix(word, "ى") && !strings.HasPrefix(word, "أن")
	}
	return r.text.Tokens[i].Caps || r.small && !smallWords[word]
}

// smallWords are the acronyms that are words in small letters.
var smallWords = map[string]bool{"un": true, "us": true, "au": true, "eu": true, "ado": true, "gat": true, "att": true, "oie": true}

// functionCues are the cues whose words never take an article: الإمام, the imam,
// is not أمام, before.
const functionCues = 1<<cueOblique | 1<<cueNeg | 1<<cueOpener | 1<<cueCond | 1<<cueUntil | 1<<cueUnless

// findCues enters the classes of hits by token, and turns those of the engine's
// own into bits.
func (r *reader) findCues() {
	for k := range r.hits {
		h := &r.hits[k]
		if h.sense.kind != senseClass {
			r.cues[h.at] |= 1 << cueName
			continue
		}
		r.classesAt[h.at].add(h.sense.ref)
		if h.off&lang.FirstPerson != 0 { // written to the word: قرارنا, تأخرنا
			r.cues[h.at] |= 1 << cueFirstPerson
		}
		if h.sense.ref >= int32(cueCount) { // the cues are the first classes
			continue
		}
		c := cue(h.sense.ref)
		if h.off&lang.Article != 0 && functionCues&(1<<c) != 0 || c == cueRumour && r.saidBefore(int(h.at)) {
			continue
		}
		r.cues[h.at] |= 1 << c
		if c == cueNotNeg {
			for i := h.at; i < h.at+int32(h.n); i++ {
				r.covered[i] = true
			}
		}
	}
	if r.g.verbFirst {
		r.tellVerbs()
		r.tellConditions()
	}
}

// saidBefore reports whether a verb of saying that begins before token i goes on
// through it: "il a dit on ne négocie pas" is no "dit-on".
func (r *reader) saidBefore(i int) bool {
	return i > 0 && r.endOf(i-1, cueSay) > i
}

// sentenceOf returns the span of the sentence with token i.
func (r *reader) sentenceOf(i int) lang.Span { return r.text.Sentences[r.text.Tokens[i].Sentence] }
