package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// post is a record with receivers and a clock that a test sets.
type post struct {
	*Store
	t    testing.TB
	path string
	now  time.Time
}

func newPost(t testing.TB, receivers ...statement.Receiver) *post {
	t.Helper()
	p := &post{t: t, path: filepath.Join(t.TempDir(), "record.db"), now: testClock}
	p.Store = openAt(t, p.path, func() time.Time { return p.now })
	p.must(p.PutReceivers(t.Context(), receivers))
	return p
}

func (p *post) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func receiver(id string, with ...func(*statement.Receiver)) statement.Receiver {
	r := statement.Receiver{ID: id, Name: strings.ToUpper(id), Way: statement.Way{Kind: statement.Webhook, URL: "https://" + id + ".example.org/hook?key=1"}}
	for _, f := range with {
		f(&r)
	}
	return r
}

func second(id string) func(*statement.Receiver) {
	return func(r *statement.Receiver) { r.Second = id }
}

func escalates(next string, after time.Duration) func(*statement.Receiver) {
	return func(r *statement.Receiver) { r.Next, r.Escalate = next, after }
}

func repeats(after time.Duration) func(*statement.Receiver) {
	return func(r *statement.Receiver) { r.Pace.Repeat = after }
}

func watches(r *statement.Receiver) { r.Watch = true }

// talk applies words of a day that are news, and returns their signal.
func (p *post) talk(when string, k take) statement.Signal {
	p.t.Helper()
	before := p.signals()
	apply(p.t, p.Store, says(when, "ortm", fmt.Sprintf("%s says %s of %s on %s", k.actor, k.stance, k.target, when), k))
	for _, g := range p.signals() {
		if !slices.ContainsFunc(before, func(b statement.Signal) bool { return b.ID == g.ID }) {
			return g
		}
	}
	p.t.Fatalf("%+v of %s was no news", k, when)
	return statement.Signal{}
}

func (p *post) signals() []statement.Signal {
	p.t.Helper()
	page, err := p.Signals(p.t.Context(), SignalQuery{Limit: 1000, Order: ByAt})
	p.must(err)
	return page.Signals
}

func (p *post) due(receiver string) []*statement.Notice {
	p.t.Helper()
	due, err := p.Due(p.t.Context(), receiver, p.now)
	p.must(err)
	return due
}

// message is a message that carries the notices.
func (p *post) message(receiver string, notices ...*statement.Notice) statement.Message {
	m := statement.Message{
		ID: statement.MessageID(receiver, notices), Receiver: receiver, Kind: notices[0].Kind, Group: "actor/topic",
		Lang: "fr", Line: "alerte", Text: "« été » <&>", Body: `{"a":1}`, Composed: p.now,
	}
	for _, n := range notices {
		m.Notices = append(m.Notices, n.N)
		if n.Signal != "" {
			m.Signals = append(m.Signals, n.Signal)
		}
	}
	return m
}

// compose puts everything that is due for a receiver into one message.
func (p *post) compose(receiver string) statement.Message {
	p.t.Helper()
	m := p.message(receiver, p.due(receiver)...)
	p.must(p.Compose(p.t.Context(), receiver, statement.Plan{Messages: []statement.Message{m}}))
	return m
}

func (p *post) lease(receiver string) []statement.Message {
	p.t.Helper()
	out, err := p.Lease(p.t.Context(), receiver, p.now, p.now.Add(time.Minute), 10)
	p.must(err)
	return out
}

func (p *post) delivered(m *statement.Message, with func(*statement.Delivery)) {
	p.t.Helper()
	d := statement.Delivery{Message: m.ID, Receiver: m.Receiver, At: p.now, Sent: true}
	if with != nil {
		d.Sent = false
		with(&d)
	}
	p.must(p.Delivered(p.t.Context(), d))
}

// send delivers everything that is due for a receiver.
func (p *post) send(receiver string) {
	p.t.Helper()
	p.compose(receiver)
	for _, m := range p.lease(receiver) {
		p.delivered(&m, nil)
	}
}

// states lists all notices, one line each, in the order in which they were made.
func (p *post) states() []string {
	p.t.Helper()
	page, err := p.Alerts(p.t.Context(), AlertQuery{Limit: 1000})
	p.must(err)
	out := make([]string, len(page.Alerts))
	for i := range page.Alerts {
		a := &page.Alerts[i]
		out[len(out)-1-i] = fmt.Sprintf("%s %s %s", a.Receiver, a.Kind, a.State)
	}
	return out
}

