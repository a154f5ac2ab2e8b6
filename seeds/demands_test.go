package seeds

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"palabre/statement"
)

func TestDemands(t *testing.T) {
	reg, err := Registry()
	if err != nil {
		t.Fatal(err)
	}
	if n := len(reg.Demands); n < 30 {
		t.Errorf("%d kinds of demand, want at least 30", n)
	}
	acts := ruleActs(t)
	for i := range reg.Demands {
		k := &reg.Demands[i]
		for _, act := range k.MetBy {
			if !acts[act] {
				t.Errorf("demand %q may be met by %q, which no rule gives as an act", k.ID, act)
			}
		}
	}
}

// ruleActs returns the acts that the built-in rules give.
func ruleActs(t *testing.T) map[string]bool {
	t.Helper()
	acts := make(map[string]bool)
	files, err := filepath.Glob("rules/*/*.rules")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\bact=([a-z-]+)`).FindAllStringSubmatch(string(data), -1) {
			acts[m[1]] = true
		}
	}
	if len(acts) == 0 {
		t.Fatal("no act was found in the rules: the test looks in the wrong place")
	}
	return acts
}

// TestWordListsAreUsed finds word lists that no phrase names any more.
func TestWordListsAreUsed(t *testing.T) {
	var y struct {
		Words   map[string]phrasesYAML
		Demands []demandYAML
	}
	if err := DecodeYAML("demands.yaml", demandsYAML, &y); err != nil {
		t.Fatal(err)
	}
	for name := range y.Words {
		if !strings.Contains(string(demandsYAML), "<"+name+">") {
			t.Errorf("no phrase names the word list %q", name)
		}
	}
}

// oneDemand is a file with one kind of demand, good until something is replaced
// in it.
const oneDemand = `words:
  leave: {fr: [retrait, depart], en: [withdraw*], ar: [انسحاب]}
demands:
  - id: withdrawal
    label: {en: Withdrawal, fr: retrait, ar: انسحاب}
    of: france
    met_by: [withdrawal]
    topic: foreign_troops
    names: {all: [<leave>], fr: ["fin … presence"]}
`

func TestReadDemands(t *testing.T) {
	kinds, err := readDemands([]byte(oneDemand))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range kinds[0].Names {
		names = append(names, n.Lang+" "+n.Text)
	}
	const want = "fr (retrait|depart), fr fin … presence, en (withdraw*), ar (انسحاب)"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("names:\n%s\nwant\n%s", got, want)
	}
}

func TestBrokenDemands(t *testing.T) {
	actors := []byte("actors: [{id: france, kind: state, label: France}]")
	for _, c := range []struct{ name, old, with, want string }{
		{"good", "", "", ""},
		{"unknown field", "met_by", "metby", `demands.yaml:7:5: unknown field "metby"`},
		{"bad id", "id: withdrawal", "id: With Drawal", `demand "With Drawal": the id is not of small letters`},
		{"no Arabic label", ", ar: انسحاب}\n    of", "}\n    of", "needs a label in en, fr and ar"},
		{"unknown actor", "of: france", "of: gaul", `is of the unknown "gaul"`},
		{"no act", "[withdrawal]", "[With drawal]", `"With drawal" is no name of an act`},
		{"unknown topic", "topic: foreign_troops", "topic: troops", `the topic "troops" is none of`},
		{"unknown list", "<leave>", "<leaves>", `word list <leaves> is not known: did you mean "leave"?`},
		{"no list in Arabic", ", ar: [انسحاب]}", "}", `phrase "<leave>" in ar: word list <leave> is not known`},
		{"list within itself", "[retrait, depart]", "[retrait, <leave>]", "within one another"},
		{"bad phrase", "fin … presence", "fin …", `phrase "fin …" in fr: read phrase: a word is missing`},
		{"no names in English", "all: [<leave>]", "ar: [انسحاب]", "has no names in en"},
		{"over an unknown one", "of: france", "over: [nothing]", `stands over the unknown "nothing"`},
		{"over itself", "of: france", "over: [withdrawal]", "stands over itself"},
		{"twice", oneDemand, oneDemand + oneDemand[strings.Index(oneDemand, "  - id"):], "used twice"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readRegistry(actors, []byte("places: []"), []byte(strings.Replace(oneDemand, c.old, c.with, 1)), nil)
			switch {
			case c.want == "" && err != nil:
				t.Error(err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestDemandsInACircle has kinds that stand over one another.
func TestDemandsInACircle(t *testing.T) {
	kind := func(id, over string) statement.DemandKind {
		return statement.DemandKind{ID: id, Over: []string{over}}
	}
	reg := &statement.Registry{Demands: []statement.DemandKind{kind("a", "b"), kind("b", "c"), kind("c", "a")}}
	if err := checkRegistry(reg); err == nil || !strings.Contains(err.Error(), `demand "a": stands over itself`) {
		t.Errorf("%v, want that a stands over itself", err)
	}
}
