package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"palabre/statement"
	"palabre/store"
)

// statementPage shows what was captured, what the machine and people read out of
// it, and where it stands among other words.
type statementPage struct {
	frame
	Asked     string // ID in the address
	Statement *Statement
	Date      string
	Lang      string
	wording
	Rows     []positionRow
	Extra    []positionRow // what people added, and what they judged that the machine no longer finds
	Form     *correctionForm
	News     []signalCard
	Voices   []voice
	Claims   []claimedDate
	Towards  []string // actors
	Tellings []telling
	Links    answers
	Versions []version
	Custody  []store.Receipt
	Cited    citation
	inUse    map[string]bool // names of the rules in use
	Explains bool            // there is a page that tells how it was read
}

// wording is title and text with the evidence marked.
type wording struct {
	Heading    []stretch
	Paragraphs []paragraph
	Unread     string // languages for which there are no rules
}

// positionRow is a position with what a person holds of it.
type positionRow struct {
	Number     int // from 1; 0 for those that the machine does not find
	Position   *FoundPosition
	Correction *Correction
	Link       string // to the form that corrects it
	Open       bool   // the form stands below it
}

// claimedDate is a date with what is known of it.
type claimedDate struct {
	Name   phrase
	Date   statement.Date
	Origin phrase
}

// citation is how the statement is cited.
type citation struct{ Short, Full string }

func (s *server) statementPage(r *http.Request) (string, any, error) {
	ctx := r.Context()
	view, err := s.store.Statement(ctx, r.PathValue("id"))
	if err != nil {
		return "", nil, err
	}
	st := &view.Statement
	f, err := s.deskFrame(r, noSection, say("%s", st.Title))
	if err != nil {
		return "", nil, err
	}
	f.Styles, f.Scripts = []string{"reading.css"}, []string{"reading.js"}
	if f.Desk != nil {
		f.Desk.Back = "/statements/" + st.Of
	}
	news, err := s.cards(ctx, &f, view.Signals)
	if err != nil {
		return "", nil, err
	}
	page := &statementPage{
		frame: f, News: news, Asked: r.PathValue("id"), Statement: statementOf(view, signalsOn(news)), Date: st.When().String(),
		Lang: mainLang(st, view.Reading.Langs), Claims: claimedDates(st), Custody: view.Custody, Explains: s.rules != nil, inUse: s.ruleNames(),
	}
	page.fillText(st, view.Reading.Langs)
	page.fillRows(s, r.URL.Query().Get("correct"))
	page.Voices = page.tongue.voicesOf(st, page.Statement.Positions)
	for i := range page.Statement.Positions {
		if t := page.Statement.Positions[i].Target; t != "" && !slices.Contains(page.Towards, t) {
			page.Towards = append(page.Towards, t)
		}
	}
	if page.Tellings, err = s.tellings(ctx, view); err != nil {
		return "", nil, err
	}
	page.Versions = versions(view.Revisions)
	c := st.Cite(f.SourceName(st.Outlet), page.Lang)
	page.Cited = citation{c.Format(f.tongue.Lang), c.FormatFull(f.tongue.Lang)}
	if page.Links, err = s.answersTo(ctx, view); err != nil {
		return "", nil, err
	}
	quoted := quotedIn(page.Links.Answers, page.Links.AnsweredBy)
	for i := range view.Events {
		quoted = append(quoted, accountsOf(&view.Events[i])...)
	}
	return "statement", page, s.learn(ctx, &page.frame, quoted)
}

// fillText marks the evidence in title and text.
func (p *statementPage) fillText(st *statement.Statement, langs []statement.LangRun) {
	title := *st
	if strings.TrimSpace(plain(title.Title)) == "" {
		title.Title = p.tongue.heading("")
	}
	p.Heading = stretches(title.Title, 0, len(title.Title), spansOf(&title, statement.Title, p.Statement.Positions))
	p.Paragraphs = paragraphs(st, langs, spansOf(st, statement.Text, p.Statement.Positions))
	p.Unread = unread(p.tongue, langs)
}

// correctMissed is the number of the form for a position that the machine missed.
const correctMissed = "new"

// fillRows lays what people hold beside what the machine finds. asked names the
// position whose form is wanted.
func (p *statementPage) fillRows(s *server, asked string) {
	by := make(map[statement.Claim]*Correction)
	for i := range p.Statement.Corrections {
		if c := &p.Statement.Corrections[i]; c.Of != nil {
			by[*c.Of] = c
		}
	}
	address := "/statements/" + p.Statement.ID + "?correct="
	for i := range p.Statement.Positions {
		f := &p.Statement.Positions[i]
		claim := statement.Claim{Actor: f.Actor, Topic: f.Topic, Target: f.Target}
		number := strconv.Itoa(i + 1)
		row := positionRow{Number: i + 1, Position: f, Correction: by[claim], Link: address + number + "#correct", Open: p.Desk != nil && asked == number}
		delete(by, claim)
		if row.Open {
			p.Form = s.formFor(p.tongue, p.Statement.ID, &row)
		}
		p.Rows = append(p.Rows, row)
	}
	for i := range p.Statement.Corrections {
		if c := &p.Statement.Corrections[i]; c.Of == nil || by[*c.Of] == c {
			p.Extra = append(p.Extra, positionRow{Correction: c})
		}
	}
	if p.Desk != nil && asked == correctMissed {
		p.Form = s.formFor(p.tongue, p.Statement.ID, &positionRow{})
	}
}

// Asks reports whether the form for a missed position is open.
func (p *statementPage) Asks() bool { return p.Form != nil && p.Form.Of == nil }

