package classify_test

import (
	"slices"
	"strings"
	"testing"

	"palabre/statement"
)

// TestReference reads sentences with the built-in rules in which it takes what
// stands around to know who is meant, or what somebody reacts to.
func TestReference(t *testing.T) {
	const spoken = " voilà c'est dit et tout de suite après nous parlerons de la météo des marchés et de la coupe du monde avec nos invités qui sont déjà dans le studio bonjour messieurs"
	pack := byRulesAlone(t)
	for _, c := range []struct {
		name, lang   string
		kind         statement.Kind // a wire if empty
		outlet, text string
		want         string // actor, topic, stance, target; sorted
	}{
		{"a description for the names behind it", "fr", "", "", "Le gouvernement malien et deux groupes armés, le MNLA et le HCUA, ont signé un accord de paix.", "hcua dialogue pro mali-government; mali-government dialogue pro hcua; mali-government dialogue pro mnla; mnla dialogue pro mali-government"},
		{"a name that fills a quotation", "fr", "", "", "Le « Groupe de soutien à l'islam et aux musulmans » refuse de négocier avec Bamako.", "jnim dialogue anti mali-government"},
		{"a name across a mark", "ar", "", "", "رفض تنظيم «القاعدة» الحوار مع الحكومة المالية.", "al-qaeda dialogue anti mali-government"},
		{"who leads an unknown body", "fr", "", "", "La coalition dirigée par l'imam Mahmoud Dicko appelle à un dialogue avec le Jnim.", "mahmoud-dicko dialogue pro jnim"},
		{"the organisation, unarmed", "fr", "", "", "La Cédéao s'est réunie au sujet du Mali et des jihadistes. L'organisation appelle au dialogue avec les groupes armés.", "ecowas dialogue pro armed-groups"},
		{"the latter", "fr", "", "", "Le message est adressé à Iyad Ag Ghaly, mais celui-ci refuse de négocier avec Bamako.", "jnim dialogue anti mali-government"},
		{"the latter, not several", "fr", "", "", "Le visiteur a vu Iyad Ag Ghaly. Les observateurs ont aimé la phrase de ce dernier : « Il n'y aura pas de négociation avec Bamako. »", "jnim dialogue anti mali-government"},
		{"its head, behind a quotation", "fr", "", "", "Les Maliens ont voté dimanche. La Ligue malienne des imams n'a pas changé d'avis : « La laïcité n'a pas sa place dans notre loi », a répété son porte-parole.", "mali-civil-society sharia pro"},
		{"what one does besides a denial", "fr", "", "", "Le Burkina Faso nie tout accord et refuse toute force étrangère sur son sol.", "burkina-government foreign_troops anti foreign"},
		{"a camp that opens the sentence", "fr", "", "", "IBK a parlé dimanche. Du côté de l'opposition malienne, des responsables refusent tout dialogue avec le Jnim.", "mali-opposition dialogue anti jnim"},
		{"a quotation of two sentences", "fr", "", "", "L'imam Mahmoud Dicko est venu. Devant les fidèles, il a fustigé ceux qui tuent : « Ils se trompent. La charia, nous n'en voulons pas. »", "mahmoud-dicko sharia anti"},
		{"nobody beside a condition", "fr", "", "", "Le Jnim a parlé aux Maliens. « Tant que Bamako paiera les Russes, il n'y aura pas de dialogue », affirme un orateur.", "jnim dialogue conditional mali-government; jnim foreign_troops anti russia"},
		{"who speaks of itself in its own text", "fr", statement.Communique, "cedeao", "S'agissant du Mali, la Conférence se déclare préoccupée. Elle exhorte les autorités de la transition et la CMA à cesser les hostilités.", "ecowas dialogue pro cma"},
		{"the council", "en", "", "", "The High Islamic Council met in Bamako. The council will negotiate with JNIM.", "hcim dialogue pro jnim"},
		{"a junta after Russia", "en", "", "", "Russia delivers weapons to Mali. The junta ended the Algiers accord.", "mali-government dialogue anti cma"},
		{"a former official", "en", "", "", "Imam Mahmoud Dicko returned to Bamako. \"We must talk to Iyad Ag Ghaly,\" said the former president of the High Islamic Council.", "mahmoud-dicko dialogue pro jnim"},
		{"a former official of another state", "en", "", "", "A former French minister called for talks with JNIM in Mali.", ""},
		{"an office again", "en", "", "", "Niger's foreign minister met the French ambassador in Bamako. The minister said that France's troops must leave.", "niger-government foreign_troops anti france"},
		{"the imperfect is history", "fr", "", "", "Tombouctou a rouvert ses cafés. Ansar Dine réclamait la charia au Mali.", ""},
		{"the imperfect of a day is not", "fr", "", "", "Ansar Dine réclamait encore mardi la charia au Mali.", "ansar-dine sharia pro"},
		{"the imperfect of what was said is not", "fr", "", "", "Le Jnim a rappelé qu'il réclamait la charia au Mali.", "jnim sharia pro"},
		{"a trade union goes on", "fr", "", "", "Le syndicat des enseignants du Mali a suspendu sa grève. « Nous acceptons le dialogue et la main tendue », dit son chef.", ""},
		{"who repeats it, behind where and when", "fr", "", "", "« Il n'y aura pas de négociation avec le Jnim », a répété mardi à l'Assemblée le Premier ministre malien.", "mali-government dialogue anti jnim"},
		{"an acronym in small letters", "fr", statement.Transcript, "", "le porte-parole du gouvernement malien a parlé hier soir à la télévision nationale il a d'abord parlé du prix du riz de l'école et des routes puis il a dit que nous refusons tout dialogue avec le fla voilà", "mali-government dialogue anti fla"},
		{"named, and again as a pronoun", "fr", statement.Transcript, "", "le premier ministre malien a parlé hier soir à la télévision il dit que les casques bleus doivent partir et le ministre nigérien lui répond et le chef de la diplomatie algérienne il demande que la minusma reste voilà", "algeria foreign_troops pro un; mali-government foreign_troops anti un"},
		{"an outlet of the Sahel", "fr", statement.Article, "studio-tamani", "« Il faut parler aux jihadistes », dit un imam.", "mali-civil-society dialogue pro armed-groups"},
		{"an outlet of the Sahel on another war", "fr", statement.Article, "studio-tamani", "« Il faut parler aux jihadistes de Gaza », dit un imam.", ""},
		{"a sentence that goes on about the same", "fr", "", "", "Le MNLA remercie le médiateur. Il se rendra à Ouagadougou dès que Bamako aura signé. Il souhaite que les soldats français restent à Kidal.", "mnla foreign_troops pro france"},
		{"no, behind a colon", "fr", "", "", "« Appliquer la charia au Mali : jamais », dit le président malien.", "mali-government sharia anti"},
		{"a yes to some and a no to others", "fr", "", "", "Le président nigérien veut parler aux jihadistes du pays mais refuse de négocier avec l'État islamique au Sahel.", "niger-government dialogue anti isgs; niger-government dialogue pro armed-groups"},
		{"those who chant on a day", "fr", "", "", "« Barkhane, dégage ! », scandaient samedi des manifestants à Bamako.", "mali-civil-society foreign_troops anti france"},
		{"those who do a thing are nobody named", "fr", "", "", "Le président burkinabè a parlé du Mali. Quant à ceux qui réclament un dialogue avec le Jnim, qu'ils aillent à Djibo.", ""},
		{"an office of any body", "fr", "", "", "Un haut responsable de l'Union africaine appelle au dialogue avec les extrémistes du Mali.", "au dialogue pro armed-groups"},
		{"a nation and a person", "fr", "", "", "L'Algérien Smaïl Chergui plaide pour le dialogue avec les groupes armés du Mali.", "au dialogue pro armed-groups"},
		{"he is a person", "en", "", "", "Mali's prime minister attacked France and the United Nations as he praised the presence of Russian troops.", "mali-government foreign_troops pro russia"},
		{"it is whom the clause names", "en", "", "", "France has left Mali, and JNIM has said it would not negotiate with Bamako.", "jnim dialogue anti mali-government"},
		{"two who want to talk", "fr", "", "", "Le gouvernement malien et le Jnim souhaitent entamer un dialogue.", "jnim dialogue pro mali-government; mali-government dialogue pro jnim"},
		{"one hears that", "fr", "", "", "Paris a annoncé le départ de Barkhane. On apprend que Bamako va négocier avec le Jnim.", "france foreign_troops anti france; mali-government dialogue pro jnim"},
		{"a demand is a noun", "fr", "", "", "Il faut qu'une demande du Jnim soit faite. La junte malienne refuse de négocier avec le FLA.", "mali-government dialogue anti fla"},
		{"a year far off", "en", "", "", "Mali's president said his government was committed to negotiating a peaceful solution with Tuareg rebels after militants overran much of the country's north in 2012.", "mali-government dialogue pro cma"},
		{"a third state tells", "en", "", "", "The announced withdrawal of French forces from Mali means a \"special responsibility for Germany,\" Berlin said.", "france foreign_troops anti france"},
		{"after they had asked", "ar", "", "", "غادرت أميركا القاعدة بعد أن طلب منها المجلس العسكري في النيجر المغادرة.", "niger-government foreign_troops anti us; us foreign_troops anti us"},
		{"we behind a colon", "ar", "", "", "باريس: سنسحب قواتنا من مالي.", "france foreign_troops anti france"},
		{"an office before a colon", "ar", "", "", "الحكومة المالية: لا تفاوض مع الجهاديين.", "mali-government dialogue anti armed-groups"},
		{"who introduces himself", "ar", statement.Transcript, "", "يا أهل كيدال، سألتم كثيرا. نحن في أنصار الدين نسمعكم. لا تفاوض مع باماكو إلا بعد أن يخرج آخر جندي فرنسي.", "ansar-dine dialogue conditional mali-government; ansar-dine foreign_troops anti france"},
		{"who is called is no subject", "ar", statement.Speech, "", "يا أهل كيدال، نحن في أنصار الدين نرفض الحوار مع باماكو.", "ansar-dine dialogue anti mali-government"},
		{"a man of a group", "ar", "", "", "أكد القائد أبو حمزة من كتيبة ماسينا رفضه الحوار مع باماكو.", "katiba-macina dialogue anti mali-government"},
		{"ready, if they leave", "fr", "", "", "Le Groupe de soutien à l'islam et aux musulmans s'est dit prêt à négocier avec le gouvernement malien à condition que les forces françaises quittent le pays.", "jnim dialogue conditional mali-government; jnim foreign_troops anti france"},
		{"a question and its answer", "fr", "", "", "Faut-il négocier avec le Jnim ? Le débat divise. « Jamais de la vie », tranche le premier ministre malien.", "mali-government dialogue anti jnim"},
		{"a question too far before its answer", "fr", "", "", "Faut-il négocier avec le Jnim ? Le débat divise. Il dure. Il est vif. « Jamais de la vie », tranche le premier ministre malien.", ""},
		{"a matter that is only named", "fr", "", "", "Négocier avec le Jnim ? La France rejette cette idée.", "france dialogue anti jnim"},
		{"he said: one does not", "fr", statement.Transcript, "", "le premier ministre malien il a dit on ne négocie pas avec les terroristes du Jnim", "mali-government dialogue anti jnim"},
		{"an office before its verb", "fr", "", "", "Le président du Niger écoute les chefs du FLA. Le président refuse de négocier avec le Jnim.", "niger-government dialogue anti jnim"},
		{"a group without an identifier", "fr", "", "", "Iyad Ag Ghaly dirige le Jnim au Mali. Un responsable du Mujao a prévenu que son mouvement refuse de négocier avec Bamako.", "armed-groups dialogue anti mali-government"},
		{"a state that is somebody's ally", "en", "", "", "Mali is at war. France, Mali's most important ally, opposes dialogue with JNIM.", "france dialogue anti jnim"},
		{"a list behind a preposition", "en", "", "", "Protesters were seen holding flags from Niger, Mali, and Russia, along with placards calling on the US to withdraw its forces from Niger.", "mali-civil-society foreign_troops anti us"},
		{"all of them, behind a preposition", "fr", "", "", "Parmi les recommandations : ouvrir la discussion avec tous les groupes armés du Mali, et garder à l'État sa forme laïque.", ""},
		{"who is told says nothing", "en", "", "", "The prime minister of Mali spoke. The panel has been told to approach Iyad Ag Ghali.", ""},
		{"a former official of nothing named", "en", "", "", "Soumaila Cisse spoke in Bamako. \"We must talk to JNIM,\" said the former minister.", "soumaila-cisse dialogue pro jnim"},
		{"an impersonal clause of who speaks", "fr", "", "", "« Bamako a déchiré l'accord : il n'y a plus rien à négocier avec ce régime », tranche Alghabass Ag Intalla, du HCUA.", "hcua dialogue anti mali-government"},
		{"whom an official was close to", "fr", "", "", "Le chef du FLA, longtemps proche d'Iyad Ag Ghaly, refuse la charia au Mali.", "fla sharia anti"},
		{"a year in an aside", "en", "", "", "The junta, which seized power in 2020, says it wants to negotiate with JNIM in Mali.", "mali-government dialogue pro jnim"},
		{"two groups of before", "en", "", "", "Ansar Dine and the MNLA met the mediator. The two groups said they were ready to talk to the government of Mali.", "ansar-dine dialogue pro mali-government; mnla dialogue pro mali-government"},
		{"two sides of before", "fr", "", "", "Le gouvernement malien a reçu la CMA mardi à Kidal. Les deux parties ont signé un cessez-le-feu.", "cma dialogue pro mali-government; mali-government dialogue pro cma"},
		{"two states of before", "ar", "", "", "أصدرت مالي والنيجر بيانا مشتركا. وطالب البلدان برحيل القوات الفرنسية.", "mali-government foreign_troops anti france; niger-government foreign_troops anti france"},
		{"no two of three", "en", "", "", "Ansar Dine, the MNLA and the HCUA met the mediator. Both sides said they were ready to talk.", ""},
		{"to whom it is said", "fr", "", "", "« La porte est ouverte au dialogue avec le Jnim », a confié à notre micro le ministre malien Abdoulaye Diop.", "mali-government dialogue pro jnim"},
		{"a group of several", "en", "", "", "Mali's military government should cut its links with Russian forces, a group of independent United Nations experts said.", "analyst foreign_troops anti russia"},
		{"it is no person", "en", "", "", "Mali lost Kidal in 2012. For Mahmoud Dicko, the statement was a failure. It broke ties with France, partnering with Russian paramilitaries.", "mali-government foreign_troops pro russia"},
		{"an answer that asks", "fr", "interview", "jeune-afrique", "Allez-vous négocier avec le Jnim ?\nAbdoulaye Diop : Et puis quoi encore ?", "mali-government dialogue anti jnim"},
		{"a question about a refusal", "en", "interview", "jeune-afrique", "Why do you refuse to negotiate with JNIM?\nAbdoulaye Diop: Because one does not bargain over graves.", "mali-government dialogue anti jnim"},
		{"a post of nobody known", "en", "post", "x", "Enough funerals in Mali. Talk to them. Iyad, Koufa, whoever.", ""},
		{"a pronoun that doubles a name", "fr", "transcript", "rfi", "et en face le premier ministre malien lui il répond on ne négociera pas avec le jnim et c'est tout" + spoken, "mali-government dialogue anti jnim"},
		{"articles in spoken text", "fr", "transcript", "rfi", "au mali les imams rejettent la laïcité" + spoken, "mali-civil-society sharia pro"},
		{"who says it behind the verb", "fr", "transcript", "rfi", "que wagner s'en aille du mali dit l'opposition malienne" + spoken, "mali-opposition foreign_troops anti russia"},
		{"acronyms in small letters", "fr", "transcript", "rfi", "et la cma refuse de négocier avec bamako" + spoken, "cma dialogue anti mali-government"},
		{"a question in spoken text", "fr", "transcript", "rfi", "au mali on pose la question est-ce que les soldats français doivent partir" + spoken, ""},
		{"who is asked in spoken text", "fr", "transcript", "rfi", "question monsieur le secrétaire général votre parti est dans l'opposition au mali\nréponse il faut négocier avec le jnim" + spoken, "mali-opposition dialogue pro jnim"},
		{"some named for many", "en", "", "", "Countries like Chad, Niger, and Burkina Faso have expelled French troops from the Sahel.", "burkina-government foreign_troops anti france; chad foreign_troops anti france; niger-government foreign_troops anti france"},
		{"whose view it is behind an adverb", "fr", "", "", "Par ailleurs, pour Paris, la négociation avec le Jnim n'est pas une option.", "france dialogue anti jnim"},
		{"an accord behind other talks", "fr", "", "", "Les prix du riz ont peu changé à Bamako. L'accord d'Alger n'existe plus, a déclaré le gouvernement malien.", "mali-government dialogue anti cma"},
		{"an office of something unknown", "en", "", "", "\"Mali must negotiate with JNIM,\" said the head of the hospital in Gao.", ""},
		{"a union of a state's mines", "fr", "", "", "« Il faut négocier avec le Jnim », a déclaré le secrétaire général du syndicat des mines du Mali.", "mali-civil-society dialogue pro jnim"},
		{"an army that speaks", "en", "", "", "\"We reject any dialogue with JNIM,\" said the French army in Mali.", "france dialogue anti jnim"},
		{"the mission of the council", "en", "", "", "The Security Council ended the mission in Mali.", "un foreign_troops anti un"},
		{"two ministers", "en", "", "", "After meeting Mali's prime minister, the French foreign minister said he opposed talks with JNIM.", "france dialogue anti jnim"},
		{"a condition by inversion", "en", "", "", "The High Islamic Council of Mali would drop its opposition to the word secular, were the preamble to honour the values of Islam.", "hcim sharia conditional"},
		{"a movement with its short form", "fr", "", "", "Le Mouvement national de libération de l'Azawad (MNLA) et Ansar Dine se sont dits prêts à un dialogue avec Bamako.", "ansar-dine dialogue pro mali-government; mnla dialogue pro mali-government"},
		{"the city of an accord is no state", "fr", "", "", "L'accord d'Alger rejoint les archives. Le gouvernement a constaté l'inapplicabilité absolue de l'accord de 2015 et annoncé sa fin.", "mali-government dialogue anti cma"},
		{"whose expert is quoted", "en", "", "", "\"Mali must negotiate with JNIM,\" said Jean-Herve Jezequel of the International Crisis Group.", "analyst dialogue pro jnim"},
		{"a trader with a known last name", "en", "", "", "\"Mali must negotiate with JNIM,\" said Oumar Keita, a trader.", "mali-civil-society dialogue pro jnim"},
		{"an adverb within a phrase", "fr", "", "", "La France met officiellement fin à sa présence militaire au Mali.", "france foreign_troops anti france"},
		{"terms in a sentence of their own", "fr", "", "", "Le Jnim n'exclut pas de discuter avec Bamako. Sa condition : que Barkhane quitte le Sahel.", "jnim dialogue conditional mali-government; jnim foreign_troops anti france"},
		{"a noun that two forces share", "en", "", "", "The junta wants French and UN forces to leave Mali.", "mali-government foreign_troops anti france; mali-government foreign_troops anti un"},
		{"offices behind an opening capital", "fr", "", "", "Bamako a parlé. À Paris, le ministère refuse de négocier avec le Jnim au Mali.", "france dialogue anti jnim"},
		{"a stranger speaks", "en", "", "", "Oumar Keita said Mali should talk to JNIM. The farmer said Mali must negotiate with JNIM.", ""},
		{"whose announcement it is", "fr", "", "", "Les observateurs du Mali retiennent une annonce du président malien : « Il n'y aura aucune discussion avec les terroristes. »", "mali-government dialogue anti armed-groups"},
		{"a namesake", "fr", "", "", "Haïdara Moulaye est membre de la société civile de Tombouctou : « Moi, je salue l'intervention de la France. »", "mali-civil-society foreign_troops pro france"},
		{"who declares therein", "fr", "", "", "« Nous ne négocierons pas avec le gouvernement de Bamako », y déclare Amadou Koufa.", "katiba-macina dialogue anti mali-government"},
		{"a day within a phrase", "fr", "", "", "Bamako s'est dit, mardi 12 mars, prêt à négocier avec le Jnim.", "mali-government dialogue pro jnim"},
		{"a name with a date in it", "ar", "", "", "رفضت حركة 5 يونيو الثلاثاء الحوار مع القاعدة في مالي.", "mali-opposition dialogue anti jnim"},
		{"an idea rejected", "en", "", "", "Mali's government wants to talk to JNIM. France rejected the idea.", "france dialogue anti jnim; mali-government dialogue pro jnim"},
		{"a departure welcomed", "fr", "", "", "La France a annoncé le retrait de Barkhane. Le gouvernement malien salue cette décision.", "france foreign_troops anti france; mali-government foreign_troops anti france"},
		{"yes and no", "fr", "", "", "Le président nigérien refuse de parler au Jnim. Le président nigérien est favorable au dialogue avec le Jnim.", "niger-government dialogue anti jnim"},
		{"nobody is mandated, with thanks", "fr", "", "", "Le gouvernement malien n'a mandaté personne pour négocier avec le Jnim. Le gouvernement malien remercie toutes les bonnes volontés qui œuvrent à la paix avec le Jnim.", "mali-government dialogue mixed jnim"},
		{"a president whose country is not told", "en", "", "", "President Felipe Ortiz said that Colombia ruled out any talks with the rebels. Mali watches.", ""},
		{"a noun before the verb of saying", "en", "", "", "JNIM burned the village. Bamako must talk to JNIM, a potter said.", ""},
		{"a refusal of last year in an aside", "en", "", "", "Mali's foreign minister, who last year ruled out any contact, wants talks with JNIM.", "mali-government dialogue pro jnim"},
		{"an envoy to a state", "en", "", "", "The UN envoy to Mali hoped that channels to JNIM would be kept open.", "un dialogue pro jnim"},
		{"a town and its country", "en", "", "", "Women in Gao, Mali, said that JNIM rejects talks with Bamako.", "jnim dialogue anti mali-government"},
		{"no renewal unless", "en", "", "", "Chad will not renew its contingent in MINUSMA in Mali unless it gets armoured cars, its minister said.", "chad foreign_troops conditional un"},
		{"a preacher of a group", "en", "", "", "A preacher of JNIM rejects talks with Bamako.", "jnim dialogue anti mali-government"},
		{"what is so-called", "en", "", "", "Niger rejects talks with the so-called Islamic State in the Sahel.", "niger-government dialogue anti isgs"},
		{"those of whom nobody knows who they are", "en", "", "", "In Mali the minister met the widows and the boys who want talks with JNIM.", ""},
		{"a report that says something", "en", "", "", "Mali should talk to JNIM, says a report on the Sahel by Crisis Group.", "analyst dialogue pro jnim"},
		{"a briefing at the Council", "en", statement.Speech, "un", "I have told the parties in Mali that the Government and the movements are slow. I call for talks with JNIM.", "un dialogue pro jnim"},
		{"a state's own speech", "en", statement.Speech, "france", "We will stay in the Sahel. We do not negotiate with JNIM.", "france dialogue anti jnim"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := exampleOf(c.lang, c.text)
			if c.kind != "" {
				s.Kind, s.Outlet = c.kind, c.outlet
			}
			r := pack.Read(&s)
			var got []string
			for i := range r.Positions {
				p := &r.Positions[i]
				got = append(got, strings.TrimSpace(strings.Join([]string{p.Actor, string(p.Topic), string(p.Stance), p.Target}, " ")))
			}
			slices.Sort(got)
			if g := strings.Join(got, "; "); g != c.want {
				t.Errorf("%q reads %q, want %q", c.text, g, c.want)
			}
		})
	}
}

