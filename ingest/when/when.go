package when

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	dateparser "github.com/markusmobius/go-dateparser"

	"palabre/lang"
	"palabre/statement"
)

// longest is the most bytes that a date may have: more is no date.
const longest = 100

var (
	year    = regexp.MustCompile(`(^|\D)[12]\d{3}(\D|$)`)
	isoTime = []string{
		"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00",
		"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04:05.999999999Z07:00", "2006-01-02 15:04:05 Z0700",
		"2006-01-02 15:04:05 MST", "2006-01-02 15:04:05", "2006-01-02 15:04", "20060102T150405Z0700",
	}
)

// Parse reads a date that a source in the given language (BCP 47) claims, and
// reports whether it is one. Origin says where the claim stands. A date without
// a time of day has the precision of a day; one without a zone is in UTC.
// Relative dates ("yesterday") are not read: what they relate to is unknown.
func Parse(s, language, origin string) (statement.Date, bool) {
	s = digits(strings.TrimSpace(s))
	if s == "" || len(s) > longest {
		return statement.Date{}, false
	}
	if d, err := statement.ParseDate(s, origin); err == nil {
		return d, true
	}
	for _, layout := range isoTime {
		if t, err := time.Parse(layout, s); err == nil {
			return statement.Date{Time: t.UTC(), Precision: statement.Second, Origin: origin}, true
		}
	}
	if d, ok := parseNamed(s); ok {
		d.Origin = origin
		return d, true
	}
	return parseLocal(s, language, origin)
}

// parseLocal reads what depends on the language, such as 07/12/2023.
func parseLocal(s, language, origin string) (statement.Date, bool) {
	base, _, _ := strings.Cut(language, "-")
	if base == "" || !year.MatchString(s) {
		return statement.Date{}, false
	}
	if !dateparser.IsKnownLocale(base) {
		base = "fr" // the languages of the Sahel write dates as French does
	}
	d, err := dateparser.Parse(&dateparser.Configuration{
		Languages: []string{base}, StrictParsing: true, ReturnTimeAsPeriod: true, DefaultTimezone: time.UTC,
	}, s)
	if err != nil || d.Time.IsZero() {
		return statement.Date{}, false
	}
	out := statement.Date{Time: d.Time.UTC(), Precision: statement.Second, Origin: origin}
	if p := d.Period.String(); p != "Second" && p != "Minute" && p != "Hour" {
		out = statement.Date{Time: time.Date(d.Time.Year(), d.Time.Month(), d.Time.Day(), 0, 0, 0, 0, time.UTC), Precision: statement.Day, Origin: origin}
	}
	return out, true
}

// digits brings Arabic and Persian digits to ASCII and drops direction marks.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		case r >= '۰' && r <= '۹':
			return '0' + r - '۰'
		case r == '\u200e', r == '\u200f', r == '\u061c':
			return -1
		case r == '،', r == '\u00a0', r == '\u202f':
			return ' '
		}
		return r
	}, s)
}

// months holds the folded names of the months. Names of two words are joined by
// a space.
var months = buildMonths()

func buildMonths() map[string]time.Month {
	names := [12]string{
		"january janvier jan janv يناير جانفي كانون_الثاني",
		"february fevrier feb fevr fev فبراير فيفري شباط",
		"march mars mar مارس آذار",
		"april avril apr avr أبريل إبريل أفريل نيسان",
		"may mai مايو ماي أيار مايس",
		"june juin jun يونيو يونيه جوان حزيران",
		"july juillet jul juil يوليو يوليه جويلية يوليوز تموز",
		"august aout aug أغسطس أوت غشت آب",
		"september septembre sep sept سبتمبر شتنبر أيلول",
		"october octobre oct أكتوبر تشرين_الأول",
		"november novembre nov نوفمبر نونبر تشرين_الثاني",
		"december decembre dec ديسمبر دجنبر كانون_الأول",
	}
	out := make(map[string]time.Month)
	for i, line := range names {
		for _, name := range strings.Fields(line) {
			out[lang.Fold(strings.ReplaceAll(name, "_", " "))] = time.Month(i + 1)
		}
	}
	return out
}

// parseNamed reads dates that name the month: "Tue, 05 Mar 2024 10:00 +0100",
// "mardi 5 mars 2024 à 10h", "5 كانون الأول 2024", "March 5, 2024", "mars 2024".
func parseNamed(s string) (statement.Date, bool) {
	words := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\t' || r == '/' || r == '|' })
	for i := range words {
		month, n := monthAt(words, i)
		if month == 0 {
			continue
		}
		day, rest := 0, words[i+n:]
		switch {
		case i > 0 && number(words[i-1], 1, 31) > 0:
			day = number(words[i-1], 1, 31)
		case len(rest) > 1 && number(rest[0], 1, 31) > 0:
			day, rest = number(rest[0], 1, 31), rest[1:]
		}
		if d, ok := complete(month, day, rest); ok {
			return d, true
		}
	}
	return statement.Date{}, false
}

// monthAt returns the month that the words at i name, and how many they are.
func monthAt(words []string, i int) (time.Month, int) {
	name := lang.Fold(strings.Trim(words[i], "."))
	if i+1 < len(words) {
		if m := months[name+" "+lang.Fold(words[i+1])]; m > 0 {
			return m, 2
		}
	}
	return months[name], 1
}

// complete adds year, time of day and zone from the words after day and month.
func complete(month time.Month, day int, rest []string) (statement.Date, bool) {
	y := 0
	clock := clockReading{zone: time.UTC}
	for _, w := range rest {
		if n := parseYear(w); y == 0 && n > 0 {
			y = n
			continue
		}
		clock.read(w)
		if y == 0 && !clock.known { // only a time of day may stand before the year
			return statement.Date{}, false
		}
	}
	switch {
	case y == 0:
		return statement.Date{}, false
	case day == 0:
		return statement.Date{Time: time.Date(y, month, 1, 0, 0, 0, 0, time.UTC), Precision: statement.Month}, true
	}
	t := time.Date(y, month, day, clock.hour, clock.minute, clock.second, 0, clock.zone)
	if t.Day() != day {
		return statement.Date{}, false // such as 31 February
	}
	if !clock.known {
		return statement.Date{Time: time.Date(y, month, day, 0, 0, 0, 0, time.UTC), Precision: statement.Day}, true
	}
	return statement.Date{Time: t.UTC(), Precision: statement.Second}, true
}

func number(s string, least, most int) int {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(strings.Trim(s, "."), "er"), "th"))
	if err != nil || n < least || n > most {
		return 0
	}
	return n
}

// parseYear takes the two digits of old mail as 1969 to 2068.
func parseYear(s string) int {
	switch n := number(s, 0, 9999); {
	case len(s) == 4:
		return n
	case len(s) == 2 && n > 68:
		return 1900 + n
	case len(s) == 2 && n > 0:
		return 2000 + n
	}
	return 0
}
