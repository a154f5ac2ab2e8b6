package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"palabre/api"
	"palabre/ingest"
	"palabre/ingest/web"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// sourcesFile is the operator's list of sources in the data folder.
const sourcesFile = "sources.yaml"

// onFile is the source of what people file without naming one.
const onFile = "on-file"

// userAgent names us to the servers that we ask.
const userAgent = "Palabre/1.0 (statement monitoring; robots.txt is kept)"

// readSources returns the built-in sources and the operator's, which replace
// those of the same ID. A bad entry in the operator's file is a problem; a file
// of which nothing can be used is an error.
func readSources(dir string) ([]statement.Source, []statement.Problem, error) {
	sources, err := seeds.Sources()
	if err != nil {
		return nil, nil, err
	}
	path := filepath.Join(dir, sourcesFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return sources, nil, nil
	}
	if err != nil {
		return nil, nil, fmt.Errorf("read sources: %w", err)
	}
	own, problems := seeds.ReadSources(path, data)
	if len(own) == 0 && len(problems) > 0 {
		return nil, nil, fmt.Errorf("read sources: %s: %s", problems[0].Where, problems[0].What)
	}
	for _, s := range own {
		if s.Kind == statement.Folder && !filepath.IsAbs(s.Path) {
			s.Path = filepath.Join(dir, s.Path)
		}
		if i := sourceAt(sources, s.ID); i >= 0 {
			sources[i] = s
		} else {
			sources = append(sources, s)
		}
	}
	return sources, problems, nil
}

func sourceAt(sources []statement.Source, id string) int {
	return slices.IndexFunc(sources, func(s statement.Source) bool { return s.ID == id })
}

// vault is the record as the ingesters see it.
type vault struct{ *store.Store }

// Save keeps a fetch.
func (v vault) Save(ctx context.Context, f *statement.Fetch) error {
	_, err := v.Store.Save(ctx, f)
	return err
}

// ingester returns what fetches into the record.
func (p *pipeline) ingester(private bool) *ingest.Ingester {
	return ingest.New(ingest.Options{
		Vault: vault{p.store}, Log: p.log, Web: web.Options{UserAgent: userAgent, AllowPrivate: private},
	})
}

// submit files a hand entry and returns the statement's ID. It is in the spool
// then, whatever happens.
func (p *pipeline) submit(ctx context.Context, h api.Hand) (string, error) {
	id := h.Outlet
	if id == "" {
		id = onFile
	}
	src, known := p.sources.find(id)
	switch {
	case !known:
		return "", fmt.Errorf("%w: outlet %q is no known source", api.ErrRejected, id)
	case h.Issuer != "" && p.reg.Actor(h.Issuer) == nil:
		return "", fmt.Errorf("%w: issuer %q is no known actor", api.ErrRejected, h.Issuer)
	}
	f, err := ingest.Hand(src, statement.Statement{
		Title: h.Title, Text: h.Text, Lang: h.Lang, Kind: h.Kind, Medium: h.Medium, URL: h.URL, Said: h.Said, Published: h.Published,
		Speaker: h.Speaker, Issuer: h.Issuer, Note: h.Note,
	}, time.Now())
	if err != nil {
		return "", fmt.Errorf("%w: %w", api.ErrRejected, err)
	}
	saved, err := p.store.Save(ctx, f)
	if err != nil {
		return "", err
	}
	return saved.IDs[0], nil
}
