package whatsapp_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
)

// What a person writes is taken in the order of writing, also when the first text has to come again. Others do not wait
// for it, and neither does anybody for ever.
func TestG3_NobodysTextsOvertakeOneAnother(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fails time.Duration
		want  []string
	}{
		"a text that comes again":      {time.Minute, []string{"Attiva Notizie Anna Rossi Saronno", "Attiva Notizie Mario Rossi Saronno", "Disattiva Notizie", "ciao"}},
		"a text that is never taken":   {time.Hour, []string{"Attiva Notizie Anna Rossi Saronno", "Disattiva Notizie", "ciao", "Attiva Notizie Mario Rossi Saronno"}},
		"a text that is taken at once": {0, []string{"Attiva Notizie Mario Rossi Saronno", "Disattiva Notizie", "Attiva Notizie Anna Rossi Saronno", "ciao"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTown(t)
				mario, anna := w.server.NewPhone(marioNumber), w.server.NewPhone(annaNumber)
				var mu sync.Mutex
				var taken []string
				options := w.options()
				began := time.Now()
				options.OnText = func(_ context.Context, text whatsapp.Text) error {
					if text.Body == "Attiva Notizie Mario Rossi Saronno" && time.Since(began) < test.fails {
						return errors.New("the disk is full")
					}
					mu.Lock()
					defer mu.Unlock()
					taken = append(taken, text.Body)
					return nil
				}
				w.paired(options)
				began = time.Now()
				mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
				mario.Text(comuneNumber, "Disattiva Notizie")
				anna.Text(comuneNumber, "Attiva Notizie Anna Rossi Saronno")
				time.Sleep(20*time.Minute + 7*time.Second) // not as a connection is renewed
				mario.Text(comuneNumber, "ciao")
				time.Sleep(2 * time.Hour)
				w.settle()
				mu.Lock()
				defer mu.Unlock()
				if len(taken) != len(test.want) {
					t.Fatalf("got %q, want %q", taken, test.want)
				}
				for i := range taken {
					if taken[i] != test.want[i] {
						t.Fatalf("got %q, want %q", taken, test.want)
					}
				}
			})
		})
	}
}

// When session.db takes nothing for a moment, in the middle of a backlog, what follows must wait too.
func TestG3_NothingOvertakesWhatCouldNotBeDecrypted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := newInbox()
		options := w.options()
		options.OnText = box.onText
		client := w.paired(options)
		w.send(client, mario, "avviso")
		w.session(`CREATE TRIGGER once BEFORE INSERT ON whatsmeow_event_buffer WHEN NOT EXISTS (SELECT 1 FROM banditore_facts WHERE name = 'mended')
			BEGIN SELECT RAISE(ABORT, 'full'); END`)
		mario.Text(comuneNumber, "Attiva Notizie Mario Rossi Saronno")
		synctest.Wait()
		w.session(`INSERT INTO banditore_facts VALUES ('mended', '')`)
		mario.Text(comuneNumber, "Disattiva Notizie")
		for _, want := range []string{"Attiva Notizie Mario Rossi Saronno", "Disattiva Notizie"} {
			if got := box.next(t); got.Body != want {
				t.Errorf("got %q, want %q", got.Body, want)
			}
		}
		w.settle()
	})
}
