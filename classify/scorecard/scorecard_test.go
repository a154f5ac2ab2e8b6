package scorecard_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"palabre/classify/scorecard"
	"palabre/statement"
)

const small = `# a comment
feature	passages	dialogue pro	sharia anti	dialogue pro here	sharia anti here
(always)	100	-20	-20	-30	-30
talks	50	40		60	
want_talks	10	30		30	
secul*	10		50		70
=jnim	40	5	-5	10	
#	20	1			
`

func parse(t testing.TB, text string) *scorecard.Card {
	t.Helper()
	c, err := scorecard.Parse("small.tsv", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestRows looks features up as readers do: by words, neighbours and beginnings.
func TestRows(t *testing.T) {
	c := parse(t, small)
	row := func(name string) int32 { return c.Named([]byte(name)) }
	want, talks := c.Word([]byte("want")), c.Word([]byte("talks"))
	for _, tc := range []struct {
		name      string
		got, want int32
	}{
		{"a word", c.WordRow(talks), row("talks")},
		{"a word of a pair alone", c.WordRow(want), scorecard.None},
		{"a number", c.WordRow(c.Word([]byte("#"))), row("#")},
		{"a pair", c.PairRow(want, talks), row("want_talks")},
		{"a pair turned round", c.PairRow(talks, want), scorecard.None},
		{"an unknown word", c.Word([]byte("secularism")), scorecard.None},
		{"the beginning of an unknown word", c.BeginRow(scorecard.None, []byte("secularism")), row("secul*")},
		{"a word that is a beginning", c.BeginRow(scorecard.None, []byte("secul")), scorecard.None},
		{"the beginning of a known word", c.BeginRow(talks, []byte("talks")), scorecard.None},
		{"a pair with an unknown word", c.PairRow(scorecard.None, talks), scorecard.None},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: row %d, want %d", tc.name, tc.got, tc.want)
		}
	}
}

// TestSheet adds points up by hand. Talks and JNIM are as long as a vector of their
// rarities, and what is added to every passage.
func TestSheet(t *testing.T) {
	c := parse(t, small)
	var s scorecard.Sheet
	s.Open(c)
	s.Mark(c.Named([]byte("talks")))
	s.Mark(c.Named([]byte("=jnim")))
	s.Mark(c.Named([]byte("=jnim")))
	s.Mark(scorecard.None)
	talks := math.Log(101.0/51) + 1
	jnim := (math.Log(101.0/41) + 1) * (1 + math.Log(2))
	length := math.Hypot(math.Hypot(talks, jnim), 25)
	odds := -2 + (talks*4+jnim*0.5)/length
	if got, want := s.Likelihoods()[0], 1/(1+math.Exp(-odds)); math.Abs(got-want) > 1e-5 {
		t.Errorf("the likelihood of dialogue pro is %.6f, want %.6f", got, want)
	}
	if got, want := s.Here(0), -3+(talks*6+jnim)/length; math.Abs(got-want) > 1e-5 {
		t.Errorf("the log-odds of the sentence are %.6f, want %.6f", got, want)
	}
	if got, want := s.Share(c.Named([]byte("=jnim")), 0), jnim*0.5/length/2; math.Abs(got-want) > 1e-5 {
		t.Errorf("each JNIM adds %.6f, want %.6f", got, want)
	}
	s.Open(c)
	if got, want := s.Likelihoods()[1], 1/(1+math.Exp(2)); math.Abs(got-want) > 1e-5 {
		t.Errorf("an empty passage has %.6f, want what every one gets, %.6f", got, want)
	}
}

// TestFit makes a card from passages of which one word decides each label, and reads
// back what it wrote.
func TestFit(t *testing.T) {
	pro, anti := scorecard.Label{Topic: statement.Dialogue, Stance: statement.Pro}, scorecard.Label{Topic: statement.Sharia, Stance: statement.Anti}
	var passages []scorecard.Passage
	for range 20 {
		for _, p := range []struct {
			words  string
			labels []scorecard.Label
		}{
			{"mali wants talks", []scorecard.Label{pro}},
			{"mali keeps secular law", []scorecard.Label{anti}},
			{"mali wants rain", nil},
			{"rare", nil},
		} {
			sentence := scorecard.Passage{Features: make(map[string]int), Labels: p.labels}
			for w := range strings.FieldsSeq(p.words) {
				sentence.Features[w]++
			}
			whole := sentence
			whole.Sentences = []scorecard.Passage{sentence, {Features: map[string]int{"mali": 1}}}
			passages = append(passages, whole)
		}
	}
	made, err := scorecard.Fit(passages)
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := made.Write(&file, "made by a test"); err != nil {
		t.Fatal(err)
	}
	read := parse(t, file.String())
	if read.Features() != made.Features() || len(read.Labels()) != 2 {
		t.Errorf("%d features and %d labels were read, %d and 2 made", read.Features(), len(read.Labels()), made.Features())
	}
	var s, u scorecard.Sheet
	for i := range passages[:4] {
		got := s.Weigh(read, &passages[i])
		before := u.Weigh(made, &passages[i])
		for l, label := range read.Labels() {
			has := len(passages[i].Labels) == 1 && passages[i].Labels[0] == label
			if has != (got[l] > 0.5) || math.Abs(got[l]-before[l]) > 1e-5 {
				t.Errorf("passage %d: %s has the likelihood %.3f, before it was written %.3f", i, label, got[l], before[l])
			}
		}
	}
	talks, mali := made.Named([]byte("talks")), made.Named([]byte("mali"))
	s.Weigh(read, &passages[0])
	if s.Share(talks, 0) <= s.Share(mali, 0) {
		t.Error("talks add no more than Mali does")
	}
}

// TestFitNothing has too few examples of every label.
func TestFitNothing(t *testing.T) {
	_, err := scorecard.Fit([]scorecard.Passage{{Features: map[string]int{"talks": 1}, Labels: []scorecard.Label{{Topic: statement.Dialogue, Stance: statement.Pro}}}})
	if err == nil || !strings.Contains(err.Error(), "no label stands with 8 of 1 passages") {
		t.Errorf("got %v", err)
	}
}

// TestBadCards tells what is wrong, and in which line.
func TestBadCards(t *testing.T) {
	for _, tc := range []struct{ name, from, to, want string }{
		{"nothing", small, "", "small.tsv: has no columns or no line (always)"},
		{"no columns", "feature\tpassages", "word\tpassages", "small.tsv:2: want the columns feature, passages"},
		{"an unknown topic", "dialogue pro\tsharia anti\t", "football pro\tsharia anti\t", `small.tsv:2: "football pro" is no label`},
		{"a label twice", "dialogue pro\tsharia anti\tdialogue pro here\tsharia anti here", "dialogue pro\tdialogue pro\tdialogue pro here\tdialogue pro here", `small.tsv:2: the column "dialogue pro" stands twice`},
		{"another order behind", "dialogue pro here\tsharia anti here", "sharia anti here\tdialogue pro here", `small.tsv:2: want the column "dialogue pro here", not "sharia anti here"`},
		{"no first line", "(always)\t100", "always\t100", "small.tsv:3: want the line (always) first, not always"},
		{"a cell too many", "talks\t50", "talks\t50\t1", "small.tsv:4: feature talks has 7 cells for 6 columns"},
		{"a word for a number", "talks\t50\t40", "talks\t50\tforty", `small.tsv:4: feature talks: "forty" is no whole number of points from -128 to 127`},
		{"too many points", "talks\t50\t40", "talks\t50\t400", `small.tsv:4: feature talks: "400" is no whole number`},
		{"no passages", "talks\t50", "talks\t0", `small.tsv:4: feature talks: "0" is no number of passages`},
		{"more than all", "talks\t50", "talks\t500", "small.tsv:4: feature talks was in 500 of 100 passages"},
		{"far too many passages", "talks\t50", "talks\t9223372036854775807", `small.tsv:4: feature talks: "9223372036854775807" is no number of passages`},
		{"no name", "talks\t50", "\t50", "small.tsv:4: a feature has no name"},
		{"the first line twice", "want_talks", "(always)", "small.tsv:5: feature (always) stands twice"},
		{"twice", "want_talks", "talks", "small.tsv:5: feature talks stands twice"},
	} {
		text := strings.Replace(small, tc.from, tc.to, 1)
		if text == small {
			t.Fatalf("%s: nothing was changed", tc.name)
		}
		if _, err := scorecard.Parse("small.tsv", []byte(text)); err == nil || !strings.HasPrefix(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
}

// FuzzParse reads anything: what is read can be written, and read again as the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("feature\tpassages\tdialogue pro\tdialogue pro here\n(always)\t1\t\t\nx_\t1\t\t\n_\t1\t\t1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := scorecard.Parse("any.tsv", data)
		if err != nil {
			return
		}
		var first, second bytes.Buffer
		if err := c.Write(&first); err != nil {
			t.Fatal(err)
		}
		again, err := scorecard.Parse("again.tsv", first.Bytes())
		if err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, first.Bytes())
		}
		if err := again.Write(&second); err != nil {
			t.Fatal(err)
		}
		var s scorecard.Sheet
		s.Open(again)
		for row := range again.Features() {
			s.Mark(int32(row))
		}
		for l, p := range s.Likelihoods() {
			if !(p >= 0 && p <= 1) || math.IsNaN(s.Here(l)) {
				t.Fatalf("label %d has the likelihood %v and the log-odds %v", l, p, s.Here(l))
			}
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("%q was written, and then %q", first.Bytes(), second.Bytes())
		}
	})
}
