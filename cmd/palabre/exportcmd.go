package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"palabre/api"
	"palabre/digest/export"
	"palabre/statement"
)

type exportCmd struct {
	Query     []string `arg:"" optional:"" help:"What to take out, in the query language; everything if empty."`
	Format    string   `placeholder:"FORMAT" help:"csv, jsonl, xlsx, rss, atom, stix or citations; if left out, by the ending of --out; csv where it has none."`
	Out       string   `placeholder:"FILE" type:"path" help:"File to write; standard output if left out."`
	Mark      string   `default:"TLP:AMBER" placeholder:"MARK" help:"How it is to be handled: TLP:CLEAR, GREEN, AMBER, AMBER+STRICT or RED."`
	Lang      string   `default:"en" enum:"en,fr,ar" help:"Language of citations and of what else is written for people: ${enum}."`
	Who       string   `placeholder:"NAME" help:"Who takes it, for the log of the desk; your user name if left out."`
	PublicURL string   `name:"public-url" placeholder:"URL" help:"Address of the desk, for links, where no server runs."`
	natsFlags
}

func (exportCmd) Examples() string {
	return `  palabre export --format jsonl > all.jsonl                       everything
  palabre export 'actor:jnim topic:dialogue' --out jnim.xlsx      a workbook
  palabre export stance:conditional --out c.csv --mark AMBER+STRICT
  palabre export 'topic:sharia date:2020' --format citations --lang fr`
}

// partly is how the name of a file ends that is not whole.
const partly = ".part"

// Run has the server that runs on the data folder write the export, or does so
// itself where none runs. Either notes it in the log of the desk. The file comes
// under its name when it is whole.
func (c *exportCmd) Run(r *runContext) error {
	x, err := c.extract()
	if err != nil {
		return err
	}
	if c.Out == "" {
		if x.Format.Binary() && isTerminal(r.term.out) {
			return usagef("a terminal cannot show %s; name a file with --out", x.Format)
		}
		_, err := c.export(r, x, r.term.out)
		return err
	}
	file, err := os.OpenFile(c.Out+partly, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	n, err := c.export(r, x, file)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return leftOver(c.Out+partly, err)
	}
	if err := os.Rename(c.Out+partly, c.Out); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	fmt.Fprintf(r.term.out, "exported %d statements to %s, %s\n", n, c.Out, x.Mark)
	return nil
}

// leftOver says where what was written of a broken export lies, if anything was.
func leftOver(part string, err error) error {
	if info, statErr := os.Stat(part); statErr != nil || info.Size() == 0 {
		return errors.Join(err, os.Remove(part))
	}
	return fmt.Errorf("%w; what was written until then is %s and is not whole", err, part)
}

// extract checks the flags.
func (c *exportCmd) extract() (*api.Extract, error) {
	mark, err := export.ParseMark(c.Mark)
	if err != nil {
		return nil, usagef("--mark: %w", err)
	}
	f := export.Format(c.Format)
	if c.Format == "" {
		if f = formatOf(c.Out); f == "" {
			return nil, usagef("--out: %s has the ending of no format: name one with --format, of %v", c.Out, export.Formats)
		}
	}
	if f.MediaType() == "" {
		return nil, usagef("--format: there is no format %q: want one of %v", c.Format, export.Formats)
	}
	if c.Who == "" {
		c.Who = cmp.Or(os.Getenv("USER"), "palabre export")
	}
	x := &api.Extract{Format: f, Mark: mark, Lang: c.Lang, Base: strings.TrimRight(c.PublicURL, "/")}
	x.Q = strings.Join(c.Query, " ")
	return x, nil
}

// formatOf goes by the ending of a name; CSV where it has none, "" where the ending
// is that of no format.
func formatOf(name string) export.Format {
	for _, f := range export.Formats {
		if strings.HasSuffix(name, f.Ending()) {
			return f
		}
	}
	if filepath.Ext(name) != "" {
		return ""
	}
	return export.CSV
}

