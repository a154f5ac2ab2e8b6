package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"palabre/statement"
)

// HistoryQuery chooses a stretch of an actor's history. Zero times leave it open.
type HistoryQuery struct {
	Actor    string
	From, To time.Time // To is the first instant behind the stretch
	Most     int       // utterances that are listed one by one
	Sides    int       // claims of which the history tells, those of which there is most
}

// History is how an actor's positions went over time.
type History struct {
	Points []Point // oldest first
	Stood  []Stood // where it stood meanwhile, oldest first
	Total  int     // utterances in the stretch, those on hidden claims among them
	Hidden int     // further claims, of which it does not tell
	Months int     // of the period for which a point stands: 1, 3 or 12; 0 where it is one utterance
}

// Point is an utterance; or those of one stance and one hand in a period.
type Point struct {
	Topic     statement.Topic
	Target    string
	Stance    statement.Stance
	FirstHand bool           // the actor's own words or channel
	When      statement.Date // the year or the first month where the point stands for a period
	N         int            // utterances that it stands for
	Event     string         // what follows is of a single one, or the last of a month
	Statement string
	Condition string
	Act       string // the deed that it tells of
	Speaker   string
	Quote     string
}

// Stood is a stretch of time through which an actor stood somewhere: from when
// the stance was taken until it took another, or let an offer lapse.
type Stood struct {
	Topic  statement.Topic
	Target string
	Stance statement.Stance
	From   time.Time
	Until  time.Time // zero: it stands
	Lapsed bool      // nobody renewed the offer; else another stance took its place
}

// mostStood bounds how many stretches are listed: the latest ones.
const mostStood = 1000

// History returns how an actor's positions went over time. Where there are too
// many to list, a point stands for those of a period, the shortest of which there
// are at most twice as many as may be listed, or else a year.
func (s *Store) History(ctx context.Context, q HistoryQuery) (*History, error) {
	from, to := math.MinInt32, math.MaxInt32
	if !q.From.IsZero() {
		from = dayOf(q.From)
	}
	if !q.To.IsZero() {
		to = dayOf(q.To.Add(-time.Nanosecond))
	}
	all, err := s.uttered(ctx, q.Actor, to)
	if err != nil {
		return nil, fmt.Errorf("read history of %s: %w", q.Actor, err)
	}
	since := func(list []utterance) []utterance {
		first, _ := slices.BinarySearchFunc(list, from, func(u utterance, day int) int { return cmp.Compare(u.day, int64(day)) })
		return list[first:]
	}
	c := &History{Total: len(since(all))}
	told, hidden := busiest(since(all), q.Sides)
	c.Hidden = hidden
	all = slices.DeleteFunc(all, func(u utterance) bool { return !told[u.claim] })
	c.Stood = stretches(all, statement.Date{Time: s.now().UTC(), Precision: statement.Second})
	shown := since(all)
	groups := periods(shown, 0)
	if len(shown) > q.Most {
		for _, c.Months = range []int{1, 3, 12} {
			if groups = periods(shown, c.Months); len(groups) <= 2*q.Most {
				break
			}
		}
	}
	if c.Points, err = s.points(ctx, groups, c.Months); err != nil {
		return nil, fmt.Errorf("read history of %s: %w", q.Actor, err)
	}
	return c, nil
}

// utterance is an event as far as it is needed to draw it.
type utterance struct {
	n   int64
	day int64
	*manner
}

// manner is what many utterances have in common.
type manner struct {
	claim     statement.Claim
	stance    statement.Stance
	firstHand bool
	binding   bool
}

// uttered lists what an actor said until a day, oldest first. It reads the index
// alone, and there may be tens of thousands: what many have in common comes as one
// text that is taken apart once.
func (s *Store) uttered(ctx context.Context, actor string, to int) ([]utterance, error) {
	known := make(map[string]*manner)
	var text sql.RawBytes
	return collect(ctx, s.reader, func(scan func(...any) error) (u utterance, err error) {
		if err = scan(&u.n, &u.day, &text); err != nil {
			return u, err
		}
		if u.manner = known[string(text)]; u.manner == nil {
			var parts [5]string
			if err := json.Unmarshal(text, &parts); err != nil {
				return u, fmt.Errorf("read utterance: %w", err)
			}
			u.manner = &manner{statement.Claim{Topic: statement.Topic(parts[0]), Target: parts[1]}, statement.Stance(parts[2]), parts[3] == "1", parts[4] == "1"}
			known[string(text)] = u.manner
		}
		return u, nil
	}, `SELECT n, day, json_array(topic, target, stance, first_hand || '', binding || '') FROM events WHERE actor = ? AND reports > 0 AND day <= ? ORDER BY day, seen`, actor, to)
}

