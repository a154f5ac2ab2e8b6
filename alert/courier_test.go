package alert

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"palabre/statement"
)

// patiently is how long tests wait for what they want to see.
const patiently = 20 * time.Second

// fakeClock is a clock that tests turn.
type fakeClock struct{ at atomic.Pointer[time.Time] }

func clockAt(at time.Time) *fakeClock {
	c := new(fakeClock)
	c.set(at)
	return c
}

func (c *fakeClock) now() time.Time   { return *c.at.Load() }
func (c *fakeClock) set(at time.Time) { c.at.Store(&at) }

func newCourier(t *testing.T, b *books, change func(*Options)) *Courier {
	t.Helper()
	opt := Options{Ledger: b.ledger(), Names: names(), Base: "https://desk.example.org"}
	if change != nil {
		change(&opt)
	}
	c, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCourierKeepsTheSchedule sends to a server that fails until the schedule is
// over, on a fake clock.
func TestCourierKeepsTheSchedule(t *testing.T) {
	var ids, bodies []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		ids, bodies = append(ids, r.Header.Get("webhook-id")), append(bodies, string(body))
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer server.Close()
	r := hook(server.URL)
	b := openBooks(*r)
	b.put(r.ID, noticeOf(1, statement.NoticeNew, shift(t)))
	clock := clockAt(moment(t, "2026-11-26T09:00:00Z"))
	c := newCourier(t, b, func(o *Options) { o.Now = clock.now })
	for try := 1; try <= 10; try++ {
		if did, err := c.Round(t.Context(), r, clock.now()); err != nil || !did {
			t.Fatalf("try %d: did %t, %v", try, did, err)
		}
		if did, err := c.Round(t.Context(), r, clock.now()); err != nil || did {
			t.Fatalf("try %d: a second round at the same moment did %t, %v", try, did, err)
		}
		d := b.last(t)
		if len(ids) != try || d.Sent || d.Disable || d.Failure != "500 Internal Server Error" {
			t.Fatalf("try %d: %d requests, %+v", try, len(ids), d)
		}
		if try == 10 {
			if !d.Again.IsZero() {
				t.Errorf("after the last try: again at %s", d.Again)
			}
			break
		}
		if early, err := c.Round(t.Context(), r, d.Again.Add(-time.Millisecond)); err != nil || early {
			t.Fatalf("try %d: it was tried before its time: %t, %v", try, early, err)
		}
		clock.set(d.Again)
	}
	for i := range ids {
		if ids[i] != ids[0] || bodies[i] != bodies[0] {
			t.Errorf("try %d differs: %s %s", i+1, ids[i], bodies[i])
		}
	}
}

func TestCourierHeedsTheAnswer(t *testing.T) {
	status, header := http.StatusTooManyRequests, "3600"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", header)
		w.WriteHeader(status)
	}))
	defer server.Close()
	r := hook(server.URL)
	b := openBooks(*r)
	b.put(r.ID, noticeOf(1, statement.NoticeNew, shift(t)))
	clock := clockAt(moment(t, "2026-11-26T09:00:00Z"))
	c := newCourier(t, b, func(o *Options) { o.Now = clock.now })
	round := func() statement.Delivery {
		t.Helper()
		if _, err := c.Round(t.Context(), r, clock.now()); err != nil {
			t.Fatal(err)
		}
		return b.last(t)
	}
	if d := round(); !d.Again.Equal(clock.now().Add(time.Hour)) {
		t.Errorf("429: again at %s", d.Again)
	}
	clock.set(clock.now().Add(time.Hour))
	status = http.StatusGone
	if d := round(); !d.Disable || !d.Again.IsZero() || d.Failure != "410 Gone" {
		t.Errorf("410: %+v", d)
	}
}

