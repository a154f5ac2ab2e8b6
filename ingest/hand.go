package ingest

import (
	"errors"
	"strings"
	"time"

	"palabre/ingest/plain"
	"palabre/statement"
)

// Hand makes a fetch of a statement that a person enters from what is on file.
// About holds the text and whatever else is known; what it leaves empty comes
// from src. The captured bytes are title and text as entered.
func Hand(src statement.Source, about statement.Statement, now time.Time) (*statement.Fetch, error) {
	s := blank(&src)
	s.Title = plain.Line(about.Title)
	setText(&s, plain.Clean(about.Text))
	if s.Text == "" {
		return nil, errNoWords
	}
	if len(s.Flags) > 0 {
		return nil, errors.New("the text is longer than 1 MiB")
	}
	if about.Lang != "" {
		s.Lang = about.Lang
	}
	fill(&s, &about)
	if s.Title == "" {
		line, _, _ := strings.Cut(s.Text, "\n")
		s.Title, _ = plain.Cut(line, 120)
	}
	body := []byte(about.Title + "\n\n" + about.Text)
	s.Fetched, s.Capture = now.UTC(), statement.HashBody(body)
	s.Key = "hand:" + s.ContentID()
	return &statement.Fetch{
		Captures: []statement.Capture{{
			Hash: s.Capture, Source: src.ID, URL: s.Key, MediaType: "text/plain; charset=utf-8", Fetched: s.Fetched, Body: body,
		}},
		Statements: []statement.Statement{s},
	}, nil
}
