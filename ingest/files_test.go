package ingest_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"palabre/ingest"
	"palabre/statement"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreCurrent()) }

var onFile = statement.Source{ID: "on-file", Kind: statement.Hand, Genre: statement.Article, Grade: "F", Lang: "fr"}

// read reads path with the known sources and returns what was found.
func read(t *testing.T, path, in string, about statement.Statement) ([]statement.Statement, []statement.Problem, error) {
	t.Helper()
	var found []statement.Statement
	problems, err := ingest.ReadFiles(t.Context(), path, strings.NewReader(in), ingest.FileOptions{
		Source: onFile, About: about, Now: time.Now,
		Registry: &statement.Registry{Actors: []statement.Actor{{ID: "mali-government", Country: "MLI", Names: []statement.Name{{Text: "Mali"}}}}},
		Sources: func(id string) (statement.Source, bool) {
			src := statement.Source{ID: id, Owner: "jnim", Genre: statement.Communique, Grade: "D", Lang: "ar"}
			return src, id == "al-zallaqa"
		},
		Emit: func(_ context.Context, f *statement.Fetch) error {
			held := make(map[string]bool)
			for _, c := range f.Captures {
				if c.Hash != statement.HashBody(c.Body) {
					t.Errorf("capture %s has another hash", c.URL)
				}
				held[c.Hash] = true
			}
			for _, s := range f.Statements {
				if !held[s.Capture] {
					t.Errorf("statement %s has no capture", s.Key)
				}
				found = append(found, s)
			}
			return nil
		},
	})
	return found, problems, err
}

func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const jsonLines = `{"id":"a","lang":"fr","kind":"wire","outlet":"afp","published":"2021-10-19","title":"Un","text":"Un texte."}

{"id":2,"outlet":"al-zallaqa","text":"بيان","said":{"date":"2020-03","origin":"hand"}}
not json
{"id":"k","kind":"blog","text":"x"}
{"id":"d","text":"x","published":"hier"}
{"id":"e","title":" ","text":""}
{"id":"MLI_78_2023","country":"MLI","year":2023,"lang":"en","text":"We demand the withdrawal of MINUSMA."}
{"text":"last`

