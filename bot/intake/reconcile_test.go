package intake

import (
	"testing"

	"banditore/store"
)

// What was claimed and never published, because of an error or a crash, may be gone
// for a moment: it is published when all of it is back, and not refused because
// nothing of it was there.
func TestG8_ABundleThatIsGoneForAMomentIsPublished(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	files := []string{"a.png", "a.txt"}
	r.drop("da_inviare", "a.txt", []byte("Una notizia."))
	r.drop("da_inviare", "a.png", picture(t))
	if claimed, err := r.spool.Scan(t.Context()); err != nil || len(claimed) != 1 {
		t.Fatalf("claimed %v, %v", claimed, err)
	}
	for _, name := range files {
		r.move(name, "in_invio", "..")
	}
	r.turn()
	for _, name := range files {
		r.move(name, "..", "in_invio")
	}
	r.turn()
	r.expect("scartati")
	r.expect("in_invio", files...)
	if list, err := r.store.Announcements(t.Context(), 0); err != nil || len(list) != 1 || list[0].Attachments != 1 {
		t.Errorf("announcements %+v, %v, want the one that was claimed", list, err)
	}
}

// What cannot be filed now, say because the disk is full, is filed later. It is not
// taken for something that was never accepted.
func TestG8_ABrokenBundleThatCannotBeFiledIsNotRefused(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.drop("da_inviare", "a.txt", []byte("Una notizia."))
	r.drop("da_inviare", "a.png", picture(t))
	r.turn()
	r.move("a.png", "in_invio", "..")
	r.sql("CREATE TRIGGER full BEFORE UPDATE ON announcements BEGIN SELECT RAISE(ABORT, 'full'); END")
	if err := r.look(t.Context()); err == nil {
		t.Fatal("it could be stopped: this test looks at the wrong thing")
	}
	r.expect("scartati")
	r.expect("in_invio", "a.txt")
	r.sql("DROP TRIGGER full")
	r.turn()
	r.expect("in_invio")
	r.expect("inviati", "a.txt", "a.txt.esito.txt", "a.txt.verbale.html")
	if a := r.only(); a.State != store.Stopped {
		t.Errorf("it is %v", a.State)
	}
}

// A crash between the minutes and the note that all is filed writes no second
// minutes: each number of the chain is there once.
func TestG8_MinutesAreWrittenOnce(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.drop("da_inviare", "a.txt", []byte("Una notizia."))
	r.turn()
	r.move("a.txt", "in_invio", "..")
	r.sql("CREATE TRIGGER crash BEFORE UPDATE OF filed ON announcements BEGIN SELECT RAISE(ABORT, 'crash'); END")
	for range 2 {
		if err := r.look(t.Context()); err == nil {
			t.Fatal("it was noted as filed: this test looks at the wrong thing")
		}
	}
	r.sql("DROP TRIGGER crash")
	r.turn()
	if last, _, err := r.store.LastMinutes(t.Context(), 0); err != nil || last.Number != 1 {
		t.Errorf("the last minutes are number %d, %v; want the first", last.Number, err)
	}
}
