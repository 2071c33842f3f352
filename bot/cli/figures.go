package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/bot/pace"
	"banditore/bot/report"
	"banditore/store"
)

// announcement is how one announcement goes, as the commands print it; its JSON
// names are an interface. First and last are the forecast for what has not left yet,
// missing when nothing is waiting or it is held; expiring is how much of it will not
// leave in time.
type announcement struct {
	Name      string                  `json:"name"`
	Urgent    bool                    `json:"urgent"`
	Stage     store.AnnouncementState `json:"stage"`
	Word      string                  `json:"word"` // how it stands, in Italian
	Held      bool                    `json:"held"`
	Comuni    []string                `json:"comuni,omitempty"`    // only their residents get it
	NotBefore time.Time               `json:"not_before,omitzero"` // when it is still to come
	Expires   time.Time               `json:"expires,omitzero"`
	store.Counts
	Reasons  map[store.Reason]int `json:"reasons,omitempty"` // of those that failed
	First    time.Time            `json:"first,omitzero"`
	Last     time.Time            `json:"last,omitzero"`
	Expiring int                  `json:"expiring,omitempty"`
	// PerMinute is how many messages leave in a minute, as far as that has been seen, while it is leaving.
	PerMinute int    `json:"per_minute,omitempty"`
	ends      string // Italian
	WaitsFor  string `json:"waits_for,omitempty"` // "link": nobody knows when it goes on

	Attachments int    `json:"attachments,omitempty"`
	Corrects    string `json:"corrects,omitempty"` // the name of what it corrects
	Edited      int    `json:"edited,omitempty"`   // on phones, by this correction
	Deleted     int    `json:"deleted,omitempty"`  // from phones, after it was withdrawn

	before
}

// before are names of the release before, which go with the next. So does a meaning:
// until then cancelled counts the unsubscribed, too.
type before struct {
	State string `json:"state"` // stage, but "sent" for "finished"
	Left  int    `json:"left"`  // waiting
}

// readAnnouncements gives all announcements, as they are printed and as they
// are stored, newest first.
func readAnnouncements(ctx context.Context, cfg config.Config, db *store.Store) ([]announcement, []store.Announcement, error) {
	full, err := db.Announcements(ctx, 0)
	if err != nil {
		return nil, nil, err
	}
	now := time.Now()
	forecast, err := desk.Forecast(ctx, cfg, db, full, now)
	if err != nil {
		return nil, nil, err
	}
	link, _, err := db.Link(ctx)
	if err != nil {
		return nil, nil, err
	}
	list := []announcement{}
	for _, x := range full {
		foretold := forecast[x.ID]
		a := printed(x, foretold.Span, local(cfg))
		if x.Sent > 0 && foretold.PerMinute > 0 && !foretold.Last.IsZero() && foretold.First.Sub(now) < time.Minute {
			a.PerMinute, a.ends = foretold.PerMinute, foretold.Ends(now.In(cfg.Sending.Location))
		}
		a.Word = report.StateWord(x, cfg, now)
		if desk.Unlinked(link) && x.State == store.Running && x.Waiting > 0 && !x.Held {
			a.WaitsFor = "link"
		}
		if x.State != store.Running || !x.NotBefore.After(now) {
			a.NotBefore = time.Time{}
		}
		list = append(list, a)
	}
	return list, full, nil
}

// printed is one announcement with its forecast, in the times of the Comune.
func printed(x store.Announcement, span pace.Span, at func(time.Time) time.Time) announcement {
	a := announcement{
		Name: x.Name, Urgent: x.Urgent, Stage: x.State, Held: x.Held && x.State == store.Running,
		Comuni: x.Comuni, NotBefore: at(x.NotBefore), Expires: at(x.Expires), Counts: x.Counts, Reasons: x.Reasons,
		First: at(span.First), Last: at(span.Last), Expiring: span.Expired,
		Attachments: x.Attachments, Corrects: x.CorrectsName, Edited: x.Amended.Edited,
		before: before{State: stateBefore(x.State), Left: x.Waiting},
	}
	a.Cancelled += x.Unsubscribed
	if x.Withdrawal != nil {
		a.Deleted = x.Withdrawal.Deleted
	}
	return a
}

// stateBefore is the state by the name that it had in the release before.
func stateBefore(s store.AnnouncementState) string {
	if s == store.Finished {
		return "sent"
	}
	return string(s)
}

func (a *App) printAnnouncements(list []announcement) error {
	return a.table(list, "*ANNOUNCEMENT\t*STATE\tRECIPIENTS\tSENT\tDELIVERED\tREAD (AT LEAST)\tFAILED\tWAITING\t*FORECAST", "waits for the link", "paused", announcement.englishState)
}

// table prints announcements under a heading in one language or the other.
func (a *App) table(list []announcement, heading, waits, paused string, state func(announcement) string) error {
	t := newTable(heading)
	for _, x := range list {
		recipients := strconv.Itoa(x.Recipients)
		if x.Paused > 0 {
			recipients += fmt.Sprintf(", %d %s", x.Paused, paused)
		}
		t.row(x.Name, state(x), recipients, x.Sent, x.Delivered, x.Read, x.Failed, x.Waiting, x.forecast(waits))
	}
	return t.print(a.Stdout, a.window().columns)
}

// printAnnouncement prints one with all that is known of it, and its text.
func (a *App) printAnnouncement(x announcement, full store.Announcement) error {
	if err := a.printAnnouncements([]announcement{x}); err != nil {
		return err
	}
	fmt.Fprintln(a.Stdout)
	if len(x.Comuni) > 0 {
		fmt.Fprintf(a.Stdout, "only for residents of: %s\n", printable(strings.Join(x.Comuni, ", ")))
	}
	for _, r := range slices.Sorted(maps.Keys(x.Reasons)) {
		fmt.Fprintf(a.Stdout, "failed, %s: %d\n", r, x.Reasons[r])
	}
	for _, line := range []struct {
		what  string
		count int
	}{
		{"attachments that failed, to people who got the first message", x.PartsFailed}, {"expired before they could leave", x.Expired},
		{"paused, and no recipients", x.Paused}, {"cancelled", full.Cancelled}, {"unsubscribed before it reached them", x.Unsubscribed}, {"will not leave in time at this pace", x.Expiring},
	} {
		if line.count > 0 {
			fmt.Fprintf(a.Stdout, "%s: %d\n", line.what, line.count)
		}
	}
	for _, line := range []struct {
		what string
		at   time.Time
	}{{"not before", x.NotBefore}, {"expires", x.Expires}} {
		if !line.at.IsZero() {
			fmt.Fprintf(a.Stdout, "%s: %s\n", line.what, line.at.Format("2006-01-02 15:04 MST"))
		}
	}
	_, err := fmt.Fprintf(a.Stdout, "\n%s\n", printableLines(full.Text))
	return err
}

func (x announcement) englishState() string {
	switch {
	case x.Held:
		return "held"
	case x.Stage == store.Finished && x.Expired > 0:
		return "expired"
	}
	return string(x.Stage)
}

// forecast says when what is waiting will leave; waits, that nobody knows without a
// link.
func (x announcement) forecast(waits string) string {
	const clock = "02/01 15:04"
	if x.WaitsFor != "" {
		return waits
	}
	if x.Last.IsZero() {
		return "-"
	}
	return x.First.Format(clock) + " → " + x.Last.Format(clock)
}
