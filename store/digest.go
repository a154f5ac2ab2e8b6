package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"palabre/statement"
)

// Digest is a period that was written up, and how far that has come.
type Digest struct {
	Period  string           `json:"period"` // "2021-W42" or "2021-10-01/2021-10-15"
	From    time.Time        `json:"from"`
	Until   time.Time        `json:"until"`   // first instant after it
	Cut     time.Time        `json:"cut"`     // what was first seen later is for the next one
	Drafted time.Time        `json:"drafted"` // when
	Drafter string           `json:"drafter"` // who
	Edits   int              `json:"edits"`   // that stand
	Version string           `json:"version"` // of the draft with these edits
	Number  int              `json:"number,omitempty"`
	Hash    string           `json:"hash,omitempty"` // see [statement.DigestHash]
	Issued  time.Time        `json:"issued,omitzero"`
	Issuer  string           `json:"issuer,omitempty"`
	Titles  statement.Labels `json:"titles,omitzero"` // of an issued one
}

// IsIssued reports whether the digest is frozen.
func (d *Digest) IsIssued() bool { return d.Number > 0 }

// drafted is the format of files of a digest that is not issued yet.
const drafted = "draft"

// draftOf, editOf and issueOf return the details of the desk events of digests,
// or what keeps them from being taken.

func draftOf(e *statement.DeskEvent) (d statement.DigestDraft, err error) {
	if err := json.Unmarshal(e.Details, &d); err != nil {
		return d, fmt.Errorf("read draft: %w", err)
	}
	switch {
	case e.ID != statement.DigestDraftID(e.Subject):
		return d, errors.New("read draft: its ID is not that of its period")
	case !storable(d.From) || !storable(d.Until) || !storable(d.Cut) || !d.From.Before(d.Until):
		return d, fmt.Errorf("read draft: it is of %s to %s", d.From.Format(time.RFC3339), d.Until.Format(time.RFC3339))
	case len(d.Files) == 0:
		return d, errors.New("read draft: it has no text")
	}
	return d, nil
}

func editOf(e *statement.DeskEvent) (d statement.DigestEdit, err error) {
	if err := json.Unmarshal(e.Details, &d); err != nil {
		return d, fmt.Errorf("read edit: %w", err)
	}
	if d.Lang == "" || d.Part == "" {
		return d, errors.New("read edit: it does not say of which part in which language")
	}
	return d, nil
}

func issueOf(e *statement.DeskEvent) (d statement.DigestIssue, err error) {
	if err := json.Unmarshal(e.Details, &d); err != nil {
		return d, fmt.Errorf("read issue: %w", err)
	}
	switch {
	case d.Number < 1:
		return d, fmt.Errorf("read issue: its number is %d", d.Number)
	case d.Hash != statement.DigestHash(d.Files):
		return d, errors.New("read issue: its hash is not that of its files")
	}
	return d, nil
}

// isIdle reports whether an event of a digest comes too late, or is not what its
// author saw: then it is noted and changes nothing.
func (f *filing) isIdle(e *statement.DeskEvent) (bool, error) {
	d, err := digestIn(f.ctx, f.sql, e.Subject)
	if err != nil {
		return false, err
	}
	switch e.Action {
	case statement.DraftDigest:
		return d != nil, nil
	case statement.EditDigest:
		return d == nil || d.IsIssued(), nil
	}
	issue, err := issueOf(e)
	if err != nil || d == nil || d.IsIssued() || d.Version != issue.Version {
		return true, err
	}
	next, err := nextNumber(f.ctx, f.sql)
	return issue.Number != next, err
}

// isSettled reports whether what an event did cannot be undone: a draft is made
// once, and an issued digest never changes.
func (f *filing) isSettled(id string) (bool, error) {
	l, err := f.logged(id)
	if err != nil || l == nil {
		return false, err
	}
	switch l.Action {
	case statement.DraftDigest, statement.IssueDigest:
		return true, nil
	case statement.EditDigest:
		d, err := digestIn(f.ctx, f.sql, l.Subject)
		return d != nil && d.IsIssued(), err
	case statement.Undo:
		return f.isSettled(l.Subject)
	}
	return false, nil
}

