package bot_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// from is a way in which a phone shows itself.
type from func(*whatsapptest.Phone) *whatsapptest.Phone

var (
	bareNumber from = (*whatsapptest.Phone).HideLID
	bareLID    from = (*whatsapptest.Phone).HideNumber
)

// last is the last thing that a phone was told.
func last(p *whatsapptest.Phone) string {
	list := p.Messages()
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1].Text
}

// times counts the messages a phone has shown that contain a text.
func times(p *whatsapptest.Phone, contains string) (n int) {
	for _, m := range p.Messages() {
		if strings.Contains(m.Text, contains) {
			n++
		}
	}
	return n
}

// Whoever registers from one bare identity and leaves from the other is gone at the
// first text, and told so; no announcement reaches them any more, and five minutes
// later nothing is known of them (G5).
func TestG3G5_LeavingFromTheOtherIdentity(t *testing.T) {
	t.Parallel()
	for name, way := range map[string][2]from{"from LID to number": {bareLID, bareNumber}, "from number to LID": {bareNumber, bareLID}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				stays := w.subscribe(1)[0]
				p := w.citizen(77)
				way[0](p)
				w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
				w.await(p, "Iscrizione attiva")
				w.drop("da_inviare", "a.txt", "Una notizia.")
				w.await(p, "Una notizia.")
				way[1](p)
				w.write(p, "Disattiva Notizie")
				w.await(p, "cancellat")
				if got := len(w.list()); got != 1 {
					t.Errorf("%d on the list, want 1", got)
				}
				w.drop("da_inviare", "b.txt", "Un'altra notizia.")
				w.await(stays, "Un'altra notizia.")
				time.Sleep(5 * time.Minute)
				if n := times(p, "non risulta iscritto"); n != 0 {
					t.Error("they were told that they are not on the list")
				}
				if n := times(p, "cancellat"); n != 1 {
					t.Errorf("the goodbye came %d times", n)
				}
				if count(p, "Un'altra notizia.") != 0 {
					t.Error("an announcement reached somebody who had left")
				}
				if where := w.traces(p.Number()[1:], p.LID(), "Ermenegilda", "Quaglia"); len(where) > 0 {
					t.Errorf("after five minutes still there: %q", where)
				}
			})
		})
	}
}

// Who is on the list under no identity is told so, after WhatsApp was asked once, and
// forgotten within a day but for a keyed hash.
func TestG1G5_ARealStrangerIsToldSo(t *testing.T) {
	slow(t)
	t.Parallel()
	for name, as := range map[string]from{"number": bareNumber, "LID": bareLID} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				p := w.citizen(1)
				as(p)
				w.write(p, "Disattiva Notizie")
				w.await(p, "non risulta iscritto")
				time.Sleep(time.Minute)
				if n := w.server.Stats().Asked[p.Number()]; n > 1 {
					t.Errorf("WhatsApp was asked %d times about a number", n)
				}
				time.Sleep(25 * time.Hour)
				if where := w.traces(p.Number()[1:], p.LID()); len(where) > 0 {
					t.Errorf("a day later still there: %q", where)
				}
			})
		})
	}
}

// While WhatsApp does not answer the question nothing false is said; then they are
// gone, though strangers would have been forgotten before. A restart in between
// changes nothing.
func TestG3_TheQuestionIsAskedUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.citizen(77)
		bareLID(p)
		w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.await(p, "Iscrizione attiva")
		w.server.FailQueries("usync get usync", 500)
		bareNumber(p)
		w.write(p, "Disattiva Notizie")
		time.Sleep(time.Minute)
		w.stop()
		time.Sleep(30 * time.Hour)
		w.start()
		time.Sleep(2 * time.Minute)
		if n := times(p, "cancellat") + times(p, "non risulta"); n != 0 {
			t.Errorf("they were told %q without an answer", last(p))
		}
		w.server.FailQueries("usync get usync", 0)
		w.await(p, "cancellat")
		if n := times(p, "non risulta"); n != 0 || len(w.list()) != 0 {
			t.Error("they are still on the list, or were told that they are not")
		}
	})
}

