package whatsapp_test

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// untilTaken sends letters as the outbox does: what may not have arrived goes again with its ID, after a while.
func (w *town) untilTaken(client *whatsapp.Client, letters []whatsapp.Letter) {
	w.t.Helper()
	for range 10 {
		var left []whatsapp.Letter
		for i, err := range client.SendWave(w.t.Context(), letters)() {
			failure, failed := errors.AsType[*whatsapp.SendError](err)
			if failed && failure.Outcome == whatsapp.Refused {
				w.t.Errorf("letter %d: %v", i, err)
			}
			if err != nil {
				left = append(left, letters[i])
			}
		}
		if letters = left; len(letters) == 0 {
			return
		}
		time.Sleep(5 * time.Second)
	}
	w.t.Errorf("%d letters were never taken", len(letters))
}

// shownOnce checks that each phone shows a text once.
func (w *town) shownOnce(text string, people ...*whatsapptest.Phone) {
	w.t.Helper()
	w.settle()
	for i, phone := range people {
		n := 0
		for _, message := range phone.Messages() {
			if message.Text == text {
				n++
			}
		}
		if n != 1 {
			w.t.Errorf("phone %d shows %q %d times", i, text, n)
		}
	}
}

// TestG2_ALineThatDropsInMidWave cuts the line before, amid and after the frames, and during the questions before them.
func TestG2_ALineThatDropsInMidWave(t *testing.T) {
	t.Parallel()
	for _, later := range []bool{false, true} {
		for _, after := range []time.Duration{0, 30, 80, 130, 180, 220} {
			t.Run(fmt.Sprint("later=", later, " after ", int(after)), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w := newTown(t)
					people := w.crowd(20)
					client := w.paired(w.options())
					if later {
						wantErrors(t, client.SendWave(t.Context(), lettersTo("zero", people...))())
						w.settle()
					}
					w.server.SetRoundTrip(50 * time.Millisecond)
					cut := time.AfterFunc(after*time.Millisecond, w.server.DropConnections)
					defer cut.Stop()
					if after == 0 {
						w.server.DropConnections()
					}
					w.untilTaken(client, lettersTo("uno", people...))
					w.shownOnce("uno", people...)
				})
			})
		}
	}
}

// The server has taken the messages, but the line breaks before it says so: the library sends the same frames once more.
func TestG2_AcksThatAreLostWithTheLine(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(20)
		client := w.paired(w.options())
		stall := new(atomic.Bool)
		stall.Store(true)
		w.server.SetAckStaller(func(*whatsapptest.Phone, string) bool { return stall.Load() })
		land := client.SendWave(t.Context(), lettersTo("uno", people...))
		time.Sleep(time.Second)
		stall.Store(false)
		w.server.DropConnections()
		wantErrors(t, land())
		w.shownOnce("uno", people...)
		for i, phone := range people {
			if phone.Repeats() != 1 {
				t.Errorf("phone %d had it %d times more", i, phone.Repeats())
			}
		}
	})
}

// Who gets no answer within SendDeadline is uncertain; the others know theirs at once, and another wave goes on meanwhile.
func TestG2_AcksThatNeverCome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(12)
		client := w.paired(w.options())
		w.server.SetAckStaller(func(to *whatsapptest.Phone, _ string) bool { return to == people[1] || to == people[3] })
		letters := lettersTo("uno", people...)
		began := time.Now()
		land := client.SendWave(t.Context(), letters)
		wantErrors(t, client.SendWave(t.Context(), lettersTo("due", people[4:]...))())
		if _, err := client.Send(t.Context(), addressOf(people[0]), whatsapp.NewMessageID(), whatsapp.Content{Text: "risposta"}); err != nil {
			t.Errorf("an answer beside a wave that is not answered: %v", err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("others waited %v for the acks of a wave", took)
		}
		wantErrors(t, land(), "", "uncertain session", "", "uncertain session")
		if took := time.Since(began); took < whatsapp.SendDeadline || took > whatsapp.SendDeadline+5*time.Second {
			t.Errorf("it took %v, want %v", took, whatsapp.SendDeadline)
		}
		w.server.SetAckStaller(nil)
		wantErrors(t, client.SendWave(t.Context(), []whatsapp.Letter{letters[1], letters[3]})())
		w.shownOnce("uno", people...)
	})
}

// Close ends a wave that is on the wire; what is not known of it goes again, with its IDs, by the next process.
func TestG2_CloseDuringAWave(t *testing.T) {
	t.Parallel()
	for _, after := range []time.Duration{0, 60 * time.Millisecond, 120 * time.Millisecond, 10 * time.Second} {
		t.Run(after.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				people := w.crowd(12)
				client := w.paired(w.options())
				w.server.SetRoundTrip(50 * time.Millisecond)
				w.server.SetAckStaller(func(to *whatsapptest.Phone, _ string) bool { return to != people[0] })
				letters := lettersTo("uno", people...)
				closed := make(chan time.Duration)
				time.AfterFunc(after, func() {
					began := time.Now()
					client.Close()
					closed <- time.Since(began)
				})
				var left []whatsapp.Letter
				for i, err := range client.SendWave(t.Context(), letters)() {
					if failure, failed := errors.AsType[*whatsapp.SendError](err); failed && failure.Fault != whatsapp.FaultLink {
						t.Errorf("letter %d: %v, want it to be the link's fault", i, err)
					}
					if err != nil {
						left = append(left, letters[i])
					}
				}
				if took := <-closed; took > 10*time.Second {
					t.Errorf("Close took %v", took)
				}
				w.server.SetAckStaller(nil)
				client = w.again(w.options())
				if len(left) > 0 {
					w.untilTaken(client, left)
				}
				w.shownOnce("uno", people...)
			})
		})
	}
}

// What goes by Send after a wave waits for its turn as always, but does not fail because another did not end in time.
func TestG2_WhatGoesPlainlyIsNotBlamedForTheOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(5)
		for _, phone := range people[:3] {
			phone.LinkDevice().WithoutKeys() // so that there is no session with it
		}
		client := w.paired(w.options())
		w.server.SetAckStaller(func(to *whatsapptest.Phone, _ string) bool { return to == people[0] })
		letters := lettersTo("uno", people...)
		began := time.Now()
		errs := client.SendWave(t.Context(), letters)()
		wantErrors(t, errs, "uncertain session", "not_sent link", "not_sent link")
		if took := time.Since(began); took > whatsapp.SendDeadline+5*time.Second {
			t.Errorf("the wave took %v", took)
		}
		w.server.SetAckStaller(nil)
		wantErrors(t, client.SendWave(t.Context(), letters[:3])())
		w.shownOnce("uno", people...)
	})
}
