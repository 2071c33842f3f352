package whatsapptest_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp/whatsapptest"
)

// TestPhoneAsksAgain makes a phone unable to decrypt: the client encrypts anew with the keys
// in the retry receipt.
func TestPhoneAsksAgain(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*whatsapptest.Phone){
		"forgotten":   (*whatsapptest.Phone).ForgetSessions,
		"reinstalled": (*whatsapptest.Phone).Reinstall,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := whatsapptest.Start(t)
			office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
			c := linkedClient(t, s, office)
			anna.Text(office.Number(), "ciao")
			c.awaitText("ciao")
			c.say(lidOf(anna), "uno")
			expectText(t, anna, "uno")
			settle(t, s)
			spoil(anna)
			c.say(lidOf(anna), "due")
			expectText(t, anna, "due")
			settle(t, s)
			c.say(lidOf(anna), "tre")
			expectText(t, anna, "tre")
			anna.Text(office.Number(), "ricevuto")
			c.awaitText("ricevuto")
			settle(t, s)
			if got := anna.Messages(); len(got) != 3 || anna.Repeats() != 0 {
				t.Errorf("got %d messages and %d repeats, want 3 and 0", len(got), anna.Repeats())
			}
		})
	}
}

// TestReinstalledWhileOffline sends several messages into one session that the phone never
// had.
func TestReinstalledWhileOffline(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	anna.GoOffline()
	for _, body := range []string{"uno", "due", "tre"} {
		c.say(lidOf(anna), body)
	}
	anna.Reinstall()
	anna.GoOnline()
	for _, body := range []string{"uno", "due", "tre"} {
		expectText(t, anna, body)
	}
	settle(t, s)
}

func TestOwnPhoneAsksAgain(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	c.say(lidOf(anna), "uno")
	settle(t, s)
	office.ForgetSessions()
	c.say(lidOf(anna), "due")
	settle(t, s)
	expectText(t, anna, "due")
	if copied, err := office.AwaitCopy(soon(t), "due"); err != nil || copied.To != anna.Number() {
		t.Errorf("got %+v, %v, want the copy of the second message after a retry", copied, err)
	}
	settle(t, s)
}

// TestClientAsksAgain deletes the client's sessions: it asks twice, the second time with keys.
func TestClientAsksAgain(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	anna.Text(office.Number(), "uno")
	c.awaitText("uno")
	c.say(lidOf(anna), "risposta") // now the phone writes "msg", which needs the session
	expectText(t, anna, "risposta")
	anna.Text(office.Number(), "due")
	c.awaitText("due")
	settle(t, s)
	c.close()
	exec(t, c.file, "DELETE FROM whatsmeow_sessions WHERE their_id LIKE ?", anna.LID()+"%")
	again := openClient(t, s, c.file)
	again.connect()
	again.awaitConnected()
	anna.Text(office.Number(), "tre")
	await[*events.UndecryptableMessage](again, "UndecryptableMessage", nil)
	again.awaitText("tre")
	anna.Text(office.Number(), "quattro")
	again.awaitText("quattro")
	again.say(lidOf(anna), "fine")
	expectText(t, anna, "fine")
	settle(t, s)
}

func exec(t *testing.T, file, statement string, args ...any) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+file)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err = db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

// TestCompanion gives a citizen a second device after the client has learnt of the first: the
// message that missed it comes back with a phash, and the next one reaches both.
func TestCompanion(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	c := linkedClient(t, s, office)
	c.say(lidOf(anna), "uno")
	web := anna.LinkDevice()
	c.say(lidOf(anna), "due")
	c.say(lidOf(anna), "tre")
	expectText(t, web, "tre")
	if got := web.Messages(); len(got) != 1 {
		t.Errorf("got %d messages on the new device, want the third only", len(got))
	}
	if got, err := anna.AwaitMessages(soon(t), 3); err != nil {
		t.Errorf("got %v: %v", got, err)
	}
	settle(t, s)

	id := web.Text(office.Number(), "dal computer")
	if got := c.awaitText("dal computer"); got.Info.ID != id || got.Info.Sender.Device == 0 || got.Info.Chat != lidOf(anna) {
		t.Errorf("got %+v, want a text of Anna's second device", got.Info.MessageSource)
	}
	answer := c.say(lidOf(anna), "quattro")
	expectText(t, anna, "quattro")
	expectText(t, web, "quattro")
	var devices []uint16
	for range 2 {
		devices = append(devices, c.awaitReceipt(answer, types.ReceiptTypeDelivered).Sender.Device)
	}
	if slices.Sort(devices); devices[0] != 0 || devices[1] == 0 {
		t.Errorf("got receipts of devices %v, want both", devices)
	}
	if copies := anna.SentCopies(); len(copies) != 1 || copies[0].Text != "dal computer" {
		t.Errorf("got copies %v, want what the second device wrote", copies)
	}
	web.UnlinkDevice()
	c.say(lidOf(anna), "cinque") // still encrypts for the device that is gone, and is told by phash
	c.say(lidOf(anna), "sei")
	expectText(t, anna, "sei")
	settle(t, s)
	if got := web.Messages(); len(got) != 2 {
		t.Errorf("got %d messages on the device, want 2, none after it was unlinked", len(got))
	}
}

