package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"palabre/statement"
	"palabre/store"
)

const (
	eventsOnPage = 20
	heardOnPage  = 500 // latest statements whose languages are counted
	lastOnPage   = 5   // latest lines of the log
)

// boardPage is the watch desk: what is news, by event, and the one of it that is
// open.
type boardPage struct {
	frame
	View   boardView
	Strip  *strip
	Side   *boardSide
	States []boardLink
	Rows   []queueRow
	Opened *opened
	Gone   bool   // there is no such signal as was asked for
	Live   string // mark behind which live events tell what is new
	Texts  []countText
	Log    []logLine // the last things done at the desk, newest first
	Quiet  *quiet    // set where the queue is empty
}

// boardView is what of the queue is shown, as it stands in the address.
type boardView struct {
	State  store.QueueState
	Topic  statement.Topic
	Reason statement.Reason
	Signal string // that somebody opened
	After  string
}

// boardLink is a link with how many events it leads to.
type boardLink struct {
	link
	N    int
	More bool // there are more than N
}

// quiet says of an empty queue that it is not for want of looking.
type quiet struct {
	Raised  time.Time // when the last signal was raised; zero if there was none
	Checked time.Time // when the last source was checked
	Events  int       // that the record knows
}

// queueRow is an event in the queue.
type queueRow struct {
	signalCard                    // the latest signal of the event
	Reasons    []statement.Reason // of the others
	Open       string             // address at which it is open
	On         bool
}

// viewOf reads what is to be shown. What is not known chooses nothing.
func viewOf(q url.Values) boardView {
	v := boardView{
		State: store.QueueState(q.Get("state")), Topic: statement.Topic(q.Get("about")), Reason: statement.Reason(q.Get("news")),
		Signal: q.Get("signal"), After: q.Get("after"),
	}
	switch v.State {
	case store.QueueOwned, store.QueueDoubtful, store.QueueAll:
	default:
		v.State = store.QueueOpen
	}
	if !slices.Contains(statement.Topics, v.Topic) {
		v.Topic = ""
	}
	if !slices.Contains(statement.Reasons, v.Reason) {
		v.Reason = ""
	}
	return v
}

// Query is what stands in the address of the view.
func (v boardView) Query() string {
	q := make(url.Values)
	for name, value := range map[string]string{"about": string(v.Topic), "news": string(v.Reason), "signal": v.Signal, "after": v.After} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if v.State != store.QueueOpen {
		q.Set("state", string(v.State))
	}
	return q.Encode()
}

// Link is the address of the view.
func (v boardView) Link() string {
	if q := v.Query(); q != "" {
		return "/?" + q
	}
	return "/"
}

// Closed is the view with nothing opened.
func (v boardView) Closed() boardView { v.Signal = ""; return v }

// First is the view from its beginning.
func (v boardView) First() boardView { v.Signal, v.After = "", ""; return v }

// with is the view of another choice, from its beginning.
func (v boardView) with(change func(*boardView)) string {
	v = v.First()
	change(&v)
	return v.Link()
}

// query is what the record is asked.
func (v boardView) query(me string) store.QueueQuery {
	return store.QueueQuery{State: v.State, Owner: me, Topic: v.Topic, Reason: v.Reason, Limit: eventsOnPage, Cursor: v.After}
}

// front is the first page. Searches that were kept as addresses of it still
// find.
func (s *server) front(r *http.Request) (string, any, error) {
	page, err := s.board(r)
	return "board", page, err
}

func (s *server) board(r *http.Request) (*boardPage, error) {
	ctx := r.Context()
	page, err := s.boardFrame(r)
	if err != nil {
		return nil, err
	}
	if err = s.fillRows(ctx, page); err != nil {
		return nil, err
	}
	open := page.View.Signal
	if open == "" && len(page.Rows) > 0 {
		open = page.Rows[0].Signal.ID
	}
	if open != "" {
		if err = s.open(ctx, page, open); err != nil {
			return nil, err
		}
	}
	if page.Side, err = s.boardSide(r, page); err != nil {
		return nil, err
	}
	page.Log, err = s.lastDone(ctx, page.tongue)
	return page, err
}

// open opens a signal on the page. One that is not there, as an old address may
// have it, is said to be gone.
func (s *server) open(ctx context.Context, p *boardPage, id string) error {
	var err error
	p.Opened, err = s.opened(ctx, p, id)
	if errors.Is(err, store.ErrNotFound) {
		p.Opened, p.Gone = nil, true
		return nil
	}
	if err != nil {
		return err
	}
	for i := range p.Rows {
		p.Rows[i].On = p.Rows[i].Signal.Event == p.Opened.Signal.Event
	}
	if p.Desk != nil { // what is done to it comes back to it
		view := p.View
		view.Signal = id
		p.Desk.Back = view.Link()
	}
	return nil
}

