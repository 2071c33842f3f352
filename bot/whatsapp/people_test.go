package whatsapp_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// What a message shows of its sender goes before what was known.
func TestANewLIDIsBelievedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		mario.Text(comuneNumber, "ciao")
		before := box.next(t).From
		mario.ChangeLID()
		for _, as := range []func() *whatsapptest.Phone{mario.ByLID, mario.ByNumber, mario.HideNumber, mario.HideLID} {
			as()
			mario.Text(comuneNumber, "ciao")
			if got := box.next(t).From; got != addressOf(mario) || got.LID == before.LID {
				t.Errorf("got number %q and LID %q, want %q and %q", got.Number, got.LID, mario.Number(), mario.LID())
			}
			w.send(client, mario, "avviso")
		}
		w.settle()
		client.Close()
		w.again(options)
		mario.HideNumber().Text(comuneNumber, "ciao")
		if got := box.next(t).From; got != addressOf(mario) {
			t.Error("the new pair did not survive a restart")
		}
	})
}

// A number that has passed to somebody else shows another LID: the old owner's is not taken for theirs.
func TestARecycledNumberIsAnotherPerson(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
		old := box.next(t).From
		other := w.server.Recycle(marioNumber)
		other.Text(comuneNumber, "ciao")
		got := box.next(t).From
		if got != addressOf(other) || got.LID == old.LID || got.Number != old.Number {
			t.Errorf("got number %q and LID %q, want %q and %q", got.Number, got.LID, other.Number(), other.LID())
		}
		w.send(client, other, "avviso")
		w.settle()

		// The old owner is forgotten under all that was known of them; the new one keeps what is theirs.
		if err := client.Forget(t.Context(), []whatsapp.Address{old}); err != nil {
			t.Fatal(err)
		}
		if found := w.sessionHolds(old.LID); found != nil {
			t.Errorf("the old owner is still known: %v", found)
		}
		if found := w.sessionHolds(other.LID()); found == nil {
			t.Error("the new owner was forgotten too")
		}
		w.send(client, other, "avviso")
		w.settle()
	})
}

func TestLinkIsAnotherWithEveryPairing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		client := w.open(w.options())
		if link := client.Link(); link != "" {
			t.Errorf("got %q before pairing, want no link", link)
		}
		client.Close()
		client = w.paired(w.options())
		first := client.Link()
		client.Close()
		client = w.again(w.options())
		if again := client.Link(); first == "" || again != first || strings.Contains(first, comuneNumber[3:]) {
			t.Errorf("got %q, and %q after a restart", first, again)
		}
		w.server.Unlink(comuneNumber)
		time.Sleep(time.Minute)
		if link := client.Link(); link != "" {
			t.Errorf("got %q after a logout, want no link", link)
		}
		client.Close()
		client = w.paired(w.options())
		if second := client.Link(); second == "" || second == first {
			t.Errorf("got %q after %q, want another link", second, first)
		}
	})
}

// Who was read learns nothing of it, whatever the phone's settings say.
func TestMarkReadShowsNoBlueTicks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		var ids []string
		for range 3 {
			ids = append(ids, mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno"))
			box.next(t)
		}
		for _, marked := range [][]string{ids[:1], ids[1:], nil} {
			if err := client.MarkRead(t.Context(), addressOf(mario), marked...); err != nil {
				t.Fatal(err)
			}
		}
		w.settle()
		if got := w.comune.MarkedRead(); strings.Join(got, " ") != strings.Join(ids, " ") {
			t.Errorf("got %d of 3 marked read on the Comune's phone", len(got))
		}
		if got := mario.BlueTicks(); got != nil {
			t.Errorf("the citizen sees %d messages read", len(got))
		}
		client.Close()
		if err := client.MarkRead(t.Context(), addressOf(mario), ids...); err == nil {
			t.Error("a closed client marked something")
		}
		if err := client.MarkRead(t.Context(), whatsapp.Address{}, ids...); err == nil {
			t.Error("nobody's message was marked")
		}
	})
}

func TestCardIsSavedWithOneTap(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.paired(w.options())
		name := "Comune di Saronno; news,\n\\ \"urgenti\"\rEND:VCARD"
		card := whatsapp.Content{Card: &whatsapp.Card{Name: name, Number: comuneNumber}}
		if _, err := client.Send(t.Context(), addressOf(mario), whatsapp.NewMessageID(), card); err != nil {
			t.Fatal(err)
		}
		w.settle()
		got := mario.Messages()
		if len(got) != 1 || got[0].Kind != "contact" || got[0].CardName != name {
			t.Fatalf("got %d messages, want a card", len(got))
		}
		want := "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;Comune di Saronno\\; news\\,\\n\\\\ \"urgenti\"\\nEND:VCARD;;;\r\n" +
			"FN:Comune di Saronno\\; news\\,\\n\\\\ \"urgenti\"\\nEND:VCARD\r\nTEL;type=CELL;type=VOICE;waid=393343679575:+393343679575\r\nEND:VCARD\r\n"
		if got[0].Card != want {
			t.Errorf("got card\n%s\nwant\n%s", got[0].Card, want)
		}
		for _, content := range []whatsapp.Content{
			{}, {Card: &whatsapp.Card{Name: "x"}}, {Card: &whatsapp.Card{Number: comuneNumber}}, {Text: "x", Card: card.Card},
			{Card: &whatsapp.Card{Name: "x", Number: "+39\r\nx"}},
		} {
			if _, err := client.Send(t.Context(), addressOf(mario), whatsapp.NewMessageID(), content); err == nil {
				t.Errorf("content with card %t and text %q left", content.Card != nil, content.Text)
			}
		}
	})
}
