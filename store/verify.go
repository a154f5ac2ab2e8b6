package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"palabre/statement"
)

// Report is what a verification checked and what it found wrong.
type Report struct {
	Captures  int
	Custody   int
	Revisions int
	Evidence  int
	Notices   int
	Digests   int // issued
	Problems  []statement.Problem
}

// OK reports whether nothing was wrong.
func (r *Report) OK() bool { return len(r.Problems) == 0 }

// Verify checks the whole record against itself: the file, references between
// rows, the bytes of every capture against their hash, the custody chain, that
// every piece of evidence is verbatim, the counts, what was told to whom, and what
// people did. What is wrong goes into
// the report; an error means that the check could not be made. progress may be
// nil.
func (s *Store) Verify(ctx context.Context, progress func(done, total int)) (report Report, err error) {
	t, err := s.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return Report{}, fmt.Errorf("verify record: %w", err)
	}
	defer func() { err = errors.Join(err, t.Rollback()) }()
	v := &verification{ctx: ctx, tx: t, progress: progress}
	for _, check := range []struct {
		what string
		run  func() error
	}{
		{"count rows", v.count},
		{"check file", v.file},
		{"check captures", v.captures},
		{"check custody", v.custody},
		{"check evidence", v.evidence},
		{"check counts", v.tallies},
		{"check notices", v.notices},
		{"check desk", v.desk},
		{"check digests", v.digests},
	} {
		if err := check.run(); err != nil {
			return Report{}, fmt.Errorf("verify record: %s: %w", check.what, err)
		}
	}
	return v.report, nil
}

// verification is one run over a snapshot of the record.
type verification struct {
	ctx         context.Context
	tx          *sql.Tx
	progress    func(done, total int)
	done, total int
	report      Report
}

func (v *verification) each(f func(scan func(...any) error) error, query string, args ...any) error {
	return each(v.ctx, v.tx, f, query, args...)
}

func (v *verification) step() {
	v.done++
	if v.progress != nil {
		v.progress(min(v.done, v.total), v.total)
	}
}

func (v *verification) problem(where, format string, args ...any) {
	v.report.Problems = append(v.report.Problems, statement.Problem{Where: where, What: fmt.Sprintf(format, args...)})
}

func (v *verification) count() error {
	return v.tx.QueryRowContext(v.ctx, `SELECT (SELECT count(*) FROM captures) + (SELECT count(*) FROM custody) + (SELECT count(*) FROM revisions)`).
		Scan(&v.total)
}

// file asks SQLite for its own opinion.
func (v *verification) file() error {
	err := v.each(func(scan func(...any) error) error {
		var line string
		err := scan(&line)
		if err == nil && line != "ok" {
			v.problem("file", "%s", line)
		}
		return err
	}, `PRAGMA integrity_check`)
	if err != nil {
		return err
	}
	return v.each(func(scan func(...any) error) error {
		var table, parent string
		var row, key sql.NullInt64
		err := scan(&table, &row, &parent, &key)
		if err == nil {
			v.problem("table "+table, "row %d points to nothing in %s", row.Int64, parent)
		}
		return err
	}, `PRAGMA foreign_key_check`)
}

// captures hashes every body again.
func (v *verification) captures() error {
	return v.each(func(scan func(...any) error) error {
		var hash string
		var size int64
		var packed []byte
		if err := scan(&hash, &size, &packed); err != nil {
			return err
		}
		v.report.Captures++
		v.step()
		body, err := decompress(packed, size)
		if err != nil {
			v.problem("capture "+hash, "%s", err)
		} else if got := statement.HashBody(body); got != hash {
			v.problem("capture "+hash, "its bytes have the hash %s", got)
		}
		return nil
	}, `SELECT hash, size, body FROM captures`)
}

// custody follows the chain from its first row.
func (v *verification) custody() error {
	var last link
	return v.each(func(scan func(...any) error) error {
		l, err := scanLink(scan)
		if err != nil {
			return err
		}
		v.report.Custody++
		v.step()
		where := fmt.Sprintf("custody row %d", l.seq)
		switch {
		case l.seq != last.seq+1:
			v.problem(where, "the row before it is missing")
		case l.previous != last.chain:
			v.problem(where, "it does not continue the row before it")
		case l.chain != l.sum():
			v.problem(where, "it was changed after it was written")
		}
		last = l
		return nil
	}, selectLink+`ORDER BY seq`)
}

// evidence checks every quotation, of every reading, against its revision.
func (v *verification) evidence() error {
	var s statement.Statement
	var id string
	return v.each(func(scan func(...any) error) error {
		var revision, payload string
		var n sql.NullInt64
		var e statement.Evidence
		if err := scan(&revision, &payload, &n, &e.Field, &e.Start, &e.End, &e.Quote); err != nil {
			return err
		}
		if revision != id {
			id, s = revision, statement.Statement{}
			v.report.Revisions++
			v.step()
			if err := (jsonColumn{&s}).Scan(payload); err != nil {
				v.problem("revision "+revision, "%s", err)
				return nil
			}
		}
		if !n.Valid {
			return nil
		}
		v.report.Evidence++
		if err := e.Check(&s); err != nil {
			v.problem("revision "+revision, "%s", err)
		}
		return nil
	}, `SELECT r.id, r.payload, p.n, coalesce(v.field, ''), coalesce(v.start, 0), coalesce(v.stop, 0), coalesce(v.quote, '')
		FROM revisions r LEFT JOIN positions p ON p.statement = r.statement AND p.revision = r.id LEFT JOIN evidence v ON v.position = p.n
		ORDER BY r.rowid, p.n`)
}

