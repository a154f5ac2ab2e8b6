package classify

import (
	"strings"
	"unicode/utf8"
)

// arabicForms returns the forms in which an Arabic word of a class is met when
// it is a verb: the persons of the imperfect (يرفض: ترفض, نرفض, يرفضون), the
// feminine and the plural of the perfect (رفض: رفضت, رفضوا). A noun gets forms
// that no text has, which cost nothing. Rules need to list only what is
// irregular.
func arabicForms(word string) []string {
	const leastImperfect, leastPerfect, longest = 4, 3, 7 // letters
	n := utf8.RuneCountInString(word)
	if n > longest || strings.ContainsAny(word, " *") {
		return nil
	}
	last, _ := utf8.DecodeLastRuneInString(word)
	stem, imperfect := strings.CutPrefix(word, "ي")
	switch {
	case imperfect && n >= leastImperfect:
		forms := []string{"ت" + stem, "ن" + stem}
		if !strings.HasSuffix(stem, "ون") && !strings.HasSuffix(stem, "وا") {
			base := strings.TrimRight(stem, "يو")
			forms = append(forms, "ي"+base+"ون", "ت"+base+"ون", "ي"+base+"وا")
		}
		return forms
	case imperfect, n < leastPerfect, strings.HasPrefix(word, "ال"), last == 'ة', last == 'ى', last == 'ا', last == 'ت':
		return nil
	}
	return []string{word + "ت", word + "وا"}
}
