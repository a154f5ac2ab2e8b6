package stream

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"palabre/statement"
)

// graves notes dead letters.
type graves struct {
	ledger
	letters []statement.DeadLetter
	refuse  int // so many first attempts fail
}

func newGraves() *graves { return &graves{ledger: *newLedger()} }

func (g *graves) bury(_ context.Context, d statement.DeadLetter) error {
	g.mu.Lock()
	refused := g.refuse > 0
	if refused {
		g.refuse--
	} else {
		g.letters = append(g.letters, d)
	}
	g.mu.Unlock()
	g.note(d.ID)
	if refused {
		return errors.New("no room for dead letters")
	}
	return nil
}

func TestPoisonIsIsolatedAndBuried(t *testing.T) {
	b := embeddedTest(t)
	all := saySeveral("a", 0, 50)
	publishTest(t, b, all)
	l, g := newLedger(), newGraves()
	var tries int
	during(t, func(ctx context.Context) error {
		return b.ConsumeStatements(ctx, "g", func(ctx context.Context, batch []statement.Statement) error {
			for i := range batch {
				switch batch[i].ID {
				case "a/7":
					if len(batch) == 1 {
						tries++
					}
					return errors.New("bad words")
				case "a/9":
					panic("worse words")
				}
			}
			return l.statements(ctx, batch)
		}, g.bury)
	})
	l.await(t, "good statements", distinct(48))
	g.await(t, "dead letters", distinct(2))
	slices.SortFunc(g.letters, func(x, y statement.DeadLetter) int { return strings.Compare(x.Reason, y.Reason) })
	for i, want := range []string{"bad words", "handler panicked: worse words"} {
		d := g.letters[i]
		if d.Reason != want || d.Tries != 5 || d.Stream != Statements || d.Subject != sourceSubject("statements", "a") || len(d.ID) != 32 || d.At.IsZero() {
			t.Errorf("dead letter %+v, want reason %q after 5 tries", d, want)
		}
		if p, err := pack(&all[7+2*i], MaxMessage, func(s *statement.Statement) (string, string) { return s.ID, "" }); err != nil || string(d.Payload) != string(p.data) {
			t.Errorf("dead letter holds %s, want %s", d.Payload, p.data)
		}
	}
	if tries != 5 {
		t.Errorf("the bad statement was tried alone %d times, want 5", tries)
	}
	want := slices.DeleteFunc(ids(all), func(id string) bool { return id == "a/7" || id == "a/9" })
	if !slices.Equal(l.seen(), want) {
		t.Errorf("good statements arrived as %v", l.seen())
	}
	settledTest(t, b)
}

func ids(all []statement.Statement) []string {
	var out []string
	for i := range all {
		out = append(out, all[i].ID)
	}
	return out
}

// settledTest waits until every message is acknowledged.
func settledTest(t *testing.T, b *Bus) {
	t.Helper()
	until(t, "everything acknowledged", func() bool {
		lag, err := b.Lag(t.Context())
		if err != nil {
			return false
		}
		for _, n := range lag {
			if n > 0 {
				return false
			}
		}
		return true
	})
}

func TestUndecodableIsBuriedAtOnce(t *testing.T) {
	b := embeddedTest(t)
	if _, err := b.js.Publish(t.Context(), "desk.odd", []byte("{not JSON")); err != nil {
		t.Fatal(err)
	}
	if err := b.PublishDesk(t.Context(), []statement.DeskEvent{{ID: "good", Action: "poll"}}); err != nil {
		t.Fatal(err)
	}
	l, g := newLedger(), newGraves()
	during(t, func(ctx context.Context) error {
		return b.ConsumeDesk(ctx, "store", func(_ context.Context, all []statement.DeskEvent) error {
			for i := range all {
				l.note(all[i].ID)
			}
			return nil
		}, g.bury)
	})
	l.await(t, "good event", distinct(1))
	g.await(t, "dead letter", distinct(1))
	if d := g.letters[0]; d.Tries != 1 || !strings.HasPrefix(d.Reason, "decode message: ") || string(d.Payload) != "{not JSON" {
		t.Errorf("dead letter %+v, want one after the first try that says what could not be decoded", d)
	}
	settledTest(t, b)
}

