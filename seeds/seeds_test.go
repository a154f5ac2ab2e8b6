package seeds_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/lang"
	"palabre/seeds"
	"palabre/statement"
)

func registry(t *testing.T) *statement.Registry {
	t.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

// The IDs of the labelling guide.
const (
	guideActors = `jnim ansar-dine katiba-macina al-furqan al-mourabitoun ansarul-islam aqim al-qaeda isgs cma plateforme hcua mnla fla donso armed-groups
		mali-government mali-army mali-opposition mali-civil-society mali-public hcim france un eu us russia algeria mauritania niger-government
		burkina-government chad senegal togo qatar germany au ecowas aes g5-sahel outlet analyst unknown`
	guidePersons = `iyad-ag-ghaly amadou-koufa talha-al-libi sedane-ag-hitta djamel-okacha abdelmalek-droukdel yusuf-al-annabi abu-walid-al-sahraoui
		ibrahim-boubacar-keita dioncounda-traore moctar-ouane choguel-maiga abdoulaye-maiga abdoulaye-diop assimi-goita sadio-camara ismael-wague bah-ndaw
		mamadou-kone soumeylou-boubeye-maiga mahmoud-dicko cherif-haidara soumaila-cisse alghabass-ag-intalla ahmada-ag-bibi bilal-ag-acherif youssouf-toloba
		emmanuel-macron jean-yves-le-drian florence-parly joel-meyer antonio-guterres el-ghassim-wane josep-borrell smail-chergui moussa-faki andrew-young
		mohamed-bazoum abdourahamane-tiani roch-kabore ibrahim-traore abdelmadjid-tebboune ramtane-lamamra sergei-lavrov`
)

func TestRegistryHoldsTheGuide(t *testing.T) {
	reg := registry(t)
	for id := range strings.FieldsSeq(guideActors) {
		if reg.Actor(id) == nil {
			t.Errorf("actor %q is missing", id)
		}
	}
	for id := range strings.FieldsSeq(guidePersons) {
		p := reg.Person(id)
		if p == nil {
			t.Errorf("person %q is missing", id)
			continue
		}
		latin, arabic := false, false
		for _, n := range p.Names {
			for _, r := range n.Text {
				latin = latin || r < 0x250
				arabic = arabic || r >= 0x600 && r < 0x700
			}
		}
		if !latin || !arabic {
			t.Errorf("person %q: names in Latin %v, in Arabic %v", id, latin, arabic)
		}
	}
}

func TestNoNameStandsForTwo(t *testing.T) {
	reg := registry(t)
	owner := make(map[string]string)
	check := func(id string, names []statement.Name) {
		for _, n := range names {
			key := lang.Fold(n.Text)
			if other := owner[key]; other != "" && other != id {
				t.Errorf("%q is a name of %s and of %s", n.Text, other, id)
			}
			owner[key] = id
		}
	}
	for i := range reg.Actors {
		a := &reg.Actors[i]
		check(a.ID, a.Names)
		check(a.ID, a.Capitals)
		check(a.ID, a.Forces)
	}
	for i := range reg.Persons {
		check(reg.Persons[i].ID, reg.Persons[i].Names)
	}
}

func TestRolesByDate(t *testing.T) {
	reg := registry(t)
	for _, c := range []struct{ person, date, actor string }{
		{"ibrahim-boubacar-keita", "2019-07-01", "mali-government"},
		{"ibrahim-boubacar-keita", "2021-07-01", ""},
		{"choguel-maiga", "2021-09-25", "mali-government"},
		{"choguel-maiga", "2025-01-01", ""},
		{"iyad-ag-ghaly", "2012-08-01", "ansar-dine"},
		{"iyad-ag-ghaly", "2020-03-08", "jnim"},
		{"soumeylou-boubeye-maiga", "2018-03-01", "mali-government"},
		{"soumeylou-boubeye-maiga", "2020-02-13", ""},
		{"mahmoud-dicko", "2021-10-01", ""},
	} {
		d, err := statement.ParseDate(c.date, "test")
		if err != nil {
			t.Fatal(err)
		}
		if got := reg.Person(c.person).ActorAt(d.Time); got != c.actor {
			t.Errorf("%s at %s speaks for %q, want %q", c.person, c.date, got, c.actor)
		}
	}
}

// Places that lie in several states.
const betweenStates = "sahel w-park lake-chad"

func TestPlacesHaveAState(t *testing.T) {
	reg := registry(t)
	states := reg.States()
	for i := range reg.Places {
		if id := reg.Places[i].ID; states[id] == "" && !strings.Contains(betweenStates, id) {
			t.Errorf("place %q has no country", id)
		}
	}
	if got := states["ayorou"]; got != "niger-government" {
		t.Errorf("Ayorou lies in the state of %q", got)
	}
}

func TestSources(t *testing.T) {
	sources, err := seeds.Sources()
	if err != nil {
		t.Fatal(err)
	}
	reg := registry(t)
	fetched := 0
	for i := range sources {
		s := &sources[i]
		if s.Kind != statement.Hand {
			fetched++
		}
		if s.Owner != "" && reg.Actor(s.Owner) == nil {
			t.Errorf("source %q: unknown owner %q", s.ID, s.Owner)
		}
	}
	if fetched < 40 {
		t.Errorf("%d sources are fetched, want at least 40", fetched)
	}
}

func TestReadSourcesKeepsTheGoodOnes(t *testing.T) {
	const file = `sources:
  - {id: good, name: Good, kind: feed, url: "https://example.org/rss", grade: B, schedule: "*/15 * * * *"}
  - {id: bad kind, name: X, kind: feed, url: "https://example.org/rss", grade: B, schedule: "*/15 * * * *"}
  - {id: typo, name: X, kind: feed, ulr: "https://example.org/rss", grade: B, schedule: "*/15 * * * *"}
  - {id: script, name: X, kind: feed, url: "javascript:alert(1)", grade: B, schedule: "*/15 * * * *"}
  - {id: cron, name: X, kind: feed, url: "https://example.org/", grade: B, schedule: "often"}
  - {id: grade, name: X, kind: feed, url: "https://example.org/", grade: G, schedule: "@hourly"}
  - {id: good, name: Again, kind: hand, grade: F}
  - {id: last, name: Last, kind: hand, grade: F}
`
	sources, problems := seeds.ReadSources("my.yaml", []byte(file))
	var ids []string
	for i := range sources {
		ids = append(ids, sources[i].ID)
	}
	if diff := cmp.Diff([]string{"good", "last"}, ids); diff != "" {
		t.Error(diff)
	}
	want := []struct{ where, what string }{
		{"my.yaml:3:", "id:"},
		{"my.yaml:4:", `unknown field "ulr"`},
		{"my.yaml:5:", "url:"},
		{"my.yaml:6:", "schedule:"},
		{"my.yaml:7:", "grade:"},
		{"my.yaml:8:", "used twice"},
	}
	if len(problems) != len(want) {
		t.Fatalf("problems: %v", problems)
	}
	for i, w := range want {
		if !strings.HasPrefix(problems[i].Where, w.where) || !strings.Contains(problems[i].What, w.what) {
			t.Errorf("problem %d: %s: %s, want %s… with %q", i, problems[i].Where, problems[i].What, w.where, w.what)
		}
	}
}

func TestTimeline(t *testing.T) {
	all, err := seeds.Timeline()
	if err != nil {
		t.Fatal(err)
	}
	keys := make(map[string]bool)
	for i := range all {
		s := &all[i]
		if n := len(strings.Fields(s.Text)); n < 60 || n > 200 {
			t.Errorf("%s: %d words, want 60 to 200", s.Key, n)
		}
		if !s.Reconstructed || !strings.Contains(s.Note, "footnote") {
			t.Errorf("%s is not marked as reconstructed with its footnote", s.Key)
		}
		if keys[s.Key] {
			t.Errorf("%s: the key is used twice", s.Key)
		}
		keys[s.Key] = true
	}
}

func FuzzReadSources(f *testing.F) {
	f.Add("sources:\n  - {id: a, name: A, kind: hand, grade: F}\n")
	f.Add("sources: 3")
	f.Add("- a")
	f.Add("sources:\n - &a [*a]")
	f.Fuzz(func(t *testing.T, s string) {
		sources, _ := seeds.ReadSources("fuzz.yaml", []byte(s))
		for i := range sources {
			if sources[i].ID == "" {
				t.Error("a source without an id was kept")
			}
		}
	})
}

// TestActorsAreCalledInEveryLanguage keeps pages, alerts and digests from falling
// back to English, or to a name that is another's.
func TestActorsAreCalledInEveryLanguage(t *testing.T) {
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "fr", "ar"} {
		shown := make(map[string]string)
		for i := range reg.Actors {
			a := &reg.Actors[i]
			name := a.LabelIn(lang)
			if other := shown[name]; other != "" || lang == "ar" && name == a.Label {
				t.Errorf("in %s %s is shown as %q, as is %q", lang, a.ID, name, other)
			}
			shown[name] = a.ID
		}
	}
}
