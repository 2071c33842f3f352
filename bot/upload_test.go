package bot_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
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
	defer w.soon()
	for _, a := range w.announcements() {
		if a.Name == name {
			if err := db.Hold(w.t.Context(), a.ID); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// An announcement that leaves slower than WhatsApp keeps a file uploads it
// again, and nobody is left with a picture that does not open.
func TestG3_AnUploadIsRepeatedBeforeItExpires(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		people := w.subscribe(5)
		w.stop()
		w.cfg.Sending.Every = time.Hour
		w.cfg.Sending.Hours = "08:00-09:00" // one or two a day
		w.start()
		w.drop("da_inviare", "festa.jpg", picture(t, 3))
		for _, p := range people {
			ctx, cancel := context.WithTimeout(t.Context(), 20*24*time.Hour)
			if _, err := p.AwaitMessages(ctx, 3); err != nil {
				t.Fatal(err)
			}
			cancel()
		}
		if n := w.server.Stats().Uploads; n < 2 {
			t.Errorf("%d uploads in several days, want a fresh one every day or two", n)
		}
	})
}

// While an upload fails, answers and other announcements leave; it is tried
// again without end.
func TestG3_AnUploadThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		p := w.subscribe(1)[0]
		w.server.FailUploads(503)
		w.drop("da_inviare", "festa.txt", "La festa.")
		w.drop("da_inviare", "festa.jpg", picture(t, 3))
		time.Sleep(10 * time.Minute)
		w.drop("da_inviare", "altro.txt", "Altro.")
		w.await(p, "Altro.")
		if count(p, "La festa.") != 0 {
			t.Fatal("an announcement left without its picture")
		}
		w.server.FailUploads(0)
		if m := w.await(p, "La festa."); m.Kind != "image" {
			t.Errorf("came as %s", m.Kind)
		}
	})
}

// Urgent words do not wait for a picture that cannot be uploaded: they come first,
// and it follows when it can.
func TestG3_UrgentWordsGoAhead(t *testing.T) {
	slow(t)
	t.Parallel()
	for name, fail := range map[string]func(*whatsapptest.Server){
		"refused":   func(s *whatsapptest.Server) { s.FailUploads(503) },
		"swallowed": func(s *whatsapptest.Server) { s.FailUploads(whatsapptest.NoAnswer) },
		"too big":   func(s *whatsapptest.Server) { s.RefuseUploads(100, 413) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t, settling, often)
				people := w.subscribe(4)
				fail(w.server)
				w.drop("urgenti", "allerta.txt", "Allerta.")
				w.drop("urgenti", "allerta.jpg", picture(t, 3))
				start := time.Now()
				for _, p := range people {
					if m := w.await(p, "Allerta."); m.Kind != "text" {
						t.Errorf("came as %s", m.Kind)
					}
				}
				if late := time.Since(start); late > 2*time.Minute { // in the bubble
					t.Errorf("the words waited for %s", late)
				}
				w.drop("urgenti", "seconda.txt", "Seconda allerta.")
				w.drop("urgenti", "seconda.jpg", picture(t, 5))
				start = time.Now()
				w.await(people[0], "Seconda allerta.")
				if late := time.Since(start); name != "too big" && late > 30*time.Second {
					t.Errorf("once it is known that uploads fail, words still waited for %s", late)
				}
				w.stop() // a restart changes nothing
				w.start()
				w.server.FailUploads(0)
				time.Sleep(10 * time.Minute)
				if name == "too big" {
					w.expectReport("inviati", "allerta.txt", "Allegati non riusciti, a chi ha ricevuto il primo messaggio: 4")
					return
				}
				for _, p := range people {
					if got := kinds(w.shown(p, 4)); !slices.Contains(got, "image:") || count(p, "Allerta.") != 1 {
						t.Errorf("shown %q, want the words once, and the picture", got)
					}
				}
				w.expectReport("inviati", "allerta.txt", "Inviati: 4")
			})
		})
	}
}

// A file that WhatsApp takes for nobody keeps no other from being uploaded, and
// its announcement ends with the reason.
func TestG3_AnUploadThatIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		p := w.subscribe(1)[0]
		w.server.RefuseUploads(2000, 415)
		w.drop("da_inviare", "festa.txt", "La festa.")
		w.drop("da_inviare", "festa.jpg", picture(t, 3))
		w.drop("da_inviare", "bando.txt", "Il bando.")
		w.drop("da_inviare", "bando.pdf", leaflet)
		w.await(p, "Il bando.")
		time.Sleep(time.Minute)
		w.expectReport("inviati", "festa.txt", "WhatsApp non accetta questo messaggio: 1")
		if count(p, "La festa.") != 0 {
			t.Error("the words came without the picture")
		}
	})
}