// busiest returns the claims on which most was said, at most so many, and how
// many there are besides.
func busiest(all []utterance, most int) (told map[statement.Claim]bool, others int) {
	counts := make(map[statement.Claim]int)
	for i := range all {
		counts[all[i].claim]++
	}
	claims := slices.SortedFunc(maps.Keys(counts), func(a, b statement.Claim) int {
		return cmp.Or(counts[b]-counts[a], cmp.Compare(a.Topic, b.Topic), cmp.Compare(a.Target, b.Target))
	})
	n := min(len(claims), most)
	told = make(map[statement.Claim]bool, n)
	for _, claim := range claims[:n] {
		told[claim] = true
	}
	return told, len(claims) - n
}

// group is what a point stands for: its last utterance and how many there are.
type group struct {
	last  int64
	count int
}

// periods puts together what was said in one period of so many months, on one
// matter, with one stance and by one hand, in the order of the periods. Without
// months each utterance stands alone.
func periods(all []utterance, months int) []group {
	type key struct {
		period    int
		claim     statement.Claim
		stance    statement.Stance
		firstHand bool
	}
	out := make([]group, 0, len(all))
	at := make(map[key]int)
	for i := range all {
		u := &all[i]
		if months == 0 {
			out = append(out, group{u.n, 1})
			continue
		}
		k := key{periodOf(int(u.day), months), u.claim, u.stance, u.firstHand}
		place, ok := at[k]
		if !ok {
			place = len(out)
			at[k] = place
			out = append(out, group{})
		}
		out[place] = group{u.n, out[place].count + 1}
	}
	return out
}

// periodOf numbers the periods of so many months from the year 0 on.
func periodOf(day, months int) int {
	at := timeOfDay(day)
	return (at.Year()*12 + int(at.Month()) - 1) / months
}

// firstOf is the first day of a period.
func firstOf(number, months int) time.Time {
	return time.Date(number*months/12, time.Month(number*months%12+1), 1, 0, 0, 0, 0, time.UTC)
}

// points reads what the last utterances of groups were.
func (s *Store) points(ctx context.Context, groups []group, months int) ([]Point, error) {
	rows := make([]int64, len(groups))
	for i := range groups {
		rows[i] = groups[i].last
	}
	keys, err := jsonText(rows)
	if err != nil {
		return nil, err
	}
	return collect(ctx, s.reader, func(scan func(...any) error) (p Point, err error) {
		var place, day int
		var said, origin string
		err = scan(&place, &day, &p.Topic, &p.Target, &p.Stance, &p.FirstHand, &said, &origin, &p.Event, &p.Statement, &p.Condition, &p.Act, &p.Speaker, &p.Quote)
		if err != nil {
			return p, err
		}
		p.N = groups[place].count
		if months > 0 {
			p.When = statement.Date{Time: firstOf(periodOf(day, months), months), Precision: statement.Month, Origin: origin}
			if months == 12 {
				p.When.Precision = statement.Year
			}
			return p, nil
		}
		p.When, err = claimed(said, origin)
		return p, err
	}, `SELECT k.key, e.day, e.topic, e.target, e.stance, e.first_hand, e.said, e.said_origin, e.id, e.lead, e.condition, e.act, e.speaker, coalesce(v.quote, '')
		FROM json_each(?) k JOIN events e ON e.n = k.value
		LEFT JOIN event_reports r ON r.event = e.id AND r.statement = e.lead LEFT JOIN evidence v ON v.position = r.position ORDER BY k.key`, keys)
}

// stretches works out where an actor stood, by what bears on its line, oldest first.
// What came before a stretch that is asked for decides where it stood when that
// began.
func stretches(all []utterance, today statement.Date) []Stood {
	type open struct {
		place, last int // in the list; the day of the last word
	}
	var out []Stood
	lines := make(map[statement.Claim]open)
	end := func(o open, at statement.Date) {
		st := &out[o.place]
		last := statement.Date{Time: timeOfDay(o.last), Precision: statement.Day}
		if st.Lapsed = lapsed(st.Topic, st.Stance, last, at); st.Lapsed {
			st.Until = timeOfDay(o.last + offerStands)
		}
	}
	for i := range all {
		u := &all[i]
		if !u.binding {
			continue
		}
		when := statement.Date{Time: timeOfDay(int(u.day)), Precision: statement.Day}
		o, held := lines[u.claim]
		if held {
			if end(o, when); !out[o.place].Lapsed && out[o.place].Stance == u.stance {
				o.last = int(u.day)
				lines[u.claim] = o
				continue
			}
			if !out[o.place].Lapsed {
				out[o.place].Until = when.Time
			}
		}
		lines[u.claim] = open{len(out), int(u.day)}
		out = append(out, Stood{Topic: u.claim.Topic, Target: u.claim.Target, Stance: u.stance, From: when.Time})
	}
	for _, o := range lines {
		end(o, today)
	}
	return out[max(len(out)-mostStood, 0):]
}

// timeOfDay is the first instant of a day that dayOf numbers.
func timeOfDay(day int) time.Time { return time.Unix(int64(day)*86400, 0).UTC() }
