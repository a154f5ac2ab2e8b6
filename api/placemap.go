package api

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// outlineFile holds the borders of Mali and of its neighbours around it.
const outlineFile = "web/outline.json"

// outline is a set of borders within a frame, in degrees.
type outline struct {
	West, South, East, North float64
	Countries                []struct {
		ID    string
		Rings [][][2]float64 // longitude and latitude
	}
}

func readOutline() (*outline, error) {
	data, err := webFiles.ReadFile(outlineFile)
	if err != nil {
		return nil, fmt.Errorf("read outline: %w", err)
	}
	var o outline
	if err := json.Unmarshal(data, &o); err != nil {
		return nil, fmt.Errorf("read outline: %w", err)
	}
	return &o, nil
}

// chart is a map as it is drawn. Its units are those of the drawing.
type placeMap struct {
	Width, Height int
	Lands         []land
	Names         []caption
	Spots         []placeSpot
}

type land struct {
	ID   string
	Home bool   // Mali
	Path string // of SVG
}

// caption is a text on the map.
type caption struct {
	X, Y   float64
	Anchor string // start, middle or end
	Text   string
}

// placeSpot is a place on the map. Its area grows with what is said of it.
type placeSpot struct {
	Place   *Place
	Grade   string // of presence; empty where none is known
	X, Y, R float64
	Label   *caption // nil where there is no room
}

// view is the part of the world that a chart shows, and how wide it is drawn.
type view struct {
	west, south, east, north float64
	width                    float64
}

// The views: the whole country, and its crowded middle.
var (
	wholeCountry = view{-12.9, 9.9, 5, 25.3, 560}
	middleOfMali = view{-7.6, 12.7, -0.7, 17.1, 560}
)

// project returns where a point lies on the drawing. A degree of longitude is as
// long as it is at the middle of the view.
func (v *view) project(lon, lat float64) (x, y float64) {
	scale := v.width / (v.east - v.west)
	stretch := 1 / math.Cos((v.north+v.south)/2*math.Pi/180)
	return (lon - v.west) * scale, (v.north - lat) * scale * stretch
}

func (v *view) height() float64 {
	_, y := v.project(v.west, v.south)
	return y
}

func (v *view) holds(lon, lat float64) bool {
	return lon >= v.west && lon <= v.east && lat >= v.south && lat <= v.north
}

// names of the neighbours stand where their part of the map has room.
var neighbours = map[string][2]float64{
	"DZA": {-0.4, 24}, "MRT": {-9.3, 18.3}, "NER": {4.1, 18.2}, "BFA": {-1.6, 12.3}, "CIV": {-6.2, 10.03}, "GIN": {-10.2, 10.6}, "SEN": {-12.05, 14.9},
}

// mapOf draws places on a view. Only those with a position are drawn.
func (t *tongue) mapOf(o *outline, v view, places []*Place) *placeMap {
	c := &placeMap{Width: int(v.width), Height: int(math.Round(v.height()))}
	for i := range o.Countries {
		country := &o.Countries[i]
		c.Lands = append(c.Lands, land{ID: country.ID, Home: country.ID == "MLI", Path: v.path(country.Rings)})
	}
	slices.SortStableFunc(c.Lands, func(a, b land) int { // Mali's border is drawn last
		switch {
		case a.Home == b.Home:
			return 0
		case a.Home:
			return 1
		}
		return -1
	})
	regions := display.Regions(language.Make(t.Lang))
	for _, country := range o.Countries {
		at, ok := neighbours[country.ID]
		if region, err := language.ParseRegion(country.ID); ok && err == nil && v.holds(at[0], at[1]) {
			x, y := v.project(at[0], at[1])
			c.Names = append(c.Names, caption{round(x), round(y), "middle", regions.Name(region)})
		}
	}
	most := 1
	for _, p := range places {
		most = max(most, p.Statements)
	}
	for _, p := range places {
		if (p.Lat != 0 || p.Lon != 0) && v.holds(p.Lon, p.Lat) {
			c.Spots = append(c.Spots, v.placeSpot(p, most))
		}
	}
	t.captions(c)
	return c
}

