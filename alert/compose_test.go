package alert

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// arrival is a notice in a table: what it is of, and when it came.
type arrival struct {
	kind    statement.NoticeKind
	event   string // "a" is an event of JNIM on dialogue, "f" one of France on its troops
	at      string // time of day on 26 November 2026
	due     string // if it was put off
	repeats int
	care    statement.Care
	reason  statement.Reason
}

const today = "2026-11-26T"

// clockTime is a time of that day, UTC.
func clockTime(t testing.TB, s string) time.Time {
	t.Helper()
	if strings.Contains(s, "T") {
		return moment(t, s)
	}
	if len(s) == 5 {
		s += ":00"
	}
	return moment(t, today+s+"Z")
}

func (a arrival) notice(t testing.TB, n int64) *statement.Notice {
	t.Helper()
	news := shift(t)
	s := &news.Signal
	s.Event = a.event
	if strings.HasPrefix(a.event, "f") {
		s.Actor, s.Topic, s.Target = "france", statement.ForeignTroops, "france"
	}
	if a.reason != "" {
		s.Reason = a.reason
	}
	s.ID = statement.SignalID(s.Event, s.Reason)
	s.At = clockTime(t, a.at)
	news.Care = a.care
	kind := a.kind
	if kind == "" {
		kind = statement.NoticeNew
	}
	notice := noticeOf(n, kind, news)
	notice.Repeats = a.repeats
	if a.due != "" {
		notice.Due = clockTime(t, a.due)
	}
	if !metered(kind) {
		notice.News, notice.Event, notice.Signal, notice.Subject = nil, "", "", a.event
	}
	return notice
}

// shown tells a plan in short: the messages, then what is silenced and waits.
func shown(p *statement.Plan) []string {
	var out []string
	for i := range p.Messages {
		m := &p.Messages[i]
		text := fmt.Sprintf("%s %v", m.Kind, m.Notices)
		if m.Group != "" {
			text += " " + m.Group
		}
		out = append(out, text)
	}
	for _, n := range slices.Sorted(maps.Keys(p.Silenced)) {
		out = append(out, fmt.Sprintf("%d silenced: %s", n, p.Silenced[n]))
	}
	for _, n := range slices.Sorted(maps.Keys(p.Wait)) {
		out = append(out, fmt.Sprintf("%d waits until %s", n, strings.TrimPrefix(p.Wait[n].Format(time.RFC3339), today)))
	}
	return out
}

type composeCase struct {
	name string
	pace statement.Pace
	zone string
	due  []arrival
	mute []statement.Muting
	sent []statement.SentMessage
	now  string
	want []string
}

func (c *composeCase) run(t *testing.T) {
	r := &statement.Receiver{ID: "desk", Zone: c.zone, Pace: c.pace}
	var due []*statement.Notice
	for i, a := range c.due {
		due = append(due, a.notice(t, int64(i+1)))
	}
	p, err := editor(t).Compose(r, due, c.mute, c.sent, clockTime(t, c.now))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.want, shown(&p)); diff != "" {
		t.Errorf("the plan differs (-want +got):\n%s", diff)
	}
}

func TestComposeAtOnce(t *testing.T) {
	both := []arrival{{event: "a", at: "09:00"}, {event: "f", at: "09:00"}}
	for _, c := range []composeCase{
		{name: "nothing is due", now: "09:00"},
		{name: "each event has a message", due: both, now: "09:00", want: []string{"new [1] jnim/dialogue", "new [2] france/foreign_troops"}},
		{
			name: "signals of one event go together, the weightiest first",
			due:  []arrival{{event: "a", at: "09:00", reason: statement.Posthumous}, {event: "a", at: "09:00"}},
			now:  "09:00", want: []string{"new [2 1] jnim/dialogue"},
		},
		{
			name: "each kind has a message of its own",
			due: []arrival{
				{event: "a", at: "09:00"},
				{event: "a", at: "09:00", kind: statement.NoticeUpdate},
				{event: "a", at: "09:00", kind: statement.NoticeCorrected},
				{event: "a", at: "09:00", kind: statement.NoticeWithdrawn},
				{event: "a", at: "09:00", kind: statement.NoticeEscalated},
				{event: "source rfi", at: "09:00", kind: statement.NoticeWatch},
				{event: "source bbc", at: "09:00", kind: statement.NoticeWatch},
				{event: "ask 1", at: "09:00", kind: statement.NoticeHeartbeat},
			},
			now: "09:00",
			want: []string{
				"new [1] jnim/dialogue", "update [2] jnim/dialogue", "corrected [3] jnim/dialogue", "withdrawn [4] jnim/dialogue",
				"escalated [5] jnim/dialogue", "watch [6 7]", "heartbeat [8]",
			},
		},
	} {
		t.Run(c.name, c.run)
	}
}

