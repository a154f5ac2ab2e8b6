package lang

import (
	"strings"

	"palabre/statement"
)

// languages that are told apart by their short words, in the order in which
// ties are broken. Wolof is among them so as not to pass for Bambara. Bambara
// and Dyula are so close that both count as Bambara.
var languages = [...]string{"fr", "en", "bm", "ff", "ha", "son", "wo"}

// functionWords are frequent short words, folded and packed, with a bit for each
// language that has them.
var functionWords = buildFunctionWords()

// shortWords is a hash table with open addresses.
type shortWords struct {
	keys [1 << 10]uint64 // 0 for a free slot
	bits [1 << 10]uint8
}

// slot returns where the key is, or belongs.
func (t *shortWords) slot(key uint64) int {
	const odd = 0x9E3779B97F4A7C15 // 2^64 over the golden ratio
	for i := int(key * odd >> 54); ; i = (i + 1) & (len(t.keys) - 1) {
		if t.keys[i] == key || t.keys[i] == 0 {
			return i
		}
	}
}

// longestPacked is the most bytes of a word that can be packed. No function word is
// longer.
const longestPacked = 8

// pack makes a short word a key that is quick to look up.
func pack(word []byte) (key uint64) {
	for _, c := range word {
		key = key<<8 | uint64(c)
	}
	return key
}

func buildFunctionWords() *shortWords {
	t := new(shortWords)
	for bit, words := range [len(languages)]string{
		"le la les des du de un une et est dans pour que qui ne pas sur au aux avec par ce cette son ses leur nous il elle ont été a sont plus mais ou où se en l d " +
			"qu c s vous je lui était être comme ces tout elles ils",
		"the of and to in is that for with on was by are be this from has have its not it as at said will an were their he we they which but who had",
		// With and without the letters ɛ ɔ ɲ, which many leave out in typing; some
		// type the Greek ε for ɛ.
		"ye ka kan bɛ tɛ ni na ma kɛra min minnu o i an u ko fɛ kɔnɔ bɔra ani nin jamana la wa a n k b aw anw don tun olu nka kɛ fɔ mɔgɔ mɔgɔw bɛɛ kelen sɔrɔ bɔ cɛ dɔ yɛrɛ ɲɛ ɲɔgɔn yɔrɔ taa tuma fana kana walasa bɛna " +
			"bε tε kε fε bεε be te fe kono mogo bee ke soro nyogon yoro yere",
		"nder fow ko to ɗum ɗe ɓe mo kadi wonde haa ngam gooto ndeen e kala ɗo ɓeen moƴƴi " +
			"fof ina ɗi ɗee ɗii ɓee oo ngal ngol nde ndee walla kono mum maɓɓe gila caggal hakkunde leydi yimɓe sabu woni wonaa heen ɗoo noon hono nden",
		"da na ta ya ba ne ce wannan cikin kuma sun shi ga wa amma kasar yan su an " +
			"yi za daga zuwa cewa wani wasu wanda wadanda inda bayan yayin domin saboda tare tsakanin kungiyar mutane har yadda yana tana suna suka aka kan",
		"nda kaŋ ga ra kul ši mana ngey borey boŋ goo woo se i a nga ngo kulu boro",
		"ak ci mu ñu yi gi nga dafa moom ngir nekk lu ku nit ñi la ko na ni mi bi",
	} {
		for w := range strings.FieldsSeq(words) {
			key := pack(AppendFold(nil, w))
			i := t.slot(key)
			t.keys[i] = key
			t.bits[i] |= 1 << bit
		}
	}
	return t
}

// scripts are the writing systems that tell a language by themselves. What is
// written in the Arabic one counts as Arabic.
var scripts = [...]struct {
	script   Script
	language string
}{{Arabic, "ar"}, {Tifinagh, "tmh"}, {Adlam, "ff"}, {NKo, "nqo"}}

// tally counts what tells a passage's language.
type tally struct {
	votes   [len(languages)]int
	written [len(scripts)]int
	words   int
}

// enoughWords is how many words of a paragraph decide on its language.
const enoughWords = 80

func (y *tally) add(t *Text, i int) {
	tok := &t.Tokens[i]
	if tok.Kind != Word || y.words == enoughWords {
		return
	}
	y.words++
	if tok.Script != Latin {
		for k := range scripts {
			if tok.Script == scripts[k].script {
				y.written[k]++
			}
		}
		return
	}
	word := t.Folded(i)
	if len(word) > longestPacked {
		return
	}
	bits := functionWords.bits[functionWords.slot(pack(word))]
	for l := 0; bits>>l != 0; l++ {
		y.votes[l] += int(bits >> l & 1)
	}
}

func (y *tally) join(z *tally) {
	y.words += z.words
	for k := range scripts {
		y.written[k] += z.written[k]
	}
	for l := range languages {
		y.votes[l] += z.votes[l]
	}
}

// leastVotes is how many short words a passage needs before they decide.
const leastVotes = 3

// language names the language that the tally shows, or "".
func (y *tally) language() string {
	for k := range scripts {
		if 2*y.written[k] > y.words {
			return scripts[k].language
		}
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
	whole, at := tally{}, tally{}
	paragraphs, ends := t.tallies[:0], t.ends[:0]
	for i := range t.Tokens {
		at.add(t, i)
		if t.Tokens[i].Kind == Break {
			paragraphs, ends = append(paragraphs, at), append(ends, int(t.Tokens[i].End))
			whole.join(&at)
			at = tally{}
		}
	}
	paragraphs, ends = append(paragraphs, at), append(ends, len(t.Source))
	t.tallies, t.ends = paragraphs, ends
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
