package alert

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"palabre/statement"
)

// many are events that come at one moment.
func many(t testing.TB, n int, at string) []*statement.Notice {
	var out []*statement.Notice
	for i := range n {
		out = append(out, arrival{event: fmt.Sprintf("a%03d", i), at: at}.notice(t, int64(i+1)))
	}
	return out
}

func TestComposeStorm(t *testing.T) {
	e := editor(t)
	r := &statement.Receiver{ID: "desk"}
	now := clockTime(t, "09:00")
	p, err := e.Compose(r, many(t, 57, "09:00"), nil, nil, now)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Messages) != 21 {
		t.Fatalf("%d messages, want 20 and the storm", len(p.Messages))
	}
	storm := &p.Messages[20]
	if want := "STORM · 37 more signals, grouped: 37 SHIFT — 26 Nov 2026"; storm.Line != want {
		t.Errorf("got  %s\nwant %s", storm.Line, want)
	}
	if storm.Group != "" || len(storm.Notices) != 37 || len(storm.Signals) != 37 {
		t.Errorf("the storm carries %d notices, %d signals, group %q", len(storm.Notices), len(storm.Signals), storm.Group)
	}
	for _, want := range []string{"More alerts were due within the hour", "Further ones, in brief:", `"storm":true`} {
		if !strings.Contains(storm.Text+storm.Body, want) {
			t.Errorf("the storm does not say %q", want)
		}
	}

	var sent []statement.SentMessage
	for _, m := range p.Messages {
		sent = append(sent, statement.SentMessage{ID: m.ID, Group: m.Group, Kind: m.Kind, At: now})
	}
	for _, c := range []struct {
		name, at string
		want     []string
	}{
		{"more of it waits", "09:01", []string{"1 waits until 09:05:00Z", "2 waits until 09:05:00Z"}},
		{"and goes together", "09:06", []string{"new [1 2]"}},
		{"an hour later there is room again", "10:00", []string{"new [1] jnim/dialogue", "new [2] jnim/dialogue"}},
	} {
		p, err := e.Compose(r, many(t, 2, c.at), nil, sent, clockTime(t, c.at))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, shown(&p)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestStormOfCorrections keeps kinds apart, and does not count the watch.
func TestStormOfCorrections(t *testing.T) {
	due := many(t, 4, "09:00")
	for _, n := range due[1:] {
		n.Kind, n.News.Reversed = statement.NoticeCorrected, statement.Anti
	}
	due = append(due, arrival{event: "source rfi", at: "09:00", kind: statement.NoticeWatch}.notice(t, 5))
	r := &statement.Receiver{ID: "desk", Pace: statement.Pace{Storm: 2}}
	p, err := editor(t).Compose(r, due, nil, nil, clockTime(t, "09:00"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"new [1] jnim/dialogue", "corrected [2] jnim/dialogue", "watch [5]", "corrected [3 4]"}
	if diff := cmp.Diff(want, shown(&p)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, want := p.Messages[3].Line, "CORRECTED · 2 signals — 26 Nov 2026"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestMessageIsStable composes the same notices twice, in another order.
func TestMessageIsStable(t *testing.T) {
	e := editor(t)
	r := &statement.Receiver{ID: "desk", Pace: statement.Pace{Mode: statement.Daily, At: "07:00"}}
	due := many(t, 30, "06:00")
	first, err := e.Compose(r, due, nil, nil, clockTime(t, "07:00"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(due)
	second, err := e.Compose(r, due, nil, nil, clockTime(t, "07:00"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
}

// TestComposeLosesNothing tries receivers and notices of all sorts: each notice
// that is due goes exactly one way, what waits comes up later and is sent in the
// end, and no more messages go out than the receiver wants.
func TestComposeLosesNothing(t *testing.T) {
	e := editor(t)
	kinds := []statement.NoticeKind{
		statement.NoticeNew, statement.NoticeNew, statement.NoticeUpdate, statement.NoticeCorrected, statement.NoticeEscalated, statement.NoticeWatch,
	}
	rapid.Check(t, func(rt *rapid.T) {
		r := &statement.Receiver{ID: "desk", Zone: rapid.SampledFrom([]string{"", "Europe/Paris", "Africa/Bamako"}).Draw(rt, "zone"), Pace: statement.Pace{
			Mode:  rapid.SampledFrom([]statement.PaceMode{statement.AtOnce, statement.Grouped, statement.Hourly, statement.Daily}).Draw(rt, "mode"),
			Storm: rapid.IntRange(1, 4).Draw(rt, "storm"),
		}}
		if rapid.Bool().Draw(rt, "quiet") {
			r.Pace.Quiet = statement.Quiet{From: "21:00", To: rapid.SampledFrom([]string{"05:00", "22:30"}).Draw(rt, "to")}
		}
		open := make(map[int64]*statement.Notice)
		now := moment(t, "2026-10-24T19:00:00Z") // the night in which clocks go back
		for i := range rapid.IntRange(1, 12).Draw(rt, "notices") {
			a := arrival{
				kind:  rapid.SampledFrom(kinds).Draw(rt, "kind"),
				event: rapid.SampledFrom([]string{"a", "b", "f", "g"}).Draw(rt, "event"),
				at:    now.Add(time.Duration(rapid.IntRange(0, 4*3600).Draw(rt, "came")) * time.Second).Format(time.RFC3339),
			}
			open[int64(i)] = a.notice(t, int64(i))
		}
		var sent []statement.SentMessage
		for rounds := 0; len(open) > 0; rounds++ {
			if rounds > 200 {
				rt.Fatalf("%d notices are never told", len(open))
			}
			var due []*statement.Notice
			next := now.Add(365 * 24 * time.Hour)
			for _, n := range open {
				if !n.Due.After(now.Add(Ahead(r))) {
					due = append(due, n)
				}
				if n.Due.Before(next) {
					next = n.Due
				}
			}
			if next.After(now) {
				now = next
				continue
			}
			p, err := e.Compose(r, due, nil, sent, now)
			if err != nil {
				rt.Fatal(err)
			}
			for _, m := range p.Messages {
				sent = append(sent, statement.SentMessage{ID: m.ID, Group: m.Group, Kind: m.Kind, At: now})
			}
			carryOut(rt, &p, due, open, now)
		}
	})
}

// carryOut does with notices what a plan says, and checks that it says one thing
// of each.
func carryOut(rt *rapid.T, p *statement.Plan, due []*statement.Notice, open map[int64]*statement.Notice, now time.Time) {
	gone := make(map[int64]bool)
	for _, m := range p.Messages {
		for _, n := range m.Notices {
			if gone[n] || open[n] == nil {
				rt.Fatalf("notice %d is told twice", n)
			}
			gone[n] = true
		}
	}
	for n, until := range p.Wait {
		if gone[n] || !until.After(now) {
			rt.Fatalf("notice %d is told and waits, or waits until %s, which is not later than %s", n, until, now)
		}
		open[n].Due = until
	}
	for _, n := range due {
		if _, waits := p.Wait[n.N]; !n.Due.After(now) && !gone[n.N] && !waits {
			rt.Fatalf("nothing becomes of notice %d", n.N)
		}
	}
	for n := range gone {
		delete(open, n)
	}
}

func BenchmarkCompose(b *testing.B) {
	e := editor(b)
	r := &statement.Receiver{ID: "desk", Pace: statement.Pace{Storm: 1000}}
	due := many(b, 1000, "09:00")
	now := clockTime(b, "09:00")
	b.ReportAllocs()
	for b.Loop() {
		p, err := e.Compose(r, due, nil, nil, now)
		if err != nil || len(p.Messages) != 1000 {
			b.Fatal(len(p.Messages), err)
		}
	}
}