func TestMessageIsKeptWhileItCannotBeBuried(t *testing.T) {
	b := embeddedTest(t)
	publishTest(t, b, saySeveral("a", 0, 1))
	g := newGraves()
	g.refuse = 3
	during(t, func(ctx context.Context) error {
		return b.ConsumeStatements(ctx, "g", func(context.Context, []statement.Statement) error {
			return errors.New("bad words")
		}, g.bury)
	})
	g.await(t, "dead letter", func(g *ledger) bool { return len(g.seen()) >= 4 })
	if len(g.letters) != 1 || g.letters[0].Tries != 8 {
		t.Errorf("dead letters %+v, want one, after 8 tries", g.letters)
	}
	if n := len(g.firsts()); n != 1 {
		t.Errorf("the dead letter had %d different IDs", n)
	}
	settledTest(t, b)
}

func TestCircumstancesBuryNothing(t *testing.T) {
	b := embeddedTest(t)
	publishTest(t, b, saySeveral("a", 0, 30))
	l := newLedger()
	failures := 12
	during(t, func(ctx context.Context) error {
		return b.ConsumeStatements(ctx, "g", func(ctx context.Context, batch []statement.Statement) error {
			if failures > 0 {
				failures--
				return fmt.Errorf("apply: disk is full: %w", ErrUnavailable)
			}
			return l.statements(ctx, batch)
		}, noDead(t))
	})
	l.await(t, "all statements", distinct(30))
	checkOrder(t, l.seen())
	settledTest(t, b)
}

func TestOrderBySource(t *testing.T) {
	b := embeddedTest(t)
	sources := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	l := newLedger()
	during(t, func(ctx context.Context) error { return b.ConsumeStatements(ctx, "g", l.statements, noDead(t)) })
	const rounds, each = 20, 7
	for round := range rounds {
		var batch []statement.Statement
		for n := range each {
			for _, source := range sources {
				batch = append(batch, say(source, round*each+n))
			}
		}
		publishTest(t, b, batch)
		if round == rounds/2 {
			dropConnection(t, b)
			until(t, "connected again", b.conn.IsConnected)
		}
	}
	l.await(t, "all statements", distinct(rounds*each*len(sources)))
	checkOrder(t, l.firsts())
}

func TestRestartRedeliversInOrder(t *testing.T) {
	dir := t.TempDir()
	b := openTest(t, Options{Dir: dir})
	publishTest(t, b, saySeveral("a", 0, 10))
	got := make(chan struct{})
	stop := during(t, func(ctx context.Context) error {
		return b.ConsumeStatements(ctx, "g", func(ctx context.Context, _ []statement.Statement) error {
			close(got)
			<-ctx.Done() // the process ends before the batch is applied
			return ctx.Err()
		}, noDead(t))
	})
	<-got
	stop()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = openTest(t, Options{Dir: dir})
	publishTest(t, b, saySeveral("a", 10, 20))
	l := newLedger()
	start := time.Now()
	during(t, func(ctx context.Context) error { return b.ConsumeStatements(ctx, "g", l.statements, noDead(t)) })
	l.await(t, "all statements", distinct(20))
	checkOrder(t, l.seen())
	t.Logf("everything was back after %v", time.Since(start))
	settledTest(t, b)
}

func TestUnacknowledgedMessagesOfLostDeliveryComeInOrder(t *testing.T) {
	r := startRemote(t)
	b := openTest(t, Options{URL: r.url()})
	// Another client takes messages off the same consumer and says nothing.
	s, err := b.attend(t.Context(), Statements, "g-"+fmt.Sprint(partition("a")), sourceFilter("a"))
	if err != nil {
		t.Fatal(err)
	}
	publishTest(t, b, saySeveral("a", 0, 10))
	if batch, err := s.take(t.Context()); err != nil || len(batch) == 0 {
		t.Fatalf("take: %d messages, %v", len(batch), err)
	}
	if err := s.sub.Unsubscribe(); err != nil { // and dies
		t.Fatal(err)
	}
	publishTest(t, b, saySeveral("a", 10, 20))
	l := newLedger()
	during(t, func(ctx context.Context) error { return b.ConsumeStatements(ctx, "g", l.statements, noDead(t)) })
	l.await(t, "all statements", distinct(20))
	checkOrder(t, l.seen())
}

func sourceFilter(source string) string { return fmt.Sprintf("statements.%d.>", partition(source)) }

