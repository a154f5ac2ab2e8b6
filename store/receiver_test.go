package store

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// wanted lists the receivers that are sent something.
func (p *post) wanted() string {
	p.t.Helper()
	rs, err := p.Receivers(p.t.Context())
	p.must(err)
	var out []string
	for _, r := range rs {
		out = append(out, r.ID+"="+r.Name)
	}
	return strings.Join(out, " ")
}

func named(name string) func(*statement.Receiver) {
	return func(r *statement.Receiver) { r.Name = name }
}

func TestPutReceivers(t *testing.T) {
	paused := receiver("paused", func(r *statement.Receiver) { r.Paused = true })
	p := newPost(t, receiver("a"), paused)
	p.act("ana", statement.PutReceiver, "desk", "", receiver("desk"))
	p.talk("2021-12-09", refusal)
	p.compose("a")
	p.talk("2021-12-09", refusal.towards("isgs"))
	p.must(p.PutReceivers(t.Context(), []statement.Receiver{receiver("b")}))
	if got := p.wanted(); got != "b=B desk=DESK" {
		t.Errorf("receivers %s", got)
	}
	waiting := []string{"a new composed", "desk new due", "a new due", "desk new due"}
	p.expect("a is no longer configured", waiting...)
	p.sweep(grace - time.Hour)
	p.expect("nor the next day", waiting...)
	p.must(p.PutReceivers(t.Context(), []statement.Receiver{receiver("a"), receiver("b")}))
	if got := p.wanted(); got != "a=A b=B desk=DESK" {
		t.Errorf("receivers %s", got)
	}
	if len(p.due("a")) != 1 || len(p.lease("a")) != 1 {
		t.Error("what was due is gone when the receiver is back")
	}
	p.must(p.ReleaseLeases(t.Context()))
	p.must(p.PutReceivers(t.Context(), []statement.Receiver{receiver("b")}))
	p.sweep(2 * time.Hour)
	p.expect("gone for longer", "a new dead", "desk new due", "a new void", "desk new due")
	for _, bad := range [][]statement.Receiver{{receiver("a"), receiver("a")}, {{Name: "no ID"}}} {
		if err := p.PutReceivers(t.Context(), bad); err == nil {
			t.Errorf("%+v were put", bad)
		}
	}
}

func TestAChangedReceiverIsTriedAgain(t *testing.T) {
	p := newPost(t, receiver("a"), receiver("b"))
	p.act("ana", statement.PutReceiver, "desk", "", receiver("desk"))
	p.must(p.write(t.Context(), func(t *tx) error { return t.exec(`UPDATE receivers SET disabled = '410 Gone', failures = 7`) }))
	if got := p.wanted(); got != "" {
		t.Errorf("receivers %s", got)
	}
	p.must(p.PutReceivers(t.Context(), []statement.Receiver{receiver("a"), receiver("b", named("New"))}))
	if got := p.wanted(); got != "b=New" {
		t.Errorf("receivers %s, want the one that was changed", got)
	}
	p.act("ana", statement.PutReceiver, "desk", "", receiver("desk"))
	if got := p.wanted(); got != "b=New desk=DESK" {
		t.Errorf("receivers %s, want the one that was put again", got)
	}
	states, err := p.ReceiverStates(t.Context())
	if err != nil || len(states) != 3 || states[0].Disabled != "410 Gone" || states[0].Failures != 7 || states[1].Failures != 0 {
		t.Errorf("states %+v, %v", states, err)
	}
}

func TestReceiversOfTheDeskAndTheirUndo(t *testing.T) {
	p := newPost(t, receiver("file"))
	one := p.act("ana", statement.PutReceiver, "d", "", receiver("d", named("One")))
	var two, dropped string
	for _, step := range []struct {
		what string
		do   func()
		want string
	}{
		{"put", func() {}, "d=One file=FILE"},
		{"edited", func() { two = p.act("ana", statement.PutReceiver, "d", "", receiver("d", named("Two"))) }, "d=Two file=FILE"},
		{"the edit undone", func() { two = p.undo(two) }, "d=One file=FILE"},
		{"and not", func() { p.undo(two) }, "d=Two file=FILE"},
		{"dropped", func() { dropped = p.act("ana", statement.DropReceiver, "d", "", nil) }, "file=FILE"},
		{"dropping undone", func() { p.undo(dropped) }, "d=Two file=FILE"},
		{"the first undone", func() { p.undo(one) }, "d=Two file=FILE"},
		{"against the file", func() { two = p.act("ana", statement.PutReceiver, "file", "", receiver("file", named("Mine"))) }, "d=Two file=FILE"},
		{"dropped against the file", func() { dropped = p.act("ana", statement.DropReceiver, "file", "", nil) }, "d=Two file=FILE"},
		{"that undone", func() { p.undo(dropped) }, "d=Two file=FILE"},
		{"the file is empty", func() { p.must(p.PutReceivers(t.Context(), nil)) }, "d=Two file=Mine"},
		{"dropping one that never was", func() { p.act("ana", statement.DropReceiver, "none", "", nil) }, "d=Two file=Mine"},
	} {
		step.do()
		if got := p.wanted(); got != step.want {
			t.Errorf("%s: receivers %s, want %s", step.what, got, step.want)
		}
	}
	mustVerify(t, p.Store)
}

