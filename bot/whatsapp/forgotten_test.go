package whatsapp_test

import (
	"encoding/binary"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// traces are the forms in which a person's number, LID, name and words could lie in a file.
func traces(phone *whatsapptest.Phone, words ...string) (all []string) {
	for _, word := range append(words, phone.Number()[1:], phone.Number()[3:], phone.LID()) {
		all = append(all, word)
		for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
			var wide []byte
			for _, unit := range utf16.Encode([]rune(word)) {
				wide = order.AppendUint16(wide, unit)
			}
			all = append(all, string(wide))
		}
	}
	return all
}

// everything is what somebody can do to leave a trace.
func everything(t *testing.T, w *town, client *whatsapp.Client, box *inbox, mario *whatsapptest.Phone) {
	t.Helper()
	for _, as := range []func() *whatsapptest.Phone{mario.ByNumber, mario.HideNumber, mario.ByLID} {
		as()
		first := mario.Text(comuneNumber, "Attiva Notizie Ottaviano Zarlenga Saronno")
		box.next(t)
		mario.Edit(comuneNumber, first, "Attiva Notizie Ottavio Zarlenga Saronno")
		box.next(t)
		answer := w.send(client, mario, "Registrazione riuscita, Ottavio Zarlenga")
		mario.Reply(comuneNumber, "Registrazione riuscita, Ottavio Zarlenga", "ciao")
		box.next(t)
		mario.React(comuneNumber, answer, "👍")
		mario.Read(answer)
		mario.Call(comuneNumber)
		box.next(t)
	}
	id := mario.Garble(comuneNumber, "Ottavio Zarlenga", false)
	box.next(t)
	mario.Heal(id)
	for box.next(t).Kind != whatsapp.KindText {
	}
	mario.Withhold(comuneNumber, "", plain("Ottavio Zarlenga"))
	for box.next(t).Kind != whatsapp.KindText {
	}
	media, _ := w.uploaded(client)
	picture := w.sendContent(client, mario, whatsapp.Content{Text: "avviso per Zarlenga", Media: media})
	w.sendContent(client, mario, whatsapp.Content{Text: "avviso per Ottavio", Media: media, Edits: picture})
	w.sendContent(client, mario, whatsapp.Content{Deletes: picture})
	mario.ForgetSessions()
	w.send(client, mario, "Disattiva Notizie, Zarlenga")
	w.settle()
}

func TestG5_WhateverSomebodyDidIsForgotten(t *testing.T) {
	t.Parallel()
	for name, by := range map[string]func(whatsapp.Address) whatsapp.Address{
		"by both":   func(a whatsapp.Address) whatsapp.Address { return a },
		"by number": func(a whatsapp.Address) whatsapp.Address { a.LID = ""; return a },
		"by lid":    func(a whatsapp.Address) whatsapp.Address { a.Number = ""; return a },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				mario, anna := w.server.NewPhone(marioNumber).Named("Ottavio Zarlenga"), w.server.NewPhone(annaNumber)
				w.comune.Remember(marioNumber, false, "Attiva Notizie Ottavio Zarlenga Saronno", time.Now().Add(-time.Hour))
				box := newInbox()
				options := w.options()
				options.OnText = box.onText
				client := w.paired(options)
				everything(t, w, client, box, mario)
				anna.Text(comuneNumber, "ciao")
				box.next(t)
				left := traces(mario, "Zarlenga", "Ottavi")
				if found := w.sessionHolds(left...); len(found) < 2 {
					t.Fatalf("nothing was stored, so this test cannot fail: %v", found)
				}
				if err := client.Forget(t.Context(), []whatsapp.Address{by(addressOf(mario))}); err != nil {
					t.Fatal(err)
				}
				gone := func(when string) {
					t.Helper()
					if found := w.sessionHolds(left...); found != nil {
						t.Errorf("%s: %v", when, found)
					}
				}
				gone("at once")
				web := mario.LinkDevice() // which WhatsApp tells to whom Mario has talked with
				w.settle()
				gone("after he has linked a device")
				web.UnlinkDevice()
				mario.Reinstall()
				w.settle()
				time.Sleep(time.Hour)
				gone("an hour later")
				w.server.DropConnections()
				time.Sleep(time.Hour)
				client.Close()
				client = w.again(options)
				gone("after a restart")
				if found := w.sessionHolds(anna.LID(), annaNumber[1:]); len(found) < 2 {
					t.Errorf("the neighbour was forgotten too: %v", found)
				}
				w.send(client, anna, "avviso")
				mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
				if got := box.next(t); got.Kind != whatsapp.KindText || got.From != addressOf(mario) {
					t.Errorf("got kind %q when he came back", got.Kind)
				}
				w.send(client, mario, "avviso")
				w.settle()
			})
		})
	}
}

// The library could keep what is sent, for phones that ask again. The outbox has it already, and knows what was cancelled.
func TestG5_TheLibraryKeepsNoTextForRetries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		w.send(w.paired(w.options()), mario, "avviso")
		w.settle()
		if n := w.count(`SELECT count(*) FROM whatsmeow_retry_buffer`); n != 0 {
			t.Errorf("%d messages are kept for retries", n)
		}
		if found := w.sessionHolds("avviso"); found != nil {
			t.Errorf("the words are in %v", found)
		}
	})
}

// Who has only called, or written what we could not read, has left traces too.
func TestG5_WhoWasNeverReadIsForgotten(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]func(*whatsapptest.Phone){
		"caller":     func(p *whatsapptest.Phone) { p.Call(comuneNumber) },
		"unreadable": func(p *whatsapptest.Phone) { p.Garble(comuneNumber, "Zarlenga", false) },
		"withheld":   func(p *whatsapptest.Phone) { p.Withhold(comuneNumber, "view_once", plain("Zarlenga")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				w.comune.Tell(false)
				mario := w.server.NewPhone(marioNumber).Named("Ottavio Zarlenga")
				box := newInbox()
				options := w.options()
				options.OnText = box.onText
				client := w.paired(options)
				act(mario)
				from := box.next(t).From
				if _, err := client.Send(t.Context(), from, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso"}); err != nil {
					t.Fatal(err)
				}
				w.settle()
				if err := client.Forget(t.Context(), []whatsapp.Address{from}); err != nil {
					t.Fatal(err)
				}
				if found := w.sessionHolds(traces(mario, "Zarlenga", "Ottavi")...); found != nil {
					t.Errorf("after forgetting: %v", found)
				}
				mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
				for got := box.next(t); got.Kind != whatsapp.KindText; got = box.next(t) {
				}
				w.send(client, mario, "avviso")
				w.settle()
			})
		})
	}
}
