package digest

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestParseWeek(t *testing.T) {
	for _, c := range []struct{ week, from, to string }{
		{"2021-W42", "2021-10-18", "2021-10-25"},
		{"2020-W53", "2020-12-28", "2021-01-04"},
		{"2021-W01", "2021-01-04", "2021-01-11"},
		{"2019-W01", "2018-12-31", "2019-01-07"},
		{"1970-W01", "1969-12-29", "1970-01-05"},
	} {
		p, err := ParseWeek(c.week)
		if err != nil {
			t.Fatal(err)
		}
		if p.From != date(c.from) || p.To != date(c.to) || p.Week != c.week || p.String() != c.week {
			t.Errorf("%s is %s to %s, week %q", c.week, p.From, p.To, p.Week)
		}
	}
	for _, c := range []struct{ week, says string }{
		{"2021-W53", "2021 has the weeks 01 to 52"},
		{"2021-W00", "01 to 52"},
		{"2021-42", "want a year and a week as in 2021-W42"},
		{"2021-w42", "want a year and a week"},
		{"2021-W4", "want a year and a week"},
		{" 2021-W42", "want a year and a week"},
		{"٢٠٢١-W42", "want a year and a week"},
		{"0000-W01", "years go from 1970"},
		{"9999-W52", "years go from 1970"},
		{"", "want a year and a week"},
		{strings.Repeat("9", 1<<20), "want a year and a week"},
	} {
		if _, err := ParseWeek(c.week); err == nil || !strings.Contains(err.Error(), c.says) || len(err.Error()) > 200 {
			t.Errorf("%.20q: %v, want it to say %q", c.week, err, c.says)
		}
	}
}

func TestPeriod(t *testing.T) {
	for _, c := range []struct{ in, is, next, previous string }{
		{"2021-W52", "2021-W52", "2022-W01", "2021-W51"},
		{"2020-12-28/2021-01-03", "2020-W53", "2021-W01", "2020-W52"},
		{"2020-02", "2020-02-01/2020-02-29", "2020-03-01/2020-03-31", "2020-01-01/2020-01-31"},
		{"2021-10-19", "2021-10-19/2021-10-19", "2021-10-20/2021-10-20", "2021-10-18/2021-10-18"},
		{"2021-10-20/2021-10-22", "2021-10-20/2021-10-22", "2021-10-23/2021-10-25", "2021-10-17/2021-10-19"},
	} {
		p, err := ParsePeriod(c.in)
		if err != nil {
			t.Fatal(err)
		}
		if p.String() != c.is || p.Next().String() != c.next || p.Previous().String() != c.previous {
			t.Errorf("%s is %s, then %s, before %s", c.in, p, p.Next(), p.Previous())
		}
		if p.Next().Previous() != p {
			t.Errorf("%s is not the one before the next", p)
		}
	}
	for _, c := range []struct{ in, says string }{
		{"2021-10-24/2021-10-18", "ends on 2021-10-18, before it begins on 2021-10-24"},
		{"2020-01-01/2021-12-31", "it has 731 days, the most is 366"},
		{"2021-02-30", "want a week as in 2021-W42"},
		{"2021", "want a week"},
		{"1066-10-14", "years go from 1970"},
	} {
		if _, err := ParsePeriod(c.in); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want it to say %q", c.in, err, c.says)
		}
	}
	if _, err := NewPeriod(date("2021-10-18").Add(time.Hour), date("2021-10-25")); err == nil || !strings.Contains(err.Error(), "not whole days") {
		t.Errorf("a period that begins at one o'clock: %v", err)
	}
	week := WeekOf(time.Date(2021, 10, 24, 23, 59, 59, 0, time.UTC))
	if week.Week != "2021-W42" || !week.Holds(on("2021-10-18")) || !week.Holds(on("2021-10-24")) || week.Holds(on("2021-10-25")) || week.Holds(on("2021-10")) || week.Days() != 7 {
		t.Errorf("the week of a Sunday is %+v", week)
	}
	east := time.FixedZone("east", 5*3600)
	if got := WeekOf(time.Date(2021, 10, 25, 3, 0, 0, 0, east)); got != week {
		t.Errorf("weeks are not in UTC: %s", got)
	}
}

func FuzzParsePeriod(f *testing.F) {
	for _, s := range []string{"2021-W42", "2021-10", "2021-10-18", "2021-10-18/2021-10-24", "2020-W53", "9000-W52", "1970-W01", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePeriod(s)
		if err != nil {
			return
		}
		if p.Days() < 1 || p.Days() > longest {
			t.Fatalf("%q has %d days", s, p.Days())
		}
		data, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back Period
		if err := json.Unmarshal(data, &back); err != nil || back != p {
			t.Fatalf("%q is written %s and read as %+v: %v", s, data, back, err)
		}
	})
}
