package bot_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
)

// status reads the status page, without its entities.
func (w *town) status() string {
	w.t.Helper()
	page, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, "stato.html"))
	if err != nil {
		w.t.Fatal(err)
	}
	return html.UnescapeString(string(page))
}

func (w *town) expectStatus(pieces ...string) {
	w.t.Helper()
	page := w.status()
	for _, piece := range pieces {
		if !strings.Contains(page, piece) {
			w.t.Errorf("the page does not say %q", piece)
		}
	}
}

// expectNoPromise checks that nothing on the page says when something leaves.
func (w *town) expectNoPromise(pieces ...string) {
	w.t.Helper()
	w.expectStatus(pieces...)
	for _, promise := range []string{"finisce", "Finisce", "riprende domani", "Sta partendo</h2>\n<article"} {
		if strings.Contains(w.status(), promise) {
			w.t.Errorf("nothing leaves, and the page says %q", promise)
		}
	}
}

// While an announcement may be thought over, the page shows it as a phone will,
// to how many it goes, when it leaves, and what to look at again. Who takes the
// file away takes it back.
func TestG8_SecondThoughts(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling, func(c *config.Config) { c.Sending.Holdback = 10 * time.Minute })
		people := w.subscribe(3)
		w.drop("da_inviare", "festa.txt", "La *festa* del 12/03/1999 su http://comune.example, tel. 333 1234567")
		w.drop("da_inviare", "festa.jpg", picture(t, 3))
		w.drop("da_inviare", "muta.jpg", picture(t, 5))
		time.Sleep(2 * time.Minute)
		w.expectStatus("festa.txt", "<b>festa</b>", "data:image/jpeg;base64,", "12/03/1999", "https://", "numero di telefono cellulare", "Non c'è testo")
		if len(people[0].Messages()) != 2 {
			t.Fatal("it left before its time")
		}
		for _, name := range []string{"festa.txt", "muta.jpg"} {
			w.take(name)
		}
		time.Sleep(time.Hour)
		for _, p := range people {
			if n := len(p.Messages()); n != 2 {
				t.Errorf("somebody got %d messages", n)
			}
		}
		w.expectReport("inviati", "festa.txt", "FERMATO A MANO", "0 su 3")
		w.drop("da_inviare", "festa.txt", "La festa.")
		w.await(people[0], "La festa.")
		time.Sleep(25 * time.Hour)
		w.drop("da_inviare", "ancora.txt", "La festa.")
		time.Sleep(2 * time.Minute)
		w.expectStatus("È uguale a un avviso già accettato")
	})
}

// The page says what waits and why, and what was refused.
func TestG8_ThePageSaysWhy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		p := w.subscribe(1)[0]
		w.server.FailUploads(503)
		w.drop("urgenti", "festa.jpg", picture(t, 3))
		w.drop("da_inviare", "dopo.txt", "---\ndal: 24/12/2030\n---\nDopo.")
		w.drop("da_inviare", "rotto.pdf", "niente")
		time.Sleep(2 * time.Minute)
		w.expectStatus("festa.jpg", "l'allegato non è ancora su WhatsApp: il caricamento si ripete da solo<", "dopo.txt", "24/12/2030", "rotto.pdf", "1")
		w.server.FailUploads(0)
		w.shown(p, 1)
		time.Sleep(10 * time.Minute)
		w.expectStatus("inviato", "oggi: 1 iscrizione")
	})
}

// The page shows all that waits, however much has come since, in the order in
// which it leaves, and why some of it never will.
func TestG8_ThePageLosesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling, func(c *config.Config) { c.Sending.Hours = "08:00-20:00" }) // it is one o'clock
		p := w.subscribe(1)[0]
		w.drop("urgenti", "allerta.txt", "Allerta.")
		w.await(p, "Allerta.")
		w.drop("da_inviare", "primo.txt", "Primo.")
		w.drop("da_inviare", "stanotte.txt", "---\nscade: 01/01/2000 06:00\n---\nFino alle sei.")
		time.Sleep(time.Minute)
		for i := range 35 {
			w.drop("da_inviare", fmt.Sprintf("altro %d.txt", i), fmt.Sprintf("Altro %d.", i))
		}
		time.Sleep(5 * time.Minute)
		w.expectStatus("primo.txt", "fuori dall'orario di invio (08:00-20:00): parte oggi verso le 08:00", "scade prima di poter partire", "E altri 29, che qui non si vedono", "allerta.txt", "inviato ·")
		if page := w.status(); strings.Index(page, "primo.txt") > strings.Index(page, "altro 0.txt") {
			t.Error("what leaves first is not shown first")
		}
	})
}

