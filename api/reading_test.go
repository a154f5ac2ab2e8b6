package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/api"
	"palabre/statement"
)

// reported files what one outlet reports of the government's refusal, and what
// another adds, edits and takes away.
func (s *site) reported() (first, second string) {
	s.t.Helper()
	day := statement.Date{Time: time.Now().UTC().Truncate(24 * time.Hour), Precision: statement.Day, Origin: "feed"}
	report := func(outlet, title, text string) string {
		return s.file(statement.Statement{
			Source: outlet, Outlet: outlet, Key: "refus", Kind: statement.Article, Lang: "fr", Grade: "B", Title: title, Text: text, Published: day,
			URL: "https://example.org/refus",
		})
	}
	first = report("rfi", "Bamako ferme la porte", "Le gouvernement malien refuse tout dialogue avec le JNIM. Le porte-parole l’a dit à la presse.")
	second = report("mali-presse", "Le refus de Bamako", "Selon RFI, le gouvernement malien refuse tout dialogue avec le JNIM, comme en juin.")
	report("mali-presse", "Le refus net de Bamako", "Selon RFI, le gouvernement malien refuse tout dialogue avec le JNIM, catégoriquement, comme en juin.")
	return first, second
}

// read returns a statement as the API gives it.
func (s *site) read(id string) api.Statement {
	s.t.Helper()
	var st api.Statement
	s.get("/api/v1/statements/"+id, &st)
	return st
}

// of names the position of a statement.
func of(p *api.FoundPosition) map[string]any {
	return map[string]any{"actor": p.Actor, "topic": p.Topic, "target": p.Target}
}

// judged is a statement of which people confirmed, corrected and added positions.
func (s *site) judged() string {
	s.t.Helper()
	id := s.says("judged", "Le gouvernement malien est prêt au dialogue avec le JNIM. La France refuse tout dialogue avec le JNIM. L’Algérie hoche la tête.")
	st := s.read(id)
	if len(st.Positions) < 2 {
		s.t.Fatalf("found %d positions, want two", len(st.Positions))
	}
	act := func(action string, correction map[string]any, note string) {
		s.post(map[string]any{"who": "Aminata Diallo", "action": action, "subject": id, "note": note, "correction": correction})
	}
	act("confirm-position", map[string]any{"of": of(&st.Positions[0])}, "")
	act("correct-position", map[string]any{"of": of(&st.Positions[1]), "is": map[string]any{
		"actor": "france", "topic": "dialogue", "target": "jnim", "stance": "conditional", "condition": "que Bamako le demande", "quote": "La France refuse tout dialogue avec le JNIM",
	}}, "voir l’entretien complet")
	act("correct-position", map[string]any{"is": map[string]any{
		"actor": "algeria", "topic": "dialogue", "target": "jnim", "stance": "pro", "quote": "L’Algérie hoche la tête",
	}}, "")
	return id
}

