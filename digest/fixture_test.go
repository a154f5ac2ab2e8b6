package digest

import (
	"testing"
	"time"

	"palabre/statement"
)

// must fails the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openTexts(t testing.TB) *Texts {
	t.Helper()
	texts, err := LoadTexts("")
	must(t, err)
	return texts
}

func week(t testing.TB, s string) Period {
	t.Helper()
	p, err := ParseWeek(s)
	must(t, err)
	return p
}

func on(s string) statement.Date {
	d, err := statement.ParseDate(s, "text")
	if err != nil {
		panic(err)
	}
	return d
}

// body is an actor with its names in the three languages.
func body(id string, kind statement.ActorKind, the, en, le, fr, ar string) statement.Actor {
	return statement.Actor{
		ID: id, Kind: kind, Label: en,
		Called: statement.Called{En: statement.Noun{Article: the, Name: en}, Fr: statement.Noun{Article: le, Name: fr}, Ar: statement.Noun{Name: ar}},
	}
}

var registry = &statement.Registry{
	Actors: []statement.Actor{
		body("mali-government", statement.State, "the", "Government of Mali", "le", "gouvernement malien", "الحكومة المالية"),
		body("jnim", statement.Coalition, "", "JNIM", "le", "GSIM (JNIM)", "جماعة نصرة الإسلام والمسلمين"),
		body("katiba-macina", statement.ArmedGroup, "", "Katiba Macina", "la", "katiba Macina", "كتيبة ماسينا"),
		body("isgs", statement.ArmedGroup, "", "Islamic State in the Sahel", "l’", "État islamique au Sahel", "تنظيم الدولة الإسلامية في الصحراء الكبرى"),
		body("cma", statement.ArmedGroup, "the", "CMA", "la", "CMA", "تنسيقية حركات أزواد"),
		body("donso", statement.Militia, "the", "Donso hunters", "les", "chasseurs donso", "جماعات صيادي الدونسو"),
		body("armed-groups", statement.ArmedGroup, "", "armed groups", "les", "groupes armés", "الجماعات المسلحة"),
		body("mali-army", statement.Body, "the", "Malian army", "l’", "armée malienne", "الجيش المالي"),
		body("hcim", statement.Body, "the", "High Islamic Council of Mali", "le", "Haut Conseil islamique du Mali", "المجلس الإسلامي الأعلى في مالي"),
		body("france", statement.State, "", "France", "la", "France", "فرنسا"),
		body("un", statement.Body, "the", "United Nations", "les", "Nations unies", "الأمم المتحدة"),
		body("us", statement.State, "the", "United States", "les", "États-Unis", "الولايات المتحدة"),
		body("russia", statement.State, "", "Russia", "la", "Russie", "روسيا"),
		body("algeria", statement.State, "", "Algeria", "l’", "Algérie", "الجزائر"),
		body("niger-government", statement.State, "the", "Government of Niger", "le", "gouvernement nigérien", "حكومة النيجر"),
		body("aqim", statement.ArmedGroup, "", "AQIM", "", "AQMI", "القاعدة في بلاد المغرب الإسلامي"),
		body("eu", statement.Body, "the", "European Union", "l’", "Union européenne", "الاتحاد الأوروبي"),
		body("mali-civil-society", statement.Society, "", "Malian civil society", "la", "société civile malienne", "المجتمع المدني في مالي"),
		body("tuareg-council", statement.Society, "", "Council of Elders", "", "Conseil des anciens", "مجلس الأعيان"),
	},
	Persons: []statement.Person{{ID: "mamadou-kone", Label: "Mamadou Koné", Names: []statement.Name{{Text: "مامادو كوني"}}}},
	Places: []statement.Place{
		{ID: "niono", Kind: "cercle", Label: "Niono", Names: []statement.Name{{Text: "نيونو"}}, In: "region-segou"},
		{ID: "farabougou", Kind: "locality", Label: "Farabougou", In: "niono"},
		{ID: "koro", Kind: "cercle", Label: "Koro", Names: []statement.Name{{Text: "كورو"}}},
	},
	Demands: []statement.DemandKind{
		{ID: "french-withdrawal", Label: statement.Labels{En: "French withdrawal", Fr: "retrait français", Ar: "انسحاب القوات الفرنسية"}},
		{ID: "release", Label: statement.Labels{En: "release of prisoners", Fr: "libération de prisonniers", Ar: "إطلاق سراح الأسرى"}},
	},
}

