package store

import (
	"testing"
	"time"
)

// flyer is an announcement of n messages with n attachments.
func flyer(name string, n int) NewAnnouncement {
	a := announcement(name)
	a.Messages = n
	for i := range n {
		a.Attachments = append(a.Attachments, NewAttachment{
			AttachedFile: AttachedFile{Name: name, File: name + string(rune('0'+i)), Kind: "image", MIME: "image/jpeg", DroppedHash: [32]byte{byte(i)}},
			Data:         []byte{byte(i)},
		})
	}
	return a
}

// upload uploads everything that is due.
func (tw *town) upload(now time.Time) (n int) {
	tw.t.Helper()
	due, err := tw.DueUploads(tw.t.Context(), now)
	must(tw.t, err)
	for _, a := range due {
		data, err := tw.AttachmentData(tw.t.Context(), a.ID)
		must(tw.t, err)
		equal(tw.t, "there is something to upload", len(data) > 0, true)
		must(tw.t, tw.Uploaded(tw.t.Context(), a.ID, []byte("{}"), now))
	}
	return len(due)
}

// Everybody gets all messages, one person after the other.
func TestG2_PartsLeaveInOrder(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(2)
	a := tw.publish(flyer("1.txt", 3))
	equal(t, "counts", a.Counts, Counts{Recipients: 2, Waiting: 2, PartsWaiting: 4})
	_, ok, err := tw.ClaimDelivery(t.Context(), noon(), Ordinary, editWindow)
	must(t, err)
	equal(t, "claimed before the upload", ok, false)
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "due before the upload", due.Delivery[Ordinary].IsZero(), true)
	equal(t, "uploads", tw.upload(noon()), 3)
	equal(t, "uploads again", tw.upload(noon()), 0)
	var to Person
	for i := range 6 {
		o := tw.claim(noon())
		equal(t, "part", o.Part, i%3)
		equal(t, "attachments", o.Attachments, a.ID)
		equal(t, "same person as before", o.To == to, i%3 != 0)
		to = o.To
		must(t, tw.Sent(t.Context(), o, noon()))
		tw.tallyMustBeTrue()
	}
	equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 2, Sent: 2})
	equal(t, "state", tw.look(a.ID).State, Finished)
}

// Who cannot get the first message gets no further one, unless it comes out
// that he could.
func TestG2_PartsFollowTheFirst(t *testing.T) {
	t.Parallel()
	for _, mend := range []string{"", "refloat", "receipt"} {
		t.Run("mended by "+mend, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.crowd(1)
			a := tw.publish(flyer("1.txt", 2))
			other := tw.publish(flyer("2.txt", 2)) // keeps the outbox busy
			tw.upload(noon())
			o := tw.claim(noon())
			must(t, tw.Fail(t.Context(), o, noon(), Unanswered))
			equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 1, Failed: 1})
			tw.tallyMustBeTrue()
			_, err := tw.db.Exec(`UPDATE announcements SET state = 'running' WHERE id = ?`, a.ID) // others were still waiting
			must(t, err)
			switch mend {
			case "refloat":
				must(t, tw.Uncharge(t.Context(), []Outgoing{o}, noon()))
				equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 1, Waiting: 1, PartsWaiting: 1})
				must(t, tw.Sent(t.Context(), tw.claim(noon()), noon()))
			case "receipt":
				must(t, tw.Receipt(t.Context(), []string{o.MessageID}, Delivered, noon()))
			}
			tw.tallyMustBeTrue()
			next := tw.claim(noon())
			if mend == "" {
				equal(t, "next announcement", next.Announcement, other.ID)
				return
			}
			equal(t, "announcement", next.Announcement, a.ID)
			equal(t, "part", next.Part, 1)
		})
	}
}

// Uploads grow old, and what was kept of a file goes when it is filed.
func TestG3_UploadsGrowOld(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	a := tw.publish(flyer("1.txt", 1))
	tw.upload(noon())
	later := noon().Add(UploadLife)
	_, ok, err := tw.ClaimDelivery(t.Context(), later, Ordinary, editWindow)
	must(t, err)
	equal(t, "claimed with an old upload", ok, false)
	equal(t, "uploads when half of the life is over", tw.upload(noon().Add(UploadLife/2)), 1)
	must(t, tw.Sent(t.Context(), tw.claim(later), later))
	must(t, tw.Filed(t.Context(), a.ID))
	list, err := tw.Attachments(t.Context(), a.ID)
	must(t, err)
	data, err := tw.AttachmentData(t.Context(), list[0].ID)
	must(t, err)
	equal(t, "bytes kept", len(data), 0)
}

