package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"palabre/seeds"
	"palabre/statement"
)

// folderWith returns a data folder that holds the files.
func folderWith(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func builtInRegistry(t testing.TB) *statement.Registry {
	t.Helper()
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	return reg
}

func TestReadReceivers(t *testing.T) {
	dir := folderWith(t, map[string]string{
		"receivers.yaml": `receivers:
  - {id: officer, email: officer@example.org, lang: fr, zone: Africa/Bamako, wants: {actors: [jnim, mahmoud-dicko], targets: foreign, places: kidal}}
  - {id: desk, webhook_file: secrets/url, secret_file: secrets/key}
  - {id: typo, email: a@example.org, wants: {actors: jnin}}
  - {id: place, email: a@example.org, wants: {places: [atlantis-on-the-niger]}}
  - {id: refused, email: a@example.org}
  - {id: chat, chat_file: secrets/missing}
  - {id: last, nats: true, pace: hourly}
`,
		"secrets/url": "https://desk.example.org/hook/abc\n",
		"secrets/key": "  whsec_c2VjcmV0\n",
	})
	check := func(r *statement.Receiver) error {
		if r.ID == "refused" {
			return errors.New("secret: is no key")
		}
		return nil
	}
	receivers, problems, err := readReceivers(dir, builtInRegistry(t), check)
	if err != nil {
		t.Fatal(err)
	}
	want := []statement.Receiver{
		{
			ID: "officer", Name: "officer", Lang: "fr", Zone: "Africa/Bamako", FromConfig: true,
			Wants: statement.Filter{Actors: []string{"jnim", "mahmoud-dicko"}, Targets: []string{"foreign"}, Places: []string{"kidal"}},
			Way:   statement.Way{Kind: statement.Email, To: []string{"officer@example.org"}},
			Pace:  statement.Pace{Mode: statement.AtOnce},
		},
		{
			ID: "desk", Name: "desk", FromConfig: true,
			Way:  statement.Way{Kind: statement.Webhook, URL: "https://desk.example.org/hook/abc", Secret: "whsec_c2VjcmV0"},
			Pace: statement.Pace{Mode: statement.AtOnce},
		},
		{ID: "last", Name: "last", FromConfig: true, Way: statement.Way{Kind: statement.Subject}, Pace: statement.Pace{Mode: statement.Hourly}},
	}
	if diff := cmp.Diff(want, receivers); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	path := filepath.Join(dir, "receivers.yaml")
	wantProblems := []struct{ where, what string }{
		{":4:", `wants: actors: "jnin" is no known actor: did you mean "jnim"?`},
		{":5:", `wants: places: "atlantis-on-the-niger" is no known place`},
		{":6:", "secret: is no key"},
		{":7:", "chat_file: open "},
	}
	if len(problems) != len(wantProblems) {
		t.Fatalf("problems: %v", problems)
	}
	for i, w := range wantProblems {
		if !strings.HasPrefix(problems[i].Where, path+w.where) || !strings.HasPrefix(problems[i].What, w.what) {
			t.Errorf("problem %d: %s: %s, want %s%s %s", i, problems[i].Where, problems[i].What, path, w.where, w.what)
		}
	}
}

func TestReadReceiversOfOddFolders(t *testing.T) {
	reg := builtInRegistry(t)
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string // part of the error
	}{
		{"no file", nil, ""},
		{"empty file", map[string]string{"receivers.yaml": ""}, ""},
		{"no receivers", map[string]string{"receivers.yaml": "receivers: []\n"}, ""},
		{"only bad ones", map[string]string{"receivers.yaml": "receivers:\n  - {id: a}\n"}, "read receivers: "},
		{"another list", map[string]string{"receivers.yaml": "sources: []\n"}, `unknown field "sources"`},
		{"no YAML", map[string]string{"receivers.yaml": "receivers:\n\t- a\n"}, "receivers.yaml:2:1"},
		{"a folder", map[string]string{"receivers.yaml/a": ""}, "read receivers: read "},
		{"too large", map[string]string{"receivers.yaml": "receivers: []\n#" + strings.Repeat("x", mostReceivers)}, "has more than 1048576 bytes"},
		{"a large secret", map[string]string{"receivers.yaml": "receivers:\n  - {id: a, webhook_file: url}\n", "url": strings.Repeat("x", mostSecret+1)}, "has more than 4096 bytes"},
		{"an empty secret", map[string]string{"receivers.yaml": "receivers:\n  - {id: a, webhook_file: url}\n", "url": " \n"}, "does not hold one line"},
	} {
		t.Run(c.name, func(t *testing.T) {
			receivers, problems, err := readReceivers(folderWith(t, c.files), reg, nil)
			switch {
			case c.want == "" && (err != nil || len(receivers)+len(problems) > 0):
				t.Errorf("%v, %v, %v", receivers, problems, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestReceiversGuide reads every example of docs/receivers.md: what an operator
// copies must work.
func TestReceiversGuide(t *testing.T) {
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "receivers.md"))
	if err != nil {
		t.Fatal(err)
	}
	examples := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(string(guide), -1)
	if len(examples) < 3 {
		t.Fatalf("%d examples, want at least 3", len(examples))
	}
	reg := builtInRegistry(t)
	for _, ex := range examples {
		dir := folderWith(t, map[string]string{"receivers.yaml": ex[1], "secrets/desk.key": "whsec_c2VjcmV0\n", "secrets/desk.url": "https://desk.example.org/hook\n"})
		receivers, problems, err := readReceivers(dir, reg, nil)
		if err != nil || len(problems) > 0 || len(receivers) == 0 {
			t.Errorf("%s%v %v", ex[1], problems, err)
		}
	}
}
