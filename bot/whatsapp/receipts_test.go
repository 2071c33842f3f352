package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"

	"banditore/bot/whatsapp/whatsapptest"
)

// Only a recipient's phone says that a message arrived: that our own has a copy of it, or that a group has, is none of that.
func TestOnlyRecipientsConfirm(t *testing.T) {
	t.Parallel()
	var mario types.MessageSource
	mario.Sender = types.NewJID("111111", types.HiddenUserServer)
	mario.Chat = mario.Sender
	own, group := mario, mario
	own.IsFromMe, group.IsGroup = true, true
	for name, c := range map[string]struct {
		source types.MessageSource
		kind   types.ReceiptType
		told   bool
		read   bool
	}{
		"arrived":              {mario, types.ReceiptTypeDelivered, true, false},
		"read":                 {mario, types.ReceiptTypeRead, true, true},
		"our own copy":         {own, types.ReceiptTypeDelivered, false, false},
		"our own copy is read": {own, types.ReceiptTypeRead, false, false},
		"a group":              {group, types.ReceiptTypeDelivered, false, false},
		"for another's chat":   {types.MessageSource{Chat: types.NewJID("222222", types.HiddenUserServer), Sender: mario.Sender}, types.ReceiptTypeRead, false, false},
		"a channel":            {types.MessageSource{Chat: types.NewJID("1203", types.NewsletterServer), Sender: types.NewJID("1203", types.NewsletterServer)}, types.ReceiptTypeRead, false, false},
		"a retry":              {mario, types.ReceiptTypeRetry, false, false},
		"sent from elsewhere":  {mario, types.ReceiptTypeSender, false, false},
	} {
		client := openForTest(t, t.TempDir())
		var got []Receipt
		client.options.OnReceipts = func(_ context.Context, list []Receipt) error {
			got = append(got, list...)
			return nil
		}
		if !client.receipted(nil, &events.Receipt{MessageSource: c.source, MessageIDs: []string{"3EB0"}, Type: c.kind}) {
			t.Errorf("%s: it is not acknowledged", name)
		}
		if len(got) > 0 != c.told || c.told && got[0].Read != c.read {
			t.Errorf("%s: told %+v", name, got)
		}
	}
}

// shown are quiet phones, and the IDs of the messages that each has got.
func (w *confirming) shown(t *testing.T, phones, messages int) map[*whatsapptest.Phone][]string {
	t.Helper()
	all := make(map[*whatsapptest.Phone][]string)
	for i := range phones {
		phone := w.server.NewPhone(fmt.Sprintf("+39333%07d", i))
		phone.KeepQuiet()
		for range messages {
			id := NewMessageID()
			if _, err := w.Send(t.Context(), Address{Number: phone.Number(), LID: phone.LID()}, id, Content{Text: "avviso"}); err != nil {
				t.Fatal(err)
			}
			all[phone] = append(all[phone], id)
		}
	}
	w.settle(t)
	w.take()
	return all
}

// confirm lets every phone say of every message what became of it, each in a receipt of its own.
func confirm(all map[*whatsapptest.Phone][]string, read bool) (n int) {
	for phone, ids := range all {
		for _, id := range ids {
			phone.Confirm(read, id)
			n++
		}
	}
	return n
}

func idsOf(list []Receipt) (ids []string) {
	for _, r := range list {
		ids = append(ids, r.IDs...)
	}
	slices.Sort(ids)
	return ids
}

// Nothing of a batch that could not be committed is acknowledged, and all of it comes again.
func TestG3_ReceiptsOfAFailedCommitComeAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls [][]Receipt
		w := newConfirming(t, func(list []Receipt) error {
			calls = append(calls, list)
			switch len(calls) {
			case 1:
				return errors.New("the disk is full")
			case 2:
				panic("Mario Rossi")
			}
			return nil
		})
		said := confirm(w.shown(t, 4, 3), false)
		time.Sleep(80 * time.Second) // the connection was renewed twice
		synctest.Wait()
		if len(calls) != 3 || len(calls[0]) != said || !slices.Equal(idsOf(calls[0]), idsOf(calls[1])) || !slices.Equal(idsOf(calls[1]), idsOf(calls[2])) {
			t.Fatalf("%d receipts came in %d batches, want all of them three times", said, len(calls))
		}
		if got := len(w.take()); got != said {
			t.Errorf("%d acknowledgements left, want %d after the commit", got, said)
		}
		w.settle(t)
		w.server.DropConnections()
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(calls) != 3 {
			t.Error("they came again after the commit")
		}
	})
}

