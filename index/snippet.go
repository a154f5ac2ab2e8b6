package index

import (
	"strings"

	"palabre/lang"
)

// Span is a range of bytes.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Fragment is a stretch of a text with what was found in it. Marks are byte
// offsets into Text.
type Fragment struct {
	Text  string `json:"text"`
	Marks []Span `json:"marks"`
	Cut   bool   `json:"cut"` // something stands before it
	More  bool   `json:"more"`
}

// snippetTokens is the most tokens of a fragment.
const snippetTokens = 45

// Snippet returns the sentences of text in which most of the query's words
// stand, with the words marked; the start of the text if it has none.
func Snippet(q *Query, text string) Fragment {
	var t lang.Text
	t.Scan(text)
	if len(t.Tokens) == 0 {
		return Fragment{}
	}
	want := newMatcher(q)
	hits := make([]bool, len(t.Tokens))
	for i, tok := range t.Tokens {
		if tok.Kind == lang.Word || tok.Kind == lang.Number {
			hits[i] = want.has(t.Source[tok.Start:tok.End], string(t.Folded(i)))
		}
	}
	best, most := 0, -1
	for n, s := range t.Sentences {
		count := 0
		for i := s.Start; i < s.End; i++ {
			if hits[i] {
				count++
			}
		}
		if count > most {
			best, most = n, count
		}
	}
	return fragment(&t, hits, t.Sentences[best].Start)
}

// fragment cuts the text from the start of a sentence, or nearer to the first
// hit where the sentence is long.
func fragment(t *lang.Text, hits []bool, from int) Fragment {
	first := from
	for first < len(hits) && !hits[first] {
		first++
	}
	if first < len(hits) && first-from > snippetTokens/2 {
		from = first - snippetTokens/4
	}
	for from < len(t.Tokens)-1 && t.Tokens[from].Kind == lang.Break {
		from++
	}
	to := min(from+snippetTokens, len(t.Tokens))
	start, end := int(t.Tokens[from].Start), int(t.Tokens[to-1].End)
	f := Fragment{Text: strings.TrimRight(t.Source[start:end], "\n"), Cut: from > 0, More: to < len(t.Tokens)}
	for i := from; i < to; i++ {
		if hits[i] {
			f.Marks = append(f.Marks, Span{int(t.Tokens[i].Start) - start, int(t.Tokens[i].End) - start})
		}
	}
	return f
}

// wordMatcher tells which words of a text a query looks for.
type wordMatcher struct {
	forms    map[string]bool
	exact    map[string]bool
	prefixes []string
}

var allForms = []wordForm{folded, frenchStem, englishStem, arabicStem}

func newMatcher(q *Query) *wordMatcher {
	m := &wordMatcher{forms: make(map[string]bool), exact: make(map[string]bool)}
	if q != nil && q.root != nil {
		m.collect(q.root)
	}
	return m
}

func (m *wordMatcher) collect(e expr) {
	switch e := e.(type) {
	case word:
		m.add(e.text, e.exact)
	case phrase:
		m.add(e.text, true)
	case prefix:
		if list := words(e.text); len(list) > 0 {
			m.prefixes = append(m.prefixes, list[len(list)-1])
		}
	case and:
		for _, p := range e.parts {
			m.collect(p)
		}
	case or:
		for _, p := range e.parts {
			m.collect(p)
		}
	}
}

func (m *wordMatcher) add(text string, exact bool) {
	var t lang.Text
	t.Scan(text)
	for i, tok := range t.Tokens {
		fold := string(t.Folded(i))
		m.exact[fold] = true
		if exact {
			continue
		}
		for _, form := range allForms {
			m.forms[form(t.Source[tok.Start:tok.End], fold)] = true
		}
	}
}

func (m *wordMatcher) has(original, fold string) bool {
	if m.exact[fold] {
		return true
	}
	for _, p := range m.prefixes {
		if strings.HasPrefix(fold, p) {
			return true
		}
	}
	if len(m.forms) == 0 {
		return false
	}
	for _, form := range allForms {
		if m.forms[form(original, fold)] {
			return true
		}
	}
	return false
}
