package store

import "testing"

func TestFindCorrectable(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	first := tw.publish(announcement("Festa.txt"))
	for _, stem := range []string{"Festa", "FESTA", "festa"} {
		got, ok, err := tw.FindCorrectable(t.Context(), stem)
		must(t, err)
		equal(t, stem, ok && got.ID == first.ID, true)
	}
	c := correction(first, noon())
	c.Name = "festa RETTIFICA.txt"
	second := tw.publish(c)
	got, _, err := tw.FindCorrectable(t.Context(), "festa")
	must(t, err)
	equal(t, "the newest correction is corrected", got.ID, second.ID)
	tw.withdraw(second.ID, noon())
	got, _, err = tw.FindCorrectable(t.Context(), "festa")
	must(t, err)
	equal(t, "not what was withdrawn", got.ID, first.ID)
	_, ok, err := tw.FindCorrectable(t.Context(), "Fest")
	must(t, err)
	equal(t, "another name", ok, false)
}

// What staff see in inviati is a name too, but an older announcement of the same
// name is never meant.
func TestFindCorrectableOfTheSameName(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	find := func(stem string) int64 {
		t.Helper()
		got, ok, err := tw.FindCorrectable(t.Context(), stem)
		must(t, err)
		equal(t, stem, ok, true)
		return got.ID
	}
	old := tw.publish(announcement("festa.txt"))
	a := announcement("festa.txt")
	a.File = "festa (2).txt"
	second := tw.publish(a)
	equal(t, "by the name in inviati", find("festa (2)"), second.ID)
	c := correction(second, noon())
	c.Name, c.File = "festa (2) RETTIFICA.txt", "festa (2) RETTIFICA.txt"
	right := tw.publish(c)
	equal(t, "its correction, by the one name", find("festa (2)"), right.ID)
	equal(t, "its correction, by the other", find("festa"), right.ID)
	equal(t, "its correction, by its own", find("Festa (2) Rettifica"), right.ID)
	tw.withdraw(right.ID, noon())
	tw.withdraw(second.ID, noon())
	if got := find("festa"); got == old.ID || tw.look(got).Withdrawal == nil {
		t.Error("an older announcement is found in place of the one that was withdrawn")
	}
	pictures := flyer("mercato-1.jpg", 2)
	pictures.Text = ""
	equal(t, "several pictures", tw.publish(pictures).ID, find("mercato"))
}
