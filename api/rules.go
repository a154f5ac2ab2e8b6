package api

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"palabre/classify"
	"palabre/lang"
	"palabre/statement"
	"palabre/store"
)

// Rulebook is how the pages reach the rules.
type Rulebook struct {
	Pack func() *classify.Pack // in use
	// Over returns the rules in use with a file over them. An error tells the
	// mistakes in it, or the examples that do not come out.
	Over func(file, text string) (*classify.Pack, error)
}

const (
	rulesOnPage  = 100
	tagsLately   = 20_000 // last positions that tell what rules find lately
	tagsOnPage   = 20
	longestRules = 64 << 10 // bytes of a file of rules
)

// ruleRow is a rule with how many of the last positions it found.
type ruleRow struct {
	classify.Rule
	Tags int
}

// rulesPage lists the rules.
type rulesPage struct {
	frame
	Version  string
	Packs    []packRow
	Rules    []ruleRow
	Total    int    // rules that are asked for
	Of       int    // rules there are
	Examples int    // of all of them
	Lang     string // asked for
	Named    string // part of the name, or of what a rule reads
	Lately   int
}

// packRow is the rules of a language.
type packRow struct {
	Lang  string
	Rules int
	Tried bool
	Link  string
	On    bool
}

func (s *server) rulesPage(r *http.Request) (string, any, error) {
	if s.rules == nil {
		return "", nil, errNoRules
	}
	f, err := s.frame(r, "rules", say("Rules"))
	if err != nil {
		return "", nil, err
	}
	tags, err := s.store.TagsByRule(r.Context(), tagsLately)
	if err != nil {
		return "", nil, err
	}
	pack, q := s.rules.Pack(), r.URL.Query()
	page := &rulesPage{frame: f, Version: pack.Version(), Lang: q.Get("lang"), Named: strings.TrimSpace(q.Get("named")), Lately: tagsLately}
	page.Of, page.Examples = pack.Examples()
	all := pack.Rules()
	page.Packs = page.packs(all)
	named := lang.Fold(page.Named)
	for i := range all {
		rule := &all[i]
		if (page.Lang == "" || rule.Lang == page.Lang) && strings.Contains(lang.Fold(rule.Name+" "+rule.Reads), named) {
			page.Rules = append(page.Rules, ruleRow{*rule, tags[rule.Name]})
		}
	}
	slices.SortStableFunc(page.Rules, func(a, b ruleRow) int { return b.Tags - a.Tags })
	page.cut(q.Get("from"))
	return "rules", page, nil
}

// packs counts the rules of each language.
func (p *rulesPage) packs(all []classify.Rule) []packRow {
	out := []packRow{{Rules: len(all), Link: p.address("", 0), On: p.Lang == ""}}
	for i := range all {
		rule := &all[i]
		if last := &out[len(out)-1]; last.Lang != rule.Lang {
			out = append(out, packRow{Lang: rule.Lang, Tried: rule.Tried, Link: p.address(rule.Lang, 0), On: p.Lang == rule.Lang})
		}
		out[len(out)-1].Rules++
	}
	return out
}

// cut keeps the rules of one page.
func (p *rulesPage) cut(from string) {
	p.Total = len(p.Rules)
	at, err := strconv.Atoi(from)
	if err != nil || at < 0 || at > p.Total {
		at = 0
	}
	if at > 0 {
		p.Later = p.address(p.Lang, 0)
	}
	end := min(at+rulesOnPage, p.Total)
	if end < p.Total {
		p.Earlier = p.address(p.Lang, end)
	}
	p.Rules = p.Rules[at:end]
}

func (p *rulesPage) address(language string, from int) string {
	v := make(url.Values)
	if language != "" {
		v.Set("lang", language)
	}
	if p.Named != "" {
		v.Set("named", p.Named)
	}
	if from > 0 {
		v.Set("from", strconv.Itoa(from))
	}
	return (&url.URL{Path: "/rules", RawQuery: v.Encode()}).String()
}

// rulePage shows a rule with its examples and what it found lately.
type rulePage struct {
	frame
	Rule classify.Rule
	Tags []store.Tagged
}

func (s *server) rulePage(r *http.Request) (string, any, error) {
	rule, err := s.ruleNamed(r.PathValue("name"))
	if err != nil {
		return "", nil, err
	}
	f, err := s.frame(r, "rules", say("%s", rule.Name))
	if err != nil {
		return "", nil, err
	}
	page := &rulePage{frame: f, Rule: *rule}
	page.Tags, err = s.store.TagsOf(r.Context(), rule.Name, tagsOnPage)
	return "rule", page, err
}

// InUse reports whether a rule that read the statement is among those in use, and
// so has a page.
func (p *statementPage) InUse(name string) bool { return p.inUse[name] }

// ruleNames are the names of the rules in use; none where no rules are read.
func (s *server) ruleNames() map[string]bool {
	out := make(map[string]bool)
	if s.rules != nil {
		for _, r := range s.rules.Pack().Rules() {
			out[r.Name] = true
		}
	}
	return out
}