// expect compares the notices and checks that the record agrees with itself.
func (p *post) expect(when string, want ...string) {
	p.t.Helper()
	if diff := cmp.Diff(strings.Join(want, "\n"), strings.Join(p.states(), "\n")); diff != "" {
		p.t.Errorf("%s: notices (-want +got):\n%s", when, diff)
	}
	mustVerify(p.t, p.Store)
}

func TestDueHasTheNews(t *testing.T) {
	p := newPost(t, receiver("desk"), receiver("other", func(r *statement.Receiver) { r.Wants.Topics = []statement.Topic{statement.Sharia} }))
	sig := p.talk("2021-12-09", refusal)
	due := p.due("desk")
	if len(due) != 1 || due[0].News == nil {
		t.Fatalf("due: %+v", due)
	}
	n := due[0]
	if n.Kind != statement.NoticeNew || n.Signal != sig.ID || n.Event != sig.Event || n.News.Signal.ID != sig.ID || n.News.Now.Quote == "" || n.News.Reports != 1 {
		t.Errorf("notice %+v with news %+v", n, n.News)
	}
	if len(p.due("other")) != 0 {
		t.Error("a receiver is told of what it does not want")
	}
	early, err := p.Due(t.Context(), "desk", p.now.Add(-time.Second))
	if err != nil || len(early) != 0 {
		t.Errorf("before it is due: %v, %v", early, err)
	}
	if at, err := p.NextDue(t.Context(), "desk"); err != nil || !at.Equal(testClock) {
		t.Errorf("next at %s, %v", at, err)
	}
	if at, err := p.NextDue(t.Context(), "other"); err != nil || !at.IsZero() {
		t.Errorf("next for the other at %s, %v", at, err)
	}
}

func TestComposeSilenceAndWait(t *testing.T) {
	p := newPost(t, receiver("desk"))
	for _, target := range []string{"jnim", "isgs", "cma"} {
		p.talk("2021-12-09", refusal.towards(target))
	}
	due := p.due("desk")
	plan := statement.Plan{
		Messages: []statement.Message{p.message("desk", due[0])},
		Silenced: map[int64]string{due[1].N: "silence s1"},
		Wait:     map[int64]time.Time{due[2].N: p.now.Add(time.Hour)},
	}
	for range 2 { // once more changes nothing
		p.must(p.Compose(t.Context(), "desk", plan))
		p.expect("after composing", "desk new composed", "desk new silenced", "desk new due")
	}
	if len(p.due("desk")) != 0 {
		t.Error("what waits is due")
	}
	p.now = p.now.Add(time.Hour)
	if got := p.due("desk"); len(got) != 1 || got[0].N != due[2].N {
		t.Errorf("an hour later: %+v", got)
	}
	foreign := p.message("elsewhere", due[2])
	if err := p.Compose(t.Context(), "desk", statement.Plan{Messages: []statement.Message{foreign}}); err == nil || !strings.Contains(err.Error(), foreign.ID) {
		t.Errorf("a message for another receiver: %v", err)
	}
}

func TestComposeLeavesOutWhatIsNoLongerDue(t *testing.T) {
	p := newPost(t, receiver("desk"))
	first := p.talk("2021-12-09", refusal)
	p.talk("2021-12-09", refusal.towards("isgs"))
	m := p.message("desk", p.due("desk")...)
	p.act("ana", statement.MarkFalse, first.ID, "", nil)
	p.must(p.Compose(t.Context(), "desk", statement.Plan{Messages: []statement.Message{m}}))
	p.expect("after the desk was faster", "desk new void", "desk new due")
	if got := p.lease("desk"); len(got) != 0 {
		t.Errorf("a message went out whose words are wrong: %+v", got)
	}
}

