package lang_test

import (
	"slices"
	"testing"
	"time"

	"palabre/lang"
)

func TestDaysNamed(t *testing.T) {
	for _, c := range []struct {
		text string
		on   time.Weekday
		want []int
	}{
		{"Il a parlé lundi à Bamako, puis mardi soir.", time.Tuesday, []int{0, 1}},
		{"On Thursday he said so; yesterday he said it again.", time.Saturday, []int{1, 2}},
		{"قال الوزير مساء الثلاثاء إن الحوار ممكن", time.Wednesday, []int{1}},
		{"وأكد الأربعاء، بعد يوم الأحد", time.Wednesday, []int{0, 3}},
		{"Lundi, lundi et encore LUNDI", time.Monday, []int{0}},
		{"la semaine prochaine", time.Monday, nil},
		{"", time.Monday, nil},
	} {
		if got := lang.DaysNamed(c.text, c.on); !slices.Equal(got, c.want) {
			t.Errorf("days in %q, published on a %s: %v, want %v", c.text, c.on, got, c.want)
		}
	}
}
