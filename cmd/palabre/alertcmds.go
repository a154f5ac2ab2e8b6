package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"palabre/alert"
	"palabre/index"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

type receiversCmd struct {
	List  receiversListCmd  `cmd:"" default:"1" help:"List those who are told of signals, and how they are doing."`
	Check receiversCheckCmd `cmd:"" help:"Tell every mistake in receivers.yaml."`
}

type receiversListCmd struct {
	JSON bool `name:"json" help:"Print them as JSON."`
}

func (receiversListCmd) Examples() string {
	return "  palabre receivers\n  palabre receivers list --json"
}

// Run lists the receivers, without their keys.
func (c *receiversListCmd) Run(r *runContext) (err error) {
	s, err := openRecord(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	states, err := s.ReceiverStates(r)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(r.term.out, states)
	}
	if len(states) == 0 {
		fmt.Fprintf(r.term.out, "no receivers; a running server takes them from %s, see docs/receivers.md\n", filepath.Join(r.data, receiversFile))
		return nil
	}
	t := newTable(r.term.out, table.Row{"id", "way", "pace", "state", "due", "under way", "last told"})
	for i := range states {
		v := &states[i]
		t.AppendRow(table.Row{v.ID, v.Way.Kind, v.Pace.Mode, receiverState(v), v.Due, v.Pending, moment(v.Sent)})
	}
	t.Render()
	return nil
}

// receiverState says in a few words how a receiver is doing.
func receiverState(v *store.ReceiverState) string {
	switch {
	case v.Disabled != "":
		return "disabled: " + v.Disabled
	case v.Paused:
		return "paused"
	case v.Failures > 0:
		return fmt.Sprintf("failing since %s: %s", moment(v.Since), v.Failure)
	}
	return "ok"
}

func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

type receiversCheckCmd struct {
	PrivateWebhooks bool `help:"Webhooks may be at private and loopback addresses, without TLS."`
}

func (receiversCheckCmd) Examples() string {
	return "  palabre receivers check --data /var/lib/palabre"
}

// Run reads the operator's list as a server would.
func (c *receiversCheckCmd) Run(r *runContext) error {
	reg, err := seeds.Registry()
	if err != nil {
		return err
	}
	queries := &index.Reader{Lexicon: index.NewLexicon(reg), Saved: func(context.Context) ([]statement.SavedSearch, error) { return savedIn(r) }}
	receivers, problems, err := readReceivers(r.data, reg, func(v *statement.Receiver) error {
		*v = alert.Normalise(*v)
		return checkReceiver(r, v, c.PrivateWebhooks, queries)
	})
	if err != nil {
		return err
	}
	for _, p := range problems {
		fmt.Fprintf(r.term.out, "%s: %s\n", p.Where, p.What)
	}
	if len(problems) > 0 {
		return fmt.Errorf("check receivers: %d of %d would be left out, see above", len(problems), len(problems)+len(receivers))
	}
	fmt.Fprintf(r.term.out, "%d receivers, nothing wrong\n", len(receivers))
	return nil
}

// savedIn returns the saved searches of the record in the data folder.
func savedIn(r *runContext) (_ []statement.SavedSearch, err error) {
	s, err := openRecord(r)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return s.SavedSearches(r)
}

type alertsCmd struct {
	Receiver string `placeholder:"ID" help:"Only to this receiver."`
	State    string `enum:"due,composed,silenced,sent,dead,void," default:"" help:"Only in this state: due, composed, silenced, sent, dead or void."`
	Limit    int    `default:"20" help:"Most alerts."`
	JSON     bool   `name:"json" help:"Print them as JSON."`
}

func (alertsCmd) Examples() string {
	return "  palabre alerts\n  palabre alerts --receiver duty-desk --state dead"
}

// Run lists alerts, the latest first.
func (c *alertsCmd) Run(r *runContext) (err error) {
	s, err := openRecord(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	page, err := s.Alerts(r, store.AlertQuery{Receiver: c.Receiver, State: store.NoticeState(c.State), Limit: c.Limit})
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(r.term.out, page.Alerts)
	}
	if len(page.Alerts) == 0 {
		fmt.Fprintln(r.term.out, "no such alerts")
		return nil
	}
	why, err := whyOf(r, s, page.Alerts)
	if err != nil {
		return err
	}
	t := newTable(r.term.out, table.Row{"due", "receiver", "kind", "state", "what"})
	for i := range page.Alerts {
		a := &page.Alerts[i]
		what := cmp.Or(a.Line, why[a.Signal], a.Subject)
		if note := cmp.Or(a.Why, a.Note); note != "" {
			what = strings.Join([]string{what, note}, " — ")
		}
		t.AppendRow(table.Row{moment(a.Due), a.Receiver, a.Kind, a.State, what})
	}
	t.Render()
	return nil
}

// whyOf says, by their IDs, why the signals are news of which alerts have no line
// yet.
func whyOf(r *runContext, s *store.Store, alerts []store.Alert) (map[string]string, error) {
	var ids []string
	for i := range alerts {
		if a := &alerts[i]; a.Line == "" && a.Signal != "" {
			ids = append(ids, a.Signal)
		}
	}
	news, err := s.News(r, ids)
	why := make(map[string]string, len(news))
	for i := range news {
		why[news[i].Signal.ID] = news[i].Signal.Why
	}
	return why, err
}
