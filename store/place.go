package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"palabre/statement"
)

// What a position tells of beside a stance.
const (
	noDeed   = ""
	aDeed    = "deed"   // something that was done, such as a release
	anAccord = "accord" // a ceasefire, or a side of an accord between those on the spot
)

// ceasefire is the act of a position that a truce shows.
const ceasefire = "ceasefire"

// deedOf says what a position tells of. An armed group and a militia or community
// that are for talks with each other are the sides of a local accord.
func (s *sides) deedOf(p *statement.Position) string {
	onTheSpot := func(id string) bool {
		a := s.actors[id]
		return a != nil && (a.Kind == statement.Militia || a.Kind == statement.Society)
	}
	local := s.armed(p.Actor) && onTheSpot(p.Target) || onTheSpot(p.Actor) && s.armed(p.Target)
	switch {
	case p.Act == ceasefire, p.Topic == statement.Dialogue && p.Stance == statement.Pro && local:
		return anAccord
	case p.Act != "":
		return aDeed
	}
	return noDeed
}

// placeSpan is a cell of the counts by place.
type placeSpan struct {
	place string
	span  int
}

// spanBits make a span of days out of a day: it has 32 of them.
const spanBits = 5

// overs returns for every place of the registry itself and all that it lies in.
func (s *sides) overs() map[[2]string]bool {
	out := make(map[[2]string]bool)
	if s.registry == nil {
		return out
	}
	inside := make(map[string]string, len(s.registry.Places))
	for i := range s.registry.Places {
		inside[s.registry.Places[i].ID] = s.registry.Places[i].In
	}
	for id := range inside {
		over := id
		for range 8 { // deeper than any country, and safe against a circle
			out[[2]string{id, over}] = true
			if over = inside[over]; over == "" {
				break
			}
		}
	}
	return out
}

// putPlaces makes the record know which place lies in which. Where that has
// changed, what is said of places is counted anew.
func (t *tx) putPlaces(want map[[2]string]bool) error {
	held := make(map[[2]string]bool)
	err := t.each(func(scan func(...any) error) error {
		var pair [2]string
		err := scan(&pair[0], &pair[1])
		held[pair] = true
		return err
	}, `SELECT place, over FROM place_over`)
	if err != nil || maps.Equal(held, want) {
		return err
	}
	if err := t.exec(`DELETE FROM place_over`); err != nil {
		return err
	}
	for pair := range want {
		if err := t.exec(`INSERT INTO place_over VALUES (?, ?)`, pair[0], pair[1]); err != nil {
			return err
		}
	}
	for _, query := range []string{
		`DELETE FROM place_days`,
		`DELETE FROM place_tallies`,
		`INSERT INTO place_days SELECT DISTINCT coalesce(o.over, m.name), s.day, m.statement FROM mentions m
			JOIN statements s ON s.id = m.statement LEFT JOIN place_over o ON o.place = m.name WHERE m.kind = 'place'`,
		`INSERT INTO place_tallies SELECT place, day >> 5 AS span, count(*) FROM place_days GROUP BY place, span`,
	} {
		if err := t.exec(query); err != nil {
			return fmt.Errorf("count places anew: %w", err)
		}
	}
	return nil
}

// leavePlaces takes a statement away from the places that it named.
func (f *filing) leavePlaces(id string) error {
	err := f.each(func(scan func(...any) error) error {
		var at placeSpan
		err := scan(&at.place, &at.span)
		f.placed[at]--
		return err
	}, `SELECT place, day >> ? FROM place_days WHERE statement = ?`, spanBits, id)
	if err != nil {
		return err
	}
	return f.exec(`DELETE FROM place_days WHERE statement = ?`, id)
}

// enterPlaces files a statement under the places that it names and those that
// they lie in.
func (f *filing) enterPlaces(id string, day int, names []string) error {
	if len(names) == 0 {
		return nil
	}
	keys, err := list(names)
	if err != nil {
		return err
	}
	over, err := texts(f.ctx, f.sql, `SELECT DISTINCT coalesce(o.over, m.value) FROM json_each(?) m LEFT JOIN place_over o ON o.place = m.value`, keys)
	if err != nil {
		return err
	}
	for _, place := range over {
		if err := f.exec(`INSERT INTO place_days VALUES (?, ?, ?)`, place, day, id); err != nil {
			return fmt.Errorf("file under place %s: %w", place, err)
		}
		f.placed[placeSpan{place, day >> spanBits}]++
	}
	return nil
}

// countPlaces writes what the commit changed in the counts by place.
func (f *filing) countPlaces() error {
	for at, n := range f.placed {
		if n == 0 {
			continue
		}
		err := f.exec(`INSERT INTO place_tallies VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`, at.place, at.span, n)
		if err != nil {
			return fmt.Errorf("count places: %w", err)
		}
	}
	return nil
}

// PlaceCount is how much is said of a place and what lies in it.
type PlaceCount struct {
	Statements int // that name it, or a place in it
	Accords    int // local accords that they tell of: one for two sides on one day
	Latest     statement.Date
}

