package classify_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"palabre/classify"
	"palabre/statement"
)

// registry is a small world for tests of the engine itself.
func registry() *statement.Registry {
	names := func(texts ...string) []statement.Name {
		out := make([]statement.Name, len(texts))
		for i, t := range texts {
			out[i] = statement.Name{Text: t}
		}
		return out
	}
	return &statement.Registry{
		Actors: []statement.Actor{
			{ID: "mali-government", Kind: statement.State, Names: names("Mali", "Bamako")},
			{ID: "france", Kind: statement.State, Names: names("France", "Paris"), Forces: names("Barkhane")},
			{ID: "un", Kind: statement.Body, Names: names("United Nations", "UN"), Forces: names("MINUSMA")},
			{ID: "jnim", Kind: statement.Coalition, Names: names("JNIM")},
			{ID: "armed-groups", Kind: statement.ArmedGroup},
		},
		Persons: []statement.Person{
			{ID: "abdoulaye-diop", Names: names("Abdoulaye Diop"), Roles: []statement.Role{{Actor: "mali-government", Title: "minister"}}},
		},
		Places: []statement.Place{{ID: "kidal", Names: names("Kidal")}},
	}
}

const cues = `
class neg
  not no never
class not-neg
  "without delay" "if elected"
class say
  said says
class first-person
  we our
class oblique
  with to in of
class article
  the a any
class cond
  if "provided that"
class but
  but
class past
  formerly
class hypothesis
  whether
class troops
  troops
demonym france
  French
office state
  minister
mention armed-groups
  jihadists
`

const refuseRule = `
class refuse
  refus* reject*
class talks
  talks dialogue
rule en.refuse
  reads  an actor refuses talks
  when   <refuse> ~4 <talks>
  gives  dialogue anti
  yes    "Mali rejects talks with JNIM." => mali-government dialogue anti jnim
  yes    "Mali refused any dialogue with the jihadists." => mali-government dialogue anti armed-groups
  no     "Mali has talks with JNIM."
`

func load(t *testing.T, rules string) (*classify.Pack, error) {
	t.Helper()
	return classify.Load(fsOf("en/test.rules", rules), registry())
}

// fsOf returns a file system of one file.
func fsOf(name, text string) fstest.MapFS { return fstest.MapFS{name: {Data: []byte(text)}} }

func mustLoad(t *testing.T, rules string) *classify.Pack {
	t.Helper()
	p, err := load(t, rules)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestLoadNamesThePlaceOfAMistake(t *testing.T) {
	rule := func(body string) string {
		return "class talks\n  talks\nrule en.x\n" + body
	}
	examples := "  yes \"a\" => jnim dialogue pro\n  yes \"b\" => jnim dialogue pro\n  no \"c\"\n"
	for _, c := range []struct{ name, rules, want string }{
		{"unknown directive", "clas refuse\n  refus*\n", `en/test.rules:1:1: unknown directive "clas": did you mean "class"?`},
		{"calling without quotation marks", "class refuse says no\n  refus*\n", `en/test.rules:1:14: behind the name of a class stands at most how it is called, such as class refuse "refuse"`},
		{"two callings", "class refuse \"says no\"\n  refus*\nclass refuse \"rejects\"\n  reject*\n", `en/test.rules:3:7: class refuse is called "says no" at en/test.rules:1`},
		{"stray indent", "  refus*\n", "en/test.rules:1:1: an indented line must follow a rule or a word list"},
		{"unknown actor", "mention jnmi\n  brothers\n", `en/test.rules:1:9: unknown actor "jnmi": did you mean "jnim"?`},
		{"open phrase", "class x\n  \"open\n", "en/test.rules:2:3: the phrase has no closing quotation mark"},
		{"short prefix", "class x\n  ab*\n", "the prefix ab* is shorter than three bytes"},
		{"unknown class", rule("  reads r\n  when <talk>\n  gives dialogue pro\n" + examples), `unknown class <talk>: did you mean "talks"?`},
		{"unknown mention", rule("  when @actr\n"), `en/test.rules:4:8: unknown mention @actr: did you mean "actor"?`},
		{"gap too wide", rule("  when <talks> ~99 <talks>\n"), "a gap is ~1 to ~15"},
		{"nothing but a refusal", rule("  when !<talks>\n"), "a pattern begins with"},
		{"optional behind the start", rule("  when ^ <talks>? talks\n"), "a pattern begins with"},
		{"optional first in a group", rule("  when (<talks>? a | b c)\n"), "a pattern begins with"},
		{"unknown topic", rule("  gives troops pro\n"), `unknown topic "troops": want one of [dialogue foreign_troops sharia]`},
		{"unknown act", rule("  gives dialogue pro act=ceasefires\n"), `unknown act "ceasefires": did you mean "ceasefire"?`},
		{"unknown actor in an example", rule("  reads r\n  when <talks>\n  gives dialogue pro\n  yes \"a\" => jnmi dialogue pro\n  yes \"b\" => jnim dialogue pro\n  no \"c\"\n"), `en/test.rules:7:1: rule en.x: unknown actor "jnmi": did you mean "jnim"?`},
		{"single quotation marks in a list", "class x\n  'wriggled out'\n", `a phrase of a list stands in double quotation marks`},
		{"unknown kind of office", "anaphor village\n  coalition\n", `unknown kind "village"`},
		{"gap first", rule("  when ~3 <talks>\n"), "a pattern begins with"},
		{"open class", rule("  when <talks\n"), "the class has no closing >"},
		{"open group", rule("  when (a | b\n"), "the group has no closing parenthesis"},
		{"empty alternative", rule("  when (a | )\n"), "an alternative of the group is empty"},
		{"unknown stance", rule("  gives dialogue maybe\n"), `unknown stance "maybe"`},
		{"unknown option", rule("  gives dialogue pro by=nobody\n"), "unknown by=nobody: want one of object, parties, subject, voice"},
		{"bad weight", rule("  gives dialogue pro weight=2\n"), `weight "2" is not a number`},
		{"no reads", rule("  when <talks>\n  gives dialogue pro\n" + examples), "has no line reads"},
		{"no examples", rule("  reads r\n  when <talks>\n  gives dialogue pro\n"), "needs at least two examples yes and one no, has 0 and 0"},
		{"bad example", rule("  yes talks\n"), "an example is a text in straight quotation marks"},
		{"example without position", rule("  yes \"talks\"\n"), "want => ACTOR TOPIC STANCE [TARGET]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := load(t, c.rules)
			if err == nil {
				t.Fatal("loaded")
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %q, want %q in it", err, c.want)
			}
		})
	}
}

