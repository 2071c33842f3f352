package intake

import (
	"context"
	"crypto/sha256"
	"maps"
	"slices"
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
		Number: before.Number + 1, Previous: before.Hash, Comune: i.cfg.Service.Comune, Service: i.cfg.Service.Name,
		Name: a.Name, Kind: report.KindWord(a), State: report.StateWord(a, i.cfg, now), Owner: a.Owner, Text: a.Text, Comuni: a.Comuni,
		Accepted: report.In(now, a.AcceptedAt), First: report.In(now, a.FirstSent), Last: report.In(now, a.LastSent), Ended: now, AsOf: now,
		Recipients: a.Recipients, Sent: a.Sent, Delivered: a.Delivered, Read: a.Read, Failed: a.Failed,
		Left: a.Unsubscribed, Cancelled: a.Cancelled, Expired: a.Expired, Open: a.Waiting, PartsFailed: a.PartsFailed,
		Corrects: a.CorrectsName, Edited: a.Amended.Edited, Resent: a.Amended.Resent, Expires: report.In(now, a.Expires),
	}
	if a.NotBefore.After(a.AcceptedAt.Add(i.cfg.Sending.Holdback)) {
		m.NotBefore = report.In(now, a.NotBefore)
	}
	for _, reason := range slices.Sorted(maps.Keys(a.Reasons)) {
		m.Reasons = append(m.Reasons, page.Reason{Text: report.ReasonWords(reason), Count: a.Reasons[reason]})
	}
	for _, x := range attachments {
		m.Attachments = append(m.Attachments, page.Evidence{Name: x.Name, Type: report.TypeWord(x.MIME), Dropped: x.DroppedHash, Sent: x.Hash})
	}
	return m
}