func TestPositionsAreJudged(t *testing.T) {
	s := openTimeline(t)
	id := s.judged()
	before := s.newest()
	st := s.read(id)
	var got []string
	for _, c := range st.Corrections {
		line := c.Who + " "
		if c.Of != nil {
			line += c.Of.Actor
		}
		got = append(got, fmt.Sprintf("%s: %s %s %q agrees %t %s", line, c.Is.Actor, c.Is.Stance, c.Is.Condition, c.Agrees, c.Note))
	}
	want := []string{
		`Aminata Diallo mali-government: mali-government pro "" agrees true `,
		`Aminata Diallo france: france conditional "que Bamako le demande" agrees false voir l’entretien complet`,
		`Aminata Diallo : algeria pro "" agrees false `,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("corrections (-want +got):\n%s", diff)
	}
	shown := words(parse(t, s.page("/statements/"+id).body))
	for _, want := range []string{"Confirmed. Aminata Diallo", "A person holds: France, dialogue with JNIM ◆ conditional if: que Bamako le demande", "Added: Algeria", "It changes no signal"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	if got := s.newest().ID; got != before.ID {
		t.Errorf("the corrections raised signal %s", got)
	}
	if positions := s.read(id).Positions; len(positions) < 2 || positions[1].Stance != statement.Anti {
		t.Errorf("the machine's positions changed: %+v", positions)
	}
	s.post(map[string]any{"who": "Ousmane", "action": "undo", "subject": st.Corrections[1].ID})
	if n := len(s.read(id).Corrections); n != 2 {
		t.Errorf("after an undo there are %d corrections, want 2", n)
	}
}

func TestBadJudgementsOfPositions(t *testing.T) {
	s := openTimeline(t)
	id := s.says("bad", acceptance)
	p := &s.read(id).Positions[0]
	is := func(set ...string) map[string]any {
		m := map[string]any{"actor": "mali-government", "topic": "dialogue", "target": "jnim", "stance": "anti", "quote": acceptance}
		for i := 0; i < len(set); i += 2 {
			m[set[i]] = set[i+1]
		}
		return m
	}
	for _, c := range []struct {
		action, subject string
		correction      map[string]any
		want            string
	}{
		{"confirm-position", "none", map[string]any{"of": of(p)}, "there is no statement"},
		{"confirm-position", id, nil, "say which position is meant"},
		{"confirm-position", id, map[string]any{"of": map[string]any{"actor": "jnim", "topic": "sharia", "target": ""}}, "nothing to confirm"},
		{"confirm-position", id, map[string]any{}, "nothing to confirm"},
		{"correct-position", id, map[string]any{"of": of(p)}, "say what is there"},
		{"correct-position", id, map[string]any{"none": true}, "names no position"},
		{"correct-position", id, map[string]any{"of": map[string]any{"actor": "jnim", "topic": "sharia", "target": ""}, "none": true}, "leave correction.of out"},
		{"correct-position", id, map[string]any{"of": of(p), "is": is("stance", "pro", "quote", p.Evidence.Quote)}, "confirm it instead"},
		{"correct-position", id, map[string]any{"is": is()}, "correct or confirm that one"},
		{"correct-position", id, map[string]any{"of": of(p), "is": is("actor", "atlantis")}, "no actor"},
		{"correct-position", id, map[string]any{"of": of(p), "is": is("topic", "weather")}, "no topic"},
		{"correct-position", id, map[string]any{"of": of(p), "is": is("target", "atlantis")}, "target: there is no actor"},
		{"correct-position", id, map[string]any{"of": of(p), "is": is("target", "mali-government")}, "towards itself"},
		{"correct-position", id, map[string]any{"of": of(p), "is": is("topic", "sharia")}, "has none"},
		{"correct-position", id, map[string]any{"of": of(p), "is": is("condition", "peace")}, "only a conditional stance"},
		{"correct-position", id, map[string]any{"of": of(p), "is": is("speaker", "nobody")}, "no person"},
		{"correct-position", id, map[string]any{"of": of(p), "is": is("quote", "words of another text")}, "do not stand in the statement"},
		{"correct-position", id, map[string]any{"of": of(p), "is": is("quote", "  ")}, "do not stand in the statement"},
	} {
		act := map[string]any{"who": "Ana", "action": c.action, "subject": c.subject}
		if c.correction != nil {
			act["correction"] = c.correction
		}
		if a := s.try(act); a.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(a.body, c.want) {
			t.Errorf("%s %v: %s %s, want %q", c.action, c.correction, a.Status, a.body, c.want)
		}
	}
	if got := s.read(id).Corrections; len(got) > 0 {
		t.Errorf("taken all the same: %+v", got)
	}
}

func TestStatementPageComparesWords(t *testing.T) {
	s := openTimeline(t)
	first, second := s.reported()
	doc := parse(t, s.page("/statements/"+first).body)
	var added, gone []string
	for _, e := range elements(doc, "ins") {
		added = append(added, words(e))
	}
	for _, e := range elements(doc, "del") {
		gone = append(gone, words(e))
	}
	if len(added)+len(gone) == 0 {
		t.Errorf("no differing words are marked: %s", words(doc))
	}
	doc = parse(t, s.page("/statements/"+second).body)
	shown := words(doc)
	for _, want := range []string{
		"What changed: ", "words new", "catégoriquement", "from the feed", "to the day", "Each entry is hashed", "by this site's clock", "it is the first", "“Le refus net de Bamako”, ",
		"SHA-256", "https://example.org/refus", "One utterance, 2 reports.", "this statement",
	} {
		if want != "it is the first" && !strings.Contains(shown, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	revised := false
	for _, e := range elements(doc, "ins") {
		revised = revised || strings.Contains(words(e), "catégoriquement")
	}
	if !revised {
		t.Error("the new word of the revision is not marked")
	}
}

func TestStatementPageNamesTheOffice(t *testing.T) {
	s := openTimeline(t)
	id := s.file(statement.Statement{
		Source: "rfi", Outlet: "rfi", Key: "ouane", Kind: statement.Interview, Lang: "fr", Title: "Entretien", Speaker: "moctar-ouane", Issuer: "mali-government",
		Text: "Nous sommes prêts au dialogue avec le JNIM.", Said: statement.Date{Time: time.Date(2021, 3, 1, 0, 0, 0, 0, time.UTC), Precision: statement.Day},
	})
	for lang, want := range map[string]string{"en": "Moctar Ouane, prime minister of Government of Mali", "fr": "Moctar Ouane, Premier ministre (", "ar": "رئيس الوزراء ("} {
		a := s.do(http.MethodGet, "/statements/"+id, "", "Accept", "text/html", "Cookie", "language="+lang)
		if shown := words(parse(t, a.body)); !strings.Contains(shown, want) {
			t.Errorf("%s: the page does not show %q: %.600s", lang, want, shown)
		}
	}
}

func TestExplainPage(t *testing.T) {
	s := openTimeline(t)
	id := s.says("explained", "Le gouvernement malien est prêt au dialogue avec le JNIM. Il pleut.")
	shown := words(parse(t, s.page("/statements/"+id+"/explain").body))
	for _, want := range []string{"How it was read", "By the rules in use", "Sentence 1", "▲ for", "is a word for", "→ position 1", "Read: 3 sentences in French.", "Sentence 2: nothing that a rule looks for"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not show %q: %.900s", want, shown)
		}
	}
	unread := s.file(statement.Statement{Source: "rfi", Outlet: "rfi", Key: "de", Lang: "de", Title: "Bamako", Text: "Kein Gespräch.", Kind: statement.Article})
	if shown := words(parse(t, s.page("/statements/"+unread+"/explain").body)); !strings.Contains(shown, "The rules cannot tell:") {
		t.Errorf("a language without rules: %.500s", shown)
	}
	checkHarmless(t, "explain", s.page("/statements/"+s.file(hostile())+"/explain"))
	if a := s.page("/statements/none/explain"); a.StatusCode != http.StatusNotFound {
		t.Errorf("of no statement: %s", a.Status)
	}
}

func TestActorPageDrawsItsHistory(t *testing.T) {
	s := openTimeline(t)
	doc := parse(t, s.page("/actors/mali-government?with=jnim").body)
	shown := words(doc)
	for _, want := range []string{
		"Over time", "dialogue with JNIM", "JNIM: dialogue with Government of Mali", "Where its line changed", "no statement, ", "The same as a table", "Who answered whom",
		"Before", "After", "Who speaks for it", "Its names", "Latin", "Arabic", "in office",
	} {
		if !strings.Contains(shown, want) {
			t.Errorf("the page does not show %q", want)
		}
	}
	flags, targets, arrows := 0, 0, 0
	ids := make(map[string]bool)
	for c := range doc.Descendants() {
		if id := attribute(c, "id"); id != "" {
			ids[id] = true
		}
		if attribute(c, "class") == "arrow" {
			arrows++
		}
	}
	for _, a := range elements(doc, "a") {
		if id, ok := strings.CutPrefix(attribute(a, "href"), "#turn-"); ok {
			flags++
			if ids["turn-"+id] {
				targets++
			}
		}
	}
	if flags == 0 || flags != targets || arrows == 0 {
		t.Errorf("%d flags lead to %d places, %d arrows", flags, targets, arrows)
	}
	rows := 0
	for _, e := range elements(doc, "details") {
		if attribute(e, "class") == "rows" {
			rows = len(elements(e, "tr"))
		}
	}
	if rows < 10 {
		t.Errorf("the table has %d rows", rows)
	}
}

func TestActorPageOfAStretch(t *testing.T) {
	s := openTimeline(t)
	for path, c := range map[string]struct {
		status int
		want   string
	}{
		"/actors/jnim?from=2020-03&to=2020-04":                   {200, "8 March 2020"},
		"/actors/jnim?from=1999&to=2000":                         {200, "Nothing was said in this stretch of time."},
		"/actors/jnim?from=soon":                                 {400, "from"},
		"/actors/jnim?from=2021&to=2020":                         {400, "lies behind"},
		"/actors/jnim?with=nobody-known&with=jnim&with=":         {200, "Over time"},
		"/actors/jnim?with=katiba-macina&with=ansar-dine#course": {200, "Katiba Macina: "},
		"/actors/togo":         {200, "Nothing yet."},
		"/actors/nobody-known": {404, "nobody-known"},
		"/actors/jnim?with=" + url.QueryEscape(`"><script>evil()`): {200, "Over time"},
	} {
		a := s.page(path)
		if shown := words(parse(t, a.body)); a.StatusCode != c.status || !strings.Contains(shown, c.want) {
			t.Errorf("%s: %s, does not show %q", path, a.Status, c.want)
		}
		checkHarmless(t, path, a)
	}
}

// A history of thousands of utterances stays a page that can be sent.
func TestActorPageStaysBounded(t *testing.T) {
	s := open(t)
	var records []statement.Record
	at := time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 2500 {
		at = at.Add(31 * time.Hour)
		text := fmt.Sprintf("%d %s", i, strings.Repeat("Nous refusons. ", 40))
		st := statement.Statement{
			Revision: 1, Source: "rfi", Outlet: "rfi", Key: text[:4], Kind: statement.Article, Title: "t", Text: text,
			Published: statement.Date{Time: at, Precision: statement.Day}, Fetched: at, FirstSeen: at,
		}
		st.ID = st.ContentID()
		st.Of = st.ID
		stance := statement.Stances[i/7%4]
		records = append(records, statement.Record{Statement: st, Reading: statement.Reading{Pack: "p", Positions: []statement.Position{{
			Actor: "jnim", Topic: statement.Dialogue, Target: "mali-government", Stance: stance, Confidence: 0.9, FirstHand: true, Rule: "r",
			Evidence: statement.Evidence{Field: statement.Text, End: len(text), Quote: text},
		}}}})
		if len(records) == 500 {
			_, err := s.store.Apply(t.Context(), records)
			must(t, err)
			records = records[:0]
		}
	}
	a := s.page("/actors/jnim")
	if shown := words(parse(t, a.body)); !strings.Contains(shown, "a mark stands for those of 1 month that share") {
		t.Error("the page does not say that it draws months")
	}
	if len(a.body) > 600_000 {
		t.Errorf("the page has %d bytes", len(a.body))
	}
}

func TestCorrectionFormGoesThroughTheDesk(t *testing.T) {
	s := openTimeline(t)
	id := s.says("form", acceptance)
	p := &s.read(id).Positions[0]
	form := url.Values{
		"who": {"Ana"}, "action": {"correct-position"}, "subject": {id}, "back": {"/statements/" + id}, "at": {"position-1"},
		"of-actor": {p.Actor}, "of-topic": {string(p.Topic)}, "of-target": {p.Target},
		"actor": {p.Actor}, "topic": {"sharia"}, "target": {"jnim"}, "stance": {"mixed"}, "quote": {"prêt  au\ndialogue"}, "note": {"essai"},
	}
	a := s.do(http.MethodPost, "/desk", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Accept", "text/html")
	if a.StatusCode != http.StatusOK {
		t.Fatalf("the form: %s %.300s", a.Status, words(parse(t, a.body)))
	}
	got := s.read(id).Corrections
	if len(got) != 1 || got[0].Is == nil || got[0].Is.Topic != statement.Sharia || got[0].Is.Target != "" || got[0].Is.Quote != "prêt au dialogue" {
		text, _ := json.Marshal(got)
		t.Errorf("corrections %s", text)
	}
}
