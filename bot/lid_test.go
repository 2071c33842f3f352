package bot_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// A LID that changes by itself: everybody gets the announcement once, nothing goes to
// the stale LID again, the list knows the new one, and whoever leaves is forgotten
// under all identities.
func TestG2G5_ALIDChangesByItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(5)
		var old []string
		for _, p := range people[:3] {
			old = append(old, p.LID())
			p.ChangeLID()
			w.secrets = append(w.secrets, p.LID())
		}
		for _, text := range []string{"Una notizia.", "Un'altra notizia."} {
			w.drop("da_inviare", text[:2]+".txt", text)
			for _, p := range people {
				w.await(p, text)
			}
		}
		w.stop()
		w.start()
		w.drop("da_inviare", "c.txt", "La terza notizia.")
		time.Sleep(10 * time.Minute)
		for n, p := range people {
			for _, text := range []string{"Una notizia.", "Un'altra notizia.", "La terza notizia."} {
				if got := count(p, text); got != 1 {
					t.Errorf("citizen %d was shown %q %d times", n, text, got)
				}
			}
		}
		for n, sub := range w.list() {
			if want := people[n].LID(); string(sub.LID) != want {
				t.Errorf("citizen %d stands under another LID than theirs", n)
			}
		}
		w.write(people[0], "Disattiva Notizie")
		w.await(people[0], "cancellat")
		time.Sleep(5 * time.Minute)
		if where := w.traces(people[0].Number()[1:], people[0].LID(), old[0]); len(where) > 0 {
			t.Errorf("after five minutes still there: %q", where)
		}
	})
}

// Whose number is not known waits until they write, and nobody else waits: three
// people in ten minutes are no lock of the account.
func TestG7_AStaleLIDWithoutANumber(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		var people []*whatsapptest.Phone
		for n := range 4 {
			p := w.citizen(n + 1)
			bareLID(p)
			w.write(p, fmt.Sprintf("Attiva Notizie Gianbattista%d Zanardelli Saronno", n))
			w.await(p, "Iscrizione attiva")
			people = append(people, p)
		}
		time.Sleep(time.Minute)
		for _, p := range people {
			p.ChangeLID()
		}
		stays := w.citizen(50)
		w.write(stays, "Attiva Notizie Isotta Zanardelli Saronno")
		w.await(stays, "Iscrizione attiva")
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(stays, "Una notizia.")
		time.Sleep(time.Hour)
		w.drop("da_inviare", "b.txt", "Un'altra notizia.")
		w.await(stays, "Un'altra notizia.")
		for n, p := range people {
			if times(p, "notizia.") != 0 {
				t.Errorf("citizen %d was reached at a stale LID", n)
			}
		}
	})
}
