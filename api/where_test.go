package api

import (
	"strings"
	"testing"
	"time"

	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// tonguesForTest are those of the pages, by language.
func tonguesForTest(t *testing.T) map[string]*tongue {
	t.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	all, err := newTongues(reg)
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]*tongue)
	for _, tongue := range all {
		out[tongue.Lang] = tongue
	}
	return out
}

func day(t *testing.T, text string) statement.Date {
	t.Helper()
	d, err := statement.ParseDate(text, "")
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDaysAreCountedAlike(t *testing.T) {
	for _, c := range []struct {
		before, now string
		want        int
	}{
		{"2020-12-03", "2021-10-19", 320},
		{"2021-10-19", "2021-10-22", 3},
		{"2021-10-22", "2021-10-22", 0},
		{"2021-09", "2021-10-22", 22},
		{"2021-10-22T23:00:00Z", "2021-10-23T01:00:00Z", 1},
	} {
		if got := daysBetween(c.before, c.now); got != c.want {
			t.Errorf("%d days lie between %s and %s, want %d", got, c.before, c.now, c.want)
		}
	}
}

func TestGapsOfAnOpenAxisReachThisDay(t *testing.T) {
	first, last, now := day(t, "2020-12-03"), day(t, "2021-10-19"), day(t, "2026-11-26").Time
	k := &track{points: []store.Point{{When: first}, {When: last}}}
	c := newChart(tonguesForTest(t)["en"], first.Time, day(t, "2021-12-31").Time)
	c.now = now
	c.gaps(tonguesForTest(t)["en"], k)
	if len(k.Gaps) != 2 || k.Gaps[0].Days != 320 || k.Gaps[0].Open || k.Gaps[1].Days != 1864 || !k.Gaps[1].Open {
		t.Errorf("gaps %+v, want 320 days and, open, 1864", k.Gaps)
	}
	k.Gaps, c.now = nil, time.Time{}
	c.gaps(tonguesForTest(t)["en"], k)
	if len(k.Gaps) != 1 || k.Gaps[0].Open {
		t.Errorf("gaps %+v of a stretch that ends", k.Gaps)
	}
}

func TestDatesKeepTheirOrderInArabic(t *testing.T) {
	ar := tonguesForTest(t)["ar"]
	moment := ar.moment(time.Date(2026, 11, 26, 16, 49, 0, 0, time.UTC))
	if got := ar.isolate(moment); !strings.HasPrefix(got, string(isolate)+rightToLeftMark) {
		t.Errorf("%q runs as its isolates do: from left to right", got)
	}
	if got := ar.isolate("Ministry"); got != string(isolate)+"Ministry"+string(endIsolate) {
		t.Errorf("a name became %q", got)
	}
}

func TestCitedKeepsMarksWithTheTitle(t *testing.T) {
	c := statement.Citation{Title: "Ministère <b>: mission", Outlet: "Ministry", Date: day(t, "2021-10-19"), Lang: "fr"}
	for lang, want := range map[string]string{
		"ar": `<bdi class="titled">«Ministère &lt;b&gt;: mission»</bdi><span class="hidden">، </span><bdi>Ministry</bdi>، 19 أكتوبر 2021 (الفرنسية)`,
		"en": `“Ministère &lt;b&gt;: mission”, Ministry, 19 October 2021 (French)`,
	} {
		if got := string(cited(c.Format(lang))); got != want {
			t.Errorf("in %s\n%s, want\n%s", lang, got, want)
		}
	}
}

func TestWordsOfThisSiteAreInTheTongue(t *testing.T) {
	tongues := tonguesForTest(t)
	for _, c := range []struct{ lang, got, want string }{
		{"fr", tongues["fr"].note("Crisis Group Africa Report N°306, footnote 114"), "Crisis Group Africa Report N°306, note 114"},
		{"fr", tongues["fr"].note("Crisis Group Africa Report N°306, footnotes 9, 12"), "Crisis Group Africa Report N°306, notes 9, 12"},
		{"fr", tongues["fr"].note("copy on file"), "copy on file"},
		{"fr", tongues["fr"].outlet("Primature (on file)"), "Primature (au dossier)"},
		{"fr", tongues["fr"].outlet("RFI"), "RFI"},
		{"fr", tongues["fr"].channel(statement.Communique, "communique"), "communiqué"},
		{"fr", tongues["fr"].channel(statement.Interview, "radio"), "entretien, radio"},
		{"ar", tongues["ar"].channel(statement.Communique, "letter"), "بيان، رسالة"},
		{"ar", string(tongues["ar"].office("minister of religious affairs")), "وزير الشؤون الدينية"},
	} {
		if c.got != c.want {
			t.Errorf("in %s %q, want %q", c.lang, c.got, c.want)
		}
	}
}
