package bot_test

import (
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp/whatsapptest"
)

const registration = "Attiva Notizie Ermenegilda Quaglia Saronno"

func photo(caption string) *waE2E.Message {
	return &waE2E.Message{ImageMessage: &waE2E.ImageMessage{Caption: proto.String(caption), Mimetype: proto.String("image/jpeg")}}
}

// A command counts in whatever it is wrapped: under a picture, in a message that
// disappears, in one that shows once, in an edit.
func TestCommandsInEveryWrapping(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.server.Excuse(whatsapptest.BadMedia) // the pictures were never uploaded
		w.secrets = append(w.secrets, registration)
		text := &waE2E.Message{Conversation: proto.String(registration)}
		n := 0
		for name, content := range map[string]*waE2E.Message{
			"caption":   photo(registration),
			"ephemeral": {EphemeralMessage: &waE2E.FutureProofMessage{Message: text}},
			"view once": {ViewOnceMessageV2: &waE2E.FutureProofMessage{Message: photo(registration)}},
		} {
			n++
			p := w.citizen(n)
			p.Write(comune, content)
			w.await(p, "Iscrizione attiva")
			if len(w.list()) != n {
				t.Errorf("%s: not on the list", name)
			}
		}
		p := w.citizen(10)
		id := p.Text(comune, "Ativa notiz")
		time.Sleep(time.Minute)
		p.Edit(comune, id, registration)
		w.await(p, "Iscrizione attiva")
		p.Edit(comune, id, registration) // mends something again
		time.Sleep(time.Minute)
		confirmed := 0
		for _, s := range w.list() {
			if string(s.Number) == p.Number() {
				confirmed++
			}
		}
		if confirmed != 1 {
			t.Errorf("%d entries of one who edited", confirmed)
		}
	})
}

// Only new words count, never those that a message quotes; what is said to a
// group, a status or a channel is not said to us; a reaction says nothing.
func TestG1_WordsOfOthersDoNotCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		subscriber, stranger := w.subscribe(1)[0], w.citizen(50)
		subscriber.Reply(comune, "Per cancellarti, quando vuoi, scrivi Disattiva Notizie", "Va bene, grazie!")
		stranger.Reply(comune, registration, "che bello")
		for _, place := range []whatsapptest.Place{whatsapptest.Group, whatsapptest.Status, whatsapptest.Channel} {
			subscriber.WriteIn(place, comune, &waE2E.Message{Conversation: proto.String("Disattiva Notizie")})
			stranger.WriteIn(place, comune, &waE2E.Message{Conversation: proto.String(registration)})
		}
		subscriber.React(comune, subscriber.Messages()[0].ID, "👍")
		time.Sleep(time.Hour)
		if got := w.list(); len(got) != 1 || string(got[0].Number) != subscriber.Number() {
			t.Errorf("the list is %+v", got)
		}
		if got := answers(subscriber)[1:]; len(got) != 0 {
			t.Errorf("the subscriber was told %q", got)
		}
		for _, m := range answers(stranger) {
			t.Logf("the stranger was told %q", m)
		}
	})
}

// A call is rejected and answered once; voice notes and stickers are no
// commands.
func TestCallsAndVoiceNotes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.server.Excuse(whatsapptest.BadMedia) // the voice was never uploaded
		p := w.citizen(1)
		for range 3 {
			if err := p.AwaitRejected(t.Context(), p.Call(comune)); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Minute)
		}
		expect(t, answers(p), "chiamat")
		speaker := w.citizen(2)
		speaker.Write(comune, &waE2E.Message{AudioMessage: &waE2E.AudioMessage{PTT: proto.Bool(true), Mimetype: proto.String("audio/ogg")}})
		speaker.Write(comune, &waE2E.Message{StickerMessage: &waE2E.StickerMessage{Mimetype: proto.String("image/webp")}})
		time.Sleep(time.Minute)
		expect(t, answers(speaker), "112")
	})
}

// What cannot be read stays unread for minutes before its author is asked to
// write again, once; if it can be read meanwhile, he is not.
func TestG3_UnreadableTexts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		heals, never := w.citizen(1), w.citizen(2)
		w.secrets = append(w.secrets, registration)
		w.phone.Tell(false)
		heals.Garble(comune, registration, true)
		never.Garble(comune, registration, false)
		never.Garble(comune, "Ma insomma", false)
		time.Sleep(time.Minute)
		expect(t, answers(heals), "Iscrizione attiva")
		expect(t, answers(never))
		time.Sleep(10 * time.Minute)
		expect(t, answers(heals), "Iscrizione attiva")
		expect(t, answers(never), "di nuovo")
		expect(t, w.say(never, registration), "Iscrizione attiva")
	})
}

// What was carried out is read on the Comune's phone, and on it alone; the rest
// waits there for a person.
func TestHandledCommandsAreMarkedRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.citizen(1)
		w.secrets = append(w.secrets, registration)
		var commands []string
		for _, text := range []string{registration, "Comandi", "Disattiva Notizie"} {
			commands = append(commands, p.Text(comune, text))
			time.Sleep(10 * time.Second)
		}
		p.Text(comune, "C'è una buca in via Verdi")
		p.Text(comune, "Grazie")
		time.Sleep(time.Minute)
		read := map[string]bool{}
		for _, id := range w.phone.MarkedRead() {
			read[id] = true
		}
		if len(read) != len(commands) || !read[commands[0]] || !read[commands[1]] || !read[commands[2]] {
			t.Errorf("marked read: %v, want %v", w.phone.MarkedRead(), commands)
		}
		if ticks := p.BlueTicks(); len(ticks) != 0 {
			t.Errorf("the citizen sees that %v were read", ticks)
		}
	})
}
