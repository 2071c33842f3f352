package whatsapp

import "testing"

// What one identity of a person is known to belong to is found from either side,
// while the daemon has session.db open and after it.
func TestCounterpart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	number, lid := Address{Number: "+393990000001"}, Address{LID: "100000000000001"}
	check := func(of, want Address) {
		t.Helper()
		if got, err := Counterpart(t.Context(), dir, of); got != want || err != nil {
			t.Errorf("got %#v, %v, want %#v", got, err, want)
		}
	}
	check(number, Address{})
	c := openForTest(t, dir)
	check(number, Address{})
	if _, err := c.db.Exec("INSERT INTO whatsmeow_lid_map (lid, pn) VALUES ('100000000000001', '393990000001')"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		check(number, lid)
		check(lid, number)
		check(Address{Number: "+39399000000"}, Address{})
		check(Address{}, Address{})
		c.Close()
	}
}
