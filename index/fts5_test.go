//go:build sqlite_fts5

package index_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // driver of the index that is compared

	"palabre/index"
)

// compared are questions in the query language and in SQL. FTS5 knows no stems,
// nothing of what Arabic writes before a word, and leaves vowel signs in, so that
// it finds less, and excludes less, where a word is asked for. Whatever it finds
// of exact words must be found here, too.
var compared = []struct{ ours, match, where string }{
	{"pays AND guerre stance:pro date:2018/2021", "pays AND guerre", "stance = 'pro' AND date >= '2018' AND date < '2022'"},
	{"exact:pays AND exact:guerre stance:pro date:2018/2021", "pays AND guerre", "stance = 'pro' AND date >= '2018' AND date < '2022'"},
	{"الأمن AND القوات", "الأمن AND القوات", "1"},
	{"exact:الأمن AND exact:القوات", "الأمن AND القوات", "1"},
	{`"الأمم المتحدة" topic:dialogue`, `"الأمم المتحدة"`, "topic = 'dialogue'"},
	{"(negoc* OR exact:dialogue) actor:jnim", "negoc* OR dialogue", "actor IN ('jnim', 'katiba-macina')"},
	{"village -guerre stance:anti", "village NOT guerre", "stance = 'anti'"},
	{"exact:village -exact:guerre stance:anti", "village NOT guerre", "stance = 'anti'"},
	{"topic:sharia date:2020", "", "topic = 'sharia' AND date >= '2020' AND date < '2021'"},
}

// fts holds the news in SQLite.
type fts struct{ db *sql.DB }

func newFTS(b *testing.B, statements int) *fts {
	b.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(b.TempDir(), "fts.db")+"?_journal_mode=WAL")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	tx, err := db.Begin()
	if err != nil {
		b.Fatal(err)
	}
	exec := func(query string, args ...any) {
		if _, err := tx.Exec(query, args...); err != nil {
			b.Fatal(err)
		}
	}
	exec(`CREATE VIRTUAL TABLE words USING fts5 (title, text, tokenize = "unicode61 remove_diacritics 2", content = '')`)
	exec(`CREATE TABLE news (n INTEGER PRIMARY KEY, id TEXT, lang TEXT, date TEXT, topic TEXT, stance TEXT, actor TEXT)`)
	m := newNews(b)
	for n := range statements {
		d := m.doc()
		s := d.Statement
		exec(`INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)`, n, s.Title, s.Text)
		var topic, stance, actor string
		for _, p := range d.Reading.Positions {
			topic, stance, actor = string(p.Topic), string(p.Stance), p.Actor
		}
		exec(`INSERT INTO news VALUES (?, ?, ?, ?, ?, ?, ?)`, n, s.ID, d.Reading.Langs[0].Lang, s.Said.String(), topic, stance, actor)
	}
	exec(`INSERT INTO words (words) VALUES ('optimize')`)
	exec(`CREATE INDEX topics ON news (topic, date)`)
	if err := tx.Commit(); err != nil {
		b.Fatal(err)
	}
	return &fts{db}
}

// found reads what a question finds, with what its facets count.
func (f *fts) found(match, where string) ([]string, map[string]int, error) {
	query := `SELECT id, topic, stance, actor, lang, substr(date, 1, 7) FROM news WHERE ` + where
	var args []any
	if match != "" {
		query = `SELECT id, topic, stance, actor, lang, substr(date, 1, 7) FROM words JOIN news ON n = words.rowid WHERE words MATCH ? AND ` + where
		args = append(args, match)
	}
	rows, err := f.db.Query(query, args...)
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	var ids []string
	counts := make(map[string]int)
	for rows.Next() {
		var id string
		var v [5]string
		if err := rows.Scan(&id, &v[0], &v[1], &v[2], &v[3], &v[4]); err != nil {
			return nil, nil, err
		}
		ids = append(ids, id)
		for i, value := range v {
			counts[fmt.Sprint(i, value)]++
		}
	}
	return ids, counts, rows.Err()
}

// ask answers as a page needs it: total, facets, and the best twenty.
func (f *fts) ask(match, where string) error {
	if _, _, err := f.found(match, where); err != nil {
		return err
	}
	query, args := `SELECT id FROM news WHERE `+where+` ORDER BY date DESC LIMIT 20`, []any{}
	if match != "" {
		query = `SELECT id FROM words JOIN news ON n = words.rowid WHERE words MATCH ? AND ` + where + ` ORDER BY bm25(words) LIMIT 20`
		args = append(args, match)
	}
	rows, err := f.db.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
	}
	return rows.Err()
}

// BenchmarkFTS5 asks this index and SQLite's FTS5 the same questions of the same
// statements, and logs how far their answers agree.
func BenchmarkFTS5(b *testing.B) {
	l, f := newLibrary(b, *size), newFTS(b, *size)
	for _, c := range compared {
		q, err := index.Parse(c.ours)
		if err != nil {
			b.Fatal(err)
		}
		ours := l.all(b, q)
		theirs, _, err := f.found(c.match, c.where)
		if err != nil {
			b.Fatal(err)
		}
		both := 0
		for _, id := range theirs {
			if _, ok := slices.BinarySearch(ours, id); ok {
				both++
			}
		}
		b.Logf("%s: both %d, only here %d, only FTS5 %d", c.ours, both, len(ours)-both, len(theirs)-both)
		if strings.Contains(c.ours, "exact:") && len(theirs) != both {
			b.Errorf("%s: FTS5 finds %d that are not found here", c.ours, len(theirs)-both)
		}
		b.Run("index/"+c.ours, func(b *testing.B) {
			race(b, 1, b.N, func(int) error {
				_, err := l.index.Search(context.Background(), index.Request{Query: q, Facets: true})
				return err
			})
		})
		b.Run("fts5/"+c.ours, func(b *testing.B) {
			race(b, 1, b.N, func(int) error { return f.ask(c.match, c.where) })
		})
	}
}

// all returns the IDs of everything that a query finds, sorted.
func (l *library) all(b *testing.B, q *index.Query) []string {
	b.Helper()
	var out []string
	r := index.Request{Query: q, Limit: index.MaxLimit, Sort: index.Newest}
	for {
		res, err := l.index.Search(context.Background(), r)
		if err != nil {
			b.Fatal(err)
		}
		for _, h := range res.Hits {
			out = append(out, h.ID)
		}
		if r.Cursor = res.Next; r.Cursor == "" {
			slices.Sort(out)
			return out
		}
	}
}
