package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// timeline is the acceptance timeline: who took which stance when, by the
// footnotes of Crisis Group Africa Report N°306.
func timeline() []statement.Record {
	return []statement.Record{
		says("2012-05-21", "ap", "aqim, as footnote 53 has it (row 1)",
			take{actor: "aqim", speaker: "abdelmalek-droukdel", topic: statement.Sharia, stance: statement.Conditional}),
		says("2012", "interview", "ansar-dine, as footnote 53 has it (row 2)",
			take{actor: "ansar-dine", speaker: "iyad-ag-ghaly", topic: statement.Sharia, stance: statement.Conditional}),
		says("2014", "interview", "hcua, as footnote 143 has it (row 3)",
			take{actor: "hcua", speaker: "alghabass-ag-intalla", topic: statement.Sharia, stance: statement.Pro}),
		says("2017-03-02", "al-zallaqa", "jnim, as footnote 24 has it (row 4)",
			take{actor: "jnim", speaker: "iyad-ag-ghaly", topic: statement.Sharia, stance: statement.Pro}),
		says("2017-04-03", "al-masra", "jnim, as footnote 16 has it (row 5)",
			take{actor: "jnim", speaker: "iyad-ag-ghaly", topic: statement.ForeignTroops, target: "france", stance: statement.Anti},
			take{actor: "jnim", speaker: "iyad-ag-ghaly", topic: statement.Sharia, stance: statement.Pro}),
		says("2017-04", "conference-entente-nationale", "mali-civil-society, as footnote 93 has it (row 6)",
			take{actor: "mali-civil-society", topic: statement.Dialogue, target: "jnim", stance: statement.Pro}),
		says("2017-05-24", "primature", "mali-government, as footnote 89 has it (row 7)",
			take{actor: "mali-government", topic: statement.Dialogue, target: "armed-groups", stance: statement.Pro, act: "mission de bons offices organised for Kidal, the inner delta and the Niger bend"}),
		says("2017-08-21", "audio-on-file", "katiba-macina, as footnote 4 has it (row 8)",
			take{actor: "katiba-macina", speaker: "amadou-koufa", topic: statement.Dialogue, target: "mali-government", stance: statement.Anti}),
		says("2018-02-16", "al-zallaqa", "jnim, as footnote 31 has it (row 9)",
			take{actor: "jnim", speaker: "abdul-rahmane-al-sanhadji", topic: statement.Sharia, stance: statement.Pro}),
		says("2018-02-22", "le-monde", "mali-government, as footnote 86 has it (row 10)",
			take{actor: "mali-government", speaker: "ibrahim-boubacar-keita", topic: statement.Dialogue, target: "armed-groups", stance: statement.Anti}),
		says("2019-07-01", "jeune-afrique", "mali-government, as footnote 92 has it (row 11)",
			take{actor: "mali-government", speaker: "ibrahim-boubacar-keita", topic: statement.Dialogue, target: "armed-groups", stance: statement.Anti},
			take{actor: "mali-government", speaker: "ibrahim-boubacar-keita", topic: statement.Sharia, stance: statement.Anti}),
		says("2019-12", "dialogue-national-inclusif", "mali-civil-society, as footnote 93 has it (row 12)",
			take{actor: "mali-civil-society", topic: statement.Dialogue, target: "jnim", stance: statement.Pro}),
		says("2020-01", "al-zallaqa", "jnim, as footnote 54 has it (row 13)",
			take{actor: "jnim", speaker: "qutayba-al-shinqiti", topic: statement.Sharia, stance: statement.Conditional}),
		says("2020-01", "al-zallaqa", "jnim, as footnote 120 has it (row 14)",
			take{actor: "jnim", topic: statement.ForeignTroops, target: "france", stance: statement.Anti}),
		says("2020-01-23", "studio-tamani", "mali-government, as footnote 88 has it (row 15)",
			take{actor: "mali-government", speaker: "dioncounda-traore", topic: statement.Dialogue, target: "jnim", stance: statement.Pro, act: "emissaries sent to ag Ghaly and Koufa"}),
		says("2020-02", "al-andalus", "aqim, as footnote 118 has it (row 16)",
			take{actor: "aqim", speaker: "abdelmalek-droukdel", topic: statement.Dialogue, target: "mali-government", stance: statement.Pro},
			take{actor: "aqim", speaker: "abdelmalek-droukdel", topic: statement.ForeignTroops, target: "france", stance: statement.Anti}),
		says("2020-02-10", "france-24", "mali-government, as footnote 1 has it (row 17)",
			take{actor: "mali-government", speaker: "ibrahim-boubacar-keita", topic: statement.Dialogue, target: "jnim", stance: statement.Pro}),
		says("2020-02-10", "rfi", "mali-government, as footnote 87 has it (row 18)",
			take{actor: "mali-government", speaker: "ibrahim-boubacar-keita", topic: statement.Dialogue, target: "jnim", stance: statement.Pro, reported: true}),
		says("2020-03-08", "al-zallaqa", "jnim, as footnote 2 has it (row 19)",
			take{actor: "jnim", topic: statement.Dialogue, target: "mali-government", stance: statement.Conditional},
			take{actor: "jnim", topic: statement.ForeignTroops, target: "france", stance: statement.Anti}),
		says("2020-03-21", "al-zallaqa", "jnim, as footnote 117 has it (row 20)",
			take{actor: "jnim", topic: statement.ForeignTroops, target: "france", stance: statement.Anti}),
		says("2020-11-20", "jeune-afrique", "france, as footnote 135 has it (row 21)",
			take{actor: "france", speaker: "emmanuel-macron", topic: statement.Dialogue, target: "armed-groups", stance: statement.Anti}),
		says("2020-12-03", "france-24", "mali-government, as footnote 3 has it (row 22)",
			take{actor: "mali-government", speaker: "moctar-ouane", topic: statement.Dialogue, target: "jnim", stance: statement.Pro}),
		says("2020-12", "audio-on-file", "isgs, as footnote 71 has it (row 23)",
			take{actor: "isgs", speaker: "abu-walid-al-sahraoui", topic: statement.Dialogue, target: "mali-government", stance: statement.Anti}),
		says("2021-01-11", "al-zallaqa", "jnim, as footnote 74 has it (row 24)",
			take{actor: "jnim", topic: statement.ForeignTroops, target: "france", stance: statement.Anti}),
		says("2021-02-10", "le-monde", "burkina-government, as footnote 8 has it (row 25)",
			take{actor: "burkina-government", speaker: "roch-kabore", topic: statement.Dialogue, target: "armed-groups", stance: statement.Anti, reported: true}),
		says("2021-03-14", "les-echos-mali", "katiba-macina, as footnote 78 has it (row 26)",
			take{actor: "katiba-macina", topic: statement.Dialogue, target: "donso", stance: statement.Pro, act: "Niono (Farabougou) ceasefire", reported: true}),
		says("2021-03-14", "les-echos-mali", "donso, as footnote 78 has it (row 27)",
			take{actor: "donso", topic: statement.Dialogue, target: "katiba-macina", stance: statement.Pro, act: "Niono (Farabougou) ceasefire", reported: true}),
		says("2021-05-30", "jdd", "france, as footnote 6 has it (row 28)",
			take{actor: "france", speaker: "emmanuel-macron", topic: statement.Dialogue, target: "jnim", stance: statement.Anti},
			take{actor: "france", speaker: "emmanuel-macron", topic: statement.ForeignTroops, target: "france", stance: statement.Conditional}),
		says("2021-06-10", "elysee", "france, as footnote 62 has it (row 29)",
			take{actor: "france", speaker: "emmanuel-macron", topic: statement.ForeignTroops, target: "france", stance: statement.Anti, act: "about half of the troops withdrawn, three northern bases closed, Barkhane ended"}),
		says("2021-08-10", "al-zallaqa", "jnim, as footnote 72 has it (row 30)",
			take{actor: "jnim", speaker: "iyad-ag-ghaly", topic: statement.ForeignTroops, target: "france", stance: statement.Anti}),
		says("2021-09", "un-general-assembly", "mali-government, as footnote 147 has it (row 31)",
			take{actor: "mali-government", speaker: "choguel-maiga", topic: statement.ForeignTroops, target: "france", stance: statement.Pro}),
		says("2021-10-14", "al-naba", "isgs, as footnote 10 has it (row 32)",
			take{actor: "isgs", speaker: "abu-walid-al-sahraoui", topic: statement.Dialogue, target: "mali-government", stance: statement.Anti}),
		says("2021-10-19", "ministry-of-religious-affairs", "mali-government, as footnote 114 has it (row 33)",
			take{actor: "mali-government", speaker: "mamadou-kone", topic: statement.Dialogue, target: "jnim", stance: statement.Pro, act: "High Islamic Council instructed to lead the mission de bons offices"}),
		says("2021-10-22", "primature", "mali-government, as footnote 115 has it (row 34)",
			take{actor: "mali-government", topic: statement.Dialogue, target: "jnim", stance: statement.Mixed}),
		says("2021", "press", "un, as footnote 148 has it (row 35)",
			take{actor: "un", speaker: "antonio-guterres", topic: statement.Dialogue, target: "jnim", stance: statement.Pro},
			take{actor: "un", speaker: "antonio-guterres", topic: statement.Dialogue, target: "isgs", stance: statement.Anti}),
		says("2021", "press", "au, as footnote 149 has it (row 36)",
			take{actor: "au", speaker: "smail-chergui", topic: statement.Dialogue, target: "armed-groups", stance: statement.Pro, reported: true}),
		says("2021", "jeune-afrique", "us, as footnote 142 has it (row 37)",
			take{actor: "us", speaker: "andrew-young", topic: statement.Dialogue, target: "jnim", stance: statement.Anti}),
		says("2021", "interview", "mali-civil-society, as footnote 106 has it (row 38)",
			take{actor: "mali-civil-society", speaker: "mahmoud-dicko", topic: statement.Dialogue, target: "jnim", stance: statement.Pro}),
	}
}

