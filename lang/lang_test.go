package lang_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"palabre/lang"
)

func TestFold(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"Keïta", "keita"},
		{"L’État", "l'etat"},
		{"ŒUVRE", "oeuvre"},
		{"Kumaɲɔgɔnya", "kumaɲɔgɔnya"},
		{"الحُكُومَةُ", "الحكومه"},
		{"إياد أغ غالي", "اياد اغ غالي"},
		{"مـــالي", "مالي"},
		{"على", "علي"},
		{"۲۰۲۰ ٢٠٢١", "2020 2021"},
		{"a\u200fb", "ab"},
	} {
		if got := lang.Fold(c.in); got != c.want {
			t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestFoldMapPointsIntoTheOriginal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		folded, offsets := lang.FoldMap(s)
		if folded != lang.Fold(s) {
			t.Fatalf("FoldMap folds to %q, Fold to %q", folded, lang.Fold(s))
		}
		if len(offsets) != len(folded)+1 || offsets[len(folded)] != len(s) {
			t.Fatalf("%d offsets for %d bytes, the last is %d of %d", len(offsets), len(folded), offsets[len(offsets)-1], len(s))
		}
		for i := 1; i < len(offsets); i++ {
			if offsets[i] < offsets[i-1] {
				t.Fatalf("offset %d goes back", i)
			}
		}
	})
}

func scan(s string) *lang.Text {
	var text lang.Text
	text.Scan(s)
	return &text
}

func TestScanWords(t *testing.T) {
	text := scan("L'État n'a pas 1.500 hommes à al-Zallaqa.")
	var got []string
	for i, tok := range text.Tokens {
		if tok.Kind == lang.Word || tok.Kind == lang.Number {
			got = append(got, string(text.Folded(i)))
		}
	}
	if diff := cmp.Diff(strings.Fields("l etat n a pas 1.500 hommes a al zallaqa"), got); diff != "" {
		t.Error(diff)
	}
}

func TestScanSentences(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"M. Keïta est parti. Le Dr. Diop reste !", []string{"M. Keïta est parti.", "Le Dr. Diop reste !"}},
		{"The U.N. mission left. It is over.", []string{"The U.N. mission left.", "It is over."}},
		{"« Nous refusons. » Il l'a dit.", []string{"« Nous refusons. »", "Il l'a dit."}},
		{"هل نتفاوض؟ لا.", []string{"هل نتفاوض؟", "لا."}},
		{"Titre\nTexte", []string{"Titre", "Texte"}},
		{"“Out with them!” the crowd shouted. “They stay.” The officer left.", []string{"“Out with them!” the crowd shouted.", "“They stay.”", "The officer left."}},
	} {
		text := scan(c.in)
		var got []string
		for _, s := range text.Sentences {
			got = append(got, strings.TrimSpace(text.Slice(s)))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q: %s", c.in, diff)
		}
	}
}

func TestScanQuotations(t *testing.T) {
	for _, c := range []struct {
		in   string
		want []string
	}{
		{"Il dit : « Nous partons » et part.", []string{"Nous partons"}},
		{`He said "we leave" and "we stay".`, []string{"we leave", "we stay"}},
		{"قال: \"لن نتفاوض\".", []string{"لن نتفاوض"}},
		{"“We stay,” he said.", []string{"We stay,"}},
		{"« Sans fin\nAutre ligne", []string{"Sans fin"}},
		{"no quotation", nil},
	} {
		text := scan(c.in)
		var got []string
		for _, q := range text.Quotes {
			got = append(got, text.Slice(q))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q: %s", c.in, diff)
		}
	}
}

