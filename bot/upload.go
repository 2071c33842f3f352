package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"banditore/bot/loop"
	"banditore/bot/whatsapp"
	"banditore/store"
)

const (
	// uploadLook is how often attachments are looked for whose upload grows old.
	uploadLook = time.Hour
	// uploadPause is the longest pause between two tries of an upload that fails.
	uploadPause = 5 * time.Minute
	// urgentUpload is how long urgent words wait for an attachment that they are to
	// be under, while uploads are tried and none succeeds.
	urgentUpload = time.Minute
	// uploadWorry is how long uploads may fail before people are told.
	uploadWorry = 5 * time.Minute
)

// upload brings attachments to WhatsApp's servers, each once for all who get
// it, and again before WhatsApp deletes it. What belongs to them cannot be
// claimed before, but for urgent words. It is a loop of its own so that no answer
// waits for a film.
func (b *Bot) upload(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		wake, err := b.uploadNext(ctx)
		switch {
		case err == nil:
			failures = 0
		case ctx.Err() == nil:
			failures++
			wake = time.Now().Add(min(Backoff(failures), uploadPause))
			b.log.Warn("attachment not uploaded; it will be tried again", "error", err, "failures", failures)
		}
		b.desk.Note(ctx, b.uploadProblem(time.Now()))
		if wake.After(time.Now()) {
			loop.Sleep(ctx, b.uploads, wake)
		}
	}
}

// uploadProblem says that an attachment is not taken, once that has lasted.
func (b *Bot) uploadProblem(now time.Time) store.Problem {
	p := store.Problem{Kind: store.ProblemUpload, Severity: store.Warning}
	if since := b.uploading.Load(); since != nil && now.Sub(*since) >= uploadWorry {
		p.Sentence = "Un allegato non si riesce a caricare su WhatsApp: gli avvisi che lo portano aspettano."
		p.Advice = "Il servizio riprova da solo. Se dura più di un'ora, controlla che la rete lasci uscire il server verso mmg.whatsapp.net."
	}
	return p
}

// uploadNext uploads the attachment that is needed first, and when WhatsApp does
// not take that one, the next. Without one, or while nothing may leave, it says
// when to look again.
func (b *Bot) uploadNext(ctx context.Context) (wake time.Time, err error) {
	now := time.Now()
	if _, opens := b.brake.opens(); opens.After(now) || !b.keeper.Line().Ready() {
		b.uploading.Store(nil)
		return loop.Latest(opens, now.Add(uploadLook)), nil // the bell rings when the link stands
	}
	due, err := b.store.DueUploads(ctx, now)
	if err != nil || len(due) == 0 {
		b.uploading.Store(nil)
		return now.Add(uploadLook), err
	}
	b.uploading.CompareAndSwap(nil, &now)
	for _, a := range due {
		failure := b.uploadOne(ctx, a)
		if failure == nil {
			b.uploading.Store(nil)
			b.outgoing.Ring()
			return now, nil // what failed before it is first again
		}
		err = errors.Join(err, failure)
		if unreachable(failure) {
			break
		}
	}
	return now, err
}

// unreachable tells of an upload that failed through no fault of its file.
func unreachable(err error) bool {
	send, ok := errors.AsType[*whatsapp.SendError](err)
	return !ok || send.Fault == whatsapp.FaultLink || send.Fault == whatsapp.FaultLimit
}

func (b *Bot) uploadOne(ctx context.Context, a store.Attachment) error {
	data, err := b.store.AttachmentData(ctx, a.ID)
	if err != nil {
		return err
	}
	up, err := b.keeper.Line().Upload(ctx, whatsapp.MediaKind(a.Kind), data)
	if send, ok := errors.AsType[*whatsapp.SendError](err); ok && send.Fault == whatsapp.FaultMessage {
		return errors.Join(err, b.giveUp(ctx, a, send.Code))
	}
	if err != nil {
		return err
	}
	where, err := json.Marshal(up)
	if err != nil {
		return fmt.Errorf("note where an attachment is: %w", err)
	}
	b.log.Info("attachment uploaded", "file", a.Name, "bytes", len(data))
	return b.store.Uploaded(context.WithoutCancel(ctx), a.ID, where, time.Now())
}

// giveUp fails what shows an attachment that WhatsApp takes for nobody; urgent
// words leave without it.
func (b *Bot) giveUp(ctx context.Context, a store.Attachment, code int) error {
	b.log.Error("whatsapp takes this attachment for nobody", "file", a.Name, "code", code)
	if err := b.goAhead(ctx, a); err != nil {
		return err
	}
	return b.store.Unsendable(ctx, a.Announcement)
}

// hasten lets the words of urgent announcements leave without their attachments
// when uploads have been failing, or taking their time, for too long. It wakes
// upload for what another process has released.
func (b *Bot) hasten(ctx context.Context, now time.Time) error {
	due, err := b.store.DueUploads(ctx, now)
	if err != nil || len(due) == 0 {
		return err
	}
	since := b.uploading.Load()
	if since == nil {
		b.uploads.Ring() // it sleeps; what fails is not hurried
		return nil
	}
	if now.Sub(*since) < urgentUpload {
		return nil
	}
	for _, a := range due {
		err = errors.Join(err, b.goAhead(ctx, a))
	}
	return err
}

func (b *Bot) goAhead(ctx context.Context, a store.Attachment) error {
	if !a.Binds {
		return nil
	}
	done, err := b.store.WordsFirst(ctx, a.Announcement, whatsapp.NewMessageID)
	if done {
		b.log.Warn("urgent words leave before their attachment", "file", a.Name)
		b.outgoing.Ring()
	}
	return err
}
