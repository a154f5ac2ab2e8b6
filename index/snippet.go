package index

import (
	"cmp"
	"slices"
	"strings"

	"palabre/lang"
)

// Span is a range of bytes.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Fragment is a stretch of a text with what was found in it. Marks and Sentence
// are byte offsets into Text.
type Fragment struct {
	Text     string `json:"text"`
	Marks    []Span `json:"marks"`
	Sentence Span   `json:"sentence"` // the sentence that answers; what follows is its context
	Title    bool   `json:"title"`    // Text is the title: the text itself has nothing of the query
	Cut      bool   `json:"cut"`      // something stands before it
	More     bool   `json:"more"`
}

// snippetTokens is the most tokens of a fragment.
const snippetTokens = 45

// Marker finds a query in one text after the other, and learns the words that
// they share. It is not for concurrent use.
type Marker struct{ finder *finder }

// NewMarker returns a marker of what a query finds.
func NewMarker(q *Query) *Marker { return &Marker{newFinder(q)} }

// Snippet is [Marker.Snippet] for a single text.
func Snippet(q *Query, title, text string) Fragment { return NewMarker(q).Snippet(title, text) }

// Snippet returns the sentence that answers the query best, with what follows it:
// the one in which the most parts of the query stand, names that a word stands
// for included. Words of a phrase count where they stand as the phrase asks. If
// the text has nothing of the query it is the title, and if that has nothing
// either, the start of the text.
func (m *Marker) Snippet(title, text string) Fragment {
	f := m.finder
	var t lang.Text
	t.Scan(text)
	in := f.find(&t)
	if !in.any() && title != "" {
		var heading lang.Text
		heading.Scan(title)
		if of := f.find(&heading); of.any() {
			return Fragment{Text: title, Marks: of.marks(&heading), Sentence: Span{0, len(title)}, Title: true, More: text != ""}
		}
	}
	if len(t.Tokens) == 0 {
		return Fragment{}
	}
	return in.fragment(&t, in.best(&t))
}

// Marks returns what the query finds in a text, such as a title or a whole
// statement, as byte offsets in order.
func Marks(q *Query, text string) []Span {
	var t lang.Text
	t.Scan(text)
	return newFinder(q).find(&t).marks(&t)
}

func (f *found) any() bool {
	return slices.ContainsFunc(f.parts, func(p []place) bool { return len(p) > 0 })
}

// hits returns which tokens belong to what was found.
func (f *found) hits(t *lang.Text) []bool {
	out := make([]bool, len(t.Tokens))
	for _, part := range f.parts {
		for _, p := range part {
			for w := p.first; w <= p.last; w++ {
				out[f.tokens[w]] = true
			}
		}
	}
	return out
}

func (f *found) marks(t *lang.Text) []Span {
	var out []Span
	for i, hit := range f.hits(t) {
		if hit {
			out = append(out, Span{int(t.Tokens[i].Start), int(t.Tokens[i].End)})
		}
	}
	return out
}

// best returns the number of the sentence in which the most parts of the query
// stand; of those the one with the most places, then the first.
func (f *found) best(t *lang.Text) int {
	parts, all := make([]int, len(t.Sentences)), make([]int, len(t.Sentences))
	for _, part := range f.parts {
		last := int32(-1)
		for _, p := range part {
			s := t.Tokens[f.tokens[p.first]].Sentence
			all[s]++
			if s != last {
				parts[s]++
				last = s
			}
		}
	}
	best := 0
	for s := range parts {
		if cmp.Or(cmp.Compare(parts[s], parts[best]), cmp.Compare(all[s], all[best])) > 0 {
			best = s
		}
	}
	return best
}

// fragment cuts the text from the start of a sentence, or nearer to the first
// place where the sentence is long.
func (f *found) fragment(t *lang.Text, sentence int) Fragment {
	hits := f.hits(t)
	span := t.Sentences[sentence]
	from := span.Start
	first := from
	for first < span.End && !hits[first] {
		first++
	}
	if first < span.End && first-from > snippetTokens/2 {
		from = first - snippetTokens/4
	}
	for from < len(t.Tokens)-1 && t.Tokens[from].Kind == lang.Break {
		from++
	}
	to := min(from+snippetTokens, len(t.Tokens))
	start, end := int(t.Tokens[from].Start), int(t.Tokens[to-1].End)
	out := Fragment{Text: strings.TrimRight(t.Source[start:end], "\n"), Cut: from > 0, More: to < len(t.Tokens)}
	out.Sentence.End = min(len(out.Text), int(t.Tokens[min(max(span.End, from+1), to)-1].End)-start)
	for i := from; i < to; i++ {
		if hits[i] {
			out.Marks = append(out.Marks, Span{int(t.Tokens[i].Start) - start, int(t.Tokens[i].End) - start})
		}
	}
	return out
}
