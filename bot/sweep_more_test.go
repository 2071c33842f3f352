package bot_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// rewrites counts how often session.db has been written anew: SQLite counts it in
// the schema's version.
func (w *town) rewrites() (n int) {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(w.cfg.DataDir, "session.db")+"?mode=ro")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow("PRAGMA schema_version").Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// A group that never rests costs a rewrite of session.db every two minutes, not with
// each post, and everybody in it is swept out five minutes after a post of theirs.
func TestG5_AFloodOfPostsCostsLittle(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.subscribe(1)
		time.Sleep(10 * time.Minute)
		before := w.rewrites()
		const posts = 100
		var people []poster
		for n := range posts {
			people = append(people, w.poster(100+n, "posted in a flood"))
			people[n].phone.WriteIn(places[n%3], comune, words("Saluti"))
			time.Sleep(20 * time.Second)
			if n >= 15 && w.sessionKnows(people[n-15]) {
				t.Fatalf("who posted %d posts ago is still held", 15)
			}
		}
		if n, most := w.rewrites()-before, posts*20/120+1; n > most || n == 0 {
			t.Errorf("session.db was written anew %d times in %d posts, want %d at most", n, posts, most)
		}
		quiet := w.rewrites()
		time.Sleep(5 * time.Minute)
		w.clean("five minutes later", people)
		settled := w.rewrites()
		time.Sleep(3 * day)
		if w.rewrites() != settled || settled-quiet > 2 {
			t.Errorf("a quiet town is written anew %d times", w.rewrites()-settled)
		}
	})
}

// Whoever registers at the very moment of a sweep, having posted before, is understood
// at once, under one number or LID or both, and has their session.
func TestG5_NoSweepTakesWhoRegisters(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.subscribe(1)
		var people []poster
		for n := range 60 {
			who := w.poster(100+n, fmt.Sprintf("registers in moment %d", n))
			for _, show := range []from{(*whatsapptest.Phone).ByLID, bareNumber, bareLID}[n%3:][:1] {
				show(who.phone)
			}
			people = append(people, who)
			who.posts(whatsapptest.Status)
		}
		time.Sleep(115 * time.Second)
		for _, who := range people {
			w.write(who.phone, who.registers())
			time.Sleep(200 * time.Millisecond)
		}
		for _, who := range people {
			w.await(who.phone, "Iscrizione attiva")
		}
		time.Sleep(day)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		for _, who := range people {
			w.await(who.phone, "Una notizia.")
			if got := who.phone.Messages(); len(got) != 3 || who.phone.Repeats() != 0 { // with the contact card
				t.Errorf("who %s was told %d things, and %d twice", who.does, len(got), who.phone.Repeats())
			}
			if !w.sessionKnows(who) {
				t.Errorf("who %s has no session", who.does)
			}
		}
	})
}

// The phone's history names everybody the phone ever talked with. Once it is read those
// are swept out who have not registered; who has is written to.
func TestG5_TheHistoryIsSweptOut(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		c := w.gap(whatsapptest.History{})
		var people []poster
		for n := range 20 {
			who := w.poster(100+n, "is in the history")
			w.phone.Remember(who.phone.Number(), n%2 == 0, "Ci vediamo domani", time.Now().Add(-100*time.Hour))
			people = append(people, who)
		}
		w.start()
		c.check(w)
		w.clean("after the history", append(people, poster{c.talks, 998, "talked in the gap"}, poster{c.wavers, 999, "came and went"}))
		if h := w.held(); h.Unreasoned != 0 || h.Identities == 0 {
			t.Errorf("status counts %+v", h)
		}
	})
}

// After a restore the list lacks who has registered since the backup, and session.db has
// them. And who was left out of the list by hand goes with the daily look.
func TestG5_ARestoreIsSweptOut(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		stays := w.subscribe(1)[0]
		backup := filepath.Join(t.TempDir(), "backup.db")
		db, err := store.Open(t.Context(), w.cfg.DataDir)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Backup(t.Context(), backup)
		if db.Close(); err != nil {
			t.Fatal(err)
		}
		lost := w.poster(100, "registered after the backup")
		w.write(lost.phone, lost.registers())
		w.await(lost.phone, "Iscrizione attiva")
		time.Sleep(time.Minute)
		w.stop()
		if _, err := store.Restore(t.Context(), w.cfg.DataDir, backup, nil, time.Now()); err != nil {
			t.Fatal(err)
		}
		if !w.sessionKnows(lost) {
			t.Fatal("nothing is held: this test cannot fail")
		}
		w.start()
		time.Sleep(5 * time.Minute)
		w.clean("after the restore", []poster{lost})
		if !w.sessionKnows(poster{phone: stays}) || w.held().Unreasoned != 0 {
			t.Errorf("who stays: known %v, status %+v", w.sessionKnows(poster{phone: stays}), w.held())
		}
	})
}

// Whatever state somebody is in when they leave (a mode, a pause, a code they were told,
// a question of ours, a message their phone asks for again), they post everywhere while
// they go and after, and a stranger who has only written does so too.
func TestG5_NoByteOfWhoPostsAndGoes(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Service.DoubleOptIn = true })
		const wavers = "Non mi interessa più molto"
		states := map[string][]string{
			"is plain": nil, "wants urgent news only": {"Solo urgenti"}, "has paused": {"Pausa 7 giorni"}, "knows their code": {"I miei dati"},
			"was asked": {wavers}, "corrected their name": {"Cognome: Brambillasca"}, "asks again": {"Aiuto"},
		}
		var people []poster
		for state, texts := range states {
			who := w.poster(100+len(people), state)
			for _, text := range append([]string{who.registers(), "Sì"}, texts...) {
				w.write(who.phone, text)
				time.Sleep(time.Minute)
			}
			people = append(people, who)
		}
		for i, who := range people {
			who.posts(places[i%3])
			for _, m := range who.phone.Messages() {
				who.phone.AskAgain(m.ID)
			}
			w.write(who.phone, "Disattiva Notizie")
			w.await(who.phone, "non riceverai altre notizie")
			who.posts(places[(i+1)%3])
		}
		time.Sleep(2 * time.Minute)
		for i, who := range people {
			who.posts(places[(i+2)%3])
			for _, m := range who.phone.Messages() {
				who.phone.AskAgain(m.ID)
			}
		}
		time.Sleep(5 * time.Minute)
		w.clean("five minutes after the last post", people)

		half, thanks := w.poster(300, "was asked what is missing"), w.poster(301, "only says thanks")
		w.write(half.phone, "Attiva Notizie")
		w.write(thanks.phone, "Grazie mille")
		for _, who := range []poster{half, thanks} {
			time.Sleep(time.Minute)
			who.posts(whatsapptest.Group)
		}
		time.Sleep(10 * time.Minute)
		if !w.sessionKnows(half) || w.held().Unreasoned != 0 {
			t.Errorf("who was asked something is held: %v; status %+v", w.sessionKnows(half), w.held())
		}
		time.Sleep(day + 5*time.Minute)
		w.clean("a day later", []poster{half, thanks})
		if list := w.list(); len(list) != 0 || w.held().Identities != 0 {
			t.Errorf("%d on the list, status %+v", len(list), w.held())
		}
	})
}
