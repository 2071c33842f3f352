package desk

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/loop"
	"banditore/bot/page"
	"banditore/bot/settings"
	"banditore/bot/spool"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// sit makes the page's loop of a service that is connected, and its folder.
func (c *counter) sit() (d *Desk, folder string) {
	c.t.Helper()
	c.cfg.Sending.Hours, c.cfg.Sending.Every = "08:00-20:00", 6*time.Second
	policy, err := settings.Policy(c.cfg)
	c.must(err)
	link := store.Link{State: string(whatsapp.StateConnected), Connected: true}
	d = New(Options{
		Config: c.cfg, Store: c.db, Pace: policy, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Changed: loop.NewBell(),
		Link: func() store.Link { return link }, Version: func() whatsapp.Version { return whatsapp.Version{} }, Lights: func() []store.RedLight { return nil },
	})
	folder = filepath.Join(c.t.TempDir(), "spool")
	d.spool, err = spool.Open(folder, spool.Options{})
	c.must(err)
	c.t.Cleanup(func() { d.spool.Close() })
	return d, folder
}

func (c *counter) subscribe() {
	c.t.Helper()
	mario := store.Incoming{ID: "IN1", From: store.Person{LID: "111111111111111"}, At: c.now}
	_, err := c.db.Handle(c.t.Context(), mario, c.now, whatsapp.NewMessageID, func(i *store.Inbox) error {
		return i.Subscribe(store.Details{GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"}, store.Evidence{})
	})
	c.must(err)
}

func (c *counter) publish(a store.NewAnnouncement) store.Announcement {
	c.t.Helper()
	a.File, a.AcceptedAt = a.Name, c.now
	if a.NotBefore.IsZero() {
		a.NotBefore = c.now
	}
	published, err := c.db.Publish(c.t.Context(), a, whatsapp.MessageIDPrefix)
	c.must(err)
	return published
}

func (c *counter) view(d *Desk) page.View {
	c.t.Helper()
	v, err := d.view(c.t.Context(), d.condition(), c.now)
	c.must(err)
	return v
}

// The page is written when it would say something else, or when somebody has deleted
// it, and not for what it does not show.
func TestG11_ThePageIsWrittenWhenItChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newCounter(t)
		c.now = time.Now().UTC()
		d, folder := c.sit()
		file := filepath.Join(folder, "stato.html")
		write := func() (os.FileInfo, []byte) {
			t.Helper()
			time.Sleep(time.Minute)
			d.write(t.Context(), d.condition())
			info, err := os.Stat(file)
			c.must(err)
			content, err := os.ReadFile(file)
			c.must(err)
			return info, content
		}
		first, said := write()
		if again, _ := write(); !os.SameFile(first, again) {
			t.Error("the same page was written again")
		}
		c.must(os.Remove(file))
		back, content := write()
		if bytes.Equal(content, said) {
			t.Error("the page that was deleted came back with the time of the old one")
		}
		c.subscribe()
		if more, content := write(); os.SameFile(back, more) || !bytes.Contains(content, []byte(`<dd class="big">1</dd>`)) {
			t.Error("a new subscriber is not on the page")
		}
		if d.write(t.Context(), Stopped()); !strings.Contains(string(d.page), "Il servizio è fermo") {
			t.Error("the last page does not say that it is over")
		}
	})
}

// A problem is noted once, with its beginning; noted again after trouble with the
// store; and over when it has no words.
func TestG11_NoteKeepsWhatOnlyTheDaemonSees(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	rung := func() bool {
		select {
		case <-d.changed:
			return true
		default:
			return false
		}
	}
	p := store.Problem{Kind: store.ProblemFolder, Severity: store.Warning, Sentence: "La cartella non si può usare."}
	cut, cancel := context.WithCancel(t.Context())
	cancel()
	d.Note(cut, p) // the store takes nothing
	if list := c.problems(in2026(whatsapp.StateConnected, c.now), whatsapp.Version{}); len(list) > 0 {
		t.Fatalf("the store noted %+v with a context that had ended", list)
	}
	rung()
	d.Note(t.Context(), p)
	noted := c.problems(in2026(whatsapp.StateConnected, c.now), whatsapp.Version{})
	if brief(noted) != "folder warning" || noted[0].Since.IsZero() || !rung() {
		t.Errorf("noted: %+v", noted)
	}
	p.Since = c.now // who calls may not know since when
	if d.Note(t.Context(), p); rung() {
		t.Error("the same problem is news again")
	}
	p.Severity = store.Alarm
	if d.Note(t.Context(), p); !rung() || brief(c.problems(in2026(whatsapp.StateConnected, c.now), whatsapp.Version{})) != "folder alarm" {
		t.Error("what has become worse was not noted")
	}
	d.Note(t.Context(), store.Problem{Kind: store.ProblemFolder})
	if list := c.problems(in2026(whatsapp.StateConnected, c.now), whatsapp.Version{}); len(list) > 0 || !rung() {
		t.Errorf("over, and still there: %+v", list)
	}
}

// What is only good to know stands below a service that is well, and what somebody
// has to look after on top of it, once.
func TestG11_TheWorstIsOnTop(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	says := func(level page.Level, sentence string, below ...string) {
		t.Helper()
		v := c.view(d)
		var rest []string
		for _, p := range v.Problems {
			rest = append(rest, p.Sentence)
		}
		if v.Level != level || v.Sentence != sentence || strings.Join(rest, "|") != strings.Join(below, "|") {
			t.Errorf("level %v, %q, below %q; want %v, %q, %q", v.Level, v.Sentence, rest, level, sentence, below)
		}
	}
	const well = "Il servizio è collegato a WhatsApp e funziona."
	says(page.Good, well)
	d.Note(t.Context(), store.Problem{Kind: store.ProblemUpload, Severity: store.Notice, Sentence: "Un allegato è lento."})
	says(page.Good, well, "Un allegato è lento.")
	d.Note(t.Context(), store.Problem{Kind: store.ProblemFolder, Severity: store.Warning, Sentence: "La cartella non si può usare."})
	says(page.Warning, "La cartella non si può usare.", "Un allegato è lento.")
	d.lights = func() []store.RedLight { return []store.RedLight{{Light: store.LightFailing}} }
	if v := c.view(d); v.Level != page.Bad || len(v.Problems) != 2 {
		t.Errorf("a red light: level %v, below %+v", v.Level, v.Problems)
	}
	d.lights = func() []store.RedLight { return nil }
	d.Note(t.Context(), store.Problem{Kind: store.ProblemFolder})
	d.link = func() store.Link {
		return store.Link{State: string(whatsapp.StateConnecting), Since: c.now.Add(-time.Minute)}
	}
	if v := c.view(d); v.Level != page.Warning {
		t.Errorf("a connection that is being made again: level %v", v.Level)
	}
}
