package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"palabre/digest"
	"palabre/statement"
	"palabre/store"
)

const (
	chartWeeks = 12 // that lines are drawn over
	principals = 14 // whose lines and silences are told; whoever spoke comes on top
	chartLanes = 16
	mostLate   = 300  // statements of an earlier time that are listed; all are counted
	mostListed = 3000 // statements of the period that no sentence leads to and that are listed
	failing    = 3    // failures in a row of a source that is missed
	steady     = 4    // statements within four weeks from a source that is missed when it brings none
	graceDays  = 7    // after its end until when what arrives late still belongs to a period's digest
)

// gathering is a digest's material in the making.
type gathering struct {
	*press
	ctx  context.Context
	span store.Span
	m    *digest.Material
	need map[string]bool // IDs of statements that are cited
	said []store.Brief
}

// gather reads from the record what a digest tells of a period. now is when it is
// made.
func (p *press) gather(ctx context.Context, period digest.Period, now time.Time) (*digest.Material, error) {
	g := &gathering{
		press: p, ctx: ctx, span: store.Span{From: period.From, Until: period.To}, need: make(map[string]bool),
		m: &digest.Material{Period: period, Made: now.UTC().Truncate(time.Second), Mark: p.mark, Registry: p.reg, Outlets: make(map[string]string)},
	}
	for _, step := range []func() error{
		g.statements, g.news, g.standings, g.demands, g.answers, g.watches, g.corrections, g.citations,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return g.m, nil
}

// cutOf is until when what arrives is for the digest of a period that is made at
// a moment.
func cutOf(period digest.Period, now time.Time) time.Time {
	last := period.To.AddDate(0, 0, graceDays)
	if now.Before(last) {
		return now
	}
	return last
}

// lateSince is after which moment what arrives is for the digest of a period: the
// digest before it had what came until then.
func (p *press) lateSince(ctx context.Context, period digest.Period) (time.Time, error) {
	before, err := p.store.Digest(ctx, period.Previous().String())
	switch {
	case errors.Is(err, store.ErrNotFound):
		return period.From.Add(-time.Nanosecond), nil
	case err != nil:
		return time.Time{}, err
	}
	return before.Cut, nil
}

// statements reads what was said in the period, and what came late.
func (g *gathering) statements() error {
	said, err := g.store.Spoken(g.ctx, g.span)
	if err != nil {
		return err
	}
	since, err := g.lateSince(g.ctx, g.m.Period)
	if err != nil {
		return err
	}
	late, all, err := g.store.Late(g.ctx, g.span, since, cutOf(g.m.Period, g.m.Made), mostLate)
	if err != nil {
		return err
	}
	g.m.Late.Statements = all
	ids := make([]string, len(late))
	for i := range late {
		ids[i] = late[i].Statement
		g.m.Late.Listed = append(g.m.Late.Listed, ids[i])
		g.need[ids[i]] = true
	}
	if g.m.Late.Signals, err = g.store.NewsOf(g.ctx, ids); err != nil {
		return err
	}
	g.said = said
	g.coverage(said)
	return g.flows()
}

// coverage counts what was said.
func (g *gathering) coverage(said []store.Brief) {
	c := &g.m.Coverage
	c.Statements, c.Langs = len(said), make(map[string]int)
	sources, unread := make(map[string]bool), make(map[digest.Unread]int)
	for i := range said {
		b := &said[i]
		sources[b.Source] = true
		c.Langs[cmp.Or(b.Lang, "und")]++
		c.Unclear += b.Unclear
		if !slices.Contains(g.m.Packs, b.Pack) && b.Pack != "" {
			g.m.Packs = append(g.m.Packs, b.Pack)
		}
		if !slices.ContainsFunc(b.Langs, func(r statement.LangRun) bool { return r.Read }) {
			u := digest.Unread{Lang: cmp.Or(b.Lang, "und")}
			if len(b.Langs) == 0 && (b.Medium == "audio" || b.Medium == "video") {
				u.Medium = b.Medium
			}
			unread[u]++
		}
	}
	c.Sources = len(sources)
	for u, n := range unread {
		u.N = n
		c.Unread = append(c.Unread, u)
	}
	slices.SortFunc(c.Unread, func(a, b digest.Unread) int {
		return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Lang, b.Lang), cmp.Compare(a.Medium, b.Medium))
	})
	slices.Sort(g.m.Packs)
}

