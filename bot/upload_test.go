package bot_test

import (
	"testing"
	"testing/synctest"
	"time"

	"banditore/store"
)

// A picture that was held before it was uploaded leaves when it is released, not
// when the next announcement happens to come.
func TestG3_AReleasedPictureIsUploaded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		p := w.subscribe(1)[0]
		w.server.FailUploads(503)
		w.drop("da_inviare", "festa.jpg", picture(t, 3))
		time.Sleep(time.Minute)
		w.hold("festa.jpg")
		time.Sleep(time.Hour)
		w.server.FailUploads(0)
		time.Sleep(30 * time.Minute)
		w.release("festa.jpg")
		released := time.Now()
		if m := w.shown(p, 1)[0]; m.At.Sub(released) > 2*time.Minute { // in the bubble
			t.Errorf("it came %s after its release", m.At.Sub(released))
		}
	})
}

// hold is what `banditore announcements hold` does.
func (w *town) hold(name string) {
	w.t.Helper()
	db, err := store.Open(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	for _, a := range w.announcements() {
		if a.Name == name {
			if err := db.Hold(w.t.Context(), a.ID); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}
