package bot_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

// talker is somebody in mid-conversation, and how they go.
type talker struct {
	phone *whatsapptest.Phone
	n     int    // of neighbourName
	code  string // while they were on the list
	does  string
}

// talk has somebody register and write more, each answered before the next.
func (w *town) talk(n int, does string, texts ...string) *talker {
	w.t.Helper()
	given, family := neighbourName(n)
	who := &talker{phone: w.citizen(n + 1).Named(fmt.Sprint(given, family)), n: n, does: does}
	for _, text := range texts {
		w.write(who.phone, strings.NewReplacer("GIVEN", given, "FAMILY", family).Replace(text))
		time.Sleep(time.Minute)
	}
	return who
}

// codes gives each talker the code that the list has for them; who is not on it has
// none.
func (w *town) codes(talkers []*talker) {
	w.t.Helper()
	for _, s := range w.list() {
		for _, who := range talkers {
			if string(s.LID) == who.phone.LID() {
				who.code = string(s.Code)
			}
		}
		w.secrets = append(w.secrets, string(s.Code)) // G4: no log line names one
	}
}

// heldOn looks for anything of the talkers in all files.
func (w *town) heldOn(talkers []*talker) {
	w.t.Helper()
	for name, content := range w.everyByte() {
		for _, who := range talkers {
			list := forms(who.phone, who.n)
			if who.code != "" {
				list = append(list, []byte(who.code), []byte(strings.ToLower(who.code)))
			}
			for _, form := range list {
				if bytes.Contains(content, form) {
					w.t.Errorf("%s still holds %q of who %s", name, form, who.does)
				}
			}
		}
	}
}

// Conversations are left half-way: somebody was asked what is missing, whether that
// is right, or whether they want to leave; they have paused, were told their code,
// corrected their name. Then they leave, or never write again: no byte is left, nor
// of the code. And while they are there no code is in the log, on the page or in a
// report.
func TestG5_NoByteOfConversations(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Service.DoubleOptIn = true })
		const register, wavers = "Attiva Notizie GIVEN FAMILY Saronno", "Non mi interessa più molto, FAMILY"
		strangers := []*talker{
			w.talk(0, "was asked what is missing", "Attiva Notizie", "GIVEN"),
			w.talk(1, "was asked whether that is right", register),
			w.talk(2, "asked what is held", "Attiva Notizie GIVEN", "I miei dati"),
			w.talk(3, "wanted to leave, maybe", wavers),
		}
		members := []*talker{
			w.talk(100, "wants urgent news only", register, "Sì", "Solo urgenti"),
			w.talk(101, "has paused", register, "Sì", "Pausa 7 giorni"),
			w.talk(102, "was asked whether they want to leave", register, "Sì", wavers),
			w.talk(103, "was told their code", register, "Sì", "I miei dati"),
			w.talk(104, "corrected their name", register, "Sì", "Cognome: FAMILY", "Pausa", "I miei dati"),
			w.talk(105, "registered again", register, "Sì", "Attiva Notizie GIVEN FAMILY, Borgofelice"),
		}
		stays := w.talk(200, "stays", register, "Sì", "Pausa 7 giorni", wavers)
		everybody := append(members, stays)
		w.codes(everybody)
		for _, who := range everybody {
			if who.code == "" {
				t.Fatalf("who %s is not on the list", who.does)
			}
		}
		if !strings.Contains(strings.Join(answers(members[3].phone), "\n"), members[3].code) {
			t.Error("nobody is told their code")
		}
		w.drop("da_inviare", "notizia.txt", "Una notizia.")
		w.await(members[2].phone, "Una notizia.")
		time.Sleep(10 * time.Minute)
		for name, content := range w.everyByte() {
			for _, who := range everybody {
				if !strings.HasPrefix(name, "data/") && bytes.Contains(content, []byte(who.code)) {
					t.Errorf("G4: %s holds the code of who %s", name, who.does)
				}
			}
		}
		if page := string(w.everyByte()["spool/stato.html"]); !strings.Contains(page, "In pausa, e perciò non destinatari: 4") || !strings.Contains(page, "3 in pausa, 1 soltanto") {
			t.Error("the page does not count who has paused")
		}
		if held := w.traces(members[0].code); len(held) == 0 {
			t.Error("not even the list holds a code: this test cannot fail")
		}

		for i, who := range members {
			bye := "Disattiva Notizie"
			if i == 2 {
				bye = "Sì"
			}
			w.write(who.phone, bye)
			w.await(who.phone, "non riceverai altre notizie")
		}
		time.Sleep(5 * time.Minute)
		w.heldOn(members)
		time.Sleep(4 * 24 * time.Hour)
		w.heldOn(strangers)
		list := w.list()
		if len(list) != 1 || string(list[0].Code) != stays.code || list[0].NewsFrom.IsZero() {
			t.Errorf("who stays has changed: %+v", list)
		}
		db, err := store.OpenExisting(t.Context(), w.cfg.DataDir)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if r, err := db.Record(t.Context(), list[0].Person); err != nil || r.Question != nil {
			t.Errorf("a question of days ago is still open: %+v, %v", r.Question, err)
		}
	})
}
