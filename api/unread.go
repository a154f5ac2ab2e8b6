package api

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"palabre/index"
	"palabre/statement"
)

const (
	lookedCookie = "palabre_looked"
	searchesKept = 12 // saved searches on the desk; the others stand on their own page
	unreadMost   = 50 // of a search, counted among its newest statements
)

// unreadLink is a saved search with what it found since somebody looked.
type unreadLink struct {
	link
	N    int
	More bool // there may be more than N
}

// newestFound remembers when the newest statements of each saved search were
// first seen, so that the desk does not ask the index for them again on every
// page.
type newestFound struct {
	mu   sync.Mutex
	held map[string]foundLately // by ID of the search
}

type foundLately struct {
	query   string
	applied int64       // last change that the index had
	seen    []time.Time // when each of the newest statements was first seen
}

// unread lists saved searches with what is unread in each.
func (s *server) unread(r *http.Request) ([]unreadLink, error) {
	list, err := s.store.SavedSearches(r.Context())
	if err != nil {
		return nil, err
	}
	looked := lookedIn(r)
	out := make([]unreadLink, 0, min(len(list), searchesKept))
	for i := range list[:min(len(list), searchesKept)] {
		seen, err := s.foundLately(r.Context(), &list[i])
		if err != nil {
			return nil, err
		}
		l := unreadLink{link: link{Text: plain(list[i].Name), Link: "/desk/searches/" + url.PathEscape(list[i].ID)}}
		for _, at := range seen {
			if at.After(looked[list[i].ID]) {
				l.N++
			}
		}
		l.More = l.N == unreadMost
		out = append(out, l)
	}
	return out, nil
}

// foundLately returns when the newest statements that a search finds were first
// seen. One that cannot be read any more finds nothing.
func (s *server) foundLately(ctx context.Context, v *statement.SavedSearch) ([]time.Time, error) {
	s.newest.mu.Lock()
	defer s.newest.mu.Unlock()
	applied := s.index.Applied()
	held, ok := s.newest.held[v.ID]
	if ok && held.query == v.Query && held.applied == applied {
		return held.seen, nil
	}
	held = foundLately{query: v.Query, applied: applied}
	query, err := s.index.Reader().Parse(ctx, v.Query)
	if err == nil {
		var found *index.Result
		if found, err = s.index.Search(ctx, index.Request{Query: query, Limit: unreadMost, Sort: index.Newest}); err != nil {
			return nil, err
		}
		ids := make([]string, len(found.Hits))
		for i, h := range found.Hits {
			ids[i] = h.ID
		}
		if held.seen, err = s.store.FirstSeen(ctx, ids); err != nil {
			return nil, err
		}
	}
	s.newest.held[v.ID] = held
	return held.seen, nil
}

// lookSearch notes that somebody looks at a saved search, and leads to it.
func (s *server) lookSearch(w http.ResponseWriter, r *http.Request) {
	v, err := s.store.SavedSearch(r.Context(), r.PathValue("id"))
	if err != nil {
		fault := describe(err)
		s.logHidden(r.Context(), fault.Status, err)
		s.refuse(w, r, fault)
		return
	}
	looked := lookedIn(r)
	looked[v.ID] = time.Now()
	http.SetCookie(w, &http.Cookie{
		Name: lookedCookie, Value: writeLooked(looked), Path: "/", MaxAge: int(365 * 24 * time.Hour / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.TLS != nil,
	})
	http.Redirect(w, r, (&Criteria{Q: v.Query, Sort: string(index.Newest)}).link(), http.StatusSeeOther)
}

// lookedIn is when whoever sits at the browser looked at each search. It stands
// in a cookie as "ID.milliseconds" with tildes between.
func lookedIn(r *http.Request) map[string]time.Time {
	out := make(map[string]time.Time)
	c, err := r.Cookie(lookedCookie)
	if err != nil {
		return out
	}
	for part := range strings.SplitSeq(c.Value, "~") {
		id, when, _ := strings.Cut(part, ".")
		if at, err := strconv.ParseInt(when, 10, 64); err == nil && len(out) < 2*searchesKept {
			out[id] = time.UnixMilli(at)
		}
	}
	return out
}

// writeLooked keeps the latest.
func writeLooked(looked map[string]time.Time) string {
	var parts []string
	for id, at := range looked {
		if time.Since(at) < 365*24*time.Hour {
			parts = append(parts, id+"."+strconv.FormatInt(at.UnixMilli(), 10))
		}
	}
	return strings.Join(parts, "~")
}
