package ingest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"palabre/ingest/plain"
	"palabre/ingest/when"
	"palabre/statement"
)

// maxLine is the most bytes of one line: a statement of the largest size whose
// every letter is escaped.
const maxLine = 8 << 20

// line is a statement as a line of JSON. Fields that are not named here are not
// read. Country and Year are what collections of UN speeches have.
type line struct {
	ID        json.RawMessage `json:"id"`
	Source    string          `json:"source"`
	Outlet    string          `json:"outlet"`
	Lang      string          `json:"lang"`
	Kind      statement.Kind  `json:"kind"`
	Medium    string          `json:"medium"`
	URL       string          `json:"url"`
	Title     string          `json:"title"`
	Text      string          `json:"text"`
	Said      claim           `json:"said"`
	Published claim           `json:"published"`
	Speaker   string          `json:"speaker"`
	Issuer    string          `json:"issuer"`
	Note      string          `json:"note"`
	Country   string          `json:"country"`
	Year      int             `json:"year"`
}

// claim is a date as text, or as this project writes it.
type claim string

// UnmarshalJSON reads "2020-03-08" or {"date":"2020-03-08"}.
func (c *claim) UnmarshalJSON(b []byte) error {
	var object struct{ Date string }
	if bytes.HasPrefix(b, []byte("{")) {
		err := json.Unmarshal(b, &object)
		*c = claim(object.Date)
		return err
	}
	return json.Unmarshal(b, (*string)(c))
}

// lines reads statements as lines of JSON. The raw lines of a batch are one
// capture.
func (r *fileReader) lines(ctx context.Context, in io.Reader, path string) error {
	b, err := unpack(in)
	if err != nil {
		r.problem(path, err)
		return nil
	}
	var raw []byte
	var found []statement.Statement
	first := 1
	hand := func(last int) error {
		if len(raw) == 0 {
			return nil
		}
		c := statement.Capture{URL: fmt.Sprintf("%s#%d-%d", path, first, last), MediaType: mediaTypes[jsonLines], Body: raw}
		err := r.add(ctx, c, found...)
		raw, found, first = nil, nil, last+1
		return err
	}
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("read %s: %w", path, err)
		}
		text, err := readLine(b)
		last := err != nil && !errors.Is(err, errLongLine)
		if last && !errors.Is(err, io.EOF) {
			r.problem(fmt.Sprintf("%s, line %d", path, n), err)
		}
		if errors.Is(err, errLongLine) {
			r.problem(fmt.Sprintf("%s, line %d", path, n), err)
		} else if len(bytes.TrimSpace(text)) > 0 {
			s, err := r.statement(text, path, n)
			if err != nil {
				r.problem(fmt.Sprintf("%s, line %d", path, n), err)
			} else {
				raw = append(append(raw, text...), '\n')
				found = append(found, s)
			}
		}
		if last || len(found) == batchStatements || len(raw) >= batchBytes {
			if err := hand(n); err != nil {
				return err
			}
		}
		if last {
			return nil
		}
	}
}

var errLongLine = fmt.Errorf("is longer than %d MiB", maxLine>>20)

// readLine returns the next line without its end. One that is too long is
// passed over with errLongLine. With the last line comes io.EOF.
func readLine(b *bufio.Reader) ([]byte, error) {
	var out []byte
	long := false
	for {
		part, err := b.ReadSlice('\n')
		if !long {
			out = append(out, part...)
		}
		long = long || len(out) > maxLine
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long && err == nil:
			return nil, errLongLine
		case long:
			return nil, err
		case err != nil:
			return out, err
		}
		return bytes.TrimRight(out, "\r\n"), nil
	}
}

// statement reads one line.
func (r *fileReader) statement(text []byte, path string, n int) (statement.Statement, error) {
	var l line
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &l); err != nil {
		return statement.Statement{}, fmt.Errorf("is no statement: %w", err)
	}
	if l.Kind != "" && !slices.Contains(statement.Kinds, l.Kind) {
		return statement.Statement{}, fmt.Errorf("kind %q is none of %v", l.Kind, statement.Kinds)
	}
	src := r.sourceOf(&l)
	s := blank(&src)
	s.Key = fmt.Sprintf("%s#%s", filepath.Base(path), l.key(n))
	s.Title, s.URL = plain.Line(l.Title), l.URL
	setText(&s, plain.Clean(l.Text))
	if s.Title == "" && s.Text == "" {
		return statement.Statement{}, errNoWords
	}
	if l.Lang != "" {
		s.Lang = l.Lang
	}
	if l.isSpeech() {
		r.speech(&s, &l)
	}
	var errs []error
	for _, d := range []struct {
		name string
		from claim
		to   *statement.Date
	}{{"said", l.Said, &s.Said}, {"published", l.Published, &s.Published}} {
		var ok bool
		if *d.to, ok = when.Parse(string(d.from), s.Lang, "file"); d.from != "" && !ok {
			errs = append(errs, fmt.Errorf("%s: %q is no date that can be read", d.name, d.from))
		}
	}
	if l.isSpeech() && s.Published.IsZero() {
		s.Published, _ = when.Parse(fmt.Sprint(l.Year), "", "file")
	}
	about := statement.Statement{
		Outlet: l.Outlet, Kind: l.Kind, Medium: l.Medium, Speaker: plain.Line(l.Speaker), Issuer: l.Issuer, Note: plain.Line(l.Note),
	}
	fill(&s, &about)
	fill(&s, &r.opt.About)
	return s, errors.Join(errs...)
}

// key is what the line is called: its ID, or its number.
func (l *line) key(n int) string {
	id := strings.Trim(string(l.ID), `" `)
	if id == "" || id == "null" {
		return fmt.Sprint(n)
	}
	id, _ = plain.Cut(plain.Line(id), 200)
	return id
}

// sourceOf returns the source that a line names, if it is known, else that of
// the file.
func (r *fileReader) sourceOf(l *line) statement.Source {
	for _, id := range []string{l.Source, l.Outlet} {
		if src, ok := r.opt.Sources(id); ok {
			return src
		}
	}
	if l.isSpeech() {
		if src, ok := r.opt.Sources(generalAssembly); ok {
			return src
		}
	}
	return r.opt.Source
}

// generalAssembly is the source of collected UN speeches.
const generalAssembly = "un-general-assembly"

// isSpeech reports whether a line is one of a collection of speeches that states
// gave, such as the UN General Debate Corpus: a country, a year and a text.
func (l *line) isSpeech() bool { return l.Kind == "" && len(l.Country) == 3 && l.Year > 0 }

// speech sets who speaks: the state.
func (r *fileReader) speech(s *statement.Statement, l *line) {
	s.Kind, s.Medium = statement.Speech, "speech"
	name := l.Country
	if a := r.opt.Registry.ActorOfCountry(strings.ToUpper(l.Country)); a != nil {
		s.Issuer, name = a.ID, a.Names[0].Text
	}
	if s.Title == "" {
		s.Title = fmt.Sprintf("%s, UN General Debate %d", name, l.Year)
	}
}
