package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"palabre/index"
	"palabre/seeds"
	"palabre/statement"
	"palabre/store"
)

// openRecord opens the record read-only; it may be in use by a server.
func openRecord(r *runContext) (*store.Store, error) {
	reg, err := seeds.Registry()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(r.data, recordFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open %s: there is no record yet; palabre serve or palabre import makes one", r.data)
	}
	return store.OpenReadOnly(r, path, store.Options{Registry: reg, Log: r.log})
}

type verifyCmd struct {
	JSON bool `name:"json" help:"Print the report as JSON."`
}

func (verifyCmd) Examples() string {
	return "  palabre verify\n  palabre verify --json --data /var/lib/palabre"
}

// Run checks the record and fails if anything in it is wrong.
func (c *verifyCmd) Run(r *runContext) (err error) {
	s, err := openRecord(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	bar := newProgress(r.term.err, "verify", -1)
	report, err := s.Verify(r, bar.at)
	bar.done()
	if err != nil {
		return err
	}
	if c.JSON {
		if err := printJSON(r.term.out, report); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(r.term.out, report)
	}
	if !report.OK() {
		return errors.New("verify record: it is damaged, see above; restore a backup with palabre restore FILE")
	}
	return nil
}

type reindexCmd struct{}

func (reindexCmd) Examples() string { return "  palabre reindex" }

// Run removes the index and builds it from the record.
func (reindexCmd) Run(r *runContext) (err error) {
	if err := prepareData(r.data); err != nil {
		return err
	}
	unlock, err := lockData(r.data)
	if err != nil {
		return fmt.Errorf("%w; a server repairs its index by itself", busy(err, r.data))
	}
	defer func() { err = errors.Join(err, unlock()) }()
	s, err := openRecord(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	reg, err := seeds.Registry()
	if err != nil {
		return err
	}
	dir := filepath.Join(r.data, indexDir)
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("remove index: %w", err)
	}
	x, err := index.Open(r, dir, index.Options{Registry: reg, Log: r.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	total, err := s.Totals(r)
	if err != nil {
		return err
	}
	p := &pipeline{store: s, index: x, log: r.log}
	bar := newProgress(r.term.err, "index", total.Statements)
	defer bar.done()
	for done := 0; ; {
		n, err := p.indexMore(r)
		if err != nil {
			return err
		}
		if n == 0 {
			fmt.Fprintf(r.term.out, "indexed %d statements\n", done)
			return nil
		}
		done += n
		bar.at(done, total.Statements)
	}
}

type deadCmd struct {
	List   deadListCmd   `cmd:"" default:"1" help:"List them."`
	Show   deadShowCmd   `cmd:"" help:"Print one, with its content."`
	Replay deadReplayCmd `cmd:"" help:"Try one again, or all of them."`
}

type deadListCmd struct {
	JSON bool `name:"json" help:"Print them as JSON."`
}

func (deadListCmd) Examples() string { return "  palabre dead list" }

// Run lists the dead letters.
func (c *deadListCmd) Run(r *runContext) (err error) {
	s, err := openRecord(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	letters, err := s.DeadLetters(r)
	if err != nil {
		return err
	}
	if c.JSON {
		return printJSON(r.term.out, letters)
	}
	if len(letters) == 0 {
		fmt.Fprintln(r.term.out, "no dead letters")
		return nil
	}
	t := newTable(r.term.out, table.Row{"id", "at", "subject", "tries", "reason"})
	for i := range letters {
		d := &letters[i]
		t.AppendRow(table.Row{d.ID, d.At.UTC().Format(time.RFC3339), d.Subject, d.Tries, d.Reason})
	}
	t.Render()
	return nil
}

type deadShowCmd struct {
	ID string `arg:"" help:"ID of the dead letter."`
}

func (deadShowCmd) Examples() string { return "  palabre dead show 3f9k2…" }

// Run prints one dead letter.
func (c *deadShowCmd) Run(r *runContext) (err error) {
	s, err := openRecord(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	d, err := s.DeadLetter(r, c.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.term.out, "%s\n%s\n%s after %d tries: %s\n\n%s\n", d.ID, d.At.UTC().Format(time.RFC3339), d.Subject, d.Tries, d.Reason, d.Payload)
	return nil
}

type deadReplayCmd struct {
	ID  string `arg:"" optional:"" help:"ID of the dead letter."`
	All bool   `help:"Replay all of them."`
}

func (deadReplayCmd) Examples() string {
	return "  palabre dead replay 3f9k2…\n  palabre dead replay --all"
}

// Run puts dead letters back: a running server takes them up.
func (c *deadReplayCmd) Run(r *runContext) (err error) {
	if (c.ID == "") == !c.All {
		return usagef("name one dead letter, or --all")
	}
	reg, err := seeds.Registry()
	if err != nil {
		return err
	}
	s, err := store.Open(r, filepath.Join(r.data, recordFile), store.Options{Registry: reg, Log: r.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	letters := []statement.DeadLetter{{ID: c.ID}}
	if c.All {
		if letters, err = s.DeadLetters(r); err != nil {
			return err
		}
	}
	for i := range letters {
		if err := s.Revive(r, letters[i].ID); err != nil {
			return err
		}
	}
	fmt.Fprintf(r.term.out, "replayed %d\n", len(letters))
	return nil
}

type backupCmd struct {
	File string `arg:"" type:"path" help:"File to write; it must not exist."`
}

func (backupCmd) Examples() string { return "  palabre backup record-2021-10-22.db" }

// Run copies the record.
func (c *backupCmd) Run(r *runContext) (err error) {
	s, err := openRecord(r)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := s.Backup(r, c.File); err != nil {
		return err
	}
	fmt.Fprintf(r.term.out, "backed up to %s\n", c.File)
	return nil
}

type restoreCmd struct {
	File string `arg:"" type:"existingfile" help:"Backup to put in the place of the record."`
}

func (restoreCmd) Examples() string { return "  palabre restore record-2021-10-22.db" }

// Run verifies the backup and puts it in the place of the record, which is kept
// beside it. What receivers were told since, and what people did, is taken over, so
// that nobody is told twice. Index and streams are derived and made anew.
func (c *restoreCmd) Run(r *runContext) (err error) {
	if err := prepareData(r.data); err != nil {
		return err
	}
	unlock, err := lockData(r.data)
	if err != nil {
		return busy(err, r.data)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	record := filepath.Join(r.data, recordFile)
	fresh := record + ".restoring"
	if err := prepareRestore(r, c.File, fresh, record); err != nil {
		return errors.Join(err, removeRecord(fresh))
	}
	aside := record + "." + time.Now().UTC().Format("20060102T150405Z")
	for _, ext := range recordParts {
		if err := os.Rename(record+ext, aside+ext); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("put record aside: %w", err)
		}
	}
	for _, dir := range []string{indexDir, streamDir} {
		if err := os.RemoveAll(filepath.Join(r.data, dir)); err != nil {
			return fmt.Errorf("remove derived data: %w", err)
		}
	}
	if err := os.Rename(fresh, record); err != nil {
		return fmt.Errorf("put backup in place: %w", err)
	}
	fmt.Fprintf(r.term.out, "restored %s; the record before it is %s\n", c.File, aside)
	return nil
}

// prepareRestore copies a backup, brings the copy up to date, verifies it, and
// takes over what happened since from the record that it is to replace.
func prepareRestore(r *runContext, backup, fresh, record string) (err error) {
	if err := removeRecord(fresh); err != nil { // of a restore that was broken off
		return err
	}
	reg, err := seeds.Registry()
	if err != nil {
		return err
	}
	if err := store.Copy(r, backup, fresh); err != nil {
		return err
	}
	s, err := store.Open(r, fresh, store.Options{Registry: reg, Log: r.log})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	bar := newProgress(r.term.err, "verify", -1)
	report, err := s.Verify(r, bar.at)
	bar.done()
	if err != nil {
		return err
	}
	if !report.OK() {
		return fmt.Errorf("restore %s: the backup is damaged: %v", backup, report)
	}
	return carryOver(r, s, record)
}

// carryOver takes over what receivers were told and people did since the backup.
// A record that cannot be read does not keep its backup from being restored.
func carryOver(r *runContext, s *store.Store, record string) error {
	if _, err := os.Stat(record); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	err := s.CarryTold(r, record)
	if err == nil {
		err = s.CarryDesk(r, record)
	}
	if errors.Is(err, store.ErrUnreadable) {
		r.log.WarnContext(r, "the record that is put aside cannot be read: receivers may be told again what they were told since the backup", "error", err)
		return nil
	}
	return err
}

// recordParts end the names of the files of a record.
var recordParts = [...]string{"", "-wal", "-shm"}

func removeRecord(path string) error {
	for _, ext := range recordParts {
		if err := os.Remove(path + ext); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

type versionCmd struct{}

func (versionCmd) Examples() string { return "  palabre version" }

// Run prints the versions.
func (versionCmd) Run(r *runContext) error {
	reg, err := seeds.Registry()
	if err != nil {
		return err
	}
	pack, err := loadRules(reg, r.ruleFolder())
	if err != nil {
		return err
	}
	rules, examples := pack.Examples()
	fmt.Fprintf(r.term.out, "palabre %s\nrules %s (%d rules, %d examples)\n", buildVersion(), pack.Version(), rules, examples)
	return nil
}
