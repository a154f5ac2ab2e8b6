package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"palabre/statement"
)

// Span is a stretch of whole days in UTC. From is its first instant, Until the
// first one after it.
//
// A statement lies in the span in which its words were said or, where that is not
// known, published; so it does not matter when it was found. One whose date is
// known to the month or year lies in spans that hold all of it.
type Span struct{ From, Until time.Time }

// holds reports whether all that a date may mean lies in the span.
func (p Span) holds(d statement.Date) bool {
	return !d.Time.Before(p.From) && (d.Time.Before(p.Until) && !coarse(d) || !d.End().After(p.Until))
}

func (p Span) days() (first, last int) { return dayOf(p.From), dayOf(p.Until.Add(-time.Nanosecond)) }

// Brief is a statement without its text, and what became of it.
type Brief struct {
	statement.Cited // without a quote
	Source          string
	Kind            statement.Kind
	Medium          string
	Capture         string // SHA-256 of the raw bytes
	Pack            string // version of the rules that read it
	Speaker         string
	Note            string
	Langs           []statement.LangRun
	Unclear         int // passages that touch a topic without a clear position
	FirstSeen       time.Time
	Reconstructed   bool
}

const selectBrief = `SELECT s.id, s.title, CASE s.outlet WHEN '' THEN s.source ELSE s.outlet END, s.url,
		coalesce(nullif(s.lang, ''), s.langs ->> '$[0].lang', ''), coalesce(r.payload ->> 'grade', ''), s.source, s.kind, s.medium, s.capture, s.pack,
		coalesce(r.payload ->> 'speaker', ''), coalesce(r.payload ->> 'note', ''), coalesce(r.payload ->> 'reconstructed', 0),
		s.langs, CASE s.unclear WHEN 'null' THEN 0 ELSE json_array_length(s.unclear) END, s.first_seen, s.said, s.published
	FROM statements s JOIN revisions r ON r.id = s.latest `

func scanBrief(scan func(...any) error) (b Brief, err error) {
	var said, published string
	err = scan(&b.Statement, &b.Title, &b.Outlet, &b.URL, &b.Lang, &b.Grade, &b.Source, &b.Kind, &b.Medium, &b.Capture, &b.Pack,
		&b.Speaker, &b.Note, &b.Reconstructed, jsonColumn{&b.Langs}, &b.Unclear, instant{&b.FirstSeen}, &said, &published)
	if err != nil {
		return b, err
	}
	s := statement.Statement{FirstSeen: b.FirstSeen}
	if s.Said, err = claimed(said, ""); err != nil {
		return b, err
	}
	if s.Published, err = claimed(published, ""); err != nil {
		return b, err
	}
	b.Said = believed(&s)
	return b, nil
}

// Spoken returns the statements of a span, in the order in which they were said.
func (s *Store) Spoken(ctx context.Context, p Span) ([]Brief, error) {
	first, last := p.days()
	var out []Brief
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		b, err := scanBrief(scan)
		if err == nil && p.holds(b.Said) {
			out = append(out, b)
		}
		return err
	}, selectBrief+`WHERE s.day BETWEEN ? AND ? ORDER BY s.day, s.first_seen, s.id`, first, last)
	if err != nil {
		return nil, fmt.Errorf("read what was said: %w", err)
	}
	return out, nil
}

// Late returns the statements of an earlier time than a span that were first seen
// after one moment and by another, in the order in which they were said: at most
// limit of them, the latest words, and how many there are.
func (s *Store) Late(ctx context.Context, p Span, after, by time.Time, limit int) (found []Brief, all int, err error) {
	_, last := p.days()
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		b, err := scanBrief(scan)
		if err != nil || p.holds(b.Said) {
			return err
		}
		if all++; len(found) < limit {
			found = append([]Brief{b}, found...)
		}
		return nil
	}, selectBrief+`WHERE s.first_seen > ? AND s.first_seen <= ? AND s.day <= ? ORDER BY s.day DESC, s.first_seen DESC, s.id DESC`,
		nanos(after), nanos(by), last)
	if err != nil {
		return nil, 0, fmt.Errorf("read what was found late: %w", err)
	}
	return found, all, nil
}

// Briefs returns statements by the IDs of their first revisions.
func (s *Store) Briefs(ctx context.Context, ids []string) (map[string]Brief, error) {
	keys, err := list(ids)
	if err != nil {
		return nil, fmt.Errorf("read statements: %w", err)
	}
	out := make(map[string]Brief, len(ids))
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		b, err := scanBrief(scan)
		out[b.Statement] = b
		return err
	}, selectBrief+`WHERE s.id IN (SELECT value FROM json_each(?))`, keys)
	if err != nil {
		return nil, fmt.Errorf("read statements: %w", err)
	}
	return out, nil
}

// NewsIn returns the signals of words of a span that the record bears out, those
// that the desk holds false among them, in the order in which they were said.
func (s *Store) NewsIn(ctx context.Context, p Span) ([]statement.News, error) {
	first, last := p.days()
	return s.newsHeld(ctx, p.holds, `day BETWEEN ? AND ?`, first, last)
}

