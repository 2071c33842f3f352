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

// strays reads what was counted.
func (w *town) strays() map[store.StrayKind]int {
	w.t.Helper()
	db, err := store.OpenExisting(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	counts, err := db.Strays(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return counts
}

// Who knows the IDs of another's messages has none of them sent to themselves, whatever
// their phone asks, and nothing that they say of one counts.
func TestG4_AnIDIsNoKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		mario := w.subscribe(1)[0]
		mario.KeepQuiet()
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(mario, "Una notizia.")
		w.write(mario, "I miei dati")
		time.Sleep(5 * time.Minute)
		stranger := w.citizen(900)
		w.write(stranger, "Che ore sono?") // so that there is a session
		time.Sleep(time.Minute)
		devices := []*whatsapptest.Phone{stranger, stranger.LinkDevice()}
		before, shown := w.server.Stats().Messages, len(stranger.Messages())
		for _, m := range mario.Messages() {
			for _, device := range devices {
				for n := range 6 {
					device.SendReceipt(comune, whatsapptest.AnyReceipt{IDs: []string{m.ID}, Retry: n + 1, Keys: n > 0, ByNumber: n%2 == 0})
					device.SendReceipt(comune, whatsapptest.AnyReceipt{IDs: []string{"3EB0FF", m.ID}, Retry: n + 1, Keys: true})
					device.SendReceipt(comune, whatsapptest.AnyReceipt{IDs: []string{m.ID}, Retry: n + 1, Recipient: mario.LID() + "@lid"})
				}
				for _, kind := range []string{"", "inactive", "read", "played", "server-error", "read-self", "sender", "brand_new"} {
					device.SendReceipt(comune, whatsapptest.AnyReceipt{Kind: kind, IDs: []string{"3EB0FE", m.ID}})
					device.SendReceipt(comune, whatsapptest.AnyReceipt{Kind: kind, IDs: []string{m.ID}, Participant: mario.LID() + "@lid", ByNumber: true})
				}
				for _, place := range []string{"120363000000000001@g.us", "status@broadcast", "1764500000@broadcast"} {
					device.SendReceipt(comune, whatsapptest.AnyReceipt{Kind: "read", IDs: []string{m.ID}, Place: place})
					device.SendReceipt(comune, whatsapptest.AnyReceipt{IDs: []string{m.ID}, Place: place, Retry: 1, Keys: true})
				}
			}
		}
		w.counts("a stranger's word", 0, 0, 0)
		if got := w.server.Stats().Messages; got != before {
			t.Errorf("%d messages left for it", got-before)
		}
		if got := stranger.Messages(); len(got) != shown {
			t.Errorf("the stranger was shown %d more", len(got)-shown)
		}
		if strays := w.strays(); strays[store.StrayReceipt] == 0 || strays[store.StrayRepeat] == 0 {
			t.Errorf("counted %v", strays)
		}
		mario.Confirm(true, idOf(mario, "Una notizia."))
		w.counts("her own word", 0, 1, 1)
	})
}

// Who uses the ID of another's message, before it comes or after, takes nothing away from
// what the other wrote.
func TestG3_AnIDOfAnothersTextIsNoKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		stranger, maria, mario := w.citizen(901), w.citizen(902), w.citizen(903)
		stranger.TextAs("3A00000000000000000001", comune, "Disattiva Notizie")
		w.await(stranger, "non risulta")
		maria.TextAs("3A00000000000000000001", comune, "Attiva Notizie Maria Zanzottera Saronno")
		w.await(maria, "Iscrizione attiva")
		mario.TextAs("3A00000000000000000002", comune, "Attiva Notizie Mario Brambilla Saronno")
		w.await(mario, "Iscrizione attiva")
		stranger.TextAs("3A00000000000000000002", comune, "Disattiva Notizie")
		maria.TextAs("3A00000000000000000002", comune, "Disattiva Notizie")
		w.await(maria, "cancellat")
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(mario, "Una notizia.")
		if count(maria, "Una notizia.") != 0 || count(stranger, "Una notizia.") != 0 {
			t.Error("somebody got it who is not on the list")
		}
	})
}

// However often a subscriber's phone asks, it gets a message a few times, and the whole
// of what leaves keeps to the bounds; under a red light nothing leaves, and what was asked
// for meanwhile does afterwards, also when the service was restarted.
func TestG7_RepeatsPassTheSameDoor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.arrivals(people, "Una notizia.")
		time.Sleep(10 * time.Minute)
		before := w.server.Stats().Messages
		for range 50 {
			people[0].SendReceipt(comune, whatsapptest.AnyReceipt{IDs: []string{idOf(people[0], "Una notizia.")}, Retry: 2, Keys: true})
		}
		time.Sleep(time.Hour)
		if got := w.server.Stats().Messages - before; got == 0 || got > 4 {
			t.Errorf("%d messages to one device that asked 50 times", got)
		}

		w.server.SetRefuser(func(*whatsapptest.Phone, string) int { return 429 })
		w.write(people[1], "Aiuto") // its refusal turns the light red
		time.Sleep(time.Second)
		red := w.server.Stats().Messages
		for _, p := range people[1:] {
			p.SendReceipt(comune, whatsapptest.AnyReceipt{IDs: []string{idOf(p, "Una notizia.")}, Retry: 2, Keys: true})
		}
		time.Sleep(30 * time.Second)
		if got := w.server.Stats().Messages - red; got > 1 {
			t.Errorf("%d messages left under a red light", got)
		}
		w.stop()
		w.server.SetRefuser(nil)
		w.start()
		time.Sleep(3 * time.Hour)
		for i, p := range people[1:] {
			if p.Repeats() == 0 {
				t.Errorf("phone %d got nothing again after the red light", i+1)
			}
		}
	})
}

// No ID of a message that left is in the log, at any level, of ours or of the library.
func TestG4_NoOutgoingIDIsLogged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(2)
		people[0].GoOffline()
		people[0].ForgetSessions()
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.drop("urgenti", "b.txt", "Un avviso.")
		w.await(people[1], "Una notizia.")
		people[0].GoOnline()
		w.await(people[0], "Una notizia.")
		people[1].SendReceipt(comune, whatsapptest.AnyReceipt{IDs: []string{idOf(people[0], "Una notizia.")}, Retry: 1})
		people[1].AskAgain(idOf(people[1], "Un avviso."))
		w.server.SetRefuser(func(*whatsapptest.Phone, string) int { return 500 })
		w.write(people[1], "Aiuto")
		time.Sleep(time.Hour)
		log := w.log.String()
		seen := 0
		for i, p := range people {
			for _, m := range p.Messages() {
				if seen++; strings.Contains(log, m.ID) {
					at := strings.Index(log, m.ID)
					t.Errorf("phone %d: the log has an ID: %s", i, fmt.Sprintf("%.200s", log[max(0, at-150):]))
				}
			}
		}
		if seen < 6 {
			t.Errorf("%d messages were looked for", seen)
		}
	})
}

// The Comune's own phone, which could not decrypt its copies, gets them by the same door.
func TestG7_OurOwnPhoneGetsItsCopies(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(2)
		w.phone.ForgetSessions()
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.arrivals(people, "Una notizia.")
		time.Sleep(time.Hour)
		copies := 0
		for _, m := range w.phone.SentCopies() {
			if m.Text == "Una notizia." {
				copies++
			}
		}
		if copies != len(people) {
			t.Errorf("it shows %d copies, want %d", copies, len(people))
		}
		if asked := strings.Count(w.log.String(), "repeat claimed"); asked == 0 {
			t.Error("no copy was asked for: this test looks at the wrong thing")
		}
	})
}
