package bot_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
	"banditore/store"
)

const day = 24 * time.Hour

// unreadable sends one announcement to a phone that is away and that will be
// unable to decrypt it when it comes back.
func (w *town) unreadable(p *whatsapptest.Phone, text string) {
	w.t.Helper()
	p.GoOffline()
	w.drop("da_inviare", "a.txt", text)
	time.Sleep(5 * time.Minute)
	if a := w.announcements(); len(a) != 1 || a[0].Sent != len(w.people) {
		w.t.Fatalf("announcements %+v, want one that was sent", a)
	}
	p.ForgetSessions()
}

// restart ends the daemon and starts another a while later.
func (w *town) restart(after time.Duration) {
	w.t.Helper()
	w.stop()
	time.Sleep(after)
	w.start()
	time.Sleep(time.Minute)
}

// A phone that was away for a week and has lost its sessions is shown the
// announcement, once, though the daemon has been restarted twice since.
func TestG2_ARetryAWeekAndTwoRestartsLater(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(2)
		w.unreadable(people[0], "Una notizia.")
		w.restart(3 * day)
		time.Sleep(day)
		w.restart(3 * day)
		people[0].GoOnline()
		w.await(people[0], "Una notizia.")
		time.Sleep(time.Hour)
		for i, p := range people {
			if count(p, "Una notizia.") != 1 || p.Repeats() != 0 {
				t.Errorf("phone %d: shown %d times, %d repeats", i, count(p, "Una notizia."), p.Repeats())
			}
		}
		if a := w.announcements()[0]; a.Delivered != 2 {
			t.Errorf("counts %+v, want both delivered", a.Counts)
		}
	})
}

// What was stopped, or has become pointless, is not repeated to a phone that
// could not decrypt it.
func TestG2_NoRetryOfWhatIsOver(t *testing.T) {
	slow(t)
	t.Parallel()
	for name, over := range map[string]struct {
		text  string
		end   func(w *town)
		shown int // of two
	}{
		"nothing is over":      {"Una notizia.", func(*town) { time.Sleep(time.Hour) }, 2},
		"stopped by a command": {"Una notizia.", (*town).stopSending, 0},
		"its file taken away":  {"Una notizia.", func(w *town) { w.take("a.txt") }, 0},
		"expired":              {"---\nscade: 2000-01-02 10:00\n---\nUna notizia.", func(*town) { time.Sleep(2 * day) }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t, func(c *config.Config) { c.Sending.Every = 20 * time.Minute })
				people := w.subscribe(2)
				people[0].GoOffline()
				people[1].GoOffline()
				w.drop("da_inviare", "a.txt", over.text)
				time.Sleep(10 * time.Minute) // one has left, the other waits for the pace
				people[0].ForgetSessions()
				people[1].ForgetSessions()
				over.end(w)
				time.Sleep(10 * time.Minute)
				people[0].GoOnline()
				people[1].GoOnline()
				time.Sleep(time.Hour)
				w.restart(time.Hour)
				time.Sleep(time.Hour)
				if got := count(people[0], "Una notizia.") + count(people[1], "Una notizia."); got != over.shown {
					t.Errorf("%d phones were shown it, want %d", got, over.shown)
				}
				if a := w.announcements()[0]; a.Sent == 0 {
					t.Errorf("counts %+v: nothing had left, so nothing could be asked for again", a.Counts)
				}
			})
		})
	}
}

// stopSending stops the newest announcement as a command does.
func (w *town) stopSending() {
	w.t.Helper()
	db, err := store.Open(w.t.Context(), w.cfg.DataDir)
	if err != nil {
		w.t.Fatal(err)
	}
	defer db.Close()
	if a, err := db.Stop(w.t.Context(), w.announcements()[0].ID); err != nil || a.State != store.Stopped {
		w.t.Fatalf("stop: %+v, %v", a, err)
	}
	w.soon()
}

// Who has left and was erased gets nothing again, and leaves no new trace by
// asking.
func TestG5_NoRetryToWhoWasErased(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.citizen(1)
		computer := p.LinkDevice()
		w.write(p, "Attiva Notizie Ermenegilda Quaglia Saronno")
		w.await(computer, "Iscrizione attiva")
		w.await(p, "Iscrizione attiva")
		if _, err := p.AwaitMessages(t.Context(), 2); err != nil { // the contact card
			t.Fatal(err)
		}
		w.people = []*whatsapptest.Phone{p}
		w.unreadable(p, "Una notizia.")
		w.await(computer, "Una notizia.")
		w.write(computer, "Disattiva Notizie")
		w.await(computer, "cancellat")
		time.Sleep(10 * time.Minute)
		p.GoOnline()
		time.Sleep(10 * time.Minute)
		if got := p.Messages(); len(got) != 2 {
			t.Errorf("%d messages on the phone, want its confirmation and the card only", len(got))
		}
		if where := w.traces(p.Number()[1:], p.LID(), "Ermenegilda"); len(where) > 0 {
			t.Errorf("traces of somebody who left: %q", where)
		}
	})
}

// A phone that is set up again, with a new identity, before the announcement
// reaches it shows it once, and what comes later too; and it can still write.
func TestG2_AReinstalledPhone(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]func(*town){
		"at once":         func(*town) {},
		"after a restart": func(w *town) { w.restart(time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t)
				p := w.subscribe(1)[0]
				w.unreadable(p, "Una notizia.")
				p.Reinstall()
				meanwhile(w)
				p.GoOnline()
				w.await(p, "Una notizia.")
				for _, text := range []string{"Un'altra.", "Una terza."} {
					w.drop("da_inviare", text+"txt", text)
					w.await(p, text)
				}
				w.write(p, "Disattiva Notizie")
				w.await(p, "cancellat")
				time.Sleep(time.Hour)
				if got := p.Messages(); len(got) != 6 || p.Repeats() != 0 {
					t.Errorf("%d messages and %d repeats, want each of six once", len(got), p.Repeats())
				}
			})
		})
	}
}

// Who links another device while an announcement leaves, having got it already
// or not, gets the later ones on both, and nothing is shown twice.
func TestG2_ANewDeviceInMidAnnouncement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Every = time.Minute })
		people := w.subscribe(4)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		time.Sleep(90 * time.Second) // two have got it
		var computers []*whatsapptest.Phone
		var early []bool
		for _, p := range people {
			computers = append(computers, p.LinkDevice())
			early = append(early, count(p, "Una notizia.") == 1)
		}
		w.arrivals(people, "Una notizia.")
		for _, text := range []string{"Un'altra.", "Una terza."} {
			w.drop("da_inviare", text+"txt", text)
			for _, device := range slices.Concat(people, computers) {
				w.await(device, text)
			}
		}
		time.Sleep(time.Hour)
		for i, p := range people {
			if got := len(p.Messages()); got != 5 {
				t.Errorf("phone %d shows %d messages, want its confirmation, the card and three announcements", i, got)
			}
			want := 3
			if early[i] {
				want = 2
			}
			if got := len(computers[i].Messages()); got != want {
				t.Errorf("computer %d shows %d messages, want %d", i, got, want)
			}
		}
		for i, a := range w.announcements() {
			if a.Sent != 4 || a.Delivered != 4 || a.Failed != 0 {
				t.Errorf("announcement %d: counts %+v", i, a.Counts)
			}
		}
	})
}
