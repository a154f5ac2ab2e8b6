package api

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"palabre/statement"
	"palabre/store"
)

const (
	wholeText  = 6000 // bytes of a text that are shown whole
	longPart   = 900  // bytes of a part of a longer one
	storyTold  = 6    // earlier signals of the same line
	mostAsked  = 5    // demands
	mostTellOf = 6    // reports
)

// opened is a signal with everything that is needed to judge it.
type opened struct {
	signalCard
	Title      string
	Paragraphs []paragraph
	Cut        bool // the text is longer
	Positions  []FoundPosition
	Now        *spoken
	Before     *before
	Story      []storyLine // earlier news of the same actor on the same question, newest first
	AnsweredBy []Response
	Demands    []Demand
	Reports    []Report // the first of them
}

// before is the line that was left, or repeated.
type before struct {
	Quoted
	*spoken
	Stance statement.Stance
}

// spoken is where words come from: all for which one would open their statement.
type spoken struct {
	ID      string // of the statement
	Actor   string // whose position it is
	Voice   *voice // nil if nobody is named
	Issuer  string // actor in whose name they are written
	Source  string
	Grade   statement.Grade
	Channel string
	Lang    string
	Note    string     // such as the footnote that tells of them
	Rebuilt bool       // written after the fact
	Answers []Response // what they answer
	event   string
}

// spokenIn reads where the words of a statement come from. person is whom the
// position names.
func spokenIn(f *frame, view *store.View, person string) *spoken {
	st, t := &view.Statement, f.tongue
	out := &spoken{
		ID: st.Of, Voice: t.voice(cmp.Or(person, st.Speaker), st.When()), Issuer: st.Issuer, Source: f.SourceName(cmp.Or(st.Outlet, st.Source)),
		Grade: st.Grade, Channel: t.channel(st.Kind, st.Medium), Lang: mainLang(st, view.Reading.Langs), Rebuilt: st.Reconstructed,
	}
	if st.Reconstructed { // what people filed with other texts may be long
		out.Note = t.note(st.Note)
	}
	return out
}

// storyLine is an earlier signal of a line.
type storyLine struct {
	Signal Signal
	Link   string
}

// opened reads what there is to know of a signal.
func (s *server) opened(ctx context.Context, p *boardPage, id string) (*opened, error) {
	news, err := s.signalNamed(ctx, id)
	if err != nil {
		return nil, err
	}
	sig := news.Signal
	cards, err := s.cards(ctx, &p.frame, []statement.Signal{sig})
	if err != nil {
		return nil, err
	}
	out := &opened{signalCard: cards[0]}
	out.Keys = true
	if p.Desk != nil {
		p.Desk.told = out.Just() != nil
	}
	if err := s.openText(ctx, p, out); err != nil {
		return nil, err
	}
	if err := s.openBefore(ctx, p, out); err != nil {
		return nil, err
	}
	if err := s.openStory(ctx, p, out, &sig); err != nil {
		return nil, err
	}
	if err := s.openAnswers(ctx, out); err != nil {
		return nil, err
	}
	demands, err := s.demands(ctx, p.tongue, store.DemandQuery{Actor: sig.Actor, Topic: sig.Topic})
	if err != nil {
		return nil, err
	}
	out.Demands = demands[:min(len(demands), mostAsked)]
	quoted := quotedIn(out.Now.Answers, out.AnsweredBy)
	for i := range out.Demands {
		quoted = append(quoted, out.Demands[i].Last.Statement)
	}
	return out, s.learn(ctx, &p.frame, quoted)
}

// openText adds the text with the evidence marked in it, and who tells of the
// same.
func (s *server) openText(ctx context.Context, p *boardPage, o *opened) error {
	view, err := s.store.Statement(ctx, o.Signal.Statement)
	if err != nil {
		return err
	}
	st := &view.Statement
	o.Title, o.Now = st.Title, spokenIn(&p.frame, view, o.Signal.Speaker)
	o.Now.Actor = o.Signal.Actor
	whole := statementOf(view, nil)
	o.Positions = whole.Positions
	all := paragraphs(st, view.Reading.Langs, spansOf(st, statement.Text, o.Positions))
	o.Paragraphs, o.Cut = excerpt(all)
	for i := range whole.Events {
		if whole.Events[i].ID == o.Signal.Event {
			o.Reports = whole.Events[i].Reports[:min(len(whole.Events[i].Reports), mostTellOf)]
		}
	}
	return nil
}