const (
	mandateWords  = "le gouvernement avait décidé d'ouvrir des négociations avec les chefs du Jnim, Iyad ag Ghaly et Amadou Koufa"
	walkBackWords = "à ce jour aucune organisation nationale ou internationale n'a été mandatée officiellement pour négocier avec le Jnim"
	jnimWords     = "نحن مستعدون للدخول في مفاوضات مع الحكومة المالية بعد أن ينتهي الاحتلال الفرنسي وأن تخرج جيوشه"
)

// source adds a citation to the material.
func (m *Material) source(id, outlet, title, lang, said string) {
	m.Citations = append(m.Citations, statement.Citation{
		Statement: id, Title: title, Outlet: m.Outlets[outlet], Date: on(said), Lang: lang, URL: "https://example.org/" + id,
		Capture: statement.HashBody([]byte(id)), Reconstructed: true,
	})
}

func cited(id, quote, outlet, lang, said string, stance statement.Stance, grade statement.Grade) statement.Cited {
	return statement.Cited{
		Passage: statement.Passage{Statement: id, Quote: quote, Said: on(said)}, Outlet: outlet, Lang: lang, Grade: grade, Stance: stance,
	}
}

// fixture is the week of the mandate and of its disavowal, with what else a busy
// week may bring.
func fixture(t testing.TB) *Material {
	m := &Material{
		Period: week(t, "2021-W42"), Made: time.Date(2021, 10, 25, 6, 0, 0, 0, time.UTC), Mark: statement.Amber, Packs: []string{"k3v9d2"}, Registry: registry,
		Outlets: map[string]string{
			"ministry": "Ministère des Affaires religieuses", "primature": "Primature", "france-24": "France 24", "al-zallaqa": "Al-Zallaqa Media Foundation",
			"tamani": "Studio Tamani", "rfi": "RFI",
		},
		Officers: []Watch{
			{Who: "A. Traoré", From: date("2021-10-18"), To: date("2021-10-21")}, {Who: "F. Cissé", From: date("2021-10-21")},
		},
		Coverage: Coverage{
			Statements: 212, Sources: 41, Langs: map[string]int{"fr": 170, "en": 24, "ar": 18}, Unclear: 12, Failed: 2,
			Silent: []Silent{{Source: "Maliactu", Since: date("2021-10-19")}, {Source: "Al-Andalus", Since: date("2021-10-02"), Why: "403 Forbidden"}},
			Unread: []Unread{{Lang: "bm", Medium: "audio", N: 5}, {Lang: "ff", Medium: "audio", N: 4}, {Lang: "ses", N: 3}},
		},
	}
	m.source("s-ministry", "ministry", "Ministère des Affaires religieuses : mission de bons offices", "fr", "2021-10-19")
	m.source("s-primature", "primature", "Communiqué du Gouvernement", "fr", "2021-10-22")
	m.source("s-ouane", "france-24", "Moctar Ouane : « le dialogue est une opportunité »", "fr", "2020-12-03")
	m.source("s-jnim", "al-zallaqa", "بيان بشأن الدعوة إلى المفاوضات", "ar", "2020-03-08")
	m.source("s-jnim2", "al-zallaqa", "كلمة صوتية", "ar", "2021-10-20")
	m.source("s-farabougou", "tamani", "Farabougou : la trêve tient", "fr", "2021-10-21")
	m.source("s-donso", "rfi", "Centre du Mali : nouvel accord à Koro", "fr", "2021-10-23")
	m.source("s-france", "rfi", "Paris répond à Bamako", "fr", "2021-10-21")
	m.source("s-other", "rfi", "=cmd|' /C calc'!A0", "fr", "2021-10-18")
	m.news()
	m.lines(t)
	return m
}

