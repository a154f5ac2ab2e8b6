package classify

import (
	"cmp"
	"slices"

	"palabre/lang"
	"palabre/statement"
)

// survey finds what holds for the whole statement: who issues it, whether it is
// about the Sahel, and every mention. Descriptions such as "the government"
// depend on the issuer, so that mentions are found again once it is known.
func (r *reader) survey(s *statement.Statement) {
	if len(r.passages) == 0 {
		return
	}
	r.findAllMentions()
	r.doc.sahel = r.doc.sahel || r.fromSahel(s.Outlet)
	if r.doc.home = r.doc.mostNamed(); r.doc.unnamed && r.doc.home != maliGovernment && r.doc.home != "" {
		r.findAllMentions() // "the government" stands before the state is named
	}
	issuer := s.Issuer
	if issuer == "" && (s.Kind == statement.Speech || s.Kind == statement.Interview) {
		channel := cmp.Or(s.Owner, r.issuerOf(s.Outlet))
		if a := r.p.actor(channel); a == nil || a.Kind != statement.State || s.Kind == statement.Interview { // what a state publishes of speeches is its own
			issuer = r.titleActor(channel, s.Kind == statement.Interview)
		}
	}
	if issuer = cmp.Or(issuer, s.Owner); issuer == "" && firstPersonKinds[s.Kind] {
		issuer = r.guessIssuer(s)
	}
	if id := r.authorOf(s); id != "" {
		r.doc.author = r.holderOf(id)
	}
	if s.Kind == statement.Transcript {
		r.doc.voice = r.holderOf(cmp.Or(r.titleVoice(), r.introduced()))
	}
	if issuer == "" || !firstPersonKinds[s.Kind] || s.Kind == statement.Transcript {
		return
	}
	r.doc.issuer = r.holderOf(issuer)
	r.doc.sahel = r.doc.sahel || sahelStates[issuer] || r.doc.issuer.group && issuer != anyGroup
	if r.doc.issuer.speaker = s.Speaker; s.Speaker == "" {
		r.doc.issuer.speaker = r.signature(issuer)
	}
	if s.Kind == statement.Interview {
		r.doc.voice, r.doc.guest = r.doc.issuer, r.doc.issuer
	}
	if !r.doc.described && !r.doc.issuer.group {
		return
	}
	r.findAllMentions()
}

// findAllMentions finds the mentions of every passage, in order.
func (r *reader) findAllMentions() {
	d := &r.doc
	d.recent = recent{}
	d.groups, d.forces, d.lands = d.groups[:0], d.forces[:0], d.lands[:0]
	clear(d.posts)
	clear(d.actors)
	for _, p := range r.passages {
		r.passage = p
		r.findMentions()
		d.sahel = d.sahel || r.within(0, len(r.cues), cueSahel)
		d.algiers = d.algiers || r.within(0, len(r.cues), cueAlgiers)
	}
}

func (r *reader) holderOf(id string) holder {
	m := mention{}
	r.setActor(&m, id)
	return m.holder
}

// analyst is the actor that stands for think tanks, researchers and experts.
const analyst = "analyst"

// signature returns the first person of the statement who speaks for the body.
func (r *reader) signature(body string) string {
	for _, p := range r.passages {
		for i := range p.mentions {
			if m := &p.mentions[i]; m.holder.speaker != "" && m.holder.actor == body {
				return m.holder.speaker
			}
		}
	}
	return ""
}

// guessIssuer finds in whose name a text speaks that does not say so in its
// description: the outlet's own name, else the first body named.
func (r *reader) guessIssuer(s *statement.Statement) string {
	switch s.Kind {
	case statement.Editorial:
		if r.issuerOf(s.Outlet) == analyst { // what a think tank thinks
			return analyst
		}
		return press
	case statement.Interview:
		return r.interviewed()
	case statement.Communique:
		if a := r.p.actor(s.Outlet); a != nil {
			return a.ID
		}
	}
	if id := r.issuerOf(s.Outlet); id != "" {
		return id
	}
	if id := cmp.Or(r.introduced(), r.titleOffice()); id != "" {
		return id
	}
	briefs := "" // a body whose own officials brief it
	if a := r.p.actor(s.Outlet); a != nil && a.Kind == statement.Body && s.Kind == statement.Speech && !r.isLabelled() {
		briefs = a.ID
	}
	for _, p := range r.passages {
		r.passage = p
		for i := range p.mentions {
			m := &p.mentions[i]
			if s.Kind == statement.Post && m.start >= r.text.Sentences[0].End {
				break // a post opens with whose it is
			}
			opens := briefs == "" || !m.vague && m.start == r.sentenceOf(m.start).Start
			if opens && m.holder.known() && !m.oblique && m.mask&maskActor != 0 && !r.heads(m) && !r.places(m) {
				return m.holder.actor
			}
		}
	}
	return briefs
}

