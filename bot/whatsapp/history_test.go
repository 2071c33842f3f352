package whatsapp_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/proto/waE2E"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// shelf is an OnHistory that keeps what it got. The client puts parts on it while a test looks.
type shelf struct {
	keep bool // asks for every part again

	mu    sync.Mutex
	got   [][]whatsapp.Text
	links []string // over which each came
	fail  int      // so many calls fail
}

func (s *shelf) onHistory(_ context.Context, link string, texts []whatsapp.Text) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail > 0 {
		s.fail--
		return false, errors.New("the disk is full")
	}
	s.got, s.links = append(s.got, texts), append(s.links, link)
	return s.keep, nil
}

func (s *shelf) parts() [][]whatsapp.Text {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// cameOver lists the links over which parts came, each once.
func (s *shelf) cameOver() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Compact(slices.Sorted(slices.Values(s.links)))
}

func (s *shelf) all() (all []whatsapp.Text) { return slices.Concat(s.parts()...) }

func TestG3_HistoryTellsWhatCitizensWrote(t *testing.T) {
	t.Parallel()
	for name, history := range map[string]whatsapptest.History{
		"as phones do": {}, "inline": {Inline: true}, "by number": {ByNumber: true}, "small pieces backwards": {Chunk: 2, Backwards: true}, "bare": {Bare: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				mario, anna := w.server.NewPhone(marioNumber), w.server.NewPhone(annaNumber)
				w.comune.SetHistory(history)
				start := time.Now().Add(-time.Hour)
				want := make(map[string]string)
				for i := range 5 {
					at := start.Add(time.Duration(i) * time.Minute)
					want[w.comune.Remember(marioNumber, false, fmt.Sprint("ciao ", i), at)] = fmt.Sprint(marioNumber, "ciao ", i)
					w.comune.Remember(marioNumber, true, "Disattiva Notizie", at)
				}
				edited := &waE2E.Message{EphemeralMessage: wrapped(plain("Disattiva Notizie"))}
				want[w.comune.RememberMessage(annaNumber, false, edited, start)] = annaNumber + "Disattiva Notizie"
				w.comune.RememberMessage(annaNumber, false, &waE2E.Message{StickerMessage: &waE2E.StickerMessage{}}, start)
				mario.WriteIn(whatsapptest.Group, comuneNumber, plain("Disattiva Notizie"))
				shelf := &shelf{fail: 1}
				options := w.options()
				options.OnHistory = shelf.onHistory
				client := w.paired(options)
				time.Sleep(2 * time.Minute)
				w.settle()
				checkHistory(t, shelf, want, history.Bare)
				for _, phone := range []*whatsapptest.Phone{mario, anna} {
					w.send(client, phone, "avviso")
				}
				if found := w.sessionHolds("ciao", "Disattiva"); found != nil {
					t.Errorf("a conversation was kept: %v", found)
				}
				client.Close()
				parts := len(shelf.parts())
				w.again(options)
				time.Sleep(time.Hour)
				if len(shelf.parts()) != parts {
					t.Error("the history came again after it was recorded")
				}
			})
		})
	}
}

// checkHistory compares what was handed over with what was written; the values of want are the number and the words.
func checkHistory(t *testing.T, shelf *shelf, want map[string]string, bare bool) {
	t.Helper()
	got := make(map[string]string)
	for _, part := range shelf.parts() {
		if !slices.IsSortedFunc(part, func(x, y whatsapp.Text) int { return x.At.Compare(y.At) }) {
			t.Error("a part is not in the order of writing")
		}
	}
	for _, text := range shelf.all() {
		if text.From.LID == "" {
			t.Error("a text has no LID")
		}
		got[text.ID] = text.From.Number + text.Body
	}
	for id, words := range want {
		if bare {
			words = words[len(marioNumber):]
		}
		if got[id] != words {
			t.Errorf("got %q under an ID, want %q", got[id], words)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %d texts, want %d", len(got), len(want))
	}
}

// Without a history worth reading the service learns so, and goes on.
func TestHistoryWithoutConversations(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		history whatsapptest.History
		parts   int
	}{
		"empty": {whatsapptest.History{Empty: true}, 1}, "none": {whatsapptest.History{None: true}, 0}, "lost": {whatsapptest.History{Lost: true}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				w.server.NewPhone(marioNumber)
				w.comune.SetHistory(test.history)
				w.comune.Remember(marioNumber, false, "ciao", time.Now())
				shelf := &shelf{}
				options := w.options()
				options.OnHistory = shelf.onHistory
				client := w.paired(options)
				time.Sleep(10 * time.Minute)
				if len(shelf.parts()) != test.parts || len(shelf.all()) != 0 {
					t.Errorf("got %d parts with %d texts, want %d and none", len(shelf.parts()), len(shelf.all()), test.parts)
				}
				w.send(client, w.server.Phone(marioNumber), "avviso")
			})
		})
	}
}
