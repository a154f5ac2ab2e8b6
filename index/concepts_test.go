package index_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/index"
)

// scripts are statements on the same things in several languages and scripts.
func scripts() []index.Doc {
	two := doc("two", "fr", "2020-03-09", "Mali / مالي", "Le dialogue continue. ترحب الحكومة والحوار قائم.")
	cut := strings.Index(two.Statement.Text, "ت")
	two.Reading.Langs[0].End = cut
	two.Reading.Langs = append(two.Reading.Langs, two.Reading.Langs[0])
	two.Reading.Langs[1].Start, two.Reading.Langs[1].End, two.Reading.Langs[1].Lang = cut, len(two.Statement.Text), "ar"
	return []index.Doc{
		doc("koufa-fr", "fr", "2020", "Vidéo d'Amadou Kouffa", "Il rejette les pourparlers avec l'État."),
		doc("koufa-en", "en", "2020", "", "Amadou Koufa spoke of a ceasefire. The United Nations did not."),
		doc("koufa-ar", "ar", "2020", "", "قال حمدون كوفا إن المفاوضات لن تنجح بوقف إطلاق النار"),
		doc("jnim-ar", "ar", "2020", "", "بيان لجماعة نصرة الإسلام والمسلمين عن مفاوضيها"),
		doc("neg-ar", "ar", "2020", "", "جاء الوفد بمفاوضين جدد إلى كيدال"),
		doc("bam", "bm", "2020", "", "Kumaɲɔgɔnya daminɛna Kidali."),
		doc("talk", "en", "2020", "", "A talk show about us, un jour à Paris."),
		doc("fr-neg", "fr", "2020", "", "On a négocié : un état de fait, d'accord, dit M. Keïta à l’Élysée."),
		two,
	}
}

func scriptIndex(t *testing.T) *index.Index {
	t.Helper()
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	if err := x.Update(t.Context(), scripts(), 1); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestWordsAreFoundInEveryScript(t *testing.T) {
	x, m := scriptIndex(t), newMatcher(t)
	var queries []string
	for _, c := range []struct{ query, want string }{
		// Names of persons and bodies.
		{"Koufa", "koufa-ar koufa-en koufa-fr"},
		{"Kouffa", "koufa-ar koufa-en koufa-fr"},
		{"كوفا", "koufa-ar koufa-en koufa-fr"},
		{`"Amadou Koufa"`, "koufa-ar koufa-en koufa-fr"},
		{"exact:Koufa", "koufa-en"},
		{`exact:"Amadou Koufa"`, "koufa-en"},
		{"koufa without:amadou-koufa", "koufa-en"},
		{"koufa without:amadou-koufa/كوفا", "koufa-en koufa-fr"},
		{"GSIM", "jnim-ar"},
		{"UN", "koufa-en talk fr-neg"}, // found as written too
		{"ONU", "koufa-en"},            // but not looked for
		{"un", "talk fr-neg"},          // nor taken for the body
		{"France", "fr-neg"},           // by the Élysée, not by Paris
		{"cheikh", ""},                 // weak
		{"كيدال", "neg-ar"},            // Kidali is Bambara for in Kidal, another word
		{"observers", ""},              // nobody's name
		{"Katiba Macina", ""},          // nobody names it
		{"الأمم المتحدة", "koufa-en"},
		{"«الأمم المتحدة»", "koufa-en"},
		{"exact:الأمم المتحدة", ""},
		{"الأمم AND المتحدة", ""}, // two words
		{"(الأمم المتحدة) koufa", "koufa-en"},
		{"koufa الأمم المتحدة ceasefire", "koufa-en"},
		{"koufa الأمم المتحدة without:un", ""},
		{"koufa -(الأمم المتحدة) -kouffa OR (الأمم المتحدة)", "koufa-en"},
		{"المتحدة الأمم", ""}, // not in this order
		// Terms.
		{"négociation", "bam fr-neg koufa-ar koufa-fr neg-ar"},
		{"talks", "bam koufa-ar koufa-fr neg-ar talk"},
		{"مفاوضات", "bam koufa-ar koufa-fr neg-ar"},
		{"بالمفاوضات", "bam koufa-ar koufa-fr neg-ar"},
		{"مفاوضة", "bam koufa-ar koufa-fr neg-ar"},
		{"kumaɲɔgɔnya", "bam koufa-ar koufa-fr neg-ar"},
		{"exact:talks", ""},
		{"talks without:talks", "talk"},
		{"ceasefire", "koufa-ar koufa-en"},
		{`"cessez-le-feu"`, "koufa-ar koufa-en"},
		{"cessez-le-feu", "koufa-ar koufa-en"},
		{"Koufa ceasefire -talks", "koufa-en"},
		{"Kouffa NEAR/4 talks", "koufa-ar koufa-fr"},
		{"Kouffa NEAR/2 talks", "koufa-ar"},
		// Forms of one language.
		{"négocier", "fr-neg"},
		{"Keita", "fr-neg"},
		{"L'État", "fr-neg koufa-fr"},
		{"l'Etat", "fr-neg koufa-fr"},
		{"l'éta*", "fr-neg koufa-fr"},
		{"état", "fr-neg koufa-fr"},
		{"d'accord", "fr-neg"},
		{"exact:d'accord", "fr-neg"},
		{"exact:l'État", "koufa-fr"},
		{"الحوار", "two"},
		{"حوار", "two"},
		{"dialogues", "two"},
		{"نصره", "jnim-ar"},
		{"وفد", "neg-ar"},
	} {
		queries = append(queries, c.query)
		got := search(t, x, c.query)
		slices.Sort(got)
		want := strings.Fields(c.want)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: found %q, want %q", c.query, got, want)
		}
	}
	checkSame(t, x, m, scripts(), queries)
}

