package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"palabre/classify"
	"palabre/seeds"
	"palabre/statement"
)

type classifyCmd struct {
	natsFlags
}

func (classifyCmd) Examples() string {
	return `  palabre classify < texts.jsonl > positions.jsonl
  palabre classify --nats nats://n1:4222          a worker of a cluster

Actors go by the identifiers of the labelling guide. One that has none there, such
as Denmark, is "unknown" in these lines; the record knows it by name.`
}

// Run tags texts from standard input, or statements of a cluster's stream.
func (c *classifyCmd) Run(r *runContext) error {
	if c.Nats == "" {
		reg, err := seeds.Registry()
		if err != nil {
			return err
		}
		pack, err := loadRules(reg, r.ruleFolder())
		if err != nil {
			return err
		}
		return classifyLines(r.term.in, r.term.out, pack)
	}
	p, err := openPipeline(r, r.data, r.ruleFolder(), c.natsFlags, parts{rules: true}, r.log)
	if err != nil {
		return busy(err, r.data)
	}
	return errors.Join(ignoreCancel(p.classifyNode(r)), p.close())
}

// maxLine is the longest line of a JSONL input.
const maxLine = 8 << 20

// textLine is an input line.
type textLine struct {
	ID        string         `json:"id"`
	Lang      string         `json:"lang"`
	Kind      statement.Kind `json:"kind"`
	Outlet    string         `json:"outlet"`
	Published string         `json:"published"`
	Title     string         `json:"title"`
	Text      string         `json:"text"`
	Owner     string         `json:"owner"`
	Issuer    string         `json:"issuer"`
	Speaker   string         `json:"speaker"`
}

type positionsLine struct {
	ID        string           `json:"id"`
	Positions []classify.Label `json:"positions"`
}

// classifyLines tags each line of in. Bad lines get no answer and make the whole
// a failure, which names the first: an answer that is missing must not pass for
// a text without a position.
func classifyLines(in io.Reader, out io.Writer, pack *classify.Pack) error {
	owners, err := outletOwners()
	if err != nil {
		return err
	}
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	w := bufio.NewWriter(out)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	n, bad := 0, 0
	var first error
	for lines.Scan() {
		n++
		if len(lines.Bytes()) == 0 {
			continue
		}
		var l textLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			if bad++; first == nil {
				first = fmt.Errorf("line %d: %w", n, err)
			}
			continue
		}
		s := l.statement(owners)
		if err := enc.Encode(positionsLine{l.ID, pack.Labels(pack.Read(&s).Positions)}); err != nil {
			return fmt.Errorf("write line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return errors.Join(fmt.Errorf("read line %d: %w", n+1, err), w.Flush())
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	if bad > 0 {
		return fmt.Errorf("classify: %d of %d lines could not be read, the first: %w", bad, n, first)
	}
	return nil
}

// statement returns the line as a statement. A date that cannot be read is no
// date: the text still has its positions.
func (l *textLine) statement(owners map[string]string) statement.Statement {
	published, err := statement.ParseDate(l.Published, "input")
	if err != nil {
		published = statement.Date{}
	}
	owner := l.Owner
	if owner == "" {
		owner = owners[l.Outlet]
	}
	return statement.Statement{
		ID: l.ID, Lang: l.Lang, Kind: l.Kind, Outlet: l.Outlet, Published: published, Title: l.Title, Text: l.Text,
		Owner: owner, Issuer: l.Issuer, Speaker: l.Speaker,
	}
}

// outletOwners maps the built-in sources to the actors that they speak for.
func outletOwners() (map[string]string, error) {
	sources, err := seeds.Sources()
	if err != nil {
		return nil, err
	}
	owners := make(map[string]string)
	for i := range sources {
		owners[sources[i].ID] = sources[i].Owner
	}
	return owners, nil
}
