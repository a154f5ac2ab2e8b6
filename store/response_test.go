package store

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// answers lists who answered whom.
func answers(t *testing.T, s *Store) []string {
	t.Helper()
	out, err := texts(t.Context(), s.reader, `SELECT a.actor || ' ' || a.said || ' to ' || b.actor || ' ' || b.said || ': ' || r.how || ', ' || r.days
		FROM responses r JOIN events a ON a.id = r.event JOIN events b ON b.id = r.answers ORDER BY a.day, b.day`)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestResponses(t *testing.T) {
	jnim := func(when, text string) statement.Record {
		return says(when, "al-zallaqa", text, take{actor: "jnim", topic: statement.Dialogue, target: "mali-government", stance: statement.Conditional})
	}
	macron := take{actor: "france", speaker: "emmanuel-macron", topic: statement.Dialogue, target: "armed-groups", stance: statement.Anti}
	for _, c := range []struct {
		name    string
		records []statement.Record
		want    []string
	}{
		{
			"whom it was put to, within days",
			[]statement.Record{says("2021-10-01", "ortm", "we will talk", open), jnim("2021-10-31", "if France leaves")},
			[]string{"jnim 2021-10-31 to mali-government 2021-10-01: addressed, 30"},
		},
		{"whom it was put to, too late", []statement.Record{says("2021-10-01", "ortm", "we will talk", open), jnim("2021-11-01", "if France leaves")}, nil},
		{
			"once",
			[]statement.Record{says("2021-10-01", "ortm", "we will talk", open), jnim("2021-10-10", "if France leaves"), jnim("2021-10-20", "we have said it")},
			[]string{"jnim 2021-10-10 to mali-government 2021-10-01: addressed, 9"},
		},
		{"on the same day", []statement.Record{says("2021-10-01", "ortm", "we will talk", open), jnim("2021-10-01", "if France leaves")}, nil},
		{
			"who names the speaker",
			[]statement.Record{says("2021-03-01", "ortm", "we will talk", open), names(says("2021-10-01", "elysee", "Choguel Maïga is wrong", macron), "choguel-maiga")},
			[]string{"france 2021-10-01 to mali-government 2021-03-01: named, 214"},
		},
		{
			"who names the body alone, where a person spoke",
			[]statement.Record{says("2021-03-01", "ortm", "we will talk", open), names(says("2021-10-01", "elysee", "Bamako is wrong", macron), "mali-government")},
			nil,
		},
		{
			"who names the other side of its own position",
			[]statement.Record{jnim("2021-03-01", "if France leaves"), names(says("2021-10-01", "elysee", "never with JNIM", macron), "jnim")},
			nil,
		},
		{
			"who quotes it",
			[]statement.Record{
				says("2021-10-01", "ortm", "we will talk", open),
				says("2021-10-03", "rfi", "France rejects what Bamako says", macron.heard(), open.heard()),
			},
			[]string{"france 2021-10-03 to mali-government 2021-10-01: quoted, 2"},
		},
		{
			"another voice of the house",
			[]statement.Record{says("2021-10-19", "ministry", "we will talk", open.by("mamadou-kone")), says("2021-10-22", "primature", "nobody is mandated", refusal.by(""))},
			[]string{"mali-government 2021-10-22 to mali-government 2021-10-19: own-house, 3"},
		},
		{
			"the same voice of the house",
			[]statement.Record{says("2021-10-19", "ministry", "we will talk", open), says("2021-10-22", "primature", "no talks", refusal)},
			nil,
		},
		{"dated to the year", []statement.Record{says("2021-10-01", "ortm", "we will talk", open), names(says("2021", "elysee", "no", macron), "choguel-maiga")}, nil},
	} {
		s := openTest(t)
		for _, r := range c.records {
			apply(t, s, r)
		}
		if diff := cmp.Diff(c.want, answers(t, s)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
		mustVerify(t, s)
		late := openTest(t)
		slices.Reverse(c.records)
		apply(t, late, c.records...) // of one commit, in any order
		if diff := cmp.Diff(c.want, answers(t, late)); diff != "" {
			t.Errorf("%s, in one commit (-want +got):\n%s", c.name, diff)
		}
	}
}

// What was put to somebody may be found after the answer.
func TestResponseFoundLate(t *testing.T) {
	s := openTest(t)
	apply(t, s, says("2021-10-10", "al-zallaqa", "if France leaves", take{actor: "jnim", topic: statement.Dialogue, target: "mali-government", stance: statement.Conditional}))
	apply(t, s, says("2021-10-01", "ortm", "we will talk", open))
	want := []string{"jnim 2021-10-10 to mali-government 2021-10-01: addressed, 9"}
	if diff := cmp.Diff(want, answers(t, s)); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestSplitAndPosthumous(t *testing.T) {
	s := openTest(t)
	koufa := take{actor: "katiba-macina", speaker: "amadou-koufa", topic: statement.Dialogue, target: "mali-government", stance: statement.Pro}
	same := koufa
	same.stance = statement.Anti
	walid := take{actor: "isgs", speaker: "abu-walid-al-sahraoui", topic: statement.Dialogue, target: "mali-government", stance: statement.Anti}
	apply(t, s, says("2021-11-01", "al-zallaqa", "no talks", no))
	apply(t, s, says("2021-11-05", "audio", "no, says Koufa", same))
	apply(t, s, says("2021-11-20", "audio", "yes, says Koufa", koufa))
	apply(t, s, says("2021-11-25", "audio", "yes, Koufa says again", koufa))
	apply(t, s, says("2021-10-14", "al-naba", "an interview from before", walid))
	apply(t, s, says("2021-11-14", "rfi", "what he had told us once", walid.heard()))
	want := []string{
		"2021-10-14 isgs dialogue mali-government: >anti posthumous",
		"2021-11-01 jnim dialogue mali-government: >anti first",
		"2021-11-05 katiba-macina dialogue mali-government: >anti first",
		"2021-11-14 isgs dialogue mali-government: >anti posthumous",
		"2021-11-20 katiba-macina dialogue mali-government: anti>pro shift",
		"2021-11-20 katiba-macina dialogue mali-government: anti>pro split",
	}
	got := raised(t, s, SignalQuery{})
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("signals (-want +got):\n%s", diff)
	}
	firm := slices.Delete(slices.Clone(want), 3, 4)
	got = raised(t, s, SignalQuery{Firm: true})
	slices.Sort(got)
	if diff := cmp.Diff(firm, got); diff != "" {
		t.Errorf("signals that may be pushed (-want +got):\n%s", diff)
	}
	record, err := s.ActorLines(t.Context(), "isgs", 0)
	if err != nil || len(record.Lines) != 0 {
		t.Errorf("the words of a dead man draw the line %+v, %v", record.Lines, err)
	}
}

func TestResponsesOfAnEvent(t *testing.T) {
	s := openTest(t)
	apply(t, s, says("2021-10-01", "ortm", "we will talk", open))
	apply(t, s, says("2021-10-31", "al-zallaqa", "if France leaves", take{actor: "jnim", topic: statement.Dialogue, target: "mali-government", stance: statement.Conditional}))
	all, err := s.Responses(t.Context(), "jnim", 10)
	if err != nil || len(all) != 1 {
		t.Fatalf("responses: %+v: %v", all, err)
	}
	for _, id := range []string{all[0].Event, all[0].Answers} {
		if of, err := s.ResponsesOf(t.Context(), id); err != nil || !slices.Equal(of, all) {
			t.Errorf("responses of event %s: %+v: %v", id, of, err)
		}
	}
	if of, err := s.ResponsesOf(t.Context(), "none"); err != nil || len(of) > 0 {
		t.Errorf("responses of no event: %+v: %v", of, err)
	}
}