// tallies counts the current positions again, and the statements of each source.
func (v *verification) tallies() error {
	return v.each(func(scan func(...any) error) error {
		var dimension, value string
		err := scan(&dimension, &value)
		if err == nil {
			v.problem("counts", "those of %s %s are not what the record adds up to", dimension, value)
		}
		return err
	}, `WITH counted AS (
			SELECT 'actor' AS dimension, actor AS value, topic, stance, count(*) AS n FROM positions WHERE current GROUP BY actor, topic, stance
			UNION ALL
			SELECT 'month', month, topic, stance, count(*) FROM positions WHERE current GROUP BY month, topic, stance)
		SELECT DISTINCT coalesce(c.dimension, t.dimension), coalesce(c.value, t.value)
		FROM counted c FULL JOIN (SELECT * FROM tallies WHERE n <> 0) t USING (dimension, value, topic, stance)
		WHERE c.n IS NOT t.n
		UNION ALL
		SELECT 'source', coalesce(c.source, t.source)
		FROM (SELECT source, count(*) AS n FROM statements GROUP BY source) c FULL JOIN source_tallies t USING (source)
		WHERE c.n IS NOT t.n`)
}

// notices checks that what was, or is to be, told to whom hangs together.
func (v *verification) notices() error {
	if err := v.tx.QueryRowContext(v.ctx, `SELECT count(*) FROM notices`).Scan(&v.report.Notices); err != nil {
		return err
	}
	return v.find([]flaw{
		{"notice", "the signal that it tells of is not held", `SELECT n FROM notices
			WHERE kind NOT IN ('watch', 'heartbeat', 'digest') AND NOT EXISTS (SELECT 1 FROM signals g WHERE g.id = notices.signal AND g.event = notices.event)`},
		{"notice", "it waits in a message that does not wait", `SELECT n FROM notices
			WHERE state = 'composed' AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = notices.message AND m.state = 'pending')`},
		{"notice", "it was sent, but not noted as told", `SELECT n FROM notices WHERE state = 'sent' AND NOT ` + isTold},
		{"message", "it waits and has nothing to say", `SELECT id FROM messages m
			WHERE state = 'pending' AND NOT EXISTS (SELECT 1 FROM notices n WHERE n.message = m.id AND n.state = 'composed')`},
		{"message", "its content is that of another one", `SELECT id FROM messages
			WHERE payload ->> 'id' IS NOT id OR payload ->> 'receiver' IS NOT receiver`},
		{"message", "it carries a notice that is not held, or is another receiver's", `SELECT DISTINCT m.id FROM messages m, json_each(m.payload, '$.notices') k
			WHERE NOT EXISTS (SELECT 1 FROM notices n WHERE n.n = k.value AND n.receiver = m.receiver)`},
	})
}

// desk checks the log of what people did against what it adds up to.
func (v *verification) desk() error {
	err := v.find([]flaw{
		{"desk event", "what undid it is not in the log", `SELECT id FROM desk_log l
			WHERE undone <> '' AND NOT EXISTS (SELECT 1 FROM desk_log u WHERE u.id = l.undone AND u.action = 'undo' AND u.subject = l.id)`},
		{"statement", "who moved it to another event is not in the log", `SELECT statement FROM pins p
			WHERE NOT EXISTS (SELECT 1 FROM desk_log l WHERE l.id = p.desk AND l.undone = '')`},
		{"statement", "who judged a position in it is not in the log", `SELECT statement FROM corrections c
			WHERE NOT EXISTS (SELECT 1 FROM desk_log l WHERE l.id = c.desk AND l.subject = c.statement AND l.undone = '')`},
	})
	if err != nil {
		return err
	}
	cared, err := texts(v.ctx, v.tx, `SELECT signal FROM care ORDER BY signal`)
	if err != nil {
		return err
	}
	for _, signal := range cared {
		held, err := careOf(v.ctx, v.tx, signal)
		if err != nil {
			return err
		}
		want, err := foldedCare(v.ctx, v.tx, signal)
		if err != nil {
			return err
		}
		if held != want {
			v.problem("signal "+signal, "what the desk did about it is not what the log adds up to")
		}
	}
	return nil
}

// flaw is something that no row may be. Its query names the rows that are.
type flaw struct{ where, what, query string }

func (v *verification) find(flaws []flaw) error {
	for _, f := range flaws {
		err := v.each(func(scan func(...any) error) error {
			var id string
			err := scan(&id)
			if err == nil {
				v.problem(f.where+" "+id, "%s", f.what)
			}
			return err
		}, f.query)
		if err != nil {
			return err
		}
	}
	return nil
}
