package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/store"
)

// No copy of the list lies in the outbox for a month: the answer to "I miei dati" is
// written when it leaves, and anew for a phone that could not decrypt it, also after a
// restart.
func TestG5_TheDataSheetIsKeptNowhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.citizen(1)
		w.say(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.secrets = append(w.secrets, "Ermenegilda", "Quaglia")
		expect(t, w.say(p, "I miei dati"), "Quaglia")
		w.write(p, "I miei dati")
		p.GoOffline()
		time.Sleep(time.Minute)
		p.ForgetSessions()
		w.restart(time.Hour)
		db, err := store.OpenExisting(t.Context(), w.cfg.DataDir)
		if err != nil {
			t.Fatal(err)
		}
		r, err := db.Record(t.Context(), store.Person{Number: store.Number(p.Number()), LID: store.LID(p.LID())})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		sheets := 0
		for _, a := range r.Answers {
			if a.Kind != store.MyData {
				continue
			}
			if sheets++; a.Text != "" || a.State != "sent" {
				t.Errorf("%s, and kept: %q", a.State, a.Text)
			}
		}
		if sheets != 2 {
			t.Fatalf("%d answers", sheets)
		}
		before := times(p, "Quaglia")
		p.GoOnline()
		time.Sleep(time.Minute)
		if times(p, "Quaglia") != before+1 || !strings.Contains(last(p), p.Number()) {
			t.Errorf("shown %d times, %q", times(p, "Quaglia"), last(p))
		}
	})
}
