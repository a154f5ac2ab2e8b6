package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"palabre/alert"
	"palabre/api"
	"palabre/index"
	"palabre/ingest/web"
	"palabre/statement"
	"palabre/store"
	"palabre/stream"
)

// alertFlags say how alerts leave the house.
type alertFlags struct {
	PublicURL       string `name:"public-url" placeholder:"URL" help:"Address of the desk, for links in alerts; the address that is listened on by default."`
	PrivateWebhooks bool   `help:"Also send alerts to webhooks at private and loopback addresses, without TLS."`
	smtpFlags
}

// smtpFlags name the mail server.
type smtpFlags struct {
	SMTPHost     string `name:"smtp-host" placeholder:"HOST" help:"Mail server for alerts by e-mail."`
	SMTPPort     int    `name:"smtp-port" placeholder:"PORT" help:"Its port; the usual one for its TLS by default."`
	SMTPUser     string `name:"smtp-user" placeholder:"NAME" help:"User there."`
	SMTPPassword string `name:"smtp-password" placeholder:"WORD" help:"Password there; better given as PALABRE_SMTP_PASSWORD."`
	SMTPFrom     string `name:"smtp-from" placeholder:"ADDR" help:"Sender of the alerts."`
	SMTPTLS      string `name:"smtp-tls" default:"starttls" enum:"starttls,tls,opportunistic,none" help:"Protection of the connection: ${enum}."`
}

func (f *smtpFlags) settings() alert.SMTP {
	return alert.SMTP{Host: f.SMTPHost, Port: f.SMTPPort, User: f.SMTPUser, Password: f.SMTPPassword, From: f.SMTPFrom, TLS: alert.TLS(f.SMTPTLS)}
}

// desk is what a node runs to tell people of signals.
type desk struct {
	*pipeline
	flags   alertFlags
	editor  *alert.Editor
	courier *alert.Courier
	printer *printer
	fault   atomic.Pointer[string] // what is wrong with the list of receivers
	seen    string                 // stamp of that list
	idle    bool                   // no source is fetched here
}

// openDesk puts the parts together. address is the desk's own.
func (p *pipeline) openDesk(flags alertFlags, address string, paper *press) (*desk, error) {
	d := &desk{pipeline: p, flags: flags, seen: unread}
	d.fault.Store(new(string))
	base := cmp.Or(flags.PublicURL, address)
	if u, err := url.Parse(base); err != nil || u.Host == "" {
		return nil, usagef("--public-url %q is no address such as https://palabre.example.org", base)
	}
	var control func(network, address string, c syscall.RawConn) error
	if !flags.PrivateWebhooks {
		control = web.Guard()
	}
	names := p.alertNames()
	var err error
	if d.editor, err = alert.NewEditor(names, base); err != nil {
		return nil, err
	}
	d.courier, err = alert.New(alert.Options{
		Ledger: alert.Ledger{
			Receivers: p.store.Receivers,
			Due:       p.store.Due,
			Mutings:   p.store.Mutings,
			SentSince: p.store.SentSince,
			Compose:   p.store.Compose,
			Lease:     p.store.Lease,
			Delivered: p.store.Delivered,
			NextDue:   p.store.NextDue,
		},
		Names: names, Base: base, SMTP: flags.settings(), DialControl: control, Publish: p.bus.PublishAlert, Attach: paper.attach, Log: p.log,
	})
	return d, err
}

// alertNames tells what signals name by ID. Persons have one label; the names
// that they go by in a language stand in the registry.
func (p *pipeline) alertNames() alert.Names {
	actors, demands := make(map[string]statement.Labels), make(map[string]statement.Labels)
	for i := range p.reg.Actors {
		a := &p.reg.Actors[i]
		actors[a.ID] = statement.Labels{En: a.LabelIn("en"), Fr: a.LabelIn("fr"), Ar: a.LabelIn("ar")}
	}
	for i := range p.reg.Persons {
		v := &p.reg.Persons[i]
		actors[v.ID] = labelsOf(v.Label, v.Names)
	}
	for i := range p.reg.Demands {
		demands[p.reg.Demands[i].ID] = p.reg.Demands[i].Label
	}
	return alert.Names{
		Actor: func(id, lang string) string { return actors[id].In(lang) },
		Outlet: func(id string) string {
			src, _ := p.sources.find(id)
			return src.Name
		},
		Demand: func(id, lang string) string { return demands[id].In(lang) },
	}
}

// labelsOf picks, for each language, the first name that is written in it.
func labelsOf(label string, names []statement.Name) statement.Labels {
	l := statement.Labels{En: label}
	for _, n := range names {
		switch {
		case n.Weak:
		case n.Lang == "fr" && l.Fr == "":
			l.Fr = n.Text
		case l.Ar == "" && (n.Lang == "ar" || n.Lang == "" && arabic(n.Text)):
			l.Ar = n.Text
		}
	}
	return l
}

// arabic reports whether a name is written in Arabic letters.
func arabic(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool { return r >= 0x0600 && r <= 0x06ff })
}

