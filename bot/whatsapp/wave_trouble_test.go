package whatsapp_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// ending is how a send ended, for comparison: "" is well.
func ending(err error) string {
	if failure, ok := errors.AsType[*whatsapp.SendError](err); ok {
		return fmt.Sprint(failure.Outcome, " ", failure.Fault, " ", failure.Code)
	} else if err != nil {
		return err.Error()
	}
	return ""
}

// TestG2_ARefusalInMidWaveIsLikeSends refuses single letters, with every code that means something, and some that do not.
func TestG2_ARefusalInMidWaveIsLikeSends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		codes := []int{400, 401, 403, 404, 406, 408, 410, 420, 421, 429, 463, 475, 479, 480, 487, 500, 503, 1}
		w := newTown(t)
		people := w.crowd(len(codes) * 2)
		client := w.paired(w.options())
		for round := range 2 { // at first contact, and later
			refusal := make(map[*whatsapptest.Phone]int)
			for i, code := range codes {
				refusal[people[2*i]] = code
			}
			w.server.SetRefuser(func(to *whatsapptest.Phone, _ string) int { return refusal[to] })
			want := make([]string, len(people))
			for i, phone := range people {
				if i%2 == 0 {
					_, err := client.Send(t.Context(), addressOf(phone), whatsapp.NewMessageID(), whatsapp.Content{Text: "prova"})
					want[i] = ending(err)
				}
			}
			letters := lettersTo(fmt.Sprint("avviso ", round), people...)
			for i, err := range client.SendWave(t.Context(), letters)() {
				if got := ending(err); got != want[i] {
					t.Errorf("code %d: got %q, by Send %q", refusal[people[i]], got, want[i])
				}
			}
			w.server.SetRefuser(nil)
			var again []whatsapp.Letter
			for i := 0; i < len(letters); i += 2 {
				again = append(again, letters[i])
			}
			wantErrors(t, client.SendWave(t.Context(), again)())
			w.shownOnce(fmt.Sprint("avviso ", round), people...)
		}
	})
}

// A letter to a LID that is stale follows to the new one; the fake takes a second message to the old one for an offence.
func TestG2G7_ALetterFollowsToTheNewLID(t *testing.T) {
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
				people := w.crowd(6)
				letters := lettersTo("avviso uno", append(people, mario)...)
				letters[6].To = known(old)
				for range 2 { // the second as if nobody had learnt anything
					wantErrors(t, client.SendWave(t.Context(), letters)())
				}
				w.shownOnce("avviso uno", append(people, mario)...)
				if now, told := p.of(old.LID); !told || now.LID != mario.LID() {
					t.Errorf("told of a new LID: %v", told)
				}
			})
		})
	}
}

// A LID that is stale and whose number somebody else has by now gets nothing, and nobody else is concerned.
func TestG1_ALetterDoesNotFollowToAStranger(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario, people := w.server.NewPhone(marioNumber), w.crowd(4)
		client := w.paired(w.options())
		letters := lettersTo("uno", append(people, mario)...)
		wantErrors(t, client.SendWave(t.Context(), letters)())
		w.settle()
		stranger := w.server.Recycle(marioNumber)
		letters = lettersTo("due", append(people, mario)...)
		wantErrors(t, client.SendWave(t.Context(), letters)(), "", "", "", "", "not_sent moved")
		w.shownOnce("due", people...)
		if got := stranger.Messages(); len(got) > 0 {
			t.Errorf("somebody else shows %d messages", len(got))
		}
	})
}

