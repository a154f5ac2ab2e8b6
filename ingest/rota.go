package ingest

import (
	"context"
	"reflect"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"palabre/statement"
)

// Orders are what a running Ingester is told.
type Orders struct {
	Sources <-chan []statement.Source // all that are to be checked from now on
	Now     <-chan string             // ID of a source that is to be checked at once, due or not, paused or not
}

// Run checks the sources by their schedules until ctx ends, and then waits for
// the checks that are under way. A source that missed a check while nothing ran
// is checked at once. A source never overlaps with itself.
func (in *Ingester) Run(ctx context.Context, sources []statement.Source) error {
	once := make(chan []statement.Source, 1)
	once <- sources
	return in.Follow(ctx, Orders{Sources: once})
}

// Follow is Run for sources that change while it runs. Checks that are under way
// are not disturbed by a change.
func (in *Ingester) Follow(ctx context.Context, o Orders) error {
	log := cronLog{in.log}
	r := &rota{
		Ingester: in, ctx: ctx, slots: make(chan struct{}, atOnce), posts: make(map[string]*post), busy: make(map[string]chan struct{}),
		cron: cron.New(cron.WithLocation(time.UTC), cron.WithLogger(log)), guard: cron.NewChain(cron.Recover(log)),
	}
	r.cron.Start()
	for {
		select {
		case <-ctx.Done():
			<-r.cron.Stop().Done()
			r.work.Wait()
			return nil
		case sources := <-o.Sources:
			r.set(sources)
		case id := <-o.Now:
			r.checkNow(id)
		}
	}
}

// rota says who is checked when. Only the loop of Follow changes it.
type rota struct {
	*Ingester
	ctx   context.Context
	cron  *cron.Cron
	guard cron.Chain
	slots chan struct{}
	posts map[string]*post         // by source
	busy  map[string]chan struct{} // by source: holds one while it is checked
	work  sync.WaitGroup           // checks outside of the schedule
}

// post is a source and its place on the schedule; 0 where it has none.
type post struct {
	src statement.Source
	at  cron.EntryID
}

// set takes a list of sources into use. Those that have not changed keep their
// place.
func (r *rota) set(sources []statement.Source) {
	listed := make(map[string]bool, len(sources))
	for _, src := range sources {
		listed[src.ID] = true
		if old := r.posts[src.ID]; old != nil {
			if reflect.DeepEqual(old.src, src) {
				continue
			}
			r.cron.Remove(old.at)
		}
		r.posts[src.ID] = r.post(src)
	}
	for id, p := range r.posts {
		if !listed[id] {
			r.cron.Remove(p.at)
			delete(r.posts, id)
		}
	}
}

// post puts a source on the schedule, and checks it at once if a check was
// missed.
func (r *rota) post(src statement.Source) *post {
	p := &post{src: src}
	if r.busy[src.ID] == nil {
		r.busy[src.ID] = make(chan struct{}, 1)
	}
	if src.Paused || src.Kind == statement.Hand {
		return p
	}
	s, err := schedule(&src)
	if err != nil {
		r.log.ErrorContext(r.ctx, "a source is not fetched", "source", src.ID, "error", err)
		return p
	}
	p.at = r.cron.Schedule(s, r.job(src))
	r.checkSoon(src, false)
	return p
}

// checkNow checks a source that somebody asked for.
func (r *rota) checkNow(id string) {
	p := r.posts[id]
	if p == nil {
		r.log.WarnContext(r.ctx, "a source that was asked for is not known", "source", id)
		return
	}
	r.checkSoon(p.src, true)
}

// job checks a source whose turn it is, unless it is being checked already.
func (r *rota) job(src statement.Source) cron.Job {
	busy := r.busy[src.ID]
	return r.guard.Then(cron.FuncJob(func() {
		select {
		case busy <- struct{}{}:
			defer func() { <-busy }()
			r.check(src, false)
		default:
		}
	}))
}

// checkSoon checks a source outside of the schedule. It waits for a check that is under
// way: that one may have found that nothing is due, or be of what it was before.
func (r *rota) checkSoon(src statement.Source, asked bool) {
	busy := r.busy[src.ID]
	r.work.Go(r.guard.Then(cron.FuncJob(func() {
		select {
		case busy <- struct{}{}:
			defer func() { <-busy }()
			r.check(src, asked)
		case <-r.ctx.Done():
		}
	})).Run)
}

// check checks a source if its time has come, or somebody asked: after failures
// it comes later than the schedule says.
func (r *rota) check(src statement.Source, asked bool) {
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-r.ctx.Done():
		return
	}
	before, err := r.vault.Health(r.ctx, src.ID)
	if err == nil && !asked && r.now().Before(before.Next.Add(-time.Second)) {
		return
	}
	var h statement.Health
	if err == nil {
		h, err = r.Poll(r.ctx, src)
	}
	switch {
	case r.ctx.Err() != nil:
	case err != nil:
		r.log.ErrorContext(r.ctx, "a check could not be kept and is repeated", "source", src.ID, "error", err)
	case h.Outcome.Failed():
		r.log.WarnContext(r.ctx, "a source could not be fetched", "source", src.ID, "outcome", h.Outcome, "reason", h.Reason, "next", h.Next)
	default:
		r.log.InfoContext(r.ctx, "a source was fetched", "source", src.ID, "outcome", h.Outcome, "reason", h.Reason, "next", h.Next)
	}
}