// places reports whether the mention only tells in the first line of a post where its
// page is from: "Youth of the Republic - Bamako".
func (r *reader) places(m *mention) bool {
	return r.s.Kind == statement.Post && m.start > 0 && r.text.Tokens[m.start].Sentence == 0 && r.text.Tokens[m.start-1].Kind == lang.Dash && m.mask&maskState != 0 && !m.office
}

// introduced returns the first whom the text says that "we" are, "we in the League of
// Imams", or "".
func (r *reader) introduced() string {
	for _, p := range r.passages {
		r.passage = p
		for i := r.first(0, len(r.cues), cueFirstPerson); i >= 0; i = r.first(i+1, len(r.cues), cueFirstPerson) {
			if we := r.weOf(i, r.sentenceOf(i).End); we.known() && we.actor != anyGroup && r.text.Tokens[i].Quote == 0 {
				return we.actor
			}
		}
	}
	return ""
}

// isLabelled reports whether the text begins with the label of a turn, "Mr. Hoang
// (Chad): …".
func (r *reader) isLabelled() bool {
	for _, p := range r.passages {
		if p.field == statement.Text {
			return slices.ContainsFunc(p.text.Tokens[:min(labelReach, len(p.text.Tokens))], func(t lang.Token) bool { return t.Kind == lang.Colon })
		}
	}
	return false
}

// titleActor returns the first actor in the title other than the channel itself:
// who speaks where a body publishes what its members say. In an interview it is a
// person, or one of the groups for which an armed group's medium speaks.
func (r *reader) titleActor(channel string, person bool) string {
	for _, p := range r.passages {
		for i := range p.mentions {
			if m := &p.mentions[i]; p.field == statement.Title && m.holder.known() && !m.vague && m.holder.actor != channel && m.holder.actor != anyGroup && m.mask&maskActor != 0 && !m.troops && (!person || m.mask&maskPerson != 0 || m.mask&maskGroup != 0 && r.holderOf(channel).group) {
				return m.holder.actor
			}
		}
	}
	return ""
}

// titleOffice returns for whom the office speaks that the title names first, behind a
// preposition: "statement by the permanent representative of France". Else "".
func (r *reader) titleOffice() string {
	for _, p := range r.passages {
		for i := range p.mentions {
			if m := &p.mentions[i]; p.field == statement.Title && m.mask&maskActor != 0 {
				if m.office && m.oblique && !m.vague && m.holder.known() {
					return m.holder.actor
				}
				return ""
			}
		}
	}
	return ""
}

// titleVoice returns the one person or armed group that the title names, whose words a
// recording is, or "".
func (r *reader) titleVoice() string {
	only := ""
	for _, p := range r.passages {
		for i := range p.mentions {
			m := &p.mentions[i]
			if p.field != statement.Title || !m.holder.known() || m.vague || m.mask&(maskPerson|maskGroup) == 0 {
				continue
			}
			if only != "" && only != m.holder.actor {
				return ""
			}
			only = m.holder.actor
		}
	}
	return only
}

// isHeading reports whether the mention is the subject heading of a title:
// "Mali: the European Union ends its mission".
func (p *passage) isHeading(m *mention) bool {
	return p.field == statement.Title && m.mask&maskPerson == 0 && p.colonBehind(m)
}

// heads reports whether the mention is a subject heading of a title, or of a
// paragraph where nobody takes turns: a state or place that stands before a colon,
// as in live blogs and reviews of the day.
func (r *reader) heads(m *mention) bool {
	if r.colonBehind(m) && r.saysBehind(m) {
		return false
	}
	if r.isHeading(m) {
		return true
	}
	if r.hasTurns() || r.s.Kind == statement.Speech || m.start > 0 && r.text.Tokens[m.start-1].Kind != lang.Break {
		return false
	}
	a := r.p.actor(m.holder.actor)
	land := m.mask&maskPlace != 0 || a != nil && a.Kind == statement.State && !m.office && !m.vague && m.mask&maskPerson == 0
	return land && r.colonBehind(m)
}