// TestCourierAfterACrash sends, and fails to note that it did.
func TestCourierAfterACrash(t *testing.T) {
	var ids, bodies []string
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		ids, bodies = append(ids, r.Header.Get("webhook-id")), append(bodies, string(body))
	}))
	defer server.Close()
	r := hook(server.URL)
	b := openBooks(*r)
	b.put(r.ID, noticeOf(1, statement.NoticeNew, shift(t)))
	b.crash = func() error { return errors.New("power is gone") }
	now := moment(t, "2026-11-26T09:00:00Z")
	if _, err := newCourier(t, b, nil).Round(t.Context(), r, now); err == nil {
		t.Fatal("want the ledger's error")
	}
	c := newCourier(t, b, nil) // after the crash
	if did, err := c.Round(t.Context(), r, now.Add(time.Minute)); err != nil || did {
		t.Fatalf("while the lease lasts: did %t, %v", did, err)
	}
	for range 2 {
		if _, err := c.Round(t.Context(), r, now.Add(3*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	if len(ids) != 2 || ids[0] != ids[1] || bodies[0] != bodies[1] {
		t.Errorf("got %d requests: %q", len(ids), ids)
	}
}

// TestCourierSurvivesPanics makes a failure of one.
func TestCourierSurvivesPanics(t *testing.T) {
	r := &statement.Receiver{ID: "bus", Way: statement.Way{Kind: statement.Subject}}
	b := openBooks(*r)
	b.put(r.ID, noticeOf(1, statement.NoticeNew, shift(t)))
	c := newCourier(t, b, func(o *Options) {
		o.Publish = func(context.Context, string, string, []byte) error { panic("broken") }
	})
	if _, err := c.Round(t.Context(), r, time.Now()); err != nil {
		t.Fatal(err)
	}
	if d := b.last(t); d.Sent || d.Again.IsZero() || !strings.Contains(d.Failure, "broke down") {
		t.Errorf("got %+v", d)
	}
}

// TestCourierGivesUpOnWhatHangs has a way that heeds nothing: the try is given
// up, and there is no second one while it hangs.
func TestCourierGivesUpOnWhatHangs(t *testing.T) {
	r := &statement.Receiver{ID: "bus", Way: statement.Way{Kind: statement.Subject}}
	b := openBooks(*r)
	b.put(r.ID, noticeOf(1, statement.NoticeNew, shift(t)))
	release := make(chan struct{})
	var calls atomic.Int32
	c := newCourier(t, b, func(o *Options) {
		o.Publish = func(context.Context, string, string, []byte) error {
			calls.Add(1)
			<-release
			return nil
		}
	})
	c.leave = 20 * time.Millisecond
	now := moment(t, "2026-11-26T09:00:00Z")
	for _, want := range []string{"no answer within 20ms", "the try before has not come back"} {
		if _, err := c.Round(t.Context(), r, now); err != nil {
			t.Fatal(err)
		}
		d := b.last(t)
		if d.Failure != want || calls.Load() != 1 {
			t.Fatalf("got %+v after %d calls, want %q", d, calls.Load(), want)
		}
		now = d.Again
	}
	close(release)
}

// TestCourierUnknownWay notes it like any failure.
func TestCourierUnknownWay(t *testing.T) {
	r := &statement.Receiver{ID: "x", Way: statement.Way{Kind: "pigeon"}}
	b := openBooks(*r)
	b.put(r.ID, noticeOf(1, statement.NoticeNew, shift(t)))
	if _, err := newCourier(t, b, nil).Round(t.Context(), r, time.Now()); err != nil {
		t.Fatal(err)
	}
	if d := b.last(t); d.Failure != `there is no way "pigeon"` {
		t.Errorf("got %+v", d)
	}
}

// TestCourierEndsWithTheContext does not note a try whose end is not known.
func TestCourierEndsWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	defer close(release)
	r := &statement.Receiver{ID: "bus", Way: statement.Way{Kind: statement.Subject}}
	b := openBooks(*r)
	b.put(r.ID, noticeOf(1, statement.NoticeNew, shift(t)))
	c := newCourier(t, b, func(o *Options) {
		o.Publish = func(context.Context, string, string, []byte) error {
			cancel()
			<-release
			return nil
		}
	})
	c.leave = 20 * time.Millisecond
	if _, err := c.Round(ctx, r, time.Now()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if len(b.deliveries) > 0 {
		t.Errorf("it was noted: %+v", b.deliveries)
	}
}

// TestCourierNotesWhatArrived while the context ended.
func TestCourierNotesWhatArrived(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := &statement.Receiver{ID: "bus", Way: statement.Way{Kind: statement.Subject}}
	b := openBooks(*r)
	b.put(r.ID, noticeOf(1, statement.NoticeNew, shift(t)))
	c := newCourier(t, b, func(o *Options) {
		o.Publish = func(context.Context, string, string, []byte) error {
			cancel()
			return nil
		}
	})
	if _, err := c.Round(ctx, r, time.Now()); err != nil {
		t.Fatal(err)
	}
	if d := b.last(t); !d.Sent {
		t.Errorf("got %+v", d)
	}
}

// await takes from a channel, or fails.
func await[T any](t *testing.T, c <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patiently):
		t.Fatalf("%s did not come within %s", what, patiently)
		panic("not reached")
	}
}