// PlaceCounts returns by place how much was said from a day on; the zero time is
// the beginning. Places of which nothing was said are left out.
func (s *Store) PlaceCounts(ctx context.Context, since time.Time) (map[string]PlaceCount, error) {
	day := int64(dayOf(since))
	out := make(map[string]PlaceCount)
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		var place string
		var c PlaceCount
		var latest int
		err := scan(&place, &c.Statements, &latest)
		c.Latest = dateOf(latest)
		out[place] = c
		return err
	}, `SELECT place, total, (SELECT max(day) FROM place_days d WHERE d.place = t.place) FROM (SELECT place, sum(n) AS total FROM (
			SELECT place, n FROM place_tallies WHERE span > ?1
			UNION ALL SELECT s.place, count(*) FROM place_tallies s JOIN place_days d ON d.place = s.place AND d.day BETWEEN ?2 AND ?3
				WHERE s.span = ?1 GROUP BY s.place
		) GROUP BY place) t WHERE total > 0`, day>>spanBits, day, day|(1<<spanBits-1))
	if err != nil {
		return nil, fmt.Errorf("count places: %w", err)
	}
	err = each(ctx, s.reader, func(scan func(...any) error) error {
		var place string
		var n int
		err := scan(&place, &n)
		c := out[place]
		c.Accords = n
		out[place] = c
		return err
	}, `SELECT d.place, count(DISTINCT e.day || ' ' || min(e.actor, e.target) || ' ' || max(e.actor, e.target)) FROM positions p INDEXED BY positions_of_deeds JOIN events e ON e.id = p.event
			JOIN place_days d ON d.statement = p.statement
		WHERE p.deed <> '' AND p.current AND p.deed = ? AND d.day >= ? GROUP BY d.place`, anAccord, day)
	if err != nil {
		return nil, fmt.Errorf("count accords: %w", err)
	}
	return out, nil
}

// dateOf is the date of a day.
func dateOf(day int) statement.Date {
	return statement.Date{Time: time.Unix(int64(day)*secondsADay, 0).UTC(), Precision: statement.Day}
}

const secondsADay = 24 * 60 * 60

// IDPage is a stretch of statements by ID. Next continues behind it and is empty
// at the end.
type IDPage struct {
	IDs  []string
	Next string
}

// PlaceStatements returns the statements that name a place or one in it, the
// newest words first.
func (s *Store) PlaceStatements(ctx context.Context, place, cursor string, limit int) (IDPage, error) {
	day, after := int64(1<<40), ""
	if cursor != "" {
		text, id, ok := strings.Cut(cursor, ".")
		n, err := strconv.ParseInt(text, 10, 64)
		if !ok || err != nil {
			return IDPage{}, fmt.Errorf("read cursor %q: %w", cursor, ErrCursor)
		}
		day, after = n, id
	}
	return s.idPage(ctx, limit, `SELECT day, statement FROM place_days WHERE place = ? AND (day, statement) < (?, ?)
		ORDER BY day DESC, statement DESC LIMIT ?`, place, day, after, limit+1)
}

// SourceStatements returns the last statements of a source, the latest to arrive
// first.
func (s *Store) SourceStatements(ctx context.Context, source string, limit int) (IDPage, error) {
	return s.idPage(ctx, limit, `SELECT first_seen, id FROM statements WHERE source = ? ORDER BY first_seen DESC LIMIT ?`, source, limit+1)
}

// idPage reads keys and IDs, one more than the limit.
func (s *Store) idPage(ctx context.Context, limit int, query string, args ...any) (IDPage, error) {
	var page IDPage
	var keys []int64
	err := each(ctx, s.reader, func(scan func(...any) error) error {
		var key int64
		var id string
		err := scan(&key, &id)
		keys, page.IDs = append(keys, key), append(page.IDs, id)
		return err
	}, query, args...)
	if err != nil {
		return IDPage{}, fmt.Errorf("list statements: %w", err)
	}
	if len(page.IDs) > limit {
		page.IDs = page.IDs[:limit]
		page.Next = fmt.Sprintf("%d.%s", keys[limit-1], page.IDs[limit-1])
	}
	return page, nil
}

// recentOfPlace is among how many of the latest statements of a place it is
// looked who speaks.
const recentOfPlace = 500

// PlaceActors counts the positions in the latest statements of a place by actor,
// topic and stance. Those of most positions come first.
func (s *Store) PlaceActors(ctx context.Context, place string) ([]Count, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (c Count, err error) {
		return c, scan(&c.Value, &c.Topic, &c.Stance, &c.N)
	}, `SELECT p.actor, p.topic, p.stance, count(*) AS n FROM
			(SELECT statement FROM place_days WHERE place = ? ORDER BY day DESC, statement DESC LIMIT ?) d
			JOIN positions p ON p.statement = d.statement AND p.current
		GROUP BY p.actor, p.topic, p.stance ORDER BY n DESC, p.actor, p.topic, p.stance`, place, recentOfPlace)
	if err != nil {
		return nil, fmt.Errorf("read who speaks of %s: %w", place, err)
	}
	total := make(map[string]int)
	for _, c := range out {
		total[c.Value] += c.N
	}
	slices.SortStableFunc(out, func(a, b Count) int {
		if n := total[b.Value] - total[a.Value]; n != 0 {
			return n
		}
		return strings.Compare(a.Value, b.Value)
	})
	return out, nil
}

// PlaceDeeds returns the events that are a deed, such as a release, or a side of a
// local accord, and that statements tell of which name the place or one in it,
// newest first.
func (s *Store) PlaceDeeds(ctx context.Context, place string, limit int) ([]Story, error) {
	out, err := s.stories(ctx, `id IN (SELECT p.event FROM positions p INDEXED BY positions_of_deeds
			JOIN place_days d ON d.statement = p.statement AND d.place = ? WHERE p.deed <> '' AND p.current
			GROUP BY p.event ORDER BY max(d.day) DESC LIMIT ?)
		AND reports > 0 ORDER BY day DESC, n DESC`, place, limit)
	if err != nil {
		return nil, fmt.Errorf("read deeds at %s: %w", place, err)
	}
	return out, nil
}