// TestComposeCare is about what the desk did: mutings, and care of signals.
func TestComposeCare(t *testing.T) {
	from, until := clockTime(t, "08:00"), clockTime(t, "18:00")
	muting := func(f statement.Filter) []statement.Muting {
		return []statement.Muting{{ID: "m1", Filter: f, From: from, Until: until}}
	}
	both := []arrival{{event: "a", at: "09:00"}, {event: "f", at: "09:00"}}
	for _, c := range []composeCase{
		{
			name: "a muting silences what it accepts", due: both, now: "09:00", mute: muting(statement.Filter{Actors: []string{"france"}}),
			want: []string{"new [1] jnim/dialogue", "2 silenced: m1"},
		},
		{
			name: "not before it holds", due: both, now: "07:59", mute: muting(statement.Filter{}),
			want: []string{"new [1] jnim/dialogue", "new [2] france/foreign_troops"},
		},
		{
			name: "nor after", due: both, now: "18:00", mute: muting(statement.Filter{}),
			want: []string{"new [1] jnim/dialogue", "new [2] france/foreign_troops"},
		},
		{
			name: "a muting by query silences nothing here", due: both, now: "09:00", mute: muting(statement.Filter{Query: "barkhane"}),
			want: []string{"new [1] jnim/dialogue", "new [2] france/foreign_troops"},
		},
		{
			name: "corrections and the watch are heard all the same", now: "09:00", mute: muting(statement.Filter{}),
			due: []arrival{
				{event: "a", at: "09:00", kind: statement.NoticeCorrected},
				{event: "a", at: "09:00", kind: statement.NoticeEscalated},
				{event: "source rfi", at: "09:00", kind: statement.NoticeWatch},
			},
			want: []string{"corrected [1] jnim/dialogue", "watch [3]", "2 silenced: m1"},
		},
		{
			name: "acknowledged: not repeated or escalated, but told and updated", now: "09:00",
			due: []arrival{
				{event: "a", at: "08:00", repeats: 1, care: statement.Care{Acknowledged: "awa"}},
				{event: "a", at: "08:00", kind: statement.NoticeEscalated, care: statement.Care{Acknowledged: "awa"}},
				{event: "a", at: "08:00", kind: statement.NoticeUpdate, care: statement.Care{Acknowledged: "awa"}},
				{event: "f", at: "08:00", care: statement.Care{Acknowledged: "awa"}},
			},
			want: []string{
				"update [3] jnim/dialogue", "new [4] france/foreign_troops",
				"1 silenced: acknowledged by awa", "2 silenced: acknowledged by awa",
			},
		},
		{
			name: "false: not told, but a correction is", now: "09:00",
			due: []arrival{
				{event: "a", at: "08:00", care: statement.Care{False: "moussa"}},
				{event: "a", at: "08:00", kind: statement.NoticeWithdrawn, care: statement.Care{False: "moussa"}},
			},
			want: []string{"withdrawn [2] jnim/dialogue", "1 silenced: marked false by moussa"},
		},
		{
			name: "snoozed: waits", now: "09:00",
			due: []arrival{
				{event: "a", at: "08:00", care: statement.Care{Snoozed: clockTime(t, "11:30")}},
				{event: "f", at: "08:00", care: statement.Care{Snoozed: clockTime(t, "09:00")}},
			},
			want: []string{"new [2] france/foreign_troops", "1 waits until 11:30:00Z"},
		},
	} {
		t.Run(c.name, c.run)
	}
}

