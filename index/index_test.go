package index_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/index"
	"palabre/statement"
)

func names(texts ...string) []statement.Name {
	out := make([]statement.Name, len(texts))
	for i, t := range texts {
		out[i].Text = t
	}
	return out
}

var registry = &statement.Registry{
	Actors: []statement.Actor{
		{ID: "jnim", Kind: statement.Coalition, Label: "JNIM", Names: names("JNIM", "GSIM", "نصرة الإسلام", "جماعة نصرة الإسلام والمسلمين", "Groupe de soutien à l'islam et aux musulmans")},
		{ID: "katiba-macina", Kind: statement.ArmedGroup, PartOf: "jnim", Label: "Katiba Macina", Names: names("Katiba Macina")},
		{ID: "france", Kind: statement.State, Label: "France", Names: names("France", "فرنسا", "Élysée"), Capitals: names("Paris")},
		{ID: "mali-government", Kind: statement.State, Label: "Government of Mali"},
		{ID: "un", Kind: statement.Body, Label: "United Nations", Names: names("UN", "ONU", "United Nations", "Nations unies", "الأمم المتحدة")},
		{ID: "unknown", Kind: statement.Nobody, Label: "Unknown", Names: names("observers")},
	},
	Persons: []statement.Person{
		{ID: "amadou-koufa", Label: "Amadou Koufa", Names: names("Amadou Koufa", "Koufa", "Kouffa", "كوفا", "أمادو كوفا", "Hamadoun Kufa")},
		{ID: "iyad-ag-ghaly", Label: "Iyad ag Ghaly", Names: append(names("Iyad ag Ghaly", "إياد أغ غالي"), statement.Name{Text: "Cheikh", Weak: true})},
	},
	Places: []statement.Place{{ID: "kidal", Kind: "cercle", Label: "Kidal", Names: names("Kidal", "كيدال")}},
	Terms: []statement.Term{
		{ID: "talks", Label: statement.Labels{En: "Talks", Fr: "Négociations", Ar: "مفاوضات"}, Names: []statement.Name{
			{Text: "négociation", Lang: "fr"},
			{Text: "négociations", Lang: "fr"},
			{Text: "pourparlers", Lang: "fr"},
			{Text: "talks", Lang: "en"},
			{Text: "مفاوضات", Lang: "ar"},
			{Text: "مفاوضة", Lang: "ar"},
			{Text: "مفاوضين", Lang: "ar"},
			{Text: "kumaɲɔgɔnya", Lang: "bm"},
		}},
		{ID: "ceasefire", Label: statement.Labels{En: "Ceasefire", Fr: "Cessez-le-feu", Ar: "وقف إطلاق النار"}, Names: []statement.Name{
			{Text: "cessez-le-feu", Lang: "fr"}, {Text: "ceasefire", Lang: "en"}, {Text: "cease-fire", Lang: "en"}, {Text: "وقف إطلاق النار", Lang: "ar"},
		}},
	},
}

