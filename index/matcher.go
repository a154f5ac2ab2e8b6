package index

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// Matcher tells whether a document would be found by a query, at its arrival and
// without the index: what a saved search finds is what it alerts to. It is safe
// for concurrent use.
type Matcher struct {
	opt    Options
	reader *Reader

	mu     sync.Mutex
	parsed map[string]*Query // queries that name no saved search
	fields map[string]any    // of the document tried last
	alone  bleve.Index       // holds that document only; nil before the first
	cache  *columnCache      // of alone
}

// mostParsed is how many parsed queries a matcher keeps.
const mostParsed = 2000

// NewMatcher returns a matcher. Of the options it heeds Registry, Saved and Now.
func NewMatcher(o Options) *Matcher {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Matcher{opt: o, reader: o.reader(), parsed: make(map[string]*Query)}
}

// Reader returns the reader of the matcher's queries.
func (m *Matcher) Reader() *Reader { return m.reader }

// parse reads a query, which is often the same as before. Saved searches are
// looked up each time, since they change.
func (m *Matcher) parse(ctx context.Context, query string) (*Query, error) {
	m.mu.Lock()
	q := m.parsed[query]
	m.mu.Unlock()
	if q != nil {
		return q, nil
	}
	q, err := m.reader.Parse(ctx, query)
	if err != nil || q.asks() {
		return q, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.parsed) >= mostParsed {
		clear(m.parsed)
	}
	m.parsed[query] = q
	return q, nil
}

// Matches reports whether the query finds the document. An error in the query is
// a [*SyntaxError]. Many queries on one document after the other are cheap: it is
// analyzed once.
func (m *Matcher) Matches(ctx context.Context, query string, d Doc) (bool, error) {
	q, err := m.parse(ctx, query)
	if err != nil {
		return false, err
	}
	r := Request{Query: q}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.hold(&d); err != nil {
		return false, fmt.Errorf("match statement %s: %w", d.Statement.Of, err)
	}
	n, err := count(ctx, m.alone, m.cache, r.compile(m.opt.Now()))
	if err != nil {
		return false, fmt.Errorf("match statement %s: %w", d.Statement.Of, err)
	}
	return n > 0, nil
}

// hold puts the document into an index of its own, with the mapping and the
// analysis of the real one.
func (m *Matcher) hold(d *Doc) error {
	fields := d.fields(m.opt.Registry)
	if m.alone != nil && reflect.DeepEqual(fields, m.fields) {
		return nil
	}
	alone, err := bleve.NewUsing("", newMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return err
	}
	if err := alone.Index("document", fields); err != nil {
		return errors.Join(err, alone.Close())
	}
	before := m.alone
	m.alone, m.fields, m.cache = alone, fields, new(columnCache)
	if before != nil {
		return before.Close()
	}
	return nil
}

// Close frees what the matcher holds.
func (m *Matcher) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.alone == nil {
		return nil
	}
	err := m.alone.Close()
	m.alone, m.fields = nil, nil
	if err != nil {
		return fmt.Errorf("close matcher: %w", err)
	}
	return nil
}
