package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"math"
	"net/url"
	"strings"
	"time"
	"unicode"

	"palabre/statement"
)

// functions are what templates may call in a tongue. Whatever was fetched goes
// through text or heading, which take away what could make it read other than it
// is written; html/template escapes everything.
func (p *pages) functions(t *tongue) template.FuncMap {
	return template.FuncMap{
		"t":        t.translate,
		"th":       t.translateHTML,
		"bdi":      bdi,
		"bdis":     t.bdis,
		"strong":   strong,
		"linked":   t.linked,
		"iso":      func(at time.Time) string { return at.UTC().Format(time.RFC3339) },
		"sure":     func(f float64) int { return int(math.Round(100 * f)) },
		"code":     code,
		"json":     indented,
		"tongue":   func() *tongue { return t },
		"tongues":  func() []*tongue { return p.tongues },
		"text":     plain,
		"heading":  t.heading,
		"line":     alertLine,
		"web":      webAddress,
		"asset":    func(name string) string { return "/static/" + name + "?v=" + p.versions[name] },
		"actor":    t.actor,
		"person":   t.person,
		"place":    t.place,
		"kindof":   t.placeKind,
		"grade":    t.grade,
		"hold":     hold,
		"act":      t.deedDone,
		"link":     linked,
		"outcome":  t.outcome,
		"means":    t.means,
		"span":     t.span,
		"fetches":  t.sourceKind,
		"topic":    t.topic,
		"about":    t.about,
		"glyph":    func(s statement.Stance) string { return s.Glyph() },
		"stance":   t.stance,
		"reason":   t.reason,
		"kind":     t.kind,
		"language": t.language,
		"date":     t.date,
		"moment":   t.moment,
		"clock":    t.clockNow,
		"did":      t.did,
		"status":   t.status,
		"how":      t.how,
		"pace":     t.pace,
		"way":      t.way,
		"notice":   t.notice,
		"chosen":   func(f statement.Filter) string { return t.chosen(&f) },
		"percent":  func(f float64) string { return t.say("%d %%", int(math.Round(100*f))) },
		"english":  english,
		"told":     t.told,
		"office":   t.office,
		"profile":  t.profile,
		"medium":   t.medium,
		"channel":  t.channel,
		"note":     t.note,
		"outlet":   t.outlet,
		"cited":    cited,
		"inc":      func(i int) int { return i + 1 },
	}
}

// label is what somebody is called in the tongue: the name for people, or the
// first one in the tongue's script.
func (t *tongue) label(english string, names []statement.Name) string {
	if t.Lang != "ar" {
		return english
	}
	for _, n := range names {
		if n.Weak || n.Lang != "" && n.Lang != "ar" {
			continue
		}
		if strings.IndexFunc(n.Text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) >= 0 {
			return n.Text
		}
	}
	return english
}

func (t *tongue) actor(id string) string {
	if a := t.reg.Actor(id); a != nil {
		return a.LabelIn(t.Lang)
	}
	return plain(id)
}

// linked is an actor's name that leads to its page.
func (t *tongue) linked(id string) template.HTML {
	return template.HTML(`<a href="/actors/` + url.PathEscape(id) + `">` + string(bdi(t.actor(id))) + `</a>`) //nolint:gosec // both parts were escaped
}

func (t *tongue) person(id string) string {
	if p := t.reg.Person(id); p != nil {
		return t.label(p.Label, p.Names)
	}
	return plain(id)
}

func (t *tongue) place(id string) string {
	for i := range t.reg.Places {
		if p := &t.reg.Places[i]; p.ID == id {
			if t.Lang == "fr" {
				return placeName(p)
			}
			return t.label(p.Label, p.Names)
		}
	}
	return plain(id)
}

// about names a question and the other side.
func (t *tongue) about(topic statement.Topic, target string) string {
	switch {
	case target == "":
		return t.topic(topic)
	case topic == statement.Dialogue:
		return t.say("dialogue with %s", t.actor(target))
	case topic == statement.ForeignTroops:
		if t.reg.Actor(target) == nil {
			return t.say("foreign troops")
		}
		return t.say("troops of %s", t.actor(target))
	}
	return t.say("%s, %s", t.topic(topic), t.actor(target))
}

func (t *tongue) topic(topic statement.Topic) string {
	switch topic {
	case statement.Dialogue:
		return t.say("dialogue")
	case statement.ForeignTroops:
		return t.say("foreign troops")
	case statement.Sharia:
		return t.say("Sharia")
	}
	return plain(strings.ReplaceAll(string(topic), "_", " "))
}

// stance is the word for a stance; that of none is empty.
func (t *tongue) stance(s statement.Stance) string {
	switch s {
	case statement.Pro:
		return t.say("for")
	case statement.Anti:
		return t.say("against")
	case statement.Conditional:
		return t.say("conditional")
	case statement.Mixed:
		return t.say("mixed")
	}
	return plain(string(s))
}

func (t *tongue) reason(r statement.Reason) string {
	switch r {
	case statement.First:
		return t.say("first position")
	case statement.Shift:
		return t.say("shift")
	case statement.WalkBack:
		return t.say("walk-back")
	case statement.ConditionChanged:
		return t.say("condition changed")
	case statement.Reaffirmed:
		return t.say("reaffirmed")
	case statement.Split:
		return t.say("split")
	case statement.Posthumous:
		return t.say("posthumous")
	case statement.Silence:
		return t.say("silence")
	}
	return plain(string(r))
}

