package api

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"palabre/statement"
	"palabre/store"
)

// placesPage is the map with the table of what it shows.
type placesPage struct {
	frame
	Days    int // within which is counted; 0 is everything
	Windows []link
	Quiet   bool // nothing was said within the usual window, so that everything is shown
	Whole   *placeMap
	Middle  *placeMap
	Grades  []string
	Groups  []placeGroup
	Located int // statements that name a place in Mali, or the country
	Accords int
}

// placeGroup are the places of a region.
type placeGroup struct {
	Place Place // the region
	Title phrase
	Rows  []Place
}

// usualDays is the window that is shown unless another is chosen.
const usualDays = 365

// grades are those of the report, from the firmest hold to none.
var grades = []string{"hegemonic", "contested", "marginal", "none"}

func (s *server) placesPage(r *http.Request) (string, any, error) {
	ctx := r.Context()
	f, err := s.frame(r, "places", say("Places"))
	if err != nil {
		return "", nil, err
	}
	f.Styles = []string{"places.css"}
	page := &placesPage{frame: f, Days: usualDays, Grades: grades}
	asked := r.URL.Query().Get("days")
	if n, err := strconv.Atoi(asked); err == nil && n >= 0 && n <= 36600 {
		page.Days = n
	}
	places, err := s.places(ctx, page.Days)
	if err != nil {
		return "", nil, err
	}
	if asked == "" && !slices.ContainsFunc(places, func(p Place) bool { return p.Statements > 0 }) {
		page.Days, page.Quiet = 0, true
		if places, err = s.places(ctx, 0); err != nil {
			return "", nil, err
		}
	}
	for _, w := range []struct {
		days int
		name phrase
	}{{30, say("%d days", 30)}, {90, say("%d days", 90)}, {usualDays, say("12 months")}, {0, say("Everything")}} {
		page.Windows = append(page.Windows, link{Text: f.tongue.in(w.name), Link: "/places?days=" + strconv.Itoa(w.days), On: w.days == page.Days})
	}
	page.fill(places)
	drawn := cercles(places)
	page.Whole = f.tongue.mapOf(s.pages.outline, wholeCountry, drawn)
	page.Middle = f.tongue.mapOf(s.pages.outline, middleOfMali, drawn)
	return "places", page, nil
}

// homeCountry is the place that the map is of.
const homeCountry = "mali"

// lying returns for every place the chain of those that it lies in, itself first.
func lying(places []Place) map[string][]string {
	in := make(map[string]string, len(places))
	for i := range places {
		in[places[i].ID] = places[i].In
	}
	out := make(map[string][]string, len(places))
	for id := range in {
		for at := id; at != "" && len(out[id]) < 8; at = in[at] {
			out[id] = append(out[id], at)
		}
	}
	return out
}

// cercles are the places that the map draws as points.
func cercles(places []Place) []*Place {
	chains := lying(places)
	var out []*Place
	for i := range places {
		p := &places[i]
		if (p.Kind == "cercle" || p.Kind == "district") && slices.Contains(chains[p.ID], homeCountry) {
			out = append(out, p)
		}
	}
	return out
}

// fill groups the places by region: cercles and localities of Mali of which
// something is said or whose presence is graded, then areas, then what lies
// abroad.
func (p *placesPage) fill(places []Place) {
	chains := lying(places)
	groups := make(map[string]*placeGroup)
	var regions []*placeGroup
	areas, abroad := &placeGroup{Title: say("Areas")}, &placeGroup{Title: say("Outside Mali")}
	for i := range places {
		v := &places[i]
		if v.ID == homeCountry {
			p.Located, p.Accords = v.Statements, v.Accords
		}
		if v.Kind == "region" && slices.Contains(chains[v.ID], homeCountry) {
			g := &placeGroup{Place: *v}
			groups[v.ID] = g
			regions = append(regions, g)
		}
	}
	for i := range places {
		v := &places[i]
		if v.ID == homeCountry || groups[v.ID] != nil || v.Statements == 0 && len(v.Presence) == 0 {
			continue
		}
		into := abroad
		switch chain := chains[v.ID]; {
		case v.Kind == "area":
			into = areas
		case slices.Contains(chain, homeCountry):
			into = areas
			for _, id := range chain {
				if g := groups[id]; g != nil {
					into = g
				}
			}
			if v.Kind == "district" {
				into = &placeGroup{Place: *v}
				regions = append(regions, into)
			}
		}
		into.Rows = append(into.Rows, *v)
	}
	slices.SortStableFunc(regions, func(a, b *placeGroup) int { return cmp.Compare(b.Place.Statements, a.Place.Statements) })
	for _, g := range append(regions, areas, abroad) {
		if len(g.Rows) == 0 {
			continue
		}
		slices.SortStableFunc(g.Rows, func(a, b Place) int { return cmp.Compare(b.Statements, a.Statements) })
		p.Groups = append(p.Groups, *g)
	}
}

