package bot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/spool"
)

// The same text is a probable double for 24 hours, and news again after that.
func TestTheSameTextWithinADayIsRefused(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(p, "Una notizia.")
		time.Sleep(23 * time.Hour)
		w.drop("da_inviare", "b.txt", "Una notizia.")
		time.Sleep(30 * time.Minute)
		if n := len(w.announcements()); n != 1 || count(p, "Una notizia.") != 1 {
			t.Errorf("%d announcements, shown %d times; want the double refused", n, count(p, "Una notizia."))
		}
		time.Sleep(2 * time.Hour)
		w.drop("da_inviare", "c.txt", "Una notizia.")
		time.Sleep(30 * time.Minute)
		if count(p, "Una notizia.") != 2 {
			t.Error("the same text was refused more than a day later")
		}
	})
}

// Somebody who drops files without end gets them back when too much waits.
func TestG9_WhatWaitsIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, slowly)
		people := w.subscribe(2)
		w.drop("da_inviare", "a.txt", "Una notizia.")
		w.await(people[0], "Una notizia.")
		w.sql("UPDATE tallies SET count = count + 2000000 WHERE state = 'pending'")
		w.drop("urgenti", "b.txt", "Un'altra notizia.")
		time.Sleep(time.Minute)
		w.expectReport("scartati", "b.txt", "sono già troppi", "togli da in_invio")
		w.sql("UPDATE tallies SET count = count - 2000000 WHERE state = 'pending'")
		w.drop("urgenti", "b.txt", "Un'altra notizia.")
		w.await(people[1], "Un'altra notizia.")
	})
}

// A file that was claimed and never published, because of a crash in between,
// is published at the next start, as urgent as it was dropped.
func TestG8_AClaimedFileIsTakenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		w.stop()
		w.drop("urgenti", "a.txt", "Una notizia.")
		s, err := spool.Open(w.cfg.SpoolDir, spool.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if files, err := s.Scan(t.Context()); err != nil || len(files) != 1 {
			t.Fatalf("claimed %d files, %v", len(files), err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		w.start()
		w.await(p, "Una notizia.")
		if list := w.announcements(); len(list) != 1 || !list[0].Urgent {
			t.Errorf("announcements %+v, want one that is urgent", list)
		}
	})
}

// What somebody puts into in_invio by hand was never accepted: it is refused,
// with the reason beside it.
func TestG8_AFileInTheWrongFolderIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		w.drop("in_invio", "a.txt", "Una notizia.")
		time.Sleep(time.Minute)
		report, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, "scartati", "a.txt.esito.txt"))
		if err != nil || !strings.Contains(string(report), "in_invio") {
			t.Errorf("report %q, %v", report, err)
		}
		if count(p, "Una notizia.") != 0 {
			t.Error("it was sent")
		}
	})
}