// NewsOf returns the signals of statements, as [Store.NewsIn] does.
func (s *Store) NewsOf(ctx context.Context, statements []string) ([]statement.News, error) {
	keys, err := list(statements)
	if err != nil {
		return nil, fmt.Errorf("read signals: %w", err)
	}
	return s.newsHeld(ctx, func(statement.Date) bool { return true }, `statement IN (SELECT value FROM json_each(?))`, keys)
}

func (s *Store) newsHeld(ctx context.Context, accepts func(statement.Date) bool, where string, args ...any) ([]statement.News, error) {
	signals, err := collect(ctx, s.reader, scanSignal, selectSignal+`WHERE `+where+` AND EXISTS (SELECT 1 FROM events e WHERE e.id = signals.event AND e.reports > 0)
		AND NOT (reason = 'silence' AND candidate = ?) ORDER BY day, at, id`, append(args, spoke)...)
	if err != nil {
		return nil, fmt.Errorf("read signals: %w", err)
	}
	return newsFrom(ctx, s.reader, slices.DeleteFunc(signals, func(g statement.Signal) bool { return !accepts(g.Now.Said) }))
}

// Utterance is an event with the places that its statements name.
type Utterance struct {
	Story
	Places []string
}

// UtterancesIn returns the events of a span, in their order.
func (s *Store) UtterancesIn(ctx context.Context, p Span) ([]Utterance, error) {
	first, last := p.days()
	stories, err := s.stories(ctx, `reports > 0 AND day BETWEEN ? AND ? ORDER BY day, seen, n`, first, last)
	if err != nil {
		return nil, err
	}
	var out []Utterance
	at := make(map[string]int)
	var ids []string
	for i := range stories {
		if p.holds(stories[i].When) {
			at[stories[i].ID] = len(out)
			ids = append(ids, stories[i].ID)
			out = append(out, Utterance{Story: stories[i]})
		}
	}
	keys, err := list(ids)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		var event, place string
		err := scan(&event, &place)
		out[at[event]].Places = append(out[at[event]].Places, place)
		return err
	}, `SELECT DISTINCT r.event, m.name FROM event_reports r JOIN mentions m ON m.statement = r.statement AND m.kind = 'place'
		WHERE r.event IN (SELECT value FROM json_each(?)) ORDER BY r.event, m.name`, keys)
	if err != nil {
		return nil, fmt.Errorf("read places of events: %w", err)
	}
	return out, nil
}

// Answer is an event that answers another.
type Answer struct {
	statement.Response
	By, To Story
}

// AnswersIn returns what was answered in a span, in the order of the answers.
func (s *Store) AnswersIn(ctx context.Context, p Span) ([]Answer, error) {
	first, last := p.days()
	links, err := collect(ctx, s.reader, scanResponse, selectResponse+`AND a.day BETWEEN ? AND ? ORDER BY a.day, a.seen, a.n, r.days`, first, last)
	if err != nil {
		return nil, fmt.Errorf("read answers: %w", err)
	}
	ids := make([]string, 0, 2*len(links))
	for _, l := range links {
		ids = append(ids, l.Event, l.Answers)
	}
	stories, err := s.Events(ctx, ids)
	if err != nil {
		return nil, err
	}
	known := make(map[string]*Story, len(stories))
	for i := range stories {
		known[stories[i].ID] = &stories[i]
	}
	var out []Answer
	for _, l := range links {
		by, to := known[l.Event], known[l.Answers]
		if by != nil && to != nil && p.holds(by.When) {
			out = append(out, Answer{Response: l, By: *by, To: *to})
		}
	}
	return out, nil
}

// Watched is a stretch for which somebody had the watch. To is zero while it
// lasts.
type Watched struct {
	Who      string
	From, To time.Time
}

// Watches returns who had the watch in a span, in order. Whoever takes over
// relieves the one before.
func (s *Store) Watches(ctx context.Context, p Span) ([]Watched, error) {
	var all []Watched
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		l, err := scanLogged(scan)
		if err != nil {
			return err
		}
		var open *Watched
		if n := len(all); n > 0 && all[n-1].To.IsZero() {
			open = &all[n-1]
		}
		switch {
		case l.Action == statement.BeginWatch && (open == nil || open.Who != l.Who):
			if open != nil {
				open.To = l.At
			}
			all = append(all, Watched{Who: l.Who, From: l.At})
		case l.Action == statement.EndWatch && open != nil && open.Who == l.Who:
			open.To = l.At
		}
		return nil
	}, selectDesk+`WHERE action IN ('begin-watch', 'end-watch') AND undone = '' ORDER BY seq`)
	if err != nil {
		return nil, fmt.Errorf("read who had the watch: %w", err)
	}
	var out []Watched
	for _, w := range all {
		if w.From.Before(p.Until) && (w.To.IsZero() || w.To.After(p.From)) {
			out = append(out, w)
		}
	}
	return out, nil
}
