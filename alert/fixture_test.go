package alert

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file under testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs; go test ./alert -update writes it anew:\n%s", name, diff)
	}
}

// names are those of a small registry.
func names() Names {
	actors := map[string]statement.Labels{
		"jnim":            {En: "JNIM", Fr: "JNIM", Ar: "نصرة الإسلام والمسلمين"},
		"katiba-macina":   {En: "Katiba Macina", Fr: "Katiba Macina"},
		"mali-government": {En: "Government of Mali", Fr: "Gouvernement du Mali", Ar: "حكومة مالي"},
		"france":          {En: "France", Fr: "France", Ar: "فرنسا"},
		"amadou-koufa":    {En: "Amadou Koufa"},
		"hcim":            {En: "High Islamic Council of Mali and of the Malians abroad", Fr: "Haut Conseil islamique du Mali et des Maliens de l’extérieur"},
	}
	outlets := map[string]string{
		"al-zallaqa": "Al-Zallaqa", "rfi": "RFI Afrique", "aljazeera": "الجزيرة", "jeune-afrique": "Jeune Afrique",
		"msc": "Bureau de l’information et de la presse de la Présidence",
	}
	demands := map[string]statement.Labels{
		"french-withdrawal": {En: "French withdrawal", Fr: "retrait français", Ar: "انسحاب القوات الفرنسية"},
	}
	return Names{
		Actor:  func(id, lang string) string { return actors[id].In(lang) },
		Outlet: func(id string) string { return outlets[id] },
		Demand: func(id, lang string) string { return demands[id].In(lang) },
	}
}

func editor(t testing.TB) *Editor {
	t.Helper()
	e, err := NewEditor(names(), "https://desk.example.org/")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// day reads a date of any precision.
func day(t testing.TB, s string) statement.Date {
	t.Helper()
	if s == "" {
		return statement.Date{}
	}
	d, err := statement.ParseDate(s, "test")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// moment reads a time.
func moment(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// shift is a signal that has everything: JNIM offers talks, on a condition.
func shift(t testing.TB) *statement.News {
	t.Helper()
	return &statement.News{
		Signal: statement.Signal{
			ID: "sig1", Reason: statement.Shift, Actor: "jnim", Speaker: "amadou-koufa", Topic: statement.Dialogue, Target: "mali-government",
			From: statement.Anti, To: statement.Conditional, Condition: "انسحاب القوات الفرنسية", Event: "ev1",
			Now: statement.Passage{Statement: "st1", Quote: "لا مفاوضات في ظل الاحتلال، ونحن مستعدون للتفاوض بعد انسحاب القوات الفرنسية", Said: day(t, "2020-03-08")},
			Then: statement.Passage{
				Statement: "st0", Quote: "Nous ne parlerons pas avec ce régime.", Said: day(t, "2018-11-01"),
			},
			At: moment(t, "2026-11-26T09:00:00Z"), Why: "JNIM moved on dialogue with Government of Mali", Confidence: 0.92, FirstHand: true,
		},
		Now: statement.Cited{
			Passage: statement.Passage{
				Statement: "st1", Quote: "لا مفاوضات في ظل الاحتلال، ونحن مستعدون للتفاوض بعد انسحاب القوات الفرنسية", Said: day(t, "2020-03-08"),
			},
			Title: "بيان", Outlet: "al-zallaqa", URL: "https://example.org/zallaqa/1", Lang: "ar", Grade: "A", Stance: statement.Conditional,
		},
		Then: statement.Cited{
			Passage: statement.Passage{Statement: "st0", Quote: "Nous ne parlerons pas avec ce régime.", Said: day(t, "2018-11-01")},
			Outlet:  "rfi", Lang: "fr", Grade: "B", Stance: statement.Anti,
		},
		Rule: "dialogue-after-withdrawal", Pack: "7f3a9c01d2", Demands: []string{"french-withdrawal"}, Places: []string{"kidal"},
		Outlets: []string{"al-zallaqa"}, Reports: 1,
	}
}

// noticeOf is a notice of news.
func noticeOf(n int64, kind statement.NoticeKind, news *statement.News) *statement.Notice {
	return &statement.Notice{N: n, Receiver: "desk", Kind: kind, Event: news.Signal.Event, Signal: news.Signal.ID, Due: news.Signal.At, News: news}
}

// failureOf returns the failure that a way ended in.
func failureOf(t *testing.T, err error) *Failure {
	t.Helper()
	var f *Failure
	if !errors.As(err, &f) {
		t.Fatalf("got %v, want a failure", err)
	}
	return f
}
