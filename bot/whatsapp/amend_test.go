package whatsapp_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// computer is one of a citizen, linked to the phone: a real client, which sees what the service sends as WhatsApp's own would.
type computer struct {
	options whatsapp.Options
	client  *whatsapp.Client
	seen    chan *events.Message
}

func (w *town) computer(owner *whatsapptest.Phone) *computer {
	w.t.Helper()
	c := &computer{options: w.options(), seen: make(chan *events.Message, 100)}
	c.options.Dir, c.options.Number = w.t.TempDir(), owner.Number()
	c.client = w.open(c.options)
	ctx, cancel := w.soon()
	defer cancel()
	if err := c.client.Pair(ctx, w.scanner(owner)); err != nil {
		w.t.Fatalf("pair a citizen's computer: %v", err)
	}
	if err := c.client.AwaitReady(ctx); err != nil {
		w.t.Fatal(err)
	}
	synctest.Wait()
	c.client.WatchMessages(func(message *events.Message) { c.seen <- message })
	return c
}

// wakeUnreadable starts the computer again after it has lost its sessions.
func (c *computer) wakeUnreadable(w *town) {
	w.t.Helper()
	home := w.dir
	w.dir = c.options.Dir
	w.session("DELETE FROM whatsmeow_sessions")
	w.dir = home
	c.client = w.open(c.options)
	c.client.WatchMessages(func(message *events.Message) { c.seen <- message })
	ctx, cancel := w.soon()
	defer cancel()
	if err := errors.Join(c.client.Connect(ctx), c.client.AwaitReady(ctx)); err != nil {
		w.t.Fatal(err)
	}
}

func (c *computer) next(t *testing.T) *events.Message {
	t.Helper()
	select {
	case message := <-c.seen:
		return message
	case <-time.After(2 * time.Minute):
		t.Fatal("no message came")
		return nil
	}
}

// wantWord checks what such a message says.
func wantWord(t *testing.T, word *waE2E.ProtocolMessage, kind waE2E.ProtocolMessage_Type, target string, chat *whatsapptest.Phone) {
	t.Helper()
	key := word.GetKey()
	if word == nil || word.GetType() != kind || key.GetID() != target || !key.GetFromMe() || key.GetRemoteJID() != chat.LID()+"@lid" || key.Participant != nil {
		t.Errorf("got a %v of %q, from us %t, want a %v of %q", word.GetType(), key.GetID(), key.GetFromMe(), kind, target)
	}
}

// edited is the word of an edit, which WhatsApp's clients wrap.
func edited(message *events.Message) *waE2E.ProtocolMessage {
	return message.RawMessage.GetEditedMessage().GetMessage().GetProtocolMessage()
}

func TestEditsAndDeletionsHaveTheFormOfTheProtocol(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		pc := w.computer(mario)
		client := w.paired(w.options())
		media, _ := w.uploaded(client)
		upload, err := client.Upload(t.Context(), whatsapp.Document, []byte(leaflet))
		if err != nil {
			t.Fatal(err)
		}
		pdf := &whatsapp.Media{Kind: whatsapp.Document, MIME: "application/pdf", Name: "festa.pdf", Pages: 1, Upload: upload}
		before := time.Now()

		for _, test := range []struct {
			name     string
			original whatsapp.Content
			shown    func(*waE2E.Message) (words string, sum []byte)
			sum      []byte
		}{
			{"text", whatsapp.Content{}, func(m *waE2E.Message) (string, []byte) { return m.GetConversation(), nil }, nil},
			{"picture", whatsapp.Content{Media: media}, func(m *waE2E.Message) (string, []byte) {
				return m.GetImageMessage().GetCaption(), m.GetImageMessage().GetFileSHA256()
			}, media.Upload.SHA256},
			{"document", whatsapp.Content{Media: pdf}, func(m *waE2E.Message) (string, []byte) {
				document := m.GetDocumentWithCaptionMessage().GetMessage().GetDocumentMessage()
				return document.GetCaption(), document.GetFileSHA256()
			}, pdf.Upload.SHA256},
		} {
			content := test.original
			content.Text = "domenica"
			id := w.sendContent(client, mario, content)
			if words, sum := test.shown(pc.next(t).RawMessage); words != "domenica" || !bytes.Equal(sum, test.sum) {
				t.Errorf("%s: got %q", test.name, words)
			}
			content.Text, content.Edits = "sabato", id
			w.sendContent(client, mario, content)
			word := edited(pc.next(t))
			wantWord(t, word, waE2E.ProtocolMessage_MESSAGE_EDIT, id, mario)
			if words, sum := test.shown(word.GetEditedMessage()); words != "sabato" || !bytes.Equal(sum, test.sum) {
				t.Errorf("%s: got the new words %q, want them with the same file", test.name, words)
			}
			if at := time.UnixMilli(word.GetTimestampMS()); at.Before(before.Truncate(time.Millisecond)) || at.After(time.Now()) {
				t.Errorf("%s: the edit is of %v", test.name, at)
			}
			w.sendContent(client, mario, whatsapp.Content{Deletes: id})
			wantWord(t, pc.next(t).RawMessage.GetProtocolMessage(), waE2E.ProtocolMessage_REVOKE, id, mario)
		}
		w.settle()
	})
}

