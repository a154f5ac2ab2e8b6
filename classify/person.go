package classify

import (
	"unicode/utf8"

	"palabre/lang"
	"palabre/statement"
)

// surname enters the mention of somebody who was introduced before and is now
// called by his last name alone.
func (r *reader) surname(i int) {
	if len(r.doc.surnames) == 0 || r.text.Tokens[i].Kind != lang.Word {
		return
	}
	if h, ok := r.doc.surnames[string(r.text.Folded(i))]; ok {
		m := mention{start: i, end: i + 1, mask: maskPerson, vague: h.guessed}
		r.setActor(&m, h.actor)
		m.holder = h.holder
		r.enter(&m)
	}
}

// acquaintance is whom a last name stands for. guessed is set where nothing tells
// whose the office is that he was introduced by: "President Filipe Nyusi".
type acquaintance struct {
	holder
	guessed bool
}

// introduce remembers the last name of whoever an office or a body is named
// with: the unknown words behind it, "… foreign minister, Robert Dussey", or the
// last of a known name.
func (r *reader) introduce(m *mention) {
	const longest, least = 5, 4 // words of a name; letters of a last name
	if !m.office && m.mask&maskPerson == 0 || !m.holder.known() || m.echo {
		return
	}
	last := m.end - 1
	if m.holder.speaker == "" {
		i := m.end
		if i < len(r.text.Tokens) && r.text.Tokens[i].Kind == lang.Comma {
			i++
		}
		first := i
		for i < len(r.text.Tokens) && i-first < longest && r.isNamePart(i) {
			i++
		}
		if last = i - 1; i-first < 2 { // a given name and a last name
			return
		}
	} else if m.end-m.start < 2 {
		return
	}
	if name := r.text.Folded(last); utf8.RuneCount(name) >= least && len(r.hitsAt(last)) == 0 {
		r.doc.surnames[string(name)] = acquaintance{m.holder, m.vague}
	}
}

// isNamePart reports whether token i may be part of a name that nobody knows.
func (r *reader) isNamePart(i int) bool {
	t := &r.text.Tokens[i]
	return t.Kind == lang.Word && len(r.hitsAt(i)) == 0 && (t.Upper || t.Script == lang.Arabic)
}

// namesake reports whether a surname that stands alone follows a given name that
// is not known, or stands before one, and so belongs to somebody else: "Haïdara
// Moulaye".
func (r *reader) namesake(m *mention) bool {
	if m.end-m.start != 1 {
		return false
	}
	if r.field == statement.Text && m.end < len(r.text.Tokens) && r.text.Tokens[m.end].Script != lang.Arabic && r.isNamePart(m.end) {
		return true
	}
	if m.start == 0 {
		return false
	}
	before := &r.text.Tokens[m.start-1]
	if before.Kind != lang.Word || len(r.hitsAt(m.start-1)) > 0 {
		return false
	}
	if before.Script == lang.Arabic {
		return m.start > 1 && r.has(m.start-2, cueSay)
	}
	return before.Upper
}

func (r *reader) person(m *mention, id string) {
	actor := id
	if r.s.Issuer != "" && r.s.Speaker == id {
		actor = r.s.Issuer // who filed the text says for whom this person speaks in it
	} else if body := r.doc.speakFor[id]; body != "" {
		actor = body
	} else if p := r.p.person(id); p != nil {
		if a := p.ActorAt(r.when); a != "" {
			actor = a
		} else if last := r.p.actor(p.ActorAt(p.Died.Time)); last != nil && kindMasks[last.Kind] == maskGroup && r.when.After(p.Died.Time) {
			actor = last.ID // a recording from before he was killed
		}
	}
	r.setActor(m, actor)
	m.mask |= maskPerson
	m.holder.speaker = id
}

// speakFor makes a person speak for the body that the text names with him: that
// of somebody out of office, or a movement or council of several that he serves.
// An ambassador "to Mali" does not speak for that state.
func (r *reader) speakFor(m *mention, body string) {
	a := r.p.actor(body)
	if a == nil || m.holder.actor != m.holder.speaker && a.Kind == statement.State {
		return
	}
	speaker := m.holder.speaker
	r.setActor(m, body)
	m.holder.speaker = speaker
	r.doc.speakFor[speaker] = body
}

// apposition gives a person the body that an office behind his name tells: "Bilal
// Ag Acherif, president of the CMA".
func (r *reader) apposition(m *mention) {
	if !m.office || m.vague || m.holder.speaker != "" || len(r.mentions) == 0 {
		return
	}
	last := &r.mentions[len(r.mentions)-1]
	if last.holder.speaker == "" || m.start == last.end || m.start-last.end > 2 {
		return
	}
	for k := last.end; k < m.start; k++ {
		if r.text.Tokens[k].Kind != lang.Comma && !r.isMark(k) && !r.has(k, cueArticle) {
			return
		}
	}
	r.speakFor(last, m.holder.actor)
}