// kind is the genre of a statement.
func (t *tongue) kind(k statement.Kind) string {
	switch k {
	case statement.Wire:
		return t.say("wire")
	case statement.Article:
		return t.say("article")
	case statement.Editorial:
		return t.say("editorial")
	case statement.Communique:
		return t.say("communiqué")
	case statement.Speech:
		return t.say("speech")
	case statement.Interview:
		return t.say("interview")
	case statement.Transcript:
		return t.say("transcript")
	case statement.Post:
		return t.say("post")
	}
	return plain(string(k))
}

// did says what somebody did.
func (t *tongue) did(a statement.Action) string { return t.in(deed(a)) }

func deed(a statement.Action) phrase {
	switch a {
	case statement.HandEntry:
		return say("filed a statement")
	case statement.Poll:
		return say("fetched a source")
	case statement.Replay:
		return say("replayed a dead letter")
	case statement.Acknowledge:
		return say("acknowledged a signal")
	case statement.Own:
		return say("took over a signal")
	case statement.Snooze:
		return say("set a signal aside")
	case statement.MarkFalse:
		return say("marked a signal false")
	case statement.Confirm:
		return say("confirmed a signal")
	case statement.Undo:
		return say("took something back")
	case statement.PutSilence:
		return say("put a silence")
	case statement.EndSilence:
		return say("ended a silence")
	case statement.PutReceiver:
		return say("changed a receiver")
	case statement.DropReceiver:
		return say("dropped a receiver")
	case statement.Heartbeat:
		return say("asked for a heartbeat")
	case statement.SplitEvent:
		return say("split an event")
	case statement.MergeEvents:
		return say("merged events")
	case statement.JudgeDemand:
		return say("judged a demand")
	case statement.ConfirmPosition:
		return say("confirmed a position")
	case statement.CorrectPosition:
		return say("corrected a position")
	case statement.BeginWatch:
		return say("began the watch")
	case statement.EndWatch:
		return say("ended the watch")
	case statement.SaveSearch:
		return say("saved a search")
	case statement.DropSearch:
		return say("dropped a saved search")
	case statement.Export:
		return say("exported statements")
	case statement.DraftDigest:
		return say("drafted a digest")
	case statement.EditDigest:
		return say("edited a digest")
	case statement.IssueDigest:
		return say("issued a digest")
	case statement.PutSource:
		return say("entered a source")
	case statement.PauseSource:
		return say("paused a source")
	case statement.ResumeSource:
		return say("resumed a source")
	case statement.DropSource:
		return say("removed a source")
	}
	return say("%s", string(a))
}

// how says how it is known that one event answers another.
func (t *tongue) how(l statement.Link) string {
	switch l {
	case statement.Quoted:
		return t.say("it quotes the words")
	case statement.Named:
		return t.say("it names who spoke")
	case statement.Addressed:
		return t.say("it was put to whoever answers")
	case statement.OwnHouse:
		return t.say("another voice of the same body")
	}
	return plain(string(l))
}

func (t *tongue) status(s statement.DemandStatus) string {
	switch s {
	case statement.DemandOpen:
		return t.say("open")
	case statement.DemandDropped:
		return t.say("dropped")
	case statement.DemandMayMet:
		return t.say("may be met")
	case statement.DemandMet:
		return t.say("met")
	}
	return plain(string(s))
}

// pace is when a receiver is told.
func (t *tongue) pace(m statement.PaceMode) string {
	switch m {
	case statement.AtOnce, "":
		return t.say("at once")
	case statement.Grouped:
		return t.say("grouped")
	case statement.Hourly:
		return t.say("hourly")
	case statement.Daily:
		return t.say("daily")
	}
	return plain(string(m))
}

// way is how a receiver is reached.
func (t *tongue) way(k statement.WayKind) string {
	switch k {
	case statement.Email:
		return t.say("e-mail")
	case statement.Webhook:
		return "webhook"
	case statement.Chat:
		return t.say("chat")
	case statement.Subject:
		return "NATS"
	}
	return plain(string(k))
}

// notice is what a notice does to what its receiver knows.
func (t *tongue) notice(k statement.NoticeKind) string {
	switch k {
	case statement.NoticeNew:
		return t.say("new")
	case statement.NoticeUpdate:
		return t.say("update")
	case statement.NoticeCorrected:
		return t.say("corrected")
	case statement.NoticeWithdrawn:
		return t.say("withdrawn")
	case statement.NoticeEscalated:
		return t.say("escalated")
	case statement.NoticeWatch:
		return t.say("the watch")
	case statement.NoticeHeartbeat:
		return t.say("heartbeat")
	}
	return plain(string(k))
}

// heading is a title on a page, where an empty one would be a link to nothing.
func (t *tongue) heading(title string) string {
	if title = strings.TrimSpace(plain(title)); title != "" {
		return title
	}
	return t.say("Untitled")
}

// language names a language.
func (t *tongue) language(tag string) string {
	if tag == "" || tag == "und" {
		return t.say("unknown language")
	}
	return plain(statement.LanguageName(tag, t.Lang))
}

// date turns an ISO date of any precision into prose.
func (t *tongue) date(iso string) string {
	d, err := statement.ParseDate(iso, "")
	if err != nil {
		return t.say("undated")
	}
	return d.In(t.Lang)
}

// moment is a time to the minute.
func (t *tongue) moment(at any) string {
	switch at := at.(type) {
	case time.Time:
		day := statement.Date{Time: at.UTC(), Precision: statement.Day}
		return t.say("%s, %s", day.In(t.Lang), at.UTC().Format("15:04 UTC"))
	case *time.Time:
		return t.moment(*at)
	}
	return fmt.Sprint(at)
}

// indented is JSON as people read it.
func indented(data json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		return plain(string(data))
	}
	return plain(b.String())
}
