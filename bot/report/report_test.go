package report

import (
	"os"
	"reflect"
	"testing"
	"time"

	"banditore/bot/config"
	"banditore/bot/spool"
	"banditore/store"
)

// noon is a day in the daytime.
func noon() time.Time { return time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC) }

// A report follows the receipts for a week after the last message, and the deletions
// as long as any is waiting.
func TestIsFinal(t *testing.T) {
	t.Parallel()
	week := 7 * 24 * time.Hour
	for name, c := range map[string]struct {
		a     store.Announcement
		after time.Duration // the last message
		want  bool
	}{
		"after a week":                {store.Announcement{State: store.Finished}, week, false},
		"after more than a week":      {store.Announcement{State: store.Finished}, week + time.Second, true},
		"stopped long ago":            {store.Announcement{State: store.Stopped}, week + time.Second, true},
		"still running":               {store.Announcement{State: store.Running}, 4 * week, false},
		"deletions are still waiting": {store.Announcement{State: store.Stopped, Withdrawal: &store.Withdrawal{Asked: 3, Waiting: 1}}, 4 * week, false},
		"withdrawn long ago":          {store.Announcement{State: store.Stopped, Withdrawal: &store.Withdrawal{Asked: 3, Deleted: 3}}, week + time.Second, true},
	} {
		c.a.AcceptedAt, c.a.LastSent = noon().Add(-time.Hour), noon()
		if got := IsFinal(c.a, noon().Add(c.after)); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if never := (store.Announcement{State: store.Finished, Content: store.Content{AcceptedAt: noon()}}); IsFinal(never, noon().Add(week)) || !IsFinal(never, noon().Add(week+time.Second)) {
		t.Error("of what nobody got, the week does not begin when it was accepted")
	}
}

// What is written beside a file is what the store knows of it, and what staff asked
// for in the file.
func TestG8_TheReportOfAnAnnouncement(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a, err := db.Publish(t.Context(), store.NewAnnouncement{
		Content:     store.Content{Name: "festa.txt", File: "festa.txt", Text: "La festa.", Comuni: []string{"Saronno"}, AcceptedAt: noon(), NotBefore: noon().Add(time.Hour)},
		Attachments: []store.NewAttachment{{AttachedFile: store.AttachedFile{Name: "festa.jpg", File: "festa.jpg", Kind: "image", MIME: "image/jpeg"}, Data: []byte{1}}},
	}, "OUT")
	if err != nil {
		t.Fatal(err)
	}
	s := config.Sending{Location: time.UTC, Holdback: 2 * time.Minute}
	r, err := Of(t.Context(), db, s, a, noon())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(r.Announcement, a) || r.Location != time.UTC || !r.From.Equal(a.NotBefore) || len(r.Files) != 1 || r.Files[0].Name != "festa.jpg" {
		t.Errorf("%+v", r)
	}
	if r, err = Of(t.Context(), db, s, a, noon().AddDate(0, 0, 8)); err != nil || !r.Final {
		t.Errorf("after a week: %+v, %v", r, err)
	}
	a.NotBefore = a.AcceptedAt.Add(s.Holdback)
	if r, err = Of(t.Context(), db, s, a, noon()); err != nil || !r.From.IsZero() {
		t.Errorf("the time to think it over is taken for a wish of staff: %v, %v", r.From, err)
	}
}

// The reasons are in the same order each time, or every report would be written again.
func TestFailures(t *testing.T) {
	t.Parallel()
	a := store.Announcement{Reasons: map[store.Reason]int{store.Unreachable: 3, store.NoToken: 2, store.Unanswered: 1}}
	want := []spool.Reason{{Text: ReasonWords(store.NoToken), Count: 2}, {Text: ReasonWords(store.Unanswered), Count: 1}, {Text: ReasonWords(store.Unreachable), Count: 3}}
	for range 10 {
		if got := Failures(a); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v", got)
		}
	}
}

// Of what was withdrawn nobody is told to expect the right text.
func TestFigures_OfACorrectedOneThatWasWithdrawn(t *testing.T) {
	t.Parallel()
	a := store.Announcement{State: store.Stopped, CorrectedBy: "festa RETTIFICA.txt"}
	if got := figures(a, config.Sending{}).CorrectedBy; got != a.CorrectedBy {
		t.Errorf("corrected by %q", got)
	}
	a.Withdrawal = &store.Withdrawal{}
	if got := figures(a, config.Sending{}).CorrectedBy; got != "" {
		t.Errorf("withdrawn, and corrected by %q", got)
	}
}
