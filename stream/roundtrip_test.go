package stream

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats-server/v2/server"

	"palabre/statement"
)

func TestRoundTripOfStatements(t *testing.T) {
	b := embeddedTest(t)
	want := say("a", 0)
	want.Turns = []statement.Turn{{Start: 0, End: 3, Speaker: "Iyad ag Ghali"}}
	want.Said = statement.Date{Time: time.Date(2020, 3, 8, 0, 0, 0, 0, time.UTC), Precision: statement.Day, Origin: "text"}
	want.Text = "الحوار مع الحكومة <b>&amp;</b> \u2028 Kɛlɛ bana"
	publishTest(t, b, []statement.Statement{want})
	got := make(chan statement.Statement, 1)
	during(t, func(ctx context.Context) error {
		return b.ConsumeStatements(ctx, "classify", func(_ context.Context, all []statement.Statement) error {
			got <- all[0]
			return nil
		}, noDead(t))
	})
	if diff := cmp.Diff(want, <-got); diff != "" {
		t.Errorf("statement changed on the way (-want +got):\n%s", diff)
	}
	until(t, "acknowledged", func() bool {
		lag, err := b.Lag(t.Context())
		return err == nil && len(lag) == partitions && lag["STATEMENTS/classify-0"]+lag["STATEMENTS/classify-1"]+lag["STATEMENTS/classify-2"]+lag["STATEMENTS/classify-3"] == 0
	})
}

func TestRoundTripOfRecordsAndDesk(t *testing.T) {
	b := embeddedTest(t)
	record := statement.Record{Statement: say("b", 1), Reading: statement.Reading{
		Pack:      "v1",
		Positions: []statement.Position{{Actor: "JNIM", Topic: statement.Dialogue, Stance: statement.Conditional, Condition: "départ", Confidence: 0.9}},
	}}
	event := statement.DeskEvent{At: time.Date(2024, 1, 2, 3, 4, 5, 6, time.UTC), Who: "awa", Action: "hand-entry", Subject: "x"}
	event.ID = statement.NewDeskEventID(&event)
	again := record
	again.Reading.Pack = "v2"
	if err := b.PublishRecords(t.Context(), []statement.Record{record, record, again}); err != nil {
		t.Fatal(err)
	}
	if err := b.PublishDesk(t.Context(), []statement.DeskEvent{event, event}); err != nil {
		t.Fatal(err)
	}
	records := make(chan []statement.Record, 3)
	events := make(chan []statement.DeskEvent, 3)
	during(t, func(ctx context.Context) error {
		return b.ConsumeRecords(ctx, "store", func(_ context.Context, all []statement.Record) error {
			records <- all
			return nil
		}, noDead(t))
	})
	during(t, func(ctx context.Context) error {
		return b.ConsumeDesk(ctx, "store", func(_ context.Context, all []statement.DeskEvent) error {
			events <- all
			return nil
		}, noDead(t))
	})
	if diff := cmp.Diff([]statement.Record{record, again}, <-records); diff != "" {
		t.Errorf("records changed on the way (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]statement.DeskEvent{event}, <-events); diff != "" {
		t.Errorf("desk events changed on the way (-want +got):\n%s", diff)
	}
	if len(records) > 0 || len(events) > 0 {
		t.Error("more arrived than was published")
	}
}

func TestLargestStatementTravels(t *testing.T) {
	b := embeddedTest(t)
	s := say("a", 0)
	s.Text = strings.Repeat("\x01", statement.MaxText) // JSON writes each as six bytes
	publishTest(t, b, []statement.Statement{s})
	l := newLedger()
	during(t, func(ctx context.Context) error { return b.ConsumeStatements(ctx, "g", l.statements, noDead(t)) })
	l.await(t, "largest statement", distinct(1))

	s = say("a", 1)
	s.Note = strings.Repeat("x", MaxMessage)
	err := b.PublishStatements(t.Context(), []statement.Statement{say("a", 2), s})
	if !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), "a/1") {
		t.Errorf("publish of a message over the limit: %v, want ErrTooLarge that names it", err)
	}
}