// export writes the export and returns how many statements it holds.
func (c *exportCmd) export(r *runContext, x *api.Extract, w io.Writer) (int, error) {
	if base, err := os.ReadFile(filepath.Join(r.data, urlFile)); err == nil {
		n, err := c.fromServer(r, strings.TrimSpace(string(base)), x, w)
		if !errors.Is(err, errNoServer) {
			return n, err
		}
	}
	if _, err := os.Stat(filepath.Join(r.data, recordFile)); errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("export %s: there is no record yet; palabre serve or palabre import makes one", r.data)
	}
	return c.fromFiles(r, x, w)
}

// errNoServer says that a server is noted in the data folder and does not answer.
var errNoServer = errors.New("no server answers")

// fromServer has the server write the export.
func (c *exportCmd) fromServer(r *runContext, base string, x *api.Extract, w io.Writer) (n int, err error) {
	q := url.Values{"q": {x.Q}, "format": {string(x.Format)}, "mark": {string(x.Mark)}, "lang_out": {x.Lang}, "who": {c.Who}}
	req, err := http.NewRequestWithContext(r, http.MethodGet, base+"/api/v1/export?"+q.Encode(), nil)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		if r.Err() != nil {
			return 0, r.Err()
		}
		return 0, fmt.Errorf("%w: %w", errNoServer, err)
	}
	defer func() { err = errors.Join(err, res.Body.Close()) }()
	if res.StatusCode != http.StatusOK {
		body, err := io.ReadAll(io.LimitReader(res.Body, 64<<10))
		return 0, errors.Join(problemError(body, res.StatusCode), err)
	}
	bar := newProgress(r.term.err, "export, KiB", -1)
	defer bar.done()
	if _, err := io.Copy(&metered{w: w, bar: bar}, res.Body); err != nil {
		return 0, fmt.Errorf("export broke off: %w", err)
	}
	if res.Trailer.Get("Palabre-Complete") != "yes" {
		return 0, errors.New("export broke off: the server did not say that it is whole")
	}
	return strconv.Atoi(res.Trailer.Get("Palabre-Statements"))
}

// metered shows how much goes through.
type metered struct {
	w   io.Writer
	bar *progress
	n   int
}

func (m *metered) Write(p []byte) (int, error) {
	n, err := m.w.Write(p)
	m.n += n
	const kib = 1 << 10
	m.bar.at(m.n/kib, -1)
	return n, err
}

// fromFiles writes the export from record and index, which nobody else uses.
func (c *exportCmd) fromFiles(r *runContext, x *api.Extract, w io.Writer) (n int, err error) {
	p, err := openPipeline(r, r.data, r.ruleFolder(), c.natsFlags, parts{record: true, index: strings.TrimSpace(x.Q) != ""}, r.log)
	if err != nil {
		return 0, busy(err, r.data)
	}
	defer func() { err = errors.Join(err, p.close()) }()
	for more := p.index != nil; more; {
		took, err := p.indexMore(r)
		if err != nil {
			return 0, err
		}
		more = took > 0
	}
	x.Registry = p.reg
	e, err := api.Begin(r, p.store, p.index, x)
	if err != nil {
		return 0, err
	}
	event, err := e.DeskEvent(c.Who)
	if err != nil {
		return 0, err
	}
	if err := p.note(r, event); err != nil {
		return 0, fmt.Errorf("note export: %w", err)
	}
	bar := newProgress(r.term.err, "export", e.Exported().Count)
	sum, err := e.Write(r, w, bar.at)
	bar.done()
	if err != nil {
		return sum.Statements, fmt.Errorf("export broke off behind %d statements: %w", sum.Statements, err)
	}
	return sum.Statements, nil
}

// note enters what somebody did in the log of the desk, on the stream and in the
// record of this node.
func (p *pipeline) note(ctx context.Context, e statement.DeskEvent) error {
	if err := p.bus.PublishDesk(ctx, []statement.DeskEvent{e}); err != nil {
		return err
	}
	return p.store.ApplyDesk(ctx, []statement.DeskEvent{e})
}