func TestPeel(t *testing.T) {
	for _, c := range []struct {
		word, stem string
		off        lang.Clitics
	}{
		{"والحوار", "حوار", lang.Conjunction | lang.Article},
		{"بالحوار", "حوار", lang.Preposition | lang.Article},
		{"للمفاوضات", "مفاوضات", lang.Preposition | lang.Article},
		{"للجماعات", "الجماعات", lang.Preposition},
		{"سنتحاور", "نتحاور", lang.Future},
		{"قواتنا", "قوات", lang.Pronoun | lang.FirstPerson},
		{"رغبتها", "رغبه", lang.Pronoun},
	} {
		found := false
		for _, s := range new(lang.Peeler).Peel([]byte(lang.Fold(c.word)), false) {
			found = found || string(s.Word) == c.stem && s.Off == c.off
		}
		if !found {
			t.Errorf("Peel(%q) has no stem %q with %b", c.word, c.stem, c.off)
		}
	}
}

func TestPeelKeepsTheFeminineEnding(t *testing.T) {
	for _, s := range new(lang.Peeler).Peel([]byte(lang.Fold("مقابلة")), true) {
		if s.Off&lang.Pronoun != 0 {
			t.Errorf("took a pronoun off مقابلة: %q", s.Word)
		}
	}
}

func FuzzScan(f *testing.F) {
	for _, s := range []string{"L'État « dit » non.", "قال: \"لا\"", "\xff\xfe", "“", strings.Repeat("a", 300), "1.2.3,4", "-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := scan(s)
		end := int32(0)
		for i, tok := range text.Tokens {
			if tok.Start < end || tok.End <= tok.Start || int(tok.End) > len(s) {
				t.Fatalf("token %d has span %d-%d after %d in %d bytes", i, tok.Start, tok.End, end, len(s))
			}
			end = tok.End
			if utf8.ValidString(s) && !utf8.ValidString(s[tok.Start:tok.End]) {
				t.Fatalf("token %d cuts a rune", i)
			}
		}
		at := 0
		for _, sentence := range text.Sentences {
			if sentence.Start != at || sentence.End <= sentence.Start {
				t.Fatalf("sentence %v does not follow token %d", sentence, at)
			}
			at = sentence.End
		}
		if at != len(text.Tokens) {
			t.Fatalf("sentences end at token %d of %d", at, len(text.Tokens))
		}
	})
}

func BenchmarkScan(b *testing.B) {
	s := strings.Repeat("Le gouvernement malien, a déclaré M. Diop, « n'exclut pas » de négocier avec les groupes armés. ", 16)
	var text lang.Text
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		text.Scan(s)
	}
}

