package whatsapp_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

func wantSendError(t *testing.T, client *whatsapp.Client, to whatsapp.Address, outcome whatsapp.Outcome, fault whatsapp.FaultKind) *whatsapp.SendError {
	t.Helper()
	_, err := client.Send(t.Context(), to, whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso"})
	var send *whatsapp.SendError
	if !errors.As(err, &send) {
		t.Fatalf("got %v, want %v", err, outcome)
	}
	if send.Outcome != outcome || send.Fault != fault {
		t.Fatalf("got %+v (%v), want %v, %v", send, err, outcome, fault)
	}
	return send
}

func TestSendReachesLIDAndNumber(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario, anna := w.server.NewPhone(marioNumber), w.server.NewPhone(annaNumber)
		client := w.paired(w.options())
		for _, to := range []struct {
			phone   *whatsapptest.Phone
			address whatsapp.Address
		}{
			{mario, addressOf(mario)}, {mario, whatsapp.Address{LID: mario.LID()}}, {anna, whatsapp.Address{Number: annaNumber}},
		} {
			before := len(to.phone.Messages())
			id := whatsapp.NewMessageID()
			at, err := client.Send(t.Context(), to.address, id, whatsapp.Content{Text: "Avviso: strada chiusa è così\n*oggi*"})
			if err != nil {
				t.Fatalf("send: %v", err)
			}
			if off := time.Since(at); off < -time.Minute || off > time.Minute {
				t.Errorf("got server time %v away", off)
			}
			messages, err := to.phone.AwaitMessages(t.Context(), before+1)
			if err != nil {
				t.Fatal(err)
			}
			if got := messages[before]; got.ID != id || got.Text != "Avviso: strada chiusa è così\n*oggi*" || got.From != comuneNumber {
				t.Errorf("got %+v", got)
			}
		}
		w.settle()
	})
}

func TestG2_TheSameIDIsShownOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.paired(w.options())
		id := whatsapp.NewMessageID()
		for range 2 {
			if _, err := client.Send(t.Context(), addressOf(mario), id, whatsapp.Content{Text: "avviso"}); err != nil {
				t.Fatalf("send: %v", err)
			}
		}
		w.settle()
		if len(mario.Messages()) != 1 || mario.Repeats() != 1 {
			t.Errorf("got %d messages and %d repeats, want 1 and 1", len(mario.Messages()), mario.Repeats())
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.paired(w.options())
		for code, fault := range map[int]whatsapp.FaultKind{
			463: whatsapp.FaultStranger, 420: whatsapp.FaultLimit, 429: whatsapp.FaultLimit, 406: whatsapp.FaultRecipient,
		} {
			w.server.SetRefuser(func(*whatsapptest.Phone, string) int { return code })
			if got := wantSendError(t, client, addressOf(mario), whatsapp.Refused, fault); got.Code != code {
				t.Errorf("got code %d, want %d", got.Code, code)
			}
		}
		w.server.SetRefuser(nil)
		w.send(client, mario, "adesso sì")
		w.settle()
	})
}

func TestNobodyCanReadIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		keyless, gone := w.server.NewPhone(marioNumber), w.server.NewPhone(annaNumber)
		keyless.WithoutKeys()
		gone.Gone()
		client := w.paired(w.options())
		wantSendError(t, client, addressOf(keyless), whatsapp.Refused, whatsapp.FaultRecipient)
		w.settle()
		copies := len(w.comune.SentCopies())
		wantSendError(t, client, addressOf(gone), whatsapp.Refused, whatsapp.FaultRecipient)
		wantSendError(t, client, whatsapp.Address{Number: annaNumber}, whatsapp.Refused, whatsapp.FaultRecipient)
		wantSendError(t, client, whatsapp.Address{}, whatsapp.Refused, whatsapp.FaultRecipient)
		w.settle()
		if got := len(w.comune.SentCopies()); got != copies {
			t.Errorf("the Comune's phone got %d copies of what nobody was sent", got-copies)
		}
	})
}