func TestLeaseHandsOutOnce(t *testing.T) {
	p := newPost(t, receiver("desk"))
	for i := range 20 {
		p.talk("2021-12-09", take{actor: fmt.Sprint("actor-", i), topic: statement.Dialogue, target: "jnim", stance: statement.Pro})
	}
	var plan statement.Plan
	for _, n := range p.due("desk") {
		plan.Messages = append(plan.Messages, p.message("desk", n))
	}
	p.must(p.Compose(t.Context(), "desk", plan))
	other := openAt(t, p.path, func() time.Time { return p.now })
	var mu sync.Mutex
	got := make(map[string]int)
	var work sync.WaitGroup
	for _, s := range []*Store{p.Store, other} {
		work.Go(func() {
			for {
				out, err := s.Lease(t.Context(), "desk", p.now, p.now.Add(time.Minute), 3)
				if err != nil {
					t.Error(err)
				}
				if len(out) == 0 {
					return
				}
				mu.Lock()
				for _, m := range out {
					got[m.ID]++
				}
				mu.Unlock()
			}
		})
	}
	work.Wait()
	for _, m := range plan.Messages {
		if got[m.ID] != 1 {
			t.Errorf("message %s was handed out %d times", m.ID, got[m.ID])
		}
	}
	if at, err := p.NextDue(t.Context(), "desk"); err != nil || !at.Equal(p.now.Add(time.Minute)) {
		t.Errorf("next at %s, %v, want the end of the lease", at, err)
	}
}