func TestRuns(t *testing.T) {
	french := "Le gouvernement du Mali a dit qu'il ne négocie pas avec les groupes armés dans le Nord."
	arabic := "قالت الحكومة المالية إنها لن تتفاوض مع الجماعات المسلحة."
	english := "The government of Mali said that it will not talk with the armed groups in the north."
	for _, c := range []struct {
		text, declared string
		want           string
	}{
		{french, "", "fr"},
		{english, "fr", "en"},
		{arabic, "fr", "ar"},
		{"Bamako", "fr", "fr"},
		{"Bamako", "", "und"},
		{"", "fr", ""},
		{french + "\n\n" + arabic + "\n" + english, "", "fr ar en"},
		{"Mali malikela ko o bɛ kuma ni cɛ ye jamana kɔnɔ, ani u tɛ na, ko nin ye ben ye.", "", "bm"},
		{"Mali gɔfɛrɛnaman tɛ sɔn ka kumaɲɔgɔnya kɛ ni Abdoulaye Diop ye.", "", "bm"},
		{"O kera tuma min, u sera dugu kono, mogo bee tun be yen.", "fr", "bm"},           // without ɛ and ɔ
		{"Furancεlafanga bε ka labεnw kε jamana kɔnɔ, jamanadenw fana b'a fε.", "", "bm"}, // with Greek ε
		{"Hadamaden bɛɛ danmakɛɲɛnen bɛ bange, danbe ni josira la.", "", "bm"},
		{"Adamadenw bɛɛ danmakɛɲɛnin lo bɛ woro, bɛɛ ka kan, bɔɲɔ ni hɔrɔnya ta fan fɛ.", "", "bm"}, // Dyula is read as Bambara
		{"Nekk na it ku xam dëgg te ànd na ak xelam, te war naa jëflante ak nawleen, te teg ko ci wàllu mbokk.", "", "wo"},
		{"Gwamnatin Mali ta ce ba za ta tattauna da su ba.", "fr", "ha"},
		{"Suna da hankali da tunani, saboda haka duk abin da za su aikata wa juna, ya kamata su yi shi a cikin 'yan-uwanci.", "", "ha"},
		{"Innama aadeeji fof poti, ndimɗidi e jibinannde to bannge hakkeeji.", "ff", "ff"},
		{"Ɓeen yimɓe ina ngoni e nder leydi Mali kono ɓe njaɓaani.", "", "ff"},
		{"Mali boŋkoyney nee kaŋ borey ga baa ngey ma koy, amma i mana koy.", "", "son"},
		{"Les ministres Abdoulaye Diop, Choguel Kokalla Maïga, Sadio Camara et Ismaël Wagué ont été reçus à Koulouba par Assimi Goïta.", "", "fr"},
		{"Amadou Koufa, Iyad ag Ghaly, Sedane ag Hitta, Talha al-Libi", "fr", "fr"},
		{"ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ", "fr", "tmh"},
		{"𞤀𞤣𞤤𞤢𞤥 𞤆𞤵𞤤𞤢𞤪", "fr", "ff"},
		{"ߒߞߏ ߡߊߟߌ", "bm", "nqo"},
		{french + "\n\nߒߞߏ ߡߊߟߌ\n\nⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ", "", "fr nqo tmh"},
	} {
		var got []string
		end := 0
		var text lang.Text
		text.Scan(c.text)
		for _, r := range text.Runs(c.declared) {
			if r.Start != end {
				t.Errorf("%q: run begins at %d, the one before ends at %d", c.text, r.Start, end)
			}
			end = r.End
			got = append(got, r.Lang)
		}
		if end != len(c.text) {
			t.Errorf("%q: runs end at %d of %d", c.text, end, len(c.text))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q: runs %q, want %q", c.text, s, c.want)
		}
	}
}

// TestWrappedLines holds line ends that stand within a sentence and such that
// end one.
func TestWrappedLines(t *testing.T) {
	for _, c := range []struct {
		name, text string
		sentences  int
	}{
		{"set in lines", "We are not prepared to negotiate issues that call into\nquestion the unity and the secular nature of the State\nof Mali.", 1},
		{"short lines", "Communiqué\nBamako, le 3 mars\nLe gouvernement parle.", 3},
		{"a paragraph", "The first paragraph has no full stop but is long enough\n\nThe second follows", 2},
		{"turns", "JOURNALISTE : et que dites-vous donc aux familles de là-bas\nMINISTRE : nous parlons", 2},
		{"a name behind a full line", "The Economic Community of West African States has invited\nBamako to open talks with the rebels of the north, its\npresident said.", 1},
		{"Arabic in long lines", "قال رئيس الوزراء المالي إن حكومته لن تتفاوض مع الجماعات المسلحة التي تهدد\nوحدة البلاد وأمن سكانها", 1},
		{"turns without marks", "question faut-il parler avec ceux qui ont pris le fusil\nréponse moi je dis qu il faut leur parler et le dire à tout le monde ici comme ailleurs", 2},
		{"a name behind the line end", "The report was handed to the Secretary-General of the\nUnited Nations.", 1},
		{"headline", "Mali : le gouvernement annonce une mission de bons offices\nLe ministre a parlé", 2},
		{"list", "The parties agreed on several points that are listed here\n- the first\n- the second", 3},
		{"Arabic", "إن الحكومة المالية لا تتفاوض مع الجماعات المسلحة التي تهدد\nوحدة البلاد", 1},
	} {
		var text lang.Text
		text.Scan(c.text)
		if got := len(text.Sentences); got != c.sentences {
			t.Errorf("%s: %d sentences, want %d", c.name, got, c.sentences)
		}
	}
}