// Flag is the path of the mark of an accord, at the upper end of the placeSpot.
func (s *placeSpot) Flag() string {
	x, y := round(s.X+s.R*0.7), round(s.Y-s.R*0.7)
	return fmt.Sprintf("M%g %gv-15l10 4l-10 4", x, y)
}

const (
	leastRadius = 4.5
	mostRadius  = 16
)

func (v *view) placeSpot(p *Place, most int) placeSpot {
	x, y := v.project(p.Lon, p.Lat)
	r := leastRadius + (mostRadius-leastRadius)*math.Sqrt(float64(p.Statements)/float64(most))
	s := placeSpot{Place: p, X: round(x), Y: round(y), R: round(r)}
	if len(p.Presence) > 0 {
		s.Grade = p.Presence[len(p.Presence)-1].Grade
	}
	return s
}

// path draws rings. What lies outside of the view is cut off by the drawing.
func (v *view) path(rings [][][2]float64) string {
	var b strings.Builder
	for _, ring := range rings {
		for i, p := range ring {
			x, y := v.project(p[0], p[1])
			command := byte('L')
			if i == 0 {
				command = 'M'
			}
			fmt.Fprintf(&b, "%c%g %g", command, round(x), round(y))
		}
		b.WriteByte('Z')
	}
	return b.String()
}

func round(f float64) float64 { return math.Round(f*10) / 10 }

// The size of labels, in units of the drawing.
const (
	letterWidth = 7.4
	letterHigh  = 15.0
)

// box is a stretch of the drawing.
type box struct{ left, top, right, bottom float64 }

func (b box) meets(o box) bool {
	return b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom
}

// captions names the spots, the busiest first, where there is room: to the right,
// the left, above or below. The others are named by their tips and by the table.
func (t *tongue) captions(c *placeMap) {
	var taken []box
	for i := range c.Spots {
		s := &c.Spots[i]
		taken = append(taken, box{s.X - s.R, s.Y - s.R, s.X + s.R, s.Y + s.R})
		if s.Place.Accords > 0 {
			x, y := s.X+s.R*0.7, s.Y-s.R*0.7
			taken = append(taken, box{x, y - 15, x + 10, y})
		}
	}
	for _, n := range c.Names {
		half := letterWidth * float64(utf8.RuneCountInString(n.Text)) / 2
		taken = append(taken, box{n.X - half, n.Y - letterHigh, n.X + half, n.Y + 4})
	}
	order := make([]*placeSpot, len(c.Spots))
	for i := range c.Spots {
		order[i] = &c.Spots[i]
	}
	slices.SortStableFunc(order, func(a, b *placeSpot) int { return b.Place.Statements - a.Place.Statements })
	for _, s := range order {
		text := t.caption(s.Place)
		wide := letterWidth*float64(utf8.RuneCountInString(text)) + 2
		for _, try := range []struct {
			anchor string
			x, y   float64
			left   float64
		}{
			{"start", s.X + s.R + 3, s.Y + 5, s.X + s.R + 3},
			{"end", s.X - s.R - 3, s.Y + 5, s.X - s.R - 3 - wide},
			{"middle", s.X, s.Y - s.R - 4, s.X - wide/2},
			{"middle", s.X, s.Y + s.R + letterHigh - 1, s.X - wide/2},
		} {
			b := box{try.left, try.y - letterHigh + 3, try.left + wide, try.y + 3}
			if b.left < 0 || b.right > float64(c.Width) || b.top < 0 || b.bottom > float64(c.Height) || slices.ContainsFunc(taken, b.meets) {
				continue
			}
			taken = append(taken, b)
			s.Label = &caption{round(try.x), round(try.y), try.anchor, text}
			break
		}
	}
}

// caption is what stands beside a placeSpot: its name, and how much is said of it.
func (t *tongue) caption(p *Place) string {
	name := t.place(p.ID)
	if p.Statements > 0 {
		name += " " + t.print.Sprint(p.Statements)
	}
	return name
}
