package store

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"time"

	"palabre/statement"
)

// Applied counts what a call of [Store.Apply] did.
type Applied struct {
	New     int // statements that were not held
	Revised int // later revisions of statements that were
	Reread  int // readings by another pack of a revision that was held
	Stale   int // revisions that arrived after a later one
	Known   int // records that had been applied before
	Signals int // signals raised
}

// Apply takes records into the record in one commit. The number of records is
// the caller's choice; up to 512 share the cost of the commit well.
//
// A record that was applied before changes nothing. A statement that is read
// again, because of a new pack or a new revision, has its positions replaced,
// but raises no signal for a position that it held before. Records of one call
// are taken in the order in which their words were said, so that a back-fill
// meets each line as it stood; across calls a signal is worked out as of its own
// date and never taken back.
//
// One bad record fails the call: the caller tries them one by one and buries it.
func (s *Store) Apply(ctx context.Context, records []statement.Record) (Applied, error) {
	if len(records) == 0 {
		return Applied{}, nil
	}
	var done Applied
	err := s.write(ctx, func(t *tx) error {
		f := s.newFiling(t)
		for _, rec := range chronological(records) {
			if err := f.record(rec); err != nil {
				return fmt.Errorf("apply record of statement %s: %w", rec.Statement.ID, err)
			}
		}
		done = f.done
		return f.close()
	})
	if err != nil {
		return Applied{}, err
	}
	s.wake()
	return done, nil
}

// chronological puts old words before those of these days and orders them by
// when they were said, so that a back-fill meets each line as it stood. Those of
// these days stay in the order in which they came: which report opens an event,
// and so the event's ID, must not depend on how a node cuts the stream into
// batches. The records of one statement stay in their order.
func chronological(records []statement.Record) []*statement.Record {
	out := make([]*statement.Record, len(records))
	days := make(map[string]int, len(records))
	for i := range records {
		out[i] = &records[i]
		s := &records[i].Statement
		if _, ok := days[s.Of]; !ok {
			when := believed(s)
			days[s.Of] = dayOf(when.Time)
			if !isStale(when, s.FirstSeen) {
				days[s.Of] = math.MaxInt
			}
		}
	}
	slices.SortStableFunc(out, func(a, b *statement.Record) int {
		return cmp.Compare(days[a.Statement.Of], days[b.Statement.Of])
	})
	return out
}

// filing is the work of one commit.
type filing struct {
	*tx
	sides     *sides
	at        time.Time
	matches   Matches
	log       *slog.Logger
	tallies   map[tally]int
	moved     map[matter]*motion
	placed    map[placeSpan]int
	raised    []string         // IDs of signals that may be pushed since this commit
	fallen    map[string]cause // IDs of signals that nothing bears out any more, and why
	risen     map[string]cause // IDs of signals that a report bears out again, and why
	corrected []correction
	opened    []*opening
	joined    []string              // IDs of events that reports came into
	cause     cause                 // why a signal falls, or rises, whose reports change now
	accounts  map[string][]*account // by event, as far as they were read
	done      Applied
}

func (s *Store) newFiling(t *tx) *filing {
	return &filing{
		tx: t, sides: s.sides, at: s.now().UTC(), matches: s.matches, log: s.log, cause: cause{why: lost},
		tallies: make(map[tally]int), moved: make(map[matter]*motion), placed: make(map[placeSpan]int), fallen: make(map[string]cause), risen: make(map[string]cause),
		accounts: make(map[string][]*account),
	}
}

// close writes what is worked out once for the whole commit.
func (f *filing) close() error {
	if err := f.heed(); err != nil {
		return fmt.Errorf("heed what people decided about events: %w", err)
	}
	if err := f.drawLines(); err != nil {
		return fmt.Errorf("draw lines: %w", err)
	}
	if err := f.breakSilences(); err != nil {
		return fmt.Errorf("break silences: %w", err)
	}
	if err := f.link(); err != nil {
		return fmt.Errorf("link answers: %w", err)
	}
	if err := f.drawDemands(); err != nil {
		return fmt.Errorf("draw demands: %w", err)
	}
	if err := f.tellAll(); err != nil {
		return fmt.Errorf("make notices due: %w", err)
	}
	if err := f.countPlaces(); err != nil {
		return err
	}
	for k, n := range f.tallies {
		err := f.exec(`INSERT INTO tallies VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n`, k.dimension, k.value, k.topic, k.stance, n)
		if err != nil {
			return fmt.Errorf("count positions: %w", err)
		}
	}
	return nil
}

