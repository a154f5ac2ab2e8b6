package statement

import (
	"encoding/json"
	"fmt"
	"time"
)

// Precision says how much of a date is known.
type Precision string

// The precisions, coarse to fine.
const (
	Year   Precision = "year"
	Month  Precision = "month"
	Day    Precision = "day"
	Second Precision = "second"
)

// layouts pairs each precision with the ISO 8601 form that carries it.
var layouts = []struct {
	precision Precision
	layout    string
}{
	{Year, "2006"},
	{Month, "2006-01"},
	{Day, "2006-01-02"},
	{Second, time.RFC3339},
}

// Date is a moment that somebody claims, with the precision of the claim and
// its origin ("feed", "json-ld", "meta", "text", "hand", "file", …). Time is
// UTC and the first instant of the year, month or day.
type Date struct {
	Time      time.Time
	Precision Precision
	Origin    string
}

// ParseDate reads "2020", "2020-03", "2020-03-08" or an RFC 3339 time.
func ParseDate(s, origin string) (Date, error) {
	for _, l := range layouts {
		if t, err := time.Parse(l.layout, s); err == nil {
			return Date{Time: t.UTC(), Precision: l.precision, Origin: origin}, nil
		}
	}
	return Date{}, fmt.Errorf("parse date %q: want 2020, 2020-03, 2020-03-08 or 2020-03-08T15:04:05Z", s)
}

// IsZero reports whether no date is known.
func (d Date) IsZero() bool { return d.Time.IsZero() }

// String returns the date in ISO 8601, cut to its precision; "" if unknown.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	for _, l := range layouts {
		if l.precision == d.Precision {
			return d.Time.UTC().Format(l.layout)
		}
	}
	return d.Time.UTC().Format(time.RFC3339)
}

// End returns the first instant after the period that the date names.
func (d Date) End() time.Time {
	switch d.Precision {
	case Year:
		return d.Time.AddDate(1, 0, 0)
	case Month:
		return d.Time.AddDate(0, 1, 0)
	case Day:
		return d.Time.AddDate(0, 0, 1)
	}
	return d.Time.Add(time.Second)
}

// Human returns the date as English prose: "8 March 2020", "March 2020", "2020".
func (d Date) Human() string {
	switch {
	case d.IsZero():
		return "undated"
	case d.Precision == Year:
		return d.Time.Format("2006")
	case d.Precision == Month:
		return d.Time.Format("January 2006")
	}
	return d.Time.Format("2 January 2006")
}

type dateJSON struct {
	Date   string `json:"date"`
	Origin string `json:"origin,omitempty"`
}

// MarshalJSON writes {"date":"2020-03","origin":"feed"}, or null if unknown.
func (d Date) MarshalJSON() ([]byte, error) {
	if d.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(dateJSON{d.String(), d.Origin})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (d *Date) UnmarshalJSON(b []byte) error {
	var v *dateJSON
	if err := json.Unmarshal(b, &v); err != nil {
		return fmt.Errorf("read date: %w", err)
	}
	if v == nil {
		*d = Date{}
		return nil
	}
	var err error
	*d, err = ParseDate(v.Date, v.Origin)
	return err
}
