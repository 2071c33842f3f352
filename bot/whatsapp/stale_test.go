package whatsapp_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// pairs is an OnIdentity that keeps what it was told. The client tells it while a test looks.
type pairs struct {
	mu   sync.Mutex
	told map[string]whatsapp.Address // by the LID that the person had before
	fail error
	then func() // what happens just before a message leaves
}

func (p *pairs) onIdentity(_ context.Context, known whatsapp.Address, former string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.told == nil {
		p.told = map[string]whatsapp.Address{}
	}
	p.told[former] = known
	return p.fail
}

// wanted is an Options.Wanted that wants everything, at the last moment before a message leaves.
func (p *pairs) wanted(context.Context, string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.then != nil {
		p.then()
	}
	return true
}

// of is whose a former LID was said to be.
func (p *pairs) of(former string) (known whatsapp.Address, told bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	known, told = p.told[former]
	return known, told
}

func (p *pairs) failWith(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fail = err
}

// movedTown is one in which Mario has written, and then got another LID.
func movedTown(t *testing.T, before func(*whatsapptest.Phone)) (w *town, client *whatsapp.Client, mario *whatsapptest.Phone, old whatsapp.Address, p *pairs) {
	t.Helper()
	w, p = newTown(t), &pairs{}
	mario = w.server.NewPhone(marioNumber)
	box := newInbox()
	options := w.options()
	options.OnText, options.OnIdentity, options.Wanted = box.onText, p.onIdentity, p.wanted
	client = w.paired(options)
	before(mario)
	mario.Text(comuneNumber, "ciao")
	old = box.next(t).From
	if _, err := client.Send(t.Context(), old, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso zero"}); err != nil {
		t.Fatal(err)
	}
	w.settle()
	mario.ChangeLID()
	return w, client, mario, old, p
}

// keysOf counts the keys that session.db holds for a LID.
func (w *town) keysOf(lid string) (n int) {
	w.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(w.dir, "session.db")+"?mode=ro")
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	err = db.QueryRow(`SELECT (SELECT count(*) FROM whatsmeow_sessions WHERE their_id GLOB ?1) + (SELECT count(*) FROM whatsmeow_identity_keys WHERE their_id GLOB ?1)`,
		lid+"_*").Scan(&n)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// isFault tells what is the matter when a send did not end as not sent because of that.
func isFault(err error, outcome whatsapp.Outcome, fault whatsapp.FaultKind) bool {
	failure, ok := errors.AsType[*whatsapp.SendError](err)
	return ok && failure.Outcome == outcome && failure.Fault == fault
}

// The fake takes a second message to a stale LID for an offence, and delivers none.
func TestG2G7_AMessageFollowsToTheNewLID(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]func(whatsapp.Address) whatsapp.Address{
		"both known":  func(a whatsapp.Address) whatsapp.Address { return a },
		"number only": func(a whatsapp.Address) whatsapp.Address { a.LID = ""; return a },
		"lid only":    func(a whatsapp.Address) whatsapp.Address { a.Number = ""; return a },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, client, mario, old, p := movedTown(t, func(*whatsapptest.Phone) {})
				asked := w.server.Stats().Asked[marioNumber]
				id := whatsapp.NewMessageID()
				for range 2 { // the second as if nobody had learnt anything
					if _, err := client.Send(t.Context(), known(old), id, whatsapp.Content{Text: "avviso uno"}); err != nil {
						t.Fatal(err)
					}
				}
				w.settle()
				if got := mario.Messages(); len(got) != 2 || got[1].ID != id {
					t.Errorf("he was shown %d messages, want the one before and this one, once", len(got))
				}
				if n := w.server.Stats().Asked[marioNumber] - asked; n == 0 || n > 2 {
					t.Errorf("WhatsApp was asked %d times for his LID", n)
				}
				if known, told := p.of(old.LID); known != addressOf(mario) {
					t.Errorf("it was not told that his LID has changed; told of the old one: %t", told)
				}
				if n := w.keysOf(old.LID); n != 0 {
					t.Errorf("%d keys of the old LID are still there", n)
				}
				w.send(client, mario, "avviso due")
				w.settle()
				mario.Text(comuneNumber, "ciao")
				w.settle()

				if err := client.Forget(t.Context(), []whatsapp.Address{known(addressOf(mario))}); err != nil {
					t.Fatal(err)
				}
				if found := w.sessionHolds(append(traces(mario), old.LID)...); found != nil {
					t.Errorf("after he was forgotten: %v", found)
				}
			})
		})
	}
}

