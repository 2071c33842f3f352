package whatsapp_test

import (
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

func plain(s string) *waE2E.Message { return &waE2E.Message{Conversation: proto.String(s)} }

func wrapped(m *waE2E.Message) *waE2E.FutureProofMessage {
	return &waE2E.FutureProofMessage{Message: m}
}

// Words count wherever a citizen puts them, and only those they have put there.
func TestWordsOfEveryKind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		w.send(client, mario, "avviso: Disattiva Notizie")
		caption := &waE2E.Message{LiveLocationMessage: &waE2E.LiveLocationMessage{Caption: proto.String("Disattiva Notizie")}}
		first := mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
		box.next(t)
		for _, test := range []struct {
			name string
			id   string
			kind whatsapp.Kind
			body string
		}{
			{"edit", mario.Edit(comuneNumber, first, "Disattiva Notizie"), whatsapp.KindText, "Disattiva Notizie"},
			{"reply", mario.Reply(comuneNumber, "avviso: Disattiva Notizie", "ciao"), whatsapp.KindText, "ciao"},
			{"caption", mario.Write(comuneNumber, caption), whatsapp.KindLocation, "Disattiva Notizie"},
			{"disappearing", mario.Write(comuneNumber, &waE2E.Message{EphemeralMessage: wrapped(plain("ciao"))}), whatsapp.KindText, "ciao"},
			{"once", mario.Write(comuneNumber, &waE2E.Message{ViewOnceMessageV2: wrapped(caption)}), whatsapp.KindLocation, "Disattiva Notizie"},
			{"sticker", mario.Write(comuneNumber, &waE2E.Message{StickerMessage: &waE2E.StickerMessage{}}), whatsapp.KindSticker, ""},
		} {
			got := box.next(t)
			if got.ID != test.id || got.Kind != test.kind || got.Body != test.body || got.From != addressOf(mario) {
				t.Errorf("%s: got kind %q and %q, same ID %t", test.name, got.Kind, got.Body, got.ID == test.id)
			}
		}
		w.settle()
	})
}

// What is nobody's private word to us is acknowledged and passed over; of what
// shows nothing in the chat it is only told who sent it.
func TestNothingElseIsHandedOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		id := w.send(client, mario, "avviso")
		first := mario.Text(comuneNumber, "ciao")
		box.next(t)
		for _, place := range []whatsapptest.Place{whatsapptest.Group, whatsapptest.Status, whatsapptest.BroadcastList, whatsapptest.Channel} {
			mario.WriteIn(place, comuneNumber, plain("Disattiva Notizie"))
		}
		mario.React(comuneNumber, id, "👍")
		mario.Revoke(comuneNumber, first)
		w.comune.Text(marioNumber, "Disattiva Notizie") // the Comune's staff, on its phone
		last := mario.Text(comuneNumber, "ciao")
		for range 2 { // the reaction and the withdrawal
			if got := box.next(t); got.Kind != whatsapp.KindSilent || got.Body != "" || got.From != addressOf(mario) {
				t.Errorf("got kind %q and %q", got.Kind, got.Body)
			}
		}
		if got := box.next(t); got.ID != last {
			t.Errorf("got kind %q before the last text", got.Kind)
		}
		w.settle()
	})
}

func TestCallsAreRejectedAndToldOnce(t *testing.T) {
	t.Parallel()
	for name, as := range map[string]func(*whatsapptest.Phone) *whatsapptest.Phone{
		"by number": (*whatsapptest.Phone).ByNumber, "by lid": (*whatsapptest.Phone).ByLID, "unknown number": (*whatsapptest.Phone).HideNumber,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				mario := w.server.NewPhone(marioNumber)
				as(mario)
				box := newInbox()
				options := w.options()
				options.OnText = box.onText
				client := w.paired(options)
				began := time.Now()
				call := mario.Call(comuneNumber)
				if err := mario.AwaitRejected(t.Context(), call); err != nil {
					t.Fatal(err)
				}
				got := box.next(t)
				if got.ID != call || got.Kind != whatsapp.KindCall || got.Body != "" || got.At.Before(began.Truncate(time.Second)) {
					t.Errorf("got kind %q, same ID %t", got.Kind, got.ID == call)
				}
				if _, err := client.Send(t.Context(), got.From, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso"}); err != nil {
					t.Errorf("answer to the caller: %v", err)
				}
				w.settle() // what is not acknowledged comes again
				client.Close()

				missed := mario.Call(comuneNumber) // while nobody listens
				box.failOnce(1)
				w.again(options)
				if got := box.next(t); got.ID != missed {
					t.Error("a call of before the connection was not told")
				}
				if got := box.next(t); got.ID != missed || got.Kind != whatsapp.KindCall {
					t.Error("a call that could not be recorded did not come again")
				}
				w.settle()
				w.server.DropConnections()
				time.Sleep(time.Hour)
				if len(box.texts) != 0 {
					t.Error("a call was told twice")
				}
			})
		})
	}
}
