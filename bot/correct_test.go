package bot_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
)

// texts are what a phone shows after the confirmation and the card.
func texts(p *whatsapptest.Phone) (list []string) {
	for _, m := range p.Messages()[2:] {
		list = append(list, m.Text)
	}
	return list
}

// What waits for its day, or for second thoughts, still does when it is corrected.
func TestG6_ACorrectionLeavesNoSooner(t *testing.T) {
	slow(t)
	t.Parallel()
	for name, c := range map[string]struct {
		wrong, right string
		after        time.Duration // of the drop of the wrong one
	}{
		"dal":                     {"---\ndal: 03/01/2000 10:00\n---\nAlle 9.", "Alle 10.", 47 * time.Hour},
		"second thoughts":         {"Alle 9.", "Alle 10.", 20 * time.Minute},
		"a day of the correction": {"---\ndal: 03/01/2000 10:00\n---\nAlle 9.", "---\ndal: 02/01/2000 10:00\n---\nAlle 10.", 23 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t, func(c *config.Config) { c.Sending.Holdback = 30 * time.Minute })
				p := w.subscribe(1)[0]
				w.drop("da_inviare", "a.txt", c.wrong)
				time.Sleep(12 * time.Minute)
				w.drop("da_inviare", "a RETTIFICA.txt", c.right)
				time.Sleep(c.after - 12*time.Minute)
				if got := texts(p); len(got) != 0 {
					t.Fatalf("it left before its time: %q", got)
				}
				time.Sleep(12 * time.Hour)
				if got := texts(p); !slices.Equal(got, []string{"Alle 10."}) {
					t.Errorf("shown: %q", got)
				}
			})
		})
	}
}

// What becomes urgent by its correction leaves at once.
func TestG6_ACorrectionThatIsUrgentWaitsForNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "a.txt", "---\ndal: 03/01/2000 10:00\n---\nAlle 9.")
		time.Sleep(12 * time.Minute)
		w.drop("urgenti", "a RETTIFICA.txt", "Adesso.")
		time.Sleep(time.Minute)
		if got := texts(p); !slices.Equal(got, []string{"Adesso."}) {
			t.Errorf("shown: %q", got)
		}
	})
}

// Corrections that would reach nobody, or others than is said, or change nothing
// are refused with the reason.
func TestG8_CorrectionsThatCannotBe(t *testing.T) {
	slow(t)
	t.Parallel()
	for name, c := range map[string]struct {
		right  string
		before func(w *town)
		want   string // empty: it is accepted
	}{
		"of other towns":          {"---\ncomuni: Uboldo\n---\nAlle 10.", nil, "altri"},
		"of the same towns":       {"---\ncomuni: Origgio, Saronno\n---\nAlle 10.", nil, ""},
		"of all its towns":        {"Alle 10.", nil, ""},
		"of what is withdrawn":    {"Alle 10.", func(w *town) { w.move("a.txt", "inviati", "ritirare") }, "ritirato"},
		"of long ago":             {"Alle 10.", func(*town) { time.Sleep(3 * 24 * time.Hour) }, "2 giorni"},
		"that is the same":        {"Alle 9.", nil, "uguale a «a.txt»"},
		"that is the same, again": {"Alle 10.", func(w *town) { w.drop("da_inviare", "a RETTIFICA.txt", "Alle 10.") }, "uguale a «a RETTIFICA.txt»"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t, func(c *config.Config) { c.Forget.DeliveriesDays = 2 })
				p := w.subscribe(1)[0]
				w.drop("da_inviare", "a.txt", "---\ncomuni: Saronno, Origgio\n---\nAlle 9.")
				w.await(p, "Alle 9.")
				time.Sleep(time.Hour)
				if c.before != nil {
					c.before(w)
					time.Sleep(time.Hour)
				}
				w.drop("da_inviare", "A rettifica.txt", c.right)
				time.Sleep(time.Hour)
				if c.want == "" {
					w.await(p, "*Rettifica*\n\nAlle 10.")
					return
				}
				w.expectReport("scartati", "A rettifica.txt", "Motivo: ", c.want)
			})
		})
	}
}

// Who finds that the first text was right after all may correct back to it.
func TestG8_CorrectedBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "a.txt", "Alle 9.")
		w.await(p, "Alle 9.")
		for _, text := range []string{"Alle 10.", "Alle 9."} {
			w.drop("da_inviare", "a RETTIFICA.txt", text)
			time.Sleep(time.Minute)
			if got := texts(p); !slices.Equal(got, []string{text}) {
				t.Errorf("shown: %q, want %q", got, text)
			}
		}
	})
}

// A picture that was stopped before it left is kept no more: a correction in words
// alone would show it to nobody, and keep everything else from leaving.
func TestG3_ACorrectionWhosePictureIsGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		p := w.subscribe(1)[0]
		w.server.FailUploads(503)
		w.drop("da_inviare", "festa.txt", "Alle 9.")
		w.drop("da_inviare", "festa.jpg", picture(t, 3))
		time.Sleep(time.Minute)
		for _, name := range []string{"festa.txt", "festa.jpg"} {
			w.move(name, "in_invio", "inviati")
		}
		time.Sleep(time.Minute)
		w.server.FailUploads(0)
		w.drop("da_inviare", "festa RETTIFICA.txt", "Alle 10.")
		time.Sleep(time.Minute)
		w.expectReport("scartati", "festa RETTIFICA.txt", "allegati")
		w.drop("da_inviare", "altro.txt", "Altro.")
		w.await(p, "Altro.")
		w.drop("da_inviare", "festa RETTIFICA.txt", "Alle 10.")
		w.drop("da_inviare", "festa RETTIFICA.jpg", picture(t, 5))
		if m := w.await(p, "Alle 10."); m.Kind != "image" {
			t.Errorf("came as %s", m.Kind)
		}
	})
}

