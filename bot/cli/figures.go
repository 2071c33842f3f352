package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"text/tabwriter"
	"time"

	"banditore/bot/config"
	"banditore/bot/desk"
	"banditore/bot/report"
	"banditore/store"
)

// announcement is how one announcement goes, as the commands print it; its JSON
// names are an interface. The counts are cumulative: sent includes delivered,
// delivered includes read. First and last are the forecast for what is left,
// missing when nothing is left or it is held; expiring is how much of it will
// not leave in time.
type announcement struct {
	Name       string               `json:"name"`
	Urgent     bool                 `json:"urgent"`
	State      string               `json:"state"`
	Word       string               `json:"word"` // the state in Italian
	Held       bool                 `json:"held"`
	NotBefore  time.Time            `json:"not_before,omitzero"` // when it is still to come
	Expires    time.Time            `json:"expires,omitzero"`
	Recipients int                  `json:"recipients"`
	Sent       int                  `json:"sent"`
	Delivered  int                  `json:"delivered"`
	Read       int                  `json:"read"`
	Failed     int                  `json:"failed"`
	Reasons    map[store.Reason]int `json:"reasons,omitempty"` // of those that failed
	Expired    int                  `json:"expired"`
	Cancelled  int                  `json:"cancelled"` // or the recipient left the list
	Left       int                  `json:"left"`
	First      time.Time            `json:"first,omitzero"`
	Last       time.Time            `json:"last,omitzero"`
	Expiring   int                  `json:"expiring,omitempty"`
	WaitsFor   string               `json:"waits_for,omitempty"` // "link": nobody knows when it goes on

	Attachments int    `json:"attachments,omitempty"`
	Corrects    string `json:"corrects,omitempty"` // the name of what it corrects
	Edited      int    `json:"edited,omitempty"`   // on phones, by this correction
	Deleted     int    `json:"deleted,omitempty"`  // from phones, after it was withdrawn
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
		span, at := forecast[x.ID], func(t time.Time) time.Time { return t.In(cfg.Sending.Location) }
		a := announcement{
			Name: x.Name, Urgent: x.Urgent, State: stateJSON(x.State), Word: report.StateWord(x, cfg, now), Held: x.Held && x.State == store.Running,
			Expires: at(x.Expires), Recipients: x.Recipients, Sent: x.Sent, Delivered: x.Delivered, Read: x.Read,
			Failed: x.Failed, Reasons: x.Reasons, Expired: x.Expired, Cancelled: x.Cancelled + x.Unsubscribed, Left: x.Waiting,
			First: at(span.First), Last: at(span.Last), Expiring: span.Expired,
		}
		a.Attachments, a.Corrects, a.Edited = x.Attachments, x.CorrectsName, x.Amended.Edited
		if x.Withdrawal != nil {
			a.Deleted = x.Withdrawal.Deleted
		}
		if desk.Unlinked(link) && x.State == store.Running && x.Waiting > 0 && !x.Held {
			a.WaitsFor = "link"
		}
		if x.State == store.Running && x.NotBefore.After(now) {
			a.NotBefore = at(x.NotBefore)
		}
		list = append(list, a)
	}
	return list, full, nil
}

// stateJSON is the state under the name that it has had from the first release:
// a finished announcement is "sent".
func stateJSON(s store.AnnouncementState) string {
	if s == store.Finished {
		return "sent"
	}
	return string(s)
}

func (a *App) printAnnouncements(list []announcement) error {
	return a.table(list, "ANNOUNCEMENT\tSTATE\tRECIPIENTS\tSENT\tDELIVERED\tREAD (AT LEAST)\tFAILED\tLEFT\tFORECAST", "waits for the link", announcement.englishState)
}

// table prints announcements under a heading in one language or the other.
func (a *App) table(list []announcement, heading, waits string, state func(announcement) string) error {
	w := tabwriter.NewWriter(a.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, heading)
	for _, x := range list {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", printable(x.Name), state(x),
			x.Recipients, x.Sent, x.Delivered, x.Read, x.Failed, x.Left, x.forecast(waits))
	}
	return w.Flush()
}

// printAnnouncement prints one with all that is known of it, and its text.
func (a *App) printAnnouncement(x announcement, full store.Announcement) error {
	if err := a.printAnnouncements([]announcement{x}); err != nil {
		return err
	}
	fmt.Fprintln(a.Stdout)
	for _, r := range slices.Sorted(maps.Keys(x.Reasons)) {
		fmt.Fprintf(a.Stdout, "failed, %s: %d\n", r, x.Reasons[r])
	}
	for _, line := range []struct {
		what  string
		count int
	}{{"expired before they could leave", x.Expired}, {"cancelled, or their recipient left", x.Cancelled}, {"will not leave in time at this pace", x.Expiring}} {
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
	case x.State == stateJSON(store.Finished) && x.Expired > 0:
		return "expired"
	}
	return x.State
}

// forecast says when what is left will leave; waits, that nobody knows without a
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