func TestReadLines(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{write(t, dir, "a.jsonl", jsonLines), write(t, dir, "b.jsonl.gz", zipped(t, jsonLines)), "-"} {
		found, problems, err := read(t, path, jsonLines, statement.Statement{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range found {
			got = append(got, fmt.Sprintf("%s %s %s %s %s %s %s %s %q", s.Key[strings.Index(s.Key, "#"):], s.Source, s.Outlet, s.Kind, s.Lang, s.Owner+s.Issuer, s.Said, s.Published, s.Title))
		}
		want := []string{
			`#a on-file afp wire fr   2021-10-19 "Un"`,
			`#2 al-zallaqa al-zallaqa communique ar jnim 2020-03  ""`,
			`#MLI_78_2023 on-file on-file speech en mali-government  2023 "Mali, UN General Debate 2023"`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: statements (-want +got):\n%s", path, diff)
		}
		var wrong []string
		for _, p := range problems {
			_, line, _ := strings.Cut(p.Where, "line ")
			wrong = append(wrong, line)
		}
		if diff := cmp.Diff([]string{"4", "5", "6", "7", "9"}, wrong); diff != "" {
			t.Errorf("%s: lines with problems (-want +got):\n%s\n%v", path, diff, problems)
		}
	}
}

func TestReadFolder(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "2021-03-14 Discours à Farabougou.txt", "Nous acceptons   le dialogue.\n\n\n\nNous le disons ici.")
	write(t, dir, "b/note.html", "<html lang=en><p>We reject <b>any</b> talks.</p><script>x()</script></html>")
	write(t, dir, "c.srt", "1\n00:00:01,000 --> 00:00:02,000\nBonjour à tous.\n\n2\nbroken --> x\nrien\n")
	write(t, dir, "d.vtt.gz", zipped(t, "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Koufa>Salut.\n"))
	write(t, dir, "e.pdf", "%PDF")
	write(t, dir, "f.txt", " \n ")
	write(t, dir, "g.txt.gz", "\x1f\x8bdamaged")
	write(t, dir, ".hidden/x.txt", "hidden")
	outside := write(t, t.TempDir(), "outside.txt", "outside")
	if err := os.Symlink(outside, filepath.Join(dir, "h.txt")); err != nil {
		t.Fatal(err)
	}
	found, problems, err := read(t, dir, "", statement.Statement{Note: "on file"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range found {
		got = append(got, fmt.Sprintf("%s|%s|%s|%s|%s|%d|%s", s.Title, s.Text, s.Kind, s.Lang, s.Published, len(s.Turns), s.Note))
	}
	want := []string{
		"Discours à Farabougou|Nous acceptons le dialogue.\n\nNous le disons ici.|article|fr|2021-03-14|0|on file",
		"note|We reject any talks.|article|fr||0|on file",
		"c|Bonjour à tous.|transcript|fr||0|on file",
		"d|Salut.|transcript|fr||1|on file",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("statements (-want +got):\n%s", diff)
	}
	var wrong []string
	for _, p := range problems {
		wrong = append(wrong, strings.TrimPrefix(p.Where, dir+"/"))
	}
	if diff := cmp.Diff([]string{"h.txt", "c.srt, line 5", "e.pdf", "f.txt", "g.txt.gz"}, wrong); diff != "" {
		t.Errorf("problems (-want +got):\n%s\n%v", diff, problems)
	}
}

func TestReadNothing(t *testing.T) {
	if _, _, err := read(t, filepath.Join(t.TempDir(), "none.txt"), "", statement.Statement{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want that there is no such file", err)
	}
	found, problems, err := read(t, "-", "", statement.Statement{})
	if err != nil || len(found) > 0 || len(problems) != 1 {
		t.Errorf("an empty pipe: %v, %v, %v", found, problems, err)
	}
}

func TestHand(t *testing.T) {
	said, err := statement.ParseDate("2020-03", "hand")
	if err != nil {
		t.Fatal(err)
	}
	f, err := ingest.Hand(onFile, statement.Statement{Text: "Première ligne.\nDeuxième\u202e ligne.", Said: said, Lang: "bm", Kind: statement.Speech}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s := f.Statements[0]
	if s.Title != "Première ligne." || s.Text != "Première ligne.\nDeuxième ligne." || s.Said != said || s.Lang != "bm" || s.Kind != statement.Speech || s.Grade != "F" {
		t.Errorf("filed as %+v", s)
	}
	if s.Capture != f.Captures[0].Hash || !strings.Contains(string(f.Captures[0].Body), "\u202e") {
		t.Error("the capture is not what was entered")
	}
	for _, text := range []string{"", " \n\u200b", strings.Repeat("a", statement.MaxText+1)} {
		if _, err := ingest.Hand(onFile, statement.Statement{Text: text}, time.Now()); err == nil {
			t.Errorf("an entry of %d bytes is taken", len(text))
		}
	}
}

func FuzzReadLines(f *testing.F) {
	f.Add(jsonLines)
	f.Add(`{"id":{},"text":"a"}` + "\n" + `{"said":{"date":7}}`)
	f.Fuzz(func(t *testing.T, in string) {
		found, _, err := read(t, "-", "{}\n"+in, statement.Statement{})
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range found {
			if s.Key == "" || s.Title == "" && s.Text == "" {
				t.Fatalf("empty statement %+v", s)
			}
		}
	})
}

// BenchmarkReadLines measures reading speeches from a file of JSON lines.
func BenchmarkReadLines(b *testing.B) {
	text := strings.Repeat(`{"id":"x","lang":"fr","kind":"wire","title":"Titre","text":"`+strings.Repeat("Le gouvernement a dit. ", 70)+`"}`+"\n", 1000)
	path := filepath.Join(b.TempDir(), "a.jsonl")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	opt := ingest.FileOptions{
		Source: onFile, Now: time.Now,
		Sources: func(string) (statement.Source, bool) { return statement.Source{}, false },
		Emit:    func(context.Context, *statement.Fetch) error { return nil },
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := ingest.ReadFiles(b.Context(), path, nil, opt); err != nil {
			b.Fatal(err)
		}
	}
}