// placePage shows what is said of one place.
type placePage struct {
	frame
	Detail *PlaceDetail
	Chain  []string  // what it lies in, the next first
	Around *Place    // of a place that is not graded: the one around it that is; nil if there is none
	Chart  *placeMap // nil where its position is not known
	More   int       // actors that are left out
}

const (
	statementsOnPlace = 20
	actorsOnPlace     = 20
)

func (s *server) placePage(r *http.Request) (string, any, error) {
	ctx, id, after := r.Context(), r.PathValue("id"), r.URL.Query().Get("after")
	f, err := s.frame(r, "places", say("Places"))
	if err != nil {
		return "", nil, err
	}
	f.Styles = []string{"places.css"}
	page := &placePage{frame: f}
	if page.Detail, err = s.placeDetail(ctx, id, after, statementsOnPlace); err != nil {
		return "", nil, err
	}
	page.Title = page.tongue.place(id)
	var quoted []string
	for i := range page.Detail.Deeds {
		quoted = append(quoted, page.Detail.Deeds[i].Lead)
	}
	if err := s.learn(ctx, &page.frame, quoted); err != nil {
		return "", nil, err
	}
	if n := len(page.Detail.Actors); n > actorsOnPlace {
		page.Detail.Actors, page.More = page.Detail.Actors[:actorsOnPlace], n-actorsOnPlace
	}
	all := make([]Place, len(s.reg.Places))
	for i := range s.reg.Places {
		all[i] = Place{ID: s.reg.Places[i].ID, In: s.reg.Places[i].In}
	}
	chain := lying(all)[id]
	page.Chain = chain[1:]
	for _, over := range chain {
		if p, err := s.place(over); err == nil && len(p.Presence) > 0 {
			around := placeOf(p, store.PlaceCount{})
			page.Around = &around
			break
		}
	}
	if p := page.Detail.Place; (p.Lat != 0 || p.Lon != 0) && p.Kind != "country" && wholeCountry.holds(p.Lon, p.Lat) {
		page.Chart = page.tongue.mapOf(s.pages.outline, wholeCountry, []*Place{&page.Detail.Place})
	}
	if after != "" {
		page.Later = address("/places/" + id)
	}
	if page.Detail.Next != "" {
		page.Earlier = address("/places/"+id, "after", page.Detail.Next)
	}
	return "place", page, nil
}

// address is a path with what is asked, without what is empty.
func address(path string, query ...string) string {
	v := make(url.Values)
	for i := 0; i < len(query); i += 2 {
		if query[i+1] != "" {
			v.Set(query[i], query[i+1])
		}
	}
	return (&url.URL{Path: path, RawQuery: v.Encode()}).String()
}

// grade is the word for an actor's hold on a place.
func (t *tongue) grade(g string) string {
	switch g {
	case "hegemonic":
		return t.say("hegemonic")
	case "contested":
		return t.say("contested")
	case "marginal":
		return t.say("marginal")
	case "none":
		return t.say("no presence")
	}
	return plain(g)
}

// hold is the mark that stands for a grade where colour may not carry it alone.
func hold(g string) string {
	switch g {
	case "hegemonic":
		return "■"
	case "contested":
		return "◧"
	case "marginal":
		return "▫"
	case "none":
		return "□"
	}
	return "?"
}

// placeKind is the word for a kind of place.
func (t *tongue) placeKind(kind string) string {
	switch kind {
	case "country":
		return t.say("country")
	case "region":
		return t.say("region")
	case "district":
		return t.say("district")
	case "cercle":
		return t.say("cercle")
	case "locality":
		return t.say("locality")
	case "area":
		return t.say("area")
	}
	return plain(kind)
}

// deedDone is the word for the deed that shows a stance.
func (t *tongue) deedDone(act string) string {
	switch act {
	case "":
		return t.say("local accord")
	case "ceasefire":
		return t.say("ceasefire or accord")
	case "mandate":
		return t.say("mandate to talk")
	case "release":
		return t.say("release of prisoners")
	case "withdrawal":
		return t.say("withdrawal of troops")
	}
	return plain(act)
}

// placeName is what a place is called in French: its registered label is English
// where the place has no name of its own.
func placeName(p *statement.Place) string {
	for _, n := range p.Names {
		if n.Weak {
			continue
		}
		if p.Kind == "region" || p.Kind == "area" || !strings.Contains(n.Text, " ") {
			return n.Text
		}
		break
	}
	return p.Label
}
