package main

import (
	"context"

	"palabre/api"
	"palabre/statement"
)

type ingestCmd struct{}

func (ingestCmd) Run(r *runContext) error { return nil }

type importCmd struct{}

func (importCmd) Run(r *runContext) error { return nil }

type pollCmd struct{}

func (pollCmd) Run(r *runContext) error { return nil }

func (p *pipeline) loadSources(ctx context.Context) ([]statement.Source, error) { return nil, nil }
func (p *pipeline) submit(ctx context.Context, h api.Hand) (string, error)     { return "", nil }
func (p *pipeline) fetch(ctx context.Context, s []statement.Source, private bool) error {
	<-ctx.Done()
	return nil
}
