package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// ermenegilda is a citizen whose bytes are easily told from anybody else's, and
// whose number and LID lie in the midst of theirs: that is where pages split.
func ermenegilda() Person { return Person{Number: "+393335011223", LID: "100000005011223"} }

// herCode is ermenegilda's: no number and no other code holds these signs.
const herCode = "ZQXJWK"

// traces lists which of ermenegilda's bytes are in which file of the directory.
func (tw *town) traces() (found []string) {
	tw.t.Helper()
	files, err := os.ReadDir(tw.dir)
	must(tw.t, err)
	if len(files) == 0 {
		tw.t.Fatal("no files to look into")
	}
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(tw.dir, file.Name()))
		must(tw.t, err)
		for _, secret := range []string{"393335011223", "100000005011223", "Ermenegilda", "Zanzottera", "Rescaldina", herCode, "malinconica"} {
			if bytes.Contains(content, []byte(secret)) {
				found = append(found, file.Name()+": "+secret)
			}
		}
	}
	return found
}

// settle has everybody subscribe, ermenegilda in their midst, and get news.
func (tw *town) settle(others int) {
	tw.t.Helper()
	tw.citizens(0, others/2)
	tw.handle(ermenegilda(), noon(), func(i *Inbox) error {
		return errors.Join(i.Subscribe(Details{"Ermenegilda", "Zanzottera", "Rescaldina"}, Evidence{}),
			i.Answer(Confirmation, "Benvenuta, Ermenegilda Zanzottera"))
	})
	_, err := tw.db.Exec(`UPDATE subscribers SET code = ? WHERE given_name = 'Ermenegilda'`, herCode)
	must(tw.t, err)
	tw.handle(ermenegilda(), noon(), func(i *Inbox) error { // she has paused until now, and is asked whether she wants to leave
		return errors.Join(i.SetNewsFrom(noon()), i.Ask(Question{Asked: AskedLeave, Details: Details{"Ermenegilda", "Zanzottera", "Rescaldina"}, Words: "Sono malinconica"}, time.Hour))
	})
	tw.citizens(others/2, others)
	must(tw.t, tw.Sent(tw.t.Context(), tw.claimAnswer(noon()), noon()))
	tw.publish(announcement("fiera.txt"))
	preview := announcement("prova.txt")
	preview.Preview, preview.PreviewNumbers = true, []Number{ermenegilda().Number, newNumber}
	tw.publish(preview)
	for range 3 {
		must(tw.t, tw.Sent(tw.t.Context(), tw.claim(noon()), noon()))
	}
}

// goodbye has her leave and the goodbye sent, and returns when she is due.
func (tw *town) goodbye(p Person) time.Time {
	tw.t.Helper()
	tw.handle(p, noon(), func(i *Inbox) error {
		_, err := i.Cancel()
		return errors.Join(err, i.Answer(Goodbye, "Ciao, Ermenegilda"))
	})
	o := tw.claimAnswer(noon())
	equal(tw.t, "answer", o.Answer, Goodbye)
	must(tw.t, tw.Sent(tw.t.Context(), o, noon()))
	due, err := tw.NextDue(tw.t.Context(), noon())
	must(tw.t, err)
	equal(tw.t, "erasure due", due.Erasure, noon().Add(forgetAfterGoodbye))
	return due.Erasure
}

func (tw *town) due(now time.Time) (people []Person) {
	tw.t.Helper()
	list, err := tw.DueErasures(tw.t.Context(), now)
	must(tw.t, err)
	for _, e := range list {
		people = append(people, e.Person)
	}
	return people
}

// Whatever address she writes from, no byte of her is left. The list is long
// enough for pages to split, and most of them do after she is on it.
func TestG5_NoByteIsLeft(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]Person{
		"both":   ermenegilda(),
		"LID":    {LID: ermenegilda().LID},
		"number": {Number: ermenegilda().Number},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tw := newTown(t)
			tw.settle(3000)
			if len(tw.traces()) == 0 {
				t.Fatal("she has left no traces to erase")
			}
			due := tw.goodbye(from)
			people := tw.due(due)
			equal(t, "people", len(people), 1)
			equal(t, "person", people[0], ermenegilda())
			must(t, tw.Erase(t.Context(), people))
			for _, trace := range tw.traces() {
				t.Error("left behind:", trace)
			}
			equal(t, "still due", len(tw.due(due)), 0)
			equal(t, "others", tw.rows("subscribers"), 3000)
		})
	}
}

