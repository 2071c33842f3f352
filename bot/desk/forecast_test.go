package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"banditore/bot/pace"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// What remains to be sent is reckoned as the outbox takes it: corrections first, then
// the oldest; without what is held, over, or capped.
func TestLoads(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	waits := func(id int64, n int) store.Announcement {
		return store.Announcement{ID: id, State: store.Running, Content: store.Content{NotBefore: now}, Priority: store.Ordinary, Counts: store.Counts{Waiting: n, PartsWaiting: 1}}
	}
	correction, held, over := waits(6, 2), waits(3, 2), waits(1, 2)
	correction.Corrects, held.Held, over.State = 4, true, store.Stopped
	later := now.Add(time.Hour)
	got, ids := loads([]store.Announcement{correction, waits(5, 9), waits(4, 2), held, waits(2, 3), over}, map[int64]time.Time{4: later}, map[int64]int{2: 4, 5: 3})
	if want := []int64{6, 4, 5}; !slices.Equal(ids, want) {
		t.Fatalf("got %d, want %d", ids, want)
	}
	want := []pace.Load{
		{Waiting: 3, NotBefore: now, Priority: store.Ordinary}, {Waiting: 3, NotBefore: later, Priority: store.Ordinary}, {Waiting: 7, NotBefore: now, Priority: store.Ordinary},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// claim takes the next message.
func (c *counter) claim() store.Outgoing {
	c.t.Helper()
	o, ok, err := c.db.ClaimDelivery(c.t.Context(), c.now, store.Ordinary, time.Minute)
	if c.must(err); !ok {
		c.t.Fatal("there is nothing to send")
	}
	return o
}

// A forecast reckons with what nobody sees in the list: deletions that leave first, a
// red light, a suspension whose end is known. Without a link there is none.
func TestG8_TheForecastReckonsWithWhatKeepsIt(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	c.subscribe()
	wrong := c.publish(store.NewAnnouncement{Content: store.Content{Name: "sbagliato.txt", Text: "Alle 9."}})
	c.must(c.db.Sent(t.Context(), c.claim(), c.now))
	c.now = c.now.Add(time.Hour)
	a := c.publish(store.NewAnnouncement{Content: store.Content{Name: "festa.txt", Text: "La festa."}})
	leaves := func(want time.Duration) {
		t.Helper()
		list, err := c.db.Announcements(t.Context(), 0)
		c.must(err)
		spans, err := Forecast(t.Context(), d.cfg, c.db, list, c.now)
		c.must(err)
		if got := spans[a.ID].First.Sub(c.now); got != want {
			t.Errorf("it leaves in %v, want %v", got, want)
		}
	}
	leaves(0)
	_, err := c.db.Withdraw(t.Context(), wrong.ID, c.now, 48*time.Hour, whatsapp.MessageIDPrefix)
	c.must(err)
	leaves(6 * time.Second)
	c.must(c.db.SetRedLight(t.Context(), store.RedLight{Light: store.LightLimited, Until: c.now.Add(time.Hour)}))
	leaves(time.Hour + 6*time.Second)
	c.must(c.db.SetLink(t.Context(), store.Link{State: string(whatsapp.StateBanned), Until: c.now.Add(2 * time.Hour)}))
	leaves(2*time.Hour + 6*time.Second)
	c.must(c.db.SetLink(t.Context(), store.Link{State: string(whatsapp.StateLoggedOut)}))
	if spans, err := Forecast(t.Context(), d.cfg, c.db, []store.Announcement{a}, c.now); err != nil || spans != nil {
		t.Errorf("without a link: %v, %v", spans, err)
	}
}

// Words that are urgent wait for no upload; what has no other words does.
func TestG8_WhatWaitsForAnUpload(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	c.subscribe()
	with := func(name string, urgent bool, messages int) int64 {
		return c.publish(store.NewAnnouncement{Content: store.Content{Name: name, Text: name, Urgent: urgent, Messages: messages}, Attachments: []store.NewAttachment{picture(name)}}).ID
	}
	words, caption, ordinary := with("a.txt", true, 2), with("b.txt", true, 1), with("c.txt", false, 2)
	running, err := d.running(t.Context(), c.now)
	c.must(err)
	outlooks, err := d.outlooks(t.Context(), running, c.now)
	c.must(err)
	if outlooks[words].uploading || !outlooks[caption].uploading || !outlooks[ordinary].uploading {
		t.Errorf("waiting for an upload: urgent words %v, a caption %v, an ordinary one %v", outlooks[words].uploading, outlooks[caption].uploading, outlooks[ordinary].uploading)
	}
	const why = "l'allegato non è ancora su WhatsApp: il caricamento si ripete da solo"
	for _, x := range c.view(d).Queue {
		if (x.Why == why) != (x.ID != words) || x.ID != words && x.Forecast != "" {
			t.Errorf("%s: %q, %q", x.Name, x.Why, x.Forecast)
		}
	}
}

// Only when everybody who waits is capped does the page say that it is WhatsApp's doing.
func TestG8_WhoNeverWroteWaits(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	c.subscribe()
	anna := store.Entry{Person: store.Person{Number: "+393330000001"}, Details: store.Details{GivenName: "Anna", FamilyName: "Bianchi", Comune: "Saronno"}, ConsentAt: c.now, Consent: "modulo"}
	_, err := c.db.Import(t.Context(), []store.Entry{anna}, nil, c.now, false)
	c.must(err)
	c.must(c.db.SetCapping(t.Context(), store.Capping{State: string(whatsapp.CappingFull)}, c.now))
	c.publish(store.NewAnnouncement{Content: store.Content{Name: "festa.txt", Text: "La festa."}})
	if v := c.view(d); len(v.Queue) != 1 || strings.Contains(v.Queue[0].Why, "importato") {
		t.Errorf("one of two is capped: %+v", v.Queue)
	}
	c.must(c.db.Sent(t.Context(), c.claim(), c.now))
	if v := c.view(d); len(v.Queue) != 1 || !strings.Contains(v.Queue[0].Why, "chi manca è stato importato") {
		t.Errorf("nobody else waits: %+v", v.Queue)
	}
}

// What is urgent stands first, however late it came.
func TestG8_TheQueueIsInTheOrderInWhichItLeaves(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	c.subscribe()
	for _, a := range []store.NewAnnouncement{
		{Content: store.Content{Name: "dopo.txt", Text: "Dopo.", NotBefore: c.now.AddDate(0, 0, 3)}}, {Content: store.Content{Name: "ordinario.txt", Text: "Ordinario."}}, {Content: store.Content{Name: "urgente.txt", Text: "Urgente.", Urgent: true}},
	} {
		c.must(c.db.Hold(t.Context(), c.publish(a).ID))
	}
	var names []string
	for _, x := range c.view(d).Queue {
		names = append(names, x.Name)
	}
	if want := []string{"urgente.txt", "ordinario.txt", "dopo.txt"}; !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
}

// What waits says for what: the hours, the ceiling, or its turn.
func TestG6_ThePageSaysWhatKeepsItFromLeaving(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	d.pace.DailyLimit = 300
	night := time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC)
	for want, got := range map[string]string{
		"fuori dall'orario di invio (08:00-20:00)":         d.pause(store.Ordinary, true, night),
		"il massimo di 300 messaggi in 24 ore è raggiunto": d.pause(store.Ordinary, true, c.now),
		"dopo gli avvisi che vengono prima":                d.pause(store.Urgent, false, night),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
