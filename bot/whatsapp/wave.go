package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/types"
)

// Letter is one message of a wave.
type Letter struct {
	To      Address
	ID      string // made by NewMessageID
	Content Content
}

// wave is many messages on their way at once. A plain send costs each message a round trip, and a transaction of
// session.db for each thing the library learns; a wave costs one transaction, and the time of its slowest answer:
//
//   - what is not known of its recipients is asked for in one question of each kind (prepare.go);
//   - all are encrypted in one transaction, under the lock which every other use of a session takes (batch.go, seal.go);
//   - when that has been committed the stanzas leave one after the other, and each waits for its own answer.
//
// What is out of the ordinary goes by Send, after the others: to whoever has no session even so, has another LID, or has a
// device that we did not know. So what becomes of a letter is what Send would have made of it.
type wave struct {
	client *Client
	flown  []*flown
	ended  sync.WaitGroup
}

// flown is one letter of a wave.
type flown struct {
	*attempt
	letter Letter
	over   bool // err is final

	to, number types.JID
	sealed     *sealed // nil: it goes by Send
	data       []byte  // as it went over the wire
	answer     chan *binary.Node
}

// SendWave sends letters, of which no two go to one person, and returns when they are on the wire. The function that it
// returns waits for the answers, and tells of each letter how it ended, as Send does: nil, or a *SendError. It takes as many
// as PrepareLimit. Another wave may be sent before this one has ended, and Send may be called. Wanted is asked about each
// just before all are encrypted.
func (c *Client) SendWave(ctx context.Context, letters []Letter) (await func() []error) {
	w := &wave{client: c}
	l := c.current()
	for _, letter := range letters {
		a := &attempt{client: c, link: l, id: letter.ID, content: letter.Content}
		w.flown = append(w.flown, &flown{attempt: a, letter: letter})
	}
	if l == nil || c.State().State != StateConnected || !c.enter() {
		w.fail(errNotLinked)
		return w.await
	}
	whole := ctx
	ctx, cancel := context.WithTimeout(ctx, SendDeadline)
	release := context.AfterFunc(c.stopping, cancel)
	if err := c.guarded(func() error { return w.launch(ctx, whole, l) }); err != nil {
		w.fail(err)
	}
	go func() {
		defer c.hands.Done()
		w.ended.Wait()
		release()
		cancel()
	}()
	return w.await
}

func (w *wave) await() []error {
	w.ended.Wait()
	errs := make([]error, len(w.flown))
	for i, f := range w.flown {
		errs[i] = f.err
	}
	return errs
}

// fail ends what has not left, nor begun to leave by Send.
func (w *wave) fail(err error) {
	failure := unasked(err)
	if errors.Is(err, errNotLinked) {
		failure.Fault = FaultLink
	}
	for _, f := range w.flown {
		if !f.entered.Load() && !f.over { // what has left ends by itself
			f.end(failure)
		}
	}
}

// end says how a letter ended; nil is no error.
func (f *flown) end(err *SendError) {
	f.over = true
	if err != nil {
		f.err = err
	}
}

func (w *wave) launch(ctx, whole context.Context, l *link) error {
	var people []Address
	for _, f := range w.flown {
		if err := f.content.check(); err != nil {
			f.end(&SendError{Outcome: Refused, Fault: FaultMessage, Err: err})
			continue
		}
		people = append(people, f.letter.To)
	}
	known, err := w.client.prepare(ctx, l, people)
	if err != nil {
		return err
	}
	if err := w.client.inTurn(ctx, func() error {
		if err := w.seal(ctx, l, known); err != nil {
			return err
		}
		w.client.log.Debug("wave sealed")
		w.post(ctx)
		return nil
	}); err != nil {
		return err
	}
	w.goPlainly(ctx, whole)
	return nil
}

// inTurn keeps Send, and other waves, from the sessions and the wire.
func (c *Client) inTurn(ctx context.Context, do func() error) error {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-c.turn }()
	return do()
}

// seal encrypts what is ready, in one transaction. An error means that nothing has been encrypted.
func (w *wave) seal(ctx context.Context, l *link, known prepared) error {
	var ready []*flown
	addresses := l.addresses(known.devices[l.ownLID])
	for _, f := range w.flown {
		if !f.over && f.isReady(ctx, known) {
			ready = append(ready, f)
			addresses = append(addresses, l.addresses(known.devices[f.to])...)
		}
	}
	ctx, release := w.client.people.hold(ctx)
	defer release()
	all := make(map[*flown]*sealed, len(ready))
	err := l.sessions.together(ctx, addresses, func(ctx context.Context, b *batch) error {
		for _, f := range ready {
			if !b.has(l.addresses(known.devices[f.to])) || !b.has(l.addresses(known.devices[l.ownLID])) {
				continue
			}
			s, err := f.attempt.seal(ctx, f.to, f.number)
			if err != nil {
				return fmt.Errorf("seal a message: %w", err)
			}
			if s.reaches(f.to) {
				all[f] = s
			}
		}
		return nil
	})
	if err == nil {
		for f, s := range all {
			f.sealed = s
		}
	}
	return err
}

// isReady finds out to whom a letter goes, and whether it still should. What is not ready goes by Send, or is over.
func (f *flown) isReady(ctx context.Context, known prepared) bool {
	if lid, ok := known.lids[f.letter.To]; !ok || len(known.devices[lid]) == 0 {
		return false
	}
	var err error
	if f.to, err = f.lidOf(ctx, f.letter.To); err != nil {
		failure, _ := errors.AsType[*SendError](err) // it is nothing else
		f.end(failure)
		return false
	}
	if !f.wanted(ctx) {
		f.end(&SendError{Outcome: NotSent, Fault: FaultUnwanted})
		return false
	}
	f.number = f.client.people.other(ctx, f.to)
	f.message = f.content.message(f.link.lib, f.to)
	return true
}

