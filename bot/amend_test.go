package bot_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
)

// move changes the folder of a file, as staff do in the Explorer.
func (w *town) move(name, from, to string) {
	w.t.Helper()
	if err := os.Rename(filepath.Join(w.cfg.SpoolDir, from, name), filepath.Join(w.cfg.SpoolDir, to, name)); err != nil {
		w.t.Fatal(err)
	}
	w.soon()
}

// report reads the report beside a file.
func (w *town) report(folder, name string) string {
	w.t.Helper()
	report, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, folder, name+".esito.txt"))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(report)
}

func (w *town) expectReport(folder, name string, pieces ...string) {
	w.t.Helper()
	report := w.report(folder, name)
	for _, piece := range pieces {
		if !strings.Contains(report, piece) {
			w.t.Errorf("the report in %s does not say %q:\n%s", folder, piece, report)
		}
	}
}

// states counts what phones show of a text: whole, edited, deleted.
func states(people []*whatsapptest.Phone, text string) (whole, edited, deleted int) {
	for _, p := range people {
		for _, m := range p.Messages() {
			switch {
			case m.Deleted:
				deleted++
			case m.Text == text && m.Edited:
				edited++
			case m.Text == text:
				whole++
			}
		}
	}
	return whole, edited, deleted
}

func slowly(c *config.Config) { c.Sending.Every = time.Minute }

// A file moved from inviati to ritirare is deleted on the phones.
func TestG8_Withdrawn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		people := w.subscribe(10)
		w.drop("da_inviare", "festa.txt", "La festa.")
		w.drop("da_inviare", "festa-1.jpg", picture(t, 3))
		w.drop("da_inviare", "festa-2.jpg", picture(t, 5))
		for _, p := range people {
			w.shown(p, 2)
		}
		time.Sleep(time.Hour)
		people[0].GoOffline()
		w.move("festa.txt", "inviati", "ritirare")
		time.Sleep(time.Hour)
		people[0].GoOnline()
		time.Sleep(time.Minute)
		if whole, _, deleted := states(people, "La festa."); whole != 0 || deleted != 20 {
			t.Errorf("%d phones still show it, %d messages are deleted, want 0 and 20", whole, deleted)
		}
		w.expectReport("ritirare", "festa.txt", "RITIRATO", "10")
		for _, name := range []string{"festa-1.jpg", "festa-2.jpg"} {
			if _, err := os.Stat(filepath.Join(w.cfg.SpoolDir, "ritirare", name)); err != nil {
				t.Errorf("%s did not follow: %v", name, err)
			}
		}
		if _, err := os.Stat(filepath.Join(w.cfg.SpoolDir, "inviati", "festa.txt.esito.txt")); err == nil {
			t.Error("the old report still says that it was sent")
		}
	})
}

// It stops where it has not left yet, what is in hand included.
func TestG8_WithdrawnWhileItLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, slowly)
		people := w.subscribe(10)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(4*time.Minute + 30*time.Second)
		whole, _, _ := states(people, "Una notizia.")
		if whole == 0 || whole == 10 {
			t.Fatalf("%d of 10 have it: this test comes at the wrong moment", whole)
		}
		w.move("a.txt", "in_invio", "ritirare")
		time.Sleep(2 * time.Hour)
		if whole, _, deleted := states(people, "Una notizia."); whole != 0 || deleted < 4 || deleted > 6 {
			t.Errorf("%d phones show it, %d have it deleted", whole, deleted)
		}
		w.expectReport("ritirare", "a.txt", "RITIRATO")
	})
}

// Too old for WhatsApp: the report says so, and nothing is tried.
func TestG8_WithdrawnTooLate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.arrivals(people, "Una notizia.")
		w.restart(4 * day)
		w.move("a.txt", "inviati", "ritirare")
		time.Sleep(time.Hour)
		if whole, _, _ := states(people, "Una notizia."); whole != 3 {
			t.Errorf("%d of 3 phones show it", whole)
		}
		w.expectReport("ritirare", "a.txt", "RITIRATO", "3")
	})
}

// A file in ritirare that nobody knows is refused, with the reason.
func TestG8_WithdrawnWasNeverSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.drop("ritirare", "ignoto.txt", "Mai visto.")
		time.Sleep(time.Minute)
		w.expectReport("scartati", "ignoto.txt", "non è un avviso inviato")
	})
}

