package alert

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"palabre/statement"
)

// variation changes the news of the fixture into that of a case.
type variation struct {
	name   string
	kind   statement.NoticeKind
	change func(n *statement.Notice)
}

// variations are cases of lines and bodies: each reason, each kind.
func variations(t testing.TB) []variation {
	signal := func(change func(s *statement.Signal)) func(n *statement.Notice) {
		return func(n *statement.Notice) { change(&n.News.Signal) }
	}
	return []variation{
		{"shift", statement.NoticeNew, func(*statement.Notice) {}},
		{"first", statement.NoticeNew, func(n *statement.Notice) {
			n.News.Signal.Reason, n.News.Signal.From, n.News.Signal.Then, n.News.Then = statement.First, "", statement.Passage{}, statement.Cited{}
		}},
		{"first, the earlier line had lapsed", statement.NoticeNew, signal(func(s *statement.Signal) { s.Reason, s.From = statement.First, "" })},
		{"walk-back by a part, reported by one", statement.NoticeNew, func(n *statement.Notice) {
			s := &n.News.Signal
			s.Reason, s.Actor, s.From, s.To, s.Condition, s.FirstHand = statement.WalkBack, "katiba-macina", statement.Pro, statement.Anti, "", false
			s.Then.Said, n.News.Then.Said = day(t, "2020-02-24"), day(t, "2020-02-24")
			n.News.Demands, n.News.Now.Outlet, n.News.Outlets, n.News.Now.Lang, n.News.Now.Grade = nil, "rfi", []string{"rfi"}, "fr", "B"
		}},
		{"condition attached, confirmed by others", statement.NoticeNew, func(n *statement.Notice) {
			n.News.Signal.Reason, n.News.Signal.From = statement.ConditionChanged, statement.Pro
			n.News.Outlets, n.News.Reports = []string{"al-zallaqa", "rfi", "aljazeera"}, 12
		}},
		{"condition dropped", statement.NoticeNew, func(n *statement.Notice) {
			s := &n.News.Signal
			s.Reason, s.From, s.To, s.Condition, n.News.Demands = statement.ConditionChanged, statement.Conditional, statement.Pro, "", nil
		}},
		{"condition acted on", statement.NoticeNew, func(n *statement.Notice) {
			s := &n.News.Signal
			s.Reason, s.Actor, s.Topic, s.Target, s.Act = statement.ConditionChanged, "france", statement.ForeignTroops, "france", "withdrawal"
			s.From, s.To, s.Condition, n.News.Demands = statement.Conditional, statement.Anti, "", nil
			s.Now.Said, n.News.Now.Said = day(t, "2021-06-10"), day(t, "2021-06-10")
		}},
		{"another condition, in words of no known kind", statement.NoticeNew, func(n *statement.Notice) {
			s := &n.News.Signal
			s.Reason, s.From, s.Condition, n.News.Demands = statement.ConditionChanged, statement.Conditional, "que les prisonniers soient libérés et que les barrages soient levés", nil
		}},
		{"reaffirmed, known to the month", statement.NoticeNew, func(n *statement.Notice) {
			n.News.Signal.Reason, n.News.Signal.From, n.News.Now.Said = statement.Reaffirmed, statement.Conditional, day(t, "2020-03")
		}},
		{"split", statement.NoticeNew, signal(func(s *statement.Signal) { s.Reason, s.Actor, s.From = statement.Split, "katiba-macina", "" })},
		{"posthumous, undated", statement.NoticeNew, func(n *statement.Notice) {
			n.News.Signal.Reason, n.News.Signal.From, n.News.Now.Said = statement.Posthumous, "", statement.Date{}
		}},
		{"silence", statement.NoticeNew, signal(func(s *statement.Signal) {
			s.Reason, s.Actor, s.Target, s.From = statement.Silence, "mali-government", "jnim", ""
		})},
		{"candidate, Arabic outlet, first of the month", statement.NoticeNew, func(n *statement.Notice) {
			n.News.Signal.Candidate, n.News.Now.Outlet, n.News.Now.Grade = "reported by one outlet", "aljazeera", ""
			n.News.Now.Said, n.News.Signal.Now.Said = day(t, "2020-03-01"), day(t, "2020-03-01")
		}},
		{"Sharia, long names", statement.NoticeNew, func(n *statement.Notice) {
			s := &n.News.Signal
			s.Actor, s.Topic, s.Target, s.From, s.To = "hcim", statement.Sharia, "", statement.Anti, statement.Mixed
			n.News.Now.Outlet, n.News.Now.Lang = "msc", "fr"
		}},
		{"everything long", statement.NoticeNew, func(n *statement.Notice) {
			s := &n.News.Signal
			s.Reason, s.Actor, s.Topic, s.From, s.To = statement.ConditionChanged, "hcim", statement.ForeignTroops, statement.Anti, statement.Conditional
			n.News.Now.Outlet, n.News.Now.Lang, n.News.Now.Said = "msc", "fr", day(t, "2020-09-28")
		}},
		{"update", statement.NoticeUpdate, func(*statement.Notice) {}},
		{"corrected", statement.NoticeCorrected, func(n *statement.Notice) { n.News.Reversed = statement.Anti }},
		{"withdrawn", statement.NoticeWithdrawn, func(*statement.Notice) {}},
		{"escalated", statement.NoticeEscalated, func(*statement.Notice) {}},
		{"sent again", statement.NoticeNew, func(n *statement.Notice) { n.Repeats = 1 }},
	}
}