// TestTitleOffice reads a communiqué whose title alone says whose it is.
func TestTitleOffice(t *testing.T) {
	s := exampleOf("fr", "Nous prolongerons la mission des Casques bleus au Mali. Le Mali compte sur elle.")
	s.Kind, s.Title = statement.Communique, "Déclaration à la presse du ministre français des Armées"
	r := byRulesAlone(t).Read(&s)
	if len(r.Positions) != 1 || r.Positions[0].Actor != "france" {
		t.Errorf("read as %+v, want a position of France", r.Positions)
	}
}

// TestTitleStands reads a title whose position the text does not give again to anybody
// with certainty.
func TestTitleStands(t *testing.T) {
	s := exampleOf("fr", "L'organisation État islamique au Sahel a publié un texte. Des notables avaient proposé une médiation entre les deux groupes. « Ni trêve ni conciliation avec ceux qui aiment les juntes », écrit le journal.")
	s.Title = "L'État islamique au Sahel rejette toute trêve avec le Jnim"
	r := byRulesAlone(t).Read(&s)
	if !slices.ContainsFunc(r.Positions, func(p statement.Position) bool { return p.Actor == "isgs" && p.Stance == statement.Anti }) {
		t.Errorf("read as %+v, want the refusal of the title", r.Positions)
	}
}

