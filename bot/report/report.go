// Package report says in Italian how an announcement stands and how it went: its
// kind, its state and the reasons of what failed, in the same words beside its file,
// on the page, in the minutes and on the terminal. It writes no file and no row: what
// it says follows from the store and the time alone.
package report

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

// IsFinal tells whether the report of an announcement changes no more.
func IsFinal(a store.Announcement, now time.Time) bool {
	over := a.State != store.Running && (a.Withdrawal == nil || a.Withdrawal.Waiting == 0)
	return over && now.Sub(loop.Latest(a.AcceptedAt, a.LastSent)) > reportDays*24*time.Hour
}

// Of is how an announcement went until now, as it is put beside its file.
func Of(ctx context.Context, db *store.Store, s config.Sending, a store.Announcement, now time.Time) (spool.Report, error) {
	r := figures(a, s)
	r.Final = IsFinal(a, now)
	if a.Attachments == 0 {
		return r, nil
	}
	attachments, err := db.Attachments(ctx, a.ID)
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
