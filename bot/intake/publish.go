package intake

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"banditore/bot/loop"
	"banditore/bot/media"
	"banditore/bot/message"
	"banditore/bot/settings"
	"banditore/bot/spool"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// doubleWithin is how long the same content counts as a probable double.
const doubleWithin = 24 * time.Hour

// maxTogether bounds what the attachments of one announcement may weigh
// together, in bytes: they are in memory at once while it is published.
const maxTogether = 48 << 20

// What waits is bounded, so that nobody who can write in the folder fills the disk
// of the list: beyond, announcements are refused. So many messages leave in four
// months, at one in six seconds.
const (
	maxMessages = 2_000_000
	maxBytes    = 1 << 30 // of attachments
)

// publish makes an announcement of what was claimed, or refuses it.
func (i *Intake) publish(ctx context.Context, f spool.File) error {
	a, err := i.draft(ctx, f, time.Now())
	refusal, no := errors.AsType[*spool.Refusal](err)
	switch {
	case no:
		return i.spool.Refuse(f.File, refusal.Reason, refusal.Advice)
	case errors.Is(err, fs.ErrNotExist):
		return nil // taken away again; what is left of it is looked at next time
	case err != nil:
		return err
	}
	published, err := i.store.Publish(ctx, a, whatsapp.MessageIDPrefix)
	if errors.Is(err, store.ErrAttachmentsGone) {
		return i.spool.Refuse(f.File, "l'avviso da rettificare non è arrivato a tutti, e i suoi allegati non ci sono più",
			"metti accanto alla rettifica anche i suoi allegati, con lo stesso nome, e rimetti tutto in da_inviare.")
	}
	if err != nil {
		return fmt.Errorf("publish an announcement: %w", err)
	}
	if a.Corrects != 0 {
		i.amended = time.Now()
	}
	i.log.Info("announcement accepted", "file", f.Name, "recipients", published.Recipients, "paused", published.Paused, "urgent", f.Urgent,
		"attachments", len(a.Attachments), "correction", a.Corrects != 0)
	i.outgoing.Ring()
	i.uploads.Ring()
	return nil
}

// draft is the announcement that a file asks for. The error is a
// [*spool.Refusal] when there is to be none.
func (i *Intake) draft(ctx context.Context, f spool.File, now time.Time) (a store.NewAnnouncement, err error) {
	a = store.NewAnnouncement{Content: f.Content, PreviewNumbers: settings.Previews(i.cfg)}
	a.AcceptedAt, a.NotBefore, a.Messages = now, now, message.Count(f.Text, len(f.Attachments))
	if err = i.refuseTooMuch(ctx, f.File); err != nil {
		return a, err
	}
	if a.Attachments, err = i.attachments(f.Attachments); err != nil {
		return a, err
	}
	if f.Preview { // it leaves at once, whatever it shows
		a.Expires = time.Time{}
		return a, nil
	}
	if !f.Urgent {
		a.NotBefore = now.Add(i.cfg.Sending.Holdback)
	}
	a.NotBefore = loop.Latest(a.NotBefore, f.NotBefore)
	if f.CorrectsStem != "" {
		return a, i.correct(ctx, &a, f, now)
	}
	return a, i.refuseDouble(ctx, a, now)
}

// attachments reads what belongs to an announcement, one after the other, and
// prepares it for phones.
func (i *Intake) attachments(list []spool.Attachment) (prepared []store.NewAttachment, err error) {
	together := 0
	for _, a := range list {
		data, err := i.spool.ReadAttachment(a.File)
		if err != nil {
			return nil, err
		}
		ready, err := media.Read(a.Name, data)
		if r, no := errors.AsType[*media.Refusal](err); no {
			return nil, &spool.Refusal{Name: a.File, Reason: attachmentReason(a.Name, len(list), r.Reason), Advice: r.Advice}
		}
		if err != nil {
			return nil, fmt.Errorf("read an attachment: %w", err)
		}
		if together += len(ready.Data); together > maxTogether {
			return nil, &spool.Refusal{Name: a.File, Reason: fmt.Sprintf("gli allegati insieme superano %d MB", maxTogether>>20),
				Advice: "togline qualcuno oppure riducili, e rimetti tutto in da_inviare."}
		}
		prepared = append(prepared, store.NewAttachment{
			AttachedFile: store.AttachedFile{
				Name: a.Name, File: a.File, Kind: string(ready.Kind), MIME: ready.MIME,
				Width: ready.Width, Height: ready.Height, Seconds: ready.Seconds, Pages: ready.Pages,
				Thumbnail: ready.Thumbnail, DroppedHash: sha256.Sum256(data), Carries: carried(a.Name, len(list), ready.Carries),
			},
			Data: ready.Data,
		})
	}
	return prepared, nil
}

// carried says as a sentence what a document tells of its author.
func carried(name string, of int, words string) string {
	if words == "" {
		return ""
	}
	words = attachmentReason(name, of, words)
	return strings.ToUpper(words[:1]) + words[1:] + "."
}

// attachmentReason names the attachment when there are several.
func attachmentReason(name string, of int, reason string) string {
	if of == 1 {
		return reason
	}
	return fmt.Sprintf("allegato «%s»: %s", name, reason)
}

func (i *Intake) refuseTooMuch(ctx context.Context, file string) error {
	messages, bytes, err := i.store.Backlog(ctx)
	if err != nil {
		return fmt.Errorf("see what waits: %w", err)
	}
	if messages < maxMessages && bytes < maxBytes {
		return nil
	}
	return &spool.Refusal{Name: file, Reason: "gli avvisi che aspettano di partire sono già troppi",
		Advice: "aspetta che ne partano, oppure togli da in_invio quelli che non servono più; poi rimetti tutto in da_inviare."}
}

func (i *Intake) refuseDouble(ctx context.Context, a store.NewAnnouncement, now time.Time) error {
	twin, double, err := i.store.RecentlyPublished(ctx, a.File, store.ContentHash(a.Text, dropped(a.Attachments)...), now.Add(-doubleWithin))
	if err != nil {
		return fmt.Errorf("look for a double: %w", err)
	}
	if double {
		what := "lo stesso testo"
		if len(a.Attachments) > 0 {
			what = "lo stesso avviso"
		}
		return &spool.Refusal{Name: a.File, Reason: fmt.Sprintf("%s è già stato accettato nelle ultime 24 ore (%s)", what, twin),
			Advice: "se vuoi inviarlo di nuovo, cambia almeno una parola, per esempio aggiungendo «Promemoria:» all'inizio."}
	}
	return nil
}

func dropped(attachments []store.NewAttachment) (hashes [][32]byte) {
	for _, x := range attachments {
		hashes = append(hashes, x.DroppedHash)
	}
	return hashes
}
