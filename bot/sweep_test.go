package bot_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// places are where somebody can post of which the Comune's phone gets to know.
var places = []whatsapptest.Place{whatsapptest.Group, whatsapptest.Status, whatsapptest.BroadcastList, whatsapptest.Channel}

// guises are the ways in which a phone shows itself.
var guises = map[string]from{
	"by number": (*whatsapptest.Phone).ByNumber, "by LID": (*whatsapptest.Phone).ByLID,
	"number hidden": (*whatsapptest.Phone).HideNumber, "LID hidden": (*whatsapptest.Phone).HideLID,
}

// poster is somebody who posts, and where.
type poster struct {
	phone *whatsapptest.Phone
	n     int // of neighbourName
	does  string
}

func (w *town) poster(n int, does string) poster {
	given, family := neighbourName(n)
	return poster{w.citizen(n + 1).Named(given + " " + family), n, does}
}

// posts has somebody write in a place, twice: the second comes under the keys of the first.
func (p poster) posts(place whatsapptest.Place) {
	given, family := neighbourName(p.n)
	for range 2 {
		p.phone.WriteIn(place, comune, words("Saluti da "+given+" "+family))
	}
}

func (p poster) registers() string {
	given, family := neighbourName(p.n)
	return "Attiva Notizie " + given + " " + family + " Saronno"
}

func words(text string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(text)} }

// sessionKnows tells whether session.db holds anything of a phone's.
func (w *town) sessionKnows(p poster) bool {
	w.t.Helper()
	for _, trace := range w.traces(p.phone.LID(), p.phone.Number()[1:]) {
		if strings.HasPrefix(trace, "session.db") {
			return true
		}
	}
	return false
}

// clean looks for anything of the posters in all files.
func (w *town) clean(when string, people []poster) {
	w.t.Helper()
	for name, content := range w.everyByte() {
		for _, who := range people {
			for _, form := range forms(who.phone, who.n) {
				if bytes.Contains(content, form) {
					w.t.Errorf("%s %s holds %q of who %s", when, name, form, who.does)
				}
			}
		}
	}
}

// held is what `status` says.
func (w *town) held() whatsapp.Holding {
	w.t.Helper()
	db, err := store.OpenExisting(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	h, err := whatsapp.HeldIn(w.t.Context(), w.cfg.DataDir, comune, message.Reasons(db, nil))
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

// A stranger who never wrote to us, and somebody who has left, post in every place in
// every guise: five minutes later no byte tells of them. A subscriber who does the same
// is still read and written to.
func TestG5_WhoPostsIsSweptOut(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		stays := w.subscribe(1)[0]
		var people []poster
		for guise, show := range guises {
			for _, place := range places {
				stranger := w.poster(100+len(people), fmt.Sprintf("posted in a %s %s", place, guise))
				left := w.poster(101+len(people), fmt.Sprintf("left and posted in a %s %s", place, guise))
				w.write(left.phone, left.registers())
				w.await(left.phone, "Iscrizione attiva")
				w.write(left.phone, "Disattiva Notizie")
				w.await(left.phone, "cancellat")
				show(stranger.phone)
				show(left.phone)
				people = append(people, stranger, left)
			}
		}
		time.Sleep(5 * time.Minute)
		w.clean("before anybody posts", people)
		for i, who := range people {
			who.posts(places[i/2%len(places)])
		}
		for _, place := range places {
			poster{phone: stays}.posts(place)
		}
		time.Sleep(30 * time.Second)
		for _, who := range people {
			if !strings.Contains(who.does, "channel") && !w.sessionKnows(who) {
				t.Errorf("nothing is held of who %s: this test cannot fail", who.does)
			}
		}
		if h := w.held(); h.Unreasoned < len(people)/2 {
			t.Errorf("status counts %+v", h)
		}
		time.Sleep(5*time.Minute - 30*time.Second)
		w.clean("five minutes later", people)
		if h := w.held(); h.Unreasoned != 0 || h.Identities == 0 {
			t.Errorf("status counts %+v", h)
		}
		w.write(stays, "I miei dati")
		w.await(stays, "Gianbattista0")
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(stays, "Una notizia.")
		again := people[0]
		again.posts(places[0]) // whose keys we have no more
		w.write(again.phone, again.registers())
		w.await(again.phone, "Iscrizione attiva")
		time.Sleep(day)
		if len(w.list()) != 2 || !w.sessionKnows(again) {
			t.Errorf("who registered after a sweep: %d on the list", len(w.list()))
		}
		if offences := w.server.Offences(); len(offences) > 0 {
			t.Errorf("offences: %v", offences)
		}
	})
}