// The library sends without the keys that it could not ask for. That is not the recipient's fault.
func TestKeysThatCouldNotBeAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.paired(w.options())
		w.server.FailQueries("encrypt get key", 429)
		wantSendError(t, client, addressOf(mario), whatsapp.Uncertain, whatsapp.FaultSession)
		w.server.FailQueries("encrypt get key", 0)
		w.send(client, mario, "avviso")
		w.settle()
		if got := len(mario.Messages()); got != 1 {
			t.Errorf("got %d messages, want 1", got)
		}
	})
}

func TestEverySendHasADeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario, anna := w.server.NewPhone(marioNumber), w.server.NewPhone(annaNumber)
		client := w.paired(w.options())
		w.server.SetAckStaller(func(to *whatsapptest.Phone, _ string) bool { return to == mario })
		start := time.Now()
		wantSendError(t, client, addressOf(mario), whatsapp.Uncertain, whatsapp.FaultSession)
		if took := time.Since(start); took < whatsapp.SendDeadline || took > whatsapp.SendDeadline+5*time.Second {
			t.Errorf("got an end after %v, want %v", took, whatsapp.SendDeadline)
		}

		// While one send hangs, another waits for the library's lock, and gives up in time.
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		var other sync.WaitGroup
		other.Go(func() {
			client.Send(t.Context(), addressOf(mario), whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso"})
		})
		synctest.Wait()
		start = time.Now()
		if _, err := client.Send(ctx, addressOf(anna), whatsapp.NewMessageID(), whatsapp.Content{Text: "avviso"}); err == nil {
			t.Error("got no error behind a stalled send")
		}
		if took := time.Since(start); took > 15*time.Second {
			t.Errorf("got an end after %v, want the deadline of ten seconds", took)
		}
		other.Wait()
		w.server.SetAckStaller(nil)
		before := len(anna.Messages())
		w.send(client, anna, "adesso sì")
		w.settle()
		if got := len(anna.Messages()); got != before+1 {
			t.Errorf("got %d messages, want %d: what was given up came later", got, before+1)
		}
	})
}

// stuck is a log that holds the library up where it hands a message to the socket.
type stuck struct {
	slog.Handler
	held    *atomic.Bool
	release chan struct{}
}

func (s stuck) Handle(ctx context.Context, r slog.Record) error {
	said := false
	r.Attrs(func(a slog.Attr) bool {
		said = said || strings.Contains(a.Value.Resolve().String(), "[stanza message]")
		return true
	})
	if said && s.held.Load() {
		<-s.release
	}
	return s.Handler.Handle(ctx, r)
}

func (s stuck) WithAttrs(attrs []slog.Attr) slog.Handler {
	return stuck{s.Handler.WithAttrs(attrs), s.held, s.release}
}

// Send ends even when the library does not, and a message that it may have handed to the socket is uncertain then.
func TestG2_ASendThatNeverEndsIsUncertain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		options, held, release := w.options(), new(atomic.Bool), make(chan struct{})
		options.Logger = slog.New(stuck{options.Logger.Handler(), held, release})
		client := w.paired(options)
		held.Store(true)
		start := time.Now()
		wantSendError(t, client, addressOf(mario), whatsapp.Uncertain, whatsapp.FaultSession)
		if took := time.Since(start); took <= whatsapp.SendDeadline || took > whatsapp.SendDeadline+5*time.Second {
			t.Errorf("got an end after %v, want a little more than %v", took, whatsapp.SendDeadline)
		}
		close(release)
		w.settle()
	})
}

func TestDropInMidSend(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.paired(w.options())
		w.server.SetAckStaller(func(*whatsapptest.Phone, string) bool { return true })
		id := whatsapp.NewMessageID()
		cut := time.AfterFunc(time.Second, w.server.DropConnections)
		defer cut.Stop()
		_, err := client.Send(t.Context(), addressOf(mario), id, whatsapp.Content{Text: "avviso"})
		var send *whatsapp.SendError
		if !errors.As(err, &send) || send.Outcome != whatsapp.Uncertain {
			t.Fatalf("got %v, want uncertain", err)
		}
		w.server.SetAckStaller(nil)
		time.Sleep(time.Minute)
		if err := client.AwaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := client.Send(t.Context(), addressOf(mario), id, whatsapp.Content{Text: "avviso"}); err != nil {
			t.Fatalf("send again: %v", err)
		}
		w.settle()
		if got := len(mario.Messages()); got != 1 {
			t.Errorf("got %d messages, want one", got)
		}
	})
}

func TestOfflineIsNotSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		client := w.open(w.options())
		wantSendError(t, client, addressOf(mario), whatsapp.NotSent, whatsapp.FaultLink)
		client.Close()
		wantSendError(t, client, addressOf(mario), whatsapp.NotSent, whatsapp.FaultLink)
	})
}

func TestReceiptsArrive(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		receipts := make(chan whatsapp.Receipt, 10)
		options := w.options()
		failures := 1
		options.OnReceipts = func(_ context.Context, list []whatsapp.Receipt) error {
			if failures > 0 {
				failures--
				return errors.New("the disk is full")
			}
			for _, receipt := range list {
				receipts <- receipt
			}
			return nil
		}
		client := w.paired(options)
		id := w.send(client, mario, "avviso")
		if got := <-receipts; got.Read || len(got.IDs) != 1 || got.IDs[0] != id {
			t.Errorf("got %+v, want delivered", got)
		}
		mario.Read(id)
		if got := <-receipts; !got.Read || got.IDs[0] != id {
			t.Errorf("got %+v, want read", got)
		}
		w.settle()
	})
}

// outbox answers Resend as the daemon's outbox does.
type outbox struct {
	mu    sync.Mutex
	texts map[string]string
	asked int
}

func (o *outbox) resend(_ context.Context, id string, _ whatsapp.Sender) (whatsapp.Content, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked++
	text, ok := o.texts[id]
	return whatsapp.Content{Text: text}, ok
}

// The library remembers the last texts by itself; what has been cancelled meanwhile must not be repeated from there.
func TestWhatWasCancelledIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario := w.server.NewPhone(marioNumber)
		box := &outbox{texts: make(map[string]string)}
		options := w.options()
		options.Resend = box.resend
		client := w.paired(options)
		w.send(client, mario, "primo")
		w.settle()
		mario.GoOffline()
		mario.ForgetSessions()
		w.send(client, mario, "annullato")
		mario.GoOnline()
		time.Sleep(time.Minute)
		if got := len(mario.Messages()); got != 1 {
			t.Errorf("got %d messages, want the first only", got)
		}
		box.mu.Lock()
		defer box.mu.Unlock()
		if box.asked == 0 {
			t.Error("the outbox was not asked")
		}
	})
}

func TestWhoCannotDecryptGetsItAgainAlsoAfterARestart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		mario, anna := w.server.NewPhone(marioNumber), w.server.NewPhone(annaNumber)
		box := &outbox{texts: make(map[string]string)}
		options := w.options()
		options.Resend = box.resend
		client := w.paired(options)
		for _, phone := range []*whatsapptest.Phone{mario, anna} {
			w.send(client, phone, "primo")
		}
		w.settle()
		for _, phone := range []*whatsapptest.Phone{mario, anna} {
			phone.GoOffline()
			phone.ForgetSessions()
		}
		kept := w.send(client, mario, "secondo")
		w.send(client, anna, "annullato") // not in the outbox any more
		box.mu.Lock()
		box.texts[kept] = "secondo"
		box.mu.Unlock()
		client.Close()
		w.again(options)
		mario.GoOnline()
		anna.GoOnline()
		ctx, cancel := w.soon()
		defer cancel()
		if _, err := mario.AwaitText(ctx, "secondo"); err != nil {
			t.Errorf("the phone that could not decrypt got nothing: %v", err)
		}
		time.Sleep(time.Minute)
		for _, message := range anna.Messages() {
			if strings.Contains(message.Text, "annullato") {
				t.Error("what is no longer in the outbox was repeated")
			}
		}
		box.mu.Lock()
		defer box.mu.Unlock()
		if box.asked < 2 {
			t.Errorf("the outbox was asked %d times, want for both", box.asked)
		}
	})
}
