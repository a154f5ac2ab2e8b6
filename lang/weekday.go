package lang

import (
	"slices"
	"strconv"
	"time"
)

// weekdays and months are names in French, English and Arabic, as they are
// folded. Arabic months go by their French, Levantine and Moroccan names.
var (
	weekdays = numbered(
		[]string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		[]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"},
		[]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
	)
	months = numbered(
		[]string{"", "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"},
		[]string{"", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"},
		[]string{"", "jan", "feb", "mar", "apr", "", "jun", "jul", "aug", "sept", "oct", "nov", "dec"},
		[]string{"", "يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
		[]string{"", "جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان", "جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
	)
	yesterdays = numbered([]string{"hier"}, []string{"yesterday"}, []string{"أمس"}, []string{"البارحة"})
)

// numbered gives each name its place in its list.
func numbered(lists ...[]string) map[string]int {
	out := make(map[string]int)
	for _, names := range lists {
		for i, name := range names {
			if name != "" {
				out[Fold(name)] = i
			}
		}
	}
	return out
}

// MonthNamed returns the month that a folded word names in French, English or
// Arabic; 0 if it names none.
func MonthNamed(folded string) time.Month { return time.Month(months[folded]) }

// halfYear is from how many days back a date without a year is one to come.
const halfYear = 183

// DaysNamedBy returns which past days are named by the sentence that holds a byte
// of the text or, where that names none, by the first two, in which news tells
// when. They are given as days back from the day of publication, which is 0:
// "Monday" is the last Monday, "yesterday" is 1, "12 March" or "March 12" is the
// last one before the day itself, which is the dateline of a wire. Each comes
// once, the latest first.
func DaysNamedBy(text string, at int, published time.Time) []int {
	var t Text
	t.Scan(text)
	for _, s := range t.Sentences {
		if int(t.Tokens[s.End-1].End) > at {
			if back := t.daysNamed(s.Start, s.End, published); len(back) > 0 {
				return back
			}
			break
		}
	}
	end, begun := 0, 0
	for _, s := range t.Sentences {
		if t.Tokens[s.Start].Kind == Break { // between paragraphs
			continue
		}
		if begun++; begun > 2 {
			break
		}
		end = s.End
	}
	return t.daysNamed(0, end, published)
}

func (t *Text) daysNamed(from, to int, published time.Time) []int {
	var back []int
	published = published.UTC().Truncate(24 * time.Hour)
	for i := from; i < to; i++ {
		if t.Tokens[i].Kind != Word {
			continue
		}
		word := t.Folded(i)
		if day, ok := weekdays[string(word)]; ok {
			back = append(back, (int(published.Weekday())-day+7)%7)
		} else if _, ok := yesterdays[string(word)]; ok {
			back = append(back, 1)
		} else if month, ok := months[string(word)]; ok {
			if day := t.dayBeside(i, from, to); day > 0 {
				if n := daysBack(published, time.Month(month), day); n > 0 && n < halfYear { // else it is the dateline, or yet to come
					back = append(back, n)
				}
			}
		}
	}
	slices.Sort(back)
	return slices.Compact(back)
}

// dayBeside returns the number of the day that stands before or behind the month
// at token i, or 0.
func (t *Text) dayBeside(i, from, to int) int {
	for _, k := range []int{i - 1, i + 1} {
		if k < from || k >= to || t.Tokens[k].Kind != Number {
			continue
		}
		if n, err := strconv.Atoi(t.Source[t.Tokens[k].Start:t.Tokens[k].End]); err == nil && n >= 1 && n <= 31 {
			return n
		}
	}
	return 0
}

// daysBack counts the days to the last such date.
func daysBack(published time.Time, month time.Month, day int) int {
	date := time.Date(published.Year(), month, day, 0, 0, 0, 0, time.UTC)
	if date.After(published) {
		date = date.AddDate(-1, 0, 0)
	}
	return int(published.Sub(date) / (24 * time.Hour))
}

// again are the words by which a text says that something has been said before,
// and agains the phrases.
var (
	again  = FoldSet("redit", "redire", "réitère", "réitéré", "réitérant", "réaffirme", "réaffirmé", "réaffirmant", "répète", "répété", "répétant", "récidive", "récidivent", "récidivé", "persiste", "persistent", "again", "reiterated", "reiterates", "reiterating", "reaffirmed", "reaffirms", "repeated", "repeats", "repeating", "مجددا", "جدد", "وجدد", "كرر", "وكرر", "تكرر")
	agains = [][2]string{{"de", "nouveau"}, {"nouvelle", "fois"}, {"once", "more"}, {"مرة", Fold("أخرى")}}
)

// FoldSet returns a set of words as they are folded.
func FoldSet(words ...string) map[string]bool {
	out := make(map[string]bool)
	for _, w := range words {
		out[Fold(w)] = true
	}
	return out
}

// SaysAgain reports whether a text says that something has been said before.
func SaysAgain(text string) bool {
	var t Text
	t.Scan(text)
	for i := range t.Tokens {
		if t.Tokens[i].Kind != Word {
			continue
		}
		if again[string(t.Folded(i))] {
			return true
		}
		for _, pair := range agains {
			if i > 0 && string(t.Folded(i-1)) == Fold(pair[0]) && string(t.Folded(i)) == pair[1] {
				return true
			}
		}
	}
	return false
}