// correctionForm is where a person says what a position is.
type correctionForm struct {
	Statement string
	Of        *statement.Claim // nil for a missed one
	At        string           // where on the page it is
	Is        Holding          // what the fields begin with
	Actors    []option
	Targets   []option
	Topics    []option
	Stances   []option
	Note      string
}

// option is a choice of a form.
type option struct {
	Value, Text string
	On          bool
}

func (s *server) formFor(t *tongue, id string, row *positionRow) *correctionForm {
	f := &correctionForm{Statement: id, At: "add"}
	if p := row.Position; p != nil {
		f.Of, f.At = &statement.Claim{Actor: p.Actor, Topic: p.Topic, Target: p.Target}, "position-"+strconv.Itoa(row.Number)
		f.Is = Holding{p.Actor, p.Speaker, p.Topic, p.Target, p.Stance, p.Condition, p.Evidence.Quote}
	}
	if c := row.Correction; c != nil {
		if f.Note = c.Note; c.Is != nil {
			f.Is = *c.Is
		}
	}
	f.Actors, f.Targets = s.actorOptions(t, f.Is.Actor), s.actorOptions(t, f.Is.Target)
	for _, topic := range statement.Topics {
		f.Topics = append(f.Topics, option{string(topic), t.topic(topic), topic == f.Is.Topic})
	}
	for _, st := range statement.Stances {
		f.Stances = append(f.Stances, option{string(st), st.Glyph() + " " + t.stance(st), st == f.Is.Stance})
	}
	return f
}

// actorOptions lists everybody who takes positions, by name.
func (s *server) actorOptions(t *tongue, on string) []option {
	out := make([]option, 0, len(s.reg.Actors)+1)
	known := on == ""
	for i := range s.reg.Actors {
		id := s.reg.Actors[i].ID
		known = known || id == on
		out = append(out, option{id, t.actor(id), id == on})
	}
	if !known {
		out = append(out, option{on, plain(on), true})
	}
	slices.SortFunc(out, func(a, b option) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Text), strings.ToLower(b.Text)), strings.Compare(a.Value, b.Value))
	})
	return out
}

// voice is somebody who speaks in a statement, with the roles held on that day.
type voice struct {
	Name  string // ID of a person, or a name as written
	Known bool
	Roles []statement.Role
	Died  statement.Date // if that was before
}

// voicesOf lists who speaks, with the roles that each held when it was said.
func (t *tongue) voicesOf(st *statement.Statement, positions []FoundPosition) []voice {
	var out []voice
	add := func(id string) {
		if id != "" && !slices.ContainsFunc(out, func(v voice) bool { return v.Name == id }) {
			out = append(out, *t.voice(id, st.When()))
		}
	}
	add(st.Speaker)
	for i := range positions {
		add(positions[i].Speaker)
	}
	return out
}

// voice is who spoke on a day; nil if nobody is named.
func (t *tongue) voice(id string, when statement.Date) *voice {
	if id == "" {
		return nil
	}
	v := &voice{Name: id}
	p := t.reg.Person(id)
	if p == nil {
		return v
	}
	v.Known = true
	for _, r := range p.Roles {
		if (r.From.IsZero() || r.From.Time.Before(when.End())) && (r.To.IsZero() || r.To.End().After(when.Time)) {
			v.Roles = append(v.Roles, r)
		}
	}
	if !p.Died.IsZero() && !p.Died.End().After(when.Time) {
		v.Died = p.Died
	}
	return v
}

func claimedDates(st *statement.Statement) []claimedDate {
	out := []claimedDate{{say("Said"), st.Said, origin(st.Said)}, {say("Published"), st.Published, origin(st.Published)}}
	out = append(out, claimedDate{say("Fetched"), statement.Date{Time: st.Fetched, Precision: statement.Second}, say("by this site's clock")})
	if !st.FirstSeen.Equal(st.Fetched) {
		out = append(out, claimedDate{say("First seen"), statement.Date{Time: st.FirstSeen, Precision: statement.Second}, say("by this site's clock")})
	}
	return out
}

// origin says where a date comes from.
func origin(d statement.Date) phrase {
	switch d.Origin {
	case "":
		return phrase{}
	case "feed":
		return say("from the feed")
	case "json-ld", "meta":
		return say("from the page's own data")
	case "footnote":
		return say("from a footnote")
	case "text":
		return say("read in the text")
	case "hand":
		return say("entered by hand")
	case "file":
		return say("from the file")
	case "seed":
		return say("from the timeline that came with the site")
	case "first seen":
		return say("the day it was first seen")
	}
	return say("from: %s", d.Origin)
}

// Precise says how much of a date is known.
func (c claimedDate) Precise() phrase {
	switch c.Date.Precision {
	case statement.Year:
		return say("to the year")
	case statement.Month:
		return say("to the month")
	case statement.Day:
		return say("to the day")
	case statement.Second:
		return say("to the second")
	}
	return phrase{}
}

// Moment is a time for which a day is too little.
func (c claimedDate) Moment() bool { return c.Date.Precision == statement.Second }

// answers are what the statement's utterances answer, and what answers them.
type answers struct{ Answers, AnsweredBy []Response }

const mostAnswers = 40

func (s *server) answersTo(ctx context.Context, view *store.View) (answers, error) {
	var out answers
	ids := make([]string, len(view.Events))
	for i := range view.Events {
		ids[i] = view.Events[i].ID
	}
	linked, err := s.store.ResponsesAmong(ctx, ids, mostAnswers)
	if err != nil {
		return out, err
	}
	all, err := s.responses(ctx, linked)
	for _, r := range all {
		if slices.Contains(ids, r.Event.ID) {
			out.Answers = append(out.Answers, r)
		} else {
			out.AnsweredBy = append(out.AnsweredBy, r)
		}
	}
	return out, err
}
