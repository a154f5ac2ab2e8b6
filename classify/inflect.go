package classify

import (
	"strings"
	"unicode/utf8"
)

// arabicFirstPerson returns the forms of an Arabic verb of a class in which
// somebody speaks of himself: نرفض and سأرفض for يرفض. The singular أرفض alone
// cannot be told from other verbs, such as أعلن, he announced.
func arabicFirstPerson(word string) []string {
	stem, imperfect := strings.CutPrefix(word, "ي")
	if !imperfect || utf8.RuneCountInString(word) < leastImperfect || strings.ContainsAny(word, " *") ||
		strings.HasSuffix(stem, "ون") || strings.HasSuffix(stem, "وا") {
		return nil
	}
	return []string{"ن" + stem, "سأ" + stem}
}

// arabicCases returns the other cases of an Arabic name with a kunya: أبي الوليد and
// أبا الوليد for أبو الوليد.
func arabicCases(name string) []string {
	before, after, ok := strings.Cut(" "+name, " أبو ")
	if !ok {
		return nil
	}
	var out []string
	for _, father := range [...]string{" أبي ", " أبا "} {
		out = append(out, strings.TrimSpace(before+father+after))
	}
	return out
}

// endsInYa reports whether an Arabic word of the first person is told from the past
// of its verb by its last letter alone: أوصي, I recommend, أوصى, he recommended.
func endsInYa(word string) bool {
	return strings.HasPrefix(word, "أ") && strings.HasSuffix(word, "ي")
}

// beginsWithIf reports whether an Arabic phrase begins with "if", which is told from
// "that" by its hamza alone: إن طلب, if he asks, أن طلب, that he asked.
func beginsWithIf(phrase string) bool { return strings.HasPrefix(phrase, "إن ") }

const (
	leastImperfect = 4 // letters
	leastPerfect   = 3
	longestVerb    = 7
)

// arabicForms returns the forms in which an Arabic word of a class is met when
// it is a verb: the persons of the imperfect (يرفض: ترفض, نرفض, يرفضون, يرفضان),
// the feminine, singular and dual, and the plural of the perfect (رفض: رفضت, رفضتا,
// رفضوا). A noun gets forms
// that no text has, which cost nothing. Rules need to list only what is
// irregular.
func arabicForms(word string) []string {
	n := utf8.RuneCountInString(word)
	if n > longestVerb || strings.ContainsAny(word, " *") {
		return nil
	}
	last, _ := utf8.DecodeLastRuneInString(word)
	stem, imperfect := strings.CutPrefix(word, "ي")
	switch {
	case imperfect && n >= leastImperfect:
		forms := []string{"ت" + stem, "ن" + stem, "سأ" + stem}
		if !strings.HasSuffix(stem, "ون") && !strings.HasSuffix(stem, "وا") {
			base := strings.TrimRight(stem, "يو")
			forms = append(forms, "ي"+base+"ون", "ت"+base+"ون", "ي"+base+"وا", word+"ان", "ت"+stem+"ان")
		}
		return forms
	case imperfect, n < leastPerfect, strings.HasPrefix(word, "ال"), last == 'ة', last == 'ى', last == 'ا', last == 'ت':
		return nil
	}
	return []string{word + "ت", word + "وا", word + "تا"}
}

// leastInfinitive is the fewest letters of a French verb that is inflected.
const leastInfinitive = 5

// frenchForms returns the future and the conditional of a French infinitive of a
// class: proposer, proposera, proposerait. A noun in -er gets forms that no text
// has.
func frenchForms(word string) []string {
	if utf8.RuneCountInString(word) < leastInfinitive || strings.ContainsAny(word, " *") {
		return nil
	}
	future := word
	switch {
	case strings.HasSuffix(word, "er"), strings.HasSuffix(word, "ir"):
	case strings.HasSuffix(word, "re"):
		future = strings.TrimSuffix(word, "e")
	default:
		return nil
	}
	var forms []string
	for _, ending := range []string{"a", "ai", "ons", "ont", "ait", "aient", "ions"} {
		forms = append(forms, future+ending)
	}
	return forms
}