func TestHandlerMayTakeLongerThanTheServerWaits(t *testing.T) {
	timing := quick()
	timing.ack, timing.pin, timing.pull = 300*time.Millisecond, 200*time.Millisecond, 100*time.Millisecond
	b := openTimed(t, Options{Dir: t.TempDir()}, timing)
	publishTest(t, b, saySeveral("a", 0, 5))
	l := newLedger()
	stop := during(t, func(ctx context.Context) error {
		return b.ConsumeStatements(ctx, "g", func(ctx context.Context, batch []statement.Statement) error {
			slow := time.NewTimer(4 * timing.ack)
			defer slow.Stop()
			<-slow.C
			return l.statements(ctx, batch)
		}, noDead(t))
	})
	l.await(t, "first batch", distinct(5))
	publishTest(t, b, saySeveral("a", 5, 10))
	l.await(t, "second batch", distinct(10))
	stop()
	checkOrder(t, l.seen())
}

func TestNamesAreChecked(t *testing.T) {
	b := embeddedTest(t)
	for _, name := range []string{"", "a.b", "a b", "a>"} {
		if err := b.ConsumeStatements(t.Context(), name, nil, nil); err == nil {
			t.Errorf("group %q was taken", name)
		}
		if err := b.ConsumeDesk(t.Context(), name, nil, nil); err == nil {
			t.Errorf("durable %q was taken", name)
		}
	}
}

func TestRemoteStopLosesNothing(t *testing.T) {
	r := startRemote(t)
	b := openTest(t, Options{URL: r.url()})
	l := newLedger()
	during(t, func(ctx context.Context) error { return b.ConsumeStatements(ctx, "g", l.statements, noDead(t)) })
	publishTest(t, b, saySeveral("a", 0, 20))
	l.await(t, "statements before the stop", distinct(20))
	r.stop()
	until(t, "noticed", func() bool { return !b.conn.IsConnected() })
	if err := b.PublishStatements(t.Context(), saySeveral("a", 20, 40)); !errors.Is(err, ErrUnavailable) {
		t.Errorf("publish while the server is away: %v, want ErrUnavailable", err)
	}
	if err := b.Ready(t.Context()); !errors.Is(err, ErrUnavailable) {
		t.Errorf("ready while the server is away: %v, want ErrUnavailable", err)
	}
	r.start()
	until(t, "published again", func() bool {
		return b.PublishStatements(t.Context(), saySeveral("a", 20, 40)) == nil
	})
	l.await(t, "statements after the stop", distinct(40))
	checkOrder(t, l.firsts())
	until(t, "ready", func() bool { return b.Ready(t.Context()) == nil })
	settledTest(t, b)
}

func TestServerStopDuringWork(t *testing.T) {
	r := startRemote(t)
	b := openTest(t, Options{URL: r.url()})
	l := newLedger()
	working, stopped := make(chan struct{}), make(chan struct{})
	once := sync.OnceFunc(func() { close(working); <-stopped })
	publishTest(t, b, saySeveral("a", 0, 20))
	during(t, func(ctx context.Context) error {
		return b.ConsumeStatements(ctx, "g", func(ctx context.Context, batch []statement.Statement) error {
			once()
			return l.statements(ctx, batch)
		}, noDead(t))
	})
	<-working
	r.stop() // the acknowledgement will be lost
	until(t, "noticed", func() bool { return !b.conn.IsConnected() })
	close(stopped)
	r.start()
	until(t, "published again", func() bool {
		return b.PublishStatements(t.Context(), saySeveral("a", 20, 25)) == nil
	})
	l.await(t, "all statements", distinct(25))
	checkOrder(t, l.firsts())
	settledTest(t, b)
}

func TestLostRemoteStreamIsMadeAnew(t *testing.T) {
	r := startRemote(t)
	b := openTest(t, Options{URL: r.url()})
	l := newLedger()
	during(t, func(ctx context.Context) error { return b.ConsumeStatements(ctx, "g", l.statements, noDead(t)) })
	publishTest(t, b, saySeveral("a", 0, 5))
	l.await(t, "statements before the loss", distinct(5))
	r.stop()
	r.dir = t.TempDir()
	r.start()
	until(t, "published again", func() bool {
		return b.PublishStatements(t.Context(), saySeveral("a", 0, 10)) == nil
	})
	l.await(t, "statements after the loss", distinct(10))
}

// counter counts what a process was given, by partition.
type counter struct {
	mu    sync.Mutex
	parts map[int]int
}