// ruleNamed returns a rule in use.
func (s *server) ruleNamed(name string) (*classify.Rule, error) {
	if s.rules == nil {
		return nil, errNoRules
	}
	all := s.rules.Pack().Rules()
	i := slices.IndexFunc(all, func(r classify.Rule) bool { return r.Name == name })
	if i < 0 {
		return nil, store.ErrNotFound
	}
	return &all[i], nil
}

const (
	triedOn        = 2_000 // last statements on which changed rules are tried
	triedAtOnce    = 250
	triedFor       = 10 * time.Second
	changesOnPage  = 40
	defaultFile    = "mine.rules"
	longestComment = 4000 // letters of what is wrong
)

// overlayPage shows what changed rules would do before they go live.
type overlayPage struct {
	frame
	File    string // such as fr/mine.rules
	Text    string
	Fault   string // why the rules do not load
	Tried   *trial // nil where nothing was tried
	Longest int
}

// trial is what became of statements that were read with other rules.
type trial struct {
	Version string // of the rules with the file over them
	Read    int    // statements
	Changed int    // that would be read otherwise
	Gone    int    // positions
	Come    int
	Cut     bool // time ran out before all were read
	Changes []change
}

// change is a statement that would be read otherwise.
type change struct {
	ID, Title, Lang string
	Gone, Come      []statement.Position
}

// overlayForm offers to try a file of rules: the sample, or a rule in use.
func (s *server) overlayForm(r *http.Request) (string, any, error) {
	if s.rules == nil {
		return "", nil, errNoRules
	}
	f, err := s.frame(r, "rules", say("Try changed rules"))
	if err != nil {
		return "", nil, err
	}
	page := &overlayPage{frame: f, File: "fr/" + defaultFile, Text: sampleRule, Longest: longestRules}
	if name := r.URL.Query().Get("rule"); name != "" {
		rule, err := s.ruleNamed(name)
		if err != nil {
			return "", nil, err
		}
		page.File, page.Text = rule.Lang+"/"+defaultFile, rule.Text
	}
	return "overlay", page, nil
}

// sampleRule is a rule to begin from.
const sampleRule = `rule fr.dialogue.tourne-la-page
  reads  un acteur tourne la page des pourparlers
  when   "tourn* la page" ~4 <talks>
  gives  dialogue anti
  yes    "Le gouvernement malien tourne la page du dialogue avec le JNIM." => mali-government dialogue anti jnim
  yes    "La France a tourné la page des négociations avec les jihadistes au Mali." => france dialogue anti armed-groups
  no     "Le Mali tourne la page de la saison des pluies."
`

// tryOverlay reads the last statements with the rules in use and with those that
// a person would put over them.
func (s *server) tryOverlay(r *http.Request) (string, any, error) {
	if s.rules == nil {
		return "", nil, errNoRules
	}
	if err := r.ParseForm(); err != nil {
		return "", nil, rejected("the form cannot be read")
	}
	f, err := s.frame(r, "rules", say("Try changed rules"))
	if err != nil {
		return "", nil, err
	}
	page := &overlayPage{frame: f, File: strings.TrimSpace(r.PostForm.Get("file")), Text: r.PostForm.Get("text"), Longest: longestRules}
	page.Here = "/rules/overlay"
	switch {
	case len(page.Text) > longestRules:
		return "", nil, rejected("the file has %d bytes, the most is %d", len(page.Text), longestRules)
	case !utf8.ValidString(page.Text):
		return "", nil, rejected("the file is not valid UTF-8")
	}
	before := s.rules.Pack()
	after, err := s.rules.Over(page.File, strings.ReplaceAll(page.Text, "\r\n", "\n"))
	if err != nil {
		fault := []rune(plain(err.Error()))
		page.Fault = string(fault[:min(len(fault), longestComment)])
		return "overlay", page, nil
	}
	page.Tried, err = s.try(r.Context(), before, after)
	return "overlay", page, err
}

// try reads the last statements with two packs.
func (s *server) try(ctx context.Context, before, after *classify.Pack) (*trial, error) {
	t := &trial{Version: after.Version()}
	end := time.Now().Add(triedFor)
	for place := int64(0); t.Read < triedOn; {
		held, next, err := s.store.Recent(ctx, place, triedAtOnce)
		if err != nil {
			return nil, err
		}
		for i := range held {
			if t.Cut = time.Now().After(end); t.Cut {
				return t, nil
			}
			t.compare(&held[i].Statement, before, after)
		}
		if place = next; next == 0 {
			break
		}
	}
	return t, nil
}

func (t *trial) compare(st *statement.Statement, before, after *classify.Pack) {
	t.Read++
	gone, come := classify.Differ(before.Read(st).Positions, after.Read(st).Positions)
	if len(gone)+len(come) == 0 {
		return
	}
	t.Changed++
	t.Gone += len(gone)
	t.Come += len(come)
	if len(t.Changes) < changesOnPage {
		t.Changes = append(t.Changes, change{st.Of, st.Title, st.Lang, gone, come})
	}
}
