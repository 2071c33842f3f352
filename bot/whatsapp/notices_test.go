package whatsapp_test

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// chat lets the Comune's phone have a past, and returns its texts.
func (w *town) chat(n int) (bodies []string) {
	w.t.Helper()
	w.server.NewPhone(marioNumber)
	for i := range n {
		bodies = append(bodies, fmt.Sprint("ciao ", i))
		w.comune.Remember(marioNumber, false, bodies[i], time.Now().Add(time.Duration(i-n)*time.Minute))
	}
	return bodies
}

// bodies are the different texts on a shelf.
func (s *shelf) bodies() []string {
	var all []string
	for _, text := range s.all() {
		all = append(all, text.Body)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// count asks session.db, beside the client.
func (w *town) count(query string) (n int) {
	w.t.Helper()
	db, err := sql.Open("sqlite3", filepath.Join(w.dir, "session.db")+"?_busy_timeout=5000")
	if err != nil {
		w.t.Fatal(err)
	}
	if err := errors.Join(db.QueryRowContext(w.t.Context(), query).Scan(&n), db.Close()); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// checkNothingLeft is what session.db must be like when everything has been read.
func (w *town) checkNothingLeft() {
	w.t.Helper()
	w.settle()
	synctest.Wait() // the reader deletes a notice after it has been handed over
	if n := w.count(`SELECT count(*) FROM banditore_notices`); n != 0 {
		w.t.Errorf("got %d notices left", n)
	}
	if n := w.count(`SELECT count(*) FROM whatsmeow_event_buffer WHERE plaintext IS NOT NULL`); n != 0 {
		w.t.Errorf("got %d plaintexts left in the library's buffer", n)
	}
	if found := w.sessionHolds("ciao", "Disattiva"); found != nil {
		w.t.Errorf("words were kept: %v", found)
	}
	if left := w.server.Stats().HistoryLeft; left != 0 {
		w.t.Errorf("got %d files left on WhatsApp's server", left)
	}
}

// A command that only pairs takes the notices and reads none; the daemon does that after it.
func TestG3_WhatComesWhilePairingIsReadLater(t *testing.T) {
	t.Parallel()
	for name, history := range map[string]whatsapptest.History{
		"files": {Chunk: 2}, "inline": {Inline: true}, "backwards": {Chunk: 1, Backwards: true}, "twice": {Chunk: 2, Twice: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				want := w.chat(5)
				w.comune.SetHistory(history)
				pairing := w.options()
				pairing.OnText, pairing.OnReceipts = nil, nil
				w.paired(pairing).Close()
				if w.count(`SELECT count(*) FROM banditore_notices WHERE kind = 'history'`) == 0 {
					t.Fatal("nothing came while pairing, so this test cannot fail")
				}
				shelf := &shelf{}
				options := w.options()
				options.OnHistory = shelf.onHistory
				w.again(options)
				time.Sleep(time.Minute)
				if got := shelf.bodies(); !slices.Equal(got, want) {
					t.Errorf("got %q, want %q", got, want)
				}
				w.checkNothingLeft()
			})
		})
	}
}