// flows finds the sources that brought nothing against their rhythm, and while the
// period has just ended those that fail.
func (g *gathering) flows() error {
	flows, failed, err := g.store.Flows(g.ctx, g.span)
	if err != nil {
		return err
	}
	g.m.Coverage.Failed = failed
	missed := make(map[string]digest.Silent)
	for _, f := range flows {
		if f.Here == 0 && f.Before >= steady {
			missed[f.Source] = digest.Silent{Source: f.Source, Since: f.Last}
		}
	}
	if g.m.Made.Sub(g.m.Period.To) < graceDays*24*time.Hour {
		health, err := g.store.SourceHealth(g.ctx)
		if err != nil {
			return err
		}
		for i := range health {
			if h := &health[i]; h.Failures >= failing && h.Outcome.Failed() {
				missed[h.Source] = digest.Silent{Source: h.Source, Since: h.Succeeded, Why: cmp.Or(h.Reason, string(h.Outcome))}
			}
		}
	}
	sources, err := g.store.Sources(g.ctx)
	if err != nil {
		return err
	}
	for i := range sources {
		s := &sources[i]
		g.m.Outlets[s.ID] = s.Name
		if m, ok := missed[s.ID]; ok && !s.Paused && s.Kind != statement.Hand {
			m.Source = cmp.Or(s.Name, s.ID)
			g.m.Coverage.Silent = append(g.m.Coverage.Silent, m)
		}
	}
	return nil
}

// news reads the signals and everything else that was said.
func (g *gathering) news() (err error) {
	if g.m.Signals, err = g.store.NewsIn(g.ctx, g.span); err != nil {
		return err
	}
	for _, list := range [][]statement.News{g.m.Signals, g.m.Late.Signals} {
		for i := range list {
			if n := &list[i]; n.Care.False == "" {
				g.need[n.Signal.Now.Statement], g.need[n.Signal.Then.Statement] = true, true
			}
		}
	}
	said, err := g.store.UtterancesIn(g.ctx, g.span)
	if err != nil {
		return err
	}
	for i := range said {
		u := &said[i]
		if u.Act != "" { // deeds are told one by one
			g.need[u.Lead] = true
		}
		g.m.Utterances = append(g.m.Utterances, digest.Utterance{Event: u.Event, Places: u.Places})
	}
	return nil
}

// standings reads where the principals stand, how they came there, and who of
// them said nothing.
func (g *gathering) standings() error {
	who, err := g.store.Principals(g.ctx, g.span, principals)
	if err != nil {
		return err
	}
	var ids []string
	for _, p := range who {
		ids = append(ids, p.Actor)
		if !p.Spoke {
			g.need[p.Statement] = true
			g.m.Quiet = append(g.m.Quiet, digest.Quiet{Actor: p.Actor, Last: p.Last, Statement: p.Statement})
		}
	}
	weeks, moments := g.weeks()
	courses, err := g.store.Courses(g.ctx, ids, moments)
	if err != nil {
		return err
	}
	slices.SortStableFunc(courses, func(a, b store.Course) int { // whoever is heard most comes first
		return cmp.Compare(slices.Index(ids, a.Actor), slices.Index(ids, b.Actor))
	})
	begin := slices.IndexFunc(moments, g.span.From.Equal)
	for i := range courses {
		c := &courses[i]
		now, then, err := g.store.Stood(g.ctx, c, begin)
		if err != nil {
			return err
		}
		g.need[now.Statement], g.need[then.Statement] = true, true
		g.m.Standings = append(g.m.Standings, digest.Standing{Line: now.Line, Statement: now.Statement, Quote: now.Quote, Lapsed: now.Lapsed, Before: then})
		g.lane(c, weeks, moments)
	}
	return nil
}

// weeks are the stretches of seven days that end with the period, oldest first,
// and the moments that lines are wanted at: their ends and the beginning of the
// period.
func (g *gathering) weeks() (weeks []digest.Period, moments []time.Time) {
	moments = append(moments, g.span.From)
	for n := chartWeeks; n > 0; n-- {
		from := g.span.Until.AddDate(0, 0, -7*n)
		week, err := digest.NewPeriod(from, from.AddDate(0, 0, 7))
		if err != nil { // before the first year that a period may touch
			continue
		}
		weeks = append(weeks, week)
		moments = append(moments, week.To)
	}
	slices.SortFunc(moments, time.Time.Compare)
	return weeks, slices.CompactFunc(moments, time.Time.Equal)
}

// lane draws a line over the weeks, unless it stood in none of them or there is
// no room.
func (g *gathering) lane(c *store.Course, weeks []digest.Period, moments []time.Time) {
	l := digest.Lane{Actor: c.Actor, Topic: c.Topic, Target: c.Target}
	stood := false
	for _, w := range weeks {
		at := &c.Steps[slices.IndexFunc(moments, w.To.Equal)]
		m := digest.LaneWeek{Week: w, Spoke: at.Event != "" && w.Holds(at.When)}
		if at.Event != "" && !at.Lapsed {
			m.Stance, stood = at.Stance, true
		}
		l.Weeks = append(l.Weeks, m)
	}
	same := func(o digest.Lane) bool { return o.Actor == l.Actor && o.Topic == l.Topic && o.Target == l.Target }
	if stood && len(g.m.Lanes) < chartLanes && !slices.ContainsFunc(g.m.Lanes, same) {
		g.m.Lanes = append(g.m.Lanes, l)
	}
}

