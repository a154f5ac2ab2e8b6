package classify

import (
	"palabre/classify/scorecard"
	"palabre/lang"
	"palabre/statement"
)

// featureSink takes what features are made of, in order. What it is given is overwritten.
type featureSink interface {
	open()                                  // a sentence begins
	word(token int, word []byte, long bool) // with its beginning, if it may be long
	name(token int, name []byte)            // a feature of this name
	class(token int, class int32)
}

// What the names of features begin with that are no words.
const (
	actorMark = '=' // before an actor
	kindMark  = "kind:"
)

// features finds the features of a sentence: each word, and the beginning of a long
// one; each pair of neighbours; the classes of a word; and, in place of a name or
// description, of what kind it is, and which actor it stands for. Marks are words
// here.
func (r *reader) features(s lang.Span, sink featureSink) {
	sink.open()
	for i := s.Start; i < s.End; i++ {
		if m := r.mentionStarting(i); m != nil && !m.pronoun {
			r.written = append(r.written[:0], m.genus()...)
			sink.word(i, r.written, false)
			if m.holder.actor != "" {
				r.written = append(append(r.written[:0], actorMark), scoredActor(m.holder.actor)...)
				sink.name(i, r.written)
			}
			i = m.end - 1
			continue
		}
		sink.word(i, r.spelled(i), r.text.Tokens[i].Kind == lang.Word)
		for _, h := range r.hitsAt(i) {
			if h.sense.kind == senseClass {
				sink.class(i, h.sense.ref)
			}
		}
	}
}

// Marks as words of features.
var (
	aNumber   = []byte("#")
	aQuestion = []byte("?")
	anOpen    = []byte("«")
	aClose    = []byte("»")
	aBreak    = []byte("¶")
)

// spelled returns a token as a word of features.
func (r *reader) spelled(i int) []byte {
	switch r.text.Tokens[i].Kind {
	case lang.Word:
		return r.text.Folded(i)
	case lang.Number:
		return aNumber
	case lang.Question:
		return aQuestion
	case lang.Open:
		return anOpen
	case lang.Close:
		return aClose
	case lang.Break:
		return aBreak
	}
	r.written = append(r.written[:0], r.word(i)...)
	return r.written
}

// genus returns of what kind a mention is, with an "o" behind it where it is an office.
func (m *mention) genus() string {
	named, office := "@place", "@placeo"
	switch {
	case m.troops:
		named, office = "@troops", "@troopso"
	case m.mask&maskGroup != 0:
		named, office = "@group", "@groupo"
	case m.mask&maskState != 0 && m.holder.actor == maliGovernment:
		named, office = "@mali", "@malio"
	case m.mask&maskState != 0 && sahelStates[m.holder.actor]:
		named, office = "@sahel", "@sahelo"
	case m.mask&maskState != 0:
		named, office = "@state", "@stateo"
	case m.mask&maskSociety != 0:
		named, office = "@society", "@societyo"
	case m.mask&maskPerson != 0:
		named, office = "@person", "@persono"
	case m.mask&maskForce != 0:
		named, office = "@force", "@forceo"
	}
	if m.office {
		return office
	}
	return named
}

// Sample is a stretch of a statement with what a scorecard weighs.
type Sample struct {
	Lang       string
	Features   map[string]int
	Start, End int      // byte offsets into the text; both 0 of a title alone
	Sentences  []Sample // of the text
}

// startOfSentence is the word before the first of a sentence.
const startOfSentence = "^"

// sampleSink counts features by name.
type sampleSink struct {
	g      *grammar
	counts map[string]int
	before string // the word before
}

func (s *sampleSink) open() { s.before = startOfSentence }

func (s *sampleSink) word(_ int, word []byte, long bool) {
	w := string(word)
	s.counts[w]++
	s.counts[scorecard.Pair(s.before, w)]++
	if begins := scorecard.Beginning(w); long && begins != "" {
		s.counts[begins]++
	}
	s.before = w
}

func (s *sampleSink) name(_ int, name []byte) { s.counts[string(name)]++ }

func (s *sampleSink) class(_ int, class int32) {
	if name := s.g.classFeature(class); name != "" {
		s.counts[name]++
	}
}

// Samples returns the stretches of a statement, from which scorecards are made.
func (p *Pack) Samples(s *statement.Statement) []Sample {
	r := &reader{p: p, s: s, when: s.When().Time}
	r.doc.forget()
	r.scan(s)
	r.survey(s)
	var out []Sample
	r.eachStretch(func(ps, title *passage, st stretch) {
		counted := func(count func(featureSink)) Sample {
			sink := &sampleSink{g: ps.g, counts: make(map[string]int)}
			count(sink)
			return Sample{Lang: ps.g.lang, Features: sink.counts}
		}
		sample := counted(func(sink featureSink) { r.stretchFeatures(ps, title, st, sink) })
		if ps.field == statement.Text {
			sample.Start, sample.End = ps.bytesOf(st)
			for i := st.from; i < st.to; i++ {
				sentence := counted(func(sink featureSink) { r.features(ps.text.Sentences[i], sink) })
				sentence.Start, sentence.End = ps.bytesOf(stretch{i, i + 1})
				sample.Sentences = append(sample.Sentences, sentence)
			}
		}
		out = append(out, sample)
	})
	return out
}
