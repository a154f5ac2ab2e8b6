package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/jedib0t/go-pretty/v6/table"

	"palabre/seeds"
)

// configFile is the settings file in the data folder.
const configFile = "palabre.yaml"

// settings finds the value of a flag that was not given: in the environment,
// then in the settings file. It remembers where each came from.
type settings struct {
	file  map[string]any
	path  string
	from  map[string]string
	err   error
	model *kong.Context
}

// newSettings reads the settings file of the data folder that the arguments or
// the environment name.
func newSettings(args []string) *settings {
	s := &settings{from: make(map[string]string)}
	s.path = filepath.Join(dataFolder(args), configFile)
	data, err := os.ReadFile(s.path)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR): // the command tells what is wrong with the folder
	case err != nil:
		s.err = fmt.Errorf("read settings: %w", err)
	default:
		if err := seeds.DecodeYAML(s.path, data, &s.file); err != nil {
			s.err = fmt.Errorf("read settings: %w", err)
		}
	}
	return s
}

func dataFolder(args []string) string {
	for i, a := range args {
		if v, ok := strings.CutPrefix(a, "--data="); ok {
			return v
		}
		if a == "--data" && i+1 < len(args) {
			return args[i+1]
		}
	}
	if v := os.Getenv("PALABRE_DATA"); v != "" {
		return v
	}
	return "palabre-data"
}

// Validate implements kong.Resolver: it refuses settings that no flag has.
func (s *settings) Validate(app *kong.Application) error {
	if s.err == nil {
		s.err = s.refuseWeaker()
	}
	if s.err == nil {
		s.err = s.refuseUnknown(app)
	}
	return s.err
}

func (s *settings) refuseUnknown(app *kong.Application) error {
	known := make(map[string]bool)
	_ = kong.Visit(app, func(node kong.Visitable, next kong.Next) error {
		if f, ok := node.(*kong.Flag); ok {
			known[f.Name] = true
		}
		return next(nil)
	})
	for name := range s.file {
		if !known[name] {
			return fmt.Errorf("read settings: %s: unknown setting %q; palabre config lists them", s.path, name)
		}
	}
	return nil
}

// fixed are the settings by which other programs trade safety for speed. Here
// they are no choice: nothing that was acknowledged may be lost.
var fixed = []string{"sync", "sync-interval", "sync-always", "fsync", "synchronous", "journal-mode"}

// refuseWeaker reports an attempt to set how safely data are written, in the
// file or in the environment.
func (s *settings) refuseWeaker() error {
	const always = "is not a choice: the record is written with synchronous FULL in WAL mode and the streams with sync_interval always, so that nothing acknowledged is lost; remove it"
	for name := range s.file {
		if slices.Contains(fixed, strings.ReplaceAll(name, "_", "-")) {
			return fmt.Errorf("read settings: %s: %q %s", s.path, name, always)
		}
	}
	for _, name := range fixed {
		if v := variable(name); os.Getenv(v) != "" {
			return fmt.Errorf("read settings: %s %s", v, always)
		}
	}
	return nil
}

// variable names the environment variable of a flag.
func variable(flag string) string {
	return "PALABRE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Resolve implements kong.Resolver.
func (s *settings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if flag.Name == "help" {
		return nil, nil
	}
	if v, ok := os.LookupEnv(variable(flag.Name)); ok {
		s.from[flag.Name] = variable(flag.Name)
		return v, nil
	}
	if v, ok := s.file[flag.Name]; ok {
		s.from[flag.Name] = s.path
		return fmt.Sprint(v), nil
	}
	return nil, nil
}

type configCmd struct{}

func (configCmd) Examples() string {
	return "  palabre config\n  palabre config --data /var/lib/palabre"
}

// Run prints the settings of serve, which has them all.
func (configCmd) Run(r *runContext) error {
	s := r.term.settings
	given := make(map[string]bool)
	for _, p := range s.model.Path {
		if p.Flag != nil {
			given[p.Flag.Name] = true
		}
	}
	var flags []*kong.Flag
	err := kong.Visit(s.model.Model, func(node kong.Visitable, next kong.Next) error {
		if c, ok := node.(*kong.Command); ok && c.Name != "serve" {
			return nil
		}
		if f, ok := node.(*kong.Flag); ok && f.Name != "help" {
			flags = append(flags, f)
		}
		return next(nil)
	})
	if err != nil {
		return fmt.Errorf("list settings: %w", err)
	}
	slices.SortFunc(flags, func(a, b *kong.Flag) int { return strings.Compare(a.Name, b.Name) })
	t := newTable(r.term.out, table.Row{"setting", "value", "from"})
	for _, f := range flags {
		value, from := s.valueOf(f, given)
		t.AppendRow(table.Row{f.Name, value, from})
	}
	t.Render()
	return nil
}

func (s *settings) valueOf(f *kong.Flag, given map[string]bool) (value, from string) {
	value, from = f.Default, "default"
	if given[f.Name] && s.from[f.Name] == "" {
		value, from = fmt.Sprint(f.Target.Interface()), "flag"
	} else if v, err := s.Resolve(nil, nil, f); err == nil && v != nil {
		value, from = fmt.Sprint(v), s.from[f.Name]
	}
	if strings.HasSuffix(f.Name, "password") && value != "" {
		value = "(hidden)"
	}
	return value, from
}