// Who was put on the list under the old LID, and is forgotten under it, is forgotten under the new one.
func TestG5_WhoWasMovedIsForgottenUnderTheOldLID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, client, mario, old, _ := movedTown(t, func(*whatsapptest.Phone) {})
		if _, err := client.Send(t.Context(), old, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso"}); err != nil {
			t.Fatal(err)
		}
		w.settle()
		if err := client.Forget(t.Context(), []whatsapp.Address{{LID: old.LID}}); err != nil {
			t.Fatal(err)
		}
		if found := w.sessionHolds(append(traces(mario), old.LID)...); found != nil {
			t.Errorf("after he was forgotten: %v", found)
		}
	})
}

// Without a number nobody can be asked, also after a restart: they must write.
func TestG7_NothingMoreGoesToAStaleLIDWithoutANumber(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, client, mario, old, p := movedTown(t, func(mario *whatsapptest.Phone) { mario.HideNumber() })
		if old.Number != "" {
			t.Fatal("his number is known")
		}
		send := func() error {
			_, err := client.Send(t.Context(), old, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso uno"})
			return err
		}
		for range 2 {
			if err := send(); !isFault(err, whatsapp.NotSent, whatsapp.FaultMoved) {
				t.Errorf("got %v, want one who must write first", err)
			}
		}
		client.Close()
		box := newInbox()
		options := w.options()
		options.OnText, options.OnIdentity = box.onText, p.onIdentity
		client = w.again(options)
		if err := send(); !isFault(err, whatsapp.NotSent, whatsapp.FaultMoved) {
			t.Errorf("after a restart: got %v, want one who must write first", err)
		}
		mario.Text(comuneNumber, "ciao")
		if _, err := client.Send(t.Context(), box.next(t).From, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso due"}); err != nil {
			t.Error(err)
		}
		w.settle()
	})
}

// The number has passed to somebody else, who has asked for nothing.
func TestG1_WhoGotTheNumberIsNotTakenForItsOwner(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, p := newTown(t), &pairs{}
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText, options.OnIdentity = box.onText, p.onIdentity
		client := w.paired(options)
		mario.Text(comuneNumber, "ciao")
		old := box.next(t).From
		w.send(client, mario, "avviso zero")
		w.settle()
		other := w.server.Recycle(marioNumber)
		for range 3 {
			_, err := client.Send(t.Context(), old, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso uno"})
			if !isFault(err, whatsapp.NotSent, whatsapp.FaultMoved) {
				t.Errorf("got %v, want one who must write first", err)
			}
		}
		w.settle()
		if n := len(other.Messages()); n != 0 {
			t.Errorf("somebody who never wrote got %d messages", n)
		}
		if _, told := p.of(old.LID); told {
			t.Error("it was told that he is the same person")
		}
		// When the new owner is forgotten, the old one's LID stays stale.
		if err := client.Forget(t.Context(), []whatsapp.Address{addressOf(other)}); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Send(t.Context(), old, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso uno"}); err == nil {
			t.Error("a message went to a stale LID")
		}
		w.settle()
	})
}

// Where the key of the phone behind the old LID is not known, say because the link is a new one, nothing shows that the new
// LID is the same person's.
func TestG1_WhoseKeyIsNotKnownMustWriteFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, client, mario, old, _ := movedTown(t, func(*whatsapptest.Phone) {})
		w.session("DELETE FROM whatsmeow_identity_keys")
		w.session(fmt.Sprintf("INSERT INTO banditore_stale_lids (lid, number, fresh, since) VALUES ('%s', '%s', '', 0)", old.LID, old.Number[1:]))
		_, err := client.Send(t.Context(), old, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso uno"})
		if !isFault(err, whatsapp.NotSent, whatsapp.FaultMoved) {
			t.Errorf("got %v, want one who must write first", err)
		}
		w.settle()
		if n := len(mario.Messages()); n != 1 {
			t.Errorf("%d messages were shown, want the one before", n)
		}
	})
}

