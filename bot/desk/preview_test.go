package desk

import (
	"slices"
	"strings"
	"testing"
	"time"

	"banditore/bot/page"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// picture is an attachment of an announcement.
func picture(name string) store.NewAttachment {
	return store.NewAttachment{AttachedFile: store.AttachedFile{Name: name, File: name, Kind: "image", MIME: "image/jpeg", Thumbnail: []byte{7}, DroppedHash: [32]byte{1}}, Data: []byte(name)}
}

// Before it leaves, an announcement is shown as a phone will, with who gets it and
// when; and afterwards with what became of it.
func TestG8_FromThePreviewToTheEnd(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	c.subscribe()
	a := c.publish(store.NewAnnouncement{
		Content:     store.Content{Name: "festa.txt", Text: "La festa.", Comuni: []string{"Saronno"}, NotBefore: c.now.Add(2 * time.Minute), Messages: 2},
		Attachments: []store.NewAttachment{picture("festa.jpg"), picture("festa-2.jpg")},
	})
	v := c.view(d)
	if len(v.Second) != 1 || len(v.Queue)+len(v.Leaving)+len(v.Recent) > 0 {
		t.Fatalf("before it leaves: %+v", v)
	}
	draft := v.Second[0]
	if !slices.Equal(draft.Comuni, []string{"Saronno"}) || draft.Recipients != 1 || draft.KindWord != "ordinario" || draft.Why != "" {
		t.Errorf("the draft: %+v", draft)
	}
	if !draft.Leaves.Equal(c.now.Add(2*time.Minute)) || !draft.Done.Equal(c.now.Add(2*time.Minute+6*time.Second)) {
		t.Errorf("it leaves at %v and is done at %v", draft.Leaves, draft.Done)
	}
	var shows []string
	for _, b := range draft.Bubbles {
		shows = append(shows, b.Text+" "+b.Attachment.Name)
	}
	if got := strings.Join(shows, ", "); got != "La festa. festa.jpg,  festa-2.jpg" || draft.Bubbles[0].Attachment.Thumbnail == nil {
		t.Errorf("a phone shows %q", got)
	}
	began := c.now
	c.now = began.Add(3 * time.Minute)
	list, err := c.db.Attachments(t.Context(), a.ID)
	c.must(err)
	for _, x := range list {
		c.must(c.db.Uploaded(t.Context(), x.ID, []byte("{}"), c.now))
	}
	c.must(c.db.Sent(t.Context(), c.claim(), c.now))
	if v = c.view(d); len(v.Leaving) != 1 || v.Leaving[0].Sent != 1 || len(v.Leaving[0].Comuni) != 1 || v.Leaving[0].Forecast == "" {
		t.Errorf("while it leaves: %+v", v.Leaving)
	}
	c.must(c.db.Fail(t.Context(), c.claim(), c.now, store.Rejected))
	if v = c.view(d); len(v.Recent) != 1 || v.Recent[0].StateWord != "inviato" || v.Recent[0].PartsFailed != 1 || len(v.Recent[0].Comuni) != 1 {
		t.Errorf("after the end: %+v", v.Recent)
	}
}

// What waits for something else than the time is no draft, and the page says for what.
func TestG8_WhatIsNoDraft(t *testing.T) {
	t.Parallel()
	for name, n := range map[string]struct {
		store.NewAnnouncement
		change func(*counter, *Desk, store.Announcement)
		why    string
	}{
		"urgent":  {NewAnnouncement: store.NewAnnouncement{Content: store.Content{Urgent: true}}, why: "sta per partire"},
		"far off": {NewAnnouncement: store.NewAnnouncement{Content: store.Content{NotBefore: time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)}}, why: "parte il 03/12/2026 verso le 09:00"},
		"held": {
			NewAnnouncement: store.NewAnnouncement{Content: store.Content{NotBefore: time.Date(2026, 11, 30, 12, 5, 0, 0, time.UTC)}},
			change:          func(c *counter, _ *Desk, a store.Announcement) { c.must(c.db.Hold(c.t.Context(), a.ID)) }, why: "è sospeso da chi gestisce il servizio",
		},
		"in the hours": {why: "sta per partire"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t)
			d, _ := c.sit()
			c.subscribe()
			n.Name, n.Text = "festa.txt", "La festa."
			a := c.publish(n.NewAnnouncement)
			if n.change != nil {
				n.change(c, d, a)
			}
			if v := c.view(d); len(v.Second) > 0 || len(v.Queue) != 1 || v.Queue[0].Why != n.why {
				t.Errorf("drafts %+v, waiting %+v", v.Second, v.Queue)
			}
		})
	}
}

// Without a link, or while sending stands still, nobody knows when a draft leaves.
func TestG8_ADraftThatNobodyKnowsWhen(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	c.subscribe()
	c.publish(store.NewAnnouncement{Content: store.Content{Name: "festa.txt", Text: "La festa.", NotBefore: c.now.Add(time.Hour)}})
	expect := func(want string) {
		t.Helper()
		v := c.view(d)
		if len(v.Second) != 1 || !strings.Contains(v.Second[0].Why, want) || !v.Second[0].Leaves.IsZero() || !v.Second[0].Done.IsZero() {
			t.Errorf("level %v, %+v, want %q", v.Level, v.Second, want)
		}
	}
	d.link = func() store.Link { return store.Link{State: string(whatsapp.StateLoggedOut)} }
	expect("in attesa del collegamento")
	d.link = func() store.Link {
		return store.Link{State: string(whatsapp.StateBanned), Until: c.now.Add(time.Hour)}
	}
	if v := c.view(d); v.Level != page.Bad {
		t.Errorf("banned: level %v", v.Level)
	}
	expect("quando gli invii riprendono")
}

// A draft that is what was sent already says so.
func TestG8_ADraftThatWasSentBefore(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	c.subscribe()
	c.publish(store.NewAnnouncement{Content: store.Content{Name: "festa.txt", Text: "La festa.", Urgent: true}})
	c.now = c.now.AddDate(0, 0, 3)
	c.publish(store.NewAnnouncement{Content: store.Content{Name: "di nuovo.txt", Text: "La festa.", NotBefore: c.now.Add(time.Hour)}})
	v := c.view(d)
	if len(v.Second) != 1 || !slices.Contains(v.Second[0].Warnings, "È uguale a un avviso già accettato il 30/11/2026 (festa.txt).") {
		t.Errorf("%+v", v.Second)
	}
}

// A draft whose document names its author says so.
func TestG4_ADraftWhoseDocumentNamesSomebody(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	d, _ := c.sit()
	c.subscribe()
	flyer := picture("festa.pdf")
	flyer.Kind, flyer.Carries = "document", "Il documento porta il nome: Mario Rossi."
	c.publish(store.NewAnnouncement{
		Content:     store.Content{Name: "festa.txt", Text: "La festa.", NotBefore: c.now.Add(time.Hour), Messages: 2},
		Attachments: []store.NewAttachment{picture("festa.jpg"), flyer},
	})
	if v := c.view(d); len(v.Second) != 1 || !slices.Equal(v.Second[0].Warnings, []string{"Il documento porta il nome: Mario Rossi."}) {
		t.Errorf("%+v", v.Second)
	}
}
