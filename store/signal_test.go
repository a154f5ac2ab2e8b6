package store

import (
	"testing"

	"palabre/statement"
)

func TestNews(t *testing.T) {
	const (
		none = ""
		pro  = string(statement.Pro)
		anti = string(statement.Anti)
		cond = string(statement.Conditional)
		mix  = string(statement.Mixed)
	)
	for _, c := range []struct {
		topic    statement.Topic
		from, on string
		to, at   string
		want     statement.Reason
		lapsed   bool
	}{
		{statement.Dialogue, none, "", pro, "2021-06-01", statement.First, false},
		{statement.Dialogue, anti, "2015-01-01", anti, "2021-06-01", statement.Reaffirmed, false},
		{statement.Dialogue, anti, "2020-12-03", anti, "2021-06-01", statement.Reaffirmed, false},
		{statement.Dialogue, anti, "2020-12-04", anti, "2021-06-01", "", false},
		{statement.Dialogue, anti, "2020-12", anti, "2021-06-01", "", false},                    // may be the last of the month
		{statement.Dialogue, pro, "2015-01-01", pro, "2021-06-01", statement.Reaffirmed, false}, // renewed after it had lapsed
		{statement.Dialogue, pro, "2015-01-01", anti, "2021-06-01", statement.First, true},
		{statement.Dialogue, anti, "2015-01-01", pro, "2021-06-01", statement.Shift, false},
		{statement.Dialogue, anti, "2021-05-30", pro, "2021-06-01", statement.Shift, false},
		{statement.Dialogue, anti, "2021-05-30", mix, "2021-06-01", statement.Shift, false},
		{statement.Dialogue, mix, "2021-05-30", pro, "2021-06-01", statement.Shift, false},
		{statement.Dialogue, mix, "2021-05-30", cond, "2021-06-01", statement.Shift, false},
		{statement.Dialogue, pro, "2021-05-30", cond, "2021-06-01", statement.ConditionChanged, false},
		{statement.Dialogue, cond, "2021-05-30", pro, "2021-06-01", statement.ConditionChanged, false},
		{statement.Dialogue, cond, "2020-05-30", pro, "2021-06-01", statement.First, true},
		{statement.Dialogue, pro, "2021-05-30", mix, "2021-06-01", statement.WalkBack, false},
		{statement.Dialogue, pro, "2021-05-30", anti, "2021-06-01", statement.WalkBack, false},
		{statement.Dialogue, cond, "2021-05-30", mix, "2021-06-01", statement.WalkBack, false},
		{statement.Dialogue, cond, "2021-05-30", anti, "2021-06-01", statement.WalkBack, false},
		{statement.Dialogue, mix, "2021-05-30", anti, "2021-06-01", statement.WalkBack, false},
		{statement.Dialogue, pro, "2021-05-02", mix, "2021-06-01", statement.WalkBack, false},
		{statement.Dialogue, pro, "2021-05-01", mix, "2021-06-01", statement.Shift, false},
		{statement.Dialogue, pro, "2021-05-20", mix, "2021-06", statement.Shift, false}, // may be the 30th
		{statement.ForeignTroops, cond, "2021-05-30", anti, "2021-06-10", statement.ConditionChanged, false},
		{statement.Sharia, pro, "2011-05-30", cond, "2021-06-10", statement.ConditionChanged, false},
	} {
		now := stood(c.at, "france", statement.Stance(c.to))
		now.actor, now.topic = "france", c.topic
		var previous *event
		if c.from != none {
			previous = stood(c.on, "france", statement.Stance(c.from))
			previous.actor, previous.topic = "france", c.topic
		}
		if got, lapsed := news(previous, now); got != c.want || lapsed != c.lapsed {
			t.Errorf("%s, %s of %s to %s of %s: %q lapsed %t, want %q lapsed %t", c.topic, c.from, c.on, c.to, c.at, got, lapsed, c.want, c.lapsed)
		}
	}
	others := stood("2021-05-30", "france", statement.Conditional)
	others.topic = statement.ForeignTroops
	gone := stood("2021-06-10", "france", statement.Anti)
	gone.topic = statement.ForeignTroops
	if got, _ := news(others, gone); got != statement.WalkBack {
		t.Errorf("a host that turns against troops within days: %q, want a walk-back", got)
	}
}

func TestDoubt(t *testing.T) {
	voice := func(outlet string, firstHand bool, confidence float64, tentative string) *report {
		return &report{outlet: outlet, position: statement.Position{FirstHand: firstHand, Confidence: confidence, Tentative: tentative}}
	}
	echo := voice("afp", false, 0.9, "")
	echo.echo = true
	for _, c := range []struct {
		name    string
		binding bool
		reports []*report
		want    string
		dead    bool
	}{
		{name: "a dead speaker's own words", reports: []*report{voice("al-naba", true, 0.9, "")}, dead: true},
		{name: "a dead speaker, told by others", reports: []*report{voice("rfi", false, 0.9, ""), voice("afp", false, 0.9, "")}, want: doubtDead, dead: true},
		{"own words", true, []*report{voice("rfi", true, 0.9, "")}, "", false},
		{"no authority", false, []*report{voice("rfi", true, 0.9, "")}, doubtAuthority, false},
		{"one outlet", true, []*report{voice("rfi", false, 0.9, "")}, doubtOneOutlet, false},
		{"one outlet twice", true, []*report{voice("rfi", false, 0.9, ""), voice("rfi", false, 0.9, "")}, doubtOneOutlet, false},
		{"two outlets", true, []*report{voice("rfi", false, 0.9, ""), voice("afp", false, 0.9, "")}, "", false},
		{"two outlets, one text", true, []*report{voice("rfi", false, 0.9, ""), echo}, doubtOneOutlet, false},
		{"unsure", true, []*report{voice("rfi", true, 0.4, "")}, doubtConfidence, false},
		{"tentative", true, []*report{voice("rfi", true, 0.9, "experimental rules")}, "experimental rules", false},
		{"tentative, then firm", true, []*report{voice("rfi", true, 0.9, "experimental rules"), voice("afp", false, 0.9, "")}, "", false},
	} {
		e := &event{weight: weight{binding: c.binding}, posthumous: c.dead}
		for _, r := range c.reports {
			e.firstHand = e.firstHand || r.position.FirstHand
		}
		if got := doubt(e, c.reports); got != c.want {
			t.Errorf("%s: doubt %q, want %q", c.name, got, c.want)
		}
	}
}

func TestStale(t *testing.T) {
	for said, want := range map[string]bool{"2021-12-10": false, "2021-12-03": false, "2021-12-02": true, "2021-12": true, "2021": true} {
		if got := isStale(date(said), testClock); got != want {
			t.Errorf("words of %s are stale on %s: %t, want %t", said, testClock, got, want)
		}
	}
}