// Whatever cannot be stored for a while, nothing that the phone tells is lost.
func TestG3_NoticesSurviveAFullDisk(t *testing.T) {
	t.Parallel()
	for name, trigger := range map[string]string{
		"when it is to be kept":          "BEFORE INSERT ON banditore_notices",
		"when the ratchet is":            "BEFORE INSERT ON whatsmeow_event_buffer",
		"when its ID is noted":           "BEFORE UPDATE OF message ON banditore_notices",
		"after it was decrypted":         "BEFORE INSERT ON banditore_notices WHEN new.message <> ''", // where the transaction did not keep it
		"when it is noted as read":       "BEFORE UPDATE OF state ON banditore_notices",
		"when a failure is noted":        "BEFORE UPDATE OF tries ON banditore_notices",
		"when it is deleted":             "BEFORE DELETE ON banditore_notices",
		"when the keys are to be stored": "BEFORE INSERT ON whatsmeow_app_state_sync_keys",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				want := w.chat(5)
				w.comune.SetHistory(whatsapptest.History{Chunk: 2, Hold: true})
				shelf := &shelf{fail: 1}
				options := w.options()
				options.OnHistory = shelf.onHistory
				client := w.open(options)
				w.session("CREATE TRIGGER full " + trigger + " BEGIN SELECT RAISE(ABORT, 'full'); END")
				if strings.Contains(trigger, "event_buffer") { // nobody could be paired
					w.session("DROP TRIGGER full")
				}
				if err := client.Pair(t.Context(), w.scanner(w.comune)); err != nil {
					t.Fatal(err)
				}
				time.Sleep(10 * time.Second)
				if strings.Contains(trigger, "event_buffer") {
					w.session("CREATE TRIGGER full " + trigger + " BEGIN SELECT RAISE(ABORT, 'full'); END")
				}
				w.comune.Release()
				time.Sleep(3 * time.Minute)
				w.session("DROP TRIGGER full")
				time.Sleep(10 * time.Minute)
				if got := shelf.bodies(); !slices.Equal(got, want) {
					t.Errorf("got %q, want %q", got, want)
				}
				if n := w.count(`SELECT count(*) FROM whatsmeow_app_state_sync_keys`); n != 1 {
					t.Errorf("got %d keys, want the one that the phone gave", n)
				}
				w.checkNothingLeft()
			})
		})
	}
}

// Parts that may be needed again are handed over again by the next process, until that is over.
func TestG3_PartsAreKeptUntilTheHistoryIsOver(t *testing.T) {
	t.Parallel()
	for name, history := range map[string]whatsapptest.History{"files": {Chunk: 2}, "inline": {Inline: true, Stop: 1}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				w.chat(5)
				w.comune.SetHistory(history)
				options := w.options()
				var first []string
				for i := range 3 {
					shelf := &shelf{keep: true}
					options.OnHistory = shelf.onHistory
					var client *whatsapp.Client
					if i == 0 {
						client = w.paired(options)
					} else {
						client = w.again(options)
					}
					time.Sleep(time.Minute)
					if i == 0 {
						first = shelf.bodies()
					}
					if got := shelf.bodies(); !slices.Equal(got, first) || len(got) == 0 {
						t.Errorf("process %d: got %q, want %q", i, got, first)
					}
					parts := len(shelf.parts())
					w.server.DropConnections()
					time.Sleep(time.Minute)
					if len(shelf.parts()) != parts {
						t.Error("a part came again in the same process")
					}
					if history.Inline && !errors.Is(client.Forget(t.Context(), []whatsapp.Address{{Number: annaNumber}}), whatsapp.ErrUnread) {
						t.Error("somebody was forgotten who may be in what is kept")
					}
					if i == 2 {
						if err := client.HistoryOver(t.Context()); err != nil {
							t.Fatal(err)
						}
						synctest.Wait()
						time.Sleep(time.Minute)
						w.checkNothingLeft()
						if err := client.Forget(t.Context(), []whatsapp.Address{{Number: annaNumber}}); err != nil {
							t.Errorf("forget: %v", err)
						}
					}
					client.Close()
				}
				shelf := &shelf{}
				options.OnHistory = shelf.onHistory
				w.again(options)
				time.Sleep(time.Minute)
				if len(shelf.parts()) != 0 {
					t.Error("a part came again after it was over")
				}
			})
		})
	}
}

// What the phone has decrypted for us outlives the process, and a command that only pairs.
func TestG3_WhatThePhoneDecryptedIsNotLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		box.failWith(func() error { return errors.New("the disk is full") })
		id := mario.Withhold(comuneNumber, "", plain("Disattiva Notizie"))
		time.Sleep(time.Minute)
		client.Close()
		for len(box.texts) > 0 {
			<-box.texts
		}
		box.failWith(nil)
		client = w.again(options)
		if got := box.next(t); got.ID != id || got.Kind != whatsapp.KindText || got.Body != "Disattiva Notizie" || got.From.LID != mario.LID() {
			t.Errorf("got kind %q and %q, same ID %t", got.Kind, got.Body, got.ID == id)
		}
		w.checkNothingLeft()
		client.Close()

		options.OnText, options.OnReceipts = nil, nil
		client = w.again(options)
		id = mario.Withhold(comuneNumber, "", plain("Disattiva Notizie"))
		time.Sleep(time.Minute)
		client.Close()
		box = newInbox()
		options = w.options()
		options.OnText = box.onText
		w.again(options)
		if got := box.next(t); got.ID != id || got.Kind != whatsapp.KindText || got.Body != "Disattiva Notizie" {
			t.Errorf("after pairing: got kind %q and %q, same ID %t", got.Kind, got.Body, got.ID == id)
		}
		w.checkNothingLeft()
	})
}

