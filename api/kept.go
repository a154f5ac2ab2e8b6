package api

import (
	"sync"
	"time"

	"palabre/statement"
	"palabre/store"
)

// kept holds what takes a while to read of the record until the record changes.
// What it holds is shared and never changed. Several who ask for the same at once
// wait for one reading.
type kept[K comparable, V any] struct {
	mu   sync.Mutex
	head int64 // last change of the record that what is held was read behind
	held map[K]*reading[V]
}

// reading is what was read, or is being read.
type reading[V any] struct {
	once sync.Once
	v    V
	err  error
}

// mostKept is how many answers are kept of a kind.
const mostKept = 100

// read returns what is held for a key, else what from reads. head is the last
// change of the record; who knows only an earlier one than others do reads alone.
func (k *kept[K, V]) read(head int64, key K, from func() (V, error)) (V, error) {
	k.mu.Lock()
	if head < k.head {
		k.mu.Unlock()
		return from()
	}
	if k.held == nil || head > k.head {
		k.head, k.held = head, make(map[K]*reading[V])
	}
	r := k.held[key]
	if r == nil {
		if len(k.held) >= mostKept {
			clear(k.held)
		}
		r = new(reading[V])
		k.held[key] = r
	}
	k.mu.Unlock()
	own := false
	r.once.Do(func() { r.v, r.err = from(); own = true })
	if r.err == nil {
		return r.v, nil
	}
	k.mu.Lock()
	if k.held[key] == r {
		delete(k.held, key)
	}
	k.mu.Unlock()
	if own {
		return r.v, r.err
	}
	return from() // what ended the other's reading, such as that he left, is not ours
}

// memory is what is kept of the record for all pages.
type memory struct {
	actors  kept[datedActor, *ActorDetail]
	courses kept[datedCourse, *store.History]
	drawn   kept[drawnCourse, course]
	lines   kept[datedLines, []store.Standing]
	spans   kept[spanAround, []Bucket]          // by changes that the index has
	origins kept[string, map[string]provenance] // of what a page quotes, by the IDs that it asks for
}

// datedActor is an actor with so many of its latest utterances.
type datedActor struct {
	id     string
	events int
	today  string
}

// drawnCourse is what decides how the histories of actors are drawn.
type drawnCourse struct {
	lang, actors string
	stretch      stretchOf
	today        string
	desk         int64 // last thing that was done at the desk
}

// spanAround is a search in the time around a chosen span.
type spanAround struct {
	query    string
	from, to time.Time
	today    string
}

// datedCourse is what is asked of an actor's history, and the day on which it is:
// offers lapse.
type datedCourse struct {
	store.HistoryQuery
	today string
}

// datedLines are the lines on a topic at the end of a day, and the day on which
// they are asked for.
type datedLines struct {
	topic     statement.Topic
	on, today string
}

// today is the day by which offers lapse.
func today() string { return time.Now().UTC().Format(time.DateOnly) }