// An urgent correction does not wait for a picture that cannot be uploaded, its own
// or that of what it corrects.
func TestG3_UrgentWordsOfACorrectionGoAhead(t *testing.T) {
	slow(t)
	t.Parallel()
	for _, own := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := raise(t, settling, often)
			people := w.subscribe(3)
			w.server.FailUploads(503)
			w.drop("urgenti", "allerta.txt", "Via Roma è chiusa.")
			if !own {
				w.drop("urgenti", "allerta.jpg", picture(t, 3))
			}
			time.Sleep(40 * time.Second)
			w.drop("urgenti", "allerta RETTIFICA.txt", "Via Verdi è chiusa.")
			if own {
				w.drop("urgenti", "allerta RETTIFICA.jpg", picture(t, 3))
			}
			time.Sleep(3 * time.Minute)
			words := map[bool][]string{false: {"Via Verdi è chiusa."}, true: {"Via Roma è chiusa.", "*Rettifica*\n\nVia Verdi è chiusa."}}[own]
			for _, p := range people {
				if got := texts(p); !slices.Equal(got, words) {
					t.Errorf("shown before the upload: %q", got)
				}
			}
			w.server.FailUploads(0)
			time.Sleep(10 * time.Minute)
			for _, p := range people {
				if got := texts(p); !slices.Equal(got, append(words, "")) {
					t.Errorf("shown in the end: %q", got)
				}
			}
			w.expectReport("inviati", "allerta RETTIFICA.txt", "Inviati: 3")
		})
	}
}

// Who takes back a correction leaves the picture of what it corrects in its place:
// moved along, it would say after a restart that the announcement is to be withdrawn.
func TestG8_AWithdrawnCorrectionTakesNoPictureAlong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "festa.txt", "Alle 9.")
		w.drop("da_inviare", "festa.jpg", picture(t, 3))
		w.await(p, "Alle 9.")
		time.Sleep(time.Hour)
		w.drop("da_inviare", "festa RETTIFICA.txt", "Alle 10.")
		w.await(p, "*Rettifica*\n\nAlle 10.")
		time.Sleep(time.Minute)
		w.move("festa RETTIFICA.txt", "inviati", "ritirare")
		time.Sleep(time.Minute)
		w.stop()
		w.start()
		time.Sleep(time.Minute)
		if _, err := os.Stat(filepath.Join(w.cfg.SpoolDir, "inviati", "festa.jpg")); err != nil {
			t.Error(err)
		}
		if whole, _, deleted := states([]*whatsapptest.Phone{p}, "Alle 9."); whole != 1 || deleted != 1 {
			t.Errorf("%d shown, %d deleted, want the announcement and its correction", whole, deleted)
		}
	})
}

// What lies in ritirare is not taken for a later announcement of the same name.
func TestG8_ALaterAnnouncementOfAWithdrawnName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		p := w.subscribe(1)[0]
		for i, text := range []string{"Alle 9.", "Alle 10."} {
			w.drop("da_inviare", "festa.txt", text)
			w.drop("da_inviare", "festa.jpg", picture(t, 3+i))
			w.await(p, text)
			time.Sleep(time.Minute)
			if i == 0 {
				w.move("festa.txt", "inviati", "ritirare")
				time.Sleep(time.Minute)
			}
		}
		w.stop()
		w.start()
		time.Sleep(time.Minute)
		if whole, _, deleted := states([]*whatsapptest.Phone{p}, "Alle 10."); whole != 1 || deleted != 1 {
			t.Errorf("%d shown, %d deleted, want the second and the first", whole, deleted)
		}
	})
}

// Who has the first text, and not the picture of its correction yet, gets that with
// the next one, and is told that it is a correction.
func TestG8_ACorrectionOfACorrectionThatIsLeaving(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling, slowly)
		people := w.subscribe(4)
		w.drop("da_inviare", "festa.txt", "Alle 9.")
		w.arrivals(people, "Alle 9.")
		time.Sleep(time.Hour)
		w.drop("da_inviare", "festa RETTIFICA.txt", "Alle 10.")
		w.drop("da_inviare", "festa RETTIFICA.jpg", picture(t, 3))
		time.Sleep(90 * time.Second)
		w.drop("da_inviare", "festa RETTIFICA.txt", "Alle 11.")
		time.Sleep(time.Hour)
		for _, p := range people {
			last := p.Messages()[len(p.Messages())-1]
			pictures := 0
			for _, m := range p.Messages() {
				if m.Kind == "image" {
					pictures++
				}
			}
			if last.Text != "*Rettifica*\n\nAlle 11." || pictures != 1 {
				t.Errorf("%d pictures, and last %q", pictures, last.Text)
			}
		}
	})
}

// Days after a correction it is still looked for whom it has missed.
func TestG2_WhoWasMissedIsCorrectedDaysLater(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "festa.txt", "La festa è lunedì.")
		w.await(p, "La festa è lunedì.")
		time.Sleep(time.Hour) // too late for an edit
		w.drop("da_inviare", "festa RETTIFICA.txt", "La festa è martedì.")
		w.await(p, "La festa è martedì.")
		time.Sleep(2 * 24 * time.Hour)
		w.sql("DELETE FROM deliveries WHERE form = 'correction'")
		time.Sleep(2 * time.Hour) // everybody is looked at once an hour
		if n := count(p, "*Rettifica*\n\nLa festa è martedì."); n != 2 {
			t.Errorf("the correction came %d times, want once more", n)
		}
	})
}
