package index

import (
	"encoding/hex"
	"errors"
	"fmt"
	"hash/fnv"
	"sync"
	"time"

	"github.com/RoaringBitmap/roaring/v2"
	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	segment "github.com/blevesearch/scorch_segment_api/v2"
)

// columns keep of a segment what every search needs of every hit: its date, a
// key that tells it from others, and who has which tag. A segment never changes,
// so they are read once, at its first search.
type columns struct {
	once      sync.Once
	err       error
	dates     []int64  // Unix seconds
	keys      []uint64 // of the statements' IDs
	facets    map[string][]tagged
	firstHand *roaring.Bitmap
	signal    *roaring.Bitmap // raised a signal
}

// tagged is a value of a field with the documents that have it.
type tagged struct {
	value string
	docs  *roaring.Bitmap
}

// columnCache holds the columns of the segments that are in use.
type columnCache struct {
	mu   sync.Mutex
	held map[uint64]*columns
}

// of returns the columns of a snapshot's segments, and forgets those of segments
// that were merged away.
func (c *columnCache) of(segments []*scorch.SegmentSnapshot) []*columns {
	c.mu.Lock()
	defer c.mu.Unlock()
	held := make(map[uint64]*columns, len(segments))
	out := make([]*columns, len(segments))
	for i, s := range segments {
		if out[i] = c.held[s.Id()]; out[i] == nil {
			out[i] = new(columns)
		}
		held[s.Id()] = out[i]
	}
	c.held = held
	return out
}

// read fills the columns.
func (c *columns) read(s segment.Segment) error {
	c.once.Do(func() { c.err = c.fill(s) })
	return c.err
}