// news fills in what was said.
func (m *Material) news() {
	mandate := cited("s-ministry", mandateWords, "ministry", "fr", "2021-10-19", statement.Pro, "B")
	denial := cited("s-primature", walkBackWords, "primature", "fr", "2021-10-22", statement.Mixed, "B")
	before := cited("s-ouane", "le dialogue est une opportunité", "france-24", "fr", "2020-12-03", statement.Pro, "B")
	offer := cited("s-jnim", jnimWords, "al-zallaqa", "ar", "2020-03-08", statement.Conditional, "A")
	again := cited("s-jnim2", jnimWords, "al-zallaqa", "ar", "2021-10-20", statement.Conditional, "A")
	signal := func(id string, reason statement.Reason, actor, target string, now, then statement.Cited, sure float64) statement.Signal {
		return statement.Signal{
			ID: id, Reason: reason, Actor: actor, Topic: statement.Dialogue, Target: target, From: then.Stance, To: now.Stance, Event: "e-" + id,
			Now: now.Passage, Then: then.Passage, Confidence: sure, FirstHand: true,
		}
	}
	add := func(s statement.Signal, now, then statement.Cited, outlets ...string) {
		m.Signals = append(m.Signals, statement.News{Signal: s, Now: now, Then: then, Outlets: outlets, Reports: len(outlets), Pack: "k3v9d2"})
	}
	s := signal("mandate", statement.Reaffirmed, "mali-government", "jnim", mandate, before, .9)
	s.Speaker, s.Act = "mamadou-kone", "mandate"
	add(s, mandate, before, "ministry", "rfi")
	s = signal("jnim", statement.Reaffirmed, "jnim", "mali-government", again, offer, .8)
	s.Condition = "ينتهي الاحتلال الفرنسي وأن تخرج جيوشه"
	add(s, again, offer, "al-zallaqa")
	m.Signals[1].Demands = []string{"french-withdrawal"}
	add(signal("denial", statement.WalkBack, "mali-government", "jnim", denial, mandate, .9), denial, mandate, "primature")
	single := cited("s-donso", "un accord a été conclu à Koro", "rfi", "fr", "2021-10-23", statement.Pro, "C")
	s = signal("koro", statement.First, "donso", "katiba-macina", single, statement.Cited{}, .7)
	s.FirstHand, s.Candidate, s.Act = false, "reported by one outlet", "ceasefire"
	add(s, single, statement.Cited{}, "rfi")
	wrong := signal("wrong", statement.Shift, "us", "jnim", single, before, .5)
	add(wrong, single, before, "rfi")
	m.Signals[4].Care.False = "A. Traoré"
	quiet := signal("quiet", statement.Silence, "cma", "mali-government", cited("s-farabougou", "", "tamani", "fr", "2021-09-28", "", "C"), statement.Cited{}, .6)
	add(quiet, cited("s-farabougou", "", "tamani", "fr", "2021-09-28", "", "C"), statement.Cited{}, "tamani")

	event := func(id, actor, target string, stance statement.Stance, lead, said, quote string) statement.Event {
		return statement.Event{
			ID: "e-" + id, Actor: actor, Topic: statement.Dialogue, Target: target, Stance: stance, Lead: lead, When: on(said), Outlets: 1, FirstHand: true,
			Evidence: statement.Evidence{Quote: quote},
		}
	}
	told := func(e statement.Event, act string, places ...string) {
		e.Act = act
		m.Utterances = append(m.Utterances, Utterance{Event: e, Places: places})
	}
	told(event("mandate", "mali-government", "jnim", statement.Pro, "s-ministry", "2021-10-19", mandateWords), "mandate")
	told(event("jnim", "jnim", "mali-government", statement.Conditional, "s-jnim2", "2021-10-20", jnimWords), "")
	told(event("truce", "katiba-macina", "donso", statement.Pro, "s-farabougou", "2021-10-21", "la trêve tient"), "ceasefire", "farabougou", "niono")
	told(event("denial", "mali-government", "jnim", statement.Mixed, "s-primature", "2021-10-22", walkBackWords), "")
	told(event("koro", "donso", "katiba-macina", statement.Pro, "s-donso", "2021-10-23", "un accord a été conclu à Koro"), "ceasefire", "koro")
	told(event("paris", "france", "jnim", statement.Anti, "s-france", "2021-10-21", "=HYPERLINK(\"http://evil\")"), "")

	m.Answers = []Answer{
		{How: statement.OwnHouse, Days: 3, By: m.Utterances[3].Event, To: m.Utterances[0].Event},
		{How: statement.Named, Days: 2, By: m.Utterances[5].Event, To: m.Utterances[0].Event},
	}
	m.Demands = []DemandChange{
		{Demand: statement.Demand{
			Actor: "jnim", Topic: statement.Dialogue, Target: "mali-government", Of: "france", What: "french-withdrawal", Words: "ينتهي الاحتلال الفرنسي وأن تخرج جيوشه",
			First: offer.Passage, Last: again.Passage,
		}, Change: DemandChanged, Before: "خروج فرنسا"},
		{Demand: statement.Demand{
			Actor: "jnim", Topic: statement.Dialogue, Target: "mali-government", What: "release", Words: "إطلاق سراح الأسرى", First: again.Passage, Last: again.Passage,
		}, Change: DemandNew},
	}
	m.Corrections = []Correction{
		{Number: 41, Period: Period{From: date("2021-10-11"), To: date("2021-10-18"), Week: "2021-W41"}, Now: statement.Conditional, Row: Row{
			Actor: "jnim", Topic: statement.Dialogue, Target: "mali-government", Stance: statement.Anti, Statement: "s-jnim",
		}},
	}
}

