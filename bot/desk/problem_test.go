package desk

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// counter is a store and a configuration to look at.
type counter struct {
	t   *testing.T
	db  *store.Store
	cfg config.Config
	now time.Time
}

func newCounter(t *testing.T) *counter {
	t.Helper()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	d := &counter{t: t, db: db, now: time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)}
	d.cfg.DataDir, d.cfg.Sending.Location = dir, time.UTC
	return d
}

func (d *counter) problems(c Condition, v whatsapp.Version) []store.Problem {
	d.t.Helper()
	list, err := Problems(d.t.Context(), d.cfg, d.db, c, v, d.now)
	if err != nil {
		d.t.Fatal(err)
	}
	return list
}

// noteLink notes how the link is now, as the daemon does.
func (d *counter) noteLink(l store.Link) store.Link {
	d.t.Helper()
	l.Since = d.now
	d.must(d.db.SetLink(d.t.Context(), l))
	if l.Connected {
		d.must(d.db.ClearProblem(d.t.Context(), store.ProblemLink))
	} else {
		d.must(d.db.SetProblem(d.t.Context(), store.Problem{Kind: store.ProblemLink, Severity: store.Alarm, Since: l.Since}))
	}
	return l
}

func (d *counter) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func in2026(state whatsapp.State, since time.Time) Condition {
	return ConditionOf(store.Link{State: string(state), Since: since}, nil, time.UTC)
}

// brief says of a list what matters.
func brief(list []store.Problem) string {
	var words []string
	for _, p := range list {
		words = append(words, p.Kind+" "+string(p.Severity))
	}
	return strings.Join(words, ", ")
}

// The phone is missed after ten days, and somebody must look for it after twelve.
func TestG11_ThePhoneIsMissed(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	connected := in2026(whatsapp.StateConnected, d.now)
	if got := brief(d.problems(connected, whatsapp.Version{})); got != "" {
		t.Errorf("a phone that was never seen: %q", got)
	}
	d.must(d.db.NotePhone(t.Context(), d.now))
	began := d.now
	for _, c := range []struct {
		days    float64
		want    string
		healthy bool
	}{{9.9, "", true}, {10.1, "phone notice", true}, {11.9, "phone notice", true}, {12.1, "phone warning", false}} {
		d.now = began.Add(time.Duration(c.days * 24 * float64(time.Hour)))
		list := d.problems(connected, whatsapp.Version{})
		if got := brief(list); got != c.want || Healthy(list) != c.healthy {
			t.Errorf("after %v days: %q, healthy %v", c.days, got, Healthy(list))
		}
	}
	if got := brief(d.problems(in2026(whatsapp.StateLoggedOut, d.now), whatsapp.Version{})); strings.Contains(got, "phone") {
		t.Errorf("the phone is missed though there is no link to keep: %q", got)
	}
	d.must(d.db.NotePhone(t.Context(), d.now))
	if got := brief(d.problems(connected, whatsapp.Version{})); got != "" {
		t.Errorf("the phone is back: %q", got)
	}
}

// An old library is good to know as long as the version can be looked up.
func TestG11_AnOldLibrary(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	connected := in2026(whatsapp.StateConnected, d.now)
	for _, c := range []struct {
		days    int
		trouble whatsapp.Cause
		want    string
	}{{60, "", ""}, {60, whatsapp.CauseTimeout, ""}, {61, "", "version notice"}, {61, whatsapp.CauseTimeout, "version warning"}} {
		v := whatsapp.Version{Library: d.now.AddDate(0, 0, -c.days), Trouble: c.trouble}
		if got := brief(d.problems(connected, v)); got != c.want {
			t.Errorf("%d days, %q: %q, want %q", c.days, c.trouble, got, c.want)
		}
	}
}

// A connection that is just being made again calls nobody; one that is not, does, and
// it is known since when, however often it was tried. What is worse comes first.
func TestG11_TheLink(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	d.noteLink(store.Link{State: string(whatsapp.StateDisconnected)})
	began := d.now
	for _, c := range []struct {
		after time.Duration
		want  string
	}{{time.Minute, "link notice"}, {9 * time.Minute, "link notice"}, {11 * time.Minute, "link alarm"}} {
		d.now = began.Add(c.after)
		now := d.noteLink(store.Link{State: string(whatsapp.StateConnecting), Cause: string(whatsapp.CauseName)})
		list := d.problems(ConditionOf(now, nil, time.UTC), whatsapp.Version{})
		if got := brief(list); got != c.want || !list[0].Since.Equal(began) || !strings.Contains(list[0].Sentence, "non trova il nome") {
			t.Errorf("after %v: %+v", c.after, list)
		}
	}
	d.must(d.db.SetProblem(t.Context(), store.Problem{Kind: store.ProblemFolder, Severity: store.Warning, Since: d.now, Sentence: "La cartella non si può usare."}))
	if got := brief(d.problems(in2026(whatsapp.StateLoggedOut, d.now), whatsapp.Version{})); got != "link alarm, folder warning" {
		t.Errorf("with a folder: %q", got)
	}
	if got := brief(d.problems(Stopped(), whatsapp.Version{})); got != "daemon alarm" {
		t.Errorf("of a service that does not run, nobody knows the folder: %q", got)
	}
	d.noteLink(store.Link{State: string(whatsapp.StateConnected), Connected: true})
	if got := brief(d.problems(in2026(whatsapp.StateConnected, d.now), whatsapp.Version{})); got != "folder warning" {
		t.Errorf("after the reconnect: %q", got)
	}
}