// TestRun serves receivers side by side: one that hangs, one that fails and one
// that vanished delay nobody else.
func TestRun(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	release := make(chan struct{})
	hanging := make(chan struct{}, 1)
	hangs := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		hanging <- struct{}{}
		<-release
	}))
	defer hangs.Close()
	defer close(release)
	fails := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }))
	defer fails.Close()
	vanished := httptest.NewServer(nil)
	vanished.Close()
	got := make(chan string, 10)
	works := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("webhook-id") }))
	defer works.Close()

	var receivers []statement.Receiver
	for id, url := range map[string]string{"hangs": hangs.URL, "fails": fails.URL, "vanished": vanished.URL, "works": works.URL} {
		r := *hook(url)
		r.ID = id
		receivers = append(receivers, r)
	}
	b := openBooks(receivers...)
	for i := range receivers {
		b.put(receivers[i].ID, noticeOf(int64(i), statement.NoticeNew, shift(t)))
	}
	c := newCourier(t, b, nil)
	ctx, cancel := context.WithCancel(t.Context())
	wake := make(chan struct{}, 1)
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx, wake) }()
	await(t, hanging, "the request that hangs")
	await(t, got, "the message")
	for range 3 {
		if d := await(t, b.noted, "a note"); d.Sent != (d.Receiver == "works") || d.Receiver == "hangs" {
			t.Errorf("got %+v", d)
		}
	}

	// A commit wakes it.
	n := arrival{event: "b", at: "09:00"}.notice(t, 10)
	b.put("works", n)
	wake <- struct{}{}
	if id := await(t, got, "the message of the commit"); id != statement.MessageID("works", []*statement.Notice{n}) {
		t.Errorf("got message %s", id)
	}
	await(t, b.noted, "its note")

	// So does the time.
	n = arrival{event: "c", at: "09:00"}.notice(t, 11)
	n.Due = time.Now().Add(50 * time.Millisecond)
	b.put("works", n)
	wake <- struct{}{}
	await(t, got, "the message that was due later")

	cancel()
	if err := await(t, ended, "the end"); !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
}

// TestRunLetsGo stops serving receivers that are gone, and begins with new ones.
func TestRunLetsGo(t *testing.T) {
	got := make(chan string, 10)
	old := statement.Receiver{ID: "old", Way: statement.Way{Kind: statement.Subject}}
	fresh := statement.Receiver{ID: "fresh", Way: statement.Way{Kind: statement.Subject}}
	b := openBooks(old)
	c := newCourier(t, b, func(o *Options) {
		o.Publish = func(_ context.Context, _, id string, _ []byte) error {
			got <- id
			return nil
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	wake := make(chan struct{})
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx, wake) }()
	n := noticeOf(1, statement.NoticeNew, shift(t))
	b.put("old", n)
	wake <- struct{}{}
	if id := await(t, got, "the first message"); id != statement.MessageID("old", []*statement.Notice{n}) {
		t.Errorf("got message %s", id)
	}
	await(t, b.noted, "its note")
	b.mu.Lock()
	b.receivers = []statement.Receiver{fresh}
	b.mu.Unlock()
	wake <- struct{}{}
	wake <- struct{}{} // is heard when what the first one brought about is done
	b.put("old", noticeOf(2, statement.NoticeUpdate, shift(t)))
	b.put("fresh", n)
	wake <- struct{}{}
	if id := await(t, got, "the second message"); id != statement.MessageID("fresh", []*statement.Notice{n}) {
		t.Errorf("got message %s", id)
	}
	cancel()
	await(t, ended, "the end")
	if len(got) > 0 {
		t.Errorf("a receiver that is gone was sent %s", <-got)
	}
}

// TestRunGoesOnAfterErrors of the ledger.
func TestRunGoesOnAfterErrors(t *testing.T) {
	got := make(chan string, 10)
	b := openBooks(statement.Receiver{ID: "bus", Way: statement.Way{Kind: statement.Subject}})
	b.put("bus", noticeOf(1, statement.NoticeNew, shift(t)))
	var asked atomic.Int32
	c := newCourier(t, b, func(o *Options) {
		o.Publish = func(_ context.Context, _, id string, _ []byte) error {
			got <- id
			return nil
		}
		o.Ledger.Receivers = func(ctx context.Context) ([]statement.Receiver, error) {
			if asked.Add(1) == 1 {
				return nil, fmt.Errorf("disk is full")
			}
			return b.all(ctx)
		}
		o.Ledger.Due = func(ctx context.Context, receiver string, by time.Time) ([]*statement.Notice, error) {
			if asked.Add(1) == 3 {
				return nil, fmt.Errorf("disk is full")
			}
			return b.due(ctx, receiver, by)
		}
	})
	ctx, cancel := context.WithCancel(t.Context())
	wake := make(chan struct{})
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx, wake) }()
	wake <- struct{}{}
	wake <- struct{}{}
	await(t, got, "the message")
	cancel()
	await(t, ended, "the end")
}
