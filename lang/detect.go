package lang

import (
	"strings"

	"palabre/statement"
)

// functionWords are frequent short words that tell languages of one script
// apart, folded.
var functionWords = map[string]string{}

func init() {
	for language, words := range map[string]string{
		"fr": "le la les des du de un une et est dans pour que qui ne pas sur au aux avec par ce cette son ses leur nous il elle ont été a été sont plus mais ou où",
		"en": "the of and to in is that for with on was by are be this from has have its not it as at said will an were their we he she they which but who",
		"bm": "ye ka ka an bɛ tɛ ni la na ma kɛra min o i n’ u ko fɛ kan kɔnɔ",
		"ff": "e nder fow ko to ɗum ɗe ɓe mo kadi wonde haa ngam gooto ndeen",
		"ha": "da na ta a ya ba ne ce don wannan cikin kuma sun mai shi ga wa",
	} {
		for w := range strings.FieldsSeq(words) {
			functionWords[Fold(w)] += language + " "
		}
	}
}

// Runs cuts a text into stretches of one language, paragraph by paragraph. The
// declared language counts where the words do not tell; "und" where nothing
// does.
func Runs(text, declared string) []statement.LangRun {
	var runs []statement.LangRun
	whole := detect(text)
	if whole == "" {
		whole = declared
	}
	if whole == "" {
		whole = "und"
	}
	for start := 0; start < len(text); {
		end := strings.IndexByte(text[start:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += start + 1
		}
		language := detect(text[start:end])
		if language == "" {
			language = whole
		}
		if n := len(runs); n > 0 && runs[n-1].Lang == language {
			runs[n-1].End = end
		} else {
			runs = append(runs, statement.LangRun{Start: start, End: end, Lang: language})
		}
		start = end
	}
	return runs
}

// detect names the language of a passage, or "" where it is too short to tell.
func detect(text string) string {
	var t Text
	t.Scan(text)
	votes := make(map[string]int)
	arabic, words := 0, 0
	for i, tok := range t.Tokens {
		if tok.Kind != Word {
			continue
		}
		words++
		if tok.Script == Arabic {
			arabic++
			continue
		}
		for l := range strings.FieldsSeq(functionWords[string(t.Folded(i))]) {
			votes[l]++
		}
	}
	if words > 0 && arabic*2 > words {
		return "ar"
	}
	best, second := "", 0
	for _, l := range []string{"fr", "en", "bm", "ff", "ha"} {
		switch {
		case best == "" && votes[l] > 0 || best != "" && votes[l] > votes[best]:
			if best != "" {
				second = votes[best]
			}
			best = l
		case votes[l] > second:
			second = votes[l]
		}
	}
	if best == "" || votes[best] < 3 || votes[best] < second*3/2 {
		return ""
	}
	return best
}