// Capping is said by how far it has gone.
func TestG11_Capping(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	for state, want := range map[whatsapp.CappingState]string{
		whatsapp.CappingNone: "", whatsapp.CappingFirst: "capping notice", whatsapp.CappingSecond: "capping warning", whatsapp.CappingFull: "capping warning",
	} {
		d.must(d.db.SetCapping(t.Context(), store.Capping{State: string(state)}, d.now))
		if got := brief(d.problems(in2026(whatsapp.StateConnected, d.now), whatsapp.Version{})); got != want {
			t.Errorf("%s: %q, want %q", state, got, want)
		}
	}
}

// Every cause has words of its own, as a connection that fails and as a link that is
// lost.
func TestG11_EveryCauseHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for state, causes := range map[whatsapp.State][]whatsapp.Cause{
		whatsapp.StateDisconnected: {"", whatsapp.CauseName, whatsapp.CauseRefused, whatsapp.CauseProxy, whatsapp.CauseCertificate, whatsapp.CauseTimeout, whatsapp.CauseOther},
		whatsapp.StateUnpaired:     {"", whatsapp.CauseOldCopy, whatsapp.CauseCopied, whatsapp.CauseDamaged, whatsapp.CauseLost, whatsapp.CauseUnlinked},
	} {
		for _, cause := range causes {
			c := ConditionOf(store.Link{State: string(state), Cause: string(cause)}, nil, time.UTC)
			name := fmt.Sprint(state, " ", cause)
			if twin, ok := seen[c.Sentence]; ok || c.Advice == "" {
				t.Errorf("%s says what %s says, or has no advice: %q %q", name, twin, c.Sentence, c.Advice)
			}
			seen[c.Sentence] = name
			if strings.Count(c.Advice, "\n") > 2 {
				t.Errorf("%s: more than three lines", name)
			}
		}
	}
}

// A notice alone is healthy.
func TestHealthy(t *testing.T) {
	t.Parallel()
	for _, s := range []store.Severity{store.Notice, store.Warning, store.Alarm} {
		if got := Healthy([]store.Problem{{Severity: store.Notice}, {Severity: s}}); got != (s == store.Notice) {
			t.Errorf("%s: healthy %v", s, got)
		}
	}
	if !Healthy(slices.Clone([]store.Problem(nil))) {
		t.Error("nothing is wrong, and it is not healthy")
	}
}

// The version is said with its age, and how it was looked for last.
func TestVersionWords(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	v := whatsapp.Version{Number: "2.3000.1", Library: now.AddDate(0, 0, -70), LookedUp: now.Add(-time.Hour), Trouble: whatsapp.CauseProxy}
	for _, words := range []string{"2.3000.1, quella del programma", "70 giorni", "invano il 30/11/2026 11:00", "proxy"} {
		if got := VersionWords(v, now); !strings.Contains(got, words) {
			t.Errorf("%q does not say %q", got, words)
		}
	}
	v.Found, v.Trouble = now.Add(-time.Hour), ""
	if got := VersionWords(v, now); !strings.Contains(got, "letta da WhatsApp il 30/11/2026") || strings.Contains(got, "invano") {
		t.Errorf("%q", got)
	}
	if got := VersionWords(whatsapp.Version{}, now); got != "" {
		t.Errorf("%q", got)
	}
}

// What is held by hand is good to know; if it is urgent, somebody must look.
func TestG11_WhatIsHeld(t *testing.T) {
	t.Parallel()
	d := newCounter(t)
	connected := in2026(whatsapp.StateConnected, d.now)
	mario := store.Incoming{ID: "IN1", From: store.Person{LID: "111111111111111"}, At: d.now}
	_, err := d.db.Handle(t.Context(), mario, d.now, whatsapp.NewMessageID, func(i *store.Inbox) error {
		return i.Subscribe(store.Details{GivenName: "Mario", FamilyName: "Rossi", Comune: "Saronno"}, store.Evidence{})
	})
	d.must(err)
	for _, c := range []struct {
		file   string
		urgent bool
		want   string
	}{{"fiera.txt", false, "held notice"}, {"piena.txt", true, "held_alert warning"}} {
		a, err := d.db.Publish(t.Context(), store.NewAnnouncement{Content: store.Content{Name: c.file, File: c.file, Text: c.file, Urgent: c.urgent, AcceptedAt: d.now, NotBefore: d.now}}, whatsapp.MessageIDPrefix)
		d.must(err)
		d.must(d.db.Hold(t.Context(), a.ID))
		if got := brief(d.problems(connected, whatsapp.Version{})); got != c.want {
			t.Errorf("with %s: %q, want %q", c.file, got, c.want)
		}
	}
}