// TestDoubt reads a text that says yes and no: what stands is tentative.
func TestDoubt(t *testing.T) {
	s := exampleOf("fr", "Le président nigérien refuse de parler au Jnim. Le président nigérien est favorable au dialogue avec le Jnim.")
	r := byRulesAlone(t).Read(&s)
	if len(r.Positions) != 1 || r.Positions[0].Tentative == "" {
		t.Errorf("yes and no read as %+v, want one tentative position", r.Positions)
	}
}

// TestEvidenceIsThePassage reads an actor who says a thing twice: what stands near
// together is one passage, what stands far apart is shown by the strongest words.
func TestEvidenceIsThePassage(t *testing.T) {
	pack := byRulesAlone(t)
	const first, again = "Le Jnim refuse de négocier avec Bamako", "Le Jnim rejette tout dialogue avec le gouvernement malien"
	for between, want := range map[string]string{
		". Il pleut à Kidal. ":                               first + ". Il pleut à Kidal. " + again,
		"." + strings.Repeat(" Il pleut à Kidal.", 20) + " ": first,
	} {
		s := exampleOf("fr", first+between+again+".")
		r := pack.Read(&s)
		if len(r.Positions) != 1 || r.Positions[0].Evidence.Quote != want {
			t.Errorf("%q has the positions %+v, want one with the evidence %q", s.Text, r.Positions, want)
			continue
		}
		if err := r.Positions[0].Evidence.Check(&s); err != nil {
			t.Error(err)
		}
	}
}