// Pages that split may keep copies of rows: many who subscribed before most
// pages did leave at once.
func TestG5_NoCopyIsLeftInSplitPages(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	const people, leavers = 3000, 150
	for n := range people / 20 { // registrations come in small lots
		tw.citizens(n*20, n*20+20)
	}
	for n := range leavers {
		tw.handle(citizen(n), noon(), cancel)
	}
	gone := tw.due(noon().Add(24 * time.Hour))
	equal(t, "people to erase", len(gone), leavers)
	must(t, tw.Erase(t.Context(), gone))
	content, err := os.ReadFile(tw.path)
	must(t, err)
	for _, p := range gone {
		if bytes.Contains(content, []byte(p.Number)) || bytes.Contains(content, []byte(p.LID)) {
			t.Errorf("left behind: %s or %s", string(p.Number), string(p.LID))
		}
	}
}

func TestCountsSurviveErasure(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(10)
	list, err := tw.Announcements(t.Context(), 0)
	must(t, err)
	due := tw.goodbye(ermenegilda())
	must(t, tw.Erase(t.Context(), tw.due(due)))
	for _, before := range list {
		after := tw.look(before.ID)
		equal(t, "recipients", after.Recipients, before.Recipients)
		equal(t, "sent", after.Sent, before.Sent)
		equal(t, "waiting and left", after.Waiting+after.Unsubscribed, before.Waiting)
	}
}

func TestG5_ReaderHindersErasureForAWhile(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(100)
	due := tw.goodbye(ermenegilda())
	command, err := OpenExisting(t.Context(), tw.dir)
	must(t, err)
	defer command.Close()
	for range command.Subscribers(t.Context()) { // the list is half read
		if err := tw.Erase(t.Context(), tw.due(due)); !errors.Is(err, ErrBusy) {
			t.Fatalf("got %v, want %v", err, ErrBusy)
		}
		break
	}
	if len(tw.traces()) == 0 {
		t.Fatal("the reader hindered nothing")
	}
	// What is owed is remembered across a restart.
	must(t, tw.Store.Close())
	tw.Store, err = Open(t.Context(), tw.dir)
	must(t, err)
	equal(t, "still due", len(tw.due(due)), 0)
	must(t, tw.Compact(t.Context()))
	for _, trace := range tw.traces() {
		t.Error("left behind:", trace)
	}
}

// Compact writes the file anew only when an erasure is incomplete.
func TestCompactOwesNothing(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(1)
	log := filepath.Join(tw.dir, "store.db-wal")
	before, err := os.Stat(log)
	must(t, err)
	must(t, tw.Compact(t.Context()))
	after, err := os.Stat(log)
	must(t, err)
	if before.Size() == 0 || after.Size() != before.Size() {
		t.Fatalf("the log had %d bytes, and has %d", before.Size(), after.Size())
	}
}

// She changes her mind between the goodbye and the erasure.
func TestG3_SubscribingAgainWithdrawsTheErasure(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(3)
	due := tw.goodbye(ermenegilda())
	people := tw.due(due) // the daemon is about to erase her
	tw.subscribe(Person{LID: ermenegilda().LID})
	must(t, tw.Erase(t.Context(), people))
	equal(t, "subscribers", tw.rows("subscribers"), 4)
	tw.handle(ermenegilda(), due, func(i *Inbox) error { return i.Answer(Other, "?") })
	equal(t, "due", len(tw.due(due.Add(1000*time.Hour))), 0)
}

// The new owner of her number has subscribed: her erasure is not his.
func TestErasureSparesTheNewOwnerOfTheNumber(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(3)
	due := tw.goodbye(ermenegilda())
	heir := Person{ermenegilda().Number, otherLID}
	tw.subscribe(heir)
	must(t, tw.Erase(t.Context(), tw.due(due)))
	equal(t, "subscribers", tw.rows("subscribers"), 4)
	equal(t, "the heir", tw.list()[3].Person, heir)
}