// foldDigest does what an event of a digest says. Edits stand in the log alone.
func (f *filing) foldDigest(e *statement.DeskEvent) error {
	switch e.Action {
	case statement.DraftDigest:
		d, err := draftOf(e)
		if err != nil {
			return err
		}
		told, err := jsonText(append([]statement.DigestTold{}, d.Told...))
		if err != nil {
			return err
		}
		err = f.exec(`INSERT INTO digests (period, start, stop, cut, draft, told) VALUES (?, ?, ?, ?, ?, ?)`,
			e.Subject, nanos(d.From), nanos(d.Until), nanos(d.Cut), e.ID, told)
		if err != nil {
			return err
		}
		for i := range d.Files {
			if err := f.putDigestFile(e.Subject, drafted, &d.Files[i]); err != nil {
				return err
			}
		}
	case statement.IssueDigest:
		d, err := issueOf(e)
		if err != nil {
			return err
		}
		return f.freeze(e, &d)
	}
	return nil
}

// freeze keeps an issued digest as it is, and makes it due for whoever wants it.
func (f *filing) freeze(e *statement.DeskEvent, d *statement.DigestIssue) error {
	titles, err := jsonText(d.Titles)
	if err != nil {
		return err
	}
	err = f.exec(`UPDATE digests SET number = ?, hash = ?, issued = ?, issuer = ?, titles = ? WHERE period = ?`,
		d.Number, d.Hash, nanos(e.At), e.Who, titles, e.Subject)
	if err != nil {
		return err
	}
	for i := range d.Files {
		if err := f.putDigestFile(e.Subject, d.Files[i].Format, &d.Files[i]); err != nil {
			return err
		}
	}
	err = f.exec(`INSERT INTO digest_told SELECT t.value ->> 'signal', d.period, t.value ->> 'as' FROM digests d, json_each(d.told) t WHERE d.period = ?
		ON CONFLICT DO UPDATE SET period = excluded.period, told = excluded.told`, e.Subject)
	if err != nil {
		return err
	}
	return f.tellDigest(e)
}

