package api

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"palabre/index"
	"palabre/statement"
	"palabre/store"
)

const (
	signalsOnPage = 12
	latestOnPage  = 8
)

// homePage is the first page, the desk.
type homePage struct {
	frame
	Reason    statement.Reason   // of the signals that are shown
	Reasons   []statement.Reason // that signals are given here
	Signals   []signalCard
	Live      string // mark behind which live events tell what is new
	Latest    []Hit
	LastCheck *time.Time
}

func (s *server) home(r *http.Request) (string, any, error) {
	ctx, q := r.Context(), r.URL.Query()
	f, err := s.frame(r, "", phrase{})
	if err != nil {
		return "", nil, err
	}
	page := &homePage{frame: f}
	page.Reason = statement.Reason(q.Get("signal"))
	if page.Desk, err = s.bar(r); err != nil {
		return "", nil, err
	}
	return "home", page, s.fillDesk(ctx, page, q.Get("after"))
}

// TaggedLink is the address of all statements with a position.
func (p *homePage) TaggedLink() string { return tagged().link() }

// tagged are the criteria for statements in which a position was found.
func tagged() *Criteria {
	return &Criteria{Q: "stance:pro OR stance:anti OR stance:conditional OR stance:mixed", Sort: string(index.Newest), Limit: latestOnPage}
}

func (s *server) fillDesk(ctx context.Context, p *homePage, cursor string) error {
	mark, err := s.store.Latest(ctx)
	if err != nil {
		return err
	}
	p.Live = mark.String()
	p.Reasons = statement.Reasons
	query := store.SignalQuery{Limit: signalsOnPage, Cursor: cursor}
	if p.Reason != "" {
		query.Reasons = []statement.Reason{p.Reason}
	}
	signals, err := s.store.Signals(ctx, query)
	if err != nil {
		return err
	}
	if p.Signals, err = s.cards(ctx, &p.frame, signals.Signals); err != nil {
		return err
	}
	first := make(url.Values)
	if p.Reason != "" {
		first.Set("signal", string(p.Reason))
	}
	if cursor != "" {
		p.Later = "/?" + first.Encode()
	}
	if signals.Next != "" {
		first.Set("after", signals.Next)
		p.Earlier = "/?" + first.Encode()
	}
	latest, err := Search(ctx, s.store, s.index, tagged())
	if err != nil {
		return err
	}
	p.Latest = latest.Hits
	return s.fillLastCheck(ctx, p)
}

func (s *server) fillLastCheck(ctx context.Context, p *homePage) error {
	if len(p.Signals) > 0 {
		return nil
	}
	health, err := s.store.SourceHealth(ctx)
	if err != nil {
		return err
	}
	for i := range health {
		if t := health[i].Checked; !t.IsZero() && (p.LastCheck == nil || t.After(*p.LastCheck)) {
			p.LastCheck = &t
		}
	}
	return nil
}
