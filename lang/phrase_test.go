package lang_test

import (
	"slices"
	"strings"
	"testing"

	"palabre/lang"
)

// holds reports whether a text holds a phrase.
func holds(t *testing.T, phrase, text string) bool {
	t.Helper()
	var book lang.Phrasebook
	if _, err := book.Add(phrase); err != nil {
		t.Fatalf("Add(%q): %v", phrase, err)
	}
	return len(book.Find(text)) == 1
}

func TestPhrases(t *testing.T) {
	for _, c := range []struct {
		phrase, text string
		want         bool
	}{
		{"trêve", "Une TREVE est signée.", true},
		{"trêve", "les trèves", false},
		{"trev*", "les trèves", true},
		{"trev*", "l'attrevement", false},
		{"cessez-le-feu", "un cessez le feu", true},
		{"cessez le feu", "cessez donc le feu", false},
		{"l'armée", "de l’armée", true},
		{"2015", "l'accord de 2015", true},
		// Choices.
		{"(blocus|siège)", "lever le siège", true},
		{"(blocus|siège de) Farabougou", "le siège de Farabougou", true},
		{"(blocus|siège de) Farabougou", "le siège Farabougou", false},
		{"((lever|fin) le|fin du) blocus", "fin du blocus", true},
		{"((lever|fin) le|fin du) blocus", "lever le blocus", true},
		// Gaps.
		{"retrait … forces", "le retrait de toutes les forces", true},
		{"retrait … forces", "les forces en retrait", false},
		{"retrait & forces", "les forces en retrait", true},
		{"retrait … forces", "retrait immédiat, complet, définitif, vérifié, annoncé des forces", true},
		{"retrait … forces", "retrait immédiat, complet, définitif, vérifié, annoncé, public des forces", false},
		{"retrait … forces", "retrait de la, ou du, de l' un et de l' un des ces forces", true},
		{"retrait … forces", "le retrait est fait. Les forces restent.", false},
		{"retrait … forces", "le retrait ; puis les forces", false},
		{"fin … présence … française", "la fin de la présence militaire française", true},
		{"fin & présence & française", "the French? non: la présence française prend fin", true},
		{"fin & présence & française", "la fin d'une française présence", true},
		{"présence & présence", "la présence", false},
		// What may not stand next to it.
		{"armée !(française|russe)", "le départ de l'armée", true},
		{"armée !(française|russe)", "le départ de l'armée française", false},
		{"armée !(française|russe)", "l'armée, française", false},
		{"armée !(française|russe)", "l'armée. Française", true},
		{"!french army", "the army leaves", true},
		{"!french army", "the French army leaves", false},
		{"!french army", "army", true},
		{"(fama|armée !russe)", "l'armée russe", false},
		{"(fama|armée !russe)", "la Fama russe", true},
		{"départ … !french army", "départ of the French army", false},
		// Arabic: clitics, variant letters, vowel signs.
		{"انسحاب … فرنس*", "بانسحاب القوات الفرنسية", true},
		{"انسحاب … فرنس*", "وَانْسِحَابِهَا وفرنسا", true},
		{"هدنه", "والهُدنة", true},
		{"هدنه", "هدنتهم", true},
		{"قاعده", "للقاعدة", true},
		{"أسرى", "اسري", true},
		{"قوات دوليه", "القوات الدولية", true},
	} {
		if got := holds(t, c.phrase, c.text); got != c.want {
			t.Errorf("%q in %q: %v, want %v", c.phrase, c.text, got, c.want)
		}
	}
}

func TestPhrasesAreNumbered(t *testing.T) {
	var book lang.Phrasebook
	for i, phrase := range []string{"blocus", "lev* … blocus", "siège", "(blocus|siège)"} {
		n, err := book.Add(phrase)
		if err != nil || n != i {
			t.Fatalf("Add(%q) = %d, %v, want %d", phrase, n, err, i)
		}
	}
	if got, want := book.Find("la levée du siège et du blocus"), []int{0, 1, 2, 3}; !slices.Equal(got, want) {
		t.Errorf("found %v, want %v", got, want)
	}
	if got := book.Find(""); len(got) != 0 {
		t.Errorf("found %v in nothing", got)
	}
}

// TestNoPhraseReachesFar looks only at the beginning of a text: conditions are
// short, and what was fetched may be anything.
func TestNoPhraseReachesFar(t *testing.T) {
	far := strings.Repeat("mot ", 500)
	if holds(t, "blocus", far+"blocus") || !holds(t, "blocus", "blocus "+far) {
		t.Error("want the beginning of a long text to be looked at, and no more")
	}
}

func TestBrokenPhrases(t *testing.T) {
	for _, c := range []struct{ phrase, want string }{
		{"", "a word is missing"},
		{"retrait …", "a word is missing"},
		{"& retrait", "a word is missing"},
		{"!armée", "a word is missing"},
		{"retrait !", "is no word"},
		{"(blocus|siège", "a closing bracket is missing"},
		{"(blocus|)", "a word is missing"},
		{"blocus)", "out of place"},
		{"blocus|siège", "out of place"},
		{"(fin … blocus)", `"…" is no word`},
		{"b*", "too short"},
		{"bl*cus", "is no word"},
		{"«»", "is no word"},
		{"(((((a)))))", "too many brackets"},
		{"(" + strings.Repeat("(a|b|c|d) ", 8) + ")", "more than 500 things"},
		{"a … b … c … d … e", "more than 4 parts"},
	} {
		var book lang.Phrasebook
		if _, err := book.Add(c.phrase); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Add(%q): %v, want %q", c.phrase, err, c.want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"ceasefire", "release", "withdrawal"}
	for _, c := range []struct{ word, want string }{
		{"ceasefires", "ceasefire"}, {"relaese", "release"}, {"withdrawl", "withdrawal"}, {"mandate", ""}, {"", ""},
	} {
		if got := lang.Nearest(c.word, known); got != c.want {
			t.Errorf("Nearest(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}

func FuzzPhrasebook(f *testing.F) {
	f.Add("lev* … (blocus|siège de)", "la levée du blocus")
	f.Add("!french army & leave", "the army leave")
	f.Add("انسحاب … فرنس*", "بانسحاب القوات الفرنسية")
	f.Add("(((a|b)|c) !d|e)", "a b c d e")
	f.Fuzz(func(t *testing.T, phrase, text string) {
		var book lang.Phrasebook
		if _, err := book.Add(phrase); err != nil {
			return
		}
		found := book.Find(text)
		if again := book.Find(text); !slices.Equal(found, again) {
			t.Fatalf("found %v, then %v", found, again)
		}
		if _, err := book.Add(phrase); err != nil {
			t.Fatalf("the same phrase cannot be added twice: %v", err)
		}
		if both := book.Find(text); len(both) != 2*len(found) {
			t.Fatalf("found %v of one phrase, %v of two that are the same", found, both)
		}
	})
}
