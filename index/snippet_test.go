package index_test

import (
	"strings"
	"testing"

	"palabre/index"
)

// marked writes a text with its marks in brackets.
func marked(text string, marks []index.Span) string {
	out, at := "", 0
	for _, m := range marks {
		out += text[at:m.Start] + "[" + text[m.Start:m.End] + "]"
		at = m.End
	}
	return out + text[at:]
}

func TestSnippetMarksTheWordsFound(t *testing.T) {
	for _, c := range []struct{ query, text, want string }{
		{"négocier", "Rien. La négociation avance.", "La [négociation] avance."},
		{"Keita", "Le président Keïta parle.", "Le président [Keïta] parle."},
		{"حوار", "مقدمة. ترحب الجماعة بالحوار.", "ترحب الجماعة [بالحوار]."},
		{"nego*", "On négocie.", "On [négocie]."},
		{"groupes-arm*", "Groupes. Des groupes armés.", "Des [groupes] [armés]."},
		{"absent", "Premier mot. Second.", "Premier mot. Second."},
		{"NOT Second", "Premier mot. Second.", "Premier mot. Second."},
		{"topic:dialogue", "Premier mot. Second.", "Premier mot. Second."},
		{"", "", ""},
		// The best sentence has the most parts of the query.
		{"Mali paix", "Mali, Mali, Mali. La paix au Mali. La paix.", "La [paix] au [Mali]. La [paix]."},
		{"Mali OR paix", "Le Mali. La paix au Mali.", "La [paix] au [Mali]."},
		{"Mali", "Le Mali. Le Mali, ce Mali.", "Le [Mali], ce [Mali]."},
		// Phrases and distances count where they stand as asked for.
		{`"groupes armés"`, "Les armés, les groupes. Des groupes armés.", "Des [groupes] [armés]."},
		{`"armés groupes"~1`, "Les groupes. Les armés et groupes.", "Les [armés] et [groupes]."},
		{"paix NEAR/2 Mali", "Mali et encore trop loin de la paix. La paix du Mali.", "La [paix] du [Mali]."},
		{"paix NEAR/1 du NEAR/1 Mali", "Paix du nord. La paix du Mali. Et le Mali.", "La [paix] [du] [Mali]. Et le Mali."},
		{"paix NEAR/2 négocier", "La paix fut négociée. Rien.", "La [paix] fut [négociée]. Rien."},
		// Names in other scripts, and what is left out of them.
		{"Koufa", "Rien ici. قال أمادو كوفا كلمة.", "قال أمادو [كوفا] كلمة."},
		{"مفاوضات", "Peace. The talks began.", "The [talks] began."},
		{"talks", "بدأت. ورحب بالمفاوضات اليوم.", "ورحب [بالمفاوضات] اليوم."},
		{"ceasefire", "Un feu. Le cessez-le-feu tient.", "Le [cessez]-[le]-[feu] tient."},
		{"jnim", "بيان. وصرحت جماعة نصرة الإسلام والمسلمين.", "وصرحت جماعة [نصرة] [الإسلام] والمسلمين."},
		{"koufa without:amadou-koufa/كوفا", "Rien ici. قال حمدون كوفا.", "Rien ici. قال حمدون كوفا."},
		{"exact:talks", "Des pourparlers. Talks, talked.", "[Talks], talked."},
		{`exact:"l'État"`, "Un État. L'État.", "[L]'[État]."},
		{"l'État", "Rien. Un État.", "Un [État]."},
		{"search:truce", "Rien. Un cessez-le-feu.", "Un [cessez]-[le]-[feu]."},
		{"-search:truce", "Rien. Un cessez-le-feu.", "Rien. Un cessez-le-feu."},
	} {
		f := index.Snippet(parse(t, c.query), "", c.text)
		if got := marked(f.Text, f.Marks); got != c.want {
			t.Errorf("%s: got %q, want %q", c.query, got, c.want)
		}
	}
}

func TestSnippetKnowsItsSentence(t *testing.T) {
	f := index.Snippet(parse(t, "paix"), "Titre", "Avant. La paix vient. Après.")
	if got := f.Text[f.Sentence.Start:f.Sentence.End]; got != "La paix vient." || !f.Cut || f.More || f.Title {
		t.Errorf("sentence %q of %+v", got, f)
	}
	long := strings.Repeat("mot ", 100) + "paix " + strings.Repeat("mot ", 100)
	f = index.Snippet(parse(t, "paix"), "", long)
	if got := f.Text[f.Sentence.Start:f.Sentence.End]; !strings.Contains(got, "paix") || len(f.Marks) != 1 || !f.Cut || !f.More {
		t.Errorf("sentence %q of %+v", got, f)
	}
}

func TestSnippetIsTheTitleWhereTheTextHasNothing(t *testing.T) {
	for _, c := range []struct {
		query, title, text, want string
		isTitle                  bool
	}{
		{"Koufa", "Vidéo de كوفا", "Rien.", "Vidéo de [كوفا]", true},
		{"Koufa", "Vidéo de Koufa", "", "Vidéo de [Koufa]", true},
		{"Koufa", "Vidéo de Koufa", "Koufa parle.", "[Koufa] parle.", false},
		{"Koufa", "Vidéo", "Rien.", "Rien.", false},
		{"", "Vidéo", "Rien.", "Rien.", false},
	} {
		f := index.Snippet(parse(t, c.query), c.title, c.text)
		if got := marked(f.Text, f.Marks); got != c.want || f.Title != c.isTitle {
			t.Errorf("%s: got %q of the title: %t, want %q", c.query, got, f.Title, c.want)
		}
	}
	const title = "La négociation avec Koufa"
	if got := marked(title, index.Marks(parse(t, "Kouffa négocier"), title)); got != "La [négociation] avec [Koufa]" {
		t.Errorf("got %q", got)
	}
}

// FuzzSnippet marks within the text, in order, whatever query and text are.
func FuzzSnippet(f *testing.F) {
	f.Add("koufa", "Titre", "Rien ici. قال أمادو كوفا كلمة.")
	f.Add(`"a b"~3 a NEAR/2 c*`, "", "a b c a\n\nc b a")
	f.Add("l'état", "«", "\xff\u0300L’É\u200dtat.")
	r := reader()
	f.Fuzz(func(t *testing.T, query, title, text string) {
		q, err := r.Parse(t.Context(), query)
		if err != nil {
			return
		}
		s := index.Snippet(q, title, text)
		at := 0
		for _, m := range s.Marks {
			if m.Start < at || m.End <= m.Start || m.End > len(s.Text) {
				t.Fatalf("%q: mark %v in %q", query, m, s.Text)
			}
			at = m.End
		}
		if s.Sentence.Start < 0 || s.Sentence.End < s.Sentence.Start || s.Sentence.End > len(s.Text) {
			t.Fatalf("%q: sentence %v in %q", query, s.Sentence, s.Text)
		}
	})
}
