package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"palabre/api"
	"palabre/ingest"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// sourcebook holds the sources in use: the built-in ones and the operator's, and
// what the desk entered and paused. Whoever fetches follows it.
type sourcebook struct {
	dir   string
	store *store.Store
	log   *slog.Logger
	lists chan []statement.Source // the newest list, until it is taken
	asked chan string             // IDs of sources that somebody wants fetched now

	mu   sync.Mutex
	list []statement.Source
	bad  []statement.Problem // entries of the operator's list that were left out
	seen string              // stamp of that list
}

// mostAsked is how many sources may wait to be fetched at once.
const mostAsked = 256

func newSourcebook(dir string, s *store.Store, log *slog.Logger) *sourcebook {
	return &sourcebook{dir: dir, store: s, log: log, lists: make(chan []statement.Source, 1), asked: make(chan string, mostAsked)}
}

// all returns the sources in use.
func (b *sourcebook) all() []statement.Source {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.list
}

// find returns the source with the ID.
func (b *sourcebook) find(id string) (statement.Source, bool) {
	list := b.all()
	if i := sourceAt(list, id); i >= 0 {
		return list[i], true
	}
	return statement.Source{}, false
}

// left returns the entries of the operator's list that were left out.
func (b *sourcebook) left() []statement.Problem {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bad
}

// load takes the built-in sources and the operator's into use.
func (b *sourcebook) load(ctx context.Context) error {
	stamp, err := b.stamp()
	if err != nil {
		return err
	}
	sources, bad, err := readSources(b.dir)
	if err != nil {
		return err
	}
	for _, p := range bad {
		b.log.ErrorContext(ctx, "a source is left out, the others are fetched", "where", p.Where, "what", p.What)
	}
	if err := b.store.PutSources(ctx, sources); err != nil {
		return err
	}
	b.mu.Lock()
	b.bad, b.seen = bad, stamp
	b.mu.Unlock()
	return b.refresh(ctx)
}

// stamp changes with the operator's list.
func (b *sourcebook) stamp() (string, error) {
	info, err := os.Stat(filepath.Join(b.dir, sourcesFile))
	switch {
	case errors.Is(err, os.ErrNotExist):
		return "none", nil
	case err != nil:
		return "", fmt.Errorf("look at the sources: %w", err)
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano()), nil
}

// refresh reads from the record what the lists and the desk add up to.
func (b *sourcebook) refresh(ctx context.Context) error {
	list, err := b.store.Sources(ctx)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.list = list
	select {
	case <-b.lists: // nobody has taken the one before
	default:
	}
	b.lists <- list
	return nil
}

// watch takes a changed list of the operator into use until ctx ends. With a bad
// one, the sources before stay.
func (b *sourcebook) watch(ctx context.Context) error {
	tick := time.NewTicker(rulesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		stamp, err := b.stamp()
		b.mu.Lock()
		same := stamp == b.seen
		b.seen = stamp
		b.mu.Unlock()
		if err == nil && same {
			continue
		}
		if err == nil {
			err = b.load(ctx)
		}
		if err != nil && ctx.Err() == nil {
			b.log.ErrorContext(ctx, "the changed list of sources is not used; those before stay", "error", err)
			b.mu.Lock()
			b.bad = []statement.Problem{{Where: sourcesFile, What: firstLine(err)}}
			b.mu.Unlock()
		}
	}
}

// askedLong is how long ago somebody may have asked for a source that is still to
// be fetched: a node that is built anew hears of all that was ever asked.
const askedLong = 5 * time.Minute

// heed does what desk events say of sources, after the record has taken them.
func (b *sourcebook) heed(ctx context.Context, events []statement.DeskEvent) error {
	changed := false
	for i := range events {
		switch e := &events[i]; e.Action {
		case statement.PutSource, statement.DropSource, statement.PauseSource, statement.ResumeSource, statement.Undo:
			changed = true
		case statement.Poll:
			if time.Since(e.At) > askedLong {
				continue
			}
			select {
			case b.asked <- e.Subject:
			default:
				b.log.WarnContext(ctx, "too many sources are asked for at once: one is left to its schedule", "source", e.Subject)
			}
		}
	}
	if !changed {
		return nil
	}
	return b.refresh(ctx)
}

// ofSources reports whether a desk event is for those who fetch.
func ofSources(e *statement.DeskEvent) bool {
	switch e.Action {
	case statement.PutSource, statement.DropSource, statement.PauseSource, statement.ResumeSource, statement.Poll, statement.Undo:
		return true
	}
	return false
}

// heedDesk takes the desk events that are about sources: all that a node which
// only fetches needs of the desk.
func (p *pipeline) heedDesk(ctx context.Context, events []statement.DeskEvent) error {
	var mine []statement.DeskEvent
	for i := range events {
		if ofSources(&events[i]) {
			mine = append(mine, events[i])
		}
	}
	if len(mine) == 0 {
		return nil
	}
	return p.applyDesk(ctx, mine)
}

// applyDesk takes desk events into the record and does what they say of sources.
func (p *pipeline) applyDesk(ctx context.Context, events []statement.DeskEvent) error {
	if err := p.store.ApplyDesk(ctx, events); err != nil {
		return err
	}
	return p.sources.heed(ctx, events)
}

// fetch checks the sources by their schedules, and when somebody asks, until ctx
// ends.
func (p *pipeline) fetch(ctx context.Context, in *ingest.Ingester) error {
	return in.Follow(ctx, ingest.Orders{Sources: p.sources.lists, Now: p.sources.asked})
}

// checkSource checks what the desk wants of a source as the operator's list is
// checked, after filling in what an entered one leaves open.
func (d *desk) checkSource(e *statement.DeskEvent) error {
	switch e.Action {
	case statement.Poll:
		if d.idle {
			return fmt.Errorf("%w: no source is fetched here: the server runs with --no-sources", api.ErrRejected)
		}
		return nil
	case statement.PutSource:
	default:
		return nil
	}
	var src statement.Source
	if err := json.Unmarshal(e.Details, &src); err != nil {
		return fmt.Errorf("%w: read source: %w", api.ErrRejected, err)
	}
	src.ID, src.Path, src.Paused = e.Subject, "", false
	err := seeds.CheckSource(&src)
	if err == nil {
		err = ingest.CheckSchedule(&src)
	}
	switch {
	case err != nil:
	case src.Kind != statement.Feed && src.Kind != statement.Page:
		err = fmt.Errorf("kind: %q is not feed or page: others stand in %s", src.Kind, sourcesFile)
	case src.Owner != "" && d.reg.Actor(src.Owner) == nil:
		err = fmt.Errorf("owner: %q is no known actor", src.Owner)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", api.ErrRejected, err)
	}
	if e.Details, err = json.Marshal(src); err != nil {
		return fmt.Errorf("encode source: %w", err)
	}
	return nil
}
