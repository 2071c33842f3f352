package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// recycled is a town in which somebody on the list has lost their number, and whoever
// has it now shows nothing else. The one who had it keeps the LID.
type recycled struct {
	*town
	before, now *whatsapptest.Phone
	was         store.Subscriber
}

func recycle(t *testing.T) *recycled {
	t.Helper()
	w := raise(t)
	before := w.citizen(77)
	w.write(before, "Attiva Notizie Ermenegilda Quaglia Saronno")
	w.await(before, "Iscrizione attiva")
	time.Sleep(time.Minute)
	now := before.PassNumber("+393998888888").HideLID()
	w.secrets = append(w.secrets, now.LID(), "Ermenegilda", "Quaglia", "Ildebrando", "Zanardelli")
	return &recycled{w, before, now, w.list()[0]}
}

// check sees that the one who had the number was told nothing since, is on the list as
// before, and still gets the news; and that the other one has read nothing of theirs.
func (r *recycled) check(told int) {
	r.t.Helper()
	if n := len(r.before.Messages()); n != told {
		r.t.Errorf("who had the number before was told %q", last(r.before))
	}
	is := r.list()[0]
	is.Number, r.was.Number = "", ""
	if is != r.was {
		r.t.Errorf("on the list stands %+v, and stood %+v", is, r.was)
	}
	for _, m := range r.now.Messages() {
		for _, theirs := range []string{"Ermenegilda", "Quaglia", string(r.was.Code)} {
			if strings.Contains(m.Text, theirs) {
				r.t.Errorf("who has the number now was told %q", m.Text)
			}
		}
	}
	r.drop("da_inviare", "a.txt", "Una notizia.")
	r.await(r.before, "Una notizia.")
}

// G1, G4, G5: a number that has passed to somebody else is nobody's key: whatever its
// new owner writes, the one who had it before stays on the list as they were, is told
// nothing, and nothing of them is told.
func TestG4_ARecycledNumberOpensNothing(t *testing.T) {
	t.Parallel()
	for words, answer := range map[string]string{
		"Attiva Notizie Ildebrando Zanardelli Uboldo": "Iscrizione attiva",
		"Attiva Notizie":         "",
		"I miei dati":            "",
		"Aiuto":                  "",
		"Solo urgenti":           "",
		"Pausa":                  "",
		"Nome: Ildebrando":       "",
		"Sì":                     "",
		"A che ora aprite?":      "",
		"C'è un incendio, aiuto": "112",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := recycle(t)
				told := len(r.before.Messages())
				r.write(r.now, words)
				r.await(r.now, answer)
				time.Sleep(time.Minute)
				r.check(told)
				if n := r.server.Stats().Asked[r.now.Number()]; n > 2 {
					t.Errorf("WhatsApp was asked %d times about the number", n)
				}
			})
		})
	}
}

// Who has the number now is a person of their own: on the list under the new LID and
// the number, with their own code; each leaves alone.
func TestG4G5_TheNewOwnerIsAPersonOfTheirOwn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := recycle(t)
		r.write(r.now, "Attiva Notizie Ildebrando Zanardelli Uboldo")
		r.await(r.now, "Iscrizione attiva")
		time.Sleep(time.Minute)
		list := r.list()
		if len(list) != 2 || string(list[1].Number) != r.now.Number() || string(list[1].LID) != r.now.LID() || list[0].Number == list[1].Number || list[0].Code == list[1].Code {
			t.Fatalf("on the list stand %+v", list)
		}
		r.write(r.now, "I miei dati")
		r.await(r.now, "Ildebrando")
		r.write(r.now, "Disattiva Notizie")
		r.await(r.now, "cancellat")
		time.Sleep(5 * time.Minute)
		if list := r.list(); len(list) != 1 || string(list[0].LID) != r.before.LID() {
			t.Errorf("on the list stand %+v", list)
		}
		if where := r.traces(r.now.LID(), "Ildebrando"); len(where) > 0 {
			t.Errorf("after five minutes still there: %q", where)
		}
		if times(r.before, "cancellat") != 0 {
			t.Error("the goodbye went to who had the number before")
		}
	})
}

// A cancellation counts under either identity, as always: it may be the same person's,
// whose LID has changed. But it is answered where it came from.
func TestG3G4_ACancellationFromTheNumberIsAnsweredWhereItCameFrom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := recycle(t)
		told := len(r.before.Messages())
		r.write(r.now, "Disattiva Notizie")
		r.await(r.now, "cancellat")
		time.Sleep(5 * time.Minute)
		if len(r.list()) != 0 || len(r.before.Messages()) != told {
			t.Errorf("%d on the list; who had the number was told %q", len(r.list()), last(r.before))
		}
		if where := r.traces(string(r.was.LID), "Ermenegilda", "Quaglia", r.now.LID()); len(where) > 0 {
			t.Errorf("after five minutes still there: %q", where)
		}
	})
}

// While WhatsApp does not say whose the number is, nothing is told and nothing of who
// had it is changed; when it does, the answer reaches who wrote.
func TestG4_ADoubtThatIsNotSettledTellsNothing(t *testing.T) {
	t.Parallel()
	for words, answer := range map[string]string{
		"Attiva Notizie Ildebrando Zanardelli Uboldo": "Ildebrando",
		"I miei dati":       "",
		"Solo urgenti":      "",
		"Nome: Ildebrando":  "",
		"A che ora aprite?": "",
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := recycle(t)
				told := len(r.before.Messages())
				r.server.FailQueries("usync get usync", 500)
				r.write(r.now, words)
				time.Sleep(10 * time.Minute)
				if n := len(r.now.Messages()) + len(r.before.Messages()); n != told {
					t.Errorf("in doubt somebody was told something: %q, %q", last(r.now), last(r.before))
				}
				r.stop() // what memory knows is lost
				r.start()
				time.Sleep(time.Minute)
				r.server.FailQueries("usync get usync", 0)
				r.await(r.now, answer)
				time.Sleep(time.Minute)
				r.check(told)
			})
		})
	}
}

// A number alone with another name is asked about also when WhatsApp says that it is the
// same account's: it may be somebody of the family. Until the yes nothing is changed.
func TestG4_AnotherNameFromTheNumberAloneIsAskedAbout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.citizen(77)
		w.secrets = append(w.secrets, "Ermenegilda", "Quaglia", "Ildebrando")
		w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.await(p, "Iscrizione attiva")
		bareNumber(p)
		w.write(p, "Attiva Notizie Ildebrando Quaglia Saronno")
		time.Sleep(time.Minute)
		if got := w.list()[0].GivenName; got != "Ermenegilda" || times(p, "Ildebrando") != 1 {
			t.Errorf("on the list stands %q, and they were told %q", got, last(p))
		}
		w.write(p, "Sì")
		time.Sleep(time.Minute)
		if list := w.list(); len(list) != 1 || list[0].GivenName != "Ildebrando" {
			t.Errorf("after the yes on the list stand %+v", list)
		}
		w.write(p, "Solo urgenti")
		time.Sleep(time.Minute)
		if w.list()[0].NewsFrom.IsZero() {
			t.Error("a wish from the number alone was not carried out, though WhatsApp says whose it is")
		}
	})
}