// A crash between sending and noting it: the same message comes again, with the
// same bytes, and not before the lease ends.
func TestCrashBetweenSendingAndNoting(t *testing.T) {
	p := newPost(t, receiver("desk"))
	p.talk("2021-12-09", refusal)
	want := p.compose("desk")
	first := p.lease("desk")
	if len(first) != 1 {
		t.Fatalf("leased %+v", first)
	}
	again, err := Open(t.Context(), p.path, Options{Registry: testRegistry(), Now: func() time.Time { return p.now }})
	p.must(err)
	defer func() { p.must(again.Close()) }()
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{59 * time.Second, 0}, {time.Minute, 1}} {
		now := testClock.Add(step.after)
		out, err := again.Lease(t.Context(), "desk", now, now.Add(time.Minute), 10)
		if err != nil || len(out) != step.want {
			t.Fatalf("after %s: %+v, %v", step.after, out, err)
		}
		if step.want > 0 {
			one, two := encode(t, first[0]), encode(t, out[0])
			if one != two || one != encode(t, want) {
				t.Errorf("the second try differs:\n%s\n%s", one, two)
			}
		}
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDeliveredIsTold(t *testing.T) {
	p := newPost(t, receiver("desk"))
	sig := p.talk("2021-12-09", refusal)
	m := p.compose("desk")
	p.lease("desk")
	for range 2 { // reported twice
		p.delivered(&m, nil)
	}
	p.delivered(&m, func(d *statement.Delivery) { d.Failure = "late news of a try before" })
	p.expect("after sending", "desk new sent")
	told, err := p.Unshared(t.Context(), 10)
	want := []statement.Told{{Message: m.ID, Receiver: "desk", Kind: statement.NoticeNew, Event: sig.Event, Signal: sig.ID, At: p.now}}
	if diff := cmp.Diff(want, told); diff != "" || err != nil {
		t.Errorf("told, %v (-want +got):\n%s", err, diff)
	}
	p.must(p.MarkShared(t.Context(), told))
	if told, err = p.Unshared(t.Context(), 10); err != nil || len(told) != 0 {
		t.Errorf("unshared after sharing: %v, %v", told, err)
	}
	sent, err := p.SentSince(t.Context(), "desk", p.now)
	if diff := cmp.Diff([]statement.SentMessage{{ID: m.ID, Group: "actor/topic", Kind: statement.NoticeNew, At: p.now}}, sent); diff != "" || err != nil {
		t.Errorf("sent, %v (-want +got):\n%s", err, diff)
	}
	if sent, err = p.SentSince(t.Context(), "desk", p.now.Add(time.Second)); err != nil || len(sent) != 0 {
		t.Errorf("sent later: %v, %v", sent, err)
	}
	if err := p.Delivered(t.Context(), statement.Delivery{Message: "none", Receiver: "desk"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("a message that there is not: %v", err)
	}
}

func TestDeliveredFailures(t *testing.T) {
	p := newPost(t, receiver("desk"))
	p.talk("2021-12-09", refusal)
	m := p.compose("desk")
	for try := range 3 {
		out := p.lease("desk")
		if len(out) != 1 || out[0].Tries != try {
			t.Fatalf("try %d: %+v", try, out)
		}
		if at, err := p.NextDue(t.Context(), "desk"); err != nil || !at.Equal(p.now.Add(time.Minute)) {
			t.Errorf("while it is tried, next at %s, %v", at, err)
		}
		p.delivered(&m, func(d *statement.Delivery) {
			d.Failure, d.Again = fmt.Sprint("500 number ", try), p.now.Add(5*time.Second)
		})
		if out := p.lease("desk"); len(out) != 0 {
			t.Errorf("it is tried again at once: %+v", out)
		}
		p.now = p.now.Add(5 * time.Second)
	}
	states, err := p.ReceiverStates(t.Context())
	if err != nil || len(states) != 1 || states[0].Failures != 3 || states[0].Failure != "500 number 2" || !states[0].Since.Equal(testClock) || states[0].Pending != 1 {
		t.Errorf("receiver %+v, %v", states, err)
	}
	got, progress, err := p.Message(t.Context(), m.ID)
	if err != nil || got.Text != m.Text || progress.State != Pending || progress.Tries != 3 || !progress.Again.Equal(p.now) {
		t.Errorf("message %+v, %+v, %v", got, progress, err)
	}
	p.lease("desk")
	p.delivered(&m, nil)
	states, err = p.ReceiverStates(t.Context())
	if err != nil || states[0].Failures != 0 || !states[0].Sent.Equal(p.now) || states[0].Pending != 0 {
		t.Errorf("after success: %+v, %v", states, err)
	}
}

func TestSecondReceiver(t *testing.T) {
	p := newPost(t, receiver("desk", second("phone")), receiver("phone", second("desk")), receiver("alone"))
	sig := p.talk("2021-12-09", refusal)
	p.send("phone") // it was told already: it is not told again
	p.act("ana", statement.Heartbeat, "desk", "", nil)
	later := p.talk("2021-12-09", refusal.towards("isgs"))
	p.send("phone")
	p.must(p.write(t.Context(), func(t *tx) error {
		return t.exec(`DELETE FROM notices WHERE receiver = 'phone' AND signal = ?; DELETE FROM told WHERE receiver = 'phone' AND signal = ?`, later.ID, later.ID)
	}))
	m := p.compose("desk")
	p.lease("desk")
	p.delivered(&m, func(d *statement.Delivery) { d.Failure = "500 for three days" })
	got := p.due("phone")
	if len(got) != 1 || got[0].Signal != later.ID || got[0].Kind != statement.NoticeNew || got[0].Note != "for desk, who could not be told: 500 for three days" {
		t.Errorf("handed to the second: %+v, want the signal %s and not %s", got, later.ID, sig.ID)
	}
	page, err := p.Alerts(t.Context(), AlertQuery{Receiver: "desk", State: Dead})
	if err != nil || len(page.Alerts) != 3 || page.Alerts[0].Why != "500 for three days" || page.Alerts[0].Progress.State != MessageDead {
		t.Errorf("dead: %+v, %v", page, err)
	}
	if states, err := p.ReceiverStates(t.Context()); err != nil || states[1].Dead != 1 || states[1].Disabled != "" {
		t.Errorf("receivers: %+v, %v", states, err)
	}
	mustVerify(t, p.Store)
}

func TestDisable(t *testing.T) {
	p := newPost(t, receiver("desk", second("phone")), receiver("chief", watches), receiver("phone", func(r *statement.Receiver) {
		r.Wants.Actors = []string{"nobody"}
	}))
	p.talk("2021-12-09", refusal)
	m := p.compose("desk")
	p.talk("2021-12-09", refusal.towards("isgs"))
	p.compose("desk")
	p.talk("2021-12-09", refusal.towards("cma"))
	p.lease("desk")
	p.delivered(&m, func(d *statement.Delivery) { d.Failure, d.Disable = "410 Gone", true })
	p.expect("after 410",
		"chief new due", "desk new dead", "chief new due", "desk new dead", "chief new due", "desk new dead",
		"phone new due", "phone new due", "phone new due")
	if states, err := p.ReceiverStates(t.Context()); err != nil || states[1].ID != "desk" || states[1].Disabled != "410 Gone" {
		t.Errorf("receivers: %+v, %v", states, err)
	}
	if out := p.lease("desk"); len(out) != 0 {
		t.Errorf("it is tried still: %+v", out)
	}
	if rs, err := p.Receivers(t.Context()); err != nil || len(rs) != 2 {
		t.Errorf("receivers: %+v, %v", rs, err)
	}
	sig := p.talk("2021-12-09", open.towards("hcua"))
	if got := p.due("phone"); len(got) != 4 || got[3].Signal != sig.ID {
		t.Errorf("what the disabled one wants does not go to its second: %+v", got)
	}
}