// TestCompanionAsksAgain lets a linked device of a citizen ask for a message with its own
// identity.
func TestCompanionAsksAgain(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
	web := anna.LinkDevice()
	c := linkedClient(t, s, office)
	c.say(lidOf(anna), "uno")
	expectText(t, web, "uno")
	web.ForgetSessions()
	c.say(lidOf(anna), "due")
	expectText(t, web, "due")
	expectText(t, anna, "due")
	settle(t, s)
}

// TestNobodyCanRead shows what the library hides: a message to a phone without keys, or to
// nobody, succeeds.
func TestNobodyCanRead(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, mute, gone := s.NewPhone("+393343679575"), s.NewPhone("+393331234567").WithoutKeys(), s.NewPhone("+393331234568")
	gone.Gone()
	c := linkedClient(t, s, office)
	settle(t, s) // the library may lose a copy while its phone writes to it
	c.say(lidOf(mute), "muto")
	c.say(lidOf(gone), "sparito")
	settle(t, s)
	if len(mute.Messages())+len(gone.Messages()) != 0 {
		t.Error("somebody read a message that nobody could")
	}
	if got := office.SentCopies(); len(got) != 2 {
		t.Errorf("got %d copies on the own phone, want 2", len(got))
	}
	if _, err := c.SendMessage(t.Context(), numberOf(gone), textOf("per numero")); err == nil {
		t.Error("got no error for a number without account, want one: it has no LID")
	}
}

func TestAsked(t *testing.T) {
	t.Parallel()
	s := whatsapptest.Start(t)
	office, anna, bruno := s.NewPhone("+393343679575"), s.NewPhone("+393331234567"), s.NewPhone("+393331234568")
	c := linkedClient(t, s, office)
	settle(t, s) // the phone's first messages have opened its session
	c.say(numberOf(anna), "per numero")
	c.say(lidOf(bruno), "per LID")
	settle(t, s)
	asked, keys := s.Stats().Asked, s.Stats().KeysAsked
	for _, who := range []string{anna.Number(), anna.LID(), bruno.LID()} {
		if asked[who] != 1 {
			t.Errorf("got %d questions, want 1 for each address that was written to", asked[who])
		}
	}
	if keys[anna.LID()] != 1 || keys[bruno.LID()] != 1 || len(keys) != 2 {
		t.Errorf("got keys asked of %d addresses, want the two once each", len(keys))
	}
	if asked[bruno.Number()] != 0 {
		t.Error("got a question about a number that nobody wrote to")
	}
}

// TestPhoneAsksAgainInItsSession asks without new keys: the client goes on in the session that there is.
func TestPhoneAsksAgainInItsSession(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
		c := openClient(t, s, file).link(office)
		id := c.say(lidOf(anna), "uno")
		expectText(t, anna, "uno")
		settle(t, s)
		bundles := s.Stats().Bundles
		anna.AskAgain(id)
		synctest.Wait() // the library acknowledges the receipt before it answers
		if anna.Repeats() != 1 || len(anna.Messages()) != 1 || s.Stats().Bundles != bundles {
			t.Errorf("got %d repeats of %d messages and %d new bundles, want 1, 1 and none", anna.Repeats(), len(anna.Messages()), s.Stats().Bundles-bundles)
		}
		leave(c)
	})
}

// TestAskedOnceMore cuts the line when the answer to a retry receipt has arrived and its acknowledgement has not. The
// receipt comes again after the login, and so does the answer.
func TestAskedOnceMore(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "session.db")
	synctest.Test(t, func(t *testing.T) {
		s := whatsapptest.Start(t)
		office, anna := s.NewPhone("+393343679575"), s.NewPhone("+393331234567")
		c := openClient(t, s, file)
		c.SynchronousAck = true // after the answer
		c.link(office)
		id := c.say(lidOf(anna), "uno")
		expectText(t, anna, "uno")
		settle(t, s)
		answers := 0
		s.SetRefuser(func(_ *whatsapptest.Phone, which string) int {
			if answers++; which == id && answers == 1 {
				s.DropConnections()
			}
			return 0
		})
		for range 5 { // now and then the acknowledgement has left before the line is cut
			answers = 0
			repeats := anna.Repeats()
			anna.AskAgain(id)
			settle(t, s)
			c.awaitConnected()
			time.Sleep(time.Minute) // what was kept for the client follows its login
			settle(t, s)
			if answers == 2 && anna.Repeats() == repeats+2 {
				leave(c)
				return
			}
		}
		t.Error("the receipt whose acknowledgement was lost was not answered once more")
		leave(c)
	})
}
