package intake

import (
	"context"
	"crypto/sha256"
	"time"

	"banditore/bot/page"
	"banditore/bot/report"
	"banditore/store"
)

// minutes writes the page for the file of record about an announcement that has
// ended, once: the next one holds its hash. Previews are nothing to keep.
func (i *Intake) minutes(ctx context.Context, a store.Announcement) error {
	last, own, err := i.store.LastMinutes(ctx, a.ID)
	if err != nil || a.Preview || own.Number > 0 {
		return err
	}
	attachments, err := i.store.Attachments(ctx, a.ID)
	if err != nil {
		return err
	}
	html, err := page.RenderMinutes(i.minutesOf(a, attachments, last))
	if err != nil {
		return err
	}
	if err := i.spool.WriteMinutes(a.File, a.Withdrawal != nil, html); err != nil {
		return err
	}
	return i.store.KeepMinutes(ctx, a.ID, sha256.Sum256(html))
}

func (i *Intake) minutesOf(a store.Announcement, attachments []store.Attachment, before store.Minutes) page.Minutes {
	now := time.Now().In(i.cfg.Sending.Location)
	m := page.Minutes{
		Announcement: a, Files: attachments, Number: before.Number + 1, Previous: before.Hash,
		Comune: i.cfg.Service.Comune, Service: i.cfg.Service.Name,
		KindWord: report.KindWord(a), StateWord: report.StateWord(a, i.cfg, now), From: report.From(a, i.cfg.Sending), Ended: now, AsOf: now,
	}
	for _, f := range report.Failures(a) {
		m.Failures = append(m.Failures, page.Reason(f))
	}
	return m
}
