package ingest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"

	"palabre/ingest/article"
	"palabre/ingest/plain"
	"palabre/ingest/transcript"
	"palabre/ingest/when"
	"palabre/statement"
)

// format is how a file is written.
type format string

const (
	plainText format = "txt"
	htmlPage  format = "html"
	subRip    format = "srt"
	webVTT    format = "vtt"
	jsonLines format = "jsonl"
)

// formatOf tells a file's format by its name; "" is none that is read.
func formatOf(name string) format {
	name = strings.TrimSuffix(strings.ToLower(name), ".gz")
	switch filepath.Ext(name) {
	case ".txt", ".text", ".md":
		return plainText
	case ".html", ".htm", ".xhtml":
		return htmlPage
	case ".srt":
		return subRip
	case ".vtt":
		return webVTT
	case ".jsonl", ".ndjson":
		return jsonLines
	}
	return ""
}

var mediaTypes = map[format]string{
	plainText: "text/plain", htmlPage: "text/html", subRip: "application/x-subrip", webVTT: "text/vtt", jsonLines: "application/jsonl",
}

// document makes a statement of a whole file.
func (r *fileReader) document(ctx context.Context, raw []byte, form format, path string) error {
	body, err := inflate(raw)
	if err != nil {
		r.problem(path, err)
		return nil
	}
	s := blank(&r.opt.Source)
	s.Key = path
	fill(&s, &r.opt.About)
	if err := r.compose(&s, body, form, path); err != nil {
		r.problem(path, err)
		return nil
	}
	return r.add(ctx, statement.Capture{URL: path, MediaType: mediaTypes[form], Body: raw}, s)
}

func inflate(raw []byte) ([]byte, error) {
	b, err := unpack(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(b, maxDocument+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("unpack: %w", err)
	case len(body) > maxDocument:
		return nil, fmt.Errorf("is larger than %d MiB", maxDocument>>20)
	}
	return body, nil
}

// errNoWords says that a document has no text.
var errNoWords = errors.New("holds no text")

// compose reads title, text, turns and date of a document.
func (r *fileReader) compose(s *statement.Statement, body []byte, form format, path string) error {
	decoded := plain.Decode(body, "", s.Lang)
	var words string
	switch form {
	case htmlPage:
		a, err := article.Extract(body, "", &url.URL{Scheme: "file", Path: path}, s.Lang)
		if err != nil { // too short for an article: every word counts
			a.Text = plain.FromHTML(decoded)
		}
		words = a.Text
		about := statement.Statement{Title: a.Title, Lang: a.Lang, Published: a.Published}
		fill(s, &about)
	case subRip, webVTT:
		t, problems, err := transcript.Parse(decoded, transcript.Format(form))
		for _, p := range problems {
			r.problem(path+", "+p.Where, errors.New(p.What))
		}
		if err != nil {
			return err
		}
		words, s.Turns = t.Text, t.Turns
		if s.Kind == statement.Article {
			s.Kind = statement.Transcript
		}
	default:
		words = plain.Clean(decoded)
	}
	setText(s, words)
	if s.Text == "" {
		return errNoWords
	}
	s.Turns = within(s.Turns, len(s.Text))
	title, date := fromName(path)
	about := statement.Statement{Title: title, Published: date}
	fill(s, &about)
	return nil
}

// within keeps the turns that a text which was cut still has.
func within(turns []statement.Turn, size int) []statement.Turn {
	for i := range turns {
		if turns[i].Start >= size {
			return turns[:i]
		}
		turns[i].End = min(turns[i].End, size)
	}
	return turns
}

var nameDate = regexp.MustCompile(`^(\d{4}(?:-\d{2}){0,2})[ _-]+`)

// fromName takes title and date from a file's name, such as
// "2021-03-14 Koufa audio.srt".
func fromName(path string) (string, statement.Date) {
	name := filepath.Base(path)
	if form := formatOf(name); form != "" {
		name = strings.TrimSuffix(name, filepath.Ext(name))
		if formatOf(name) == form { // what was before .gz
			name = strings.TrimSuffix(name, filepath.Ext(name))
		}
	}
	m := nameDate.FindStringSubmatch(name)
	if m == nil {
		return plain.Line(name), statement.Date{}
	}
	d, ok := when.Parse(m[1], "", "file name")
	if !ok {
		return plain.Line(name), statement.Date{}
	}
	return plain.Line(name[len(m[0]):]), d
}

// fill sets the fields of s that are empty to those of from.
func fill(s, from *statement.Statement) {
	for _, f := range []struct{ to, from *string }{
		{&s.Title, &from.Title},
		{&s.Lang, &from.Lang},
		{&s.URL, &from.URL},
		{&s.Medium, &from.Medium},
		{&s.Issuer, &from.Issuer},
		{&s.Speaker, &from.Speaker},
		{&s.Note, &from.Note},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
	if from.Kind != "" {
		s.Kind = from.Kind
	}
	if from.Outlet != "" {
		s.Outlet = from.Outlet
	}
	if s.Said.IsZero() {
		s.Said = from.Said
	}
	if s.Published.IsZero() {
		s.Published = from.Published
	}
}
