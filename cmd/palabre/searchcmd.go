package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"palabre/api"
	"palabre/index"
	"palabre/seeds"
	"palabre/store"
)

type searchCmd struct {
	Query  []string `arg:"" optional:"" help:"What to look for; everything if empty."`
	Limit  int      `default:"10" help:"Most hits to print."`
	Cursor string   `placeholder:"CURSOR" help:"Cursor of the next page, as printed with --json."`
	JSON   bool     `name:"json" help:"Print the API's answer."`
}

func (searchCmd) Examples() string {
	return `  palabre search MINUSMA AND withdrawal
  palabre search 'actor:jnim topic:dialogue date:2020' --limit 50
  palabre search '"bons offices" -source:rfi' --json
  palabre search Koufa                             also Kouffa and كوفا, by every name
  palabre search exact:Koufa                       this spelling only
  palabre search 'talks NEAR/5 ceasefire date:P7D' near one another, last seven days
  palabre search '"armed groups"~3 OR negoc*'      within three words; words that begin so
  palabre search 'search:"line of jnim" lang:ar'   a saved search, in Arabic only

The whole language is in docs/search.md.`
}

// answer is what search prints of the API's answer.
type answer struct {
	Total    int             `json:"total"`
	Concepts []index.Concept `json:"concepts"`
	Hits     []struct {
		ID        string `json:"id"`
		Title     string `json:"title"`
		Lang      string `json:"lang"`
		Source    string `json:"source"`
		Published string `json:"published"`
		Snippet   string `json:"snippet"`
		Positions []struct {
			Actor  string `json:"actor"`
			Topic  string `json:"topic"`
			Stance string `json:"stance"`
			Target string `json:"target"`
		} `json:"positions"`
	} `json:"hits"`
	Next string `json:"next"`
}

// Run asks the running server, or opens record and index itself.
func (c *searchCmd) Run(r *runContext) error {
	q := url.Values{"q": {strings.Join(c.Query, " ")}, "limit": {strconv.Itoa(c.Limit)}}
	if c.Cursor != "" {
		q.Set("cursor", c.Cursor)
	}
	status, body, err := ask(r, r.data, "/api/v1/search?"+q.Encode())
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return problemError(body, status)
	}
	if c.JSON {
		_, err := r.term.out.Write(append(body, '\n'))
		return err
	}
	var a answer
	if err := json.Unmarshal(body, &a); err != nil {
		return fmt.Errorf("read answer: %w", err)
	}
	a.print(r.term.out)
	return nil
}

// mostNames is how many of a word's names are printed.
const mostNames = 6

func (a *answer) print(w io.Writer) {
	for i := range a.Concepts {
		c := &a.Concepts[i]
		var names []string
		for _, n := range c.Names {
			if !n.Out && len(names) < mostNames {
				names = append(names, n.Text)
			}
		}
		if c.Out || len(names) == 0 {
			continue
		}
		more := ""
		if n := len(c.Names) - len(names); n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		fmt.Fprintf(w, "%s: also %s%s (without:%s leaves them out)\n", c.Typed, strings.Join(names, ", "), more, c.ID)
	}
	if a.Total == 0 {
		fmt.Fprintln(w, "nothing found")
		return
	}
	fmt.Fprintf(w, "%d found\n", a.Total)
	for i := range a.Hits {
		h := &a.Hits[i]
		fmt.Fprintf(w, "\n%s\n  %s · %s · %s · %s\n", h.Title, h.Published, h.Source, h.Lang, h.ID)
		if h.Snippet != "" {
			fmt.Fprintf(w, "  %s\n", strings.Join(strings.Fields(h.Snippet), " "))
		}
		for _, p := range h.Positions {
			fmt.Fprintf(w, "  %s %s %s %s\n", p.Actor, p.Topic, p.Stance, p.Target)
		}
	}
}

// problemError turns a problem+json body into an error.
func problemError(body []byte, status int) error {
	var p struct {
		Detail string `json:"detail"`
		Title  string `json:"title"`
	}
	if err := json.Unmarshal(body, &p); err != nil || p.Detail == "" {
		return fmt.Errorf("the server answered %d %s", status, http.StatusText(status))
	}
	return errors.New(lower(p.Detail))
}

// ask gets a path of the API from the server that runs on the data folder, or
// where none runs, from the record and index as they lie.
func ask(ctx context.Context, dir, path string) (status int, body []byte, err error) {
	base, err := os.ReadFile(filepath.Join(dir, urlFile))
	if err == nil {
		status, body, err = get(ctx, strings.TrimSpace(string(base))+path)
		if err == nil {
			return status, body, nil
		}
	}
	if _, err := os.Stat(filepath.Join(dir, recordFile)); errors.Is(err, fs.ErrNotExist) {
		return 0, nil, fmt.Errorf("search %s: there is no record yet; palabre serve or palabre import makes one", dir)
	}
	return askFiles(ctx, dir, path)
}

const askTime = 30 * time.Second

func get(ctx context.Context, address string) (int, []byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, nil, err
	}
	body, err := io.ReadAll(res.Body)
	return res.StatusCode, body, errors.Join(err, res.Body.Close())
}

// askFiles answers with the API's own handler over the files, read only.
func askFiles(ctx context.Context, dir, path string) (_ int, _ []byte, err error) {
	reg, err := seeds.Registry()
	if err != nil {
		return 0, nil, err
	}
	s, err := store.OpenReadOnly(ctx, filepath.Join(dir, recordFile), store.Options{Registry: reg})
	if err != nil {
		return 0, nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	x, err := index.Open(ctx, filepath.Join(dir, indexDir), index.Options{Registry: reg, Saved: s.SavedSearches, ReadOnly: true})
	if err != nil {
		return 0, nil, fmt.Errorf("%w; palabre reindex builds it", err)
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	h, err := api.New(api.Options{Store: s, Index: x, Registry: reg})
	if err != nil {
		return 0, nil, err
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil))
	return rec.Code, rec.Body.Bytes(), nil
}