// notice is the notice of a case.
func (v variation) notice(t testing.TB, n int64) *statement.Notice {
	notice := noticeOf(n, v.kind, shift(t))
	v.change(notice)
	if from := notice.News.Signal.From; from != "" {
		notice.News.Then.Stance = from
	}
	return notice
}

func TestLines(t *testing.T) {
	e := editor(t)
	var b strings.Builder
	for i, v := range variations(t) {
		fmt.Fprintf(&b, "# %s\n", v.name)
		for _, lang := range Languages {
			line := e.Line(lang, v.notice(t, int64(i)))
			checkLine(t, line)
			fmt.Fprintf(&b, "%3d  %s\n", utf8.RuneCountInString(line), strings.NewReplacer(isolateOpen, "⟦", isolateClose, "⟧").Replace(line))
		}
		b.WriteByte('\n')
	}
	golden(t, "lines.golden", b.String())
}

// TestLineOfTheBrief is the line as it was asked for.
func TestLineOfTheBrief(t *testing.T) {
	const want = "SHIFT · dialogue · JNIM: against → conditional (French withdrawal) — Al-Zallaqa, 8 Mar 2020, ar · A2"
	if got := editor(t).Line("en", noticeOf(1, statement.NoticeNew, shift(t))); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// checkLine looks at what holds for every line.
func checkLine(t testing.TB, line string) {
	t.Helper()
	if n := utf8.RuneCountInString(line); n > LineLength || n == 0 {
		t.Errorf("%d characters: %q", n, line)
	}
	if !utf8.ValidString(line) {
		t.Errorf("not UTF-8: %q", line)
	}
	open := 0
	for _, r := range line {
		switch {
		case r == '\u2068':
			open++
		case r == '\u2069':
			open--
		case hidden(r), r == '\n':
			t.Errorf("holds %U: %q", r, line)
		}
		if open < 0 || open > 1 {
			t.Fatalf("isolates do not match: %q", line)
		}
	}
	if open != 0 {
		t.Errorf("an isolate is left open: %q", line)
	}
}

// TestLineKeepsReasonAndStance tries everything that a line can be made of with
// names that leave no room.
func TestLineKeepsReasonAndStance(t *testing.T) {
	long := strings.Repeat("Mouvement pour l’unité ", 8)
	e, err := NewEditor(Names{
		Actor: func(_, lang string) string {
			return map[string]string{"ar": strings.Repeat("حركة الوحدة ", 10)}[lang] + long
		},
		Outlet: func(string) string { return long },
		Demand: func(string, string) string { return long },
	}, "")
	if err != nil {
		t.Fatal(err)
	}
	stances := append([]statement.Stance{""}, statement.Stances...)
	kinds := []statement.NoticeKind{statement.NoticeNew, statement.NoticeUpdate, statement.NoticeCorrected, statement.NoticeWithdrawn, statement.NoticeEscalated}
	for _, lang := range Languages {
		words := e.tongue(lang)
		for _, reason := range statement.Reasons {
			for _, topic := range append([]statement.Topic{statement.Topic(strings.Repeat("long_topic", 9))}, statement.Topics...) {
				for i := range len(kinds) * len(stances) * len(statement.Stances) {
					news := shift(t)
					s := &news.Signal
					s.Reason, s.Topic = reason, topic
					s.From, s.To = stances[i%len(stances)], statement.Stances[i/len(stances)%len(statement.Stances)]
					news.Reversed = statement.Mixed
					news.Now.Said = day(t, "2020-09-28")
					n := noticeOf(1, kinds[i/len(stances)/len(statement.Stances)], news)
					line := e.Line(lang, n)
					checkLine(t, line)
					if n.Kind != statement.NoticeCorrected && !strings.Contains(line, words.word("reason", string(reason))+" · ") {
						t.Fatalf("the reason %s is cut: %s", reason, line)
					}
					if reason != statement.Silence && !strings.Contains(line, words.word("stance", string(s.To))) {
						t.Fatalf("the stance %s is cut: %s", s.To, line)
					}
					if !strings.HasSuffix(line, " · A2") {
						t.Fatalf("the grading is cut: %s", line)
					}
				}
			}
		}
	}
}

// TestTextsAreWhole checks that all languages say the same things, with the same
// braces.
func TestTextsAreWhole(t *testing.T) {
	e := editor(t)
	braces := func(text string) []string {
		var out []string
		for _, part := range strings.Split(text, "{")[1:] {
			name, _, _ := strings.Cut(part, "}")
			out = append(out, name)
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	english := e.tongue("en").text
	for _, lang := range Languages[1:] {
		other := e.tongue(lang).text
		for key, text := range english {
			got, number := other[key], strings.HasSuffix(key, ".one") || strings.HasSuffix(key, ".two")
			if got == "" {
				t.Errorf("%s lacks %s", lang, key)
			} else if !number && !slices.Equal(braces(got), braces(text)) {
				t.Errorf("%s: %s fills in %v, in English %v", lang, key, braces(got), braces(text))
			}
		}
		for key := range other {
			if english[key] == "" {
				t.Errorf("%s has %s, which English lacks", lang, key)
			}
		}
	}
	for _, r := range statement.Reasons {
		if english["reason."+string(r)] == "" {
			t.Errorf("there is no word for the reason %s", r)
		}
	}
}

func TestCounts(t *testing.T) {
	e := editor(t)
	for _, c := range []struct {
		lang string
		n    int
		want string
	}{
		{"en", 1, "1 signal"},
		{"en", 37, "37 signals"},
		{"fr", 1, "1 signal"},
		{"fr", 0, "0 signaux"},
		{"ar", 1, "إشارة واحدة"},
		{"ar", 2, "إشارتان"},
		{"ar", 3, "3 إشارات"},
		{"ar", 10, "10 إشارات"},
		{"ar", 11, "11 إشارة"},
		{"ar", 100, "100 إشارة"},
		{"ar", 103, "103 إشارات"},
	} {
		if got := e.tongue(c.lang).count("signals", c.n); got != c.want {
			t.Errorf("%s, %d: got %q, want %q", c.lang, c.n, got, c.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text string
		most int
		want string
	}{
		{"French withdrawal", 17, "French withdrawal"},
		{"French withdrawal", 16, "French withdraw…"},
		{"French withdrawal", 10, "French…"},
		{"French withdrawal", 1, "…"},
		{"French withdrawal", 0, ""},
		{"e\u0301e\u0301e\u0301", 4, "e\u0301…"}, // never between a letter and its accent
		{"", 3, ""},
	} {
		if got := shorten(c.text, c.most); got != c.want {
			t.Errorf("%q to %d: got %q, want %q", c.text, c.most, got, c.want)
		}
	}
}

func FuzzLine(f *testing.F) {
	f.Add("ar", "jnim", "\u202eevil\u2066", "retrait", "dialogue", "shift", int64(3))
	f.Add("fr", strings.Repeat("é", 300), "a\x00b\nc", "{actor}", "x.y", "", int64(0))
	f.Add("en", "\xff\xfe", "e\u0301\u0301", "\u2068\u2068", "sharia", "first", int64(4))
	f.Fuzz(func(t *testing.T, lang, actor, outlet, condition, topic, reason string, pick int64) {
		e, err := NewEditor(Names{Outlet: func(id string) string { return id }}, "")
		if err != nil {
			t.Fatal(err)
		}
		news := shift(t)
		s := &news.Signal
		s.Actor, s.Condition, s.Topic, s.Reason, news.Now.Outlet, news.Demands, news.Now.Lang = actor, condition, statement.Topic(topic), statement.Reason(reason), outlet, nil, lang
		kinds := []statement.NoticeKind{statement.NoticeNew, statement.NoticeCorrected, statement.NoticeWithdrawn, statement.NoticeUpdate, statement.NoticeWatch}
		n := noticeOf(1, kinds[uint64(pick)%uint64(len(kinds))], news)
		if n.Kind == statement.NoticeWatch {
			n.News, n.Note = nil, condition
		}
		for _, l := range append([]string{lang}, Languages...) {
			line := e.Line(l, n)
			if strings.Contains(reason, "\u2068") || n.News == nil {
				continue // a note of ours may hold isolates
			}
			checkLine(t, line)
		}
	})
}

func BenchmarkLine(b *testing.B) {
	e := editor(b)
	n := noticeOf(1, statement.NoticeNew, shift(b))
	b.ReportAllocs()
	for b.Loop() {
		e.Line("ar", n)
	}
}
