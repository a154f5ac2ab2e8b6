package index_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"palabre/index"
	"palabre/statement"
)

func newMatcher(t testing.TB) *index.Matcher {
	t.Helper()
	m := index.NewMatcher(index.Options{Registry: registry, Now: func() time.Time { return time.Date(2020, 3, 10, 0, 0, 0, 0, time.UTC) }})
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// arrivals are documents of every shape: the corpus of the search tests, texts in
// two languages, in one that has no stems, without text, words or positions.
func arrivals() []index.Doc {
	two := doc("two", "fr", "2020-03-09", "Mali / مالي", "La négociation continue. ترحب الحكومة بالحوار.")
	cut := strings.Index(two.Statement.Text, "ت")
	two.Reading.Langs = []statement.LangRun{{Start: 0, End: cut, Lang: "fr"}, {Start: cut, End: len(two.Statement.Text), Lang: "ar"}}
	own := doc("own", "fr", "2019", "", "Nous partirons si la France part.", statement.Position{
		Actor: "jnim", Speaker: "iyad-ag-ghaly", Topic: statement.Dialogue, Target: "mali-government", Stance: statement.Conditional, Condition: "si la France part", FirstHand: true,
	})
	own.Statement.Outlet, own.Statement.Grade = "Az-Zallāqa", ""
	unread := doc("unread", "bm", "2020-03-01", "Kuma", "Kɛlɛ ka ban, Mali ka sigi.")
	unread.Reading.Langs, unread.Reasons, unread.Reading.Places = nil, nil, nil
	far := doc("far", "en", "2031-01-01", "MINUSMA", "MINUSMA's withdrawal; withdrawals.", statement.Position{Actor: "france", Topic: statement.Sharia, Stance: statement.Pro})
	far.Reasons = []statement.Reason{statement.First, statement.WalkBack}
	return append(corpus(), two, own, unread, far, doc("bare", "en", "2020-03", "", "… — !"))
}

// asked are queries of every form that the language has.
var asked = []string{
	"", "négocier", "negociation", "NÉGOCIATIONS", "Keita", "état", "l'État", "exact:négocier", "exact:négociation", "négo*", "parti*", "withdraw*",
	`"groupes armés"`, "« groupes armés »", `"armés groupes"`, `"partirons si"`, "الحوار", "حوار", "بالحوار", `"ترحب الجماعة"`, `"ترحب الحكومة"`, "حكو*", "مالي",
	"withdrawal", "withdrawals", "exact:withdrawals", "minusma withdrawal", "MINUSMA", "kɛlɛ", "kele", "Mali", "absent",
	"topic:dialogue", "stance:anti", "topic:dialogue stance:anti", "topic:dialogue actor:jnim stance:anti", "actor:jnim", "actor:katiba-macina",
	"speaker:iyad-ag-ghaly", "speaker:iyad-ag-ghaly stance:conditional", "topic:dialogue target:mali-government", "target:france", "target:mali-government", "source:rfi", `outlet:az-zallaqa`, "lang:fr", "lang:ar", "kind:wire", "place:kidal",
	"grade:b", "cond:yes", "cond:no", "first-hand:yes", "reason:shift", "reason:walk-back",
	"date:2020", "date:2020-02", "date:2020-02/2020-03", "date:P7D", "date:P9999D", "date:2031",
	"Koufa", "«amadou koufa»", "JNIM without:jnim", "UN", "négocier NEAR/5 groupes", `"groupes armés"~3`, `"partirons part"~3`, "négo* NEAR/9 exact:groupes", "ترحب NEAR/1 حوار",
	"actor:GSIM", `speaker:"إياد أغ غالي"`, "date:2020-03/", "date:/2020", "cessez-le-feu", "talks without:\"talks/négociation\"",
	"NOT négocier", "-topic:dialogue", "NOT NOT Mali", "(négocier OR withdrawal) -MINUSMA", "lang:ar OR lang:bm", "NOT (lang:fr OR lang:en)",
}

// checkSame fails unless each query matches the documents that search finds.
func checkSame(t interface{ Errorf(string, ...any) }, x *index.Index, m *index.Matcher, docs []index.Doc, queries []string) {
	queries = slices.Compact(slices.Sorted(slices.Values(queries)))
	matched := make(map[string][]string)
	for _, d := range docs {
		for _, q := range queries {
			ok, err := m.Matches(context.Background(), q, d)
			if err != nil {
				t.Errorf("%s: %v", q, err)
			}
			if ok {
				matched[q] = append(matched[q], d.Statement.Of)
			}
		}
	}
	for _, q := range queries {
		parsed, err := x.Reader().Parse(context.Background(), q)
		if err != nil {
			t.Errorf("%s: %v", q, err)
			continue
		}
		res, err := x.Search(context.Background(), index.Request{Query: parsed, Limit: 100})
		if err != nil {
			t.Errorf("%s: %v", q, err)
			continue
		}
		var found []string
		for _, h := range res.Hits {
			found = append(found, h.ID)
		}
		slices.Sort(found)
		slices.Sort(matched[q])
		if diff := cmp.Diff(found, matched[q]); diff != "" {
			t.Errorf("%s: what search finds and what matches differ (-found +matched):\n%s", q, diff)
		}
	}
}

func TestAlertIsSearch(t *testing.T) {
	x, m := open(t, t.TempDir()), newMatcher(t)
	docs := arrivals()
	if err := x.Update(t.Context(), docs, int64(len(docs))); err != nil {
		t.Fatal(err)
	}
	checkSame(t, x, m, docs, asked)
	useless := 0
	for _, q := range asked {
		if n := len(search(t, x, q)); n == 0 || n == len(docs) {
			useless++
		}
	}
	if useless > len(asked)/4 {
		t.Errorf("%d of %d queries tell nothing about the documents", useless, len(asked))
	}
	rapid.Check(t, func(t *rapid.T) {
		checkSame(t, x, m, docs, rapid.SliceOfN(rapid.Custom(compound), 10, 10).Draw(t, "queries"))
	})
}

// compound draws a query that is made of others.
func compound(t *rapid.T) string {
	part := func() string {
		q := rapid.SampledFrom(asked[1:]).Draw(t, "part")
		return rapid.SampledFrom([]string{"", "NOT ", "-"}).Draw(t, "sign") + "(" + q + ")"
	}
	q := part()
	for range rapid.IntRange(1, 3).Draw(t, "more") {
		q += rapid.SampledFrom([]string{" ", " AND ", " OR "}).Draw(t, "operator") + part()
	}
	return q
}

func TestMatcherSeesEachRevision(t *testing.T) {
	m := newMatcher(t)
	d := doc("a", "en", "2020", "", "withdrawal")
	for i, step := range []struct {
		change func()
		query  string
		want   bool
	}{
		{func() {}, "withdrawal", true},
		{func() { d.Statement.Text = "renewal" }, "withdrawal", false},
		{func() { d.Reasons = nil }, "reason:shift", false},
		{func() { d.Reasons = []statement.Reason{statement.Shift} }, "reason:shift", true},
		{func() { d.Statement.Grade = "C" }, "grade:b", false},
	} {
		step.change()
		if got, err := m.Matches(t.Context(), step.query, d); err != nil || got != step.want {
			t.Errorf("step %d: %s matches %t, %v, want %t", i, step.query, got, err, step.want)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := m.Matches(t.Context(), "renewal", d); err != nil || !got {
		t.Errorf("after closing: %t, %v, want the matcher to begin anew", got, err)
	}
}

func TestMatcherRefusesWhatSearchRefuses(t *testing.T) {
	m := newMatcher(t)
	for _, q := range []string{"(", `"open`, "*", "ab*", "colour:red", "stance:maybe", "date:yesterday", "AND", "a OR", "topic:", strings.Repeat("a ", 100)} {
		_, want := m.Reader().Parse(t.Context(), q)
		_, got := m.Matches(t.Context(), q, corpus()[0])
		for _, err := range []error{want, got, m.Reader().Check(t.Context(), q)} {
			var s *index.SyntaxError
			if !errors.As(err, &s) || err.Error() != want.Error() {
				t.Errorf("%.20s: %v, want the syntax error %v", q, err, want)
			}
		}
	}
	if err := m.Reader().Check(t.Context(), `(négocier OR "قوات فرنسا") actor:jnim`); err != nil {
		t.Errorf("good query: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Matches(ended, "Mali", corpus()[0]); !errors.Is(err, context.Canceled) {
		t.Errorf("matching after the end: %v, want %v", err, context.Canceled)
	}
}

// BenchmarkMatches tries the queries of 300 receivers on each new statement.
func BenchmarkMatches(b *testing.B) {
	for _, receivers := range []int{1, 300} {
		b.Run(fmt.Sprintf("receivers=%d", receivers), func(b *testing.B) {
			news, m := newNews(b), newMatcher(b)
			matched, tried := 0, 0
			for b.Loop() {
				b.StopTimer()
				d := news.doc()
				b.StartTimer()
				for i := range receivers {
					ok, err := m.Matches(b.Context(), asked[i%len(asked)], d)
					if err != nil {
						b.Fatal(err)
					}
					tried++
					if ok {
						matched++
					}
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e6/float64(tried), "µs/query")
			b.ReportMetric(float64(matched)/float64(tried), "matched")
		})
	}
}
