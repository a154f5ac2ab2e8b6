package classify_test

import (
	"strings"
	"testing"

	"palabre/statement"
)

// TestArabicSubjects keeps what the built-in rules make of verbs and those who
// stand behind them.
func TestArabicSubjects(t *testing.T) {
	p := byRulesAlone(t)
	for _, c := range []struct{ name, text, want string }{
		{"a plural verb has its subject before it", "اجتمع الأئمة في مالي وأوصوا السلطات المالية بالتواصل مع الجهاديين.", "mali-civil-society dialogue pro armed-groups"},
		{"two subjects behind a verb", "حذرت باماكو وواغادوغو من أن أي تدخل عسكري في النيجر سيعتبر إعلان حرب.", "burkina-government foreign_troops anti foreign; mali-government foreign_troops anti foreign"},
		{"a senate is no council of elders", "دعا مجلس الشيوخ الفرنسي إلى الحوار مع الجماعات المسلحة في مالي.", "france dialogue pro armed-groups"},
		{"what a speaker adds", "قال بلال أغ الشريف إن أنصار الدين «تصر على أن تكون الشريعة قانون الدولة»، مضيفا: «نحن حركة تريد دولة علمانية».", "ansar-dine sharia pro; bilal-ag-acherif sharia anti"},
		{"a spokesman of a force", "قال الناطق الرسمي باسم مجموعة فاغنر إن القوات الروسية باقية في مالي.", "russia foreign_troops pro russia"},
		{"a commander of troops", "قال قائد القوات الفرنسية في الساحل إن القوات باقية في مالي.", "france foreign_troops pro france"},
		{"a description and a name", "دعا رجل الدين المالي البارز محمود ديكو إلى الحوار مع الجهاديين.", "mahmoud-dicko dialogue pro armed-groups"},
		{"an object behind a noun that nobody knows", "دعا رواد المقهى السلطات المالية إلى الحوار مع المسلحين.", ""},
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
		{"a verb with its place written to it", "فرنسا صامتة. في اليوم نفسه أعلن فيه وزير خارجية النيجر رفض الحوار مع الجهاديين.", "niger-government dialogue anti armed-groups"},
		{"two nationalities of one office", "رحبت الجزائر بالحوار مع المسلحين في مالي. هذا القرار رفضته الحكومتان المالية والفرنسية.", "algeria dialogue pro armed-groups; france dialogue anti armed-groups; mali-government dialogue anti armed-groups"},
		{"two sides joined", "أعلن عن هدنة بين صيادي الدوزو والإرهابيين قرب موبتي.", "armed-groups dialogue pro donso; donso dialogue pro armed-groups"},
		{"whom somebody unknown addresses", "ناشد تجمع السائقين السلطات المالية أن تتحدث إلى المسلحين.", ""},
		{"a feminine verb and a man", "وصلت وزيرة الجيوش الفرنسية إلى غاو، وقالت قبل لقاء نظيرها المالي إن التفاوض مع نصرة الإسلام مرفوض.", "france dialogue anti jnim"},
		{"called on by the speaker", "قال محمود ديكو إن البلاد تعبت، ودعا الحكومة المالية إلى الحوار مع الجهاديين.", "mahmoud-dicko dialogue pro armed-groups"},
		{"what a participle adds", "تحدث هولاند عن المفاوضات التي تجري في الجزائر بين الحكومة المالية وحركات الشمال، داعيا إلى احترام علمانية الدولة في مالي.", "cma dialogue pro mali-government; francois-hollande sharia anti; mali-government dialogue pro cma"},
		{"the pluperfect without its particle", "وكانت التنسيقية وقعت مع الحكومة المالية اتفاق سلام في الجزائر.", ""},
		{"who had warned", "وكان وزير خارجية تشاد قبل شهر رفض انسحاب القوات الفرنسية من مالي.", "chad foreign_troops anti france"},
		{"to express", "وعبر وزير خارجية مالي عن ثقته في مسار الحوار مع الجهاديين.", "mali-government dialogue pro armed-groups"},
		{"a denied rumour", "نفى المجلس العسكري في بوركينا فاسو شائعات عن هدنة مع الجهاديين.", "burkina-government dialogue anti armed-groups"},
		{"leaders of two states", "رفض زعيما السنغال وتشاد بقاء القوات الفرنسية في الساحل.", "chad foreign_troops anti france; senegal foreign_troops anti france"},
		{"a name like a preposition", "قالت فرنسا كلمتها. وكان رئيس الوزراء علي الأمين زين قد أعرب عن أمله في رحيل الجنود الفرنسيين من النيجر.", "lamine-zeine foreign_troops anti france"},
		{"a state and its people", "حذرت الجزائر الشعب المالي من رفض الحوار مع الجهاديين.", "algeria dialogue pro armed-groups"},
		{"where a group is", "تعد جماعة نصرة الإسلام خطرا لانتشارها في كل من مالي والنيجر وبوركينا فاسو عبر تطبيق الشريعة.", "jnim sharia pro"},
		{"an office and a noun", "أشاد وزير خارجية مالي بالاتفاق. جدد الوزير دعم توغو للحوار مع الجهاديين.", "mali-government dialogue pro armed-groups; togo dialogue pro armed-groups"},
		{"an office and that", "قال الوزير إن النيجر ترفض الحوار مع الجهاديين.", "niger-government dialogue anti armed-groups"},
		{"a crowd elsewhere", "احتشد آلاف المتظاهرين أمام القاعدة الفرنسية في نيامي مطالبين برحيل القوات الفرنسية.", "unknown foreign_troops anti france"},
		{"a crowd at home", "احتشد آلاف المتظاهرين أمام القاعدة الفرنسية في باماكو مطالبين برحيل القوات الفرنسية.", "mali-public foreign_troops anti france"},
		{"whose spokesman", "رفضت تنسيقية الحركات الأزوادية الحوار الذي عرضته الجزائر. وقال ناطق باسمها إن التفاوض مع باماكو مرفوض.", "cma dialogue anti mali-government"},
		{"a dual verb", "مالي والنيجر ترفضان الحوار مع الجهاديين.", "mali-government dialogue anti armed-groups; niger-government dialogue anti armed-groups"},
		{"what somebody welcomes", "حذر الأمين العام للأمم المتحدة من الفوضى. ورحب بما أعلنته الحكومة المالية من استعداد لمحاورة الجهاديين.", "mali-government dialogue pro armed-groups; un dialogue pro armed-groups"},
		{"leaders are no state", "في قمة أبوجا التقى القادة الرئيس السنغالي. وأقر القادة نشر قوة في الساحل.", ""},
		{"a minister of a nation far away", "رفض الوزير التونسي الحوار مع الجهاديين في مالي.", "unknown dialogue anti armed-groups"},
		{"if and a verb", "لا يسر باريس ما تسمعه إن تعاقدت باماكو مع مرتزقة فاغنر.", ""},
		{"those with them", "اجتمع علينا في مالي الفرنسيون ومن معهم.", ""},
		{"a negation before until", "قالت كتيبة ماسينا: لا نفاوض حكومة مالي حتى تخرج القوات الفرنسية من مالي.", "katiba-macina dialogue conditional mali-government; katiba-macina foreign_troops anti france"},
		{"then, of what is to come", "قالت جماعة نصرة الإسلام: يومها سنجلس إلى حكومة مالي ونحاورها.", "jnim dialogue pro mali-government"},
		{"our friends told us", "قال رئيس النيجر محمد بازوم: إخواننا في باماكو أبلغونا أنهم يرفضون الحوار مع الجهاديين.", "mali-government dialogue anti armed-groups"},
		{"a relative clause that goes on", "طالب الرئيس الموريتاني بالحذر حيال أنصار الدين التي تسيطر على شمال مالي والتي أعلنت رفض الحوار مع باماكو.", "ansar-dine dialogue anti mali-government"},
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
	p := byRulesAlone(t)
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
