package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/store"
)

// Once WhatsApp warns for the second time, nothing begins a chat; all others go on,
// through a restart, and who was kept back is charged nothing. When it takes that
// back, or the month is over, they get what is left.
func TestG7_NewChatsAreCapped(t *testing.T) {
	slow(t)
	t.Parallel()
	for _, how := range []string{"taken back", "over"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				wrote := w.subscribe(2)
				silent, replied := w.citizen(60), w.citizen(61)
				w.imported(silent, replied)
				w.write(replied, "Grazie") // no answer, and no stranger any more
				time.Sleep(time.Minute)
				ends := time.Now().Add(3 * time.Hour)
				w.server.Cap(comune, "FIRST_WARNING", 30, 50, ends)
				time.Sleep(time.Minute)
				w.drop("da_inviare", "a.txt", "Una notizia.")
				w.await(silent, "Una notizia.")
				w.server.Cap(comune, "SECOND_WARNING", 40, 50, ends)
				time.Sleep(time.Minute)
				w.drop("da_inviare", "b.txt", "Un'altra notizia.")
				w.drop("urgenti", "c.txt", "Un allarme.")
				for _, p := range append(wrote, replied) {
					w.await(p, "Un'altra notizia.")
					w.await(p, "Un allarme.")
				}
				w.stop()
				w.start()
				time.Sleep(time.Hour)
				if n := len(silent.Messages()); n != 1 {
					t.Errorf("who never wrote got %d messages under the cap, want the one before", n)
				}
				for _, a := range w.announcements()[:2] {
					if a.Waiting != 1 || a.Failed != 0 || a.State != store.Running {
						t.Errorf("%s: %+v", a.Name, a.Counts)
					}
				}
				w.expectStatus("WhatsApp limita le conversazioni nuove", "40 su 50", "chi manca è stato importato")
				if how == "taken back" {
					w.server.Cap(comune, "NONE", 0, 50, ends)
				}
				at := w.await(silent, "Un'altra notizia.").At
				w.await(silent, "Un allarme.")
				time.Sleep(10 * time.Minute) // the page is looked at every five
				if strings.Contains(w.status(), "WhatsApp limita le conversazioni nuove") {
					t.Error("the page still says that it is capped")
				}
				if how == "over" && at.Before(ends.Truncate(time.Second)) {
					t.Errorf("a chat was begun %v before the end of the cap", ends.Sub(at))
				}
			})
		})
	}
}
