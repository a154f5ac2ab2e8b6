package ingest

import (
	"context"
	"errors"
	"net/url"

	"palabre/ingest/article"
	"palabre/ingest/feed"
	"palabre/ingest/web"
	"palabre/statement"
)

const (
	// triedArticles is how many articles a look at a source follows.
	triedArticles = 3
	// listingLinks is from how many links to articles on a page is a listing.
	listingLinks = 5
)

// Try looks at a feed or a page as Poll does, but keeps and remembers nothing,
// and follows few links only. Where the source says no kind, Try finds out what
// stands at its address and returns the source with that. What went wrong with
// the source is told by the health of the fetch; an error means that ctx ended.
func (in *Ingester) Try(ctx context.Context, src statement.Source) (statement.Source, *statement.Fetch, error) {
	var err error
	if src.Kind == "" {
		src, err = in.guess(ctx, src)
	}
	c := &check{Ingester: in, src: src, memory: remember(statement.Health{}), articles: triedArticles}
	c.fetch.Health = statement.Health{Source: src.ID, Checked: in.now()}
	switch {
	case err != nil:
	case src.Kind != statement.Feed && src.Kind != statement.Page:
		err = &web.Failure{Outcome: statement.OutcomeLocal, Reason: "only feeds and pages can be tried", Lasting: true}
	default:
		err = c.run(ctx)
	}
	if ctx.Err() != nil {
		return src, nil, ctx.Err()
	}
	c.judge(err)
	return src, &c.fetch, nil
}

// guess finds out what stands at an address: a feed, a page that announces one, a
// page that lists articles, or an article.
func (in *Ingester) guess(ctx context.Context, src statement.Source) (statement.Source, error) {
	resp, err := in.client.Get(ctx, web.Request{URL: src.URL, Accept: acceptFeed})
	if err != nil {
		return src, err
	}
	base, err := url.Parse(resp.URL)
	if err != nil {
		return src, err
	}
	media := resp.Header.Get("Content-Type")
	items, problems, err := feed.Parse(resp.Body, media, base, src.Lang)
	if err == nil && len(items)+len(problems) > 0 {
		src.Kind = statement.Feed
		return src, nil
	}
	if announced := article.FeedOf(resp.Body, media, base, src.Lang); announced != "" {
		src.Kind, src.URL = statement.Feed, announced
		return src, nil
	}
	src.Kind = statement.Page
	src.Article = len(article.Links(resp.Body, media, base, src.Lang)) >= listingLinks
	if len(resp.Body) == 0 {
		return src, errors.New("the address answers with nothing")
	}
	return src, nil
}