// run tells people of signals until ctx ends. In a cluster one node does, which
// holds the lease; each knows what the others have told.
func (d *desk) run(ctx context.Context) error {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return d.follow(ctx) })
	g.Go(func() error { return d.share(ctx) })
	g.Go(func() error { return d.bus.ConsumeTold(ctx, d.name, d.store.LearnTold, d.bury) })
	g.Go(func() error {
		return d.every(ctx, hushEvery, "silences were not looked for", func(ctx context.Context) error {
			_, err := d.store.Hush(ctx)
			return err
		})
	})
	g.Go(func() error {
		return d.bus.Lead(ctx, "alerts", func(ctx context.Context) error {
			if err := d.caughtUp(ctx); err != nil {
				return ignoreCancel(err)
			}
			if err := d.store.ReleaseLeases(ctx); err != nil {
				return err
			}
			g, work := errgroup.WithContext(ctx)
			g.Go(func() error { return d.carry(work) })
			g.Go(func() error { return d.sweep(work) })
			g.Go(func() error { return d.every(work, watchEvery, "the watch was not looked at", d.lookAfter) })
			if d.printer != nil {
				g.Go(func() error {
					return d.every(work, digestsDue, "digests were not written", func(ctx context.Context) error { return d.printer.round(ctx, time.Now()) })
				})
			}
			err := g.Wait()
			d.lastWord(ctx)
			return err
		})
	})
	return g.Wait()
}

// caughtUp waits until this node knows what has been told: a node that has just
// been built anew would tell it all again.
func (d *desk) caughtUp(ctx context.Context) error {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		lag, err := d.bus.Lag(ctx)
		told, begun := lag[stream.Told+"/"+d.name]
		if err == nil && begun && told == 0 && lag[stream.Records+"/"+d.name] == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// carry runs the courier, which looks for work after every commit.
func (d *desk) carry(ctx context.Context) error {
	wake, cancel := d.store.Watch()
	defer cancel()
	return ignoreCancel(d.courier.Run(ctx, wake))
}

const (
	sweepEvery = 5 * time.Second  // alerts that nobody acknowledged
	watchEvery = time.Minute      // what is wrong with the watch
	hushEvery  = 10 * time.Minute // silences

	lastWordTime = 2 * time.Second // what may be lost is what is told twice
)

// sweep makes due what falls due because time has passed.
func (d *desk) sweep(ctx context.Context) error {
	return d.every(ctx, sweepEvery, "alerts that nobody acknowledged were not looked at", func(ctx context.Context) error {
		return d.store.Sweep(ctx, time.Now())
	})
}

// lastWord tells the other nodes what was told just before another one takes
// over.
func (d *desk) lastWord(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWordTime)
	defer cancel()
	if err := d.shareAll(ctx); err != nil {
		d.log.WarnContext(ctx, "other nodes do not know what was told last", "error", err)
	}
}

