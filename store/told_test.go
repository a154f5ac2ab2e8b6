package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"palabre/statement"
)

// Two nodes read the same streams; one sends.
func TestTheOtherNodeDoesNotTellAgain(t *testing.T) {
	one, two := newPost(t, receiver("a")), newPost(t, receiver("a"))
	for _, p := range []*post{one, two} {
		p.talk("2021-12-09", refusal)
		p.talk("2021-12-09", refusal.towards("isgs"))
		p.talk("2021-12-09", refusal.towards("cma"))
	}
	due := two.due("a")
	both, waiting := two.message("a", due[0], due[1]), two.message("a", due[2])
	two.must(two.Compose(t.Context(), "a", statement.Plan{Messages: []statement.Message{both}})) // when it took over for a moment
	for _, n := range one.due("a") {
		m := one.message("a", n)
		one.must(one.Compose(t.Context(), "a", statement.Plan{Messages: []statement.Message{m}}))
		one.lease("a")
		one.delivered(&m, nil)
	}
	told, err := one.Unshared(t.Context(), 10)
	one.must(err)
	if len(told) != 3 {
		t.Fatalf("told %+v", told)
	}
	bySignal := make(map[string]statement.Told)
	for _, v := range told {
		bySignal[v.Signal] = v
	}
	learn := func(v statement.Told) { two.must(two.LearnTold(t.Context(), []statement.Told{v})) }
	learn(bySignal[due[0].Signal])
	two.expect("half of a message was told", "a new composed", "a new composed", "a new due")
	learn(bySignal[due[1].Signal])
	two.expect("all of it was", "a new sent", "a new sent", "a new due")
	learn(bySignal[due[2].Signal])
	two.expect("and the rest", "a new sent", "a new sent", "a new sent")
	two.must(two.Compose(t.Context(), "a", statement.Plan{Messages: []statement.Message{waiting}}))
	if out := two.lease("a"); len(out) != 0 {
		t.Errorf("it is sent again: %+v", out)
	}
	one.must(one.LearnTold(t.Context(), told)) // its own words come back to it
	for name, p := range map[string]*post{"one": one, "two": two} {
		if left, err := p.Unshared(t.Context(), 10); err != nil || len(left) != 0 {
			t.Errorf("%s: unshared %+v, %v", name, left, err)
		}
	}
	one.expect("its own words", "a new sent", "a new sent", "a new sent")
}

func TestTellingIsLearntBeforeTheSignalArrives(t *testing.T) {
	one, two := newPost(t, receiver("a"), receiver("b")), newPost(t, receiver("a"))
	sig := one.talk("2021-12-09", refusal)
	one.send("a")
	one.send("b")
	told, err := one.Unshared(t.Context(), 10)
	one.must(err)
	two.must(two.LearnTold(t.Context(), told))
	two.talk("2021-12-09", refusal)
	two.expect("the signal arrives") // b is not a receiver here
	two.act("ana", statement.MarkFalse, sig.ID, "", nil)
	two.expect("marked false", "a withdrawn due")
}

func TestOwnEchoDoesNotStopARepeat(t *testing.T) {
	p := newPost(t, receiver("a", repeats(time.Hour)))
	p.talk("2021-12-09", refusal)
	p.send("a")
	told, err := p.Unshared(t.Context(), 10)
	p.must(err)
	p.sweep(time.Hour)
	p.must(p.LearnTold(t.Context(), told))
	p.expect("the echo comes late", "a new due")
}

// restored is the record as a backup of an earlier moment.
func (p *post) restored(backup string) *post {
	out := &post{t: p.t, path: backup, now: p.now}
	out.Store = openAt(p.t, backup, func() time.Time { return out.now })
	return out
}

func TestRestoreDoesNotTellAgain(t *testing.T) {
	p := newPost(t, receiver("a", repeats(time.Hour)), receiver("b", second("a")))
	first := p.talk("2021-12-09", refusal)
	p.talk("2021-12-09", refusal.towards("isgs"))
	n := p.due("a")
	late := p.message("a", n[0])
	p.must(p.Compose(t.Context(), "a", statement.Plan{Messages: []statement.Message{late}}))
	backup := filepath.Join(t.TempDir(), "backup.db")
	p.must(p.Backup(t.Context(), backup))

	p.lease("a")
	p.delivered(&late, nil)
	p.send("a")
	after := says("2021-12-09", "ortm", "talks with the hunters", open.towards("donso"))
	apply(t, p.Store, after)
	p.send("a")
	p.act("ana", statement.Acknowledge, first.ID, "", nil)
	p.act("ana", statement.PutReceiver, "c", "", receiver("c"))
	m := p.compose("b")
	p.lease("b")
	p.delivered(&m, func(d *statement.Delivery) { d.Failure, d.Disable = "410 Gone", true })

	back := p.restored(backup)
	for range 2 {
		back.must(back.CarryTold(t.Context(), p.path))
		back.must(back.CarryDesk(t.Context(), p.path))
	}
	back.expect("restored", "a new sent", "b new dead", "a new sent", "b new dead")
	if got := back.care(first.ID); got.Acknowledged != "ana" {
		t.Errorf("care %+v", got)
	}
	want, err := p.DeskLog(t.Context(), 10)
	p.must(err)
	if got, err := back.DeskLog(t.Context(), 10); err != nil || cmp.Diff(want, got) != "" {
		t.Errorf("desk log, %v (-want +got):\n%s", err, cmp.Diff(want, got))
	}
	apply(t, back.Store, after) // fetched again
	for _, who := range []string{"a"} {
		if due := back.due(who); len(due) != 0 || len(back.lease(who)) != 0 {
			t.Errorf("%s is told again: %+v", who, due)
		}
	}
	if rs, err := back.Receivers(t.Context()); err != nil || len(rs) != 2 || rs[0].ID != "a" || !cmp.Equal(rs[1].Way, receiver("c").Way) {
		t.Errorf("receivers %+v, %v, want a and c, with its address", rs, err)
	}
	told, err := back.Unshared(t.Context(), 10)
	if err != nil || len(told) != 3 {
		t.Errorf("unshared %+v, %v", told, err)
	}
}

func TestCarryFromWhatCannotBeRead(t *testing.T) {
	p := newPost(t, receiver("a"))
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken.db")
	p.must(os.WriteFile(broken, make([]byte, 8192), 0o600))
	for _, path := range []string{broken, filepath.Join(dir, "none.db")} {
		for _, carry := range []error{p.CarryTold(t.Context(), path), p.CarryDesk(t.Context(), path)} {
			if !errors.Is(carry, ErrUnreadable) {
				t.Errorf("%s: %v", path, carry)
			}
		}
	}
	first := filepath.Join(dir, "first.db") // of the first version, which told nobody
	p.must(p.Backup(t.Context(), first))
	old := p.restored(first)
	old.must(old.write(t.Context(), func(t *tx) error { return t.exec(`DROP TABLE told`) }))
	p.must(p.CarryTold(t.Context(), first))
	p.must(p.CarryDesk(t.Context(), first))
}
