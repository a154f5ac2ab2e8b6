package store

import (
	"bytes"
	"encoding/json"
	flags "flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/seeds"
	"palabre/statement"
)

var updateDemands = flags.Bool("update-demands", false, "write the golden file of TestDemandsOfLabelledTexts anew")

// builtInDemands knows the kinds of demand of seeds/demands.yaml.
func builtInDemands(t testing.TB) (*demands, *statement.Registry) {
	t.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	d, err := newDemands(reg)
	if err != nil {
		t.Fatal(err)
	}
	return d, reg
}

// TestKindsOfDemand reads every condition of testdata/demands.txt.
func TestKindsOfDemand(t *testing.T) {
	d, reg := builtInDemands(t)
	data, err := os.ReadFile("testdata/demands.txt")
	if err != nil {
		t.Fatal(err)
	}
	shown := make(map[string]bool)
	for line := range strings.Lines(string(data)) {
		condition, kinds, ok := strings.Cut(line, "=>")
		if !ok {
			continue
		}
		want, got := strings.Fields(kinds), d.kinds(strings.TrimSpace(condition))
		for _, k := range want {
			shown[k] = true
		}
		slices.Sort(want)
		if sorted := slices.Sorted(slices.Values(got)); !slices.Equal(sorted, want) {
			t.Errorf("%s: %v, want %v", strings.TrimSpace(condition), sorted, want)
		}
	}
	for i := range reg.Demands {
		if id := reg.Demands[i].ID; !shown[id] {
			t.Errorf("no condition shows the kind %q", id)
		}
	}
}