// TestLabelsAreThoseOfTheGuide prints states to which the labelling guide gives no
// identifier as one that is unknown.
func TestLabelsAreThoseOfTheGuide(t *testing.T) {
	pack := byRulesAlone(t)
	s := exampleOf("en", "Denmark and Sweden will withdraw their troops from the UN mission in Mali. Germany will withdraw its troops from the UN mission in Mali.")
	positions := pack.Read(&s).Positions
	var read, labelled []string
	for i := range positions {
		read = append(read, positions[i].Actor)
	}
	for _, l := range pack.Labels(positions) {
		labelled = append(labelled, l.Actor)
	}
	slices.Sort(read)
	slices.Sort(labelled)
	if want := []string{"denmark", "germany", "sweden"}; !slices.Equal(read, want) {
		t.Errorf("%q is read as of %v, want %v", s.Text, read, want)
	}
	if want := []string{"germany", statement.Unknown}; !slices.Equal(labelled, want) {
		t.Errorf("the labels are of %v, want %v", labelled, want)
	}
}

// exampleOf is a dispatch of June 2021.
func exampleOf(language, text string) statement.Statement {
	said, err := statement.ParseDate("2021-06-01", "hand")
	if err != nil {
		panic(err)
	}
	return statement.Statement{Kind: statement.Wire, Lang: language, Text: text, Outlet: "afp", Published: said}
}