func TestComposeGrouped(t *testing.T) {
	pace := statement.Pace{Mode: statement.Grouped} // 30 s, 5 min
	sent := func(at string) []statement.SentMessage {
		return []statement.SentMessage{{ID: "x", Group: "jnim/dialogue", Kind: statement.NoticeNew, At: clockTime(t, at)}}
	}
	for _, c := range []composeCase{
		{
			name: "a new group gathers", pace: pace, now: "09:00:05", due: []arrival{{event: "a", at: "09:00"}},
			want: []string{"1 waits until 09:00:30Z"},
		},
		{
			name: "and is told with what came meanwhile", pace: pace, now: "09:00:30",
			due: []arrival{
				{event: "a", at: "09:00", due: "09:00:30"},
				{event: "a2", at: "09:00:20", due: "09:00:50"}, // seen ahead of its time
				{event: "f", at: "09:00:29"},
			},
			want: []string{"new [1 2] jnim/dialogue", "3 waits until 09:00:59Z"},
		},
		{
			name: "what came meanwhile waits no longer than the first", pace: pace, now: "09:00:20",
			due:  []arrival{{event: "a", at: "09:00", due: "09:00:30"}, {event: "a2", at: "09:00:20"}},
			want: []string{"2 waits until 09:00:30Z"},
		},
		{
			name: "the next message keeps its distance", pace: pace, now: "09:02:00", sent: sent("09:00:30"), due: []arrival{{event: "a3", at: "09:02"}},
			want: []string{"1 waits until 09:05:30Z"},
		},
		{
			name: "another group does not matter", pace: pace, now: "09:02:00", sent: sent("09:00:30"), due: []arrival{{event: "f", at: "09:01"}},
			want: []string{"new [1] france/foreign_troops"},
		},
		{
			name: "long after, it gathers again", pace: pace, now: "09:20:00", sent: sent("09:00:30"), due: []arrival{{event: "a4", at: "09:19:45"}},
			want: []string{"1 waits until 09:20:15Z"},
		},
		{
			name: "its own times", pace: statement.Pace{Mode: statement.Grouped, Wait: time.Minute, Interval: time.Hour}, now: "09:02:00", sent: sent("09:00:30"),
			due:  []arrival{{event: "a3", at: "09:01"}, {event: "f", at: "09:01:30"}},
			want: []string{"1 waits until 10:00:30Z", "2 waits until 09:02:30Z"},
		},
		{
			name: "a correction does not gather, nor hold up what follows", pace: pace, now: "09:01:00",
			sent: []statement.SentMessage{{Group: "jnim/dialogue", Kind: statement.NoticeCorrected, At: clockTime(t, "09:00:40")}},
			due:  []arrival{{event: "a", at: "09:00", kind: statement.NoticeCorrected}, {event: "a5", at: "09:00:10"}},
			want: []string{"corrected [1] jnim/dialogue", "new [2] jnim/dialogue"},
		},
		{
			name: "a repetition is not sent ahead of its time", pace: pace, now: "09:01:00",
			due:  []arrival{{event: "a", at: "09:00"}, {event: "a2", at: "08:00", due: "09:03", repeats: 1}},
			want: []string{"new [1] jnim/dialogue"},
		},
	} {
		t.Run(c.name, c.run)
	}
}

func TestComposeDigests(t *testing.T) {
	hourly, daily := statement.Pace{Mode: statement.Hourly}, statement.Pace{Mode: statement.Daily, At: "07:30"}
	two := []arrival{{event: "a", at: "08:59:59"}, {event: "f", at: "09:00:01"}}
	for _, c := range []composeCase{
		{name: "hourly, on the hour", pace: hourly, due: two, now: "09:00:02", want: []string{"new [1]", "2 waits until 10:00:00Z"}},
		{
			name: "hourly, all of the hour in one", pace: hourly, now: "10:00:00",
			due:  []arrival{{event: "a", at: "09:10", due: "10:00"}, {event: "f", at: "09:40", due: "10:00"}, {event: "a2", at: "09:50", due: "10:00"}},
			want: []string{"new [1 2 3]"},
		},
		{
			name: "hourly, in a zone half an hour off", pace: hourly, zone: "Asia/Kolkata", due: []arrival{{event: "a", at: "09:10"}}, now: "09:10:00",
			want: []string{"1 waits until 09:30:00Z"},
		},
		{name: "daily, before its time", pace: daily, due: []arrival{{event: "a", at: "06:00"}}, now: "06:00", want: []string{"1 waits until 07:30:00Z"}},
		{name: "daily, at its time", pace: daily, due: []arrival{{event: "a", at: "06:00", due: "07:30"}}, now: "07:30", want: []string{"new [1]"}},
		{
			name: "daily, after its time", pace: daily, due: []arrival{{event: "a", at: "07:31"}}, now: "07:31",
			want: []string{"1 waits until 2026-11-27T07:30:00Z"},
		},
		{name: "daily, in its zone", pace: daily, zone: "Africa/Algiers", due: []arrival{{event: "a", at: "06:00"}}, now: "06:00", want: []string{"1 waits until 06:30:00Z"}},
		{
			name: "quiet hours put the digest off, once", now: "09:00:00",
			pace: statement.Pace{Mode: statement.Daily, At: "07:30", Quiet: statement.Quiet{From: "22:00", To: "09:00"}},
			due:  []arrival{{event: "a", at: "06:00", due: "09:00"}, {event: "f", at: "08:30", due: "09:00"}},
			want: []string{"new [1 2]"},
		},
		{
			name: "what cannot wait does not", pace: daily, now: "10:00",
			due: []arrival{
				{event: "a", at: "10:00", kind: statement.NoticeCorrected},
				{event: "a2", at: "10:00", kind: statement.NoticeEscalated},
				{event: "source rfi", at: "10:00", kind: statement.NoticeWatch},
				{event: "a3", at: "10:00", kind: statement.NoticeUpdate},
			},
			want: []string{"corrected [1] jnim/dialogue", "escalated [2] jnim/dialogue", "watch [3]", "4 waits until 2026-11-27T07:30:00Z"},
		},
	} {
		t.Run(c.name, c.run)
	}
}

