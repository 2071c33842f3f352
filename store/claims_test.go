package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func (tw *town) claimMany(now time.Time, most int) []Outgoing {
	tw.t.Helper()
	list, err := tw.ClaimDeliveries(tw.t.Context(), now, Ordinary, editWindow, most)
	must(tw.t, err)
	return list
}

// twins are two stores in which the same has happened.
func twins(t *testing.T, happen func(*town)) (one, many *town) {
	t.Helper()
	tw := newTown(t)
	happen(tw)
	whole := filepath.Join(t.TempDir(), "whole.db")
	must(t, tw.Backup(t.Context(), whole))
	content, err := os.ReadFile(whole)
	must(t, err)
	return openCopy(t, content), openCopy(t, content)
}

// A batch is what so many claims of one message would have given out, in their
// order, as far as it is one announcement's and nobody gets two.
func TestG2_ABatchIsWhatSingleClaimsGive(t *testing.T) {
	t.Parallel()
	for name, happen := range map[string]func(*town){
		"news": func(tw *town) {
			tw.publish(announcement("a.txt"))
			urgent := announcement("b.txt")
			urgent.Urgent = true
			tw.publish(urgent)
		},
		"three messages each": func(tw *town) {
			tw.publish(flyer("a.txt", 3))
			tw.upload(noon())
			for range 4 {
				tw.sendAt(noon())
			}
		},
		"urgent words before the flyer": func(tw *town) {
			a := flyer("a.txt", 3)
			a.Urgent, a.Messages = true, 4
			tw.publish(a)
			tw.sendAt(noon())
		},
		"what was tried before": func(tw *town) {
			tw.publish(announcement("a.txt"))
			must(tw.t, tw.Retry(tw.t.Context(), tw.claim(noon()), noon().Add(-time.Minute), Unanswered))
			must(tw.t, tw.Retry(tw.t.Context(), tw.claim(noon()), noon().Add(time.Minute), Unanswered))
		},
		"edits and corrections": func(tw *town) {
			wrong := tw.publish(announcement("a.txt"))
			for i := range 6 {
				tw.sendAt(noon().Add(time.Duration(i) * time.Minute))
			}
			tw.publish(correction(wrong, noon().Add(editWindow/2)))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			one, many := twins(t, func(tw *town) { tw.crowd(7); happen(tw) })
			for now := noon().Add(editWindow + 2*time.Minute); ; {
				batch := many.claimMany(now, 5)
				for _, got := range batch {
					equal(t, "announcement", got.Announcement, batch[0].Announcement)
					equal(t, "claimed", got, one.claim(now))
				}
				if len(batch) == 0 {
					_, ok, err := one.ClaimDelivery(t.Context(), now, Ordinary, editWindow)
					must(t, err)
					equal(t, "something is left", ok, false)
					return
				}
				must(t, many.Together(t.Context(), func(b *Batch) error { return sentAll(b, batch) }))
				must(t, one.Together(t.Context(), func(b *Batch) error { return sentAll(b, batch) }))
			}
		})
	}
}

func sentAll(b *Batch, list []Outgoing) error {
	for _, o := range list {
		if err := b.Sent(o, noon()); err != nil {
			return err
		}
	}
	return nil
}

// Of the deletions of somebody's three messages one batch has the first only, and
// the next two batches the others.
func TestABatchHasOneMessageForEachPerson(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(4)
	a := tw.publish(flyer("a.txt", 3))
	preview := flyer("p.txt", 2)
	preview.Preview, preview.PreviewNumbers = true, []Number{"+393330000001", "+393330000002"}
	shown := tw.publish(preview)
	tw.upload(noon())
	for range 4*3 + 2*2 {
		tw.sendAt(noon())
	}
	tw.withdraw(a.ID, noon())
	tw.withdraw(shown.ID, noon())
	var parts []string
	for list := tw.claimMany(noon(), 3); len(list) > 0; list = tw.claimMany(noon(), 3) {
		people, batch := map[Person]bool{}, ""
		for _, o := range list {
			equal(t, "form", o.Form, Revoke)
			equal(t, "had one in this batch", people[o.To], false)
			people[o.To] = true
			batch += fmt.Sprint(o.Part)
		}
		parts = append(parts, batch)
	}
	equal(t, "parts", fmt.Sprint(parts), "[00 11 000 111 222 0 1 2]")
}

// What makes batches of one announcement end does not keep the next from leaving.
func TestABatchIsOfOneAnnouncement(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	first, second := tw.publish(announcement("a.txt")), tw.publish(announcement("b.txt"))
	var got []int64
	for list := tw.claimMany(noon(), 2); len(list) > 0; list = tw.claimMany(noon(), 2) {
		for _, o := range list {
			got = append(got, o.Announcement)
		}
	}
	want := []int64{first.ID, first.ID, first.ID, second.ID, second.ID, second.ID}
	if !slices.Equal(got, want) {
		t.Fatalf("got %v, want %v", got, want)
	}
}
