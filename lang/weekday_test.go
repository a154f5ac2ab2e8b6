package lang_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"palabre/lang"
)

// wednesday is when the texts of these tests are published.
var wednesday = time.Date(2021, 3, 24, 18, 0, 0, 0, time.UTC)

func TestDaysNamed(t *testing.T) {
	for _, c := range []struct {
		text string
		want []int
	}{
		{"Il a parlé lundi à Bamako, puis mardi soir.", []int{1, 2}},
		{"On Thursday he said so; yesterday he said it again.", []int{1, 6}},
		{"قال الوزير مساء الثلاثاء إن الحوار ممكن", []int{1}},
		{"وأكد الأربعاء، بعد يوم الأحد", []int{0, 3}},
		{"Lundi, lundi et encore LUNDI", []int{2}},
		{"Le 12 mars, il disait le contraire ; le 30 mars, il vote.", []int{12}},
		{"DAKAR, March 24 (Reuters) - He said so on Monday.", []int{2}},
		{"On March 12 he said no.", []int{12}},
		{"قال في 20 فبراير", []int{32}},
		{"قال في 20 فيفري", []int{32}},
		{"le 45 mars, en mars, mars 2020", nil},
		{"la semaine prochaine", nil},
		{"", nil},
	} {
		if got := lang.DaysNamedBy(c.text, 0, wednesday); !slices.Equal(got, c.want) {
			t.Errorf("days in %q: %v, want %v", c.text, got, c.want)
		}
	}
}

func TestDaysNamedBy(t *testing.T) {
	text := "La grève dure depuis jeudi. Lundi, il s'est dit prêt. Rien d'autre. Samedi, un match."
	for at, want := range map[string][]int{"grève": {6}, "prêt": {2}, "autre": {2, 6}, "match": {4}} {
		if got := lang.DaysNamedBy(text, strings.Index(text, at), wednesday); !slices.Equal(got, want) {
			t.Errorf("days by %q: %v, want %v", at, got, want)
		}
	}
	if got := lang.DaysNamedBy("", 0, wednesday); got != nil {
		t.Errorf("days in nothing: %v", got)
	}
}

func TestSaysAgain(t *testing.T) {
	for text, want := range map[string]bool{
		"Le ministre a redit son refus": true, "il l'a dit de nouveau": true, "une nouvelle fois": true, "il a un nouveau ministre": false,
		"He said again that": true, "Koufa récidive dans une vidéo": true, "once more": true, "against": false, "وجدد الوزير دعوته": true, "مرة أخرى": true, "مرة": false, "": false,
	} {
		if got := lang.SaysAgain(text); got != want {
			t.Errorf("%q says that it was said before: %t, want %t", text, got, want)
		}
	}
}
