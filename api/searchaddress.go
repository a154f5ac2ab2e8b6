package api

import (
	"net/http"
	"net/url"
	"strings"
)

// searchPath is where people search.
const searchPath = "/search"

// criteriaOf reads the criteria of a page's address.
func criteriaOf(q url.Values) Criteria {
	return Criteria{
		Q: q.Get("q"), Topic: q.Get("topic"), Stance: q.Get("stance"), Actor: q.Get("actor"), Speaker: q.Get("speaker"), Source: q.Get("source"),
		Lang: q.Get("lang"), Kind: q.Get("kind"), Place: q.Get("place"), Reason: q.Get("reason"), From: q.Get("from"), To: q.Get("to"),
		Sort: q.Get("sort"), Limit: hitsOnPage, Cursor: q.Get("cursor"),
	}
}

// link is the address of the page with these criteria.
func (c *Criteria) link() string { return addressOf(searchPath, c.values()) }

// with is the address of the page with one criterion changed.
func (c *Criteria) with(name, value string) string {
	v := c.values()
	if v.Set(name, value); value == "" {
		v.Del(name)
	}
	return addressOf(searchPath, v)
}

// withQuery is the address of the page with another query.
func (c *Criteria) withQuery(q string) string { return c.with("q", q) }

// during is the address of the page for a span of time.
func (c *Criteria) during(from, to string) string {
	of := *c
	of.From, of.To = from, to
	return of.link()
}

// addressOf joins a path and what stands behind its question mark, if anything.
func addressOf(path string, v url.Values) string {
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// InWords is the query with all filters beside it, in the query language.
func (c *Criteria) InWords() string {
	parts := c.wordsAndTags("")
	if c.From != "" || c.To != "" {
		parts = append(parts, "date:"+c.From+"/"+c.To)
	}
	if len(parts) > 1 && parts[0] == c.Q {
		parts[0] = "(" + c.Q + ")"
	}
	return strings.Join(parts, " ")
}

// wordsAndTags are the query and the filters that have fields, but for the one
// that is left out.
func (c *Criteria) wordsAndTags(without string) []string {
	var parts []string
	if strings.TrimSpace(c.Q) != "" {
		parts = append(parts, c.Q)
	}
	for _, f := range c.tags() {
		if f.Value != "" && f.Name != without {
			parts = append(parts, f.Name+`:"`+strings.ReplaceAll(f.Value, `"`, "")+`"`)
		}
	}
	return parts
}

// AlertLink is the address at which somebody can be told of what a search will
// find. Its days are left out: alerts are of what comes.
func (c *Criteria) AlertLink() string {
	parts := c.wordsAndTags("reason")
	v := make(url.Values)
	if c.Reason != "" {
		v.Set("reasons", c.Reason)
	}
	if c.Q != "" && len(parts) > 1 {
		parts[0] = "(" + c.Q + ")"
	}
	if len(parts) > 0 {
		v.Set("query", strings.Join(parts, " "))
	}
	if len(v) == 0 {
		return ""
	}
	return "/alerts?" + v.Encode() + "#enter"
}

// soughtHere sends on what is searched for at the first page, where searches
// stood once.
func (s *server) soughtHere(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		c := criteriaOf(r.URL.Query())
		if len(c.values()) == 0 {
			next(w, r)
			return
		}
		v := c.values()
		if c.Cursor != "" {
			v.Set("cursor", c.Cursor)
		}
		http.Redirect(w, r, addressOf(searchPath, v), http.StatusFound)
	}
}
