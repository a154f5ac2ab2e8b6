package seeds

import (
	"embed"
	"fmt"
	"path"
	"slices"
	"strings"

	"palabre/statement"
)

//go:embed timeline
var timelineFS embed.FS

// Dispatch is a text of the acceptance timeline as its files hold it. It is a
// reconstruction from a citation, never the original wording.
type Dispatch struct {
	Date         string
	Actor        string
	Speaker      string
	Outlet       string
	Medium       string
	Kind         statement.Kind
	Lang         string
	OriginalLang string `yaml:"original_lang"`
	Title, Text  string
	Footnotes    []int
	SameEventAs  string `yaml:"same_event_as"`
}

// Dispatches returns the acceptance timeline as written, in the order of its
// files, which is that of the dates.
func Dispatches() ([]Dispatch, error) {
	files, err := timelineFS.ReadDir("timeline")
	if err != nil {
		return nil, fmt.Errorf("list the timeline: %w", err)
	}
	var all []Dispatch
	for _, f := range files {
		name := path.Join("timeline", f.Name())
		data, err := timelineFS.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read the timeline: %w", err)
		}
		var part []Dispatch
		if err := DecodeYAML(name, data, &part); err != nil {
			return nil, err
		}
		all = append(all, part...)
	}
	return all, nil
}

// Timeline returns the acceptance timeline as statements in date order, ready
// to be saved.
func Timeline() ([]statement.Statement, error) {
	all, err := Dispatches()
	if err != nil {
		return nil, err
	}
	sources, err := Sources()
	if err != nil {
		return nil, err
	}
	out := make([]statement.Statement, 0, len(all))
	for i := range all {
		d := &all[i]
		date, err := statement.ParseDate(d.Date, "footnote")
		if err != nil {
			return nil, fmt.Errorf("read the timeline: %w", err)
		}
		s := statement.Statement{
			Source: d.Outlet, Key: fmt.Sprintf("timeline/%02d/%s/%s/%s", i+1, d.Date, d.Outlet, d.Actor), Outlet: d.Outlet, Kind: d.Kind, Medium: d.Medium,
			Lang: d.Lang, Title: d.Title, Text: d.Text, Said: date, Published: date, Speaker: d.Speaker, Reconstructed: true, Note: footnote(d.Footnotes),
		}
		if d.Kind == statement.Communique || d.Kind == statement.Speech || d.Kind == statement.Interview {
			s.Issuer = d.Actor
		}
		if j := slices.IndexFunc(sources, func(x statement.Source) bool { return x.ID == d.Outlet }); j >= 0 {
			s.Grade, s.Owner = sources[j].Grade, sources[j].Owner
		} else {
			return nil, fmt.Errorf("read the timeline: outlet %q of %s is not in sources.yaml", d.Outlet, d.Date)
		}
		out = append(out, s)
	}
	return out, nil
}

func footnote(numbers []int) string {
	notes := make([]string, len(numbers))
	for i, n := range numbers {
		notes[i] = fmt.Sprint(n)
	}
	word := "footnote"
	if len(numbers) > 1 {
		word += "s"
	}
	return "Crisis Group Africa Report N°306, " + word + " " + strings.Join(notes, ", ")
}
