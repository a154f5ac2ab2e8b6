package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"palabre/api"
	"palabre/digest"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// writingFlags say how digests are written, by a server or a command.
type writingFlags struct {
	DigestMark      string `default:"TLP:AMBER" placeholder:"MARK" help:"Handling mark of digests: TLP:CLEAR, TLP:GREEN, TLP:AMBER, TLP:AMBER+STRICT or TLP:RED."`
	DigestLang      string `default:"en" enum:"en,fr,ar" help:"Language in which a digest is shown if none is asked for: ${enum}."`
	DigestTemplates string `placeholder:"DIR" type:"path" help:"Folder of texts and layouts that go over the built-in ones of digests; the folder digests in the data folder, if it is there."`
}

// templatesDir is where an operator's texts and layouts of digests lie in the
// data folder.
const templatesDir = "digests"

// press writes up periods: it joins the record with digests.
type press struct {
	store *store.Store
	reg   *statement.Registry
	texts *digest.Texts
	mark  statement.Mark
	lang  string // that is read where none is asked for
	now   func() time.Time

	mu       sync.Mutex
	attached map[string][]statement.Attachment // that were made last, by language and hash
}

// newPress reads the texts. data is the data folder.
func newPress(s *store.Store, reg *statement.Registry, flags writingFlags, data string) (*press, error) {
	mark, err := readMark(flags.DigestMark)
	if err != nil {
		return nil, err
	}
	dir := flags.DigestTemplates
	if dir == "" && isFolder(filepath.Join(data, templatesDir)) {
		dir = filepath.Join(data, templatesDir)
	}
	texts, err := digest.LoadTexts(dir)
	if err != nil {
		return nil, err
	}
	return &press{store: s, reg: reg, texts: texts, mark: mark, lang: flags.DigestLang, now: time.Now}, nil
}

// readMark reads a handling mark, with or without "TLP:".
func readMark(text string) (statement.Mark, error) {
	var names []string
	for _, m := range statement.Marks {
		if strings.EqualFold(text, string(m)) || strings.EqualFold("TLP:"+text, string(m)) {
			return m, nil
		}
		names = append(names, string(m))
	}
	return "", usagef("handling mark %q is none of %s", text, strings.Join(names, ", "))
}

// api returns what pages and API need of the press.
func (p *press) api() *api.Press {
	return &api.Press{Lang: p.lang, Read: p.read, Print: p.print, Draft: p.draft, Issue: p.issue}
}

// read returns the digest of a period: the issued one, else the draft as it was
// edited, else one that is made for the occasion.
func (p *press) read(ctx context.Context, period digest.Period, lang string) (*api.Written, error) {
	kept, err := p.store.Digest(ctx, period.String())
	if errors.Is(err, store.ErrNotFound) {
		m, err := p.gather(ctx, period, p.now())
		if err != nil {
			return nil, err
		}
		d, err := digest.Draft(m, lang, p.texts)
		return &api.Written{Digest: d}, err
	}
	if err != nil {
		return nil, err
	}
	if !kept.IsIssued() {
		d, err := p.edited(ctx, kept, lang)
		return &api.Written{Digest: d, Kept: kept}, err
	}
	text, err := p.store.DigestFile(ctx, kept.Period, lang, string(digest.JSON))
	if err != nil {
		return nil, err
	}
	d, err := digest.Parse(text)
	return &api.Written{Digest: d, Kept: kept}, err
}

// edited returns a draft with the edits that stand.
func (p *press) edited(ctx context.Context, kept *store.Digest, lang string) (*digest.Digest, error) {
	text, err := p.store.DigestDraft(ctx, kept.Period, lang)
	if err != nil {
		return nil, err
	}
	d, err := digest.Parse(text)
	if err != nil {
		return nil, err
	}
	edits, err := p.store.DigestEdits(ctx, kept.Period)
	if err != nil {
		return nil, err
	}
	for i := range edits {
		if e := &edits[i]; e.Lang == lang {
			if err := d.Edit(e.Part, e.Text, e.Who); err != nil {
				return nil, err
			}
		}
	}
	return d, nil
}

// print writes a digest in a format. What was frozen is not made anew.
func (p *press) print(ctx context.Context, to io.Writer, w *api.Written, f digest.Format) error {
	if w.Kept != nil && w.Kept.IsIssued() {
		text, err := p.store.DigestFile(ctx, w.Kept.Period, w.Lang, string(f))
		if err == nil {
			_, err = to.Write(text)
			return err
		}
		if !errors.Is(err, store.ErrNotFound) {
			return err
		}
	}
	return p.texts.Render(ctx, to, f, w.Digest)
}

// draft writes a period up in every language.
func (p *press) draft(ctx context.Context, period digest.Period) (statement.DigestDraft, error) {
	now := p.now()
	out := statement.DigestDraft{From: period.From, Until: period.To, Cut: cutOf(period, now)}
	m, err := p.gather(ctx, period, now)
	if err != nil {
		return out, err
	}
	for _, lang := range digest.Languages {
		d, err := digest.Draft(m, lang, p.texts)
		if err != nil {
			return out, err
		}
		text, err := d.JSON()
		if err != nil {
			return out, err
		}
		out.Files = append(out.Files, statement.DigestFile{Lang: lang, Format: string(digest.JSON), Body: text})
		if lang == digest.Languages[0] {
			out.Told = tells(m, d)
		}
	}
	return out, nil
}

