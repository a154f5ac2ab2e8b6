package api

import (
	"strings"
	"unicode"

	"palabre/index"
)

// wrongQuery points at where a query cannot be read.
type wrongQuery struct {
	Before, Stopped, After string
	Says                   string // what is wrong, in the tongue; empty where only the English of the message says it
	Meant, MeantLink       string // the query as it was probably meant
}

// mistake says what is wrong with a query, if that can be said in every tongue.
func mistake(what string) phrase {
	switch what {
	case "the bracket is not closed":
		return say("The bracket is not closed.")
	case "the quotation mark is not closed":
		return say("The quotation mark is not closed.")
	case "the query ends where a word or field is wanted":
		return say("The query ends where a word or a field is wanted.")
	case "the phrase has no word in it":
		return say("There is no word between the quotation marks.")
	case "a star stands at the end of a word only":
		return say("A star stands at the end of a word only.")
	case "the query is not valid UTF-8":
		return say("The query is not valid UTF-8.")
	}
	if name, ok := strings.CutPrefix(what, `unknown field "`); ok {
		name, _, _ = strings.Cut(name, `"`)
		return say("There is no field %s.", plain(name))
	}
	if name, ok := strings.CutPrefix(what, `there is no saved search "`); ok {
		name, _, _ = strings.Cut(name, `"`)
		return say("There is no saved search %s.", plain(name))
	}
	if value, _, ok := strings.Cut(what, " is unknown: takes "); ok {
		return say("%s is not known.", plain(value))
	}
	if strings.HasSuffix(what, "a prefix such as negoc* has its star behind") {
		return say("A star stands at the end of a word only.")
	}
	return phrase{}
}

// wrongIn points at a mistake in a query; nil if it lies elsewhere.
func wrongIn(t *tongue, c *Criteria, fault *problem) *wrongQuery {
	if fault.Column == 0 {
		return nil
	}
	w := &wrongQuery{Says: t.in(mistake(fault.Expected))}
	w.Before, w.Stopped, w.After = around(c.Q, fault.Column)
	if meant := (&index.SyntaxError{What: fault.Expected}).Meant(); meant != "" {
		w.Meant = repaired(c.Q, fault.Column, meant)
		w.MeantLink = c.withQuery(w.Meant)
	}
	return w
}

// repaired is a query with what stands at a column, counted in characters from 1,
// replaced: the name of a field by one that ends in a colon, else a value.
func repaired(query string, column int, meant string) string {
	runes := []rune(query)
	at := min(max(column-1, 0), len(runes))
	before, rest := string(runes[:at]), string(runes[at:])
	end := strings.IndexAny(rest, " ()\t\n")
	if name, ok := strings.CutSuffix(meant, ":"); ok {
		meant, end = name, strings.IndexByte(rest, ':')
	} else if strings.HasPrefix(rest, `"`) {
		if end = strings.IndexByte(rest[1:], '"'); end >= 0 {
			end += 2
		}
	}
	if end < 0 {
		end = len(rest)
	}
	if strings.ContainsRune(meant, ' ') {
		meant = `"` + meant + `"`
	}
	return before + meant + rest[end:]
}

// around cuts a query where reading stopped: at a word, or a sign. column counts
// characters from 1.
func around(query string, column int) (before, stopped, after string) {
	runes := []rune(query)
	at := min(max(column-1, 0), len(runes))
	end := min(at+1, len(runes))
	for at < end && end < len(runes) && isWordly(runes[at]) && isWordly(runes[end]) {
		end++
	}
	return plain(string(runes[:at])), plain(string(runes[at:end])), plain(string(runes[end:]))
}

func isWordly(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '-' || r == '_'
}
