package api

import (
	"html/template"
	"net/url"
	"strconv"

	"palabre/statement"
)

// verdict is what a person holds of a position, in words.
type verdict struct {
	Kind  string // confirmed, corrected, none or missed
	Words phrase
	Is    *Holding // where it is other than what the machine finds
	Quote string   // where it is not the machine's
	By    *Correction
	Older bool // it was said of an earlier wording
	Desk  *deskBar
	At    string // where on the page it stands
}

// Verdict puts what a person holds of a position into words.
func (p *statementPage) Verdict(row positionRow) verdict {
	c := row.Correction
	v := verdict{Kind: "corrected", Is: c.Is, By: c, Older: c.Revision != p.Statement.Latest, Desk: p.Desk, At: "add"}
	if row.Number > 0 {
		v.At = "position-" + strconv.Itoa(row.Number)
	}
	if c.Is != nil && (row.Position == nil || !sameWords(c.Is.Quote, row.Position.Evidence.Quote)) {
		v.Quote = c.Is.Quote
	}
	switch {
	case c.Is == nil && row.Position == nil:
		v.Kind, v.Words = "none", say("The machine no longer finds what a person said is not there: %s, %s.", p.tongue.actor(c.Of.Actor), p.tongue.about(c.Of.Topic, c.Of.Target))
	case c.Is == nil:
		v.Kind, v.Words = "none", say("There is no position here.")
	case c.Of == nil && c.Agrees:
		v.Kind, v.Words = "missed", say("Added, and found by the machine since:")
	case c.Of == nil:
		v.Kind, v.Words = "missed", say("Added:")
	case row.Position == nil:
		v.Words = say("The machine no longer finds it; a person holds:")
	case c.Agrees && v.Quote == "" && c.Is.Actor == row.Position.Actor && c.Is.Topic == row.Position.Topic && c.Is.Target == row.Position.Target:
		v.Kind, v.Words, v.Is = "confirmed", say("Confirmed."), nil
	default:
		v.Words = say("A person holds:")
	}
	return v
}

// Unsettled reports whether the position can still be confirmed.
func (r positionRow) Unsettled() bool { return r.Position != nil && r.Correction == nil }

// On is a date in the page's language.
func (p *statementPage) On(d statement.Date) string { return d.In(p.tongue.Lang) }

// Flag says what is odd about a statement.
func (p *statementPage) Flag(name string) phrase {
	switch name {
	case statement.FlagFuture:
		return say("dated in the future")
	case statement.FlagAbsurd:
		return say("dated before 1990")
	case statement.FlagTruncated:
		return say("cut at the size limit")
	case statement.FlagSalvaged:
		return say("from a damaged capture")
	case statement.FlagExcerpt:
		return say("summary only")
	case statement.FlagUndated:
		return say("undated")
	case statement.FlagLowOCR:
		return say("text order doubtful")
	}
	return say("%s", name)
}

// english is a text of the rules, which speak English alone.
func english(text string) template.HTML {
	return template.HTML(`<bdi lang="en" dir="ltr">` + template.HTMLEscapeString(plain(text)) + `</bdi>`) //nolint:gosec // it was escaped
}

// profile leads to the page of an actor.
func (t *tongue) profile(id string) template.HTML {
	return template.HTML(`<a href="/actors/` + template.HTMLEscapeString(url.PathEscape(id)) + `">` + string(bdi(t.actor(id))) + `</a>`) //nolint:gosec // it was escaped
}