// TestArticleOfAPhraseIsNotOfItsName sees that a name typed with the article that
// French puts before it is looked for without it too.
func TestArticleOfAPhraseIsNotOfItsName(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	docs := []index.Doc{
		doc("with", "fr", "2020", "", "On dit à l'Élysée que tout va bien."),
		doc("without", "fr", "2020", "", "Un conseiller d'Élysée dit que tout va bien."),
	}
	if err := x.Update(t.Context(), docs, 1); err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string][]string{`"l'Élysée"`: {"with", "without"}, `exact:"l'Élysée"`: {"with"}} {
		got := search(t, x, query)
		if slices.Sort(got); !slices.Equal(got, want) {
			t.Errorf("%s: found %q, want %q", query, got, want)
		}
	}
}

func TestWordsThatStandNear(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	docs := []index.Doc{
		doc("a", "fr", "2020", "", "Le chef parle de la paix, et la paix parle au chef. Un ministre négociait hier avec Kouffa."),
		doc("b", "fr", "2020", "Accord", "Paix, dit le ministre. Une longue phrase sépare ici ces mots du chef qui parle trop de tout."),
		doc("c", "ar", "2020", "", "ناقشت الحكومة الحوار مع الجماعة ثم الحوار مع فرنسا"),
	}
	if err := x.Update(t.Context(), docs, 1); err != nil {
		t.Fatal(err)
	}
	m := newMatcher(t)
	var queries []string
	for _, c := range []struct{ query, want string }{
		{`"chef parle"`, "a"},
		{`"parle chef"`, ""},
		{`"parle chef"~1`, "a b"},
		{`"paix chef"~1`, ""},
		{`"paix chef"~2`, "a"},
		{`"chef paix"~50`, "a b"},
		{`"paix paix"~2`, "a"},
		{`"paix paix"~1`, ""},
		{`"paix paix paix"~50`, ""},
		{`"ministre hier Kouffa"~2`, "a"},
		{`"ministre hier Kouffa"~1`, ""},
		{`"accord dit"~1`, "b"},
		{"chef NEAR/1 parle", "a b"},
		{"parle NEAR/1 chef", "a b"},
		{"paix NEAR/4 ministre", "a b"},
		{"paix NEAR/3 ministre", "b"},
		{"négocier NEAR/3 Koufa", "a"},
		{"exact:négocier NEAR/3 Koufa", ""},
		{"négoc* NEAR/3 exact:Kouffa", "a"},
		{"ministre NEAR/1 négocier NEAR/2 Koufa", "a"},
		{"ministre NEAR/1 paix NEAR/2 Koufa", ""},
		{`"le ministre" NEAR/1 paix`, "b"},
		{`"dit le ministre" NEAR/5 "une longue phrase"`, "b"},
		{"paix NEAR/50 absent", ""},
		{"حوار NEAR/2 حكومة", "c"},
		{"حوار NEAR/1 فرنسا", "c"},
		{"حكومة NEAR/1 France", ""},
		{"NOT chef NEAR/1 parle", "c"},
		{"c'est-à-dire", ""},
		{"long-phrase", ""},
		{"longue-phrase", "b"},
		{"longue-phr*", "b"},
		{"longue-phx*", ""},
	} {
		queries = append(queries, c.query)
		if got := strings.Join(search(t, x, c.query), " "); got != c.want {
			t.Errorf("%s: found %q, want %q", c.query, got, c.want)
		}
	}
	checkSame(t, x, m, docs, queries)
}