// TestSpecialKindsComeFirst looks at the order, and at what a special kind keeps
// from counting.
func TestSpecialKindsComeFirst(t *testing.T) {
	kind := func(id, name string, over ...string) statement.DemandKind {
		return statement.DemandKind{ID: id, Over: over, Names: []statement.Name{{Text: name}}}
	}
	d, err := newDemands(&statement.Registry{Demands: []statement.DemandKind{
		kind("any", "withdrawal"), kind("french", "withdrawal & french", "any"), kind("last", "last … soldier", "french"), kind("truce", "truce"), kind("arms", "arms"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		condition string
		want      []string
	}{
		{"withdrawal", []string{"any"}},
		{"French withdrawal", []string{"french"}},
		{"truce and arms", []string{"arms", "truce"}},
		{"truce and French withdrawal", []string{"french", "truce"}},
		{"truce, arms and the withdrawal of the last French soldier", []string{"last", "arms", "truce"}},
		{"peace", nil},
		{"", nil},
	} {
		if got := d.kinds(c.condition); !slices.Equal(got, c.want) {
			t.Errorf("%q: %v, want %v", c.condition, got, c.want)
		}
	}
}

func TestDemandsThatPositionsMake(t *testing.T) {
	d, _ := builtInDemands(t)
	for _, c := range []struct {
		name  string
		p     statement.Position
		quote string
		want  string
	}{
		{"its condition", statement.Position{Actor: "jnim", Topic: statement.Dialogue, Condition: "the French leave"}, "talks with JNIM once our prisoners are freed", "french-withdrawal"},
		{"its words", statement.Position{Actor: "jnim", Topic: statement.Dialogue}, "once the French have left Mali we will talk to Bamako", "french-withdrawal"},
		{"what it offers", statement.Position{Actor: "cma", Topic: statement.Dialogue}, "free our prisoners and we will sign a truce", "release-of-prisoners"},
		{"its own deed", statement.Position{Actor: "france", Topic: statement.Dialogue}, "if they lay down their arms, France withdraws its soldiers", "disarmament"},
		{"its stance", statement.Position{Actor: "germany", Topic: statement.ForeignTroops}, "we leave MINUSMA if Bamako hires Wagner", "no-russian-mercenaries"},
		{"nothing", statement.Position{Actor: "jnim", Topic: statement.Dialogue}, "ready to talk, on one condition", ""},
	} {
		c.p.Stance, c.p.Evidence.Quote = statement.Conditional, c.quote
		if got := strings.Join(d.made(&c.p), " "); got != c.want {
			t.Errorf("%s: %q makes %q, want %q", c.name, c.quote, got, c.want)
		}
	}
	plain := statement.Position{Actor: "jnim", Topic: statement.Dialogue, Stance: statement.Pro, Evidence: statement.Evidence{Quote: "talks after the release of prisoners"}}
	if got := d.made(&plain); got != nil {
		t.Errorf("a position without a condition makes %v", got)
	}
}

func TestTimingOfDemands(t *testing.T) {
	d, _ := builtInDemands(t)
	for _, c := range []struct {
		condition string
		want      statement.DemandTiming
	}{
		{"le départ des troupes françaises", statement.BeforeTalks},
		{"un cessez-le-feu pendant les pourparlers", statement.DuringTalks},
		{"la libération des prisonniers au cours des négociations", statement.DuringTalks},
		{"la place de l'islam soit à l'ordre du jour", statement.DuringTalks},
		{"un retrait progressif des troupes", statement.DuringTalks},
		{"a truce for as long as it takes", statement.BeforeTalks},
		{"a truce during the talks", statement.DuringTalks},
		{"the release of prisoners in the course of negotiations", statement.DuringTalks},
		{"a step-by-step withdrawal", statement.DuringTalks},
		{"secularism is on the agenda", statement.DuringTalks},
		{"خروج القوات الفرنسية قبل المفاوضات", statement.BeforeTalks},
		{"هدنة خلال المفاوضات", statement.DuringTalks},
		{"انسحاب تدريجي للقوات", statement.DuringTalks},
		{"بالتوازي مع الحوار", statement.DuringTalks},
		{"", statement.BeforeTalks},
	} {
		if got := d.timing(c.condition); got != c.want {
			t.Errorf("%q is to be met %s, want %s", c.condition, got, c.want)
		}
	}
}

func TestDemandsOfARegistryWithoutKinds(t *testing.T) {
	for _, reg := range []*statement.Registry{nil, {}} {
		d, err := newDemands(reg)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.kinds("the French leave"); len(got) != 0 {
			t.Errorf("%v", got)
		}
	}
	bad := &statement.Registry{Demands: []statement.DemandKind{{ID: "bad", Names: []statement.Name{{Text: "(a"}}}}}
	if _, err := newDemands(bad); err == nil || !strings.Contains(err.Error(), `read demand "bad"`) {
		t.Errorf("a bad phrase: %v", err)
	}
}

// TestDemandsOfLabelledTexts reads the conditions of the labelled texts. What
// kinds they get is a golden file, which was looked at by hand.
func TestDemandsOfLabelledTexts(t *testing.T) {
	files, err := filepath.Glob("../../shared/gold/dev/*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Skip("the labelled texts are not at ../shared/gold/dev")
	}
	d, _ := builtInDemands(t)
	var lines []string
	known := 0
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			var text struct {
				ID        string
				Positions []struct{ Actor, Topic, Condition string }
			}
			if err := json.Unmarshal(line, &text); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			for _, p := range text.Positions {
				if p.Condition == "" {
					continue
				}
				kinds := d.kinds(p.Condition)
				known += min(1, len(kinds))
				lines = append(lines, fmt.Sprintf("%s %s %s: %s\n", text.ID, p.Actor, p.Topic, strings.Join(kinds, " ")))
			}
		}
	}
	if known*100 < len(lines)*75 {
		t.Errorf("%d of %d conditions get a kind, want 75 in a hundred", known, len(lines))
	}
	const golden = "testdata/demands-gold.golden"
	if *updateDemands {
		if err := os.WriteFile(golden, []byte(strings.Join(lines, "")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), strings.Join(lines, "")); diff != "" {
		t.Errorf("look at each; if all are right, run with -update-demands (-want +got):\n%s", diff)
	}
}

// FuzzKindsOfDemand reads anything: the kinds are known, each once, and none of
// them keeps another from counting.
func FuzzKindsOfDemand(f *testing.F) {
	for _, s := range []string{"", "le départ des Français et de la Minusma", "انسحاب فاغنر; وقف القصف", "a ceasefire, no talks with JNIM", "\xff…&!(|"} {
		f.Add(s)
	}
	d, reg := builtInDemands(f)
	over := make(map[string][]string)
	for i := range reg.Demands {
		over[reg.Demands[i].ID] = reg.Demands[i].Over
	}
	f.Fuzz(func(t *testing.T, condition string) {
		kinds := d.kinds(condition)
		for i, k := range kinds {
			below, ok := over[k]
			if !ok || slices.Contains(kinds[i+1:], k) {
				t.Errorf("%q: %v: %q is unknown or told twice", condition, kinds, k)
			}
			for _, b := range below {
				if slices.Contains(kinds, b) {
					t.Errorf("%q: %v: %q stands over %q", condition, kinds, k, b)
				}
			}
		}
		d.timing(condition)
	})
}

func BenchmarkKindsOfDemand(b *testing.B) {
	d, _ := builtInDemands(b)
	conditions := []string{"celui-ci obtienne le départ des troupes françaises et onusiennes", "ترحل من مالي جميع القوات الفرنسية وأتباعها", "the junta hands over power to civilians"}
	for i := 0; b.Loop(); i++ {
		d.kinds(conditions[i%len(conditions)])
	}
}