// lines fills in where actors stand.
func (m *Material) lines(t testing.TB) {
	stand := func(actor string, topic statement.Topic, target string, stance statement.Stance, since, confirmed, event, lead string) *Standing {
		m.Standings = append(m.Standings, Standing{
			Line: statement.Line{
				Actor: actor, Topic: topic, Target: target, Stance: stance, FirstHand: true, Since: on(since), Confirmed: on(confirmed), Event: event,
			}, Statement: lead,
		})
		return &m.Standings[len(m.Standings)-1]
	}
	stand("jnim", statement.ForeignTroops, "france", statement.Anti, "2017-04-03", "2021-08-10", "e-old", "s-jnim")
	stand("jnim", statement.Sharia, "", statement.Conditional, "2020-01", "2020-01", "e-old", "s-jnim").Condition = "ألا تشغل المقاتلين عن عدوهم"
	stand("mali-government", statement.Dialogue, "jnim", statement.Mixed, "2021-10-22", "2021-10-22", "e-denial", "s-primature").Before = cited("s-ouane", "le dialogue est une opportunité", "france-24", "fr", "2020-12-03", statement.Pro, "B")
	stand("france", statement.Dialogue, "jnim", statement.Anti, "2020-11-20", "2021-10-21", "e-paris", "s-france").Before.Stance = statement.Anti
	stand("jnim", statement.Dialogue, "mali-government", statement.Conditional, "2020-03-08", "2021-10-20", "e-jnim", "s-jnim2").Condition = "خروج"
	stand("donso", statement.Dialogue, "katiba-macina", statement.Pro, "2021-10-23", "2021-10-23", "e-koro", "s-donso").FirstHand = false
	stand("mali-civil-society", statement.Dialogue, "jnim", statement.Pro, "2019-12", "2021-02", "e-old2", "s-ouane").Lapsed = true
	stand("un", statement.Dialogue, "jnim", statement.Pro, "2021-05-01", "2021-09-01", "e-old3", "s-ouane")
	stand("tuareg-council", statement.Dialogue, "jnim", statement.Pro, "2021-05-01", "2021-06-01", "e-old4", "s-ouane")
	m.Quiet = []Quiet{{Actor: "isgs", Last: on("2021-10-14"), Statement: "s-jnim"}, {Actor: "aqim"}}

	lane := func(actor string, topic statement.Topic, target, weeks string) {
		l := Lane{Actor: actor, Topic: topic, Target: target}
		at := week(t, "2021-W31")
		for _, c := range weeks {
			stances := map[rune]statement.Stance{'p': statement.Pro, 'a': statement.Anti, 'c': statement.Conditional, 'm': statement.Mixed}
			lower := c | 0x20
			l.Weeks = append(l.Weeks, LaneWeek{Week: at, Stance: stances[lower], Spoke: c != lower && c != '.'})
			at = at.Next()
		}
		m.Lanes = append(m.Lanes, l)
	}
	lane("un", statement.Dialogue, "jnim", "pppppPpppppp")
	lane("mali-government", statement.Dialogue, "jnim", "...........M")
	lane("jnim", statement.Dialogue, "mali-government", "ccccccc....C")
	lane("mali-government", statement.ForeignTroops, "france", ".......Ppppp")
	lane("france", statement.Dialogue, "jnim", "aaaaaaaaaaaA")
	lane("us", statement.Dialogue, "jnim", "............")
	m.Lanes[1].Weeks[11].Spoke = true
}