func (c *columns) fill(s segment.Segment) error {
	n := s.Count()
	c.dates, c.keys = make([]int64, n), make([]uint64, n)
	c.facets, c.firstHand, c.signal = make(map[string][]tagged, len(facets)), roaring.New(), roaring.New()
	for doc := range n {
		id, err := s.DocID(doc)
		if err != nil {
			return fmt.Errorf("read ID of document %d: %w", doc, err)
		}
		c.keys[doc] = hashOf(id)
	}
	if err := c.fillDates(s); err != nil {
		return err
	}
	for _, name := range facets {
		err := eachTerm(s, name, "", func(term string, read func() (postings, error)) error {
			docs, err := read()
			if err != nil {
				return err
			}
			all := roaring.New()
			docs.OrInto(all)
			c.facets[name] = append(c.facets[name], tagged{term, all})
			if name == "reason" {
				c.signal.Or(all)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	dict, err := s.Dictionary("firsthand")
	if err != nil {
		return fmt.Errorf("read dictionary of firsthand: %w", err)
	}
	docs, err := postingsIn(dict, "yes")
	if err != nil {
		return err
	}
	docs.OrInto(c.firstHand)
	return nil
}

func (c *columns) fillDates(s segment.Segment) error {
	values, ok := s.(segment.DocValueVisitable)
	if !ok {
		return errors.New("the segment has no dates")
	}
	var state segment.DocVisitState
	var bad error
	fields := []string{"from"}
	for doc := range s.Count() {
		var err error
		state, err = values.VisitDocValues(doc, fields, func(_ string, term []byte) {
			if c.dates[doc], err = dateOf(term); err != nil {
				bad = err
			}
		}, state)
		if err = errors.Join(err, bad); err != nil {
			return fmt.Errorf("read date of document %d: %w", doc, err)
		}
	}
	return nil
}

// hashOf is a number that stands for an ID wherever the index is built.
func hashOf(id []byte) uint64 {
	h := fnv.New64a()
	h.Write(id) // never fails
	return h.Sum64()
}

// dateTerm writes a time so that terms sort as times do.
func dateTerm(t time.Time) string { return fmt.Sprintf("%016x", uint64(t.Unix())^(1<<63)) }

func dateOf(term []byte) (int64, error) {
	var v uint64
	var b [8]byte
	if _, err := hex.Decode(b[:], term); err != nil || len(term) != 16 {
		return 0, fmt.Errorf("parse date %q: want 16 hexadecimal digits", term)
	}
	for _, x := range b {
		v = v<<8 | uint64(x)
	}
	return int64(v ^ (1 << 63)), nil
}

// postings are the documents of a term.
type postings interface {
	segment.PostingsList
	OrInto(*roaring.Bitmap)
}

func postingsIn(dict segment.TermDictionary, term string) (postings, error) {
	list, err := dict.PostingsList([]byte(term), nil, nil)
	if err != nil {
		return nil, fmt.Errorf("read postings of %q: %w", term, err)
	}
	p, ok := list.(postings)
	if !ok {
		return nil, fmt.Errorf("read postings of %q: unknown kind %T", term, list)
	}
	return p, nil
}

// eachTerm visits the terms of a field that begin so, in order. Read reads the
// documents of the term.
func eachTerm(s segment.Segment, field, prefix string, visit func(term string, read func() (postings, error)) error) error {
	dict, err := s.Dictionary(field)
	if err != nil {
		return fmt.Errorf("read dictionary of %s: %w", field, err)
	}
	list := dict.AutomatonIterator
	if quick, ok := dict.(interface {
		AutomatonIteratorOmitCount(a segment.Automaton, from, before []byte) segment.DictionaryIterator
	}); ok {
		list = quick.AutomatonIteratorOmitCount // does not read the documents
	}
	for terms := list(nil, []byte(prefix), after(prefix)); ; {
		t, err := terms.Next()
		if err != nil {
			return fmt.Errorf("read dictionary of %s: %w", field, err)
		}
		if t == nil {
			return nil
		}
		if err := visit(t.Term, func() (postings, error) { return postingsIn(dict, t.Term) }); err != nil {
			return err
		}
	}
}

// after returns the first term behind all that begin with the prefix; nil if
// there is none.
func after(prefix string) []byte {
	b := []byte(prefix)
	for i := len(b) - 1; i >= 0; i-- {
		if b[i]++; b[i] != 0 {
			return b[:i+1]
		}
	}
	return nil
}

// part is a segment as it stood at one moment, for one search.
type part struct {
	segment.Segment
	*columns
	number  int // in its view
	deleted *roaring.Bitmap
	words   map[string]*wordList // by field
}

// wordList has the words of a field, with what was looked up before.
type wordList struct {
	dict  segment.TermDictionary
	lists map[string]postings
}

// list returns the documents of a term.
func (p *part) list(field, term string) (postings, error) {
	w := p.words[field]
	if w == nil {
		dict, err := p.Dictionary(field)
		if err != nil {
			return nil, fmt.Errorf("read dictionary of %s: %w", field, err)
		}
		w = &wordList{dict, make(map[string]postings)}
		p.words[field] = w
	}
	if list := w.lists[term]; list != nil {
		return list, nil
	}
	list, err := postingsIn(w.dict, term)
	if err == nil {
		w.lists[term] = list
	}
	return list, err
}

// all returns every document of the part, those that were replaced included.
func (p *part) all() *roaring.Bitmap {
	b := roaring.New()
	b.AddRange(0, p.Count())
	return b
}

// view is the index as it stood at one moment.
type view struct {
	snapshot *scorch.IndexSnapshot
	parts    []part
	live     uint64 // statements
}

// look opens a view, which must be closed.
func look(b bleve.Index, cache *columnCache) (*view, error) {
	inner, err := b.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := inner.Reader()
	if err != nil {
		return nil, err
	}
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok || snapshot == nil {
		return nil, errors.New("the index is closed")
	}
	v := &view{snapshot: snapshot}
	segments := snapshot.Segments()
	v.parts = make([]part, len(segments))
	for i, cols := range cache.of(segments) {
		s := segments[i]
		if err := cols.read(s.Segment()); err != nil {
			return nil, errors.Join(err, snapshot.Close())
		}
		v.parts[i] = part{Segment: s.Segment(), columns: cols, number: i, deleted: s.Deleted(), words: make(map[string]*wordList)}
		v.live += s.Count()
	}
	return v, nil
}

func (v *view) close() error { return v.snapshot.Close() }
