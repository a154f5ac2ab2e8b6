package api

import (
	"context"
	"sync"
	"time"

	"palabre/store"
)

// courses keeps what actors' histories were read as until the record changes: to
// read one of tens of thousands of utterances takes a while.
type courses struct {
	mu   sync.Mutex
	head int64
	held map[datedCourse]*store.History
}

// datedCourse is what is asked for, and the day on which it is: offers lapse.
type datedCourse struct {
	store.HistoryQuery
	day string
}

// mostCourses is how many histories are kept.
const mostCourses = 200

func (c *courses) read(ctx context.Context, from *store.Store, q store.HistoryQuery, head int64) (*store.History, error) {
	key := datedCourse{q, time.Now().UTC().Format(time.DateOnly)}
	c.mu.Lock()
	if c.head != head || len(c.held) >= mostCourses {
		c.head, c.held = head, make(map[datedCourse]*store.History)
	}
	known := c.held[key]
	c.mu.Unlock()
	if known != nil {
		return known, nil
	}
	course, err := from.History(ctx, q)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.head == head {
		c.held[key] = course
	}
	return course, nil
}
