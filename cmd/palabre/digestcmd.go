package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"palabre/api"
	"palabre/digest"
	"palabre/statement"
)

type digestCmd struct {
	Show  digestShowCmd  `cmd:"" default:"withargs" help:"Print the digest of a week or another period."`
	List  digestListCmd  `cmd:"" help:"List the digests that were drafted or issued."`
	Draft digestDraftCmd `cmd:"" help:"Draft the digest of a period, so that it can be edited."`
	Issue digestIssueCmd `cmd:"" help:"Issue the draft of a period: freeze it and send it to the receivers of digests."`
}

// periodFlags name a period.
type periodFlags struct {
	Week string `placeholder:"2021-W42" help:"ISO week, or a month or day; the last week that is over if no period is named."`
	From string `placeholder:"DAY" help:"First day of a period of your own."`
	To   string `placeholder:"DAY" help:"Its last day; the first one if left out."`
}

type digestShowCmd struct {
	periodFlags
	Format string `placeholder:"FORMAT" enum:"html,md,docx,pdf,json,csv," default:"" help:"html, md, docx, pdf, json or csv; by the name of the file, or md, if left out."`
	Lang   string `enum:"en,fr,ar," default:"" placeholder:"LANG" help:"Language: en, fr or ar; that of --digest-lang if left out."`
	Out    string `short:"o" placeholder:"FILE" help:"File to write to; standard output if left out."`
	Mark   string `placeholder:"MARK" help:"Handling mark, such as TLP:GREEN, of a digest that is not kept."`
	writingFlags
}

func (digestShowCmd) Examples() string {
	return `  palabre digest                                        the last week, as Markdown
  palabre digest --week 2021-W42 --out week.pdf         to be printed
  palabre digest --week 2021-W42 --lang ar --format docx > week.docx
  palabre digest --from 2021-10-01 --to 2021-10-31      any period
  palabre digest list
  palabre digest issue --week 2026-W47 --who "A. Traoré"`
}

// Run prints the issued digest, else the draft as it was edited, else one that is
// made for the occasion.
func (c *digestShowCmd) Run(r *runContext) (err error) {
	period, err := periodAsked(c.Week, c.From, c.To, time.Now())
	if err != nil {
		return err
	}
	f, err := c.format(r)
	if err != nil {
		return err
	}
	c.DigestMark = cmp.Or(c.Mark, c.DigestMark)
	p, err := openPress(r, c.writingFlags)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.store.Close()) }()
	steps := newProgress(r.term.err, "digest", 2)
	w, err := p.read(r, period, cmp.Or(c.Lang, c.DigestLang))
	if err != nil {
		return err
	}
	steps.at(1, 2)
	var b bytes.Buffer
	err = p.print(r, &b, w, f)
	steps.done()
	if err != nil {
		return err
	}
	c.tell(r, w)
	if c.Out == "" {
		_, err := r.term.out.Write(b.Bytes())
		return err
	}
	return writeWhole(c.Out, b.Bytes())
}

// format is the one that is asked for, or that the file's name tells. What is no
// text does not go to a terminal.
func (c *digestShowCmd) format(r *runContext) (digest.Format, error) {
	name := c.Format
	if name == "" && c.Out != "" {
		name = strings.ToLower(strings.TrimPrefix(filepath.Ext(c.Out), "."))
	}
	if name == "htm" || name == "markdown" {
		name = map[string]string{"htm": "html", "markdown": "md"}[name]
	}
	f, err := digest.ParseFormat(cmp.Or(name, string(digest.Markdown)))
	if err != nil {
		return f, usageError{fmt.Errorf("--format: %w", err)}
	}
	if binary := []digest.Format{digest.DOCX, digest.PDF}; c.Out == "" && slices.Contains(binary, f) && isTerminal(r.term.out) {
		return f, usagef("%s is no text: name a file with --out, or send it to one with >", f)
	}
	return f, nil
}

