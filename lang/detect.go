package lang

import (
	"strings"

	"palabre/statement"
)

// languages that are told apart by their short words, in the order in which
// ties are broken.
var languages = [...]string{"fr", "en", "bm", "ff", "ha"}

// functionWords maps frequent short words, folded, to a bit for each language
// that has them.
var functionWords = buildFunctionWords()

func buildFunctionWords() map[string]uint8 {
	m := make(map[string]uint8)
	for bit, words := range [len(languages)]string{
		"le la les des du de un une et est dans pour que qui ne pas sur au aux avec par ce cette son ses leur nous il elle ont été a sont plus mais ou où se en l d",
		"the of and to in is that for with on was by are be this from has have its not it as at said will an were their he we they which but who had",
		"ye ka kan bɛ tɛ ni na ma kɛra min minnu o i an u ko fɛ kɔnɔ bɔra ani nin den jamana la wa",
		"nder fow ko to ɗum ɗe ɓe mo kadi wonde haa ngam gooto ndeen e kala ɗo ɓeen moƴƴi",
		"da na ta ya ba ne ce don wannan cikin kuma sun mai shi ga wa amma kasar yan su an",
	} {
		for w := range strings.FieldsSeq(words) {
			m[Fold(w)] |= 1 << bit
		}
	}
	return m
}

// tally counts what tells a passage's language.
type tally struct {
	votes         [len(languages)]int
	words, arabic int
}

func (y *tally) add(t *Text, i int) {
	tok := &t.Tokens[i]
	if tok.Kind != Word {
		return
	}
	y.words++
	if tok.Script == Arabic {
		y.arabic++
		return
	}
	bits := functionWords[string(t.Folded(i))]
	for l := range languages {
		y.votes[l] += int(bits >> l & 1)
	}
}

func (y *tally) join(z *tally) {
	y.words += z.words
	y.arabic += z.arabic
	for l := range languages {
		y.votes[l] += z.votes[l]
	}
}

// leastVotes is how many short words a passage needs before they decide.
const leastVotes = 3

// language names the language that the tally shows, or "".
func (y *tally) language() string {
	if y.words > 0 && 2*y.arabic > y.words {
		return "ar"
	}
	best, first, second := y.best()
	if first < leastVotes || 2*first < 3*second {
		return ""
	}
	return best
}

// guess names the language that most short words point to, however few they
// are, or "".
func (y *tally) guess() string {
	best, first, second := y.best()
	if first == second {
		return ""
	}
	return best
}

// best returns the language with most votes, and the two highest counts.
func (y *tally) best() (language string, first, second int) {
	best := 0
	for l := 1; l < len(languages); l++ {
		if y.votes[l] > y.votes[best] {
			best, second = l, y.votes[best]
		} else {
			second = max(second, y.votes[l])
		}
	}
	return languages[best], y.votes[best], second
}

// Runs cuts a scanned text into stretches of one language, paragraph by
// paragraph. A paragraph too short to tell has the language of the whole text;
// where its words do not tell either, the declared one counts; where none is
// declared, the best guess, and "und" without any.
func (t *Text) Runs(declared string) []statement.LangRun {
	var whole tally
	var paragraphs []tally
	var ends []int
	at := tally{}
	for i := range t.Tokens {
		at.add(t, i)
		if t.Tokens[i].Kind == Break {
			paragraphs, ends = append(paragraphs, at), append(ends, int(t.Tokens[i].End))
			whole.join(&at)
			at = tally{}
		}
	}
	paragraphs, ends = append(paragraphs, at), append(ends, len(t.Source))
	whole.join(&at)
	fallback := whole.language()
	if fallback == "" {
		fallback = declared
	}
	if fallback == "" {
		fallback = whole.guess()
	}
	if fallback == "" {
		fallback = "und"
	}
	var runs []statement.LangRun
	start := 0
	for i := range paragraphs {
		language := paragraphs[i].language()
		if language == "" {
			language = fallback
		}
		switch n := len(runs); {
		case ends[i] == start:
			continue
		case n > 0 && runs[n-1].Lang == language:
			runs[n-1].End = ends[i]
		default:
			runs = append(runs, statement.LangRun{Start: start, End: ends[i], Lang: language})
		}
		start = ends[i]
	}
	return runs
}
