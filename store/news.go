package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"palabre/statement"
)

// newsOf returns what is known of signals, in the order of their IDs. q is the
// pool or the open transaction.
func newsOf(ctx context.Context, q querier, ids []string) ([]statement.News, error) {
	keys, err := list(ids)
	if err != nil {
		return nil, err
	}
	signals, err := collect(ctx, q, scanSignal, selectSignal+`WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`, keys)
	if err != nil {
		return nil, fmt.Errorf("read signals: %w", err)
	}
	return newsFrom(ctx, q, signals)
}

// newsFrom adds to signals what somebody needs to judge them.
func newsFrom(ctx context.Context, q querier, signals []statement.Signal) ([]statement.News, error) {
	out := make([]statement.News, len(signals))
	for i := range signals {
		out[i].Signal = signals[i]
	}
	if err := fillNews(ctx, q, out); err != nil {
		return nil, fmt.Errorf("read news of signals: %w", err)
	}
	return out, nil
}

// aboutNews is what a query joins to that is asked once for many signals: k has
// the place of each with its event and statement.
const aboutNews = ` FROM (SELECT key, value ->> 0 AS signal, value ->> 1 AS event, value ->> 2 AS statement FROM json_each(?)) k CROSS JOIN `

// fillNews fills in everything but the signals. It asks each table once, however
// many there are.
func fillNews(ctx context.Context, q querier, news []statement.News) error {
	if err := citeNews(ctx, q, news); err != nil {
		return err
	}
	about := make([][3]string, len(news))
	for i := range news {
		s := &news[i].Signal
		about[i] = [3]string{s.ID, s.Event, s.Now.Statement}
		news[i].Care.Signal = s.ID
	}
	keys, err := jsonText(about)
	if err != nil {
		return err
	}
	err = each(ctx, q, func(scan func(...any) error) error {
		var i int
		var rule, pack string
		err := scan(&i, &rule, &pack)
		news[i].Rule, news[i].Pack = rule, pack
		return err
	}, `SELECT k.key, p.rule, p.pack`+aboutNews+`positions p ON p.statement = k.statement AND p.event = k.event ORDER BY k.key, p.current, p.n`, keys)
	if err != nil {
		return err
	}
	err = each(ctx, q, func(scan func(...any) error) error {
		var i int
		var c statement.Care
		err := scan(&i, &c.Signal, &c.Owner, &c.Acknowledged, instant{&c.At}, instant{&c.Snoozed}, &c.False, &c.Confirmed, &c.Note)
		news[i].Care = c
		return err
	}, `SELECT k.key, c.signal, `+careColumns+aboutNews+`care c ON c.signal = k.signal`, keys)
	if err != nil {
		return err
	}
	for _, column := range []struct {
		query string
		put   func(n *statement.News, text string) error
	}{
		{`SELECT k.key, m.name` + aboutNews + `mentions m ON m.statement = k.statement WHERE m.kind = 'place' ORDER BY k.key, m.name`, func(n *statement.News, place string) error {
			n.Places = append(n.Places, place)
			return nil
		}},
		{`SELECT k.key, r.answers` + aboutNews + `responses r ON r.event = k.event ORDER BY k.key, r.days`, func(n *statement.News, event string) error {
			n.Answers = append(n.Answers, event)
			return nil
		}},
		{`SELECT k.key, r.outlet` + aboutNews + `event_reports r ON r.event = k.event ORDER BY k.key, r.seen, r.position`, func(n *statement.News, outlet string) error {
			if n.Reports++; !slices.Contains(n.Outlets, outlet) {
				n.Outlets = append(n.Outlets, outlet)
			}
			return nil
		}},
		{`SELECT k.key, e.demands` + aboutNews + `events e ON e.id = k.event`, func(n *statement.News, demands string) error {
			return json.Unmarshal([]byte(demands), &n.Demands)
		}},
	} {
		err := each(ctx, q, func(scan func(...any) error) error {
			var i int
			var text string
			if err := scan(&i, &text); err != nil {
				return err
			}
			return column.put(&news[i], text)
		}, column.query, keys)
		if err != nil {
			return err
		}
	}
	return nil
}

// citeNews adds to the words of signals what their statements say of them.
func citeNews(ctx context.Context, q querier, news []statement.News) error {
	var words []*statement.Cited
	for i := range news {
		n := &news[i]
		n.Now = statement.Cited{Passage: n.Signal.Now, Stance: n.Signal.To}
		words = append(words, &n.Now)
		if n.Signal.Then.Statement != "" {
			n.Then = statement.Cited{Passage: n.Signal.Then, Stance: n.Signal.From}
			words = append(words, &n.Then)
		}
	}
	return cite(ctx, q, words...)
}

// cite adds to quoted words what their statements say of them.
func cite(ctx context.Context, q querier, words ...*statement.Cited) error {
	ids := make([]string, len(words))
	for i, w := range words {
		ids[i] = w.Statement
	}
	keys, err := list(ids)
	if err != nil {
		return err
	}
	cited := make(map[string]statement.Cited)
	err = each(ctx, q, func(scan func(...any) error) error {
		var id string
		var c statement.Cited
		err := scan(&id, &c.Title, &c.Outlet, &c.URL, &c.Lang, &c.Grade)
		cited[id] = c
		return err
	}, `SELECT s.id, s.title, CASE s.outlet WHEN '' THEN s.source ELSE s.outlet END, s.url,
			coalesce(nullif(s.lang, ''), s.langs ->> '$[0].lang', ''), coalesce(r.payload ->> 'grade', '')
		FROM statements s JOIN revisions r ON r.id = s.latest WHERE s.id IN (SELECT value FROM json_each(?))`, keys)
	if err != nil {
		return err
	}
	for _, w := range words {
		c := cited[w.Statement]
		c.Passage, c.Stance = w.Passage, w.Stance
		*w = c
	}
	return nil
}
