package classify_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"palabre/classify"
	"palabre/statement"
)

// attributionCues are the words that the engine needs to find out who speaks.
const attributionCues = cues + `
class and
  and
class opener
  and that because
class relative
  who which that
class pronoun
  he she it they
class urge
  urges urged calls asked
class must
  should must
class them
  them "these people"
class verb
  calls called rejects rejected welcomed demanded
class pause
  well now
class asker
  host
class country
  army
class possessive
  its his
class genitive
  of
class had
  had
class dated
  in
class signed
  signed
anaphor group
  "the group"
anaphor text
  "the statement" "the final statement" "the leaders"
office group
  leader spokesman
office state
  president spokesman "governments of"
mention mali-civil-society
  imams
press media
  "France 24"
class sahel
  Mali
class elsewhere
  Sudan
class at
  in
class by
  by
class finance
  bank* loan*
`

const talkRules = refuseRule + `
class begin
  open begin hold resume
class ready
  ready willing
rule en.ready
  reads  an actor is ready for talks
  when   <ready> ~5 (<talks>|talk)
  when   <begin> ~3 <talks>
  when   talk ~2 to ~1 @group
  gives  dialogue pro
  yes    "Mali is ready for talks with JNIM." => mali-government dialogue pro jnim
  yes    "JNIM is ready to talk, Bamako said." => jnim dialogue pro mali-government
  no     "Mali is ready for the match."
class truce
  truce ceasefire
rule en.truce
  reads  sides conclude a truce
  when   (sign|signed|agreed) ~3 <truce>
  when   <truce> ~2 between
  gives  dialogue pro by=parties act=ceasefire
  yes    "A truce between JNIM and Bamako holds." => jnim dialogue pro mali-government
  yes    "Mali signed a truce with JNIM." => mali-government dialogue pro jnim; jnim dialogue pro mali-government
  no     "The union of Mali signed a truce."
class leave
  leave withdraw go
rule en.leave
  reads  an actor wants a force gone
  when   @force ~2 (must|should) ~1 <leave>
  when   <leave> ~3 @force
  gives  foreign_troops anti
  yes    "The French troops must leave, JNIM said." => jnim foreign_troops anti france
  yes    "JNIM wants Barkhane gone: Barkhane must leave." => jnim foreign_troops anti france
  no     "JNIM must leave Kidal."
rule en.law
  reads  an actor wants Islamic law
  when   wants ~3 law
  gives  sharia pro
  yes    "Mali wants the law." => mali-government sharia pro
  yes    "Bamako wants Islamic law." => mali-government sharia pro
  no     "Mali wants peace."
rule en.force-first
  reads  force before talks
  when   only force
  gives  dialogue anti cond=ignored
  yes    "Bamako said that only force helps with JNIM." => mali-government dialogue anti jnim
  yes    "Bamako wants only force with JNIM." => mali-government dialogue anti jnim
  no     "Only Mali plays."
`