// boardFrame begins a page of the desk or a part of one.
func (s *server) boardFrame(r *http.Request) (*boardPage, error) {
	f, err := s.deskFrame(r, "", phrase{})
	if err != nil {
		return nil, err
	}
	page := &boardPage{frame: f, View: viewOf(r.URL.Query())}
	page.Styles, page.Scripts = []string{"board.css"}, []string{"board.js"}
	page.Here = page.View.Link()
	if page.Desk != nil {
		page.Desk.Back, page.Desk.Own = page.Here, true
		if page.Desk.Done != nil {
			page.Desk.Done.Back = page.Here
		}
	}
	page.Texts = countTexts(page.tongue)
	page.Strip, err = s.strip(r.Context(), page)
	return page, err
}

// Me is who sits at the browser.
func (p *boardPage) Me() string {
	if p.Desk == nil {
		return ""
	}
	return p.Desk.Me
}

// WithoutTopic is the address of the queue on every topic.
func (p *boardPage) WithoutTopic() string {
	return p.View.with(func(v *boardView) { v.Topic = "" })
}

// WithoutReason is the address of the queue for every reason.
func (p *boardPage) WithoutReason() string {
	return p.View.with(func(v *boardView) { v.Reason = "" })
}

// AllLink is the address of the queue with what was seen to.
func (p *boardPage) AllLink() string { return boardView{State: store.QueueAll}.Link() }

// fillRows reads the queue.
func (s *server) fillRows(ctx context.Context, p *boardPage) error {
	mark, err := s.store.Latest(ctx)
	if err != nil {
		return err
	}
	p.Live = mark.String()
	queue, err := s.store.Queue(ctx, p.View.query(p.Me()))
	if err != nil {
		return err
	}
	latest := make([]statement.Signal, len(queue.Events))
	for i := range queue.Events {
		latest[i] = queue.Events[i].Signals[0]
	}
	cards, err := s.cards(ctx, &p.frame, latest)
	if err != nil {
		return err
	}
	for i := range cards {
		row := queueRow{signalCard: cards[i]}
		view := p.View
		view.Signal = row.Signal.ID
		row.Open = view.Link() + "#opened"
		for _, other := range queue.Events[i].Signals[1:] {
			if other.Reason != row.Signal.Reason && !slices.Contains(row.Reasons, other.Reason) {
				row.Reasons = append(row.Reasons, other.Reason)
			}
		}
		p.Rows = append(p.Rows, row)
	}
	if p.View.After != "" {
		p.Later = p.View.First().Link()
	}
	if queue.Next != "" {
		next := p.View.First()
		next.After = queue.Next
		p.Earlier = next.Link()
	}
	if len(p.Rows) == 0 {
		totals, err := s.store.Totals(ctx)
		if err != nil {
			return err
		}
		p.Quiet = &quiet{Raised: p.Strip.Raised, Checked: p.Strip.Checked, Events: totals.Events}
	}
	return nil
}

// lastDone is what was done last at the desk, newest first.
func (s *server) lastDone(ctx context.Context, t *tongue) ([]logLine, error) {
	done, err := s.store.DeskLog(ctx, lastOnPage)
	if err != nil {
		return nil, err
	}
	slices.Reverse(done)
	l := &logger{tongue: t, watched: &watched{HandOver: &store.HandOver{Done: done}, now: time.Now().UTC()}, signals: make(map[string]*statement.News)}
	if err := l.learn(ctx, s.store); err != nil {
		return nil, err
	}
	lines := l.done()
	slices.Reverse(lines)
	return lines, nil
}

// countText is the text for numbers of a plural category of CLDR, said of a
// number of that category. The script of the desk puts its own number there.
type countText struct{ Category, Text string }

// countTexts are the texts for how many signals are new.
func countTexts(t *tongue) []countText {
	var out []countText
	for _, c := range []struct {
		category string
		n        int
	}{{"zero", 0}, {"one", 1}, {"two", 2}, {"few", 3}, {"many", 11}, {"other", 100}} {
		out = append(out, countText{c.category, t.say("%d new signals: show", c.n)})
	}
	return out
}

// routeBoard adds the parts of the desk that its script fetches.
func (s *server) routeBoard() {
	s.mux.HandleFunc("GET /desk/queue", s.part("queue", func(r *http.Request) (*boardPage, error) {
		page, err := s.boardFrame(r)
		if err == nil {
			err = s.fillRows(r.Context(), page)
		}
		return page, err
	}))
	s.mux.HandleFunc("GET /desk/searches/{id}", s.lookSearch)
	s.mux.HandleFunc("GET /desk/strip", s.part("strip", s.boardFrame))
	s.mux.HandleFunc("GET /desk/signals/{id}", s.part("opened", func(r *http.Request) (*boardPage, error) {
		page, err := s.boardFrame(r)
		if err != nil {
			return nil, err
		}
		page.View.Signal = r.PathValue("id")
		page.Here = page.View.Link()
		if page.Desk != nil {
			page.Desk.Back = page.Here
		}
		page.Opened, err = s.opened(r.Context(), page, page.View.Signal)
		return page, err
	}))
}

// part serves a template of the desk without the page around it.
func (s *server) part(name string, fill func(r *http.Request) (*boardPage, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page, err := fill(r)
		if err != nil {
			fault := describe(err)
			s.logHidden(r.Context(), fault.Status, err)
			s.refuse(w, r, fault)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		s.drawPart(w, r, http.StatusOK, "board", name, page)
	}
}