// An announcement waits for its turn, or for the daily ceiling.
func TestG8_ThePageSaysWhoseTurnItIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling, func(c *config.Config) { c.Sending.Every, c.Sending.DailyLimit = 10*time.Minute, 8 })
		w.subscribe(3) // six of the eight messages
		w.drop("da_inviare", "primo.txt", "Primo.")
		time.Sleep(time.Minute)
		w.drop("da_inviare", "secondo.txt", "Secondo.")
		time.Sleep(time.Minute)
		w.expectStatus("Inviato a <b>1</b> persona su 3", "A 3 persone", "dopo gli avvisi che vengono prima: parte domani")
		time.Sleep(time.Hour)
		w.expectStatus("Già inviato a 2 persone su 3", "il massimo di 8 messaggi in 24 ore è raggiunto: riprende domani")
	})
}

// What has been interrupted says how many have it; what is stopped by WhatsApp has
// no forecast.
func TestG8_ThePagePromisesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling, func(c *config.Config) {
			c.Sending.Hours, c.Sending.Every, c.Sending.Holdback = "00:00-03:00", 45*time.Minute, 10*time.Minute
		})
		w.subscribe(4)
		w.drop("da_inviare", "festa.txt", "La festa.")
		w.drop("da_inviare", "dopo.txt", "---\ndal: 03/01/2000\n---\nIl 2 gennaio si balla.")
		time.Sleep(5 * time.Minute)
		w.expectStatus("Da rileggere", "Parte", "Finisce", "già passata (2 gennaio)")
		time.Sleep(3 * time.Hour)
		w.expectStatus("riprende domani", "Già inviato a ", " su 4", "finisce domani")
		w.stop()
		w.expectNoPromise("Il servizio è fermo", "gli invii sono fermi: il motivo è scritto in alto")
		w.start()
		w.server.Unlink(comune)
		w.drop("da_inviare", "ora.txt", "Ora.")
		time.Sleep(5 * time.Minute)
		w.expectNoPromise("in attesa del collegamento", "banditore pair")
	})
}

// Nothing leaves of an announcement of which all that is left is tried again later.
func TestG8_ThePageSaysWhoIsMissing(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		people := w.subscribe(3)
		w.refuse(463, people[1])
		w.drop("da_inviare", "festa.txt", "La festa.")
		w.await(people[0], "La festa.")
		time.Sleep(10 * time.Minute)
		w.expectStatus("Tutto a posto", "non parte nessun avviso", "chi manca non si è ancora potuto raggiungere: si riprova domani", "finisce domani", "Già inviato a 2 persone su 3")
		w.refuse(0, nil)
		time.Sleep(25 * time.Hour)
		w.expectStatus("inviato ·")
	})
}

// Each verbale names the hash of the one before, as sha256sum tells it.
func TestG8_TheChainOfMinutes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		before := ""
		for _, name := range []string{"a", "b", "c"} {
			w.drop("da_inviare", name+".txt", "Testo "+name)
			w.await(p, "Testo "+name)
			time.Sleep(time.Minute)
			page, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, "inviati", name+".txt.verbale.html"))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(page), before) || !strings.Contains(string(page), "Testo "+name) {
				t.Errorf("the verbale of %s lacks its text or %s", name, before)
			}
			for _, secret := range []string{p.Number()[1:], p.LID(), "Zanardelli"} {
				if strings.Contains(string(page), secret) {
					t.Errorf("G4: the verbale holds %q", secret)
				}
			}
			sum := sha256.Sum256(page)
			before = hex.EncodeToString(sum[:])
		}
		w.drop("da_inviare", "c RETTIFICA.txt", "---\nscade: 01/02/2000\n---\nTesto giusto")
		w.await(p, "Testo giusto")
		time.Sleep(time.Minute)
		page, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, "inviati", "c RETTIFICA.txt.verbale.html"))
		if err != nil {
			t.Fatal(err)
		}
		for _, piece := range []string{before, "chi riguardava <bdi>c.txt</bdi>", "01/02/2000 24:00", "cambiati sul telefono</th><td>1<"} {
			if !strings.Contains(string(page), piece) {
				t.Errorf("the verbale of a correction lacks %q", piece)
			}
		}
	})
}
