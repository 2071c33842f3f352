package whatsapp_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// crowd is a number of citizens.
func (w *town) crowd(n int) []*whatsapptest.Phone {
	var people []*whatsapptest.Phone
	for i := range n {
		people = append(people, w.server.NewPhone(fmt.Sprintf("+393338%06d", i)))
	}
	return people
}

func lettersTo(text string, people ...*whatsapptest.Phone) []whatsapp.Letter {
	var letters []whatsapp.Letter
	for _, phone := range people {
		letters = append(letters, whatsapp.Letter{To: addressOf(phone), ID: whatsapp.NewMessageID(), Content: whatsapp.Content{Text: text}})
	}
	return letters
}

// wantErrors compares how the letters of a wave ended: "" is well.
func wantErrors(t *testing.T, errs []error, want ...string) {
	t.Helper()
	for i, err := range errs {
		got := ""
		if send, ok := errors.AsType[*whatsapp.SendError](err); ok {
			got = string(send.Outcome) + " " + string(send.Fault)
		} else if err != nil {
			got = err.Error()
		}
		if expected := append(want, make([]string, len(errs))...)[i]; got != expected {
			t.Errorf("letter %d: got %q (%v), want %q", i, got, err, expected)
		}
	}
}

// TestG2_WaveReachesAll sends to people whom we know by both names and by one, twice, and after a restart, each time with
// one question of each kind for all that is not known.
func TestG2_WaveReachesAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(40)
		client := w.paired(w.options())
		before := w.server.Stats().Queries
		for round, text := range []string{"uno", "due", "tre"} {
			if round == 2 {
				w.settle()
				client.Close()
				client = w.again(w.options())
			}
			letters := lettersTo(text, people...)
			for i := range letters {
				if round == 0 && i%3 == 1 {
					letters[i].To.LID = ""
				} else if i%3 == 2 {
					letters[i].To.Number = ""
				}
			}
			wantErrors(t, client.SendWave(t.Context(), letters)())
			w.settle()
			for i, phone := range people {
				got := phone.Messages()
				if len(got) != round+1 || got[round].Text != text || got[round].ID != letters[i].ID || got[round].From != comuneNumber {
					t.Fatalf("round %d: phone %d shows %+v", round, i, got)
				}
			}
			if copies := w.comune.SentCopies(); len(copies) != len(people)*(round+1) {
				t.Errorf("round %d: the Comune's phone shows %d copies", round, len(copies))
			}
		}
		after := w.server.Stats().Queries
		if asked := after["usync"] - before["usync"]; asked != 3 {
			t.Errorf("got %d questions about people, want one for LIDs and two for devices", asked)
		}
		if asked := after["encrypt"] - before["encrypt"]; asked > 2 {
			t.Errorf("got %d questions for keys, want one, and one of the library's own", asked)
		}
	})
}

// TestG3_WaveEndsAsSend sends to people with whom something is wrong. The others get theirs.
func TestG3_WaveEndsAsSend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		people := w.crowd(8)
		people[1].WithoutKeys()
		people[2].Gone()
		people[5].Reinstall()
		options := w.options()
		var letters []whatsapp.Letter
		var left string
		options.Wanted = func(_ context.Context, id string) bool { return id != left }
		options.Resend = func(context.Context, string, whatsapp.Sender) (whatsapp.Content, bool) {
			return whatsapp.Content{Text: "due"}, true
		}
		client := w.paired(options)
		letters = lettersTo("uno", people...)
		left = letters[3].ID
		letters[4].Content = whatsapp.Content{}
		errs := client.SendWave(t.Context(), letters)()
		wantErrors(t, errs, "", "refused recipient", "refused recipient", "not_sent unwanted", "refused message")
		for _, i := range []int{0, 5, 6, 7} {
			if _, err := people[i].AwaitText(t.Context(), "uno"); err != nil {
				t.Errorf("phone %d: %v", i, err)
			}
		}
		w.settle()
		people[6].LinkDevice()
		people[7].Reinstall()
		time.Sleep(time.Minute)
		letters = lettersTo("due", people[0], people[5], people[6], people[7])
		wantErrors(t, client.SendWave(t.Context(), append(letters, lettersTo("", people[4])...))()[:4])
		w.settle()
		for _, phone := range []*whatsapptest.Phone{people[0], people[5], people[6], people[7]} {
			if got := phone.Messages(); len(got) != 2 {
				t.Errorf("a phone shows %+v", got)
			}
		}
	})
}