func TestComposeQuiet(t *testing.T) {
	night := statement.Pace{Quiet: statement.Quiet{From: "22:00", To: "06:00"}}
	siesta := statement.Pace{Quiet: statement.Quiet{From: "12:00", To: "14:30"}}
	all := []arrival{
		{event: "a", at: "01:00"}, {event: "a", at: "01:00", kind: statement.NoticeCorrected}, {event: "source rfi", at: "01:00", kind: statement.NoticeWatch},
	}
	one := func(at string) []arrival { return []arrival{{event: "a", at: at}} }
	sentIt := []string{"new [1] jnim/dialogue"}
	for _, c := range []composeCase{
		{name: "everything waits", pace: night, due: all, now: "01:00", want: []string{"1 waits until 06:00:00Z", "2 waits until 06:00:00Z", "3 waits until 06:00:00Z"}},
		{name: "until the next morning", pace: night, due: one("23:30"), now: "23:30", want: []string{"1 waits until 2026-11-27T06:00:00Z"}},
		{name: "from its first minute", pace: night, due: one("22:00"), now: "22:00", want: []string{"1 waits until 2026-11-27T06:00:00Z"}},
		{name: "not its last", pace: night, due: one("06:00"), now: "06:00", want: sentIt},
		{name: "within the day", pace: siesta, due: one("13:00"), now: "13:00", want: []string{"1 waits until 14:30:00Z"}},
		{name: "before it", pace: siesta, due: one("11:59"), now: "11:59", want: sentIt},
		{name: "in its zone", pace: night, zone: "Africa/Algiers", due: one("21:30"), now: "21:30", want: []string{"1 waits until 2026-11-27T05:00:00Z"}},
		{name: "from equal to to is none", pace: statement.Pace{Quiet: statement.Quiet{From: "08:00", To: "08:00"}}, due: one("08:00"), now: "08:00", want: sentIt},
		{
			name: "clocks go forward in the night", pace: night, zone: "Europe/Paris", due: one("2027-03-28T00:30:00Z"), now: "2027-03-28T00:30:00Z",
			want: []string{"1 waits until 2027-03-28T04:00:00Z"},
		},
		{
			name: "clocks go back in the night", pace: night, zone: "Europe/Paris", due: one("2026-10-25T00:30:00Z"), now: "2026-10-25T00:30:00Z",
			want: []string{"1 waits until 2026-10-25T05:00:00Z"},
		},
		{
			name: "it ends at an hour that there is twice", zone: "Europe/Paris",
			pace: statement.Pace{Quiet: statement.Quiet{From: "22:00", To: "02:30"}}, due: one("2026-10-25T00:20:00Z"), now: "2026-10-25T00:20:00Z",
			want: []string{"1 waits until 2026-10-25T01:30:00Z"},
		},
		{
			name: "and stays ended", zone: "Europe/Paris",
			pace: statement.Pace{Quiet: statement.Quiet{From: "22:00", To: "02:30"}}, due: one("2026-10-25T01:30:00Z"), now: "2026-10-25T01:30:00Z",
			want: sentIt,
		},
	} {
		t.Run(c.name, c.run)
	}
}

// TestEverySlotComesOncePerDay walks through a year of a zone whose clocks
// change, with a digest at an hour that is skipped and one that comes twice.
func TestEverySlotComesOncePerDay(t *testing.T) {
	for _, at := range []string{"00:00", "02:30", "23:59"} {
		h := hoursOf(&statement.Receiver{Zone: "Europe/Paris", Pace: statement.Pace{At: at}})
		now := moment(t, "2026-01-01T12:00:00Z")
		seen := make(map[string]int)
		for range 365 {
			last, next := h.slots(statement.Daily, now)
			if last.After(now) || !next.After(now) || next.Sub(last) < 22*time.Hour || next.Sub(last) > 26*time.Hour {
				t.Fatalf("%s, %s: last %s, next %s", at, now, last, next)
			}
			if again, _ := h.slots(statement.Daily, next); !again.Equal(next) {
				t.Fatalf("%s: at its time %s the digest is not due", at, next)
			}
			seen[next.In(h.zone).Format(time.DateOnly)]++
			now = next
		}
		if len(seen) != 365 {
			t.Errorf("%s: %d days have a digest", at, len(seen))
		}
	}
}