// Who wrote too much gets no answer, and is looked for all the same; and who left in
// a gap is, though history answers nobody who is not on the list.
func TestG3_WhoGetsNoAnswerIsLookedForToo(t *testing.T) {
	slow(t)
	t.Parallel()
	t.Run("silenced", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := raise(t)
			p := w.citizen(77)
			bareLID(p)
			w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
			w.await(p, "Iscrizione attiva")
			bareNumber(p)
			w.server.FailQueries("usync get usync", 500) // nothing is learnt meanwhile
			for range w.cfg.Answers.PerPersonHour + 2 {
				w.write(p, "Aiuto")
			}
			time.Sleep(time.Second)
			w.write(p, "Disattiva Notizie")
			w.server.FailQueries("usync get usync", 0)
			time.Sleep(3 * time.Hour)
			if n := len(w.list()); n != 0 {
				t.Errorf("%d on the list, want nobody", n)
			}
		})
	})
	t.Run("in the gap", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			w := raise(t)
			stays, p := w.subscribe(1)[0], w.citizen(77)
			bareLID(p)
			w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
			w.await(p, "Iscrizione attiva")
			w.phone.SetHistory(whatsapptest.History{ByNumber: true, Bare: true})
			w.unlinked(func() {
				bareNumber(p)
				w.write(p, "Disattiva Notizie")
				time.Sleep(time.Hour)
			})
			w.drop("da_inviare", "a.txt", "Una notizia.")
			w.start()
			w.await(stays, "Una notizia.")
			time.Sleep(10 * time.Minute)
			if n := len(w.list()); n != 1 || count(p, "Una notizia.") != 0 {
				t.Errorf("%d on the list, and %d copies for who has left", n, count(p, "Una notizia."))
			}
			if times(p, "cancellat") != 1 || times(p, "non risulta") != 0 {
				t.Errorf("they were told %q", last(p))
			}
		})
	})
}

// What the phone's history tells of people who left long ago is no reason to ask
// WhatsApp about them.
func TestG1_OldCancellationsAskNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		stays, left, gone := w.subscribe(1)[0], w.citizen(60), w.citizen(61)
		w.phone.SetHistory(whatsapptest.History{ByNumber: true, Bare: true})
		w.phone.Remember(gone.Number(), false, "Disattiva Notizie", time.Now().Add(-24*time.Hour))
		w.unlinked(func() { w.write(left.HideLID(), "Disattiva Notizie") })
		w.start()
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(stays, "Una notizia.")
		time.Sleep(10 * time.Minute)
		if n := w.server.Stats().Asked; n[gone.Number()] != 0 || n[left.Number()] != 1 {
			t.Errorf("WhatsApp was asked %d times about who left long ago, %d times about who left in the gap", n[gone.Number()], n[left.Number()])
		}
		if n := len(gone.Messages()) + len(left.Messages()); n != 0 {
			t.Errorf("people who are not on the list got %d messages", n)
		}
	})
}

// imported puts citizens on the list who never wrote.
func (w *town) imported(people ...*whatsapptest.Phone) {
	w.t.Helper()
	w.stop()
	db, err := store.Open(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	var list []store.Entry
	for n, p := range people {
		list = append(list, store.Entry{Person: store.Person{Number: store.Number(p.Number())}, ConsentAt: time.Now().Add(-time.Hour), Consent: "modulo",
			Details: store.Details{GivenName: fmt.Sprint("Gianbattista", n), FamilyName: "Zanardelli", Comune: "Saronno"}})
	}
	if _, err := db.Import(w.t.Context(), list, nil, time.Now(), false); err != nil {
		w.t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		w.t.Fatal(err)
	}
	w.start()
}

// Somebody who was imported leaves from a bare LID, of which nobody knows whose it
// is. The first announcement makes it known, and does not reach them: the goodbye
// does.
func TestG1G3_ASendRevealsWhoHasLeft(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p, stays := w.citizen(1), w.citizen(2)
		w.imported(p, stays)
		bareLID(p)
		w.write(p, "Disattiva Notizie")
		w.await(p, "non risulta iscritto") // nobody can know better
		time.Sleep(30 * time.Hour)         // the stranger is forgotten, but for the hash
		if where := w.traces(p.LID()); len(where) > 0 {
			t.Errorf("a day later still there: %q", where)
		}
		w.stop()
		w.start()
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(stays, "Una notizia.")
		w.await(p, "cancellat")
		time.Sleep(5 * time.Minute)
		if count(p, "Una notizia.") != 0 || len(w.list()) != 1 {
			t.Error("an announcement reached somebody who had left")
		}
		if where := w.traces(p.Number()[1:], p.LID()); len(where) > 0 {
			t.Errorf("after five minutes still there: %q", where)
		}
	})
}

