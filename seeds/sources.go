package seeds

import (
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"palabre/statement"
)

//go:embed sources.yaml
var sourcesYAML []byte

// Sources returns the built-in sources.
func Sources() ([]statement.Source, error) {
	sources, problems := ReadSources("sources.yaml", sourcesYAML)
	errs := make([]error, len(problems))
	for i, p := range problems {
		errs[i] = fmt.Errorf("%s: %s", p.Where, p.What)
	}
	return sources, errors.Join(errs...)
}

type sourceYAML struct {
	ID, Name string
	Kind     statement.SourceKind
	URL      string
	Pages    []string
	Path     string
	Lang     string
	Owner    string
	Genre    statement.Kind
	Medium   string
	Grade    statement.Grade
	Schedule string
	Article  bool
	Country  string
	Paused   bool
}

// ReadSources reads a list of sources, "sources:" and its entries. Each entry
// is read alone: a bad one is a problem, with its place "FILE:LINE:COLUMN" and
// the field, and the others are returned.
func ReadSources(file string, data []byte) ([]statement.Source, []statement.Problem) {
	tree, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, []statement.Problem{problem(locate(file, 0, err))}
	}
	entries, err := sourceNodes(file, tree)
	if err != nil {
		return nil, []statement.Problem{problem(err)}
	}
	var sources []statement.Source
	var problems []statement.Problem
	seen := make(map[string]bool)
	for _, node := range entries {
		at := node.GetToken().Position
		var y sourceYAML
		if err := yaml.NodeToValue(node, &y, yaml.Strict()); err != nil {
			problems = append(problems, problem(locate(file, 0, err)))
			continue
		}
		s := statement.Source(y)
		err := checkSource(&s)
		if err == nil && seen[s.ID] {
			err = fmt.Errorf("id: %q is used twice", s.ID)
		}
		if err != nil {
			problems = append(problems, statement.Problem{Where: fmt.Sprintf("%s:%d:%d", file, at.Line, at.Column), What: err.Error()})
			continue
		}
		seen[s.ID] = true
		sources = append(sources, s)
	}
	return sources, problems
}

// sourceNodes returns the entries of the list "sources".
func sourceNodes(file string, tree *ast.File) ([]ast.Node, error) {
	for _, doc := range tree.Docs {
		if doc.Body == nil {
			continue
		}
		root, ok := doc.Body.(*ast.MappingNode)
		if !ok {
			return nil, fmt.Errorf("%s:1:1: want a list under the key sources", file)
		}
		for _, v := range root.Values {
			at := v.GetToken().Position
			if key := v.Key.String(); key != "sources" {
				return nil, fmt.Errorf("%s:%d:1: unknown field %q: want sources", file, at.Line, key)
			}
			list, ok := v.Value.(*ast.SequenceNode)
			if !ok {
				return nil, fmt.Errorf("%s:%d:%d: sources: want a list", file, at.Line, at.Column)
			}
			return list.Values, nil
		}
	}
	return nil, nil
}

func problem(err error) statement.Problem {
	parts := strings.SplitN(err.Error(), ": ", 2)
	if len(parts) < 2 {
		return statement.Problem{What: err.Error()}
	}
	return statement.Problem{Where: parts[0], What: parts[1]}
}

var (
	idForm   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	cronForm = regexp.MustCompile(`^(@(every [0-9hms]+|hourly|daily|weekly|monthly)|(\S+\s+){4}\S+)$`)
)

// checkSource reports the first field that is wrong.
func checkSource(s *statement.Source) error {
	kinds := map[statement.Kind]bool{"": true}
	for _, k := range statement.Kinds {
		kinds[k] = true
	}
	switch {
	case !idForm.MatchString(s.ID):
		return fmt.Errorf("id: %q is not of small letters, digits and hyphens", s.ID)
	case s.Name == "":
		return errors.New("name: is empty")
	case !s.Grade.Valid():
		return fmt.Errorf("grade: %q is not a letter from A to F", s.Grade)
	case !kinds[s.Genre]:
		return fmt.Errorf("genre: %q is none of %v", s.Genre, statement.Kinds)
	case s.Schedule != "" && !cronForm.MatchString(s.Schedule):
		return fmt.Errorf("schedule: %q is not a cron expression of five fields", s.Schedule)
	}
	switch s.Kind {
	case statement.Feed, statement.Page:
		for _, u := range append([]string{s.URL}, s.Pages...) {
			if err := checkURL(u); err != nil {
				return err
			}
		}
		if s.Schedule == "" {
			return errors.New("schedule: is empty")
		}
	case statement.Folder:
		if s.Path == "" {
			return errors.New("path: a folder needs one")
		}
	case statement.Hand:
	default:
		return fmt.Errorf("kind: %q is none of feed, page, folder, hand", s.Kind)
	}
	return nil
}

func checkURL(s string) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("url: %q is not an http or https address", s)
	}
	return nil
}
