package stream

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"palabre/statement"
)

func TestRoundTripOfTold(t *testing.T) {
	b := embeddedTest(t)
	first := statement.Told{
		Message: "m1", Receiver: "desk@night", Kind: statement.NoticeNew, Event: "e", Signal: "s", At: time.Date(2024, 1, 2, 3, 4, 5, 6, time.UTC),
	}
	all := []statement.Told{first}
	for _, change := range []func(*statement.Told){
		func(t *statement.Told) { t.Message = "m2" },
		func(t *statement.Told) { t.Receiver = "desk night" }, // the same subject as the first
		func(t *statement.Told) { t.Kind = statement.NoticeCorrected },
		func(t *statement.Told) { t.Event = "e2" },
		func(t *statement.Told) { t.Signal = "s2" },
		func(t *statement.Told) { t.Subject = "source rfi 2026-11-26T09:00:00Z\n" },
	} {
		other := first
		change(&other)
		all = append(all, other)
	}
	later := first
	later.At = later.At.Add(time.Minute)
	for _, batch := range [][]statement.Told{all, all[2:4], {later}} {
		if err := b.PublishTold(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	got := make(chan []statement.Told, 9)
	during(t, func(ctx context.Context) error {
		return b.ConsumeTold(ctx, "store", func(_ context.Context, batch []statement.Told) error {
			got <- batch
			return nil
		}, noDead(t))
	})
	if diff := cmp.Diff(all, <-got); diff != "" {
		t.Errorf("what was told changed on the way (-want +got):\n%s", diff)
	}
	settledTest(t, b)
	if len(got) > 0 {
		t.Error("more arrived than was published")
	}
	if err := b.PublishTold(t.Context(), []statement.Told{{Receiver: "x"}}); !errors.Is(err, errNoID) {
		t.Errorf("told without a message: %v, want it refused", err)
	}
}

func TestAlertsAreKeptForOtherPrograms(t *testing.T) {
	r := startRemote(t)
	b := openTest(t, Options{URL: r.url()})
	const subject = AlertSubjects + "jnim.dialogue"
	for _, a := range []struct{ id, body string }{{"m1", `{"line":"one"}`}, {"m1", `{"line":"one"}`}, {"m2", `{"line":"two"}`}} {
		if err := b.PublishAlert(t.Context(), subject, a.id, []byte(a.body)); err != nil {
			t.Fatal(err)
		}
	}

	// Another program comes later and reads what it missed.
	other := openTest(t, Options{URL: r.url()})
	c, err := other.js.CreateConsumer(t.Context(), Alerts, jetstream.ConsumerConfig{Durable: "other", FilterSubject: AlertSubjects + "*.dialogue"})
	if err != nil {
		t.Fatal(err)
	}
	if lag, err := b.Lag(t.Context()); err != nil || len(lag) != 0 {
		t.Errorf("lag %v, %v, want none: the program is not ours", lag, err)
	}
	batch, err := c.Fetch(2, jetstream.FetchMaxWait(patience))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for m := range batch.Messages() {
		got = append(got, m.Subject()+" "+m.Headers().Get(jetstream.MsgIDHeader)+" "+string(m.Data()))
	}
	want := []string{subject + ` m1 {"line":"one"}`, subject + ` m2 {"line":"two"}`}
	if !slices.Equal(got, want) {
		t.Errorf("another program reads %q, want %q", got, want)
	}
	if n := stored(t, b, Alerts); n != 2 {
		t.Errorf("%d alerts stored, want 2", n)
	}
}

func TestAlertsAreChecked(t *testing.T) {
	b := embeddedTest(t)
	for _, subject := range []string{
		"", "palabre.alerts", AlertSubjects, AlertSubjects + ".", "records.0.rfi", "palabre.roster.g", AlertSubjects + "a.>", AlertSubjects + "*",
		AlertSubjects + "a b", AlertSubjects + "a..b", AlertSubjects + "a.", "x." + AlertSubjects + "a", AlertSubjects + "a\r\nb",
	} {
		if err := b.PublishAlert(t.Context(), subject, "m", nil); err == nil || !strings.Contains(err.Error(), "below") {
			t.Errorf("alert under %q: %v, want it refused", subject, err)
		}
	}
	if err := b.PublishAlert(t.Context(), AlertSubjects+"a", "", nil); !errors.Is(err, errNoID) {
		t.Errorf("alert without an ID: %v, want it refused", err)
	}
	if err := b.PublishAlert(t.Context(), AlertSubjects+"a", "m", make([]byte, MaxMessage)); !errors.Is(err, ErrTooLarge) {
		t.Errorf("alert over the limit: %v, want ErrTooLarge", err)
	}
	if n := stored(t, b, Alerts); n != 0 {
		t.Errorf("%d alerts stored, want none", n)
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.PublishAlert(t.Context(), AlertSubjects+"a", "m", nil); !errors.Is(err, ErrClosed) {
		t.Errorf("alert on a closed bus: %v, want ErrClosed", err)
	}
}