// demands reads what became of conditions.
func (g *gathering) demands() error {
	moved, err := g.store.DemandsIn(g.ctx, g.span)
	if err != nil {
		return err
	}
	for i := range moved {
		d := &moved[i]
		g.need[d.First.Statement], g.need[d.Last.Statement], g.need[d.By] = true, true, true
		g.m.Demands = append(g.m.Demands, digest.DemandChange{Demand: d.Demand, Change: digest.Change(d.Move), Before: d.Before, By: d.By})
	}
	return nil
}

// answers reads who answered whom.
func (g *gathering) answers() error {
	found, err := g.store.AnswersIn(g.ctx, g.span)
	if err != nil {
		return err
	}
	for i := range found {
		a := &found[i]
		g.need[a.By.Lead], g.need[a.To.Lead] = true, true
		g.m.Answers = append(g.m.Answers, digest.Answer{How: a.How, Days: a.Days, By: a.By.Event, To: a.To.Event})
	}
	return nil
}

// watches reads who had the watch.
func (g *gathering) watches() error {
	found, err := g.store.Watches(g.ctx, g.span)
	for _, w := range found {
		g.m.Officers = append(g.m.Officers, digest.Watch{Who: w.Who, From: w.From, To: w.To})
	}
	return err
}

// corrections finds what earlier digests said and that is read otherwise now.
func (g *gathering) corrections() error {
	found, err := g.store.Overtaken(g.ctx, g.span)
	if err != nil || len(found) == 0 {
		return err
	}
	kept, err := g.store.Digests(g.ctx)
	if err != nil {
		return err
	}
	kept = slices.DeleteFunc(kept, func(d store.Digest) bool { return !d.IsIssued() })
	slices.SortFunc(kept, func(a, b store.Digest) int { return cmp.Compare(b.Number, a.Number) })
	read := make(map[string]*digest.Digest)
	for i := range found {
		o := &found[i]
		if o.Now == statement.ToldSilent {
			continue
		}
		row, err := g.rowOf(o, kept, read)
		if err != nil {
			return err
		}
		period, err := digest.ParsePeriod(o.Period)
		if err != nil {
			return err
		}
		if row == nil {
			continue
		}
		c := digest.Correction{Number: o.Number, Period: period, Row: *row, Now: statement.Stance(o.Now), Note: o.Note}
		if o.Told != statement.ToldSilent {
			c.Row.Stance = statement.Stance(o.Told)
		}
		g.need[row.Statement] = true
		g.m.Corrections = append(g.m.Corrections, c)
	}
	return nil
}

// rowOf returns the row in which a signal was told: by the digest that spoke of it
// last or, where that one corrected it, by one before. Issued digests are given,
// the latest first; those that were read are kept in read. It is nil if none has it.
func (g *gathering) rowOf(o *store.Overtaken, issued []store.Digest, read map[string]*digest.Digest) (*digest.Row, error) {
	for i := range issued {
		k := &issued[i]
		if k.Number > o.Number {
			continue
		}
		if read[k.Period] == nil {
			text, err := g.store.DigestFile(g.ctx, k.Period, digest.Languages[0], string(digest.JSON))
			if err != nil {
				return nil, err
			}
			if read[k.Period], err = digest.Parse(text); err != nil {
				return nil, err
			}
		}
		rows := read[k.Period].Rows
		if at := slices.IndexFunc(rows, func(r digest.Row) bool { return r.Signal == o.Signal }); at >= 0 {
			return &rows[at], nil
		}
	}
	return nil, nil
}

// citations says where everything that is named stands.
func (g *gathering) citations() error {
	delete(g.need, "")
	left := mostListed
	for i := range g.said {
		switch id := g.said[i].Statement; {
		case g.need[id]:
		case left > 0:
			left--
			g.need[id] = true
		default:
			g.m.Coverage.Unlisted++
		}
	}
	ids := make([]string, 0, len(g.need))
	for id := range g.need {
		ids = append(ids, id)
	}
	found, err := g.store.Briefs(g.ctx, ids)
	if err != nil {
		return err
	}
	for _, b := range found {
		g.m.Citations = append(g.m.Citations, statement.Citation{
			Statement: b.Statement, Title: b.Title, Outlet: cmp.Or(g.m.Outlets[b.Outlet], b.Outlet), Date: b.Said, Lang: b.Lang, URL: b.URL,
			Capture: b.Capture, Reconstructed: b.Reconstructed,
		})
	}
	slices.SortFunc(g.m.Citations, func(a, b statement.Citation) int {
		return cmp.Or(a.Date.Time.Compare(b.Date.Time), cmp.Compare(a.Statement, b.Statement))
	})
	return nil
}