// A correction edits what was sent within the window, corrects what was sent
// before it with a new message, and goes out by itself to who had nothing yet.
func TestG2G8_Corrected(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, slowly)
		people := w.subscribe(30)
		w.drop("da_inviare", "a.txt", "Alle 9 in piazza.")
		time.Sleep(24*time.Minute + 30*time.Second)
		w.drop("da_inviare", "a RETTIFICA.txt", "Alle 10 in piazza.")
		time.Sleep(2 * time.Hour)
		edited, resent, direct := 0, 0, 0
		for _, p := range people {
			var last, before string
			for _, m := range p.Messages()[2:] {
				switch {
				case m.Text == "Alle 10 in piazza." && m.Edited:
					edited, last = edited+1, m.Text
				case m.Text == "Alle 10 in piazza.":
					direct, last = direct+1, m.Text
				case strings.HasPrefix(m.Text, "*Rettifica*") && strings.HasSuffix(m.Text, "Alle 10 in piazza."):
					resent, last = resent+1, m.Text
				default:
					before = m.Text
				}
			}
			if last == "" {
				t.Errorf("a phone was never told the right hour: %q, %q", before, last)
			}
		}
		if edited+resent+direct != 30 || edited < 10 || edited > 15 || direct != 5 && direct != 6 {
			t.Errorf("%d edited, %d corrected, %d told at once", edited, resent, direct)
		}
		w.expectReport("inviati", "a RETTIFICA.txt", "RETTIFICA", "modificato")
		w.expectReport("inviati", "a.txt", "a RETTIFICA.txt")
	})
}

// The caption of a picture is edited too.
func TestG8_ACaptionIsCorrected(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		people := w.subscribe(3)
		w.drop("da_inviare", "festa.txt", "Alle 9.")
		w.drop("da_inviare", "festa.jpg", picture(t, 3))
		w.arrivals(people, "Alle 9.")
		w.drop("da_inviare", "Festa rettifica.txt", "Alle 10.")
		time.Sleep(time.Hour)
		for _, p := range people {
			got := w.shown(p, 1)
			if len(got) != 1 || got[0].Text != "Alle 10." || !got[0].Edited || got[0].Kind != "image" || len(got[0].Media) == 0 {
				t.Errorf("shown: %q", kinds(got))
			}
		}
		if n := w.server.Stats().Uploads; n != 1 {
			t.Errorf("%d uploads for one picture", n)
		}
	})
}

// Corrections of corrections, and their withdrawal.
func TestG8_CorrectedTwiceThenWithdrawn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		w.drop("da_inviare", "a.txt", "Alle 9.")
		w.arrivals(people, "Alle 9.")
		w.drop("da_inviare", "a RETTIFICA.txt", "Alle 10.")
		time.Sleep(2 * time.Minute)
		w.drop("da_inviare", "a RETTIFICA.txt", "Alle 11.")
		time.Sleep(2 * time.Minute)
		if _, edited, _ := states(people, "Alle 11."); edited != 3 {
			t.Errorf("%d of 3 phones show the second correction", edited)
		}
		w.move("a RETTIFICA (2).txt", "inviati", "ritirare")
		time.Sleep(time.Minute)
		if _, _, deleted := states(people, ""); deleted != 3 {
			t.Errorf("%d of 3 phones deleted it", deleted)
		}
	})
}

// Who takes back an announcement takes back its corrections too.
func TestG8_WithdrawnWithItsCorrections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(2)
		w.drop("da_inviare", "a.txt", "Alle 9.")
		w.await(people[0], "Alle 9.")
		w.await(people[1], "Alle 9.")
		time.Sleep(time.Hour)
		w.drop("da_inviare", "a RETTIFICA.txt", "Alle 10.")
		time.Sleep(time.Minute)
		w.move("a.txt", "inviati", "ritirare")
		time.Sleep(time.Minute)
		if _, _, deleted := states(people, ""); deleted != 4 {
			t.Errorf("%d messages are deleted, want both of both", deleted)
		}
		w.expectReport("ritirare", "a RETTIFICA.txt", "RITIRATO")
		if report := w.report("ritirare", "a.txt"); strings.Contains(report, "riceve soltanto il testo giusto") {
			t.Errorf("somebody is said to get the right text:\n%s", report)
		}
	})
}

func TestG8_ACorrectionOfNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		w.drop("da_inviare", "ignoto RETTIFICA.txt", "Alle 10.")
		time.Sleep(time.Minute)
		w.expectReport("scartati", "ignoto RETTIFICA.txt", "ignoto")
	})
}

// What is withdrawn while the number is suspended, for longer than phones delete, is
// said to stay on them, also when the daemon was down in between.
func TestG8_WithdrawnWhileSuspended(t *testing.T) {
	slow(t)
	t.Parallel()
	for _, down := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := raise(t)
			people := w.subscribe(3)
			w.drop("da_inviare", "a.txt", "Una notizia.")
			w.arrivals(people, "Una notizia.")
			time.Sleep(time.Hour)
			w.server.FailLogins(402, map[string]string{"code": "101", "expire": fmt.Sprint(70 * 3600)})
			w.server.DropConnections()
			time.Sleep(time.Hour)
			w.move("a.txt", "inviati", "ritirare")
			time.Sleep(time.Hour)
			w.expectReport("ritirare", "a.txt", "ancora da cancellare per 3")
			if down {
				w.stop()
			}
			time.Sleep(69 * time.Hour)
			w.server.FailLogins(0, nil)
			if down {
				w.start()
			}
			time.Sleep(2 * time.Hour)
			if whole, _, deleted := states(people, "Una notizia."); whole != 3 || deleted != 0 {
				t.Errorf("%d show it, %d deleted it", whole, deleted)
			}
			w.expectReport("ritirare", "a.txt", "cancellato da 0 telefoni su 3; troppo vecchio per 3")
		})
	}
}
