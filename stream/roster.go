package stream

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nuid"
)

// roster knows which processes share the partitions of a group. Each gives a
// sign of life now and then; who was silent for four beats is gone. All compute
// the same shares from the same names, so that nobody has to hand out work.
//
// For a moment two processes may both believe that a partition is theirs. That
// is harmless: the server serves only one of them.
type roster struct {
	bus     *Bus
	subject string
	self    string

	mu      sync.Mutex
	heard   map[string]time.Time // last sign of life of the others
	changed chan struct{}        // closed when the shares may have changed
}

// join enters the roster of a group until ctx ends.
func (b *Bus) join(ctx context.Context, group string) (*roster, func(), error) {
	r := &roster{
		bus:     b,
		subject: "palabre.roster." + group,
		self:    nuid.Next(),
		heard:   map[string]time.Time{},
		changed: make(chan struct{}),
	}
	sub, err := b.conn.Subscribe(r.subject, r.hear)
	if err != nil {
		return nil, nil, fmt.Errorf("join group %s: %w", group, err)
	}
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { r.live(ctx) })
	return r, func() {
		cancel()
		done.Wait()
		_ = sub.Unsubscribe() // fails only on a closed connection
	}, nil
}

// live gives signs of life and forgets those who give none.
func (r *roster) live(ctx context.Context) {
	r.say("+")
	tick := time.NewTicker(r.bus.timing.beat)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			r.say("+")
			r.forget(4 * r.bus.timing.beat)
		case <-ctx.Done():
			r.say("-")
			return
		}
	}
}

// say tells the others that this process is here (+) or leaves (-). While the
// server is away nobody hears it, and nobody can take work either.
func (r *roster) say(sign string) {
	_ = r.bus.conn.Publish(r.subject, []byte(sign+r.self))
}

func (r *roster) hear(m *nats.Msg) {
	if len(m.Data) < 2 {
		return
	}
	sign, name := m.Data[0], string(m.Data[1:])
	if name == r.self {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	_, known := r.heard[name]
	if sign == '-' {
		delete(r.heard, name)
	} else {
		r.heard[name] = time.Now()
	}
	if known == (sign == '-') {
		r.announce()
	}
	if !known && sign == '+' {
		r.say("+") // so that the newcomer need not wait for the next beat
	}
}

func (r *roster) forget(silence time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, at := range r.heard {
		if time.Since(at) > silence {
			delete(r.heard, name)
			r.announce()
		}
	}
}

// announce wakes those who wait for a change. The lock must be held.
func (r *roster) announce() {
	close(r.changed)
	r.changed = make(chan struct{})
}

// mine reports whether a partition is this process's share, and returns a
// channel that is closed when that may have changed.
func (r *roster) mine(part int) (bool, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := []string{r.self}
	for name := range r.heard {
		names = append(names, name)
	}
	slices.Sort(names)
	return names[part%len(names)] == r.self, r.changed
}

// claim waits until a partition is this process's share, or ctx ends. The
// context that it returns ends when the partition is no longer.
func (r *roster) claim(ctx context.Context, part int) (context.Context, context.CancelFunc) {
	for {
		mine, changed := r.mine(part)
		if mine {
			break
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.WithCancel(ctx)
		}
	}
	own, cancel := context.WithCancel(ctx)
	var watch sync.WaitGroup
	watch.Go(func() {
		defer cancel()
		for {
			mine, changed := r.mine(part)
			if !mine {
				return
			}
			select {
			case <-changed:
			case <-own.Done():
				return
			}
		}
	})
	return own, func() { cancel(); watch.Wait() }
}
