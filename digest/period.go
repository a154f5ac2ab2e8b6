package digest

import (
	"fmt"
	"strconv"
	"time"

	"palabre/statement"
)

const day = 24 * time.Hour

// The years that a period may touch: their days can be written and read again.
const (
	firstYear = 1970
	lastYear  = 9000
)

// longest is the most days of a period.
const longest = 366

// Period is a stretch of whole days, in UTC.
type Period struct {
	From time.Time // first instant
	To   time.Time // first instant after it
	Week string    // ISO 8601, such as "2021-W42", if it is one such week; else empty
}

// ParseWeek reads an ISO 8601 week such as "2021-W42": Monday to Sunday, in UTC.
func ParseWeek(s string) (Period, error) {
	bad := func(why string) (Period, error) {
		return Period{}, fmt.Errorf("parse week %.40q: %s", s, why)
	}
	if len(s) != len("2021-W42") || s[4:6] != "-W" || !digits(s[:4]) || !digits(s[6:]) {
		return bad("want a year and a week as in 2021-W42")
	}
	year, week := number(s[:4]), number(s[6:])
	if year < firstYear || year > lastYear {
		return bad(fmt.Sprintf("years go from %d to %d", firstYear, lastYear))
	}
	if most := weeksIn(year); week < 1 || week > most {
		return bad(fmt.Sprintf("%d has the weeks 01 to %d", year, most))
	}
	// The fourth of January lies in week 1 of its year.
	return WeekOf(time.Date(year, time.January, 4+7*(week-1), 0, 0, 0, 0, time.UTC)), nil
}

// ParsePeriod reads a week as [ParseWeek] does, a day such as "2021-10-18", a
// month such as "2021-10", or two days with a slash between them, the last
// included: "2021-10-18/2021-10-24".
func ParsePeriod(s string) (Period, error) {
	switch {
	case len(s) == len("2021-W42") && s[4:6] == "-W":
		return ParseWeek(s)
	case len(s) == len("2021-10"):
		if from, err := time.Parse("2006-01", s); err == nil {
			return NewPeriod(from, from.AddDate(0, 1, 0))
		}
	case len(s) == len(time.DateOnly):
		if from, err := time.Parse(time.DateOnly, s); err == nil {
			return NewPeriod(from, from.Add(day))
		}
	case len(s) == 2*len(time.DateOnly)+1 && s[len(time.DateOnly)] == '/':
		from, err := time.Parse(time.DateOnly, s[:len(time.DateOnly)])
		last, lastErr := time.Parse(time.DateOnly, s[len(time.DateOnly)+1:])
		if err == nil && lastErr == nil {
			return NewPeriod(from, last.Add(day))
		}
	}
	return Period{}, fmt.Errorf("parse period %.40q: want a week as in 2021-W42, a month as in 2021-10, a day as in 2021-10-18, or first and last day as in 2021-10-18/2021-10-24", s)
}

// NewPeriod returns the period from an instant to the one before to. Both must
// be the beginning of a day in UTC.
func NewPeriod(from, to time.Time) (Period, error) {
	p := Period{From: from.UTC(), To: to.UTC()}
	length := p.To.Sub(p.From)
	switch {
	case p.From != p.From.Truncate(day) || p.To != p.To.Truncate(day):
		return Period{}, fmt.Errorf("make period: %s to %s are not whole days in UTC", p.From.Format(time.RFC3339), p.To.Format(time.RFC3339))
	case length <= 0:
		return Period{}, fmt.Errorf("make period: it ends on %s, before it begins on %s", p.To.Add(-day).Format(time.DateOnly), p.From.Format(time.DateOnly))
	case length > longest*day:
		return Period{}, fmt.Errorf("make period: it has %d days, the most is %d", length/day, longest)
	case p.From.Year() < firstYear || p.To.Year() > lastYear:
		return Period{}, fmt.Errorf("make period: years go from %d to %d", firstYear, lastYear)
	}
	if w := WeekOf(p.From); w.From == p.From && w.To == p.To {
		p.Week = w.Week
	}
	return p, nil
}

// WeekOf returns the ISO 8601 week that holds an instant.
func WeekOf(t time.Time) Period {
	t = t.UTC()
	year, week := t.ISOWeek()
	monday := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).AddDate(0, 0, -(int(t.Weekday())+6)%7)
	return Period{From: monday, To: monday.AddDate(0, 0, 7), Week: fmt.Sprintf("%04d-W%02d", year, week)}
}

// Next returns the period that follows: the next week, month, or as many days.
func (p Period) Next() Period { return p.shift(1) }

// Previous returns the period before: the week, month, or as many days before.
func (p Period) Previous() Period { return p.shift(-1) }

func (p Period) shift(by int) Period {
	switch {
	case p.Week != "":
		return WeekOf(p.From.AddDate(0, 0, 7*by))
	case p.month():
		return Period{From: p.From.AddDate(0, by, 0), To: p.To.AddDate(0, by, 0)}
	}
	length := p.To.Sub(p.From)
	return Period{From: p.From.Add(time.Duration(by) * length), To: p.To.Add(time.Duration(by) * length)}
}

// month reports whether the period is a month of the calendar.
func (p Period) month() bool { return p.From.Day() == 1 && p.To == p.From.AddDate(0, 1, 0) }

// Days returns how many days the period has.
func (p Period) Days() int { return int(p.To.Sub(p.From) / day) }

// Last returns the first instant of its last day.
func (p Period) Last() time.Time { return p.To.Add(-day) }

// Holds reports whether all that a date may mean lies in the period: one that is
// known to the month lies in no week.
func (p Period) Holds(d statement.Date) bool {
	return !d.Time.Before(p.From) && !d.End().After(p.To)
}

// IsZero reports whether it is no period.
func (p Period) IsZero() bool { return p.From.IsZero() && p.To.IsZero() }

// String returns what [ParsePeriod] reads: "2021-W42" or
// "2021-10-18/2021-10-24". It names the period wherever one is kept; "" if it is
// no period.
func (p Period) String() string {
	switch {
	case p.IsZero():
		return ""
	case p.Week != "":
		return p.Week
	}
	return p.From.Format(time.DateOnly) + "/" + p.Last().Format(time.DateOnly)
}

// MarshalText writes String.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (p *Period) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*p = Period{}
		return nil
	}
	*p, err = ParsePeriod(string(b))
	return err
}

// weeksIn returns how many ISO 8601 weeks a year has. The 28th of December lies
// in the last one.
func weeksIn(year int) int {
	_, week := time.Date(year, time.December, 28, 0, 0, 0, 0, time.UTC).ISOWeek()
	return week
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// number reads digits.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}
