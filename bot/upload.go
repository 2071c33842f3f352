package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

const (
	// uploadLook is how often attachments are looked for whose upload grows old.
	uploadLook = time.Hour
	// uploadPause is the longest pause between two tries of an upload that fails.
	uploadPause = 5 * time.Minute
)

// upload brings attachments to WhatsApp's servers, each once for all who get
// it, and again before WhatsApp deletes it. What belongs to them cannot be
// claimed before. It is a loop of its own so that no answer waits for a film.
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
		if wake.After(time.Now()) {
			b.sleep(ctx, b.uploads, wake)
		}
	}
}

// uploadNext uploads the attachment that is needed first. Without one, or while
// nothing may leave, it says when to look again.
func (b *Bot) uploadNext(ctx context.Context) (wake time.Time, err error) {
	now := time.Now()
	if _, opens := b.brake.opens(); opens.After(now) || !b.line.Ready() {
		return latest(opens, now.Add(uploadLook)), nil // the bell rings when the link stands
	}
	due, err := b.store.DueUploads(ctx, now)
	if err != nil || len(due) == 0 {
		return now.Add(uploadLook), err
	}
	if err := b.uploadOne(ctx, due[0]); err != nil {
		return now, err
	}
	b.outgoing.ring()
	return now, nil
}

func (b *Bot) uploadOne(ctx context.Context, a store.Attachment) error {
	data, err := b.store.AttachmentData(ctx, a.ID)
	if err != nil {
		return err
	}
	up, err := b.line.Upload(ctx, whatsapp.MediaKind(a.Kind), data)
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