func TestFailedGoodbyeStartsTheErasure(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(3)
	tw.leave(ermenegilda(), noon())
	equal(t, "due while the goodbye waits", len(tw.due(noon().Add(13*24*time.Hour))), 0)
	equal(t, "due if it never goes", len(tw.due(noon().Add(14*24*time.Hour))), 1)
	must(t, tw.Fail(t.Context(), tw.claimAnswer(noon()), noon(), Unreachable))
	equal(t, "due", len(tw.due(noon().Add(forgetAfterGoodbye))), 1)
}

func TestSilentCancellationIsErasedAfterADay(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.settle(3)
	tw.handle(ermenegilda(), noon(), cancel)
	equal(t, "due", len(tw.due(noon().Add(24*time.Hour))), 1)
}

func cancel(i *Inbox) error {
	_, err := i.Cancel()
	return err
}

// Old rows go, once a day at most, and leave their counts.
func TestPurge(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	old, running := tw.publish(announcement("old.txt")), tw.publish(announcement("running.txt"))
	for range 3 {
		must(t, tw.Sent(t.Context(), tw.claim(noon()), noon()))
	}
	month := noon().Add(30 * 24 * time.Hour)
	purge := func(now, before time.Time, want int64) {
		t.Helper()
		n, err := tw.Purge(t.Context(), now, before)
		must(t, err)
		equal(t, "deleted", n, want)
	}
	purge(month, noon(), 0)
	purge(month.Add(time.Hour), month, 0) // not yet again
	purge(month.Add(24*time.Hour), month, 3)
	equal(t, "counts", tw.look(old.ID).Counts, Counts{Recipients: 3, Sent: 3})
	equal(t, "running", tw.look(running.ID).Counts, Counts{Recipients: 3, Waiting: 3})
	equal(t, "rows", tw.rows("deliveries"), 3)
}

// Old rows of corrections and withdrawals leave their counts, too.
func TestPurgeOfCorrections(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	tw.crowd(3)
	a := tw.publish(announcement("a.txt"))
	tw.sendAt(noon())
	tw.sendAt(noon())
	c := tw.publish(correction(a, noon()))
	for range 3 {
		tw.sendAt(noon())
	}
	tw.withdraw(c.ID, noon())
	for range 3 {
		tw.sendAt(noon())
	}
	before, corrected := tw.look(a.ID), tw.look(c.ID)
	month := noon().Add(30 * 24 * time.Hour)
	_, err := tw.Purge(t.Context(), month, month)
	must(t, err)
	equal(t, "rows", tw.rows("deliveries"), 0)
	tw.catchUp(noon().Add(time.Hour))
	after := tw.look(c.ID)
	equal(t, "counts", tw.look(a.ID).Counts, before.Counts)
	equal(t, "counts of the correction", after.Counts, corrected.Counts)
	equal(t, "amended", after.Amended, Amended{Edited: 2, Direct: 1})
	equal(t, "withdrawal", *after.Withdrawal, *corrected.Withdrawal)
	equal(t, "deleted", after.Withdrawal.Deleted, 3)
}

// What is past its time goes also when nobody writes any more, and so do the copies
// of the list that older releases kept as the text of an answer.
func TestPurgeOfAnswers(t *testing.T) {
	t.Parallel()
	tw := newTown(t)
	who := Person{number, lid}
	tw.handle(who, noon(), func(i *Inbox) error { return i.Answer(MyData, "Nome: Mario") })
	o := tw.claimAnswer(noon())
	must(t, tw.Sent(t.Context(), o, noon()))
	purge := func(at time.Time) Record {
		t.Helper()
		_, err := tw.Purge(t.Context(), at, noon())
		must(t, err)
		r, err := tw.Record(t.Context(), who)
		must(t, err)
		return r
	}
	r := purge(noon())
	equal(t, "answers", len(r.Answers), 1)
	equal(t, "text", r.Answers[0].Text, "")
	r = purge(noon().Add(rememberHandled + time.Hour))
	equal(t, "a month later", len(r.Answers)+len(r.Handled), 0)
}
