package api

import "html/template"

// office names an office in the page's language; one that is not among the usual
// ones stands as the registry has it, in English.
func (t *tongue) office(title string) template.HTML {
	if p, ok := t.offices[title]; ok {
		return template.HTML(template.HTMLEscapeString(t.in(p))) //nolint:gosec // it was escaped
	}
	return english(title)
}

// officesSaid are the offices that the pages have words for, by their English.
func officesSaid() map[string]phrase {
	return map[string]phrase{
		"foreign minister":                        say("foreign minister"),
		"prime minister":                          say("prime minister"),
		"president":                               say("president"),
		"defence minister":                        say("defence minister"),
		"ambassador to the United Nations":        say("ambassador to the United Nations"),
		"leader":                                  say("leader"),
		"minister":                                say("minister"),
		"spokesman":                               say("spokesman"),
		"ambassador to Mali":                      say("ambassador to Mali"),
		"minister and government spokesman":       say("minister and government spokesman"),
		"secretary-general":                       say("secretary-general"),
		"commander":                               say("commander"),
		"chief of staff":                          say("chief of staff"),
		"president of the transition":             say("president of the transition"),
		"government spokesman":                    say("government spokesman"),
		"chair":                                   say("chair"),
		"commander of Barkhane":                   say("commander of Barkhane"),
		"minister of security":                    say("minister of security"),
		"secretary of state":                      say("secretary of state"),
		"secretary of defense":                    say("secretary of defense"),
		"foreign secretary":                       say("foreign secretary"),
		"deputy head of MINUSMA":                  say("deputy head of MINUSMA"),
		"deputy ambassador to the United Nations": say("deputy ambassador to the United Nations"),
		"commander of AFRICOM":                    say("commander of AFRICOM"),
		"minister of the armed forces":            say("minister of the armed forces"),
		"minister of reconciliation":              say("minister of reconciliation"),
		"minister of religious affairs":           say("minister of religious affairs"),
		"high representative":                     say("high representative"),
		"high representative for the centre":      say("high representative for the centre"),
		"force commander of MINUSMA":              say("force commander of MINUSMA"),
		"force commander":                         say("force commander"),
		"chief of the defence staff":              say("chief of the defence staff"),
		"chairperson of the commission":           say("chairperson of the commission"),
		"vice-president":                          say("vice-president"),
		"special representative for the Sahel":    say("special representative for the Sahel"),
		"special envoy for the Sahel":             say("special envoy for the Sahel"),
		"president of the commission":             say("president of the commission"),
		"president of the European Council":       say("president of the European Council"),
		"president of the European Commission":    say("president of the European Commission"),
		"member of the leadership":                say("member of the leadership"),
		"high commissioner for human rights":      say("high commissioner for human rights"),
		"head of MINUSMA":                         say("head of MINUSMA"),
		"foreign ministry spokesman":              say("foreign ministry spokesman"),
		"foreign ministry spokeswoman":            say("foreign ministry spokeswoman"),
		"minister and prime minister":             say("minister and prime minister"),
		"executive secretary":                     say("executive secretary"),
		"chancellor":                              say("chancellor"),
		"spokesman of the secretary-general":      say("spokesman of the secretary-general"),
	}
}