func TestPublishIsIdempotent(t *testing.T) {
	b := embeddedTest(t)
	publishTest(t, b, saySeveral("a", 0, 40))
	publishTest(t, b, saySeveral("a", 0, 40))   // everything is known
	publishTest(t, b, saySeveral("a", 20, 700)) // the first ones are known
	publishTest(t, b, append(saySeveral("a", 690, 710), say("a", 709), say("a", 3)))
	publishTest(t, b, nil)
	if n := stored(t, b, Statements); n != 710 {
		t.Errorf("%d messages stored, want 710", n)
	}
	var scattered []statement.Statement
	for n := range 200 {
		if n%7 == 3 {
			scattered = append(scattered, say("a", n))
		}
		scattered = append(scattered, say("b", n))
	}
	publishTest(t, b, scattered)
	if n := stored(t, b, Statements); n != 910 {
		t.Errorf("%d messages stored, want 910", n)
	}
	l := newLedger()
	during(t, func(ctx context.Context) error { return b.ConsumeStatements(ctx, "g", l.statements, noDead(t)) })
	l.await(t, "all statements", distinct(910))
	checkOrder(t, l.seen())
}

func TestBatchIsAtomic(t *testing.T) {
	b := openTest(t, Options{Dir: t.TempDir(), MaxBytes: 100 << 10})
	fat := func(n int) statement.Statement {
		s := say("a", n)
		s.Text = strings.Repeat("x", 10<<10)
		return s
	}
	publishTest(t, b, []statement.Statement{fat(0), fat(1)})
	var tooMany []statement.Statement
	for n := 2; n < 20; n++ {
		tooMany = append(tooMany, fat(n))
	}
	if err := b.PublishStatements(t.Context(), tooMany); !errors.Is(err, ErrFull) {
		t.Fatalf("publish of more than fits: %v, want ErrFull", err)
	}
	if n := stored(t, b, Statements); n != 2 {
		t.Errorf("%d messages stored after a batch was refused, want the 2 before it", n)
	}
	for n := 2; ; n++ {
		err := b.PublishStatements(t.Context(), []statement.Statement{fat(n)})
		if errors.Is(err, ErrFull) {
			break
		}
		if err != nil || n > 20 {
			t.Fatalf("publish of single statement %d: %v", n, err)
		}
	}
	l := newLedger()
	during(t, func(ctx context.Context) error { return b.ConsumeStatements(ctx, "g", l.statements, noDead(t)) })
	l.await(t, "what fitted", distinct(8))
	if !slices.Contains(l.seen(), "a/0") {
		t.Error("a full stream dropped its oldest message")
	}
}

func TestFullStreamOpensAgainWithMoreRoom(t *testing.T) {
	dir := t.TempDir()
	small := openTest(t, Options{Dir: dir, MaxBytes: 2 << 10})
	for n := 0; ; n++ {
		if err := small.PublishStatements(t.Context(), []statement.Statement{say("a", n)}); err != nil {
			if !errors.Is(err, ErrFull) {
				t.Fatal(err)
			}
			break
		}
	}
	held := stored(t, small, Statements)
	if err := small.Close(); err != nil {
		t.Fatal(err)
	}
	large := openTest(t, Options{Dir: dir, MaxBytes: 1 << 20})
	publishTest(t, large, saySeveral("b", 0, 20))
	if n := stored(t, large, Statements); n != held+20 {
		t.Errorf("%d messages after more room was given, want %d", n, held+20)
	}
}

func TestBatchesTakeWhatIsQueued(t *testing.T) {
	b := embeddedTest(t)
	var all []statement.Record
	for _, s := range saySeveral("a", 0, 1500) {
		all = append(all, statement.Record{Statement: s})
	}
	if err := b.PublishRecords(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	l := newLedger()
	during(t, func(ctx context.Context) error {
		return b.ConsumeRecords(ctx, "store", func(_ context.Context, all []statement.Record) error {
			ids := make([]string, len(all))
			for i := range all {
				ids[i] = all[i].Statement.ID
			}
			l.note(ids...)
			return nil
		}, noDead(t))
	})
	l.await(t, "all records", distinct(1500))
	checkOrder(t, l.seen())
	if diff := cmp.Diff([]int{512, 512, 476}, l.sizes); diff != "" {
		t.Errorf("sizes of batches (-want +got):\n%s", diff)
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		opts Options
		want string
	}{
		"nothing":     {Options{}, "neither a folder"},
		"replicas":    {Options{Dir: t.TempDir(), Replicas: 3}, "one copy"},
		"lone cert":   {Options{URL: "nats://127.0.0.1:1", Cert: "x"}, "key file"},
		"negative":    {Options{Dir: t.TempDir(), MaxBytes: -1}, "negative"},
		"no folder":   {Options{Dir: "/dev/null/x"}, "create stream folder"},
		"no creds":    {Options{URL: "nats://127.0.0.1:1", Creds: filepath.Join(t.TempDir(), "none")}, "none"},
		"no CA":       {Options{URL: "nats://127.0.0.1:1", CA: filepath.Join(t.TempDir(), "none")}, "none"},
		"nobody":      {Options{URL: "nats://user:secret@127.0.0.1:1"}, "no answer within"},
		"used folder": {Options{Dir: inUse(t)}, "in use by another process"},
	} {
		t.Run(name, func(t *testing.T) {
			timing := quick()
			timing.start = 300 * time.Millisecond
			_, err := open(t.Context(), c.opts, timing)
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("open: %v, want an error with %q and no password", err, c.want)
			}
		})
	}
}

