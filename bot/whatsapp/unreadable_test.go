package whatsapp_test

import (
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// What cannot be decrypted is told, until it is recorded, and may come after all, under the same ID.
func TestG3_UnreadableMessagesAreTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		box.failOnce(1)
		id := mario.Garble(comuneNumber, "Attiva Notizie Mario Rossi Saronno", false)
		told := func(why string) {
			t.Helper()
			if got := box.next(t); got.ID != id || got.Kind != whatsapp.KindUnreadable || got.Body != "" || got.From != addressOf(mario) {
				t.Errorf("%s: got kind %q, same ID %t, a body of %d bytes", why, got.Kind, got.ID == id, len(got.Body))
			}
		}
		told("at first")
		told("after it could not be recorded")
		time.Sleep(time.Hour)
		for len(box.texts) > 0 {
			told("while the library asks")
		}
		mario.Heal(id)
		if got := box.next(t); got.ID != id || got.Kind != whatsapp.KindText || got.Body != "Attiva Notizie Mario Rossi Saronno" {
			t.Errorf("got kind %q, want the healed text under its ID", got.Kind)
		}
		w.send(client, mario, "Registrazione riuscita")
		w.settle()
	})
}

// A linked device may be told only that there is a message. Our own phone has it, and shows it to us, but for what only a
// phone may show.
func TestWithheldMessages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		w.paired(options)
		box.failOnce(2)
		id := mario.Withhold(comuneNumber, "", plain("Disattiva Notizie"))
		if got := box.next(t); got.ID != id || got.Kind != whatsapp.KindUnreadable || got.From != addressOf(mario) {
			t.Errorf("got kind %q, same ID %t", got.Kind, got.ID == id)
		}
		for range 2 { // the phone's answer is acknowledged whatever we say, and is not lost all the same
			if got := box.next(t); got.ID != id || got.Kind != whatsapp.KindText || got.Body != "Disattiva Notizie" || got.From != addressOf(mario) {
				t.Errorf("got kind %q and %q, same ID %t", got.Kind, got.Body, got.ID == id)
			}
		}
		w.comune.Tell(false)
		id = mario.Withhold(comuneNumber, "view_once", plain("Disattiva Notizie"))
		if got := box.next(t); got.ID != id || got.Kind != whatsapp.KindUnreadable {
			t.Errorf("got kind %q, same ID %t", got.Kind, got.ID == id)
		}
		w.settle()
	})
}
