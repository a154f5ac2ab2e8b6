package classify

import (
	"strings"

	"palabre/classify/scorecard"
	"palabre/lang"
	"palabre/statement"
)

// stretch is a run of sentences of a passage, from one to another, that a scorecard
// weighs as one.
type stretch struct{ from, to int }

// stretchWords is how many words a stretch has, about: as many as the texts have from
// which scorecards are made.
const stretchWords = 90

// weighedStretch is what the scorecard of its language finds in a stretch of a statement.
type weighedStretch struct {
	g           *grammar
	field       statement.Field
	start, end  int  // byte offsets in the field
	titled      bool // the title was weighed with it
	likelihoods [scorecard.MaxLabels]float64
}

// notOnCard is in place of the likelihood of a label for which a card has no points.
const notOnCard = -1

// verdict is how likely the scorecard finds a label, where it finds it most likely.
type verdict struct {
	likelihood float64
	passage    *passage
	sentence   int
	token      int // the one that adds most to it
	shares     []share
}

// share is what a token adds to the log-odds of a label. It is kept for explanations.
type share struct {
	token int
	adds  float64
}

// marked is a row of the scorecard with the token at which it is found.
type marked struct {
	row   int32
	token int32
}

// weighing is what a reader weighs a statement with.
type weighing struct {
	cards     bool                         // scorecards are asked for
	sheet     scorecard.Sheet              // of the stretch that is weighed
	spot      scorecard.Sheet              // of a sentence of it
	marks     []marked                     // of the stretch that is weighed, by token
	verdicts  [scorecard.MaxLabels]verdict // by number of the label
	weighed   []frame                      // what they give
	stretches []weighedStretch
	refuted   []statement.Position // of rules, which they speak against
	sought    effect               // what a verdict is about
	rows      rowSink
	written   []byte // name of a feature
}

// rowSink notes features by their rows of the card.
type rowSink struct {
	r      *reader
	start  int32 // number of the word before the first of a sentence
	before int32 // of the word before
}

func (s *rowSink) open() { s.before = s.start }

func (s *rowSink) word(token int, word []byte, long bool) {
	card := s.r.g.card
	n := card.Word(word)
	s.mark(token, card.WordRow(n))
	s.mark(token, card.PairRow(s.before, n))
	if long {
		s.mark(token, card.BeginRow(n, word))
	}
	s.before = n
}

func (s *rowSink) name(token int, name []byte) { s.mark(token, s.r.g.card.Named(name)) }

func (s *rowSink) class(token int, class int32) { s.mark(token, s.r.g.cardRows[class]) }

func (s *rowSink) mark(token int, row int32) {
	if row != scorecard.None {
		s.r.sheet.Mark(row)
		s.r.marks = append(s.r.marks, marked{row, int32(token)})
	}
}

// weigh lets the scorecards say how likely each label is, and where.
func (r *reader) weigh() {
	clear(r.verdicts[:])
	r.stretches = r.stretches[:0]
	r.weighed, r.refuted = r.weighed[:0], r.refuted[:0]
	r.eachStretch(func(p, title *passage, st stretch) {
		if p.g.card == nil || !r.cards {
			return
		}
		r.sheet.Open(p.g.card)
		r.rows = rowSink{r: r, start: p.g.card.Word([]byte(startOfSentence))}
		r.marks = r.marks[:0]
		own := r.stretchFeatures(p, title, st, &r.rows)
		weighed := weighedStretch{g: p.g, field: p.field, titled: title != nil || p.field == statement.Title}
		weighed.start, weighed.end = p.bytesOf(st)
		for n := range weighed.likelihoods {
			weighed.likelihoods[n] = notOnCard
		}
		for l, found := range r.sheet.Likelihoods() {
			n := p.g.cardLabels[l]
			weighed.likelihoods[n] = found
			if v := &r.verdicts[n]; found > v.likelihood {
				*v = verdict{likelihood: found, passage: p, sentence: -1}
				if found >= Likely {
					v.sentence, v.token = r.strongest(l, r.marks[own:])
					if r.trace != nil {
						v.shares = r.sharesOf(l, r.marks[own:])
					}
				}
			}
		}
		r.stretches = append(r.stretches, weighed)
	})
}