func inUse(t *testing.T) string {
	dir := t.TempDir()
	openTest(t, Options{Dir: dir})
	return dir
}

func TestWeakDurabilityIsRefused(t *testing.T) {
	s, err := server.NewServer(&server.Options{DontListen: true, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(patience) {
		t.Fatal("server is not ready")
	}
	if err := checkDurable(s); err == nil || !strings.Contains(err.Error(), "sync_interval") {
		t.Errorf("server that syncs every two minutes: %v, want it refused", err)
	}
	if err := embeddedTest(t).Ready(t.Context()); err != nil {
		t.Errorf("embedded server: %v, want it accepted", err)
	}
}

func TestSmallStoreSaysWhatToRaise(t *testing.T) {
	r := &remote{tb: t, dir: t.TempDir(), port: server.RANDOM_PORT, most: 1 << 30}
	r.start()
	t.Cleanup(r.stop)
	_, err := Open(t.Context(), Options{URL: r.url()})
	if err == nil || !strings.Contains(err.Error(), "max_file_store") {
		t.Errorf("server with a store of 1 GiB: %v, want to be told what to raise", err)
	}
}

func TestFenceNamesIncarnation(t *testing.T) {
	dir := t.TempDir()
	b := openTest(t, Options{Dir: dir, MaxBytes: 1 << 20})
	first, err := b.Fence(t.Context(), Statements)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b = openTest(t, Options{Dir: dir})
	if again, err := b.Fence(t.Context(), Statements); err != nil || again != first {
		t.Errorf("after a restart: %q, %v; want %q", again, err, first)
	}
	if err := b.js.DeleteStream(t.Context(), Statements); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Fence(t.Context(), Statements); err == nil {
		t.Error("a lost stream has a fence")
	}
	if err := b.Ready(t.Context()); err == nil {
		t.Error("ready without a stream")
	}
	if err := b.PublishStatements(t.Context(), saySeveral("a", 0, 3)); !errors.Is(err, ErrUnavailable) {
		t.Errorf("first publish to a lost stream: %v, want ErrUnavailable", err)
	}
	publishTest(t, b, saySeveral("a", 0, 3))
	if other, err := b.Fence(t.Context(), Statements); err != nil || other == first {
		t.Errorf("new stream: %q, %v; want another fence than %q", other, err, first)
	}
}

func TestSubjects(t *testing.T) {
	for source, want := range map[string]string{"rfi-fr": "rfi-fr", "a.b*c>d e": "a_b_c_d_e", "": "_", "الزلاقة": "الزلاقة"} {
		if got := token(source); got != want {
			t.Errorf("token(%q) = %q, want %q", source, got, want)
		}
	}
	used := map[int]bool{}
	for _, source := range []string{"rfi", "aes", "studio-tamani", "al-zallaqa", "ortm", "maliweb", "minusma", "apa"} {
		used[partition(source)] = true
	}
	if len(used) != partitions {
		t.Errorf("eight sources share %d of %d partitions", len(used), partitions)
	}
}

func TestClosedBus(t *testing.T) {
	b := embeddedTest(t)
	handled := make(chan struct{})
	ended := make(chan error, 1)
	publishTest(t, b, saySeveral("a", 0, 1))
	go func() {
		ended <- b.ConsumeStatements(t.Context(), "g", func(context.Context, []statement.Statement) error {
			close(handled)
			return nil
		}, noDead(t))
	}()
	<-handled
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, ErrClosed) {
		t.Errorf("consumer of a closed bus: %v, want ErrClosed", err)
	}
	if err := b.PublishStatements(t.Context(), saySeveral("a", 1, 2)); !errors.Is(err, ErrClosed) {
		t.Errorf("publish to a closed bus: %v, want ErrClosed", err)
	}
	if err := b.Ready(t.Context()); err == nil {
		t.Error("a closed bus is ready")
	}
	if err := b.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
}
