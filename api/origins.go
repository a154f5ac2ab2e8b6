package api

import (
	"cmp"
	"context"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"palabre/statement"
	"palabre/store"
)

// provenance is where a statement that is quoted comes from, as far as pages say so
// beside its words.
type provenance struct {
	Reconstructed bool
	Speaker       string
	Said          statement.Date
}

// learn reads where the statements that a page quotes come from, all at once.
func (s *server) learn(ctx context.Context, f *frame, ids []string) (err error) {
	quoted := slices.Compact(slices.Sorted(slices.Values(ids)))
	f.origins, err = s.kept.origins.read(f.Gist.Head, strings.Join(quoted, " "), func() (map[string]provenance, error) {
		found, err := s.store.Briefs(ctx, quoted)
		out := make(map[string]provenance, len(found))
		for id, b := range found {
			out[id] = provenance{b.Reconstructed, b.Speaker, b.Said}
		}
		return out, err
	})
	return err
}

// Rebuilt reports whether the words of a statement that the page quotes were
// written after the fact.
func (f *frame) Rebuilt(id string) bool { return f.origins[id].Reconstructed }

// Mark is what stands before the words of a statement that are not verbatim; the
// same as the template of that name, for lists that are long.
func (f *frame) Mark(id string) template.HTML {
	if !f.Rebuilt(id) {
		return ""
	}
	return template.HTML(`<button type="button" class="badge warn term" popovertarget="means-rebuilt">` + template.HTMLEscapeString(f.tongue.say("reconstructed")) + `</button> `) //nolint:gosec // it was escaped
}

// Voice is who spoke, with the offices of that day: the person whom the position
// names, else whoever the statement does; nil if nobody is named.
func (f *frame) Voice(person, id string) *voice {
	from := f.origins[id]
	return f.tongue.voice(cmp.Or(person, from.Speaker), from.Said)
}

// quotedIn are the statements that stand for utterances that answer each other.
func quotedIn(lists ...[]Response) []string {
	var out []string
	for _, list := range lists {
		for i := range list {
			out = append(out, list[i].Event.Statement, list[i].Answers.Statement)
		}
	}
	return out
}

// accountsOf are the statements that tell of an utterance.
func accountsOf(e *store.Story) []string {
	out := make([]string, len(e.Accounts))
	for i := range e.Accounts {
		out[i] = e.Accounts[i].Statement
	}
	return out
}

const onFile = " (on file)" // ends the names of sources whose texts people file

// outlet names a source or outlet: its name is its own, what this site says of it
// is in the tongue.
func (t *tongue) outlet(name string) string {
	if own, ok := strings.CutSuffix(name, onFile); ok {
		return t.say("%s (on file)", own)
	}
	switch name {
	case "Press cuttings on file":
		return t.say("Press cuttings on file")
	case "Audio recordings on file":
		return t.say("Audio recordings on file")
	case "Interviews on file":
		return t.say("Interviews on file")
	}
	return name
}

var noted = regexp.MustCompile(`^(.+), (footnotes?) ([0-9]+(?:, [0-9]+)*)$`)

// note is where a statement was taken from. A footnote is said in the tongue; all
// else stands as it was filed.
func (t *tongue) note(text string) string {
	text = plain(text)
	m := noted.FindStringSubmatch(text)
	switch {
	case m == nil:
		return text
	case m[2] == "footnote":
		return t.say("%s, footnote %s", m[1], m[3])
	}
	return t.say("%s, footnotes %s", m[1], m[3])
}

// medium is how words were spread. The words of this site for it are in the
// tongue, others stand as they were given.
func (t *tongue) medium(m string) string {
	switch k := statement.Kind(m); {
	case slices.Contains(statement.Kinds, k):
		return t.kind(k)
	case m == "text":
		return t.say("text")
	case m == "audio":
		return t.say("audio")
	case m == "video":
		return t.say("video")
	case m == "radio":
		return t.say("radio")
	case m == "letter":
		return t.say("letter")
	}
	return plain(m)
}

// channel is what sort of statement it is and how it was spread, once where both
// are the same.
func (t *tongue) channel(k statement.Kind, medium string) string {
	if medium == "" || medium == string(k) {
		return t.kind(k)
	}
	return t.say("%s, %s", t.kind(k), t.medium(medium))
}
