package export

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"palabre/statement"
)

// bundle writes a STIX 2.1 bundle: actors and outlets as identities, each
// statement as a report with external references, each position as a relationship
// from its actor to the other side, such as "conditional-dialogue", with the words
// as its description. The handling mark stands at every object. What was asked for
// and how much came of it is a last report. IDs come from content: the same
// statement is the same object in every bundle.
//
// The schemas of OASIS for a bundle take neither notes nor definitions of
// extensions, which is why there are none: what STIX has no word for stands in
// properties of our own, x_palabre_position and x_palabre_export.
type bundle struct {
	out   *bufio.Writer
	json  *json.Encoder
	about *About
	mark  marking
	named map[string]bool // identities that were written
	first bool
}

// object is a STIX object of any kind that is used here.
type object struct {
	Type        string         `json:"type"`
	SpecVersion string         `json:"spec_version"`
	ID          string         `json:"id"`
	CreatedBy   string         `json:"created_by_ref,omitempty"`
	Created     string         `json:"created"`
	Modified    string         `json:"modified,omitempty"`
	Name        string         `json:"name,omitempty"`
	Description string         `json:"description,omitempty"`
	Lang        string         `json:"lang,omitempty"`
	Labels      []string       `json:"labels,omitempty"`
	Confidence  *int           `json:"confidence,omitempty"`
	References  []reference    `json:"external_references,omitempty"`
	Objects     []string       `json:"object_refs,omitempty"`
	Marks       []string       `json:"object_marking_refs,omitempty"`
	Extensions  map[string]any `json:"extensions,omitempty"`
	Position    map[string]any `json:"x_palabre_position,omitempty"`
	Export      map[string]any `json:"x_palabre_export,omitempty"`
	*identityPart
	*reportPart
	*relationPart
}

type identityPart struct {
	Class string `json:"identity_class"`
}

type reportPart struct {
	Published string `json:"published"`
}

type relationPart struct {
	Relation string `json:"relationship_type"`
	From     string `json:"source_ref"`
	To       string `json:"target_ref"`
	Start    string `json:"start_time,omitempty"`
}

// reference is an external reference.
type reference struct {
	Source      string            `json:"source_name"`
	Description string            `json:"description,omitempty"`
	URL         string            `json:"url,omitempty"`
	Hashes      map[string]string `json:"hashes,omitempty"`
	ExternalID  string            `json:"external_id,omitempty"`
}

// marking is one of the markings that OASIS published for TLP 2.0.
type marking struct{ id, level string }

const (
	tlpExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
	tlpCreated   = "2022-10-01T00:00:00.000Z"
)

func markingOf(m statement.Mark) marking {
	level := strings.ToLower(strings.TrimPrefix(string(m), "TLP:"))
	switch m {
	case statement.Clear:
		return marking{"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", level}
	case statement.Green:
		return marking{"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", level}
	case statement.Amber:
		return marking{"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", level}
	case statement.AmberStrict:
		return marking{"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", level}
	}
	return marking{"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", level}
}

// since is when the kinds of object that never change were made.
const since = "2026-01-01T00:00:00.000Z"

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

func (b *bundle) self() string { return "identity--" + uuid("identity", "palabre") }