// tellDigest makes an issued digest due for every receiver that wants it, once.
// One of more than a week ago comes out of the streams again, into a record that
// is built anew: whoever wants digests now was told, or came later.
func (f *filing) tellDigest(e *statement.DeskEvent) error {
	if nanos(e.At) < lately(f.at) {
		return nil
	}
	receivers, err := f.roster()
	if err != nil {
		return err
	}
	for i := range receivers {
		to := receivers.standIn(receivers[i].ID)
		if to == "" || !receivers[i].Digest {
			continue
		}
		n := statement.Notice{Receiver: to, Kind: statement.NoticeDigest, Subject: e.Subject, Due: f.at}
		if err := f.putNotice(&n); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putDigestFile(period, format string, file *statement.DigestFile) error {
	packed, err := compress([]statement.Capture{{Body: file.Body}})
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO digest_files (period, lang, format, hash, size, body) VALUES (?, ?, ?, ?, ?, ?)`,
		period, file.Lang, format, statement.HashBody(file.Body), len(file.Body), packed[0])
}

// Began returns when the first statement was seen that the record holds; zero if
// it holds none.
func (s *Store) Began(ctx context.Context) (at time.Time, err error) {
	if err := s.reader.QueryRowContext(ctx, `SELECT coalesce(min(first_seen), 0) FROM statements`).Scan(instant{&at}); err != nil {
		return at, fmt.Errorf("read when the record began: %w", err)
	}
	return at, nil
}

// nextNumber returns the number of the digest that is issued next.
func nextNumber(ctx context.Context, q querier) (n int, err error) {
	return n, each(ctx, q, func(scan func(...any) error) error { return scan(&n) }, `SELECT coalesce(max(number), 0) + 1 FROM digests`)
}

// NextDigest returns the number of the digest that is issued next.
func (s *Store) NextDigest(ctx context.Context) (int, error) {
	n, err := nextNumber(ctx, s.reader)
	if err != nil {
		return 0, fmt.Errorf("read number of the next digest: %w", err)
	}
	return n, nil
}

const selectDigest = `SELECT period, start, stop, cut, draft, coalesce(number, 0), hash, issued, issuer, titles, l.at, l.who,
		(SELECT json_group_array(e.id ORDER BY e.seq) FROM desk_log e WHERE e.subject = period AND e.action = 'edit-digest' AND e.undone = '' AND NOT e.idle)
	FROM digests d JOIN desk_log l ON l.id = d.draft `

func scanDigest(scan func(...any) error) (Digest, error) {
	var d Digest
	var draft string
	var edits []string
	err := scan(&d.Period, instant{&d.From}, instant{&d.Until}, instant{&d.Cut}, &draft, &d.Number, &d.Hash, instant{&d.Issued}, &d.Issuer,
		jsonColumn{&d.Titles}, instant{&d.Drafted}, &d.Drafter, jsonColumn{&edits})
	d.Edits, d.Version = len(edits), statement.DigestVersion(draft, edits)
	return d, err
}

// digestIn returns the digest of a period, or nil.
func digestIn(ctx context.Context, q querier, period string) (*Digest, error) {
	found, err := collect(ctx, q, scanDigest, selectDigest+`WHERE period = ?`, period)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return &found[0], nil
}

// Digests returns all digests, that of the latest period first.
func (s *Store) Digests(ctx context.Context) ([]Digest, error) {
	out, err := collect(ctx, s.reader, scanDigest, selectDigest+`ORDER BY stop DESC, start DESC`)
	if err != nil {
		return nil, fmt.Errorf("read digests: %w", err)
	}
	return out, nil
}

// Digest returns the digest of a period.
func (s *Store) Digest(ctx context.Context, period string) (*Digest, error) {
	d, err := digestIn(ctx, s.reader, period)
	if err == nil && d == nil {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read digest of %s: %w", period, err)
	}
	return d, nil
}

// DigestDraft returns, as JSON, what the machine wrote of a period in a language.
func (s *Store) DigestDraft(ctx context.Context, period, lang string) ([]byte, error) {
	return s.DigestFile(ctx, period, lang, drafted)
}

// DigestFile returns an issued digest in a language and format, json, html or md,
// byte for byte as it was issued.
func (s *Store) DigestFile(ctx context.Context, period, lang, format string) ([]byte, error) {
	found, err := collect(ctx, s.reader, func(scan func(...any) error) ([]byte, error) {
		var size int64
		var packed []byte
		if err := scan(&size, &packed); err != nil {
			return nil, err
		}
		return decompress(packed, size)
	}, `SELECT size, body FROM digest_files WHERE period = ? AND lang = ? AND format = ?`, period, lang, format)
	if err == nil && len(found) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read digest of %s as %s in %q: %w", period, format, lang, err)
	}
	return found[0], nil
}

// FrozenFile is a digest in a language and format, as it was issued.
type FrozenFile struct {
	Lang   string `json:"lang"`
	Format string `json:"format"`
	Hash   string `json:"hash"` // SHA-256 of its bytes, hexadecimal
	Size   int    `json:"size"` // bytes
}

// FrozenFiles returns the files of an issued digest, by language and format.
func (s *Store) FrozenFiles(ctx context.Context, period string) ([]FrozenFile, error) {
	out, err := collect(ctx, s.reader, func(scan func(...any) error) (f FrozenFile, err error) {
		return f, scan(&f.Lang, &f.Format, &f.Hash, &f.Size)
	}, `SELECT lang, format, hash, size FROM digest_files WHERE period = ? AND format <> ? ORDER BY lang, format`, period, drafted)
	if err != nil {
		return nil, fmt.Errorf("read files of the digest of %s: %w", period, err)
	}
	return out, nil
}

// Edited is an edit of a digest that stands.
type Edited struct {
	statement.DigestEdit
	ID  string // of its desk event
	Who string
	At  time.Time
}

// DigestEdits returns the edits of the digest of a period that stand, oldest
// first.
func (s *Store) DigestEdits(ctx context.Context, period string) ([]Edited, error) {
	acts, err := actsOf(ctx, s.reader, period, statement.EditDigest)
	if err != nil {
		return nil, fmt.Errorf("read edits of the digest of %s: %w", period, err)
	}
	out := make([]Edited, len(acts))
	for i := range acts {
		e := &acts[i]
		out[i] = Edited{ID: e.ID, Who: e.Who, At: e.At}
		if out[i].DigestEdit, err = editOf(e); err != nil {
			return nil, fmt.Errorf("read edits of the digest of %s: %w", period, err)
		}
	}
	return out, nil
}

// issuedDigest returns an issued digest as a receiver is told of it.
func (s *Store) issuedDigest(ctx context.Context, period, lang string) (*statement.IssuedDigest, error) {
	d, err := s.Digest(ctx, period)
	if err != nil {
		return nil, err
	}
	out := &statement.IssuedDigest{
		Period: period, Number: d.Number, Lang: lang, Title: d.Titles.In(lang), From: d.From, Until: d.Until, Issued: d.Issued,
	}
	for _, f := range []struct {
		format string
		put    func([]byte)
	}{
		{"md", func(b []byte) { out.Plain = string(b) }},
		{"html", func(b []byte) { out.HTML = string(b) }},
		{"json", func(b []byte) { out.Doc, out.Hash = b, statement.HashBody(b) }},
	} {
		body, err := s.DigestFile(ctx, period, lang, f.format)
		if err != nil {
			return nil, err
		}
		f.put(body)
	}
	return out, nil
}
