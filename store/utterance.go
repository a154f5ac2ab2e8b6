package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"palabre/lang"
	"palabre/statement"
)

// sameUtterance is how many days two outlets' dates for one utterance may lie
// apart.
const sameUtterance = 3

// account is a report with what shows whether another one tells of the same
// utterance.
type account struct {
	*report
	kind    statement.Kind
	lang    string
	title   string
	text    string
	demands []string
	days    []int           // that the words around the evidence name, numbered as dayOf does; of the words themselves also that of publication
	again   bool            // says that it was said before
	persons []string        // who speaks for the actor and is named in the text
	runs    map[string]bool // of words in the text, once they were asked for
}

// recount works out what an account's words show. named are the persons and
// bodies that the text names.
func (s *sides) recount(a *account, named []string) {
	p := &a.position
	a.demands = s.demands.made(p)
	if !coarse(a.when) {
		day := dayOf(a.when.Time)
		for _, back := range a.daysBack() {
			a.days = append(a.days, day-back)
		}
		if p.FirstHand && a.kind != statement.Article && a.kind != statement.Wire {
			a.days = append(a.days, day)
		}
	}
	a.again = lang.SaysAgain(a.title) || !p.FirstHand && lang.SaysAgain(p.Evidence.Quote)
	for _, id := range named {
		if id != p.Speaker && s.inOffice(id, p.Actor, a.when) {
			a.persons = append(a.persons, id)
		}
	}
}

// daysBack returns which days the words around the evidence name, as days
// before the account was given.
func (a *account) daysBack() []int {
	at := 0
	if e := &a.position.Evidence; e.Field != statement.Title {
		at = e.Start
	}
	return lang.DaysNamedBy(a.text, at, a.when.Time)
}

// alike reports whether two accounts are near-identical: one copied from the
// other, perhaps cut or touched up.
func (a *account) alike(b *account) bool {
	if a.text == b.text {
		return true
	}
	if a.runs == nil {
		a.runs = shingles(a.text)
	}
	if b.runs == nil {
		b.runs = shingles(b.text)
	}
	return overlap(a.runs, b.runs)
}

// reportedBy reports whether r tells of the same utterance as the accounts of
// an event. What an actor says twice is two utterances, however much they
// resemble each other; what two outlets tell of it is one.
func (s *sides) reportedBy(e *event, told []*account, r *account) bool {
	p := &r.position
	if e.actor != p.Actor || e.topic != p.Topic || e.stance != p.Stance || !s.same(e.topic, e.actor, e.target, p.Target) {
		return false
	}
	if !sameTime(e, r) {
		return false
	}
	if slices.ContainsFunc(told, func(a *account) bool { return demandElse(a, r) }) {
		return false
	}
	if slices.ContainsFunc(told, func(a *account) bool { return a.alike(r) }) {
		return true
	}
	return !coarse(r.when) && !otherDays(told, r) && !slices.ContainsFunc(told, func(a *account) bool { return apart(a, r) })
}

// otherDays reports whether an account names days of which none that tell of the
// event names one.
func otherDays(told []*account, r *account) bool {
	some := false
	for _, a := range told {
		some = some || len(a.days) > 0
		if slices.ContainsFunc(a.days, func(d int) bool { return slices.Contains(r.days, d) }) {
			return false
		}
	}
	return some && len(r.days) > 0
}

// sameTime reports whether the account was given within days of the event, or
// names its day. Coarse dates must be equal.
func sameTime(e *event, r *account) bool {
	if coarse(e.when) || coarse(r.when) {
		return e.when.String() == r.when.String()
	}
	return daysApart(e.when, r.when) <= sameUtterance || slices.Contains(r.days, dayOf(e.when.Time))
}

// demandElse reports whether two accounts name other conditions. One that is
// added makes another utterance, too.
func demandElse(a, b *account) bool {
	return len(a.demands) > 0 && len(b.demands) > 0 && !slices.Equal(a.demands, b.demands)
}

// apart reports whether something shows that two accounts that are no copies of
// each other tell of two utterances.
func apart(a, b *account) bool {
	p, q := &a.position, &b.position
	switch {
	case p.Speaker != "" && q.Speaker != "" && p.Speaker != q.Speaker:
		return true
	case p.Speaker != "" && q.Speaker == "" && len(b.persons) > 0 && !slices.Contains(b.persons, p.Speaker),
		q.Speaker != "" && p.Speaker == "" && len(a.persons) > 0 && !slices.Contains(a.persons, q.Speaker):
		return true
	case saidBefore(a, b), saidBefore(b, a):
		return true
	case p.FirstHand && q.FirstHand:
		return apartFirstHand(a, b)
	case p.FirstHand:
		return tooEarly(b, a)
	case q.FirstHand:
		return tooEarly(a, b)
	}
	return false
}