// bytesOf returns where a stretch begins and ends in its field.
func (p *passage) bytesOf(st stretch) (start, end int) {
	if st.from >= st.to {
		return p.base, p.base
	}
	first, last := p.text.Sentences[st.from], p.text.Sentences[st.to-1]
	return p.base + int(p.text.Tokens[first.Start].Start), p.base + int(p.text.Tokens[last.End-1].End)
}

// sharesOf returns what each token of a stretch adds to a label.
func (r *reader) sharesOf(label int, marks []marked) []share {
	var out []share
	for _, m := range marks {
		if n := len(out); n == 0 || out[n-1].token != int(m.token) {
			out = append(out, share{token: int(m.token)})
		}
		out[len(out)-1].adds += r.sheet.Share(m.row, label)
	}
	return out
}

// strongest returns the sentence of a stretch that gives it a label most likely, and the
// token of it that adds most to that. marks are those of the stretch.
func (r *reader) strongest(label int, marks []marked) (sentence, token int) {
	sentence = -1
	most := 0.0
	for len(marks) > 0 {
		n := r.text.Tokens[marks[0].token].Sentence
		r.spot.Open(r.g.card)
		to := 0
		for ; to < len(marks) && r.text.Tokens[marks[to].token].Sentence == n; to++ {
			r.spot.Mark(marks[to].row)
		}
		sum, best := r.spot.Here(label), share{}
		for k, s := range r.sharesOf(label, marks[:to]) {
			if sum += s.adds; k == 0 || s.adds > best.adds {
				best = s
			}
		}
		if sentence < 0 || sum > most {
			most, sentence, token = sum, int(n), best.token
		}
		marks = marks[to:]
	}
	return sentence, token
}

// eachStretch parts the text into stretches of about the same length and calls f with
// each, and with the title for the first.
func (r *reader) eachStretch(f func(p, title *passage, st stretch)) {
	var title *passage
	for n, p := range r.passages {
		if p.field == statement.Title && n+1 < len(r.passages) {
			title = p
			continue
		}
		r.passage = p
		total := 0
		for _, s := range p.text.Sentences {
			total += r.lengthOf(s)
		}
		parts := max(1, (total+stretchWords/2)/stretchWords)
		st, length := stretch{}, 0
		for i, s := range p.text.Sentences {
			if n := r.lengthOf(s); length > 0 && (2*length+n)*parts > 2*total {
				st.to = i
				f(p, title, st)
				st, length, title = stretch{from: i}, n, nil
			} else {
				length += n
			}
		}
		st.to = len(p.text.Sentences)
		f(p, title, st)
		title = nil
	}
}

// lengthOf returns how many words, names and marks a sentence has.
func (r *reader) lengthOf(s lang.Span) int {
	n := 0
	for i := s.Start; i < s.End; i++ {
		if m := r.mentionStarting(i); m != nil && !m.pronoun {
			i = m.end - 1
		}
		n++
	}
	return n
}

// stretchFeatures finds the features of a stretch, and of the title if there is one.
// It returns how many marks there were before those of the stretch itself.
func (r *reader) stretchFeatures(p, title *passage, st stretch, sink featureSink) (own int) {
	if title != nil {
		r.passage = title
		for _, s := range title.text.Sentences {
			r.features(s, sink)
		}
	}
	r.written = append(append(r.written[:0], kindMark...), r.s.Kind...)
	sink.name(0, r.written)
	own = len(r.marks)
	r.passage = p
	for _, s := range p.text.Sentences[st.from:st.to] {
		r.features(s, sink)
	}
	return own
}

// classFeature returns the name of the feature that a word of the class has, or "" for
// the classes of single words that patterns make.
func (g *grammar) classFeature(class int32) string {
	name := g.className(class)
	if strings.HasPrefix(name, literalPrefix) {
		return ""
	}
	return "<" + name + ">"
}