// Who registered again since stays; so does who writes "Attiva" in the text that
// reveals the pair. Any other text that does takes them off the list.
func TestG3_WhoCameBackStays(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first, then string
		stays       bool
	}{
		"registered again from the LID":      {"Attiva Notizie Ermenegilda Quaglia Saronno", "Grazie per le notizie, a che ora aprite?", true},
		"registers in the text that reveals": {"", "Attiva Notizie Ermenegilda Quaglia Uboldo", true},
		"only asks":                          {"", "A che ora aprite?", false},
		"wants to know":                      {"", "I miei dati", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				p := w.citizen(1)
				w.imported(p) // by number
				bareLID(p)
				w.write(p, "Disattiva Notizie")
				w.await(p, "non risulta iscritto")
				time.Sleep(time.Minute)
				if c.first != "" {
					w.write(p, c.first)
					w.await(p, "Iscrizione attiva")
				}
				p.ByLID()
				w.write(p, c.then)
				time.Sleep(time.Minute)
				w.drop("da_inviare", "a.txt", "Una notizia.")
				time.Sleep(10 * time.Minute)
				want := 0
				if c.stays {
					want = 1
				}
				if n := len(w.list()); n != want || count(p, "Una notizia.") != want {
					t.Errorf("%d on the list and %d copies, want %d", n, count(p, "Una notizia."), want)
				}
				if times(p, "cancellat") != 1-want {
					t.Errorf("they were told %q", last(p))
				}
			})
		})
	}
}

// Two entries that are one person's become one as soon as that is known: one copy of
// each announcement, and one cancellation ends it.
func TestG2_TwoEntriesOfOnePerson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p, q := w.citizen(1), w.citizen(2)
		w.imported(p, q)
		bareLID(p)
		bareLID(q)
		for _, each := range []*whatsapptest.Phone{p, q} {
			w.write(each, "Attiva Notizie Ermenegilda Quaglia Saronno")
			w.await(each, "Iscrizione attiva")
		}
		if n := len(w.list()); n != 4 {
			t.Fatalf("%d entries, want 4: this test shows nothing", n)
		}
		bareNumber(q)
		w.write(q, "Disattiva Notizie") // takes off one entry, and by its goodbye the other
		w.await(q, "cancellat")
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(p, "Una notizia.")
		time.Sleep(10 * time.Minute)
		if n := count(p, "Una notizia."); n != 1 {
			t.Errorf("one person was shown %d copies", n)
		}
		if n := count(q, "Una notizia."); n != 0 {
			t.Error("an announcement reached somebody who had left")
		}
		if n := len(w.list()); n != 1 {
			t.Errorf("%d entries, want 1", n)
		}
		if n := times(q, "cancellat"); n != 1 {
			t.Errorf("the goodbye came %d times", n)
		}
		if where := w.traces(q.Number()[1:], q.LID()); len(where) > 0 {
			t.Errorf("still there: %q", where)
		}
	})
}

// "I miei dati" from the other identity tells what is held.
func TestMyDataFromTheOtherIdentity(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.citizen(1)
		bareLID(p)
		w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.secrets = append(w.secrets, "Ermenegilda", "Quaglia")
		w.await(p, "Iscrizione attiva")
		bareNumber(p)
		before := times(p, "Ermenegilda")
		w.write(p, "I miei dati")
		time.Sleep(time.Minute)
		if times(p, "Ermenegilda") != before+1 {
			t.Errorf("they were told %q", last(p))
		}
		if n := len(w.list()); n != 1 {
			t.Errorf("%d entries, want 1", n)
		}
	})
}
