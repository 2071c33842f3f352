package bot_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot"
	"banditore/bot/whatsapp/whatsapptest"
)

// flood is how many texts the loudest phone sends.
func flood() int { return size(10_000, 600) }

// One phone sends ten thousand texts, five hundred send twenty each, and in
// their midst people register. Nobody gets more answers than an hour may have,
// no minute more than a minute may have, who registers is confirmed within
// seconds of his turn, and nothing grows with what was sent. It runs alone: the
// memory it measures is the process's.
func TestG9_Flood(t *testing.T) {
	slow(t)
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.subscribe(1)
		before := heap(w)
		loud, honest := w.citizen(1000), w.citizen(1001)
		texts := flood()
		w.secrets = append(w.secrets, "Attiva Notizie", "Perché nessuno")
		for n := range texts {
			if n == texts/2 {
				honest.Text(comune, "Attiva Notizie Ermenegilda Quaglia Saronno")
			}
			loud.Text(comune, fmt.Sprintf("Perché nessuno risponde? %d", n))
		}
		w.await(honest, "Iscrizione attiva")
		time.Sleep(time.Minute)
		if got := len(answers(loud)); got != 3 {
			t.Errorf("%d answers to %d texts, want 3, each in other words", got, texts)
		}

		var crowd []*whatsapptest.Phone
		for n := range texts / 20 {
			crowd = append(crowd, w.citizen(2000+n))
		}
		late := w.citizen(1002)
		for n := range 20 {
			for _, p := range crowd {
				p.Text(comune, []string{"Aiuto", "Disattiva Notizie", "Che ore sono?", "I miei dati"}[n%4])
			}
			if n == 10 {
				late.Text(comune, "Attiva Notizie Ada Quaglia Saronno")
			}
		}
		times := w.arrivals([]*whatsapptest.Phone{late}, "Iscrizione attiva")
		t.Logf("confirmed at %v", times)
		time.Sleep(time.Hour)
		for _, p := range crowd {
			if got := len(answers(p)); got > w.cfg.Answers.PerPersonHour {
				t.Errorf("%d answers to one person within an hour", got)
			}
		}
		// The phones keep all that they wrote and were told, some 50 MiB of it.
		if grown := heap(w) - before; grown > 96<<20 {
			t.Errorf("the heap has grown by %d MiB", grown>>20)
		}
		if len(w.list()) != 3 {
			t.Errorf("%d on the list, want the three who registered", len(w.list()))
		}
	})
}

// heap is what is in use after all garbage has gone, the log apart, which this
// process keeps to look into it.
func heap(w *town) int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	w.log.mu.Lock()
	defer w.log.mu.Unlock()
	return int64(m.HeapInuse) - int64(w.log.text.Cap())
}

// Two thousand people register at once, while an announcement leaves: all are
// confirmed within what answers.per_minute allows, and no minute has more.
func TestG7_BurstOfRegistrations(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		people := size(2000, 200)
		w := raise(t)
		if !bot.Long() {
			w.stop()
			w.cfg.Answers.PerMinute = 70
			w.start()
		}
		w.subscribe(size(50, 20))
		time.Sleep(time.Minute) // the history of the new link has been waited for
		w.drop("da_inviare", "a.txt", "Una notizia.")
		start := time.Now()
		crowd := make([]*whatsapptest.Phone, people)
		for n := range crowd {
			crowd[n] = w.citizen(1000 + n)
			crowd[n].Text(comune, "Attiva Notizie Ermenegilda Quaglia Saronno")
		}
		times := w.arrivals(crowd, "Iscrizione attiva")
		if took := times[len(times)-1].Sub(start); took > 4*time.Minute {
			t.Errorf("the last of %d was confirmed after %v", people, took)
		}
		most := w.cfg.Answers.PerMinute
		for i := most; i < len(times); i++ {
			if span := times[i].Sub(times[i-most]); span < 59*time.Second {
				t.Fatalf("%d answers within %v", most+1, span)
			}
		}
		for _, p := range w.people {
			w.await(p, "Una notizia.")
		}
		for n, p := range crowd {
			confirmed := 0
			for _, text := range answers(p) {
				confirmed += strings.Count(text, "Iscrizione attiva")
			}
			if confirmed != 1 {
				t.Errorf("citizen %d was confirmed %d times", n, confirmed)
			}
		}
	})
}
