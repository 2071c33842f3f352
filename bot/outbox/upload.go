package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
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

// Uploader is the upload loop.
type Uploader struct {
	Options
	brake *brake
	since atomic.Pointer[time.Time] // when uploads began to be tried, and none has succeeded; nil: they need not be
}

// Run brings attachments to WhatsApp's servers, each once for all who get
// it, and again before WhatsApp deletes it. What belongs to them cannot be
// claimed before, but for urgent words. It is a loop of its own so that no answer
// waits for a film.
func (u *Uploader) Run(ctx context.Context) {
	failures := 0
	for ctx.Err() == nil {
		wake, err := u.uploadNext(ctx)
		switch {
		case err == nil:
			failures = 0
		case ctx.Err() == nil:
			failures++
			wake = time.Now().Add(min(Backoff(failures), uploadPause))
			u.Log.Warn("attachment not uploaded; it will be tried again", "error", err, "failures", failures)
		}
		u.Note(ctx, u.uploadProblem(time.Now()))
		if wake.After(time.Now()) {
			loop.Sleep(ctx, u.Uploads, wake)
		}
	}
}

// uploadProblem says that an attachment is not taken, once that has lasted.
func (u *Uploader) uploadProblem(now time.Time) store.Problem {
	p := store.Problem{Kind: store.ProblemUpload, Severity: store.Warning}
	if since := u.since.Load(); since != nil && now.Sub(*since) >= uploadWorry {
		p.Sentence = "Un allegato non si riesce a caricare su WhatsApp: gli avvisi che lo portano aspettano."
		p.Advice = "Il servizio riprova da solo. Se dura più di un'ora, controlla che la rete lasci uscire il server verso mmg.whatsapp.net."
	}
	return p
}

// uploadNext uploads the attachment that is needed first, and when WhatsApp does
// not take that one, the next. Without one, or while nothing may leave, it says
// when to look again.
func (u *Uploader) uploadNext(ctx context.Context) (wake time.Time, err error) {
	now := time.Now()
	if _, opens := u.brake.opens(); opens.After(now) || !u.Line().Ready() {
		u.since.Store(nil)
		return loop.Latest(opens, now.Add(uploadLook)), nil // the bell rings when the link stands
	}
	due, err := u.Store.DueUploads(ctx, now)
	if err != nil || len(due) == 0 {
		u.since.Store(nil)
		return now.Add(uploadLook), err
	}
	u.since.CompareAndSwap(nil, &now)
	for _, a := range due {
		failure := u.uploadOne(ctx, a)
		if failure == nil {
			u.since.Store(nil)
			u.Outgoing.Ring()
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

func (u *Uploader) uploadOne(ctx context.Context, a store.Attachment) error {
	data, err := u.Store.AttachmentData(ctx, a.ID)
	if err != nil {
		return err
	}
	up, err := u.Line().Upload(ctx, whatsapp.MediaKind(a.Kind), data)
	if send, ok := errors.AsType[*whatsapp.SendError](err); ok && send.Fault == whatsapp.FaultMessage {
		return errors.Join(err, u.giveUp(ctx, a, send.Code))
	}
	if err != nil {
		return err
	}
	where, err := json.Marshal(up)
	if err != nil {
		return fmt.Errorf("note where an attachment is: %w", err)
	}
	u.Log.Info("attachment uploaded", "file", a.Name, "bytes", len(data))
	return u.Store.Uploaded(context.WithoutCancel(ctx), a.ID, where, time.Now())
}

// giveUp fails what shows an attachment that WhatsApp takes for nobody; urgent
// words leave without it.
func (u *Uploader) giveUp(ctx context.Context, a store.Attachment, code int) error {
	u.Log.Error("whatsapp takes this attachment for nobody", "file", a.Name, "code", code)
	if err := u.goAhead(ctx, a); err != nil {
		return err
	}
	if err := u.Store.Unsendable(ctx, a.Announcement); err != nil {
		return err
	}
	u.Changed.Ring()
	u.Folder.Ring() // nothing of it may be left to send, and then there is a report to write
	return nil
}

// Hasten lets the words of urgent announcements leave without their attachments
// when uploads have been failing, or taking their time, for too long. It wakes
// upload for what another process has released.
func (u *Uploader) Hasten(ctx context.Context, now time.Time) error {
	due, err := u.Store.DueUploads(ctx, now)
	if err != nil || len(due) == 0 {
		return err
	}
	since := u.since.Load()
	if since == nil {
		u.Uploads.Ring() // it sleeps; what fails is not hurried
		return nil
	}
	if now.Sub(*since) < urgentUpload {
		return nil
	}
	for _, a := range due {
		err = errors.Join(err, u.goAhead(ctx, a))
	}
	return err
}

func (u *Uploader) goAhead(ctx context.Context, a store.Attachment) error {
	if !a.Binds {
		return nil
	}
	done, err := u.Store.WordsFirst(ctx, a.Announcement, whatsapp.MessageIDPrefix)
	if done {
		u.Log.Warn("urgent words leave before their attachment", "file", a.Name)
		u.Outgoing.Ring()
	}
	return err
}