// A siren: many receipts are few commits, and each ID is told in the order of arrival.
func TestManyReceiptsAreFewCommits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		commits, last := 0, make(map[string]bool)
		var told []string
		w := newConfirming(t, func(list []Receipt) error {
			commits++
			if len(list) > foldLimit {
				t.Errorf("%d receipts in one commit", len(list))
			}
			for _, r := range list {
				told, last[r.IDs[0]] = append(told, r.IDs[0]), r.Read
			}
			time.Sleep(5 * time.Millisecond) // a disk
			return nil
		})
		all := w.shown(t, 10, 50)
		start := time.Now()
		said := confirm(all, false) + confirm(all, true)
		w.settle(t)
		if len(told) != said || said != 1000 {
			t.Errorf("%d of %d receipts were told", len(told), said)
		}
		for id, read := range last {
			if !read {
				t.Errorf("%s was told to be read before it was told to have arrived", id)
			}
		}
		if least := said / foldLimit; commits > 2*least+2 {
			t.Errorf("%d receipts took %d commits", said, commits)
		}
		if got := len(w.take()); got != said {
			t.Errorf("got %d acknowledgements, want %d", got, said)
		}
		if took := time.Since(start); took > time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// In quiet times a receipt waits for nobody longer than the pause.
func TestALoneReceiptWaitsAMoment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var at time.Time
		w := newConfirming(t, func([]Receipt) error {
			at = time.Now()
			return nil
		})
		all := w.shown(t, 1, 3)
		for range 3 {
			start := time.Now()
			confirm(all, false)
			w.settle(t)
			if waited := at.Sub(start); waited < 0 || waited > foldPause {
				t.Errorf("it was told after %v", waited)
			}
			time.Sleep(7 * time.Second)
		}
	})
}

// When the connection breaks while a batch is committed, nothing is acknowledged on the next one that did not come over it.
func TestG3_ReceiptsAreAcknowledgedWhereTheyCame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		disk := make(chan struct{})
		w := newConfirming(t, func([]Receipt) error {
			calls.Add(1)
			<-disk
			return nil
		})
		mend := sync.OnceFunc(func() { close(disk) })
		t.Cleanup(mend)
		confirm(w.shown(t, 1, 1), false)
		time.Sleep(foldPause)
		synctest.Wait()
		if calls.Load() != 1 {
			t.Fatalf("told %d times, want it to be in hand", calls.Load())
		}
		w.server.DropConnections()
		time.Sleep(5 * time.Second)
		if err := w.AwaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		disk <- struct{}{}
		synctest.Wait()
		if got := len(w.take()); got > 0 || calls.Load() != 2 {
			t.Errorf("told %d times, acknowledged %d times before it was committed again", calls.Load(), got)
		}
		mend()
		w.settle(t)
		if got := len(w.take()); got != 1 || calls.Load() != 2 {
			t.Errorf("told %d times, acknowledged %d times, want twice and once", calls.Load(), got)
		}
	})
}

// What has come is committed and acknowledged before the line goes down.
func TestCloseHandsOverWhatHasCome(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var counted atomic.Int64
		told := func() int { return int(counted.Load()) }
		onReceipts := func(list []Receipt) error {
			time.Sleep(time.Second)
			counted.Add(int64(len(list)))
			return nil
		}
		w := newConfirming(t, onReceipts)
		all := w.shown(t, 3, 2)
		said := confirm(all, false)
		time.Sleep(2 * foldPause)
		said += confirm(all, true) // while the commit of the first is in hand
		synctest.Wait()
		if told() > 0 {
			t.Fatal("nothing waits, so this test cannot fail")
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if got := len(w.take()); told() != said || got != said {
			t.Errorf("%d of %d were told, and %d acknowledged", told(), said, got)
		}
		w.open(t, onReceipts)
		w.connect(t)
		time.Sleep(2 * time.Second)
		if told() != said {
			t.Errorf("%d were told again", told()-said)
		}
	})
}

// Who has a message, says so and writes at once is heard in that order, however many others say something meanwhile.
func TestG3_AReceiptIsNotedBeforeTheTextAfterIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		noted, before := 0, -1
		w := newConfirming(t, func(list []Receipt) error {
			time.Sleep(5 * time.Millisecond) // as a disk takes
			noted += len(list)
			return nil
		})
		w.options.OnText = func(context.Context, Text) error {
			before = noted
			return nil
		}
		all := w.shown(t, 20, 20)
		said := confirm(all, false)
		for phone := range all {
			phone.Text("+393343679575", "Disattiva Notizie")
			break
		}
		confirm(all, true)
		w.settle(t)
		if before < said || noted != 2*said {
			t.Errorf("%d receipts were noted before the text and %d in all, want %d before it and %d", before, noted, said, 2*said)
		}
	})
}

// What phones said while we were away is committed before anything leaves: it may have been sent to them before.
func TestReadyOnlyAfterTheReceiptsOfTheBacklog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told atomic.Int64
		onReceipts := func(list []Receipt) error {
			time.Sleep(100 * time.Millisecond)
			told.Add(int64(len(list)))
			return nil
		}
		w := newConfirming(t, onReceipts)
		all := w.shown(t, 5, 2)
		w.Close()
		said := confirm(all, false) + confirm(all, true)
		w.open(t, onReceipts)
		if err := w.Connect(context.WithoutCancel(t.Context())); err != nil {
			t.Fatal(err)
		}
		for !w.Ready() {
			time.Sleep(time.Millisecond)
		}
		if n := told.Load(); int(n) != said {
			t.Errorf("ready after %d of %d receipts", n, said)
		}
		w.settle(t)
	})
}