func (c *counter) handle(l *ledger) func(context.Context, []statement.Statement) error {
	return func(ctx context.Context, batch []statement.Statement) error {
		c.mu.Lock()
		for i := range batch {
			c.parts[partition(batch[i].Source)]++
		}
		c.mu.Unlock()
		return l.statements(ctx, batch)
	}
}

func (c *counter) partitions() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.parts)
}

func TestProcessesShareAndFailOver(t *testing.T) {
	r := startRemote(t)
	l := newLedger()
	sources := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	publisher := openTest(t, Options{URL: r.url()})
	first, second := &counter{parts: map[int]int{}}, &counter{parts: map[int]int{}}
	one, two := openTest(t, Options{URL: r.url()}), openTest(t, Options{URL: r.url()})
	during(t, func(ctx context.Context) error { return one.ConsumeStatements(ctx, "g", first.handle(l), noDead(t)) })
	n := 0
	round := func() {
		var batch []statement.Statement
		for _, source := range sources {
			batch = append(batch, say(source, n))
		}
		n++
		publishTest(t, publisher, batch)
		l.await(t, "round", distinct(n*len(sources)))
	}
	round()
	if got := first.partitions(); got != partitions {
		t.Fatalf("a lone process works %d of %d partitions", got, partitions)
	}

	// A second process joins: the work is shared.
	ended := make(chan error, 1)
	go func() { ended <- two.ConsumeStatements(t.Context(), "g", second.handle(l), noDead(t)) }()
	until(t, "second process has its share", func() bool { round(); return second.partitions() == partitions/2 })
	round()
	first.mu.Lock()
	clear(first.parts)
	first.mu.Unlock()
	second.mu.Lock()
	clear(second.parts)
	second.mu.Unlock()
	for range 5 {
		round()
	}
	if x, y := first.partitions(), second.partitions(); x != partitions/2 || y != partitions/2 {
		t.Errorf("two processes work %d and %d partitions, want two each", x, y)
	}

	// It dies without a word: the first one works everything again.
	two.conn.Close()
	if err := <-ended; !errors.Is(err, ErrClosed) {
		t.Errorf("consumer on a dead connection: %v, want ErrClosed", err)
	}
	start := time.Now()
	for range 5 {
		round()
	}
	t.Logf("five rounds after the death took %v", time.Since(start))
	if got := first.partitions(); got != partitions {
		t.Errorf("the survivor works %d of %d partitions", got, partitions)
	}
	checkOrder(t, l.firsts())
}

func TestStandbyTakesOver(t *testing.T) {
	r := startRemote(t)
	publisher := openTest(t, Options{URL: r.url()})
	records := func(from, to int) {
		t.Helper()
		var all []statement.Record
		for _, s := range saySeveral("a", from, to) {
			all = append(all, statement.Record{Statement: s})
		}
		if err := publisher.PublishRecords(t.Context(), all); err != nil {
			t.Fatal(err)
		}
	}
	handle := func(l *ledger) func(context.Context, []statement.Record) error {
		return func(_ context.Context, all []statement.Record) error {
			for i := range all {
				l.note(all[i].Statement.ID)
			}
			return nil
		}
	}
	one, two := openTest(t, Options{URL: r.url()}), openTest(t, Options{URL: r.url()})
	l, standby := newLedger(), newLedger()
	ended := make(chan error, 1)
	go func() { ended <- one.ConsumeRecords(t.Context(), "store", handle(l), noDead(t)) }()
	records(0, 5)
	l.await(t, "records at the first", distinct(5))
	during(t, func(ctx context.Context) error { return two.ConsumeRecords(ctx, "store", handle(standby), noDead(t)) })
	for n := 5; n < 30; n++ {
		records(n, n+1)
	}
	l.await(t, "records at the first", distinct(30))
	if seen := standby.seen(); len(seen) > 0 {
		t.Errorf("the standby was given %v", seen)
	}
	settledTest(t, publisher)
	one.conn.Close()
	if err := <-ended; !errors.Is(err, ErrClosed) {
		t.Errorf("consumer on a dead connection: %v, want ErrClosed", err)
	}
	records(30, 35)
	standby.await(t, "records at the standby", distinct(5))
	if want := ids(saySeveral("a", 30, 35)); !slices.Equal(standby.seen(), want) {
		t.Errorf("the standby was given %v, want %v", standby.seen(), want)
	}
}