// An announcement for some towns goes to their residents.
func TestG1_Comuni(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	for n, town := range []string{"Saronno", "Uboldo", "Origgio"} {
		tw.handle(citizen(n), noon(), func(i *Inbox) error { return i.Subscribe(Details{"Mario", "Rossi", town}, Evidence{}) })
	}
	a := announcement("1.txt")
	a.Comuni = []string{"Uboldo", "Origgio"}
	a.AcceptedAt = noon().Add(time.Minute)
	id := tw.publish(a).ID
	equal(t, "recipients", tw.look(id).Recipients, 2)
	for n, town := range []string{"Saronno", "Origgio"} {
		tw.handle(citizen(10+n), noon(), func(i *Inbox) error { return i.Subscribe(Details{"Ada", "Rossi", town}, Evidence{}) })
	}
	equal(t, "recipients with who came late", tw.look(id).Recipients, 3)
}

// The days tell how many came and went, and merging two entries of one person
// is neither.
func TestDays(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	note := func(day string) { must(t, tw.NoteDay(t.Context(), day)) }
	tw.subscribe(Person{Number: number})
	tw.subscribe(Person{LID: lid})
	tw.crowd(3)
	note("2026-11-23")
	tw.handle(Person{number, lid}, noon(), func(i *Inbox) error { return i.Subscribe(Details{"Mario", "Rossi", "Saronno"}, Evidence{}) })
	tw.leave(citizen(1), noon())
	note("2026-11-24")
	note("2026-11-24")
	tw.citizens(5, 6)
	note("2026-11-24")
	list, err := tw.Days(t.Context(), "2026-11-24")
	must(t, err)
	equal(t, "days", len(list), 1)
	equal(t, "day", list[0], Day{Day: "2026-11-24", Subscribers: 4, Joined: 1, Unsubscribed: 1})
}

// Each link of the chain of minutes follows the one before, and a link that
// another holds does not change.
func TestMinutes(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	a, b := tw.publish(announcement("1.txt")), tw.publish(announcement("2.txt"))
	must(t, tw.KeepMinutes(t.Context(), a.ID, [32]byte{1}))
	must(t, tw.KeepMinutes(t.Context(), a.ID, [32]byte{2})) // written again after a crash
	last, own, err := tw.LastMinutes(t.Context(), b.ID)
	must(t, err)
	equal(t, "the one before", last, Minutes{1, [32]byte{2}})
	equal(t, "its own", own, Minutes{})
	must(t, tw.KeepMinutes(t.Context(), b.ID, [32]byte{3}))
	must(t, tw.KeepMinutes(t.Context(), a.ID, [32]byte{9}))
	last, own, err = tw.LastMinutes(t.Context(), b.ID)
	must(t, err)
	equal(t, "the one before, still", last, Minutes{1, [32]byte{2}})
	equal(t, "its own", own, Minutes{2, [32]byte{3}})
}

func TestBacklog(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	waits := func(want int, wantBytes int64) {
		t.Helper()
		messages, bytes, err := tw.Backlog(t.Context())
		must(t, err)
		equal(t, "messages", messages, want)
		equal(t, "bytes", bytes, wantBytes)
	}
	waits(0, 0)
	a := tw.publish(flyer("1.txt", 2))
	waits(6, 2)
	tw.upload(noon())
	tw.sendAt(noon())
	waits(5, 2)
	_, err := tw.Stop(t.Context(), a.ID)
	must(t, err)
	waits(0, 0)
}

// What leaves in a month is not uploaded each day until then.
func TestUploadsHaveTime(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	a := flyer("1.txt", 2)
	a.NotBefore = noon().AddDate(0, 1, 0)
	tw.publish(a)
	equal(t, "a month before", tw.upload(noon()), 0)
	equal(t, "on the day before", tw.upload(a.NotBefore.Add(-UploadLife/2)), 2)
	equal(t, "then", tw.sendAt(a.NotBefore).Part, 0)
}
