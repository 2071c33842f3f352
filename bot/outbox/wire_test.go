package outbox

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/loop"
	"banditore/bot/message"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// wire is a line that takes everything, once it is let.
type wire struct {
	sent     []string // IDs
	read     []string
	waves    int
	repeated []whatsapp.Repeat
	prepared []whatsapp.Address
	renewed  int           // how often a new session was asked for
	err      error         // of Send
	hang     chan struct{} // Send waits for it, if it is there
}

func (w *wire) Ready() bool { return true }

func (w *wire) Send(ctx context.Context, _ whatsapp.Address, id string, _ whatsapp.Content) (time.Time, error) {
	if w.hang != nil {
		select {
		case <-w.hang:
		case <-ctx.Done():
			return time.Time{}, &whatsapp.SendError{Outcome: whatsapp.Uncertain, Fault: whatsapp.FaultSession, Err: ctx.Err()}
		}
	}
	w.sent = append(w.sent, id)
	return time.Now(), w.err
}

func (w *wire) Upload(context.Context, whatsapp.MediaKind, []byte) (whatsapp.Upload, error) {
	return whatsapp.Upload{}, w.err
}

func (w *wire) Identify(_ context.Context, a whatsapp.Address) (whatsapp.Address, error) {
	return a, nil
}

func (w *wire) MarkRead(_ context.Context, _ whatsapp.Address, ids ...string) error {
	w.read = append(w.read, ids...)
	return nil
}

func (w *wire) SendWave(ctx context.Context, letters []whatsapp.Letter) func() []error {
	w.waves++
	errs := make([]error, len(letters))
	for i, letter := range letters {
		_, errs[i] = w.Send(ctx, letter.To, letter.ID, letter.Content)
	}
	return func() []error { return errs }
}

func (w *wire) Repeat(ctx context.Context, to whatsapp.Address, r whatsapp.Repeat, content whatsapp.Content) error {
	w.repeated = append(w.repeated, r)
	_, err := w.Send(ctx, to, r.ID, content)
	return err
}

func (w *wire) Prepare(_ context.Context, people []whatsapp.Address) {
	w.prepared = append(w.prepared, people...)
}

func (w *wire) Renew() { w.renewed++ }

// wired is a claimed delivery, and the line that it may leave by.
func wired(t *testing.T) (*Outbox, store.Outgoing, *wire) {
	t.Helper()
	x, o := claimed(t)
	w := &wire{}
	x.Line = func() Line { return w }
	x.Composer = message.Composer{Store: x.Store}
	x.Folder, x.Changed, x.Outgoing, x.Uploads = loop.NewBell(), loop.NewBell(), loop.NewBell(), loop.NewBell()
	return x, o, w
}

func rang(b loop.Bell) bool {
	select {
	case <-b:
		return true
	default:
		return false
	}
}

// Whatever became of a message of an announcement, its report and the page are looked
// at again now, and not at the next slow scan.
func TestG11_WhoeverShowsItIsToldAtOnce(t *testing.T) {
	t.Parallel()
	for _, err := range []error{nil, &whatsapp.SendError{Outcome: whatsapp.Refused, Fault: whatsapp.FaultRecipient}} {
		x, o, _ := wired(t)
		x.record(t.Context(), x.judge(o, err, time.Now(), time.Now()))
		if !rang(x.Folder) || !rang(x.Changed) {
			t.Errorf("after %v nobody was told", err)
		}
	}
}

// A command that has been answered is taken off the phone's unread messages; one whose
// answer did not leave is not.
func TestOnlyAnAnsweredCommandIsMarkedRead(t *testing.T) {
	t.Parallel()
	x, o, w := wired(t)
	in := store.Incoming{ID: "IN", From: o.To, At: time.Now()}
	if _, err := x.Store.Handle(t.Context(), in, time.Now(), whatsapp.NewMessageID, func(i *store.Inbox) error {
		return i.Answer(store.Confirmation, "Iscrizione attiva")
	}); err != nil {
		t.Fatal(err)
	}
	answer, ok, err := x.Store.ClaimAnswer(t.Context(), time.Now())
	if err != nil || !ok {
		t.Fatalf("no answer: %v", err)
	}
	x.record(t.Context(), x.judge(answer, &whatsapp.SendError{Outcome: whatsapp.NotSent, Fault: whatsapp.FaultLink}, time.Now(), time.Now()))
	if len(w.read) > 0 {
		t.Errorf("%v marked read, though nobody was answered", w.read)
	}
	x.record(t.Context(), x.judge(answer, nil, time.Now(), time.Now()))
	if len(w.read) != 1 || w.read[0] != "IN" {
		t.Errorf("marked read: %v", w.read)
	}
}

// A light that a message turns green is green for the next start, too.
func TestG7_GreenIsNoted(t *testing.T) {
	t.Parallel()
	x, o, _ := wired(t)
	x.record(t.Context(), x.judge(o, &whatsapp.SendError{Outcome: whatsapp.Refused, Fault: whatsapp.FaultLimit, Code: 429}, time.Now(), time.Now()))
	if lights, err := x.Store.RedLights(t.Context()); err != nil || len(lights) != 1 {
		t.Fatalf("lights %v, %v", lights, err)
	}
	x.record(t.Context(), x.judge(o, nil, time.Now(), time.Now()))
	if lights, err := x.Store.RedLights(t.Context()); err != nil || len(lights) != 0 {
		t.Errorf("lights %v, %v", lights, err)
	}
}

// The end of the daemon does not break off the message in hand: it has its patience,
// and no longer.
func TestG2_TheMessageInHandIsFinished(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x, o, w := wired(t)
		o.Attachments = o.Announcement // it is put together with what the store holds
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if err := x.send(ended, o); err != nil || len(w.sent) != 1 {
			t.Errorf("sent %v, %v", w.sent, err)
		}
		w.hang = make(chan struct{})
		began := time.Now()
		if err := x.send(ended, o); err == nil || time.Since(began) != Patience {
			t.Errorf("given up after %v: %v", time.Since(began), err)
		}
	})
}
