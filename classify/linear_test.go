package classify_test

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"palabre/classify"
	"palabre/seeds"
	"palabre/statement"
)

// hostile are texts made to be slow when they are repeated: words that many
// rules begin with, names and offices without end, marks that never close.
var hostile = []struct{ name, lang, unit string }{
	{"one sentence", "en", "Mali not rejects talks with JNIM and troops leave sharia "},
	{"one word", "en", "refuses "},
	{"offices", "en", "the president of the ministry of the spokesman of "},
	{"quotation marks", "fr", "« “ \" Mali refuse "},
	{"conditions", "en", "if Mali rejects talks, provided that "},
	{"commas", "fr", "appelle , dialogue , "},
	{"breaks", "en", "talks\n"},
	{"clitics", "ar", "فبالمفاوضاتهم "},
	{"sentences", "en", "Mali and France reject talks with JNIM. "},
	{"leaders", "en", "with the leader "},
}

// TestHostileTextIsBounded reads a megabyte of each and looks at what is kept.
func TestHostileTextIsBounded(t *testing.T) {
	pack := builtIn(t)
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			s := statement.Statement{Kind: statement.Wire, Lang: c.lang, Text: strings.Repeat(c.unit, statement.MaxText/len(c.unit))}
			r := pack.Read(&s)
			const most = 200
			if len(r.Positions) > most || len(r.Unclear) > most+1 {
				t.Errorf("%d positions and %d reasons are kept", len(r.Positions), len(r.Unclear))
			}
			for i := range r.Positions {
				if err := r.Positions[i].Evidence.Check(&s); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkReadOfHostileText reads a megabyte of each: the time per byte must
// stay within a small factor of that of ordinary text.
func BenchmarkReadOfHostileText(b *testing.B) {
	pack := builtIn(b)
	for _, c := range hostile {
		b.Run(c.name, func(b *testing.B) {
			s := statement.Statement{Kind: statement.Wire, Lang: c.lang, Text: strings.Repeat(c.unit, statement.MaxText/len(c.unit))}
			b.SetBytes(int64(len(s.Text)))
			for b.Loop() {
				pack.Read(&s)
			}
		})
	}
}

// builtIn compiles the built-in rules.
func builtIn(t testing.TB) *classify.Pack {
	return compiled(t, func(files fs.FS) fs.FS { return files })
}

// byRulesAlone returns the built-in rules without the scorecards, for what single steps
// of reading come to.
func byRulesAlone(t testing.TB) *classify.Pack {
	return compiled(t, func(files fs.FS) fs.FS { return noCards{files} })
}

// noCards is a folder of rules without its scorecards.
type noCards struct{ fs.FS }

func (f noCards) Open(name string) (fs.File, error) {
	if path.Base(name) == classify.CardFile {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return f.FS.Open(name)
}

func compiled(t testing.TB, of func(fs.FS) fs.FS) *classify.Pack {
	t.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	rules, err := seeds.Rules()
	if err != nil {
		t.Fatal(err)
	}
	pack, err := classify.Compile(of(rules), reg)
	if err != nil {
		t.Fatal(err)
	}
	return pack
}

// FuzzReadBuiltIn reads anything with the built-in rules: evidence is verbatim,
// confidence is a share, and the explanation does not fail either.
func FuzzReadBuiltIn(f *testing.F) {
	pack := builtIn(f)
	f.Add("fr", "interview", "Le Jnim prêt à négocier", "RFI : Et la France ?\nIyad : « Nous négocierons si elle s'en va. »")
	f.Add("ar", "communique", "بيان", "وإننا نرفض أي تفاوض ما لم تخرج القوات الفرنسية")
	f.Add("en", "transcript", "", "host well they said the troops must leave now and we will talk to them")
	f.Add("en", "wire", "", "of BY president A BY")
	f.Add("en", "post", "spokesman and Malian military", "")
	f.Add("fr", "transcript", "", strings.Repeat("les gens de la ville ", 12)+"\nChoguel Maïga")
	for _, c := range hostile {
		f.Add(c.lang, "speech", "", strings.Repeat(c.unit, 3))
	}
	f.Fuzz(func(t *testing.T, language, kind, title, text string) {
		s := statement.Statement{Kind: statement.Kind(kind), Lang: language, Title: title, Text: text, Outlet: title}
		r := pack.Read(&s)
		for i := range r.Positions {
			p := &r.Positions[i]
			if err := p.Evidence.Check(&s); err != nil {
				t.Error(err)
			}
			if p.Confidence <= 0 || p.Confidence > 1 || !p.Stance.Valid() || p.Actor == "" {
				t.Errorf("position %+v", p)
			}
		}
		pack.Explain(&s)
	})
}

// FuzzCompile compiles anything: a mistake is an error with its place.
func FuzzCompile(f *testing.F) {
	f.Add(cues + refuseRule)
	f.Add("class a\n  b*\nrule x\n  when (a|<a> ~2 @any)? !b ^ $ who=@group\n  gives dialogue pro by=parties\n")
	reg := registry()
	f.Fuzz(func(t *testing.T, text string) {
		_, err := classify.Compile(fsOf("en/x.rules", text), reg)
		if err != nil && !strings.Contains(err.Error(), "en/x.rules:") {
			t.Errorf("the error has no place: %v", err)
		}
	})
}
