package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"palabre/statement"
	"palabre/store"
)

// strip is the line above the desk that tells how the watch itself is doing.
type strip struct {
	store.Pulse
	Now     time.Time
	Watch   string // who is on watch; empty if nobody is
	Since   time.Time
	Faulty  int // sources that fail or are silent
	Waiting int // statements that are not in the stream, not read, or not in the index
	Lag     []phrase
}

// ago is how long something is past; empty for what never was.
func (s *strip) ago(at time.Time) phrase {
	if at.IsZero() {
		return phrase{}
	}
	return ago(s.Now.Sub(at))
}

// ArrivedAgo is how long ago the last statement came.
func (s *strip) ArrivedAgo() phrase { return s.ago(s.Arrived) }

// SentAgo is how long ago somebody was told something.
func (s *strip) SentAgo() phrase { return s.ago(s.Sent) }

// strip looks at the watch itself.
func (s *server) strip(ctx context.Context, p *boardPage) (*strip, error) {
	out := &strip{Now: time.Now().UTC()}
	var err error
	if out.Pulse, err = s.store.Pulse(ctx); err != nil {
		return nil, err
	}
	if out.Watch, out.Since, err = s.store.OnWatch(ctx); err != nil {
		return nil, err
	}
	troubles, err := s.troublesNow(ctx, p.tongue)
	if err != nil {
		return nil, err
	}
	for i := range troubles {
		if strings.HasPrefix(troubles[i].Subject, "source ") {
			out.Faulty++
		}
	}
	unread, behind := p.Gist.Unsettled-p.Gist.Unpublished, max(0, p.Gist.Head-s.index.Applied())
	out.Waiting = p.Gist.Unsettled + int(behind)
	for _, part := range []struct {
		n    int
		text phrase
	}{
		{p.Gist.Unpublished, say("%d to publish", p.Gist.Unpublished)},
		{unread, say("%d to read", unread)},
		{int(behind), say("%d to index", int(behind))},
	} {
		if part.n > 0 {
			out.Lag = append(out.Lag, part.text)
		}
	}
	return out, nil
}

// boardSide is what stands beside the queue: what it can be narrowed down to.
type boardSide struct {
	Searches  []unreadLink
	Topics    []boardLink
	Reasons   []boardLink
	Languages []heardLink
	Of        int // statements whose languages were counted
}

// heardLink is a language in which statements came.
type heardLink struct {
	link
	N    int
	Lang string
	Read bool // there are rules for it
}

func (s *server) boardSide(r *http.Request, p *boardPage) (*boardSide, error) {
	ctx, t, v, side := r.Context(), p.tongue, p.View, &boardSide{}
	sizes := make(map[store.QueueState]store.QueueSize)
	for _, st := range []struct {
		state store.QueueState
		text  phrase
		shown bool
	}{{store.QueueOpen, say("Open"), true}, {store.QueueOwned, say("Mine"), p.Me() != ""}, {store.QueueDoubtful, say("Candidates"), true}, {store.QueueAll, say("All"), true}} {
		if !st.shown && v.State != st.state {
			continue
		}
		size, err := s.store.QueueSize(ctx, store.QueueQuery{State: st.state, Owner: p.Me()})
		if err != nil {
			return nil, err
		}
		sizes[st.state] = size
		to := v.with(func(v *boardView) { v.State = st.state })
		p.States = append(p.States, boardLink{link{Text: t.in(st.text), Link: to, On: v.State == st.state}, size.Events, size.More})
	}
	size := sizes[v.State]
	side.Topics = []boardLink{{link{t.say("All topics"), v.with(func(v *boardView) { v.Topic = "" }), v.Topic == ""}, size.Events, size.More}}
	for _, topic := range statement.Topics {
		to := v.with(func(v *boardView) { v.Topic = topic })
		side.Topics = append(side.Topics, boardLink{link{t.topic(topic), to, v.Topic == topic}, size.Topics[topic], size.More})
	}
	side.Reasons = []boardLink{{link{t.say("All reasons"), v.with(func(v *boardView) { v.Reason = "" }), v.Reason == ""}, size.Events, size.More}}
	for _, reason := range statement.Reasons {
		if size.Reasons[reason] == 0 && v.Reason != reason {
			continue
		}
		to := v.with(func(v *boardView) { v.Reason = reason })
		side.Reasons = append(side.Reasons, boardLink{link{t.reason(reason), to, v.Reason == reason}, size.Reasons[reason], size.More})
	}
	heard, of, err := s.store.LastHeard(ctx, heardOnPage)
	if err != nil {
		return nil, err
	}
	side.Of = of
	if side.Searches, err = s.unread(r); err != nil {
		return nil, err
	}
	for _, h := range heard {
		side.Languages = append(side.Languages, heardLink{link{Text: t.language(h.Lang), Link: (&Criteria{Lang: h.Lang}).link()}, h.N, h.Lang, h.Read})
	}
	return side, nil
}
