package index_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"palabre/index"
	"palabre/statement"
)

func TestSimilar(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	position := statement.Position{Actor: "jnim", Topic: statement.Dialogue, Stance: statement.Conditional, Target: "mali-government"}
	docs := []index.Doc{
		doc("asked", "fr", "2020-03-08", "Le retrait d'abord", "Le groupe exige le retrait de Barkhane avant toute négociation avec Bamako.", position),
		doc("report", "fr", "2020-03-09", "Condition posée", "Selon le communiqué, le groupe négociera après le retrait de Barkhane.", position),
		doc("arabic", "ar", "2020-03-10", "بيان", "تشترط الجماعة خروج القوات الفرنسية قبل الحوار.", position),
		doc("other", "fr", "2020-03-09", "Récoltes", "Les pluies ont sauvé les récoltes de mil autour de Ségou."),
	}
	for i := range 30 {
		docs = append(docs, doc(fmt.Sprint("filler", i), "fr", "2020-01-01", "Marché", "Le groupe des vendeurs avec le prix de toute la semaine, après le marché."))
	}
	if err := x.Update(context.Background(), docs, 1); err != nil {
		t.Fatal(err)
	}
	hits, err := x.Similar(context.Background(), docs[0], 2)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, h := range hits {
		ids = append(ids, h.ID)
	}
	if got := strings.Join(ids, " "); got != "report arabic" {
		t.Errorf("found %q, want the report of the same, then the Arabic statement of the same position", got)
	}
}

func TestNothingIsSimilarToAnEmptyStatement(t *testing.T) {
	x := open(t, filepath.Join(t.TempDir(), "bleve"))
	if err := x.Update(context.Background(), corpus(), 4); err != nil {
		t.Fatal(err)
	}
	hits, err := x.Similar(context.Background(), doc("x", "fr", "2020", "", ""), 5)
	if err != nil || len(hits) != 0 {
		t.Errorf("found %v, %v", hits, err)
	}
}
