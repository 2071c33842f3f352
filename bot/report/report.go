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
	a.Final = IsFinal(a, now)
	r := figures(a, s)
	if a.Attachments == 0 {
		return r, nil
	}
	var err error
	r.Files, err = db.Attachments(ctx, a.ID)
	return r, err
}

func figures(a store.Announcement, s config.Sending) spool.Report {
	if a.Withdrawal != nil {
		a.CorrectedBy = "" // nobody is to get the right text any more
	}
	return spool.Report{Announcement: a, From: From(a, s), Failures: Failures(a), Location: s.Location}
}

// From is the moment before which staff did not want an announcement to leave, by
// the option dal; zero: they left it to the service.
func From(a store.Announcement, s config.Sending) time.Time {
	if a.NotBefore.After(a.AcceptedAt.Add(s.Holdback)) {
		return a.NotBefore
	}
	return time.Time{}
}

// Failures says why messages of an announcement were not sent, and how many.
func Failures(a store.Announcement) (list []spool.Reason) {
	for _, reason := range slices.Sorted(maps.Keys(a.Reasons)) {
		list = append(list, spool.Reason{Text: ReasonWords(reason), Count: a.Reasons[reason]})
	}
	return list
}
