package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"palabre/api"
	"palabre/classify"
	"palabre/seeds"
	"palabre/statement"
)

// rulesDir is the folder of the analysts' own rules in the data folder.
const rulesDir = "rules"

// rulebook holds the rules in use and takes in what analysts change while the
// program runs. Changed rules that do not load leave those in use as they are.
type rulebook struct {
	reg  *statement.Registry
	dir  string // overlay, or "" for the built-in rules alone
	log  *slog.Logger
	pack atomic.Pointer[classify.Pack]
	// fault says why the rules as they lie in dir are not in use; "" if they are.
	fault atomic.Pointer[string]
	seen  string // stamp of dir when it was last read
}

// openRulebook loads the built-in rules and what dir puts over them.
func openRulebook(reg *statement.Registry, dir string, log *slog.Logger) (*rulebook, error) {
	b := &rulebook{reg: reg, dir: dir, log: log}
	b.fault.Store(new(string))
	var err error
	if b.seen, err = stampOf(dir); err != nil {
		return nil, err
	}
	pack, err := loadRules(reg, dir)
	if err != nil {
		return nil, err
	}
	b.pack.Store(pack)
	return b, nil
}

// loadRules loads the built-in rules with folders over them, if they are not empty. The
// examples are run where analysts' rules are among them; those of the built-in
// rules alone are run by the tests. No rule that analysts write may take the
// program down.
func loadRules(reg *statement.Registry, dirs ...string) (pack *classify.Pack, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("load rules: %v", fault)
		}
	}()
	rules, err := seeds.Rules()
	if err != nil {
		return nil, err
	}
	var over []fs.FS
	for _, dir := range dirs {
		layer, err := overlay(dir)
		if err != nil {
			return nil, err
		}
		over = append(over, layer...)
	}
	if over == nil {
		return classify.Compile(rules, reg)
	}
	return classify.Load(rules, reg, over...)
}

// overlay returns the folder as what goes over the built-in rules: nothing where
// it is "" or empty.
func overlay(dir string) ([]fs.FS, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("open rules: %w", err)
	}
	if len(entries) == 0 {
		return nil, nil
	}
	return []fs.FS{os.DirFS(dir)}, nil
}

// current returns the rules in use.
func (b *rulebook) current() *classify.Pack { return b.pack.Load() }

// rulesEvery is how often the folder is looked at.
const rulesEvery = 2 * time.Second

// watch takes changed rules into use until ctx ends.
func (b *rulebook) watch(ctx context.Context) error {
	if b.dir == "" {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(rulesEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			b.reload(ctx)
		}
	}
}

// unread is the stamp of a folder that could not be looked at.
const unread = "?"

// reload reads the folder again if anything in it changed.
func (b *rulebook) reload(ctx context.Context) {
	stamp, err := stampOf(b.dir)
	if err == nil && stamp == b.seen {
		return
	}
	var pack *classify.Pack
	if b.seen = unread; err == nil {
		b.seen = stamp
		pack, err = loadRules(b.reg, b.dir)
	}
	if err != nil {
		if why := firstLine(err); why != *b.fault.Load() {
			b.fault.Store(&why)
			b.log.ErrorContext(ctx, "changed rules do not load; those before stay in use", "folder", b.dir, "version", b.current().Version(), "error", err)
		}
		return
	}
	b.fault.Store(new(string))
	b.pack.Store(pack)
	rules, _ := pack.Examples()
	b.log.InfoContext(ctx, "changed rules are in use", "folder", b.dir, "version", pack.Version(), "rules", rules)
}

// check tells which rules are in use, for readiness.
func (b *rulebook) check() api.Check {
	c := api.Check{Name: "rules", OK: true, Detail: "version " + b.current().Version()}
	if why := *b.fault.Load(); why != "" {
		c.OK, c.Detail = false, c.Detail+" stays in use: "+why
	}
	return c
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// stampOf sums up names, sizes, modes and times of the rule files and scorecards in the
// folder.
func stampOf(dir string) (string, error) {
	if dir == "" {
		return "", nil
	}
	folder := os.DirFS(dir)
	var files []string
	for _, pattern := range [...]string{"*/*.rules", "*/" + classify.CardFile} {
		found, err := fs.Glob(folder, pattern)
		if err != nil {
			return "", fmt.Errorf("look at the rules: %w", err)
		}
		files = append(files, found...)
	}
	var b strings.Builder
	for _, name := range files {
		info, err := fs.Stat(folder, name)
		if errors.Is(err, fs.ErrNotExist) { // removed just now
			continue
		}
		if err != nil {
			return "", fmt.Errorf("look at the rules: %w", err)
		}
		fmt.Fprintf(&b, "%s %d %s %d\n", name, info.Size(), info.Mode(), info.ModTime().UnixNano())
	}
	return b.String(), nil
}

// pages is how the pages reach the rules; nil where none are read here.
func (b *rulebook) pages() *api.Rulebook {
	if b == nil {
		return nil
	}
	return &api.Rulebook{Pack: b.current, Over: b.over}
}

// ruleFileName is the path of a file of rules: the folder of its language and a
// name.
var ruleFileName = regexp.MustCompile(`^[a-z]{2,3}/[A-Za-z0-9_-]+\.rules$`)

// over returns the rules in use with a file over them.
func (b *rulebook) over(name, text string) (pack *classify.Pack, err error) {
	if !ruleFileName.MatchString(name) {
		return nil, fmt.Errorf("%q is no name of a file of rules: want one such as fr/mine.rules", name)
	}
	dir, err := os.MkdirTemp("", "palabre-rules-")
	if err != nil {
		return nil, fmt.Errorf("keep rules to try: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("keep rules to try: %w", err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		return nil, fmt.Errorf("keep rules to try: %w", err)
	}
	return loadRules(b.reg, b.dir, dir)
}
