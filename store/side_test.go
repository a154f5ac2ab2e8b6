package store

import (
	"testing"

	"palabre/statement"
)

func TestSameSide(t *testing.T) {
	s := sidesOf(t, testRegistry())
	for _, c := range []struct {
		topic       statement.Topic
		actor, a, b string
		want        bool
	}{
		{statement.Dialogue, "mali-government", "jnim", "jnim", true},
		{statement.Dialogue, "mali-government", "jnim", "katiba-macina", true},
		{statement.Dialogue, "mali-government", "katiba-macina", "al-qaeda", true}, // through JNIM
		{statement.Dialogue, "mali-government", "katiba-macina", "ansar-dine", false},
		{statement.Dialogue, "mali-government", "jnim", "isgs", false},
		{statement.Dialogue, "mali-government", "jnim", "aqim", false},
		{statement.Dialogue, "mali-government", "armed-groups", "jnim", true},
		{statement.Dialogue, "mali-government", "armed-groups", "isgs", true},
		{statement.Dialogue, "mali-government", "armed-groups", "aqim", true},
		{statement.Dialogue, "mali-government", "armed-groups", "cma", false},
		{statement.Dialogue, "mali-government", "armed-groups", "hcua", false},
		{statement.Dialogue, "mali-government", "armed-groups", "donso", false},
		{statement.Dialogue, "mali-government", "cma", "hcua", true},
		{statement.Dialogue, "mali-government", "cma", "jnim", false},
		{statement.Dialogue, "katiba-macina", "mali-government", "donso", true},
		{statement.Dialogue, "katiba-macina", "mali-army", "mali-civil-society", true},
		{statement.Dialogue, "katiba-macina", "mali-government", "burkina-government", false},
		{statement.Dialogue, "katiba-macina", "mali-government", "france", false},
		{statement.Dialogue, "katiba-macina", "mali-government", "isgs", false},
		{statement.Dialogue, "mali-government", "donso", "mali-army", false}, // only an armed group's counterparts are one side
		{statement.ForeignTroops, "mali-government", "france", "foreign", true},
		{statement.ForeignTroops, "mali-government", "france", "un", false},
		{statement.Sharia, "jnim", "", "mali-government", true},
		{"mining", "jnim", "gold", "salt", false},
	} {
		for _, flip := range []bool{false, true} {
			a, b := c.a, c.b
			if flip {
				a, b = b, a
			}
			if got := s.same(c.topic, c.actor, a, b); got != c.want {
				t.Errorf("same(%s, %s, %s, %s) = %t, want %t", c.topic, c.actor, a, b, got, c.want)
			}
		}
	}
}

func TestSameSideWithoutRegistry(t *testing.T) {
	s := sidesOf(t, nil)
	if !s.same(statement.Dialogue, "a", "b", "b") || s.same(statement.Dialogue, "a", "b", "armed-groups") {
		t.Error("without a registry only equal targets are one side")
	}
}

func TestAuthority(t *testing.T) {
	s := sidesOf(t, testRegistry())
	for _, c := range []struct {
		name string
		p    statement.Position
		when string
		want authority
	}{
		{"president in office", statement.Position{Actor: "mali-government", Speaker: "ibrahim-boubacar-keita"}, "2020-02-10", leader},
		{"president after his fall", statement.Position{Actor: "mali-government", Speaker: "ibrahim-boubacar-keita"}, "2021-02-10", noAuthority},
		{"year in which he fell", statement.Position{Actor: "mali-government", Speaker: "ibrahim-boubacar-keita"}, "2020", leader},
		{"before he came", statement.Position{Actor: "mali-government", Speaker: "ibrahim-boubacar-keita"}, "2013-09", leader},
		{"leader of a part for the coalition", statement.Position{Actor: "jnim", Speaker: "iyad-ag-ghaly"}, "2021", leader},
		{"leader of another body", statement.Position{Actor: "jnim", Speaker: "emmanuel-macron"}, "2021", noAuthority},
		{"stranger", statement.Position{Actor: "jnim", Speaker: "nobody-known", FirstHand: true}, "2021", noAuthority},
		{"himself", statement.Position{Actor: "soumaila-cisse", Speaker: "soumaila-cisse"}, "2021", leader},
		{"communiqué", statement.Position{Actor: "jnim", FirstHand: true}, "2021", official},
		{"deed", statement.Position{Actor: "jnim", Act: "ceasefire"}, "2021", official},
		{"a source close to", statement.Position{Actor: "jnim"}, "2021", unnamed},
	} {
		if got := s.authorityOf(&c.p, date(c.when)); got != c.want {
			t.Errorf("%s: authority %d, want %d", c.name, got, c.want)
		}
	}
}
