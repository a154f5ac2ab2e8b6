package lang

import (
	"slices"
	"time"
)

// weekdays are the days of the week as they are folded, in French, English and
// Arabic. An Arabic one may carry its preposition.
var weekdays = buildWeekdays()

func buildWeekdays() map[string]time.Weekday {
	out := make(map[string]time.Weekday)
	for _, names := range [][7]string{
		{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"},
		{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
	} {
		for day, name := range names {
			out[Fold(name)] = time.Weekday(day)
		}
	}
	return out
}

// yesterdays are the words for the day before.
var yesterdays = map[string]bool{"hier": true, "yesterday": true, Fold("أمس"): true, Fold("البارحة"): true}

// DaysNamed returns which days a text names that was published on a day of the
// week, as days back from then: a day of the week is the last one, so that 0 is
// the day itself and 6 the same day but one of the week before. "Yesterday" is
// 1. Each comes once, the latest first.
func DaysNamed(text string, published time.Weekday) []int {
	var t Text
	t.Scan(text)
	var back []int
	for i := range t.Tokens {
		if t.Tokens[i].Kind != Word {
			continue
		}
		word := t.Folded(i)
		if day, ok := weekdays[string(word)]; ok {
			back = append(back, (int(published)-int(day)+7)%7)
		} else if yesterdays[string(word)] {
			back = append(back, 1)
		}
	}
	slices.Sort(back)
	return slices.Compact(back)
}