// Who linked a device of which nobody told us has the message there, too, and once.
func TestG3_ADeviceThatNobodyToldUsOf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(6)
		client := w.paired(w.options())
		client.Prepare(t.Context(), []whatsapp.Address{addressOf(people[0]), addressOf(people[1]), addressOf(people[2])})
		w.settle()
		late := []*whatsapptest.Phone{people[0].LinkDevice(), people[2].LinkDevice()} // before anybody has written
		wantErrors(t, client.SendWave(t.Context(), lettersTo("uno", people...))())
		w.shownOnce("uno", append(late, people...)...)
		asked := w.server.Stats().Queries["usync"]
		wantErrors(t, client.SendWave(t.Context(), lettersTo("due", people...))())
		w.shownOnce("due", append(late, people...)...)
		if n := w.server.Stats().Queries["usync"] - asked; n > 0 {
			t.Errorf("%d questions about devices, though all are known", n)
		}
	})
}

// Nothing is repeated, nor looked up, for who has left since their letter went.
func TestG5_NothingIsRepeatedToWhoHasLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(3)
		options := w.options()
		left := make(chan struct{})
		options.Wanted = func(context.Context, string) bool {
			select {
			case <-left:
				return false
			default:
				return true
			}
		}
		client := w.paired(options)
		client.Prepare(t.Context(), []whatsapp.Address{addressOf(people[0])})
		late := people[0].LinkDevice()
		w.server.SetRoundTrip(time.Second)
		w.server.SetAckStaller(func(*whatsapptest.Phone, string) bool { return true })
		land := client.SendWave(t.Context(), lettersTo("uno", people[0]))
		w.settle()
		close(left)
		if err := client.Forget(t.Context(), []whatsapp.Address{addressOf(people[0])}); err != nil {
			t.Fatal(err)
		}
		w.server.SetAckStaller(nil)
		w.server.ReleaseAcks()
		wantErrors(t, land())
		time.Sleep(time.Minute)
		w.settle()
		if got := late.Messages(); len(got) > 0 {
			t.Error("the message was repeated to who had left")
		}
		if traces := w.sessionHolds(people[0].LID(), strings.TrimPrefix(people[0].Number(), "+")); len(traces) > 0 {
			t.Errorf("session.db holds traces of who was forgotten: %v", traces)
		}
	})
}

// A letter that no frame holds fails alone.
func TestG9_ALetterTooLarge(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(4)
		client := w.paired(w.options())
		huge := whatsapp.Content{Text: strings.Repeat("x", 17<<20)}
		_, err := client.Send(t.Context(), addressOf(people[1]), whatsapp.NewMessageID(), huge)
		letters := lettersTo("uno", people...)
		letters[1].Content = huge
		errs := client.SendWave(t.Context(), letters)()
		if got, want := ending(errs[1]), ending(err); got != want || want != "refused message 0" {
			t.Errorf("got %q, by Send %q", got, want)
		}
		wantErrors(t, append(errs[:1], errs[2:]...))
		w.shownOnce("uno", people[0], people[2], people[3])
		wantErrors(t, client.SendWave(t.Context(), lettersTo("due", people...))())
		w.shownOnce("due", people...)
	})
}

// A bug in what is asked about one letter stops neither the others nor the process, and ends it as it would end a send.
func TestG9_APanicInMidWave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(5)
		options := w.options()
		var wanted string
		options.Wanted = func(_ context.Context, id string) bool {
			if id == wanted {
				panic("a bug")
			}
			return true
		}
		options.OnIdentity = func(_ context.Context, known whatsapp.Address, _ string) error {
			if known.LID == people[3].LID() {
				panic("another bug")
			}
			return nil
		}
		client := w.paired(options)
		letters := lettersTo("uno", people...)
		wanted = letters[1].ID
		letters[3].To.LID = ""
		_, err := client.Send(t.Context(), letters[3].To, whatsapp.NewMessageID(), whatsapp.Content{Text: "prova"})
		want := ending(err)
		errs := client.SendWave(t.Context(), letters)()
		if got := ending(errs[3]); got != want || want != "not_sent link 0" {
			t.Errorf("got %q, by Send %q", got, want)
		}
		wantErrors(t, append(errs[:3], errs[4:]...))
		w.shownOnce("uno", people[0], people[1], people[2], people[4])
	})
}