func open(t testing.TB, dir string) *index.Index {
	t.Helper()
	x, err := index.Open(context.Background(), dir, index.Options{
		Registry: registry, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return time.Date(2020, 3, 10, 0, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

func doc(id, language, date, title, text string, positions ...statement.Position) index.Doc {
	d, err := statement.ParseDate(date, "test")
	if err != nil {
		panic(err)
	}
	return index.Doc{
		Statement: &statement.Statement{ID: id, Of: id, Source: "rfi", Outlet: "rfi", Kind: statement.Wire, Title: title, Text: text, Said: d, Grade: "B"},
		Reading:   &statement.Reading{Langs: []statement.LangRun{{Start: 0, End: len(text), Lang: language, Read: true}}, Positions: positions, Places: []string{"kidal"}},
		Reasons:   []statement.Reason{statement.Shift},
	}
}

func corpus() []index.Doc {
	pos := func(actor string, topic statement.Topic, stance statement.Stance) statement.Position {
		return statement.Position{Actor: actor, Topic: topic, Stance: stance, Target: "france"}
	}
	return []index.Doc{
		doc("fr1", "fr", "2020-02-10", "Mali : vers une négociation", "Le président Keïta a évoqué la négociation avec les groupes armés. L'État doit parler.", pos("france", statement.Dialogue, statement.Anti)),
		doc("fr2", "fr", "2020-03-08", "Communiqué", "La katiba dit vouloir négocier.", pos("katiba-macina", statement.Dialogue, statement.Conditional), pos("katiba-macina", statement.ForeignTroops, statement.Anti)),
		doc("ar1", "ar", "2020-03-09", "بيان", "ترحب الجماعة بالحوار مع الحكومة المالية.", pos("jnim", statement.Dialogue, statement.Pro)),
		doc("en1", "en", "2021-06-10", "France to cut troops", "The withdrawal of MINUSMA and French troops was discussed.", pos("france", statement.ForeignTroops, statement.Anti)),
	}
}

func search(t testing.TB, x *index.Index, q string) []string {
	t.Helper()
	parsed, err := x.Reader().Parse(context.Background(), q)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	res, err := x.Search(context.Background(), index.Request{Query: parsed, Sort: index.Oldest, Limit: 100})
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	ids := []string{}
	for _, h := range res.Hits {
		ids = append(ids, h.ID)
	}
	if int(res.Total) != len(ids) {
		t.Errorf("%s: total %d for %d hits", q, res.Total, len(ids))
	}
	return ids
}

func TestSearch(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	if err := x.Update(context.Background(), corpus(), 4); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ query, want string }{
		{"", "fr1 fr2 ar1 en1"},
		{"négocier", "fr1 fr2"},
		{"negociation", "fr1 fr2"},
		{"Keita", "fr1"},
		{"état", "fr1"},
		{"الحوار", "ar1"},
		{"حوار", "ar1"},
		{"MINUSMA AND withdrawal", "en1"},
		{"minusma withdrawals", "en1"},
		{"exact:withdrawals", ""},
		{"négo*", "fr1 fr2"},
		{`"groupes armés"`, "fr1"},
		{"« groupes armés »", "fr1"},
		{"“armés groupes”", ""},
		{"négociation OR withdrawal", "fr1 fr2 en1"},
		{"NOT négocier", "ar1 en1"},
		{"-négocier", "ar1 en1"},
		{"(négocier OR withdrawal) -MINUSMA", "fr1 fr2"},
		{"topic:dialogue", "fr1 fr2 ar1"},
		{"actor:jnim", "fr2 ar1"},
		{"actor:katiba-macina", "fr2"},
		{"topic:dialogue stance:anti", "fr1"},
		{"topic:dialogue AND actor:jnim AND stance:anti", ""},
		{"cond:yes", "fr2"},
		{"place:kidal lang:ar", "ar1"},
		{"grade:b reason:shift lang:en", "en1"},
		{"date:2020", "fr1 fr2 ar1"},
		{"date:2020-02", "fr1"},
		{"date:2020-02/2020-03", "fr1 fr2 ar1"},
		{"date:P7D", "fr2 ar1"},
		{"first-hand:yes", ""},
	} {
		if got := strings.Join(search(t, x, c.query), " "); got != c.want {
			t.Errorf("%s: found %q, want %q", c.query, got, c.want)
		}
	}
}

// TestOnePositionHasAllThatIsAskedOfIt looks for what two positions of a statement
// have between them.
func TestOnePositionHasAllThatIsAskedOfIt(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	d := doc("two", "en", "2020", "", "He would talk to Bamako. The French must go, says the katiba.", statement.Position{
		Actor: "jnim", Speaker: "iyad-ag-ghaly", Topic: statement.Dialogue, Target: "mali-government", Stance: statement.Pro,
	}, statement.Position{Actor: "katiba-macina", Topic: statement.ForeignTroops, Target: "france", Stance: statement.Anti})
	if err := x.Update(t.Context(), []index.Doc{d}, 1); err != nil {
		t.Fatal(err)
	}
	for query, found := range map[string]bool{
		"topic:dialogue target:mali-government":                                             true,
		"topic:dialogue target:france":                                                      false,
		"speaker:iyad-ag-ghaly stance:pro":                                                  true,
		"speaker:iyad-ag-ghaly stance:anti":                                                 false,
		"speaker:iyad-ag-ghaly target:france":                                               false,
		"actor:jnim target:france stance:anti":                                              true, // the katiba is a part of it
		"actor:katiba-macina target:mali-government":                                        false,
		"topic:dialogue stance:pro actor:jnim speaker:iyad-ag-ghaly target:mali-government": true,
		"topic:dialogue stance:pro actor:jnim speaker:iyad-ag-ghaly target:france":          false,
		"topic:dialogue (target:france OR target:mali-government) -actor:france":            true,
		"target:france target:mali-government":                                              true, // no position has two, so each is looked for by itself
	} {
		if got := len(search(t, x, query)) == 1; got != found {
			t.Errorf("%s: found %t, want %t", query, got, found)
		}
	}
}

func TestUpdateReplacesTheEarlierRevision(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	first := doc("a", "en", "2020", "", "withdrawal")
	second := doc("b", "en", "2020", "", "renewal")
	second.Statement.Of = "a"
	for row, d := range []index.Doc{first, second} {
		if err := x.Update(context.Background(), []index.Doc{d}, int64(row+1)); err != nil {
			t.Fatal(err)
		}
	}
	if got := search(t, x, "withdrawal"); len(got) != 0 {
		t.Errorf("the earlier text is still found: %v", got)
	}
	if diff := cmp.Diff([]string{"a"}, search(t, x, "renewal")); diff != "" {
		t.Error(diff)
	}
	if x.Applied() != 2 {
		t.Errorf("applied %d, want 2", x.Applied())
	}
}

func TestPagesCoverEverythingOnce(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	var docs []index.Doc
	for i := range 57 {
		docs = append(docs, doc(fmt.Sprintf("s%02d", i), "en", "2020-01-02", "", "the same withdrawal text"))
	}
	if err := x.Update(context.Background(), docs, 57); err != nil {
		t.Fatal(err)
	}
	q, err := index.Parse("withdrawal")
	if err != nil {
		t.Fatal(err)
	}
	for _, order := range []index.Sort{index.Relevance, index.Newest, index.Oldest} {
		seen := make(map[string]int)
		req := index.Request{Query: q, Limit: 10, Sort: order}
		for pages := 0; ; pages++ {
			res, err := x.Search(context.Background(), req)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range res.Hits {
				seen[h.ID]++
			}
			if req.Cursor = res.Next; res.Next == "" || pages > 10 {
				break
			}
		}
		if len(seen) != len(docs) {
			t.Errorf("%s: %d of %d seen", order, len(seen), len(docs))
		}
		for id, n := range seen {
			if n != 1 {
				t.Errorf("%s: %s came %d times", order, id, n)
			}
		}
	}
}

func TestCursorOfAnotherSearchIsRefused(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	if err := x.Update(context.Background(), corpus(), 4); err != nil {
		t.Fatal(err)
	}
	res, err := x.Search(context.Background(), index.Request{Limit: 2})
	if err != nil || res.Next == "" {
		t.Fatal(res, err)
	}
	q, err := index.Parse("négocier")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []string{res.Next, "rubbish", "e30"} {
		if _, err := x.Search(context.Background(), index.Request{Query: q, Cursor: c}); !errors.Is(err, index.ErrCursor) {
			t.Errorf("cursor %q: got %v", c, err)
		}
	}
}

func TestFacetsCount(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	if err := x.Update(context.Background(), corpus(), 4); err != nil {
		t.Fatal(err)
	}
	res, err := x.Search(context.Background(), index.Request{Facets: true, Filter: []index.Filter{{Name: "topic", Values: []string{"dialogue"}}}})
	if err != nil {
		t.Fatal(err)
	}
	if res.Total != 3 {
		t.Errorf("total %d, want 3", res.Total)
	}
	if diff := cmp.Diff([]index.Count{{Value: "fr", Count: 2}, {Value: "ar", Count: 1}}, res.Facets["lang"]); diff != "" {
		t.Error(diff)
	}
}

func TestReopenKeepsWhatWasApplied(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bleve")
	x := open(t, dir)
	if err := x.Update(context.Background(), corpus(), 9); err != nil {
		t.Fatal(err)
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	if again.Applied() != 9 {
		t.Errorf("applied %d, want 9", again.Applied())
	}
	if got := search(t, again, "topic:dialogue"); len(got) != 3 {
		t.Errorf("found %v", got)
	}
}

func TestDamageIsBuiltAnew(t *testing.T) {
	for name, damage := range map[string]func(t *testing.T, dir string){
		"truncated root": func(t *testing.T, dir string) {
			if err := os.Truncate(filepath.Join(dir, "store", "root.bolt"), 100); err != nil {
				t.Fatal(err)
			}
		},
		"no metadata": func(t *testing.T, dir string) {
			if err := os.Remove(filepath.Join(dir, "index_meta.json")); err != nil {
				t.Fatal(err)
			}
		},
		"rubbish metadata": func(t *testing.T, dir string) {
			if err := os.WriteFile(filepath.Join(dir, "index_meta.json"), []byte("{"), 0o600); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "bleve")
			x := open(t, dir)
			if err := x.Update(context.Background(), corpus(), 4); err != nil {
				t.Fatal(err)
			}
			if err := x.Close(); err != nil {
				t.Fatal(err)
			}
			damage(t, dir)
			again := open(t, dir)
			if again.Applied() != 0 {
				t.Errorf("applied %d, want 0", again.Applied())
			}
			if err := again.Update(context.Background(), corpus(), 4); err != nil {
				t.Fatal(err)
			}
			if got := search(t, again, "négocier"); len(got) != 2 {
				t.Errorf("found %v after the rebuild", got)
			}
		})
	}
}

func TestSecondOpenerIsTold(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bleve")
	x := open(t, dir)
	if err := x.Update(context.Background(), corpus(), 4); err != nil {
		t.Fatal(err)
	}
	_, err := index.Open(context.Background(), dir, index.Options{Registry: registry, Log: slog.New(slog.DiscardHandler)})
	if !errors.Is(err, index.ErrInUse) {
		t.Errorf("got %v, want ErrInUse", err)
	}
	if got := search(t, x, "négocier"); len(got) != 2 {
		t.Errorf("the first opener lost its index: %v", got)
	}
}