// saidBefore reports whether the later of two accounts says that its words were
// said before: then they are not those of a day before.
func saidBefore(earlier, later *account) bool {
	said := earlier.saidOn()
	return later.again && !earlier.again && said < later.saidOn() && !slices.Contains(later.days, said)
}

// saidOn returns the day on which the account says that the words were said, the
// first of those it names, else its own.
func (a *account) saidOn() int {
	if len(a.days) > 0 {
		return slices.Min(a.days)
	}
	return dayOf(a.when.Time)
}

// clocks is by how much clocks, time zones and dates without an hour may make a
// report seem older than what it reports.
const clocks = 14 * time.Hour

// tooEarly reports whether an account was given before the words that it would
// tell of. What an outlet has learnt from nobody in particular may be confirmed
// later.
func tooEarly(heard, words *account) bool {
	if heard.position.Speaker == "" && heard.kind != statement.Wire && len(heard.days) == 0 {
		return false
	}
	return heard.when.Time.Add(clocks).Before(words.when.Time)
}

// apartFirstHand is for two accounts that both are the actor's own words: an
// outlet gives one utterance once in a language, an interview is given to one
// outlet, and a text is published everywhere within a day.
func apartFirstHand(a, b *account) bool {
	return a.outlet == b.outlet && a.lang == b.lang ||
		a.outlet != b.outlet && (a.kind == statement.Interview || b.kind == statement.Interview) ||
		daysApart(a.when, b.when) > 1
}

func daysApart(a, b statement.Date) int { return abs(dayOf(a.Time) - dayOf(b.Time)) }

// Near-identical texts share most of their runs of shingle words.
const (
	shingle   = 4
	alikeFrom = 0.8
)

// overlap reports whether most runs of the smaller set are in the larger one,
// which may be twice as large.
func overlap(x, y map[string]bool) bool {
	if len(x) > len(y) {
		x, y = y, x
	}
	shared := 0
	for s := range x {
		if y[s] {
			shared++
		}
	}
	return len(x) > 0 && float64(shared) >= alikeFrom*float64(len(x)) && 2*len(x) >= len(y)
}

// shingles returns every run of words in the folded text.
func shingles(text string) map[string]bool {
	words := strings.Fields(lang.Fold(text))
	out := make(map[string]bool, len(words))
	for i := 0; i+shingle <= len(words); i++ {
		out[strings.Join(words[i:i+shingle], " ")] = true
	}
	if len(out) == 0 {
		out[strings.Join(words, " ")] = true
	}
	return out
}

// join adds an account to those of an event that were read in this commit.
func (f *filing) join(e *event, r *account) {
	if told, ok := f.accounts[e.id]; ok && !r.echo && len(told) < mostAccounts {
		f.accounts[e.id] = append(told, r)
	}
}

// mostAccounts is how many accounts of an event are looked at: enough to know it
// by, and few enough that a flood of copies does not slow down the next one.
const mostAccounts = 8

// accountsOf returns what is told of an event, the first in order of arrival. They
// are read once in a commit.
func (f *filing) accountsOf(e *event) ([]*account, error) {
	if told, ok := f.accounts[e.id]; ok {
		return told, nil
	}
	told, err := collect(f.ctx, f.sql, func(scan func(...any) error) (*account, error) {
		a := &account{report: new(report)}
		p := &a.position
		var said, origin string
		var named []string
		err := scan(jsonColumn{&named}, &a.statement, &a.outlet, &said, &origin, &a.kind, &a.lang, &a.title, &a.text,
			&p.Speaker, &p.Stance, &p.Condition, &p.FirstHand, &p.Evidence.Field, &p.Evidence.Start, &p.Evidence.Quote)
		if err != nil {
			return nil, err
		}
		if a.when, err = claimed(said, origin); err != nil {
			return nil, err
		}
		p.Actor, p.Topic = e.actor, e.topic
		f.sides.recount(a, named)
		return a, nil
	}, `SELECT (SELECT json_group_array(name) FROM mentions m WHERE m.statement = r.statement AND m.kind = 'actor'), r.statement, r.outlet, r.said, r.said_origin, s.kind, coalesce(nullif(s.lang, ''), s.langs ->> '$[0].lang', ''),
			s.title, v.payload ->> 'text', p.speaker, p.stance, p.condition, p.first_hand, w.field, w.start, w.quote
		FROM event_reports r JOIN positions p ON p.n = r.position JOIN statements s ON s.id = r.statement JOIN revisions v ON v.id = s.latest
		JOIN evidence w ON w.position = p.n
		WHERE r.event = ?1 AND r.position IN (SELECT position FROM event_reports WHERE event = ?1 AND NOT echo ORDER BY position LIMIT ?2)
		ORDER BY r.position`, e.id, mostAccounts)
	if err != nil {
		return nil, fmt.Errorf("read reports of event %s: %w", e.id, err)
	}
	f.accounts[e.id] = told
	return told, nil
}
