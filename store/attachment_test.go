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
// that they could.
func TestG2_PartsFollowTheFirst(t *testing.T) {
	t.Parallel()
	for _, mend := range []string{"", "uncharge", "receipt"} {
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
			case "uncharge":
				must(t, tw.Uncharge(t.Context(), []Outgoing{o}, noon()))
				equal(t, "counts", tw.look(a.ID).Counts, Counts{Recipients: 1, Waiting: 1, PartsWaiting: 1})
				must(t, tw.Sent(t.Context(), tw.claim(noon()), noon()))
			case "receipt":
				must(t, tw.Receipts(t.Context(), Receipt{IDs: []string{o.MessageID}, State: Delivered, At: noon()}))
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

// An upload from a clock that ran ahead is not believed: nobody knows its age.
func TestG3_UploadsFromTheFutureAreMadeAnew(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(flyer("a.txt", 1))
	equal(t, "ahead", tw.upload(noon().Add(time.Hour)), 1)
	equal(t, "put back", tw.upload(noon()), 1)
	equal(t, "again", tw.upload(noon()), 0)
}

// What waits for the message before it is not due at any time.
func TestNothingIsDueThatWaitsForThePrevious(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	tw.publish(flyer("a.txt", 2))
	tw.upload(noon())
	first := tw.claim(noon())
	due, err := tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "while the first is in hand", due.Delivery, [Urgent + 1]time.Time{})
	must(t, tw.Sent(t.Context(), first, noon()))
	due, err = tw.NextDue(t.Context(), noon())
	must(t, err)
	equal(t, "when it has left", due.Delivery[Ordinary], noon())
}

// What a document tells of its author is told with it, and with a correction that has
// the same document.
func TestWhatADocumentCarries(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	n := flyer("1.txt", 2)
	n.Attachments[1].Carries = "Il documento porta il nome: Mario Rossi."
	first := tw.publish(n)
	correction := announcement("1 RETTIFICA.txt")
	correction.Corrects, correction.Messages = first.ID, 2
	second := tw.publish(correction)
	for _, a := range []Announcement{first, second} {
		list, err := tw.Attachments(t.Context(), a.ID)
		must(t, err)
		equal(t, "attachments", len(list), 2)
		equal(t, "of the first", list[0].Carries, "")
		equal(t, "of the second", list[1].Carries, "Il documento porta il nome: Mario Rossi.")
	}
	due, err := tw.DueUploads(t.Context(), noon())
	must(t, err)
	for _, x := range due {
		equal(t, "carries", x.Carries != "", x.Position == 1)
	}
}
