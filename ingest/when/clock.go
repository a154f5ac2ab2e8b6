package when

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	timeOfDay = regexp.MustCompile(`^(\d{1,2})(?:[:hH](\d{2})?(?::(\d{2}))?(?:\.\d+)?)(?:min|mn)?(am|pm|AM|PM)?(Z?)$`)
	offset    = regexp.MustCompile(`^(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})$`)
	// zones holds the abbreviations that feeds use, in hours east of Greenwich.
	zones = map[string]int{
		"GMT": 0, "UTC": 0, "UT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "WAT": 1, "CET": 1, "MEZ": 1, "CEST": 2, "CAT": 2, "EET": 2,
		"EEST": 3, "MSK": 3, "EAT": 3, "AST": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
	}
)

// clockReading is a time of day as far as its words have been read.
type clockReading struct {
	hour, minute, second int
	zone                 *time.Location
	known                bool
}

// read takes in one word: a time, a zone or half of the day. Others, such as
// "à" or "at", say nothing.
func (c *clockReading) read(word string) {
	if m := timeOfDay.FindStringSubmatch(word); m != nil && !c.known {
		hour, minute, second := atoi(m[1]), atoi(m[2]), atoi(m[3])
		if hour < 24 && minute < 60 && second <= 60 {
			c.hour, c.minute, c.second, c.known = hour, minute, min(second, 59), true
			c.half(m[4])
		}
		return
	}
	if m := offset.FindStringSubmatch(word); m != nil {
		seconds := atoi(m[2])*3600 + atoi(m[3])*60
		if m[1] == "-" {
			seconds = -seconds
		}
		c.zone = time.FixedZone("", seconds)
		return
	}
	if hours, ok := zones[strings.Trim(word, "()")]; ok {
		c.zone = time.FixedZone("", hours*3600)
		return
	}
	c.half(word)
}

// half takes in the half of a day of twelve hours.
func (c *clockReading) half(word string) {
	switch strings.ToLower(word) {
	case "pm", "p.m.", "م", "مساء":
		if c.known && c.hour < 12 {
			c.hour += 12
		}
	case "am", "a.m.", "ص", "صباحا":
		if c.known && c.hour == 12 {
			c.hour = 0
		}
	}
}

// atoi reads digits that a pattern has checked; none are 0.
func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
