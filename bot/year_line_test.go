package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// join lets a new citizen subscribe, for some days.
func (y *year) join(day int) {
	y.next++
	leaves := day + 1 + y.r.IntN(5)
	y.stay[leaves] = append(y.stay[leaves], y.next)
	y.write(y.next, fmt.Sprintf("Attiva Notizie Mario Rossi%d Saronno", y.next))
}

func (y *year) write(who int, words string) {
	y.sequence++
	text := whatsapp.Text{
		ID: fmt.Sprint("T", y.sequence), Kind: whatsapp.KindText, Body: words, At: time.Now(),
		From: whatsapp.Address{LID: string(lidOf(who)), Number: fmt.Sprintf("+39333%07d", who)},
	}
	if !y.Ready() {
		y.backlog = append(y.backlog, text)
		return
	}
	y.receive(text)
}

func (y *year) receive(text whatsapp.Text) {
	if err := y.bot.inbox.Receive(y.t.Context(), text); err != nil {
		y.t.Fatal(err)
	}
	y.mu.Lock()
	defer y.mu.Unlock()
	y.present[store.LID(text.From.LID)] = strings.HasPrefix(text.Body, "Attiva")
}

func lidOf(who int) store.LID { return store.LID(fmt.Sprintf("1%014d", who)) }

// publish announces something; one in ten is urgent, one in thirty pointless
// after three hours.
func (y *year) publish() {
	y.published++
	n, now := y.published, time.Now()
	a := store.NewAnnouncement{Content: store.Content{Text: fmt.Sprintf("ordinario %d", n), AcceptedAt: now, NotBefore: now, Urgent: n%10 == 0}}
	if a.Urgent {
		a.Text = fmt.Sprintf("urgente %d", n)
	}
	if n%30 == 1 {
		a.Expires = now.Add(3 * time.Hour)
	}
	a.Name = fmt.Sprintf("%d.txt", n)
	a.File = a.Name
	if _, err := y.bot.store.Publish(y.t.Context(), a, whatsapp.MessageIDPrefix); err != nil {
		y.t.Fatal(err)
	}
	y.bot.ring.outgoing.Ring()
}

// until lives on, minute by minute, until done.
func (y *year) until(done func() bool) {
	for range 60 * 24 * 60 {
		if done() {
			return
		}
		time.Sleep(time.Minute)
	}
	y.t.Error("two months after the year something still waits")
}

// SendWave implements line: each letter is judged by itself.
func (y *year) SendWave(ctx context.Context, letters []whatsapp.Letter) func() []error {
	errs := make([]error, len(letters))
	for i, letter := range letters {
		_, errs[i] = y.Send(ctx, letter.To, letter.ID, letter.Content)
	}
	return func() []error { return errs }
}

// Prepare implements line.
func (y *year) Repeat(context.Context, whatsapp.Address, whatsapp.Repeat, whatsapp.Content) error {
	return nil
}

func (y *year) Prepare(context.Context, []whatsapp.Address) {}

// Send implements line, and judges.
func (y *year) Send(_ context.Context, to whatsapp.Address, id string, content whatsapp.Content) (time.Time, error) {
	began, text := time.Now(), content.Text
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.state.State != whatsapp.StateConnected {
		y.t.Errorf("%v: a message left while the line was %s", began, y.state.State)
	}
	announcement := strings.HasPrefix(text, "ordinario") || strings.HasPrefix(text, "urgente")
	if announcement {
		y.judgeAnnouncement(store.LID(to.LID), text, began)
	}
	y.mu.Unlock()
	time.Sleep(80 * time.Millisecond)
	y.mu.Lock()
	y.departed = append(y.departed, began)
	if announcement {
		y.last = began
	} else {
		y.answers++
	}
	y.show(to.LID, id, text, announcement)
	if y.chance.IntN(400) == 0 { // it arrived, but WhatsApp never said so
		return time.Time{}, &whatsapp.SendError{Outcome: whatsapp.Uncertain, Fault: whatsapp.FaultSession, Err: errors.New("no answer")}
	}
	return time.Now(), nil
}

