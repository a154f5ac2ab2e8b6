package index_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/index"
)

func TestSpell(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	docs := []index.Doc{
		doc("a", "fr", "2020-03-08", "Retrait", "Le retrait des troupes, la négociation et la médiation."),
		doc("b", "fr", "2020-03-09", "Médiation", "Une médiation est en cours à Ségou."),
		doc("c", "ar", "2020-03-10", "بيان", "تشترط الجماعة خروج القوات الفرنسية."),
	}
	if err := x.Update(t.Context(), docs, 1); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		query string
		want  []index.Spelling
	}{
		{"", nil},
		{"mediaton", []index.Spelling{{Typed: "mediaton", Meant: "mediation"}}},
		{"Retraît AND segou", nil},
		{"(retrit OR médiattion) -zzzzzz", []index.Spelling{{Typed: "retrit", Meant: "retrait"}, {Typed: "médiattion", Meant: "mediation"}}},
		{"الفرنسيه", nil},
		{"القواط", []index.Spelling{{Typed: "القواط", Meant: "القوات"}}},
		{"xxx", nil},
		{strings.Repeat("m", 4096), nil},
		{"negoc* topic:dialogue", nil},
	} {
		q, err := index.Parse(c.query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := x.Spell(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.query, diff)
		}
	}
}