// tell says on standard error what it is that was printed.
func (c *digestShowCmd) tell(r *runContext, w *api.Written) {
	switch {
	case w.Kept == nil && w.Period.To.After(time.Now()):
		fmt.Fprintf(r.term.err, "palabre: %s is not over: this is what it holds so far, made just now and not kept\n", w.Period)
	case w.Kept == nil:
		fmt.Fprintf(r.term.err, "palabre: there is no digest of %s: this one was made just now and is not kept\n", w.Period)
	case w.Kept.IsIssued():
		fmt.Fprintf(r.term.err, "palabre: digest No. %d, issued %s by %s\n", w.Kept.Number, w.Kept.Issued.UTC().Format(time.DateOnly), w.Kept.Issuer)
	default:
		fmt.Fprintf(r.term.err, "palabre: draft of %s, %s, not issued yet\n", w.Kept.Drafted.UTC().Format(time.DateOnly), editsWord(w.Kept.Edits))
	}
	if w.Kept != nil && c.Mark != "" {
		fmt.Fprintf(r.term.err, "palabre: --mark changes nothing here: a digest that is kept has the mark %s\n", w.Mark)
	}
}

func editsWord(n int) string {
	switch n {
	case 0:
		return "not edited"
	case 1:
		return "edited once"
	}
	return fmt.Sprintf("with %d edits", n)
}

// writeWhole writes a file that is there as a whole or not at all.
func writeWhole(path string, data []byte) error {
	part, err := os.CreateTemp(filepath.Dir(path), ".palabre-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	_, err = part.Write(data)
	if err = errors.Join(err, part.Chmod(0o644), part.Close()); err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(part.Name()))
	}
	return nil
}

type digestListCmd struct {
	JSON bool `name:"json" help:"Print them as JSON."`
}

func (digestListCmd) Examples() string { return "  palabre digest list\n  palabre digest list --json" }

// Run lists the digests, that of the latest period first.
func (c *digestListCmd) Run(r *runContext) (err error) {
	s, err := openRecord(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	all, err := s.Digests(r)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(r.term.out, all)
	}
	if len(all) == 0 {
		fmt.Fprintln(r.term.out, "no digests yet; a running server drafts each week when it is over")
		return nil
	}
	t := newTable(r.term.out, table.Row{"period", "state", "drafted", "edits", "issued", "by", "hash"})
	for i := range all {
		d := &all[i]
		state := "draft"
		if d.IsIssued() {
			state = fmt.Sprintf("No. %d", d.Number)
		}
		t.AppendRow(table.Row{d.Period, state, moment(d.Drafted), d.Edits, moment(d.Issued), d.Issuer, d.Hash})
	}
	t.Render()
	return nil
}

// actingFlags say who does something to the digest of a period.
type actingFlags struct {
	periodFlags
	Who string `required:"" placeholder:"NAME" help:"Your name, for the log of the desk."`
}

// act has the running server do it.
func (c *actingFlags) act(r *runContext, action statement.Action) error {
	period, err := periodAsked(c.Week, c.From, c.To, time.Now())
	if err != nil {
		return err
	}
	id, err := askDesk(r, &api.Act{Who: c.Who, Action: action, Subject: period.String()})
	if err == nil {
		err = awaitDesk(r, id)
	}
	if err != nil {
		return err
	}
	did := map[statement.Action]string{statement.DraftDigest: "drafted", statement.IssueDigest: "issued"}[action]
	fmt.Fprintf(r.term.out, "%s the digest of %s\n", did, period)
	return nil
}

type digestDraftCmd struct{ actingFlags }

func (digestDraftCmd) Examples() string {
	return "  palabre digest draft --week 2021-W42 --who \"A. Traoré\""
}

// Run has the running server draft the digest.
func (c *digestDraftCmd) Run(r *runContext) error { return c.act(r, statement.DraftDigest) }

type digestIssueCmd struct{ actingFlags }

func (digestIssueCmd) Examples() string {
	return "  palabre digest issue --week 2021-W42 --who \"A. Traoré\""
}

// Run has the running server issue the digest.
func (c *digestIssueCmd) Run(r *runContext) error { return c.act(r, statement.IssueDigest) }