func attributionPack(t *testing.T) *classify.Pack {
	t.Helper()
	reg := registry()
	reg.Actors = append(
		reg.Actors,
		statement.Actor{ID: "mali-civil-society", Kind: statement.Society},
		statement.Actor{ID: "analyst", Kind: statement.Nobody},
		statement.Actor{ID: "isgs", Kind: statement.ArmedGroup, Names: []statement.Name{{Text: "ISGS"}}},
		statement.Actor{ID: "katiba", Kind: statement.ArmedGroup, PartOf: "jnim", Names: []statement.Name{{Text: "Katiba"}}},
		statement.Actor{ID: "niger-government", Kind: statement.State, Names: []statement.Name{{Text: "Niger"}, {Text: "Niamey"}}, Country: "NER"},
	)
	reg.Places = append(
		reg.Places,
		statement.Place{ID: "tillaberi", Country: "NER", Names: []statement.Name{{Text: "Tillabéri"}}},
		statement.Place{ID: "ayorou", In: "tillaberi", Names: []statement.Name{{Text: "Ayorou"}}},
	)
	p, err := classify.Load(fstest.MapFS{"en/test.rules": {Data: []byte(attributionCues + talkRules)}}, reg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestWhoTakesThePosition(t *testing.T) {
	p := attributionPack(t)
	wire := statement.Statement{Kind: statement.Wire, Lang: "en", Published: statement.Date{}}
	for _, c := range []struct {
		name  string
		kind  statement.Kind
		title string
		text  string
		want  string
	}{
		{"whom one urges", "", "", "Niger urged Bamako to open talks with JNIM.", "niger-government dialogue pro jnim"},
		{"two groups", "", "", "Bamako rejects talks with JNIM and the ISGS.", "mali-government dialogue anti isgs; mali-government dialogue anti jnim"},
		{"a coalition and its part", "", "", "Bamako rejects talks with JNIM and Katiba.", "mali-government dialogue anti jnim"},
		{"a group and another's deed", "", "", "Bamako rejects talks with JNIM, and ISGS rejects talks.", "isgs dialogue anti mali-government; mali-government dialogue anti jnim"},
		{"what others should do", "", "", "Niger said Bamako should open talks with JNIM.", "niger-government dialogue pro jnim"},
		{"the other side by pronoun", "", "", "JNIM holds Kidal. Bamako will talk to them.", "mali-government dialogue pro jnim"},
		{"a document", statement.Communique, "", "JNIM speaks to Mali. The statement rejects talks with Bamako.", "jnim dialogue anti mali-government"},
		{"a document of a body", "", "", "Mali waits. The final statement of the imams rejects talks with JNIM.", "mali-civil-society dialogue anti jnim"},
		{"a state that mediates", "", "", "JNIM thanked France and is ready for talks in Mali.", "jnim dialogue pro mali-government"},
		{"a document by a body", "", "", "Mali waits. The statement by the imams rejects talks with JNIM.", "mali-civil-society dialogue anti jnim"},
		{"the imams of a group", "", "", "ISGS imams reject talks with Bamako.", "isgs dialogue anti mali-government"},
		{"a group of its own", "", "", "JNIM holds Kidal. The group of farmers rejects talks with Bamako.", ""},
		{"a group of somebody", "", "", "JNIM holds Kidal. The group of Katiba rejects talks with Bamako.", "katiba dialogue anti mali-government"},
		{"its spokesman", "", "", "JNIM holds Kidal. Its spokesman said it was willing to hold talks with Bamako.", "jnim dialogue pro mali-government"},
		{"a medium with the name of a country", "", "", "France 24 reports. Bamako rejects talks with JNIM.", "mali-government dialogue anti jnim"},
		{"an aside between", "", "", "Bamako rejects, the minister of the day said, talks with JNIM.", "mali-government dialogue anti jnim"},
		{"a joined verb ends a gap", "", "", "Bamako rejects war and welcomed talks with JNIM.", ""},
		{"both sides of an accord", "", "", "The president of Niger signed a truce with JNIM.", "jnim dialogue pro niger-government; niger-government dialogue pro jnim"},
		{"force until they give up", "", "", "Bamako said only force helps with JNIM if it holds out.", "mali-government dialogue anti jnim"},
		{"a year that dates an accord", "", "", "Mali rejects talks on the accord signed in 1992 with JNIM.", "mali-government dialogue anti jnim"},
		{"pluperfect", "", "", "Mali had rejected talks with JNIM.", ""},
		{"troops by pronoun are no subject", statement.Communique, "", "JNIM speaks to Mali. As for the French troops, they must leave Mali.", "jnim foreign_troops anti france"},
		{"the title repeats", "", "Jihadists ready for talks", "JNIM said it was ready for talks with Bamako.", "jnim dialogue pro mali-government"},
		{"who is interviewed: named in the title", statement.Interview, "Abdoulaye Diop: a road", "Paris asks much. Will you talk?\nWe reject talks with JNIM.", "mali-government dialogue anti jnim"},
		{"who is interviewed: our army", statement.Interview, "A friend: a road", "Will you talk?\nOur army fights for Niger. In Niger we reject talks with JNIM.", "niger-government dialogue anti jnim"},
		{"who is interviewed: nobody known", statement.Interview, "A friend: a road", "Will Bamako talk?\nWe reject talks with JNIM.", "analyst dialogue anti jnim"},
		{"who shouts", "", "", "Paris waits in Mali. “We reject talks with JNIM!” the imams said.", "mali-civil-society dialogue anti jnim"},
		{"a percentage", "", "", "People in Mali were asked by France. 70% rejected talks with JNIM.", "mali-public dialogue anti jnim"},
		{"a dateline", "", "", "NIAMEY, Niger (AP) - JNIM holds Kidal. Its spokesman rejects talks.", "jnim dialogue anti niger-government"},
		{"they who told somebody that", "", "", "JNIM told a friend in Niamey that they rejected talks with Bamako.", "jnim dialogue anti mali-government"},
		{"a heading of a paragraph", "", "", "Imams met in Kidal.\nMali: Rejects talks with JNIM.\nMali: JNIM rejects talks.", "jnim dialogue anti mali-government"},
		{"the label of a turn", statement.Transcript, "", "Niger: We reject talks with JNIM.", "niger-government dialogue anti jnim"},
		{"whose recording it is", statement.Transcript, "A message of ISGS", "Kidal, hear this. We reject talks with Bamako.", "isgs dialogue anti mali-government"},
		{"a post under a heading", statement.Post, "", "Mali: We reject talks with JNIM.", ""},
		{"the government of a place", "", "", "Jihadists came to Ayorou. The president rejects talks with JNIM.", "niger-government dialogue anti jnim"},
		{"the government of a place named behind", "", "", "The president rejects talks with the jihadists of Ayorou.", "niger-government dialogue anti armed-groups"},
		{"the government of a place of no country", "", "", "The president rejects talks with the jihadists of Kidal.", "mali-government dialogue anti armed-groups"},
		{"talks elsewhere", "", "", "JNIM holds Kidal. With regard to Sudan, Niger rejects any talks there.", ""},
		{"talks here, one side from elsewhere", "", "", "Niger rejects talks with JNIM in Sudan.", "niger-government dialogue anti jnim"},
		{"a long speech, talks elsewhere", "", "", "JNIM holds Kidal." + strings.Repeat(" It rains.", 40) + " Turn to Sudan. Niger rejects talks with the jihadists.", ""},
		{"a long speech, a group far before", "", "", "JNIM holds Kidal." + strings.Repeat(" It rains.", 40) + " JNIM is near. It rains. It rains. In Kidal, Niger rejects talks.", ""},
		{"its homologue of a nation", "", "", "JNIM holds Kidal. Its French minister rejects talks with JNIM.", "france dialogue anti jnim"},
		{"a group named aside", "", "", "JNIM holds Kidal. As to ISGS, the group rejects talks with Bamako.", "isgs dialogue anti mali-government"},
		{"where an accord is signed", "", "", "JNIM signed a truce in Niamey with Mali.", "jnim dialogue pro mali-government; mali-government dialogue pro jnim"},
		{"an apposition", "", "", "JNIM, the imams of war, rejects talks with Bamako.", "jnim dialogue anti mali-government"},
		{"several subjects", "", "", "Niger, Mali and the imams reject talks with JNIM.", "mali-civil-society dialogue anti jnim; mali-government dialogue anti jnim; niger-government dialogue anti jnim"},
		{"the governments of two states", "", "", "The governments of Niger and Mali reject talks with JNIM.", "mali-government dialogue anti jnim; niger-government dialogue anti jnim"},
		{"the governments of nobody known", "", "", "It rains in Mali. The governments of the region reject talks with JNIM.", ""},
		{"another's condition", "", "", "Niger is ready for talks with JNIM, and Bamako plays if it rains.", "niger-government dialogue pro jnim"},
		{"law", "", "", "Mali wants Islamic law for all.", "mali-government sharia pro"},
		{"Islamic finance", "", "", "Mali wants Islamic law for its banks.", ""},
		{"an unmarked transcript", statement.Transcript, "", "host good evening to all of you who listen in the towns and in the villages of this country tonight\nAbdoulaye Diop well the rain was good this year and the fields are green again in the south of the country now we reject talks with JNIM", "mali-government dialogue anti jnim"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := wire
			s.Title, s.Text = c.title, c.text
			if c.kind != "" {
				s.Kind = c.kind
			}
			r := p.Read(&s)
			var got []string
			for i := range r.Positions {
				q := &r.Positions[i]
				got = append(got, strings.TrimSpace(strings.Join([]string{q.Actor, string(q.Topic), string(q.Stance), q.Target}, " ")))
			}
			if g := strings.Join(got, "; "); g != c.want {
				t.Errorf("%q: got %q, want %q; unclear: %v", c.text, g, c.want, r.Unclear)
			}
		})
	}
}

// The body that publishes a report says "we" in it; where somebody speaks before
// a body, it does not.
func TestWhoWritesAReport(t *testing.T) {
	p := attributionPack(t)
	for kind, want := range map[statement.Kind]string{statement.Article: "un", statement.Speech: "mali-government"} {
		s := statement.Statement{Kind: kind, Lang: "en", Outlet: "un", Text: "Mali waits. We reject talks with JNIM."}
		if got := p.Read(&s).Positions; len(got) != 1 || got[0].Actor != want {
			t.Errorf("%s: got %+v, want a position of %s", kind, got, want)
		}
	}
}

func TestOverlay(t *testing.T) {
	base := fstest.MapFS{"en/base.rules": {Data: []byte(cues + refuseRule)}}
	softer := strings.Replace(refuseRule, "gives  dialogue anti", "gives  dialogue anti weight=0.6", 1)
	p, err := classify.Load(base, registry(), fstest.MapFS{"en/mine.rules": {Data: []byte(softer)}})
	if err != nil {
		t.Fatal(err)
	}
	s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali rejects talks with JNIM."}
	if got := p.Read(&s).Positions; len(got) != 1 || got[0].Confidence > 0.6 {
		t.Errorf("the rule of the overlay does not count: %+v", got)
	}
	if rules, _ := p.Examples(); rules != 1 {
		t.Errorf("%d rules, want the one of the overlay alone", rules)
	}
	_, err = classify.Load(fstest.MapFS{"en/a.rules": {Data: []byte(cues + refuseRule)}, "en/b.rules": {Data: []byte(refuseRule)}}, registry())
	if err == nil || !strings.Contains(err.Error(), "rule en.refuse stands already at en/a.rules:") {
		t.Errorf("a name that stands twice in one pack: %v", err)
	}
	_, err = classify.Load(base, registry(), fstest.MapFS{"en/base.rules": {Data: []byte("class only\n  one\n")}})
	if err != nil {
		t.Errorf("a file in the place of another: %v", err)
	}
}

func TestExperimentalRulesDoNotAlert(t *testing.T) {
	p := mustLoad(t, "experimental\n"+cues+refuseRule)
	s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali rejects talks with JNIM."}
	r := p.Read(&s)
	if len(r.Positions) != 1 || r.Positions[0].Tentative == "" || r.Positions[0].Confidence > 0.5 {
		t.Errorf("positions %+v", r.Positions)
	}
	if len(r.Langs) != 1 || r.Langs[0].Read {
		t.Errorf("the language counts as read: %+v", r.Langs)
	}
}

func TestExplainTellsWhatNearlyFits(t *testing.T) {
	p := mustLoad(t, cues+refuseRule)
	e, err := p.Explain(&statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali rejects any contact with JNIM."})
	if err != nil {
		t.Fatal(err)
	}
	if len(e.Sentences) != 1 || len(e.Sentences[0].Nearly) != 1 {
		t.Fatalf("sentences %+v", e.Sentences)
	}
	if n := e.Sentences[0].Nearly[0]; n.Rule != "en.refuse" || n.Wants != "<talks>" || !strings.HasPrefix(n.Quote, "rejects") {
		t.Errorf("nearly: %+v", n)
	}
}

// TestExplainTellsTheSteps checks that an explanation leads from a rule's stance
// to the position that became of it.
func TestExplainTellsTheSteps(t *testing.T) {
	p := mustLoad(t, cues+refuseRule)
	e, err := p.Explain(&statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali does not reject talks with JNIM if it disarms."})
	if err != nil || len(e.Sentences) != 1 || len(e.Sentences[0].Matches) != 1 {
		t.Fatalf("%+v, %v", e, err)
	}
	m := e.Sentences[0].Matches[0]
	if m.Gives != statement.Anti || m.Turned != statement.Pro || strings.Join(m.Negation, " ") != "not" || m.Condition != "it disarms" || m.Holder.Actor != "mali-government" || m.Because == "" {
		t.Errorf("steps %+v", m)
	}
	if want := "mali-government dialogue conditional jnim"; m.Outcome() != want || len(m.Positions) != 1 || m.Positions[0] != 1 {
		t.Errorf("outcome %q of positions %v, want %q", m.Outcome(), m.Positions, want)
	}
	if _, err := p.Explain(&statement.Statement{Issuer: "jnin", Text: "We reject talks."}); err == nil || !strings.Contains(err.Error(), `did you mean "jnim"`) {
		t.Errorf("an unknown issuer: %v", err)
	}
}

func TestFailuresNameTheWords(t *testing.T) {
	p, err := classify.Compile(fstest.MapFS{"en/test.rules": {Data: []byte(cues + strings.Replace(refuseRule, `"Mali rejects talks with JNIM."`, `"Mali rejects contact with JNIM."`, 1))}}, registry())
	if err != nil {
		t.Fatal(err)
	}
	f := p.Failures()
	if len(f) != 1 || f[0].On == "" || !strings.Contains(f[0].Text, f[0].On) || !strings.Contains(f[0].Why, "<talks>") {
		t.Fatalf("failures %+v", f)
	}
}

func TestSketch(t *testing.T) {
	p := mustLoad(t, cues+refuseRule)
	sketch, err := p.Sketch("dialogue.shuns", &statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali shunned talks with JNIM."})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"rule en.dialogue.shuns\n", "  when   shunned <talks>", `  yes    "Mali shunned talks with JNIM." => `} {
		if !strings.Contains(sketch, want) {
			t.Errorf("no %q in\n%s", want, sketch)
		}
	}
	if _, err := p.Sketch("x", &statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Ha."}); err == nil {
		t.Error("a text without any word of the rules gives a rule")
	}
}

func TestVarietiesAreReadAsTheirLanguage(t *testing.T) {
	p, err := classify.Load(fstest.MapFS{"tmh/test.rules": {Data: []byte("experimental\n" + cues + strings.ReplaceAll(refuseRule, "en.refuse", "tmh.refuse"))}}, registry())
	if err != nil {
		t.Fatal(err)
	}
	s := statement.Statement{Kind: statement.Wire, Lang: "taq", Text: "Mali rejects talks, JNIM."}
	if got := p.Read(&s).Positions; len(got) != 1 {
		t.Errorf("positions %+v", got)
	}
}

// TestFrenchFuture checks that the future and the conditional of an infinitive are
// found with it.
func TestFrenchFuture(t *testing.T) {
	rules := strings.NewReplacer("en.refuse", "fr.refuse", "reject*", "accuser offrir").Replace(cues + refuseRule)
	p, err := classify.Compile(fstest.MapFS{"fr/test.rules": {Data: []byte(rules)}}, registry())
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"accusera", "offriront", "offrirait", "accuser"} {
		s := statement.Statement{Kind: statement.Wire, Lang: "fr", Text: "Mali " + verb + " talks with JNIM."}
		if got := p.Read(&s).Positions; len(got) != 1 {
			t.Errorf("%s: positions %+v", verb, got)
		}
	}
}

// TestNearToANetwork checks that a description by its network leaves open whom it
// is about.
func TestNearToANetwork(t *testing.T) {
	p := byRulesAlone(t)
	for text, want := range map[string]string{
		"Mali is ready for talks with the Islamists linked to al-Qaeda.":                  "armed-groups",
		"Mali is ready for talks with the Islamists linked to al-Qaeda, JNIM among them.": "jnim",
		"Mali is ready for talks with al-Qaeda, the president said.":                      "al-qaeda",
	} {
		s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: text}
		if got := p.Read(&s).Positions; len(got) != 1 || got[0].Target != want {
			t.Errorf("%s: got %+v, want a position towards %s", text, got, want)
		}
	}
}