// post puts on the wire what is sealed. Each letter waits for its answer by itself.
func (w *wave) post(ctx context.Context) {
	for _, f := range w.flown {
		if f.sealed == nil {
			continue
		}
		//lint:ignore SA1019 see seal
		inside := f.link.lib.DangerousInternals()
		letGo := w.client.takeInHand(f.attempt)
		f.answer = inside.WaitResponse(f.id)
		f.entered.Store(true)
		var err error
		if f.data, err = inside.SendNodeAndGetData(ctx, *f.sealed.node); err != nil {
			awaitNoMore(f.link.lib, f.id)
			letGo()
			f.end(classify(fmt.Errorf("failed to send message node: %w", err)))
			continue
		}
		w.client.log.Debug("letter on the wire")
		if f.sealed.token {
			go inside.IssuePrivacyTokenAndSave(f.to, time.Now()) // as after a plain send
		}
		w.ended.Go(func() {
			defer letGo()
			f.land(ctx, w)
		})
	}
}

// land waits for the answer to a letter and deals with it.
func (f *flown) land(ctx context.Context, w *wave) {
	err := w.client.guarded(func() error {
		answer, err := f.acknowledged(ctx)
		moved := f.moved.Swap(false)
		switch {
		case moved && !f.wanted(ctx): // they have left, and nothing may be noted of them
			return &SendError{Outcome: NotSent, Fault: FaultUnwanted}
		case moved:
			return w.client.inTurn(ctx, func() (err error) {
				f.sentAt, err = f.redirect(ctx, f.letter.To, f.to)
				return err
			})
		case errors.Is(err, errUnwanted):
			return &SendError{Outcome: NotSent, Fault: FaultUnwanted}
		case err != nil:
			return classify(err)
		}
		w.client.log.Debug("letter taken")
		attrs := answer.AttrGetter()
		f.sentAt = attrs.UnixTime("t")
		if phash := attrs.OptionalString("phash"); phash != "" && phash != phashOf(f.sealed.devices) {
			return w.client.inTurn(ctx, func() error {
				f.repeat(ctx)
				return nil
			})
		}
		return nil
	})
	if err == nil {
		f.end(nil)
		return
	}
	failure, ok := errors.AsType[*SendError](err)
	if !ok {
		failure = &SendError{Outcome: Uncertain, Fault: blame(err), Err: clean(err)}
	}
	f.end(failure)
}

// errUnwanted says that a letter is not to go over a second line: whether it has arrived over the first nobody knows.
var errUnwanted = errors.New("not wanted any more")

// acknowledged waits for the acknowledgement, as SendMessage does: over a line that broke the library sends the same once
// more, if it is still wanted.
func (f *flown) acknowledged(ctx context.Context) (*binary.Node, error) {
	//lint:ignore SA1019 see seal
	inside := f.link.lib.DangerousInternals()
	var answer *binary.Node
	select {
	case answer = <-f.answer:
	case <-ctx.Done():
		awaitNoMore(f.link.lib, f.id)
		return nil, ctx.Err()
	}
	if answer == nil || answer.Tag != "ack" { // the word that the stream has ended
		if answer == nil {
			answer = new(binary.Node)
		}
		if !f.wanted(ctx) {
			return nil, errUnwanted
		}
		var err error
		if answer, err = inside.RetryFrame(ctx, "message send", f.id, f.data, answer, 0); err != nil {
			return nil, err
		}
	}
	if code := answer.AttrGetter().OptionalInt("error"); code != 0 {
		return nil, fmt.Errorf("%w %d", whatsmeow.ErrServerReturnedError, code)
	}
	return answer, nil
}

// repeat sends a letter once more, under its ID, the plain way: the server took it, but says that we are wrong about the
// devices of its recipient. The library forgets their list over that, and include asks for the new one. Who has left
// meanwhile is not written to again: that would bring their keys back.
func (f *flown) repeat(ctx context.Context) {
	if !f.wanted(ctx) {
		return
	}
	if f.client.options.OnRepeat != nil {
		f.client.noteRepeat(Repeat{ID: f.id, Device: AnyDevice, Space: f.to.Server, Count: 1, Stamped: time.Now()}, f.to)
		return
	}
	if _, err := f.hand(ctx, f.to); err != nil {
		f.client.log.Warn("a recipient's new device has missed a message", "error", clean(err))
		return
	}
	f.include(ctx, f.to, f.sealed.devices)
}

// goPlainly sends by Send what is not over and has not left, one after the other. What does not come to its turn within the
// deadline of the wave has not left, and it is not its fault; what does has SendDeadline for itself.
func (w *wave) goPlainly(ctx, whole context.Context) {
	var rest []*flown
	for _, f := range w.flown {
		if f.sealed == nil && !f.over { // what is sealed ends by itself
			rest = append(rest, f)
		}
	}
	w.ended.Go(func() {
		for _, f := range rest {
			if ctx.Err() != nil {
				f.end(&SendError{Outcome: NotSent, Fault: FaultLink, Err: ctx.Err()})
				continue
			}
			f.sentAt, f.err = w.client.Send(whole, f.letter.To, f.id, f.content)
		}
	})
}