func TestConceptsAreParts(t *testing.T) {
	show := func(q *index.Query) []string {
		var out []string
		for _, c := range q.Concepts() {
			line := fmt.Sprintf("%s %s %q", c.Kind, c.ID, c.Typed)
			if c.Out {
				line += " out"
			}
			for _, n := range c.Names {
				line += " " + n.Text
				if n.Out {
					line += "(out)"
				}
			}
			out = append(out, line)
		}
		return out
	}
	for _, c := range []struct {
		query *index.Query
		text  string
		want  []string
	}{
		{parse(t, "koufa koufa"), "koufa AND koufa", []string{`person amadou-koufa "koufa" Kouffa كوفا Hamadoun Kufa`}},
		{parse(t, `"hamadoun kufa" NEAR/3 jnim`), `"hamadoun kufa" NEAR/3 jnim`, []string{
			`person amadou-koufa "hamadoun kufa" Koufa Kouffa كوفا`, `actor jnim "jnim" GSIM نصرة الإسلام Groupe de soutien à l'islam et aux musulmans`,
		}},
		{parse(t, "jnim OR absent exact:koufa").Without("jnim"), "(jnim OR (absent AND exact:koufa)) without:jnim", []string{
			`actor jnim "jnim" out GSIM نصرة الإسلام Groupe de soutien à l'islam et aux musulmans`,
		}},
		{parse(t, "jnim").Without("jnim/نصرة الإسلام", `jnim/GSIM`), `jnim without:jnim/GSIM without:"jnim/نصرة الإسلام"`, []string{
			`actor jnim "jnim" GSIM(out) نصرة الإسلام(out) جماعة نصرة الإسلام والمسلمين Groupe de soutien à l'islam et aux musulmans`,
		}},
		{parse(t, "jnim without:jnim/GSIM without:jnim").With("jnim", "jnim/GSIM"), "jnim", []string{
			`actor jnim "jnim" GSIM نصرة الإسلام Groupe de soutien à l'islam et aux musulmans`,
		}},
		{parse(t, `search:"line of jnim" without:ceasefire`), `search:"line of jnim" without:ceasefire`, []string{
			`term ceasefire "ceasefire" out cessez-le-feu cease-fire وقف إطلاق النار`,
		}},
		{parse(t, "UN"), "UN", []string{`actor un "UN" ONU United Nations Nations unies الأمم المتحدة`}},
		{parse(t, "un Paris cheikh exact:jnim topic:dialogue"), "un AND Paris AND cheikh AND exact:jnim AND topic:dialogue", nil},
		{parse(t, ""), "", nil},
	} {
		if got := c.query.String(); got != c.text {
			t.Errorf("query %q, want %q", got, c.text)
		}
		if diff := cmp.Diff(c.want, show(c.query)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.query, diff)
		}
		if again := parse(t, c.query.String()); !index.SameQuery(again, c.query) {
			t.Errorf("%q parses to another query", c.query)
		}
	}
}

func TestConceptHasLabels(t *testing.T) {
	c := parse(t, "talks").Concepts()[0]
	if c.Label.In("ar") != "مفاوضات" || c.Label.In("fr") != "Négociations" || c.Names[0].ID != "talks/négociation" || c.Names[0].Lang != "fr" {
		t.Errorf("got %+v", c)
	}
	if c := parse(t, "koufa").Concepts()[0]; c.Label.In("fr") != "Amadou Koufa" {
		t.Errorf("got %+v", c)
	}
}

func TestSavedSearchWithinASearch(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	docs := append(scripts(), corpus()...)
	if err := x.Update(t.Context(), docs, 1); err != nil {
		t.Fatal(err)
	}
	r := reader()
	for _, c := range []struct{ query, want string }{
		{"search:truce", "koufa-ar koufa-en"},
		{"-search:truce Koufa", "koufa-fr"},
		{"search:all ONU", "koufa-en"},
		{`search:"line of jnim"`, ""},
	} {
		q, err := r.Parse(t.Context(), c.query)
		if err != nil {
			t.Fatal(err)
		}
		res, err := x.Search(t.Context(), index.Request{Query: q})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range res.Hits {
			got = append(got, h.ID)
		}
		slices.Sort(got)
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s: found %q, want %q", c.query, s, c.want)
		}
	}
}

// TestRunsLeaveRoomForOtherNames writes more names side by side than may be looked
// for: those that are too many are words.
func TestRunsLeaveRoomForOtherNames(t *testing.T) {
	r := &index.Reader{Lexicon: index.NewLexicon(registry)}
	q, err := r.Parse(t.Context(), strings.Repeat("الأمم المتحدة ", 30)+" JNIM")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := r.Parse(t.Context(), q.String()); err != nil || again.String() != q.String() {
		t.Errorf("%q does not read as it is written: %v", q, err)
	}
}