// tells is what a digest says of signals: those of its rows, and those that it
// corrects.
func tells(m *digest.Material, d *digest.Digest) []statement.DigestTold {
	var out []statement.DigestTold
	for i := range m.Corrections {
		c := &m.Corrections[i]
		out = append(out, statement.DigestTold{Signal: c.Row.Signal, As: string(c.Now)})
	}
	for i := range d.Rows {
		r := &d.Rows[i]
		switch {
		case r.Signal == "":
		case r.Reason == statement.Silence:
			out = append(out, statement.DigestTold{Signal: r.Signal, As: statement.ToldSilent})
		default:
			out = append(out, statement.DigestTold{Signal: r.Signal, As: string(r.Stance)})
		}
	}
	return out
}

// issue returns what freezes a draft as it stands: its bytes in every language,
// with the next number.
func (p *press) issue(ctx context.Context, period digest.Period) (statement.DigestIssue, error) {
	var out statement.DigestIssue
	kept, err := p.store.Digest(ctx, period.String())
	if err != nil {
		return out, err
	}
	if out.Number, err = p.store.NextDigest(ctx); err != nil {
		return out, err
	}
	out.Version = kept.Version
	now := p.now().UTC().Truncate(time.Second)
	titles := make(map[string]string)
	for _, lang := range digest.Languages {
		d, err := p.edited(ctx, kept, lang)
		if err == nil {
			err = d.Issue(out.Number, now, p.texts)
		}
		if err != nil {
			return out, err
		}
		titles[lang] = d.Title
		for _, f := range []digest.Format{digest.JSON, digest.HTML, digest.Markdown} {
			var b bytes.Buffer
			if err := p.texts.Render(ctx, &b, f, d); err != nil {
				return out, err
			}
			out.Files = append(out.Files, statement.DigestFile{Lang: lang, Format: string(f), Body: b.Bytes()})
		}
	}
	out.Titles = statement.Labels{En: titles["en"], Fr: titles["fr"], Ar: titles["ar"]}
	out.Hash = statement.DigestHash(out.Files)
	return out, nil
}

// attach returns the files that go with the mail of a digest, which are made once
// for all receivers. The PDF is left out where there is nothing to print it with.
func (p *press) attach(ctx context.Context, issued *statement.IssuedDigest) ([]statement.Attachment, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := issued.Lang + " " + issued.Hash
	if files := p.attached[key]; files != nil {
		return files, nil
	}
	files, err := p.makeFiles(ctx, issued)
	if err == nil {
		if len(p.attached) >= len(digest.Languages) || p.attached == nil {
			p.attached = make(map[string][]statement.Attachment)
		}
		p.attached[key] = files
	}
	return files, err
}

func (p *press) makeFiles(ctx context.Context, issued *statement.IssuedDigest) ([]statement.Attachment, error) {
	d, err := digest.Parse(issued.Doc)
	if err != nil {
		return nil, err
	}
	var out []statement.Attachment
	var errs []error
	for _, f := range []digest.Format{digest.DOCX, digest.PDF} {
		var b bytes.Buffer
		err := p.texts.Render(ctx, &b, f, d)
		if errors.Is(err, digest.ErrNoBrowser) {
			continue
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, statement.Attachment{Name: api.DigestFileName(d, f), Type: f.MediaType(), Body: b.Bytes()})
	}
	return out, errors.Join(errs...)
}

// openPress opens the record for reading, beside whoever writes it, with what
// writes digests up. Whoever calls closes the record.
func openPress(r *runContext, flags writingFlags) (*press, error) {
	s, err := openRecord(r)
	if err != nil {
		return nil, err
	}
	reg, err := seeds.Registry()
	if err == nil {
		var p *press
		if p, err = newPress(s, reg, flags, r.data); err == nil {
			return p, nil
		}
	}
	return nil, errors.Join(err, s.Close())
}

// periodAsked is the period that somebody names: a week, or two days; the last
// week that is over if neither is named.
func periodAsked(week, from, to string, now time.Time) (digest.Period, error) {
	switch {
	case week != "" && from+to != "":
		return digest.Period{}, usagef("--week and --from name two periods: give one of them")
	case to != "" && from == "":
		return digest.Period{}, usagef("--to needs --from, the first day of the period")
	case from != "":
		p, err := digest.ParsePeriod(from + "/" + cmp.Or(to, from))
		if err != nil {
			return p, usageError{fmt.Errorf("--from and --to: %w", err)}
		}
		return p, nil
	case week != "":
		p, err := digest.ParsePeriod(week)
		if err != nil {
			return p, usageError{fmt.Errorf("--week: %w", err)}
		}
		return p, nil
	}
	return digest.WeekOf(now).Previous(), nil
}
