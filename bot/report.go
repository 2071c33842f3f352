package bot

import (
	"context"
	"maps"
	"slices"
	"time"

	"banditore/bot/config"
	"banditore/bot/loop"
	"banditore/bot/spool"
	"banditore/store"
)

// reportDays is how long a report follows the receipts after the last message:
// a phone that has been off for longer is not waited for.
const reportDays = 7

// reports brings the reports up to date that may still change.
func (b *Bot) reports(ctx context.Context) error {
	list, err := b.store.Reporting(ctx)
	if err != nil {
		return err
	}
	for _, a := range list {
		r, err := b.report(ctx, a)
		if err != nil {
			return err
		}
		if err := b.spool.UpdateReport(a.File, r); err != nil {
			return err
		}
	}
	return nil
}

// finish makes the reports final of which nothing has been heard for long.
func (b *Bot) finish(ctx context.Context, now time.Time) error {
	list, err := b.store.Reporting(ctx)
	if err != nil {
		return err
	}
	for _, a := range list {
		if !isFinal(a, now) {
			continue
		}
		r, err := b.report(ctx, a)
		if err != nil {
			return err
		}
		if err := b.spool.UpdateReport(a.File, r); err != nil {
			return err
		}
		if err := b.store.Finalize(ctx, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// isFinal tells whether the report of an announcement changes no more.
func isFinal(a store.Announcement, now time.Time) bool {
	over := a.State != store.Running && (a.Withdrawal == nil || a.Withdrawal.Waiting == 0)
	return over && now.Sub(loop.Latest(a.AcceptedAt, a.LastSent)) > reportDays*24*time.Hour
}

// report is how an announcement went, in the words of the spool.
func (b *Bot) report(ctx context.Context, a store.Announcement) (spool.Report, error) {
	r := figures(a, b.cfg.Sending)
	r.Final = isFinal(a, time.Now())
	if a.Attachments == 0 {
		return r, nil
	}
	attachments, err := b.store.Attachments(ctx, a.ID)
	for _, x := range attachments {
		r.Attachments = append(r.Attachments, x.Name)
	}
	return r, err
}

func figures(a store.Announcement, s config.Sending) spool.Report {
	r := spool.Report{
		Name: a.Name, Urgent: a.Urgent, Preview: a.Preview, Location: s.Location,
		Accepted: a.AcceptedAt, First: a.FirstSent, Last: a.LastSent,
		Recipients: a.Recipients, Sent: a.Sent, Delivered: a.Delivered, Read: a.Read,
		Failed: a.Failed, Cancelled: a.Cancelled, Expired: a.Expired, Left: a.Unsubscribed, PartsFailed: a.PartsFailed,
		Expires: a.Expires, Comuni: a.Comuni, AmendedBy: a.CorrectedBy,
		StoppedByHand: a.State == store.Stopped && a.CorrectedBy == "" && a.Withdrawal == nil,
	}
	if a.NotBefore.After(a.AcceptedAt.Add(s.Holdback)) {
		r.NotBefore = a.NotBefore
	}
	for _, reason := range slices.Sorted(maps.Keys(a.Reasons)) {
		r.Reasons = append(r.Reasons, spool.Reason{Text: ReasonWords(reason), Count: a.Reasons[reason]})
	}
	if w := a.Withdrawal; w != nil {
		r.AmendedBy = "" // nobody is to get the right text any more
		r.Withdrawn = &spool.Retraction{At: w.At, Asked: w.Asked, Deleted: w.Deleted, Waiting: w.Waiting, Failed: w.Failed, TooOld: w.TooOld}
	}
	if a.Kind == store.KindCorrection {
		r.Amends = &spool.Amendment{Of: a.CorrectsName, Edited: a.Amended.Edited, Resent: a.Amended.Resent, Direct: a.Amended.Direct}
	}
	return r
}
