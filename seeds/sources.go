package seeds

import (
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"regexp"

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
	entries, problems := readEntries(file, "sources", data, func(y *sourceYAML) (statement.Source, string, error) {
		s := statement.Source(*y)
		return s, s.ID, CheckSource(&s)
	})
	var sources []statement.Source
	for _, e := range entries {
		sources = append(sources, e.value)
	}
	return sources, problems
}

var (
	idForm   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	cronForm = regexp.MustCompile(`^(@(every [0-9hms]+|hourly|daily|weekly|monthly)|(\S+\s+){4}\S+)$`)
)

// CheckSource reports the first field of a source that is wrong.
func CheckSource(s *statement.Source) error {
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