// Who asks for the person behind a LID is not told of another LID: that their number has one by now does not make it theirs.
func TestG1_IdentifyKeepsTheLIDItWasGiven(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, client, mario, old, _ := movedTown(t, func(*whatsapptest.Phone) {})
		w.session(fmt.Sprintf("INSERT INTO banditore_stale_lids (lid, number, fresh, since) VALUES ('%s', '%s', '', 0)", old.LID, old.Number[1:]))
		for _, c := range []struct{ give, want whatsapp.Address }{
			{whatsapp.Address{LID: old.LID}, old}, {whatsapp.Address{Number: old.Number}, addressOf(mario)},
		} {
			if got, err := client.Identify(t.Context(), c.give); err != nil || got != c.want {
				t.Errorf("of %v came %v, %v; the LID given is %v", c.give, got, err, got.LID == c.want.LID)
			}
		}
		w.settle()
	})
}

// Who gets another LID again while the message is on its way is followed once, and tried again later.
func TestG7_NobodyIsFollowedForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, client, mario, _, p := movedTown(t, func(*whatsapptest.Phone) {})
		changes := 0
		p.then = func() {
			if changes++; changes < 5 {
				mario.ChangeLID()
			}
		}
		number := whatsapp.Address{Number: marioNumber} // whoever has it, by WhatsApp's word
		_, err := client.Send(t.Context(), number, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso uno"})
		if !isFault(err, whatsapp.NotSent, whatsapp.FaultMoved) || changes != 2 {
			t.Errorf("got %v after %d attempts, want one who has moved again after two", err, changes)
		}
		w.settle()
	})
}

// What was found out must be recorded before anything leaves.
func TestG3_NothingLeavesBeforeThePairIsRecorded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, client, mario, old, p := movedTown(t, func(*whatsapptest.Phone) {})
		p.failWith(errors.New("the disk is full"))
		for range 2 {
			_, err := client.Send(t.Context(), old, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso uno"})
			if !isFault(err, whatsapp.NotSent, whatsapp.FaultLink) {
				t.Errorf("got %v, want our own disk's fault", err)
			}
		}
		p.failWith(nil)
		if _, err := client.Send(t.Context(), old, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso uno"}); err != nil {
			t.Fatal(err)
		}
		w.settle()
		if n := len(mario.Messages()); n != 2 {
			t.Errorf("he was shown %d messages, want 2", n)
		}
	})
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario, anna := w.server.NewPhone(marioNumber), w.server.NewPhone(annaNumber)
		client := w.paired(w.options())
		both, bare := addressOf(mario), whatsapp.Address{Number: marioNumber}
		lone := whatsapp.Address{LID: anna.LID()}
		for _, c := range []struct{ give, want whatsapp.Address }{{both, both}, {lone, lone}, {bare, both}, {whatsapp.Address{LID: both.LID}, both}} {
			if got, err := client.Identify(t.Context(), c.give); err != nil || got != c.want {
				t.Errorf("of %v came %v, %v", c.give, got, err)
			}
		}
		if n := w.server.Stats().Asked[marioNumber]; n != 1 {
			t.Errorf("WhatsApp was asked %d times, want once", n)
		}
		nobody := whatsapp.Address{Number: "+393990000000"}
		if got, err := client.Identify(t.Context(), nobody); err != nil || got != nobody {
			t.Errorf("of a number without account came %v, %v", got, err)
		}
		w.server.MuteConnections()
		began := time.Now()
		_, err := client.Identify(t.Context(), whatsapp.Address{Number: annaNumber})
		if failure, ok := errors.AsType[*whatsapp.SendError](err); !ok || failure.Outcome != whatsapp.NotSent || time.Since(began) > time.Minute {
			t.Errorf("without an answer: %v after %v", err, time.Since(began))
		}
		client.Close()
		if _, err := client.Identify(t.Context(), whatsapp.Address{Number: annaNumber}); !isFault(err, whatsapp.NotSent, whatsapp.FaultLink) {
			t.Errorf("of a closed client came %v", err)
		}
	})
}