// A notice counts when it is our own phone's. What a citizen sends in its form, or another device of our account, is neither
// kept nor read.
func TestG3_ForgedNoticesAreNotKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		web := w.comune.LinkDevice()
		shelf := &shelf{}
		options := w.options()
		options.OnHistory = shelf.onHistory
		w.paired(options)
		time.Sleep(time.Minute)
		parts := len(shelf.parts())
		w.session(`CREATE TABLE seen (kind TEXT)`)
		w.session(`CREATE TRIGGER see AFTER INSERT ON banditore_notices BEGIN INSERT INTO seen VALUES (new.kind); END`)
		w.comune.Remember(marioNumber, false, "ciao", time.Now())
		for _, word := range []*waE2E.ProtocolMessage{
			{Type: waE2E.ProtocolMessage_HISTORY_SYNC_NOTIFICATION.Enum(), HistorySyncNotification: &waE2E.HistorySyncNotification{
				InitialHistBootstrapInlinePayload: []byte("x"), DirectPath: proto.String("/x")}},
			{Type: waE2E.ProtocolMessage_APP_STATE_SYNC_KEY_SHARE.Enum(), AppStateSyncKeyShare: &waE2E.AppStateSyncKeyShare{}},
			{LidMigrationMappingSyncMessage: &waE2E.LIDMigrationMappingSyncMessage{EncodedMappingPayload: []byte("x")}},
			{PeerDataOperationRequestResponseMessage: &waE2E.PeerDataOperationRequestResponseMessage{
				PeerDataOperationRequestType: waE2E.PeerDataOperationRequestType_PLACEHOLDER_MESSAGE_RESEND.Enum()}},
		} {
			message := &waE2E.Message{ProtocolMessage: word}
			mario.ByLID().Write(comuneNumber, message)
			mario.ByNumber().Write(comuneNumber, message)
			mario.Write(comuneNumber, &waE2E.Message{DeviceSentMessage: &waE2E.DeviceSentMessage{DestinationJID: proto.String("x@lid"), Message: message}})
			web.Write(marioNumber, message)
		}
		time.Sleep(time.Minute)
		w.settle()
		if n := w.count(`SELECT count(*) FROM seen`); n != 0 || len(shelf.parts()) != parts {
			t.Errorf("got %d forged notices kept and %d parts read", n, len(shelf.parts())-parts)
		}
	})
}

// The ID of a notice is known after it has been kept; a process that dies in between reads it all the same.
func TestG3_ANoticeWithoutItsIDIsRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		want := w.chat(3)
		pairing := w.options()
		pairing.OnText = nil
		w.paired(pairing).Close()
		w.session(`UPDATE banditore_notices SET message = ''`)
		shelf := &shelf{}
		options := w.options()
		options.OnHistory = shelf.onHistory
		w.again(options)
		time.Sleep(time.Minute)
		if got := shelf.bodies(); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		w.checkNothingLeft()
	})
}

// What was told over an earlier link is read over this one, and said to be of that: it
// is no sign that this one's history has begun.
func TestG3_APartNamesTheLinkItCameOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.chat(1)
		own, earlier := &shelf{keep: true}, &shelf{}
		options := w.options()
		options.OnHistory = own.onHistory
		client := w.paired(options)
		time.Sleep(time.Minute)
		if got := own.cameOver(); !slices.Equal(got, []string{client.Link()}) {
			t.Errorf("this link's parts came over %q, not over %q", got, client.Link())
		}
		client.Close()
		w.session(`UPDATE banditore_notices SET link = 'earlier'`)
		options.OnHistory = earlier.onHistory
		w.again(options)
		time.Sleep(time.Minute)
		if got := earlier.cameOver(); !slices.Equal(got, []string{"earlier"}) {
			t.Errorf("an earlier link's parts came over %q", got)
		}
	})
}