func TestKeysStayOutOfTheLog(t *testing.T) {
	const key = "whsec_c2VjcmV0"
	hook := receiver("hook", func(r *statement.Receiver) { r.Way.Secret = key })
	chat := receiver("chat", func(r *statement.Receiver) {
		r.Way = statement.Way{Kind: statement.Chat, URL: "discord://token@channel"}
	})
	odd := receiver("odd", func(r *statement.Receiver) { r.Way = statement.Way{Kind: statement.Chat, URL: "discord://to ken%"} })
	p := newPost(t)
	for _, r := range []statement.Receiver{hook, chat, odd} {
		p.act("ana", statement.PutReceiver, r.ID, "", r)
	}
	log, err := p.DeskLog(t.Context(), 10)
	p.must(err)
	var shown []string
	for _, l := range log {
		shown = append(shown, string(l.Details))
	}
	states, err := p.ReceiverStates(t.Context())
	p.must(err)
	for _, s := range states {
		shown = append(shown, s.Way.URL, s.Way.Secret)
	}
	for _, secret := range []string{key, "key=1", "token", "ken%"} {
		if strings.Contains(strings.Join(shown, " "), secret) {
			t.Errorf("%q is shown: %s", secret, shown)
		}
	}
	if !strings.Contains(shown[2], "https://hook.example.org/…") || !strings.Contains(shown[1], "discord://…") {
		t.Errorf("the host is not shown: %s", shown)
	}
	// Edited as it is shown, a receiver keeps its keys; given others, it takes them.
	edited := states[1].Receiver
	edited.Name = "Renamed"
	p.act("ben", statement.PutReceiver, "hook", "", edited)
	rs, err := p.Receivers(t.Context())
	p.must(err)
	hook.Name = "Renamed"
	if diff := cmp.Diff([]statement.Receiver{chat, hook, odd}, rs); diff != "" {
		t.Errorf("receivers (-want +got):\n%s", diff)
	}
	edited.Way.URL, edited.Way.Secret = "https://elsewhere.example.org/x", "whsec_b3RoZXI="
	p.act("ben", statement.PutReceiver, "hook", "", edited)
	edited.Way.Kind, edited.Way.Secret = statement.Email, ""
	last := p.act("ben", statement.PutReceiver, "hook", "", edited)
	if rs, err = p.Receivers(t.Context()); err != nil || !cmp.Equal(rs[1].Way, edited.Way) {
		t.Errorf("way %+v, %v, want another kind without the key", rs[1].Way, err)
	}
	p.undo(last)
	if rs, err = p.Receivers(t.Context()); err != nil || rs[1].Way.Secret != "whsec_b3RoZXI=" {
		t.Errorf("way %+v, %v, want the one before", rs[1].Way, err)
	}
}

func TestStandIn(t *testing.T) {
	gone := "gone"
	r := roster{
		{receiver("a", second("b")), gone},
		{receiver("b", second("c")), gone},
		{receiver("c"), ""},
		{receiver("d", func(r *statement.Receiver) { r.Paused, r.Second = true, "c" }), gone},
		{receiver("e", second("f")), gone},
		{receiver("f", second("e")), gone},
		{receiver("g", second("nobody")), gone},
		{receiver("h"), gone},
	}
	for id, want := range map[string]string{"a": "c", "b": "c", "c": "c", "d": "", "e": "", "g": "", "h": "", "nobody": "", "": ""} {
		if got := r.standIn(id); got != want {
			t.Errorf("for %s stands in %q, want %q", id, got, want)
		}
	}
}
