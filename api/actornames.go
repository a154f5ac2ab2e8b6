package api

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"palabre/statement"
)

// namesByScript sorts names by the script in which they are written.
func namesByScript(names []statement.Name) []scriptNames {
	scripts := []struct {
		name  phrase
		lang  string
		table *unicode.RangeTable
	}{
		{say("Latin"), "", unicode.Latin},
		{say("Arabic"), "ar", unicode.Arabic},
		{say("N’Ko"), "nqo", unicode.Nko},
		{say("Adlam"), "ff-Adlm", unicode.Adlam},
		{say("Tifinagh"), "zgh", unicode.Tifinagh},
	}
	const first = 5
	var out []scriptNames
	for _, script := range scripts {
		n := scriptNames{Script: script.name, Lang: script.lang}
		for i := range names {
			if strings.IndexFunc(names[i].Text, func(r rune) bool { return unicode.Is(script.table, r) }) < 0 {
				continue
			}
			if len(n.First) < first {
				n.First = append(n.First, names[i].Text)
			} else {
				n.More = append(n.More, names[i].Text)
			}
		}
		if len(n.First) > 0 {
			out = append(out, n)
		}
	}
	return out
}

// officesOf lists who spoke and speaks for an actor, those in office first, then
// the latest.
func (s *server) officesOf(actor string, now time.Time) []office {
	var out []office
	for i := range s.reg.Persons {
		p := &s.reg.Persons[i]
		for j := range p.Roles {
			r := &p.Roles[j]
			if r.Actor != actor {
				continue
			}
			alive := p.Died.IsZero() || p.Died.End().After(now)
			out = append(out, office{
				Person{p.ID, p.Label, r.Title, r.From.String(), r.To.String(), p.Died.String()}, r.Note, alive && (r.To.IsZero() || r.To.End().After(now)),
			})
		}
	}
	slices.SortStableFunc(out, func(a, b office) int {
		return cmp.Or(-compareTruth(a.Now, b.Now), strings.Compare(b.To, a.To), strings.Compare(b.From, a.From))
	})
	return out
}

// compareTruth orders false before true.
func compareTruth(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// BodyKind is what sort of body an actor is.
func (f *frame) BodyKind(k statement.ActorKind) phrase {
	switch k {
	case statement.State:
		return say("state")
	case statement.ArmedGroup:
		return say("armed group")
	case statement.Coalition:
		return say("coalition of armed groups")
	case statement.Militia:
		return say("militia")
	case statement.Body:
		return say("organisation")
	case statement.Society:
		return say("civil society")
	case statement.Press:
		return say("press")
	case statement.Nobody:
		return say("nobody in particular")
	}
	return say("not in the registry")
}
