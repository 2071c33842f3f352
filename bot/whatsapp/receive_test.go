package whatsapp_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

func TestTextsByLIDAndByNumber(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		both := addressOf(mario)
		for _, test := range []struct {
			name string
			as   func() *whatsapptest.Phone
			want whatsapp.Address
		}{
			{"lid alone, unknown", mario.HideNumber, whatsapp.Address{LID: both.LID}},
			{"number with lid", mario.ByNumber, both},
			{"lid with number", mario.ByLID, both},
			{"lid alone, known", mario.HideNumber, both},
		} {
			test.as()
			id := mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
			got := box.next(t)
			if got.ID != id || got.From != test.want || got.Kind != whatsapp.KindText || got.Body != "Attiva Notizie Mario Rossi Saronno" {
				t.Errorf("%s: got %q %q %q %q, want %q %q", test.name, got.From.Number, got.From.LID, got.Kind, got.Body, test.want.Number, test.want.LID)
			}
			if off := time.Since(got.At); off < -time.Minute || off > time.Minute {
				t.Errorf("%s: got a time %v away", test.name, off)
			}
		}
		w.settle()
		_ = client
	})
}

// The promise of the room: what OnText did not commit comes again, after the connection is renewed and after a restart,
// and can still be read.
func TestG3_TextsAreHandedOverUntilTheyAreCommitted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		box.failWith(func() error { return errors.New("the disk is full") })
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		start := time.Now()
		id := mario.Text(comuneNumber, "Disattiva Notizie")
		box.next(t)
		if got := box.next(t); got.ID != id || got.Body != "Disattiva Notizie" {
			t.Fatalf("got %q, want the text again", got.ID)
		}
		if took := time.Since(start); took < 29*time.Second || took > time.Minute {
			t.Errorf("it came again after %v, want half a minute", took)
		}
		client.Close()

		box.failWith(func() error { panic("Mario Rossi") })
		client = w.again(options)
		if got := box.next(t); got.ID != id || got.Body != "Disattiva Notizie" {
			t.Fatalf("got %q after a restart, want the text", got.ID)
		}
		client.Close()

		box.failWith(nil)
		w.again(options)
		if got := box.next(t); got.ID != id || got.Body != "Disattiva Notizie" {
			t.Fatalf("got %q after a panic and a restart, want the text", got.ID)
		}
		w.settle()
		w.server.DropConnections()
		time.Sleep(time.Hour)
		if len(box.texts) != 0 {
			t.Errorf("it came again after it was committed")
		}
	})
}

// A text that cannot even be decrypted because session.db takes nothing, as on a full disk, is not acknowledged either.
func TestG3_TextsWaitForSessionDB(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario, anna := w.server.NewPhone(marioNumber), w.server.NewPhone(annaNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		w.send(client, mario, "avviso") // so that Mario's text comes in a session, and Anna's makes a new one

		w.session("CREATE TRIGGER full BEFORE INSERT ON whatsmeow_event_buffer BEGIN SELECT RAISE(ABORT, 'full'); END")
		mario.Text(comuneNumber, "Disattiva Notizie")
		anna.Text(comuneNumber, "Attiva Notizie Anna Rossi Saronno")
		time.Sleep(2 * time.Minute)
		if len(box.texts) != 0 {
			t.Fatal("a text was handed over that session.db could not take")
		}
		w.session("DROP TRIGGER full")
		for _, want := range []string{"Disattiva Notizie", "Attiva Notizie Anna Rossi Saronno"} {
			if got := box.next(t); got.Body != want {
				t.Errorf("got %q, want %q", got.Body, want)
			}
		}
		w.settle()
		if len(box.texts) != 0 {
			t.Error("a text was handed over twice")
		}
	})
}

// A command that only pairs must leave the texts to the daemon.
func TestWithoutOnTextNothingIsTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		options := w.options()
		options.OnText, options.OnReceipts = nil, nil
		client := w.open(options)
		if err := client.Pair(t.Context(), w.scanner(w.comune)); err != nil {
			t.Fatal(err)
		}
		id := mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
		synctest.Wait()
		client.Close()
		box := newInbox()
		options.OnText = box.onText
		w.again(options)
		if got := box.next(t); got.ID != id {
			t.Errorf("got %q, want the text that came while pairing", got.ID)
		}
		w.settle()
	})
}

func TestCloseWaitsForTheTextInHand(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		began, committed := make(chan struct{}), false
		options := w.options()
		options.OnText = func(ctx context.Context, _ whatsapp.Text) error {
			close(began)
			select {
			case <-time.After(5 * time.Second):
				committed = true
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		client := w.paired(options)
		mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
		<-began
		if err := client.Close(); err != nil {
			t.Fatal(err)
		}
		if !committed {
			t.Error("close did not wait")
		}
	})
}

func TestG5_ForgottenInEveryByte(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario, anna := w.server.NewPhone(marioNumber), w.server.NewPhone(annaNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		for _, phone := range []*whatsapptest.Phone{mario, anna} {
			for _, as := range []func() *whatsapptest.Phone{phone.ByNumber, phone.ByLID} {
				as()
				phone.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
				box.next(t)
				w.send(client, phone, "Registrazione riuscita")
			}
		}
		w.settle()
		traces := []string{"393331234567", mario.LID(), "Rossi"}
		if found := w.sessionHolds(traces[:2]...); len(found) == 0 {
			t.Fatal("nothing was stored, so this test cannot fail")
		}
		if err := client.Forget(t.Context(), []whatsapp.Address{{LID: mario.LID()}}); err != nil {
			t.Fatalf("forget: %v", err)
		}
		if found := w.sessionHolds(traces...); found != nil {
			t.Errorf("after forgetting: %v", found)
		}
		if found := w.sessionHolds(anna.LID()); found == nil {
			t.Error("the neighbour was forgotten too")
		}
		time.Sleep(10 * time.Minute)
		if found := w.sessionHolds(traces...); found != nil {
			t.Errorf("ten minutes later: %v", found)
		}

		// Whoever left may come back, although the phone goes on in a session we no longer have.
		mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
		if got := box.next(t); got.From != addressOf(mario) {
			t.Errorf("got another address than before")
		}
		w.send(client, mario, "Bentornato")
		w.settle()
		client.Close()
		client = w.again(options)
		mario.HideNumber().Text(comuneNumber, "ciao")
		if got := box.next(t); got.From != addressOf(mario) {
			t.Error("the LID map did not survive forgetting, coming back, and a restart")
		}
		w.send(client, mario, "ciao")
		w.settle()
	})
}