func (y *year) judgeAnnouncement(to store.LID, text string, now time.Time) {
	local, urgent := now.In(y.cfg.Sending.Location), strings.HasPrefix(text, "urgente")
	if !y.present[to] {
		y.t.Errorf("%v: %q to somebody who had left", local, text)
	}
	pace := y.cfg.Sending.Every
	if urgent {
		pace = y.cfg.Sending.UrgentEvery
	}
	if gap := now.Sub(y.last); gap < pace {
		y.t.Errorf("%v: %q only %v after the one before", local, text, gap)
	}
	for len(y.departed) > 0 && now.Sub(y.departed[0]) >= 24*time.Hour {
		y.departed = y.departed[1:]
	}
	y.busiest = max(y.busiest, len(y.departed)+1)
	if len(y.departed) >= y.size.ceiling {
		y.t.Errorf("%v: %q is over the ceiling: %d in a day", local, text, len(y.departed)+1)
	}
	if urgent {
		return
	}
	election := y.cfg.Sending.Election
	if local.Hour() < 8 || local.Hour() >= 20 || local.Before(y.cfg.Service.Launch) ||
		!local.Before(election.First) && local.Before(election.Last.AddDate(0, 0, 1)) {
		y.t.Errorf("%v: %q out of hours, before the launch or during the election", local, text)
	}
}

// show is what the phone does: an ID is shown once.
func (y *year) show(lid, id, text string, announcement bool) {
	if y.ids[id] {
		return
	}
	y.ids[id] = true
	if !announcement {
		return
	}
	y.shown[lid+text]++
	if y.shown[lid+text] > 1 {
		y.t.Errorf("%q is shown twice to one person", text)
	}
	y.byText[text]++
}

// judge compares what was seen with what the store says of every announcement.
func (y *year) judge() {
	list, err := y.bot.store.Announcements(y.t.Context(), 0)
	if err != nil {
		y.t.Fatal(err)
	}
	sent, expired, left := 0, 0, 0
	for _, a := range list {
		if a.Waiting != 0 || a.Sent+a.Failed+a.Expired+a.Unsubscribed+a.Cancelled != a.Recipients || a.Failed != 0 {
			y.t.Errorf("%s ended with %+v", a.Name, a.Counts)
		}
		// Whoever left before a second try that was not needed is counted as one who left, and has it.
		if seen := y.byText[a.Text]; seen < a.Sent || seen > a.Sent+a.Unsubscribed+a.Expired {
			y.t.Errorf("%s: %d people have it, the store says %+v", a.Name, seen, a.Counts)
		}
		sent, expired, left = sent+a.Sent, expired+a.Expired, left+a.Unsubscribed
	}
	y.t.Logf("%d announcements to %d citizens: %d messages, %d answers, %d expired, %d left", len(list), y.next, sent, y.answers, expired, left)
	if len(list) != y.size.announcements || y.next < y.size.citizens || sent < y.size.citizens/200*len(list) || y.answers < 2*y.next*9/10 || expired == 0 || left == 0 || y.busiest < y.size.ceiling {
		y.t.Error("this was no such year")
	}
}

// The rest is what the loops ask of the line.

func (y *year) State() whatsapp.StateChange {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.state
}

func (y *year) Ready() bool { return y.State().State == whatsapp.StateConnected }

func (y *year) Paired() bool { return y.State().State.Paired() }

func (y *year) Pair(context.Context, whatsapp.Screen) error { return nil }
func (y *year) Connect(context.Context) error               { return nil }

func (y *year) Forget(context.Context, []whatsapp.Address) error     { return nil }
func (y *year) Compact(context.Context) error                        { return nil }
func (y *year) Sweep(context.Context, whatsapp.Reasons) (int, error) { return 0, nil }
func (y *year) Shed(_ context.Context, meanwhile func()) error       { meanwhile(); return nil }

func (y *year) HistoryWaiting(context.Context) (int, error) { return 0, nil }

func (y *year) HistoryOver(context.Context) error { return nil }

func (y *year) Unlink(context.Context) error { return nil }

func (y *year) Version() whatsapp.Version { return whatsapp.Version{} }

func (y *year) Renew() {}

func (y *year) Link() string { return "one" }

func (y *year) Identify(_ context.Context, a whatsapp.Address) (whatsapp.Address, error) {
	return a, nil
}

func (y *year) MarkRead(context.Context, whatsapp.Address, ...string) error { return nil }

func (y *year) Close() error { return nil }

// Upload implements line: nobody attaches anything.
func (y *year) Upload(context.Context, whatsapp.MediaKind, []byte) (whatsapp.Upload, error) {
	return whatsapp.Upload{}, errors.New("nothing to upload in this year")
}