// courseChanges are what a good analyst reads off the timeline.
var courseChanges = []string{
	"2020-01-23 mali-government dialogue jnim: anti>pro shift",
	"2020-03-08 jnim dialogue mali-government: anti>conditional shift",
	"2021-03-14 katiba-macina dialogue donso: anti>pro shift",
	"2021-10-22 mali-government dialogue jnim: pro>mixed walk-back",
}

func TestTimelineRaisesTheFourCourseChanges(t *testing.T) {
	s := openTest(t)
	for _, rec := range timeline() {
		apply(t, s, rec)
	}
	changes := SignalQuery{Reasons: []statement.Reason{statement.Shift, statement.WalkBack}}
	if diff := cmp.Diff(courseChanges, raised(t, s, changes)); diff != "" {
		t.Errorf("course changes (-want +got):\n%s", diff)
	}
	want := []string{
		"2020-01 jnim sharia : pro>conditional condition-changed",
		"2021-06-10 france foreign_troops france: conditional>anti condition-changed",
	}
	got := raised(t, s, SignalQuery{Reasons: []statement.Reason{statement.ConditionChanged}})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changed conditions (-want +got):\n%s", diff)
	}
	mustVerify(t, s)
	if t.Failed() {
		t.Log(strings.Join(raised(t, s, SignalQuery{}), "\n"))
	}
}

