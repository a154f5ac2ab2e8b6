package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"palabre/classify"
	"palabre/seeds"
	"palabre/statement"
)

// yodelRule reads what no built-in rule does.
const yodelRule = `class yodel
  yodel yodels yodelled
rule en.dialogue.yodels-at-talks
  reads  an actor yodels at talks
  when   <yodel> ~5 <talks>
  gives  dialogue anti
  yes    "The Malian government yodelled at talks with JNIM." => mali-government dialogue anti jnim
  yes    "France yodels at any dialogue with the jihadists in Mali." => france dialogue anti armed-groups
  no     "The coach yodelled at the Malian press."
`

// TestRulesAreReloaded changes the analysts' rules while they are in use: good
// ones are taken, bad ones leave those before in their place and are reported.
func TestRulesAreReloaded(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "of analysts [1]") // no pattern of names
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "en", "mine.rules")
	write := func(text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	b, err := openRulebook(reg, dir, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	s := statement.Statement{Kind: statement.Wire, Lang: "en", Text: "Niger yodelled at talks with JNIM."}
	found := func() int { // by rules
		n := 0
		for _, p := range b.current().Read(&s).Positions {
			if p.Tentative != classify.ByWeight {
				n++
			}
		}
		return n
	}
	if n := found(); n != 0 {
		t.Fatalf("%d positions before the rule is there", n)
	}
	builtInVersion := b.current().Version()

	write(yodelRule)
	b.reload(t.Context())
	mine := b.current().Version()
	if found() != 1 || mine == builtInVersion {
		t.Fatalf("the new rule is not in use: %d positions, version %s", found(), mine)
	}

	write(strings.Replace(yodelRule, "The coach yodelled at", "France yodelled at talks with JNIM: the coach shunned", 1))
	b.reload(t.Context())
	if b.current().Version() != mine || found() != 1 {
		t.Error("rules with a failing example took the place of good ones")
	}
	if c := b.check(); c.OK || !strings.Contains(c.Detail, "en/mine.rules:9") || !strings.Contains(c.Detail, mine) {
		t.Errorf("readiness says %+v", c)
	}

	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	b.reload(t.Context())
	if b.current().Version() != builtInVersion || !b.check().OK {
		t.Errorf("after the rule is gone: version %s, want %s; %+v", b.current().Version(), builtInVersion, b.check())
	}
}

func TestRulebookNeedsItsFolder(t *testing.T) {
	reg, err := seeds.Registry()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openRulebook(reg, filepath.Join(t.TempDir(), "nowhere"), slog.New(slog.DiscardHandler)); err == nil {
		t.Error("rules of a folder that is not there are in use")
	}
}

// TestRulesAreWatchedFromTheStart puts the first rule into a data folder that is
// already in use.
func TestRulesAreWatchedFromTheStart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	p, err := openPipeline(t.Context(), dir, "", natsFlags{}, parts{rules: true}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	}()
	before := p.rules.current().Version()
	if err := os.Mkdir(filepath.Join(dir, rulesDir, "en"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, rulesDir, "en", "mine.rules"), []byte(yodelRule), 0o644); err != nil {
		t.Fatal(err)
	}
	p.rules.reload(t.Context())
	if got := p.rules.current().Version(); got == before || !p.rules.check().OK {
		t.Errorf("the rule is not in use: version %s, %+v", got, p.rules.check())
	}
}