// What a phone could not decrypt it is told again, also when it is an edit or a deletion, and also by the next process.
func TestAmendmentsAreRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		pc := w.computer(mario)
		kept := make(map[string]whatsapp.Content)
		options := w.options()
		options.Resend = func(_ context.Context, id string, _ whatsapp.Sender) (whatsapp.Content, bool) {
			content, ok := kept[id]
			return content, ok
		}
		client := w.paired(options)
		first := w.send(client, mario, "domenica")
		second := w.send(client, mario, "chiuso")
		pc.next(t)
		pc.next(t)
		pc.client.Close()
		edit, deletion := whatsapp.Content{Text: "sabato", Edits: first}, whatsapp.Content{Deletes: second}
		kept[w.sendContent(client, mario, edit)] = edit
		kept[w.sendContent(client, mario, deletion)] = deletion
		client.Close() // and with it what the library remembers
		w.again(options)
		pc.wakeUnreadable(w)
		for range 2 { // in any order: they are repeated at the same time
			message := pc.next(t)
			word := edited(message)
			if word == nil {
				wantWord(t, message.RawMessage.GetProtocolMessage(), waE2E.ProtocolMessage_REVOKE, second, mario)
				continue
			}
			wantWord(t, word, waE2E.ProtocolMessage_MESSAGE_EDIT, first, mario)
			if got := word.GetEditedMessage().GetConversation(); got != "sabato" {
				t.Errorf("got the new words %q", got)
			}
		}
		if len(pc.seen) != 0 {
			t.Error("something was repeated twice")
		}
		w.settle()
	})
}

// The phones of the fake judge the form, the mark, the target and the age of each, and carry them out as real ones do.
func TestThePhoneShowsEditsAndDeletions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.paired(w.options())
		media, data := w.uploaded(client)
		first := w.send(client, mario, "domenica")
		second := w.sendContent(client, mario, whatsapp.Content{Text: "domenica", Media: media})
		time.Sleep(whatsapp.EditWindow - time.Minute)
		w.sendContent(client, mario, whatsapp.Content{Text: "sabato", Edits: first})
		w.sendContent(client, mario, whatsapp.Content{Text: "sabato", Media: media, Edits: second})
		w.settle()
		all := mario.Messages()
		if len(all) != 2 {
			t.Fatalf("got %d messages, want the two in their places", len(all))
		}
		for i, want := range [][]byte{nil, data} {
			if got := all[i]; !got.Edited || got.Text != "sabato" || !bytes.Equal(got.Media, want) {
				t.Errorf("got %q, edited %t, with %d bytes", got.Text, got.Edited, len(got.Media))
			}
		}
		time.Sleep(whatsapp.DeleteWindow - time.Hour)
		w.sendContent(client, mario, whatsapp.Content{Deletes: first})
		w.sendContent(client, mario, whatsapp.Content{Deletes: second})
		w.settle()
		for _, got := range mario.Messages() {
			if !got.Deleted || got.Text != "" || got.Media != nil {
				t.Errorf("got %q, deleted %t, with %d bytes", got.Text, got.Deleted, len(got.Media))
			}
		}
	})
}