// openBefore adds the words that stood before.
func (s *server) openBefore(ctx context.Context, p *boardPage, o *opened) error {
	sig := &o.Signal
	if sig.Previous == "" {
		return nil
	}
	view, err := s.store.Statement(ctx, sig.Previous)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	actor, person, event, stance := sig.Actor, "", "", sig.From
	for i := range view.Positions {
		if pos := &view.Positions[i]; pos.Topic == sig.Topic && pos.Evidence.Quote == sig.Before {
			actor, person, event, stance = pos.Actor, pos.Speaker, pos.Event, cmp.Or(stance, pos.Stance)
			break
		}
	}
	o.Before = &before{Quoted{sig.Previous, sig.Before, sig.SaidPrev}, spokenIn(&p.frame, view, person), stance}
	o.Before.Actor, o.Before.event = actor, event
	return nil
}

// openAnswers adds what the words of now and before answer, and what answers those
// of now.
func (s *server) openAnswers(ctx context.Context, o *opened) error {
	linked, err := s.store.ResponsesOf(ctx, o.Signal.Event)
	if err != nil {
		return err
	}
	if o.Before != nil && o.Before.event != "" {
		before, err := s.store.ResponsesOf(ctx, o.Before.event)
		if err != nil {
			return err
		}
		linked = append(linked, slices.DeleteFunc(before, func(r statement.Response) bool {
			return r.Event != o.Before.event || slices.Contains(linked, r)
		})...)
	}
	responses, err := s.responses(ctx, linked)
	for _, r := range responses {
		if r.Event.ID == o.Signal.Event {
			o.Now.Answers = append(o.Now.Answers, r)
		}
		if r.Answers.ID == o.Signal.Event {
			o.AnsweredBy = append(o.AnsweredBy, r)
		}
		if o.Before != nil && r.Event.ID == o.Before.event {
			o.Before.spoken.Answers = append(o.Before.spoken.Answers, r)
		}
	}
	return err
}

// openStory adds what was news of the same line before.
func (s *server) openStory(ctx context.Context, p *boardPage, o *opened, sig *statement.Signal) error {
	earlier, err := s.store.Signals(ctx, store.SignalQuery{Actor: sig.Actor, Topic: sig.Topic, Until: sig.Now.Said.Time, Limit: storyTold + 1})
	if err != nil {
		return err
	}
	signals, err := s.signals(ctx, earlier.Signals)
	if err != nil {
		return err
	}
	for i := range signals {
		if signals[i].ID != o.Signal.ID && len(o.Story) < storyTold {
			view := p.View
			view.Signal = signals[i].ID
			o.Story = append(o.Story, storyLine{signals[i], view.Link() + "#opened"})
		}
	}
	return nil
}

// excerpt shortens a long text to the parts that prove something and those
// beside them.
func excerpt(all []paragraph) ([]paragraph, bool) {
	if bytesOf(all) <= wholeText {
		return all, false
	}
	var out []paragraph
	for i := range all {
		if !near(all, i) || bytesOf(out) > wholeText {
			continue
		}
		p := all[i]
		p.Stretches = append([]stretch(nil), p.Stretches...)
		for j := range p.Stretches {
			p.Stretches[j].Text = shortened(p.Stretches[j].Text)
		}
		out = append(out, p)
	}
	return out, true
}

// near reports whether a paragraph proves something or stands beside one that
// does.
func near(all []paragraph, i int) bool {
	for _, n := range []int{i - 1, i, i + 1} {
		if n < 0 || n >= len(all) {
			continue
		}
		for j := range all[n].Stretches {
			if len(all[n].Stretches[j].Marks) > 0 {
				return true
			}
		}
	}
	return false
}

func bytesOf(list []paragraph) int {
	n := 0
	for i := range list {
		for j := range list[i].Stretches {
			n += len(list[i].Stretches[j].Text)
		}
	}
	return n
}

// shortened keeps the beginning and the end of a long stretch of text.
func shortened(text string) string {
	if len(text) <= longPart {
		return text
	}
	head, tail := longPart/2, len(text)-longPart/2
	for head > 0 && !utf8.RuneStart(text[head]) {
		head--
	}
	for tail < len(text) && !utf8.RuneStart(text[tail]) {
		tail++
	}
	return strings.TrimSpace(text[:head]) + " … " + strings.TrimSpace(text[tail:])
}