// every does something at once and then again and again until ctx ends. A
// failure is logged.
func (d *desk) every(ctx context.Context, pause time.Duration, what string, do func(context.Context) error) error {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			d.log.WarnContext(ctx, what, "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// lookAfter tells the receivers of the watch what is wrong with it.
func (d *desk) lookAfter(ctx context.Context) error {
	troubles, err := d.troubles(ctx, time.Now())
	if err != nil || len(troubles) == 0 {
		return err
	}
	return d.store.PutTroubles(ctx, troubles, time.Now())
}

// troubles finds what is wrong with the watch.
func (d *desk) troubles(ctx context.Context, now time.Time) ([]statement.Trouble, error) {
	known, err := d.store.Vitals(ctx)
	if err != nil {
		return nil, err
	}
	health, err := d.store.SourceHealth(ctx)
	if err != nil {
		return nil, err
	}
	states, err := d.store.ReceiverStates(ctx)
	if err != nil {
		return nil, err
	}
	v := &alert.Vitals{Waiting: known.Waiting, Oldest: known.Oldest, Dead: known.Dead, LastDead: known.LastDead}
	for i := range health {
		h := &health[i]
		src, inUse := d.sources.find(h.Source)
		if !inUse || src.Paused || src.Kind == statement.Hand {
			continue
		}
		v.Sources = append(v.Sources, alert.SourceVitals{ID: h.Source, Name: src.Name, Health: *h, Arrivals: known.Arrivals[h.Source]})
	}
	for i := range states {
		s := &states[i]
		v.Receivers = append(v.Receivers, alert.ReceiverVitals{
			ID: s.ID, Name: s.Name, Disabled: s.Disabled, Failures: s.Failures, Failure: s.Failure, Since: s.Since,
		})
	}
	return alert.Watch(v, now)
}

// share tells the other nodes what this one has told, and keeps at it.
func (d *desk) share(ctx context.Context) error {
	wake, cancel := d.store.Watch()
	defer cancel()
	tick := time.NewTicker(idle)
	defer tick.Stop()
	for {
		if err := d.shareAll(ctx); err != nil && ctx.Err() == nil {
			d.log.WarnContext(ctx, "other nodes do not know yet what was told", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
		case <-tick.C:
		}
	}
}

func (d *desk) shareAll(ctx context.Context) error {
	for {
		told, err := d.store.Unshared(ctx, publishBatch)
		if err != nil || len(told) == 0 {
			return err
		}
		if err := d.bus.PublishTold(ctx, told); err != nil {
			return err
		}
		if err := d.store.MarkShared(ctx, told); err != nil {
			return err
		}
	}
}

// follow takes the operator's list of receivers into use, and again whenever it
// changes. With a bad list, those before stay.
func (d *desk) follow(ctx context.Context) error {
	return d.every(ctx, rulesEvery, "the list of receivers was not looked at", func(ctx context.Context) error {
		stamp := ""
		switch info, err := os.Stat(filepath.Join(d.dir, receiversFile)); {
		case err == nil:
			stamp = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		case !errors.Is(err, os.ErrNotExist):
			return fmt.Errorf("look at the receivers: %w", err)
		}
		if stamp == d.seen {
			return nil
		}
		receivers, problems, err := readReceivers(d.dir, d.reg, func(r *statement.Receiver) error { return d.checkReceiver(ctx, r) })
		if err == nil {
			if err := d.store.PutReceivers(ctx, receivers); err != nil {
				return err // tried again
			}
		}
		d.seen = stamp
		fault := ""
		switch {
		case err != nil:
			fault = firstLine(err)
		case len(problems) > 0:
			fault = fmt.Sprintf("%d left out; %s: %s", len(problems), problems[0].Where, problems[0].What)
		}
		d.fault.Store(&fault)
		for _, p := range problems {
			d.log.WarnContext(ctx, "a receiver is left out", "where", p.Where, "what", p.What)
		}
		return err
	})
}

// checkReceiver reports what is wrong with a receiver, after filling in what it
// leaves open.
func (d *desk) checkReceiver(ctx context.Context, r *statement.Receiver) error {
	*r = alert.Normalise(*r)
	return checkReceiver(ctx, r, d.flags.PrivateWebhooks, d.match.Reader())
}

func checkReceiver(ctx context.Context, r *statement.Receiver, private bool, queries *index.Reader) error {
	if err := alert.Check(r, alert.Terms{Private: private}); err != nil {
		return err
	}
	return queries.Check(ctx, r.Wants.Query)
}

// check tells how receivers are doing, for readiness. A receiver that fails does
// not make the node unready.
func (d *desk) check(ctx context.Context) api.Check {
	c := api.Check{Name: "receivers", OK: true}
	states, err := d.store.ReceiverStates(ctx)
	if err != nil {
		c.OK, c.Detail = false, err.Error()
		return c
	}
	failing := 0
	for i := range states {
		if states[i].Disabled != "" || states[i].Failures > 0 {
			failing++
		}
	}
	c.Detail = fmt.Sprintf("%d, %d failing", len(states), failing)
	if why := *d.fault.Load(); why != "" {
		c.OK, c.Detail = false, c.Detail+"; "+why
	}
	return c
}

// act puts what a person did on the stream of such things. A receiver that is
// entered at the desk is checked as those of the file are.
func (d *desk) act(ctx context.Context, e statement.DeskEvent) error {
	if e.Action == statement.PutReceiver {
		var r statement.Receiver
		if err := json.Unmarshal(e.Details, &r); err != nil {
			return fmt.Errorf("%w: read receiver: %w", api.ErrRejected, err)
		}
		r.ID, r.FromConfig = e.Subject, false
		if err := d.checkEntered(ctx, &r); err != nil {
			return err
		}
		var err error
		if e.Details, err = json.Marshal(r); err != nil {
			return fmt.Errorf("encode receiver: %w", err)
		}
	}
	if err := d.checkSource(&e); err != nil {
		return err
	}
	err := d.bus.PublishDesk(ctx, []statement.DeskEvent{e})
	if errors.Is(err, stream.ErrTooLarge) {
		return fmt.Errorf("%w: %w", api.ErrRejected, err)
	}
	return err
}

// checkEntered checks a receiver that is entered at the desk. Of one that is put
// back as it was shown, the way there was not shown whole: the record knows it.
func (d *desk) checkEntered(ctx context.Context, r *statement.Receiver) error {
	states, err := d.store.ReceiverStates(ctx)
	if err != nil {
		return err
	}
	way := r.Way
	asShown := slices.ContainsFunc(states, func(s store.ReceiverState) bool {
		return s.ID == r.ID && s.Way.Kind == way.Kind && s.Way.URL == way.URL && way.URL != "" && way.Secret == ""
	})
	if asShown {
		r.Way = statement.Way{Kind: statement.Subject}
	}
	err = errors.Join(checkNames(d.reg, &r.Wants), d.checkReceiver(ctx, r))
	r.Way = way
	if err != nil {
		return fmt.Errorf("%w: %w", api.ErrRejected, err)
	}
	return nil
}
