package api

import (
	"sync"
	"time"

	"palabre/statement"
	"palabre/store"
)

// kept holds what takes a while to read of the record until the record changes.
// What it holds is shared and never changed.
type kept[K comparable, V any] struct {
	mu   sync.Mutex
	head int64 // last change of the record that what is held was read behind
	held map[K]V
}

// mostKept is how many answers are kept of a kind.
const mostKept = 200

// read returns what is held for a key, else what from reads. head is the last
// change of the record.
func (k *kept[K, V]) read(head int64, key K, from func() (V, error)) (V, error) {
	k.mu.Lock()
	if k.held == nil || k.head != head || len(k.held) >= mostKept {
		k.head, k.held = head, make(map[K]V)
	}
	known, ok := k.held[key]
	k.mu.Unlock()
	if ok {
		return known, nil
	}
	v, err := from()
	if err != nil {
		return v, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.head == head {
		k.held[key] = v
	}
	return v, nil
}

// memory is what is kept of the record for all pages.
type memory struct {
	courses kept[datedCourse, *store.History]
	lines   kept[datedLines, []store.Standing]
	origins kept[string, map[string]store.Brief] // of what a page quotes, by the IDs that it asks for
	newest  newestFound
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
