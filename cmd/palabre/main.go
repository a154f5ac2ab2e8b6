// Command palabre watches what is said about dialogue, foreign troops and
// Sharia in Mali and the Sahel. This package parses the command line and wires
// the parts together; each command has a file of its own.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// Exit statuses.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// cli is the command line.
type cli struct {
	Data     string `placeholder:"DIR" default:"./palabre-data" help:"Folder of the record, the streams and the index."`
	RuleDir  string `name:"rules" placeholder:"DIR" help:"Folder of rules that go over the built-in ones; the folder rules in the data folder, if it is there."`
	LogLevel string `default:"info" enum:"debug,info,warn,error" help:"Least level that is logged: ${enum}."`

	Serve      serveCmd      `cmd:"" help:"Run the whole thing: ingest, classify, record, index, API and pages."`
	Ingest     ingestCmd     `cmd:"" help:"Run only the ingesters, against a NATS cluster."`
	Classify   classifyCmd   `cmd:"" help:"Tag texts from standard input; with --nats, work as a classifier of a cluster."`
	Import     importCmd     `cmd:"" help:"Take statements, transcripts and documents through the whole pipeline."`
	Poll       pollCmd       `cmd:"" help:"Fetch sources now."`
	Digest     digestCmd     `cmd:"" help:"Print, draft and issue the digest of a week."`
	Search     searchCmd     `cmd:"" help:"Search the statements."`
	Export     exportCmd     `cmd:"" help:"Take what a search finds out of the record, as a file."`
	Alerts     alertsCmd     `cmd:"" help:"List what receivers were told, or are to be told."`
	Receivers  receiversCmd  `cmd:"" help:"List and check those who are told of signals."`
	Rules      rulesCmd      `cmd:"" help:"Test, explain and measure the classifier's rules."`
	Reindex    reindexCmd    `cmd:"" help:"Build the search index anew from the record."`
	Reclassify reclassifyCmd `cmd:"" help:"Read every statement again with the present rules."`
	Verify     verifyCmd     `cmd:"" help:"Check the record: hashes, custody chain, evidence, references."`
	Dead       deadCmd       `cmd:"" help:"Look at messages that could not be handled, and replay them."`
	Backup     backupCmd     `cmd:"" help:"Copy the record to a file, also while it is in use."`
	Restore    restoreCmd    `cmd:"" help:"Put a backup in the place of the record."`
	Config     configCmd     `cmd:"" help:"Print every setting and where it comes from."`
	Version    versionCmd    `cmd:"" help:"Print the version of the program and of the rules."`
}

// terminal is how a command talks to whoever called it.
type terminal struct {
	in       io.Reader
	out, err io.Writer
	settings *settings
}

// usageError is a mistake in the call: exit status 2.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

const description = `Palabre watches what is said about dialogue, foreign troops and Sharia in Mali and the Sahel.

Examples:
  palabre serve                                   everything, at http://127.0.0.1:8080
  palabre import speeches.jsonl.gz                file texts through the pipeline
  palabre search 'JNIM AND topic:dialogue'        search them
  palabre classify < texts.jsonl > positions.jsonl

Settings come from flags, then PALABRE_… variables, then palabre.yaml in the data folder.`

// run carries one call out and returns its exit status. It is the whole program
// but for the process: tests call it.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer) int {
	var c cli
	status := -1
	set := newSettings(args)
	parser, err := kong.New(&c,
		kong.Name("palabre"), kong.Description(description), kong.UsageOnError(), kong.Writers(out, errOut),
		kong.Exit(func(code int) { status = code }), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Resolvers(set), kong.Help(helpWithExamples),
	)
	if err != nil {
		return fail(errOut, err)
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	k, err := parser.Parse(args)
	switch {
	case status >= 0: // help was asked for
		return status
	case err != nil:
		var parse *kong.ParseError
		if errors.As(err, &parse) && set.err == nil {
			return fail(errOut, usageError{errors.New(lower(err.Error()) + "; see palabre --help")})
		}
		return fail(errOut, err)
	}
	set.model = k
	level := new(slog.LevelVar)
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return fail(errOut, err)
	}
	log := slog.New(slog.NewTextHandler(errOut, &slog.HandlerOptions{Level: level}))
	t := &terminal{in: in, out: out, err: errOut, settings: set}
	if err := k.Run(&runContext{ctx, log, c.Data, c.RuleDir, t}); err != nil {
		return fail(errOut, err)
	}
	return exitOK
}

// runContext is what every command gets.
type runContext struct {
	context.Context
	log   *slog.Logger
	data  string
	rules string // as given; see ruleFolder
	term  *terminal
}

// ruleFolder returns the folder of the analysts' own rules, or "" without one.
func (r *runContext) ruleFolder() string {
	if r.rules != "" {
		return r.rules
	}
	dir := filepath.Join(r.data, rulesDir)
	if !isFolder(dir) {
		return ""
	}
	return dir
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// fail prints an error as one line and returns its exit status.
func fail(w io.Writer, err error) int {
	line := strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " ")
	fmt.Fprintln(w, "palabre: "+line)
	var usage usageError
	if errors.As(err, &usage) {
		return exitUsage
	}
	return exitFailure
}

func lower(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// exampler is a command that shows how it is called.
type exampler interface{ Examples() string }

// helpWithExamples prints kong's help and the command's examples.
func helpWithExamples(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	if node := ctx.Selected(); node != nil && node.Target.CanAddr() {
		if e, ok := node.Target.Addr().Interface().(exampler); ok {
			fmt.Fprintf(ctx.Stdout, "\nExamples:\n%s\n", e.Examples())
		}
	}
	return nil
}