func TestTestNamesAFailingExample(t *testing.T) {
	_, err := load(t, cues+strings.Replace(refuseRule, `"Mali has talks with JNIM."`, `"Mali rejects talks with JNIM."`, 1))
	if err == nil {
		t.Fatal("a pack with a failing example loads")
	}
	if want := "rule en.refuse: must not match"; !strings.Contains(err.Error(), want) {
		t.Errorf("got %q, want %q in it", err, want)
	}
}

func TestVersionIsTheContent(t *testing.T) {
	a, b := mustLoad(t, cues+refuseRule), mustLoad(t, cues+refuseRule)
	c := mustLoad(t, cues+refuseRule+"# a remark\n")
	if a.Version() != b.Version() {
		t.Error("the same rules have two versions")
	}
	if a.Version() == c.Version() {
		t.Error("other rules have the same version")
	}
}

func TestReading(t *testing.T) {
	p := mustLoad(t, cues+refuseRule)
	if err := p.Test(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, text, want string }{
		{"subject", "Mali rejects talks with JNIM.", "mali-government anti jnim"},
		{"negation", "Mali does not reject talks with JNIM.", "mali-government pro jnim"},
		{"two negators are one", "Mali not never reject talks with JNIM.", "mali-government pro jnim"},
		{"phrase that negates nothing", "Mali, without delay, rejects talks with JNIM.", "mali-government anti jnim"},
		{"quotation", `"We reject talks with JNIM," minister Abdoulaye Diop said in Mali.`, "mali-government/abdoulaye-diop anti jnim"},
		{"reported speech", "Abdoulaye Diop said Mali rejects talks with JNIM.", "mali-government/abdoulaye-diop anti jnim"},
		{"group", "JNIM rejects talks with Bamako.", "jnim anti mali-government"},
		{"condition", "Mali does not reject talks with JNIM if the French troops leave.", "mali-government conditional (the French troops leave) jnim"},
		{"no condition", "If elected Mali rejects talks with JNIM.", "mali-government anti jnim"},
		{"clause limit", "Mali rejects war; talks with JNIM began.", ""},
		{"history", "Mali formerly rejected talks with JNIM.", ""},
		{"question", "Does Mali reject talks with JNIM?", ""},
		{"hypothesis", "It is asked whether Mali rejects talks with JNIM.", ""},
		{"no armed counterpart", "Mali rejects talks with Paris.", ""},
		{"nobody named", "The talks were rejected. Kidal.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: c.text}
			r := p.Read(&s)
			var got []string
			for i := range r.Positions {
				q := &r.Positions[i]
				who := q.Actor
				if q.Speaker != "" {
					who += "/" + q.Speaker
				}
				stance := string(q.Stance)
				if q.Condition != "" {
					stance += " (" + q.Condition + ")"
				}
				got = append(got, fmt.Sprintf("%s %s %s", who, stance, q.Target))
				if err := q.Evidence.Check(&s); err != nil {
					t.Error(err)
				}
			}
			if g := strings.Join(got, "; "); g != c.want {
				t.Errorf("%q: got %q, want %q; unclear: %v", c.text, g, c.want, r.Unclear)
			}
		})
	}
}

func TestUnclearSaysWhy(t *testing.T) {
	p := mustLoad(t, cues+refuseRule)
	s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Mali formerly rejected talks with JNIM."}
	r := p.Read(&s)
	if len(r.Positions) != 0 || len(r.Unclear) != 1 || r.Unclear[0].Why != "told as history" {
		t.Errorf("positions %v, unclear %v", r.Positions, r.Unclear)
	}
}

func FuzzRead(f *testing.F) {
	p, err := classify.Load(fsOf("en/test.rules", cues+refuseRule), registry())
	if err != nil {
		f.Fatal(err)
	}
	f.Add("Title", "Mali rejects talks with JNIM. \"We refuse,\" it said.\n\nقال: لا")
	f.Add("", "\xff«“\"(((:::")
	f.Fuzz(func(t *testing.T, title, text string) {
		s := statement.Statement{Kind: statement.Wire, Lang: "en", Title: title, Text: text}
		r := p.Read(&s)
		for i := range r.Positions {
			if err := r.Positions[i].Evidence.Check(&s); err != nil {
				t.Error(err)
			}
		}
	})
}
