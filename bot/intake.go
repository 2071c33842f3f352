package bot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"banditore/bot/config"
	"banditore/bot/spool"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// doubleWithin is how long the same content counts as a probable double.
const doubleWithin = 24 * time.Hour

// scanFloor keeps a spool.scan of zero from turning into a busy loop.
const scanFloor = time.Second

// intake takes files out of the spool and files them away when they are done.
// Folder events make it quick, the slow scan makes it sure.
func (b *Bot) intake(ctx context.Context) {
	b.watchFolder(ctx)
	for ctx.Err() == nil {
		if err := b.look(ctx); err != nil && ctx.Err() == nil {
			b.log.Error("spool not worked through; it will be looked at again", "error", err)
		}
		pause := max(b.cfg.Spool.Scan, scanFloor)
		if settles, ok := b.spool.NextLook(); ok {
			pause = min(pause, settles)
		}
		b.sleep(ctx, b.folder, time.Now().Add(pause))
	}
}

// watchFolder rings for every folder event, until ctx ends.
func (b *Bot) watchFolder(ctx context.Context) {
	if b.scan {
		return
	}
	events, err := b.spool.Events(ctx)
	if err != nil {
		b.log.Warn("no folder events; the spool is only scanned", "error", err)
		return
	}
	go func() {
		for range events {
			b.folder.ring()
		}
	}()
}

// look works through the spool once. One bad file or announcement stops no
// other.
func (b *Bot) look(ctx context.Context) error {
	claimed, err := b.spool.Scan(ctx)
	errs := []error{err}
	for _, f := range claimed {
		errs = append(errs, b.publish(ctx, f))
	}
	b.changed.ring()
	b.outgoing.ring() // another process may have released something
	return errors.Join(append(errs, b.reconcile(ctx))...)
}

// publish makes an announcement of a claimed file.
func (b *Bot) publish(ctx context.Context, f spool.File) error {
	now := time.Now()
	a := store.NewAnnouncement{
		Name: f.Name, File: f.File, Text: f.Text,
		Urgent: f.Urgent, Preview: f.Preview, PreviewNumbers: b.previewNumbers(),
		AcceptedAt: now, NotBefore: now,
	}
	if !f.Preview {
		a.NotBefore, a.Expires = latest(now.Add(b.cfg.Sending.Holdback), f.NotBefore), f.Expires
		twin, double, err := b.store.RecentlyPublished(ctx, f.File, f.Text, now.Add(-doubleWithin))
		if err != nil {
			return fmt.Errorf("look for a double: %w", err)
		}
		if double {
			return b.spool.Refuse(f.File, fmt.Sprintf("lo stesso testo è già stato accettato nelle ultime 24 ore (%s)", twin),
				"se vuoi inviarlo di nuovo, cambia almeno una parola, per esempio aggiungendo «Promemoria:» all'inizio.")
		}
	}
	published, err := b.store.Publish(ctx, a, whatsapp.NewMessageID)
	if err != nil {
		return fmt.Errorf("publish an announcement: %w", err)
	}
	b.log.Info("announcement accepted", "file", f.Name, "recipients", published.Recipients, "urgent", f.Urgent)
	b.outgoing.ring()
	return nil
}

func (b *Bot) previewNumbers() []store.Number {
	var list []store.Number
	for _, n := range b.cfg.Sending.Preview {
		list = append(list, store.Number(n))
	}
	return list
}

// reconcile brings in_invio and the unfinished announcements together: a file
// without announcement is one that a crash left behind, an announcement
// without file has been taken away by hand, and one that has ended is filed.
func (b *Bot) reconcile(ctx context.Context) error {
	unfiled, err := b.store.Unfiled(ctx)
	if err != nil {
		return err
	}
	files, err := b.spool.InFlight()
	if err != nil {
		return err
	}
	var errs []error
	for _, a := range unfiled {
		i, there := slices.BinarySearch(files, a.File)
		if there {
			files = slices.Delete(files, i, i+1)
		}
		errs = append(errs, b.fileAway(ctx, a, there))
	}
	for _, left := range files {
		errs = append(errs, b.takeUp(ctx, left))
	}
	return errors.Join(errs...)
}

// takeUp publishes a file that was claimed but never became an announcement.
func (b *Bot) takeUp(ctx context.Context, name string) error {
	f, err := b.spool.Load(name)
	var refusal *spool.Refusal
	switch {
	case errors.As(err, &refusal):
		return b.spool.Refuse(name, refusal.Reason, refusal.Advice)
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	}
	return b.publish(ctx, f)
}

// fileAway files an announcement that has ended, or whose file is no longer
// there: then its sending is stopped first.
func (b *Bot) fileAway(ctx context.Context, a store.Announcement, there bool) (err error) {
	if a.State == store.Running {
		if there {
			return nil
		}
		if a, err = b.store.Stop(ctx, a.ID); err != nil {
			return fmt.Errorf("stop an announcement: %w", err)
		}
		b.log.Info("file taken away, sending stopped", "file", a.Name)
	}
	if err := b.spool.FileAway(a.File, report(a, b.cfg.Sending)); err != nil {
		return fmt.Errorf("file an announcement away: %w", err)
	}
	b.log.Debug("file moved to its last place", "file", a.Name)
	return b.store.Filed(ctx, a.ID)
}

func report(a store.Announcement, s config.Sending) spool.Report {
	r := spool.Report{
		Name: a.Name, Urgent: a.Urgent, Preview: a.Preview, Location: s.Location,
		Accepted: a.AcceptedAt, First: a.FirstSent, Last: a.LastSent,
		Recipients: a.Recipients, Sent: a.Sent, Delivered: a.Delivered, Read: a.Read,
		Failed: a.Failed, Cancelled: a.Cancelled, Expired: a.Expired,
		Expires: a.Expires, StoppedByHand: a.State == store.Stopped,
	}
	if a.NotBefore.After(a.AcceptedAt.Add(s.Holdback)) {
		r.NotBefore = a.NotBefore
	}
	for _, reason := range slices.Sorted(maps.Keys(a.Reasons)) {
		r.Reasons = append(r.Reasons, spool.Reason{Text: ReasonWords(reason), Count: a.Reasons[reason]})
	}
	return r
}