func TestTimelineInOneCommitAndAnyOrder(t *testing.T) {
	changes := SignalQuery{Reasons: []statement.Reason{statement.Shift, statement.WalkBack}}
	for seed := range uint64(5) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			s := openTest(t)
			records := timeline()
			rand.New(rand.NewPCG(seed, 1)).Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
			apply(t, s, records...)
			if diff := cmp.Diff(courseChanges, raised(t, s, changes)); diff != "" {
				t.Errorf("course changes (-want +got):\n%s", diff)
			}
			before := raised(t, s, SignalQuery{})
			if done := apply(t, s, records...); done != (Applied{Known: len(records)}) {
				t.Errorf("applying again did %+v", done)
			}
			if diff := cmp.Diff(before, raised(t, s, SignalQuery{})); diff != "" {
				t.Errorf("applying again changed signals:\n%s", diff)
			}
		})
	}
}

func TestTimelineDetails(t *testing.T) {
	s := openTest(t)
	apply(t, s, timeline()...)
	page, err := s.Signals(t.Context(), SignalQuery{Actor: "mali-government", Topic: statement.Dialogue, Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	firsts := slices.DeleteFunc(page.Signals, func(sig statement.Signal) bool { return sig.Reason != statement.First })
	if len(firsts) != 2 {
		t.Fatalf("%d first positions of the government, want those of 2017 and, after it lapsed, of 2018", len(firsts))
	}
	if got, want := firsts[0].Now.Said.String(), "2018-02-22"; got != want || !strings.Contains(firsts[0].Why, "pro of 24 May 2017, had lapsed") {
		t.Errorf("the first of %s says %q, want that of %s with the lapsed offer", got, firsts[0].Why, want)
	}

	record, err := s.ActorLines(t.Context(), "mali-government", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range record.Events {
		if e.When.String() == "2020-02-10" && (e.Outlets != 2 || len(e.Accounts) != 2 || e.Lead != e.Accounts[0].Statement || e.Accounts[0].Outlet != "france-24") {
			t.Errorf("the event of 2020-02-10 is %+v, want one with two outlets, led by france-24", e)
		}
	}
	var lines []string
	for _, l := range record.Lines {
		lines = append(lines, fmt.Sprintf("%s %s %s since %s, confirmed %s", l.Topic, l.Target, l.Stance, l.Since, l.Confirmed))
	}
	want := []string{
		"dialogue jnim mixed since 2021-10-22, confirmed 2021-10-22",
		"foreign_troops france pro since 2021-09, confirmed 2021-09",
		"sharia  anti since 2019-07-01, confirmed 2019-07-01",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}

	page, err = s.Signals(t.Context(), SignalQuery{Actor: "jnim", Reasons: []statement.Reason{statement.Shift}})
	if err != nil || len(page.Signals) != 1 {
		t.Fatalf("shifts of jnim: %v, %v", page.Signals, err)
	}
	shift := page.Signals[0]
	if shift.Then.Said.String() != "2017-08-21" || !strings.Contains(shift.Then.Quote, "katiba-macina") || !strings.Contains(shift.Why, "Katiba Macina") {
		t.Errorf("the shift of jnim departs from %q of %s: %s", shift.Then.Quote, shift.Then.Said, shift.Why)
	}
}