// record files one record.
func (f *filing) record(rec *statement.Record) error {
	s := &rec.Statement
	if err := check(rec); err != nil {
		return err
	}
	if err := f.exec(`DELETE FROM spool WHERE id = ?`, s.ID); err != nil {
		return fmt.Errorf("settle spool: %w", err)
	}
	_, fresh, err := f.change(`INSERT OR IGNORE INTO inbox VALUES (?, ?, ?)`, s.ID, rec.Reading.Pack, nanos(f.at))
	if err != nil {
		return fmt.Errorf("enter inbox: %w", err)
	}
	if fresh == 0 {
		f.done.Known++
		return nil
	}
	var revision int
	var latest string
	held, err := f.find(`SELECT revision, latest FROM statements WHERE id = ?`, []any{s.Of}, &revision, &latest)
	if err != nil {
		return fmt.Errorf("look up statement: %w", err)
	}
	switch {
	case held && s.Revision < revision:
		f.done.Stale++
		return f.fileStale(rec)
	case held && s.ID != latest: // two ingesters may have given one number
		f.done.Revised++
	case held:
		f.done.Reread++
	default:
		f.done.New++
	}
	return f.fileCurrent(rec, held)
}

// check reports what is wrong with a record that no retry will mend.
func check(rec *statement.Record) error {
	if err := rec.Statement.Validate(); err != nil {
		return err
	}
	for i := range rec.Reading.Positions {
		p := &rec.Reading.Positions[i]
		if p.Actor == "" || p.Topic == "" || !p.Stance.Valid() {
			return fmt.Errorf("check position %d: actor %q, topic %q, stance %q", i, p.Actor, p.Topic, p.Stance)
		}
		if err := p.Evidence.Check(&rec.Statement); err != nil {
			return fmt.Errorf("check position %d: %w", i, err)
		}
	}
	return nil
}

// fileStale keeps a revision that a later one has overtaken. Its positions are
// history and bear on nothing.
func (f *filing) fileStale(rec *statement.Record) error {
	if err := f.fileRevision(&rec.Statement); err != nil {
		return err
	}
	month := monthOf(believed(&rec.Statement))
	for i := range rec.Reading.Positions {
		if _, err := f.filePosition(rec, &rec.Reading.Positions[i], month, nil); err != nil {
			return err
		}
	}
	return nil
}

// fileCurrent makes a revision and its reading the ones that hold.
func (f *filing) fileCurrent(rec *statement.Record, held bool) error {
	s := &rec.Statement
	if err := f.fileStatement(rec); err != nil {
		return err
	}
	if !held {
		if err := f.exec(`INSERT INTO source_tallies VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1`, s.Source); err != nil {
			return fmt.Errorf("count statements: %w", err)
		}
	}
	if err := f.fileRevision(s); err != nil {
		return err
	}
	return f.fileReading(rec, held, nil)
}

// fileReading makes a reading the one that holds. moves is not nil where only
// the events change, because a person says so.
func (f *filing) fileReading(rec *statement.Record, held bool, moves *move) error {
	s := &rec.Statement
	c := &chronicle{filing: f, statement: s, when: believed(s), moves: moves, touched: make(map[string]*event), added: make(map[string]*report)}
	if held {
		if err := c.withdraw(); err != nil {
			return fmt.Errorf("withdraw earlier reading: %w", err)
		}
	}
	if err := f.fileMentions(s.Of, dayOf(believed(s).Time), &rec.Reading); err != nil {
		return err
	}
	for i := range rec.Reading.Positions {
		if err := c.enter(rec, &rec.Reading.Positions[i]); err != nil {
			return fmt.Errorf("file position %d: %w", i, err)
		}
	}
	if err := c.settleTouched(); err != nil {
		return fmt.Errorf("settle events: %w", err)
	}
	if held {
		if err := f.exec(`DELETE FROM index_queue WHERE statement = ?`, s.Of); err != nil {
			return fmt.Errorf("queue for the index: %w", err)
		}
	}
	if err := f.exec(`INSERT INTO index_queue (statement) VALUES (?)`, s.Of); err != nil {
		return fmt.Errorf("queue for the index: %w", err)
	}
	return nil
}