// saysBehind reports whether the mention before a colon speaks behind it: as an office
// does, and in a report whoever says "we" there, "Paris: we withdraw".
func (r *reader) saysBehind(m *mention) bool {
	const reach = 3 // tokens from the colon to "we"
	office := slices.ContainsFunc(r.hitsAt(m.start), func(h hit) bool { return h.sense.kind == senseOffice })
	return office || !firstPersonKinds[r.s.Kind] && r.within(m.end+1, m.end+1+reach, cueFirstPerson)
}

// headed reports whether the sentence begins with a subject heading.
func (r *reader) headed(s lang.Span) bool {
	m := r.mentionStarting(s.Start)
	return m != nil && r.heads(m)
}

func (p *passage) colonBehind(m *mention) bool {
	return m.end < len(p.text.Tokens) && p.text.Tokens[m.end].Kind == lang.Colon
}

// interviewed returns for whom the person speaks who answers: somebody known
// whom the title names, else what the first question says of him. Somebody who
// says "our army" speaks for the state that is named most; of anybody else it is
// only known that he was asked for his opinion.
func (r *reader) interviewed() string {
	counts := make(map[string]int)
	most, ours, asked := "", false, ""
	for _, p := range r.passages {
		r.passage = p
		first := p.text.Sentences
		for i := range p.mentions {
			m := &p.mentions[i]
			if !m.holder.known() || m.echo || m.troops {
				continue
			}
			switch {
			case p.field == statement.Title && (m.holder.speaker != "" || m.mask&maskState == 0 || r.g.verbFirst && m.office && p.colonBehind(m)):
				return m.holder.actor
			case m.mask&maskState != 0:
				if counts[m.holder.actor]++; counts[m.holder.actor] > counts[most] {
					most = m.holder.actor
				}
			}
			if asked == "" && p.field == statement.Text && (m.mask&maskState == 0 && !(m.vague && m.holder.actor == anyGroup) || m.office && r.toldYouAre(m)) && int(p.text.Tokens[m.start].Sentence) < min(2, len(first)) {
				asked = m.holder.actor
			}
		}
		for i := range p.text.Tokens {
			ours = ours || r.has(i, cueFirstPerson) && i+1 < len(p.text.Tokens) && (r.has(i+1, cueTroops) || r.has(i+1, cueCountry))
		}
	}
	switch {
	case asked != "":
		return asked
	case ours:
		return most
	}
	return analyst
}

// toldYouAre reports whether an interviewer says to somebody that he is what the Arabic
// mention tells: "أنت رئيس لجنة المصالحة في المجلس الوطني".
func (r *reader) toldYouAre(m *mention) bool {
	const reach = 3
	for k := m.start - 1; k >= max(0, m.start-reach); k-- {
		if youAre[string(r.text.Folded(k))] {
			return true
		}
	}
	return false
}

// authorOf returns the actor under whose name the statement was published, or "".
// In reports the ID of a body does for its name; where somebody speaks it may be
// the place where he does.
func (r *reader) authorOf(s *statement.Statement) string {
	if a := r.p.actor(s.Outlet); a != nil && a.Kind == statement.Body && !firstPersonKinds[s.Kind] {
		return a.ID
	}
	return r.issuerOf(s.Outlet)
}

// fromSahel reports whether the name of an outlet places its text in the Sahel,
// which names no other part of the world.
func (r *reader) fromSahel(outlet string) bool {
	current := r.passage
	defer func() { r.passage = current }()
	for _, r.passage = range r.passages {
		if r.within(0, len(r.cues), cueElsewhere) {
			return false
		}
	}
	r.passage = current
	r.issuerOf(outlet)
	r.passage = &r.outlet
	return r.within(0, len(r.cues), cueSahel)
}

// issuerOf returns the actor for which an outlet of the name speaks, or "". One
// with the ID of an actor speaks for it, save that of a body of states, at which
// others speak.
func (r *reader) issuerOf(outlet string) string {
	if a := r.p.actor(outlet); a != nil && a.Kind != statement.Body {
		return a.ID
	}
	current := r.passage
	defer func() { r.passage = current }()
	r.outlet.g = current.g
	r.passage = &r.outlet
	r.text.Scan(outlet)
	r.findHits()
	longest, id := int16(0), ""
	for _, h := range r.hits {
		if h.sense.kind == senseIssuer && h.n > longest {
			longest, id = h.n, r.g.names[h.sense.ref].id
		}
	}
	return id
}
