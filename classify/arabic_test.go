package classify_test

import (
	"strings"
	"testing"

	"palabre/statement"
)

// TestArabicSubjects keeps what the built-in rules make of verbs and those who
// stand behind them.
func TestArabicSubjects(t *testing.T) {
	p := builtIn(t)
	for _, c := range []struct{ name, text, want string }{
		{"a plural verb has its subject before it", "اجتمع الأئمة في مالي وأوصوا السلطات المالية بالتواصل مع الجهاديين.", "mali-civil-society dialogue pro armed-groups"},
		{"two subjects behind a verb", "حذرت باماكو وواغادوغو من أن أي تدخل عسكري في النيجر سيعتبر إعلان حرب.", "burkina-government foreign_troops anti foreign; mali-government foreign_troops anti foreign"},
		{"a senate is no council of elders", "دعا مجلس الشيوخ الفرنسي إلى الحوار مع الجماعات المسلحة في مالي.", "france dialogue pro armed-groups"},
		{"what a speaker adds", "قال بلال أغ الشريف إن أنصار الدين «تصر على أن تكون الشريعة قانون الدولة»، مضيفا: «نحن حركة تريد دولة علمانية».", "ansar-dine sharia pro; bilal-ag-acherif sharia anti"},
		{"a spokesman of a force", "قال الناطق الرسمي باسم مجموعة فاغنر إن القوات الروسية باقية في مالي.", "russia foreign_troops pro russia"},
		{"a commander of troops", "قال قائد القوات الفرنسية في الساحل إن القوات باقية في مالي.", "france foreign_troops pro france"},
		{"a description and a name", "دعا رجل الدين المالي البارز محمود ديكو إلى الحوار مع الجهاديين.", "mahmoud-dicko dialogue pro armed-groups"},
		{"an object behind a noun that nobody knows", "دعا اتحاد الناقلين السلطات المالية إلى الحوار مع المسلحين.", ""},
		{"a condition of another clause", "تؤكد الحكومة المالية أن الحوار مع الحركات الموقعة مستمر، وأن الجيش سيرد إذا هوجم الجنود.", "mali-government dialogue pro cma"},
		{"a chain of nouns is no subject", "أكد وزير في حكومة باماكو أن إخلاء سبيل معتقل جهادي بادرة لتهيئة الأجواء للتفاوض مع نصرة الإسلام والمسلمين.", "mali-government dialogue pro jnim"},
		{"several men behind a verb", "يرفض قادة كونفدرالية دول الساحل كل مفاوضة مع الجماعات الإرهابية، بحسب إعلان نيامي.", "aes dialogue anti armed-groups"},
		{"the authority of a town", "رفضت السلطة العسكرية في نجامينا الحوار مع الجماعات المسلحة في الساحل.", "chad dialogue anti armed-groups"},
		{"we in a verb", "قال تيبيلي درامي: كلما تأخرنا في محاورة الشيوخ المسلحين في وسط مالي ازداد الثمن.", "tiebile-drame dialogue pro armed-groups"},
		{"whom one mandates", "فوضت الحكومة الانتقالية في مالي المجلس الإسلامي الأعلى لبدء حوار مع الجماعات الجهادية.", "mali-government dialogue pro armed-groups"},
		{"clerics of a group", "طالب علماء أنصار الدين بتطبيق الشريعة في مالي.", "ansar-dine sharia pro"},
		{"an army that speaks", "أعلن الجيش السويدي البدء في نشر 150 جنديا بمالي في إطار قوة تاكوبا الأوروبية.", "sweden foreign_troops pro eu"},
		{"troops of a state named before", "قال وزير خارجية النيجر: باريس شريك قديم، ومن مصلحتنا أن تبقى قواتها معنا.", "niger-government foreign_troops pro france"},
		{"that and if", "أنجزت الولايات المتحدة سحب قواتها من قاعدة أغاديز بعد أن طلب منها النظام العسكري في نيامي المغادرة.", "niger-government foreign_troops anti us; us foreign_troops anti us"},
		{"a country before a colon", "أبرز أحداث اليوم.\nمالي: رفض أي حوار مع الجماعات المسلحة في تمبكتو.", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := statement.Statement{Kind: statement.Wire, Lang: "ar", Text: c.text}
			var got []string
			for _, q := range p.Read(&s).Positions {
				got = append(got, strings.TrimSpace(strings.Join([]string{q.Actor, string(q.Topic), string(q.Stance), q.Target}, " ")))
			}
			if g := strings.Join(got, "; "); g != c.want {
				t.Errorf("%q: got %q, want %q", c.text, g, c.want)
			}
		})
	}
}

// TestRecommendsOrRecommended tells the first person from the past by its ya.
func TestRecommendsOrRecommended(t *testing.T) {
	p := builtIn(t)
	for text, want := range map[string]string{
		"رحبت باماكو بالتقرير. ونظرا لذلك، أوصي بتمديد ولاية البعثة المتكاملة في مالي.":                "un",
		"رحبت باماكو بالتقرير. ونظرا لذلك، أوصى الرئيس الفرنسي بتمديد ولاية البعثة المتكاملة في مالي.": "france",
	} {
		s := statement.Statement{Kind: statement.Article, Outlet: "un", Lang: "ar", Text: text}
		if got := p.Read(&s).Positions; len(got) != 1 || got[0].Actor != want {
			t.Errorf("%s: got %+v, want a position of %s", text, got, want)
		}
	}
}