func (f *filing) fileStatement(rec *statement.Record) error {
	s := &rec.Statement
	langs, err := jsonText(rec.Reading.Langs)
	if err != nil {
		return fmt.Errorf("encode languages: %w", err)
	}
	unclear, err := jsonText(rec.Reading.Unclear)
	if err != nil {
		return fmt.Errorf("encode unclear passages: %w", err)
	}
	err = f.exec(`INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET latest = excluded.latest, revision = excluded.revision, key = excluded.key, url = excluded.url,
			outlet = excluded.outlet, kind = excluded.kind, medium = excluded.medium, lang = excluded.lang, title = excluded.title,
			said = excluded.said, published = excluded.published, day = excluded.day, fetched = excluded.fetched,
			capture = excluded.capture, pack = excluded.pack, langs = excluded.langs, unclear = excluded.unclear`,
		s.Of, s.ID, s.Revision, s.Source, s.Key, s.URL, s.Outlet, s.Kind, s.Medium, s.Lang, s.Title,
		s.Said.String(), s.Published.String(), dayOf(believed(s).Time), nanos(s.Fetched), nanos(s.FirstSeen), s.Capture,
		rec.Reading.Pack, langs, unclear)
	if err != nil {
		return fmt.Errorf("file statement: %w", err)
	}
	return nil
}

func (f *filing) fileRevision(s *statement.Statement) error {
	payload, err := jsonText(s)
	if err != nil {
		return fmt.Errorf("encode statement: %w", err)
	}
	err = f.exec(`INSERT INTO revisions VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`, s.ID, s.Of, s.Revision, payload)
	if err != nil {
		return fmt.Errorf("file revision: %w", err)
	}
	return nil
}

func (f *filing) fileMentions(id string, day int, r *statement.Reading) error {
	for kind, names := range map[string][]string{"actor": r.Actors, "place": r.Places} {
		for _, name := range names {
			if err := f.exec(`INSERT OR IGNORE INTO mentions VALUES (?, ?, ?)`, id, kind, name); err != nil {
				return fmt.Errorf("file mention: %w", err)
			}
		}
	}
	return f.enterPlaces(id, day, r.Places)
}

// filePosition writes a position with its evidence and returns its row. It is
// current if it has an event.
func (f *filing) filePosition(rec *statement.Record, p *statement.Position, month string, event *string) (int64, error) {
	s := &rec.Statement
	row, _, err := f.change(`INSERT INTO positions (statement, revision, pack, current, actor, speaker, topic, target, stance, condition, act,
			rule, confidence, first_hand, tentative, month, event, deed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		s.Of, s.ID, rec.Reading.Pack, event != nil, p.Actor, p.Speaker, p.Topic, p.Target, p.Stance, p.Condition, p.Act,
		p.Rule, p.Confidence, p.FirstHand, p.Tentative, month, event, f.sides.deedOf(p))
	if err != nil {
		return 0, fmt.Errorf("file position: %w", err)
	}
	e := &p.Evidence
	if err := f.exec(`INSERT INTO evidence VALUES (?, ?, ?, ?, ?)`, row, e.Field, e.Start, e.End, e.Quote); err != nil {
		return 0, fmt.Errorf("file evidence: %w", err)
	}
	if event != nil {
		f.tally(p.Actor, month, p.Topic, p.Stance, 1)
	}
	return row, nil
}

// tally is a cell of the counts over the whole corpus.
type tally struct {
	dimension, value string
	topic            statement.Topic
	stance           statement.Stance
}

func (f *filing) tally(actor, month string, topic statement.Topic, stance statement.Stance, n int) {
	f.tallies[tally{"actor", actor, topic, stance}] += n
	f.tallies[tally{"month", month, topic, stance}] += n
}

// monthOf is "2020-03", or "2020" where no more is known.
func monthOf(d statement.Date) string {
	text := d.String()
	return text[:min(len(text), len("2006-01"))]
}
