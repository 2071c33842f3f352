package intake

import "testing"

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
