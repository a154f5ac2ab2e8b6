package api

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"

	"palabre/statement"
	"palabre/store"
)

// topicsPage is the matrix of actors and topics, or the lines on one topic.
type topicsPage struct {
	frame
	AsOf    string          // day; today if empty
	Topic   statement.Topic // the one that is shown alone; empty in the matrix
	Topics  []statement.Topic
	Tabs    []link
	Kinds   []standKind
	Tallies []stanceTally
	Actors  int
	Lines   int
	Ledger  []link // conditions of the whole, by status
}

// standKind are the actors of one kind.
type standKind struct {
	Name phrase
	Rows []standRow
}

// standRow is one actor: its lines by topic, in the order of the topics.
type standRow struct {
	Actor   string
	Cells   []standCell
	Demands []link // how many of its conditions have which status
	latest  string
}

// standCell is where an actor stands on one topic.
type standCell struct {
	Topic statement.Topic
	Lines []Stand
	More  int // lines that are left out
}

type stanceTally struct {
	Stance statement.Stance
	N      int
}

// The most lines of an actor on a topic: targets in a cell of the matrix, and what
// the topic's page shows.
const (
	linesInCell  = 4
	linesOnTopic = 20
)

// actorKinds are the kinds of actor in the order of the matrix.
func actorKinds() []struct {
	kinds []statement.ActorKind
	name  phrase
} {
	return []struct {
		kinds []statement.ActorKind
		name  phrase
	}{
		{[]statement.ActorKind{statement.State}, say("States")},
		{[]statement.ActorKind{statement.Coalition, statement.ArmedGroup}, say("Armed groups")},
		{[]statement.ActorKind{statement.Militia}, say("Militias")},
		{[]statement.ActorKind{statement.Body}, say("Organisations, armies and councils")},
		{nil, say("Society and others")},
	}
}

func (s *server) topicsPage(r *http.Request) (string, any, error) {
	ctx, q := r.Context(), r.URL.Query()
	f, err := s.frame(r, "topics", say("Who stands where"))
	if err != nil {
		return "", nil, err
	}
	f.Styles = []string{"places.css"}
	page := &topicsPage{frame: f, Topic: statement.Topic(r.PathValue("topic")), Topics: statement.Topics}
	on, err := dayAsked(q.Get("as-of"))
	if err != nil {
		return "", nil, err
	}
	if !on.IsZero() {
		page.AsOf = on.Format(time.DateOnly)
	}
	all, err := s.stands(ctx, page.Topic, on)
	if err != nil {
		return "", nil, err
	}
	if page.Topic != "" {
		if !slices.Contains(statement.Topics, page.Topic) && len(all) == 0 {
			return "", nil, fmt.Errorf("read topic %q: %w", plain(string(page.Topic)), store.ErrNotFound)
		}
		page.Title = page.tongue.topic(page.Topic)
		page.Topics = []statement.Topic{page.Topic}
	}
	demands, err := s.demandsBy(ctx, page.Topic)
	if err != nil {
		return "", nil, err
	}
	page.fill(all, demands, s.reg)
	page.tabs()
	if page.Topic == "" { // the matrix quotes nothing
		return "topics", page, nil
	}
	quoted := make([]string, len(all))
	for i := range all {
		quoted[i] = all[i].Statement
	}
	return "topics", page, s.learn(ctx, &page.frame, quoted)
}

// fill sorts the lines into the matrix. An actor that says nothing on the topics
// shown is left out.
func (p *topicsPage) fill(all []Stand, demands map[string]map[statement.DemandStatus]int, reg *statement.Registry) {
	kinds := actorKinds()
	p.Kinds = make([]standKind, len(kinds))
	for i := range kinds {
		p.Kinds[i].Name = kinds[i].name
	}
	tallies, ledger := make(map[statement.Stance]int), make(map[statement.DemandStatus]int)
	for first := 0; first < len(all); {
		last := first + 1
		for last < len(all) && all[last].Actor == all[first].Actor {
			last++
		}
		row := p.row(all[first:last])
		first = last
		if row.latest == "" {
			continue
		}
		row.Demands = p.demandLinks(row.Actor, demands[row.Actor])
		for _, c := range row.Cells {
			for i := range c.Lines {
				tallies[c.Lines[i].Stance]++
			}
			p.Lines += len(c.Lines) + c.More
		}
		at := len(kinds) - 1
		if a := reg.Actor(row.Actor); a != nil {
			for i := range kinds {
				if slices.Contains(kinds[i].kinds, a.Kind) {
					at = i
				}
			}
		}
		p.Kinds[at].Rows = append(p.Kinds[at].Rows, row)
		p.Actors++
	}
	for _, by := range demands {
		for status, n := range by {
			ledger[status] += n
		}
	}
	p.Ledger = p.demandLinks("", ledger)
	for i := range p.Kinds {
		slices.SortStableFunc(p.Kinds[i].Rows, func(a, b standRow) int { return cmp.Compare(b.latest, a.latest) })
	}
	p.Kinds = slices.DeleteFunc(p.Kinds, func(k standKind) bool { return len(k.Rows) == 0 })
	for _, st := range statement.Stances {
		p.Tallies = append(p.Tallies, stanceTally{st, tallies[st]})
	}
}

// row is an actor's row. What it says itself stands before what others report of
// it where they are of one day.
func (p *topicsPage) row(lines []Stand) standRow {
	row := standRow{Actor: lines[0].Actor, Cells: make([]standCell, len(p.Topics))}
	for i, topic := range p.Topics {
		cell := &row.Cells[i]
		cell.Topic = topic
		told := make(map[string]bool)
		for j := range lines {
			l := &lines[j]
			if l.Topic != topic {
				continue
			}
			row.latest = max(row.latest, l.Confirmed)
			switch {
			case p.Topic != "" && len(cell.Lines) == linesOnTopic:
				cell.More++
			case p.Topic != "":
				cell.Lines = append(cell.Lines, *l)
			case told[l.Target]: // an older one, reported or its own, stands on the topic's page
			case len(cell.Lines) == linesInCell:
				cell.More++
			default:
				cell.Lines = append(cell.Lines, *l)
			}
			told[l.Target] = true
		}
	}
	return row
}

// demandLinks lead to the conditions of an actor, of everybody if it is empty.
func (p *topicsPage) demandLinks(actor string, by map[statement.DemandStatus]int) []link {
	var out []link
	for _, status := range []statement.DemandStatus{statement.DemandOpen, statement.DemandMayMet, statement.DemandMet, statement.DemandDropped} {
		if n := by[status]; n > 0 {
			out = append(out, link{Text: fmt.Sprintf("%d %s", n, p.tongue.status(status)), Link: address("/demands", "actor", actor, "status", string(status))})
		}
	}
	return out
}

// tabs lead to the other topics on the same day.
func (p *topicsPage) tabs() {
	p.Tabs = []link{{Text: p.tongue.say("All topics"), Link: address("/topics", "as-of", p.AsOf), On: p.Topic == ""}}
	for _, topic := range statement.Topics {
		p.Tabs = append(p.Tabs, link{Text: p.tongue.topic(topic), Link: address("/topics/"+string(topic), "as-of", p.AsOf), On: p.Topic == topic})
	}
}

// Address is the page's own without the day.
func (p *topicsPage) Address() string {
	if p.Topic == "" {
		return "/topics"
	}
	return address("/topics/" + string(p.Topic))
}