func newSTIX(w *bufio.Writer, a *About) (encoder, error) {
	b := &bundle{out: w, json: json.NewEncoder(w), about: a, mark: markingOf(a.Mark), named: make(map[string]bool), first: true}
	b.json.SetEscapeHTML(false)
	id := uuid("bundle", a.Query, a.Window, string(a.Mark), stamp(a.At))
	if _, err := fmt.Fprintf(w, "{\"type\":\"bundle\",\"id\":\"bundle--%s\",\"objects\":[\n", id); err != nil {
		return nil, err
	}
	for _, o := range []*object{
		{
			Type: "marking-definition", ID: b.mark.id, Created: tlpCreated, Name: string(a.Mark),
			Extensions: map[string]any{tlpExtension: map[string]string{"extension_type": "property-extension", "tlp_2_0": b.mark.level}},
		},
		{
			Type: "identity", ID: b.self(), Created: since, Modified: since, Name: "Palabre",
			Description:  "Watches what is said about dialogue, foreign troops and Sharia in Mali and the Sahel.",
			identityPart: &identityPart{"system"},
		},
	} {
		if err := b.write(o); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// write writes one object.
func (b *bundle) write(o *object) error {
	o.SpecVersion = "2.1"
	if o.Type != "marking-definition" {
		o.Marks = []string{b.mark.id}
	}
	if !b.first {
		if err := b.out.WriteByte(','); err != nil {
			return err
		}
	}
	b.first = false
	return b.json.Encode(o)
}

// identity writes an identity unless it is there, and returns its ID.
func (b *bundle) identity(kind, key, name, class string) (string, error) {
	id := "identity--" + uuid(kind, key)
	if b.named[id] {
		return id, nil
	}
	b.named[id] = true
	if name == "" {
		name = "unknown"
	}
	return id, b.write(&object{
		Type: "identity", ID: id, CreatedBy: b.self(), Created: since, Modified: stamp(b.about.At), Name: name,
		References: []reference{{Source: "palabre", ExternalID: kind + ":" + key}}, identityPart: &identityPart{class},
	})
}

// actor writes the identity of an actor or a person.
func (b *bundle) actor(id string) (string, error) {
	class := "unspecified"
	if b.about.Registry.Person(id) != nil {
		class = "individual"
	} else if a := b.about.Registry.Actor(id); a != nil {
		switch a.Kind {
		case statement.State, statement.Body, statement.Press:
			class = "organization"
		case statement.ArmedGroup, statement.Coalition, statement.Militia:
			class = "group"
		case statement.Society:
			class = "class"
		}
	}
	return b.identity("actor", id, b.about.label(id), class)
}

func (b *bundle) row(_ int, r *Row) error {
	s := r.Statement
	outlet, err := b.identity("outlet", s.Outlet, line(r.Citation.Outlet), "organization")
	if err != nil {
		return err
	}
	first, last := arrived(s)
	report := &object{
		Type: "report", ID: "report--" + uuid("statement", s.Of), CreatedBy: b.self(), Created: stamp(first), Modified: stamp(last),
		Name: titleIn(&r.Citation, b.about.Lang), Description: r.Citation.Format(b.about.Lang), Labels: labels(r), References: b.references(r),
		Objects: []string{outlet}, Lang: langTag(r.Citation.Lang), reportPart: &reportPart{stamp(s.When().Time)},
	}
	for i := range r.Reading.Positions {
		refs, err := b.position(r, &r.Reading.Positions[i], report)
		if err != nil {
			return err
		}
		report.Objects = append(report.Objects, refs...)
	}
	report.Objects = once(report.Objects)
	return b.write(report)
}

// once keeps the first of equal values.
func once(list []string) []string {
	seen := make(map[string]bool, len(list))
	out := list[:0]
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

func labels(r *Row) []string {
	out := []string{"kind:" + line(string(r.Statement.Kind))}
	if r.Statement.Grade != "" {
		out = append(out, "grade:"+line(string(r.Statement.Grade)))
	}
	if r.Statement.Reconstructed {
		out = append(out, "reconstructed")
	}
	for _, reason := range r.Reasons {
		out = append(out, "reason:"+string(reason))
	}
	return out
}

// references point to the source and to the statement's page.
func (b *bundle) references(r *Row) []reference {
	c := &r.Citation
	source := line(c.Outlet)
	switch strings.ToLower(source) {
	case "":
		source = "unknown outlet"
	case "cve", "capec": // names that STIX keeps for these lists
		source += " (outlet)"
	}
	said := reference{Source: source, Description: c.Format(b.about.Lang), URL: webAddress(c.URL)}
	if isHash(c.Capture) {
		said.Hashes = map[string]string{"SHA-256": c.Capture}
	}
	own := reference{Source: "palabre", ExternalID: r.Statement.Of}
	if b.about.Base != "" {
		own.URL = b.about.pageOf(r)
	}
	return []reference{said, own}
}

// position writes a position as a relationship, and returns what the report is to
// refer to. Where there is no other side, it leads to the report.
func (b *bundle) position(r *Row, p *statement.Position, report *object) ([]string, error) {
	actor, err := b.actor(p.Actor)
	if err != nil {
		return nil, err
	}
	refs, to := []string{actor}, report.ID
	if p.Target != "" {
		if to, err = b.actor(p.Target); err != nil {
			return nil, err
		}
		refs = append(refs, to)
	}
	sure := int(math.Round(100 * min(max(p.Confidence, 0), 1)))
	o := &object{
		Type: "relationship", ID: "relationship--" + uuid("position", r.Statement.Of, p.Actor, string(p.Topic), p.Target), CreatedBy: b.self(),
		Created: report.Created, Modified: report.Modified, Confidence: &sure, Lang: report.Lang, References: report.References,
		Description:  b.about.says(p) + ". “" + clean(p.Evidence.Quote) + "”",
		Position:     traits(r, p),
		relationPart: &relationPart{slug(string(p.Stance) + "-" + string(p.Topic)), actor, to, report.Published},
	}
	return append(refs, o.ID), b.write(o)
}

// traits are what STIX has no word for.
func traits(r *Row, p *statement.Position) map[string]any {
	out := map[string]any{
		"statement": r.Statement.Of, "topic": p.Topic, "stance": p.Stance, "rule": p.Rule, "pack": r.Reading.Pack,
		"field": p.Evidence.Field, "start": p.Evidence.Start, "end": p.Evidence.End, "first_hand": p.FirstHand,
	}
	for name, value := range map[string]string{
		"actor": p.Actor, "speaker": p.Speaker, "target": p.Target, "condition": p.Condition, "act": p.Act, "tentative": p.Tentative,
	} {
		if value != "" {
			out[name] = value
		}
	}
	return out
}

// slug makes the name of a kind of relationship: small letters, digits and hyphens.
func slug(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(text))
}

func (b *bundle) end(s *Sum, cause error) error {
	if cause != nil { // without its end it is no JSON, and nobody takes it for whole
		_, err := fmt.Fprintf(b.out, "\nnot complete, it broke off; statements: %d; why: %s\n", s.Statements, line(cause.Error()))
		return err
	}
	a := b.about
	at := stamp(a.At)
	err := b.write(&object{
		Type: "report", ID: "report--" + uuid("export", a.Query, a.Window, string(a.Mark), at), CreatedBy: b.self(), Created: at, Modified: at,
		Name: "What this bundle holds", Labels: []string{"export"}, Objects: []string{b.self()}, reportPart: &reportPart{at},
		Description: fmt.Sprintf("Complete. Statements: %d, positions: %d. Query: %s. Window: %s. Handling: %s.",
			s.Statements, s.Positions, orAll(a.Query), orAll(a.Window), a.Mark),
		Export: map[string]any{
			"query": a.Query, "window": a.Window, "mark": a.Mark, "statements": s.Statements, "positions": s.Positions, "expected": a.Expected,
			"packs": orAll(strings.Join(s.rules(), " ")), "complete": true,
		},
	})
	if err != nil {
		return err
	}
	_, err = b.out.WriteString("]}\n")
	return err
}

func orAll(text string) string {
	if text = line(text); text != "" {
		return text
	}
	return "all"
}
