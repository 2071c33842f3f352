package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// endings are those that an attempt may have, each as a Batch and as the Store
// writes it down.
type ending struct {
	batch func(*Batch, Outgoing) error
	alone func(*town, Outgoing) error
}

func endings() map[string]ending {
	at, due := noon().Add(time.Minute), noon().Add(time.Hour)
	return map[string]ending{
		"sent": {func(b *Batch, o Outgoing) error { return b.Sent(o, at) },
			func(tw *town, o Outgoing) error { return tw.Sent(tw.t.Context(), o, at) }},
		"failed": {func(b *Batch, o Outgoing) error { return b.Fail(o, at, Rejected) },
			func(tw *town, o Outgoing) error { return tw.Fail(tw.t.Context(), o, at, Rejected) }},
		"put back": {func(b *Batch, o Outgoing) error { return b.PutBack(o) },
			func(tw *town, o Outgoing) error { return tw.PutBack(tw.t.Context(), o) }},
		"postponed": {func(b *Batch, o Outgoing) error { return b.Postpone(o, due) },
			func(tw *town, o Outgoing) error { return tw.Postpone(tw.t.Context(), o, due) }},
		"retried": {func(b *Batch, o Outgoing) error { return b.Retry(o, due, Unanswered) },
			func(tw *town, o Outgoing) error { return tw.Retry(tw.t.Context(), o, due, Unanswered) }},
	}
}

// dump is every row of the tables that an ending may change.
func (tw *town) dump() string {
	tw.t.Helper()
	var all []string
	for table, columns := range map[string]string{
		"deliveries": "id, state, attempts, due, sent_at, reason", "answers": "id, state, attempts, due, reason",
		"departures": "at, announcement, 0", "announcements": "id, state, first_sent, last_sent",
		"tallies": "announcement, form, extra, state, count", "failures": "announcement, reason, count", "erasures": "lid, due, 0",
	} {
		rows, err := tw.db.Query(`SELECT concat_ws(' ', '` + table + `', ` + columns + `) FROM ` + table)
		must(tw.t, err)
		lines, err := column[string](rows)
		must(tw.t, err)
		all = append(all, lines...)
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// What is written down together is what would be written down one by one.
func TestTogetherIsOneAfterTheOther(t *testing.T) {
	t.Parallel()
	one, many := twins(t, func(tw *town) {
		tw.crowd(15)
		tw.publish(announcement("a.txt"))
		tw.leave(citizen(14), noon())
		tw.publish(announcement("b.txt"))
	})
	var hand []Outgoing
	for _, o := range many.claimMany(noon(), 100) {
		equal(t, "claimed", one.claim(noon()), o)
		hand = append(hand, o)
	}
	for _, o := range many.claimMany(noon(), 3) {
		equal(t, "claimed", one.claim(noon()), o)
		hand = append(hand, o)
	}
	answer := many.claimAnswer(noon())
	equal(t, "answer", one.claimAnswer(noon()), answer)
	hand = append(hand, answer)
	equal(t, "in hand", len(hand), 14+3+1)
	all := endings()
	how := func(i int) ending {
		if i == len(hand)-1 {
			return all["sent"] // the goodbye
		}
		return all[[]string{"sent", "failed", "put back", "postponed", "retried"}[i%5]]
	}
	for i, o := range hand {
		must(t, how(i).alone(one, o))
	}
	must(t, many.Together(t.Context(), func(b *Batch) error {
		for i, o := range hand {
			if err := how(i).batch(b, o); err != nil {
				return err
			}
		}
		return nil
	}))
	equal(t, "the store", many.dump(), one.dump())
}

// A batch that fails leaves everything as it was.
func TestG3_ABatchIsAllOrNothing(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	tw.publish(announcement("a.txt"))
	list := tw.claimMany(noon(), 3)
	before := tw.dump()
	boom := errors.New("boom")
	err := tw.Together(t.Context(), func(b *Batch) error {
		must(t, b.Sent(list[0], noon()))
		must(t, b.Fail(list[1], noon(), Rejected))
		return boom
	})
	equal(t, "the error comes through", errors.Is(err, boom), true)
	equal(t, "the store", tw.dump(), before)

	err = tw.Receipts(t.Context(), Receipt{IDs: []string{list[0].MessageID}, State: Read, At: noon()}, Receipt{IDs: []string{list[1].MessageID}, State: Sent, At: noon()})
	equal(t, "a receipt that cannot be", err != nil, true)
	equal(t, "the store", tw.dump(), before)
}

// Receipts of several phones, each with its own word and time; the later word counts.
func TestReceiptsOfSeveralPhones(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	tw.publish(announcement("a.txt"))
	list := tw.claimMany(noon(), 3)
	at := func(seconds int) time.Time { return noon().Add(time.Duration(seconds) * time.Second) }
	must(t, tw.Receipts(t.Context(),
		Receipt{IDs: []string{list[0].MessageID, list[1].MessageID, "unknown"}, State: Delivered, At: at(1)},
		Receipt{IDs: []string{list[2].MessageID}, State: Read, At: at(2)},
		Receipt{IDs: []string{list[1].MessageID}, State: Read, At: at(3)},
		Receipt{IDs: []string{list[2].MessageID}, State: Delivered, At: at(4)}))
	got := ""
	for _, o := range list {
		var sent stamp
		must(t, tw.db.QueryRow(`SELECT sent_at FROM deliveries WHERE id = ?`, o.id).Scan(&sent))
		got += fmt.Sprint(tw.state(o), sent.Sub(noon()), " ")
	}
	equal(t, "states", got, "delivered1s read1s read2s ")
	equal(t, "announcement", tw.look(1).State, Finished)
}

// Of a batch that was claimed those are not wanted any more of whom something has
// come in between.
func TestUnwantedOfABatch(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(4)
	a := tw.publish(announcement("a.txt"))
	list := tw.claimMany(noon(), 4)
	var ids []string
	for _, o := range list {
		ids = append(ids, o.MessageID)
	}
	unwanted := func() (n []int) {
		t.Helper()
		gone, err := tw.Unwanted(t.Context(), ids, noon())
		must(t, err)
		for _, id := range gone {
			n = append(n, slices.Index(ids, id))
		}
		slices.Sort(n)
		return n
	}
	equal(t, "at first", len(unwanted()), 0)
	tw.leave(list[1].To, noon())
	must(t, tw.Receipts(t.Context(), Receipt{IDs: ids[2:3], State: Delivered, At: noon()}))
	equal(t, "then", fmt.Sprint(unwanted()), "[1 2]")
	for i, id := range ids {
		wanted, err := tw.Wanted(t.Context(), id, noon())
		must(t, err)
		equal(t, "one by one", wanted, i == 0 || i == 3)
	}
	_, err := tw.Stop(t.Context(), a.ID)
	must(t, err)
	equal(t, "at last", fmt.Sprint(unwanted()), "[0 1 2 3]")
	none, err := tw.Unwanted(t.Context(), nil, noon())
	must(t, err)
	equal(t, "of none", len(none), 0)
}
