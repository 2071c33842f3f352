package report

import (
	"testing"
	"time"

	"banditore/bot/config"
	"banditore/store"
)

func TestStateWord(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	reached := store.Counts{Recipients: 3, Sent: 2, Failed: 1}
	for want, a := range map[string]store.Announcement{
		"inviato":           {State: store.Finished, Counts: reached},
		"non inviato":       {State: store.Finished, Counts: store.Counts{Recipients: 3, Failed: 3}},
		"senza destinatari": {State: store.Finished},
		"scaduto":           {State: store.Finished, Counts: store.Counts{Recipients: 3, Expired: 3}},
		"fermato":           {State: store.Stopped, Counts: reached},
		"rettificato":       {State: store.Stopped, CorrectedBy: "festa RETTIFICA.txt"},
		"ritirato":          {State: store.Stopped, Withdrawal: &store.Withdrawal{}},
		"sospeso":           {State: store.Running, Held: true},
		"in attesa":         {State: store.Running},
		"in invio":          {State: store.Running, Counts: reached},
	} {
		if got := StateWord(a, config.Config{}, now); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	t.Parallel()
	seen := map[string]store.Reason{}
	for _, r := range []store.Reason{store.Unreachable, store.Unanswered, store.Rejected, store.NoToken, store.Unacceptable} {
		words := ReasonWords(r)
		if twin, ok := seen[words]; ok || words == "" {
			t.Errorf("%s says what %s says: %q", r, twin, words)
		}
		seen[words] = r
	}
}

// A preview of a correction is a preview, and an urgent correction a correction.
func TestKindWord(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]store.Announcement{
		"ordinario":              {},
		"urgente":                {Content: store.Content{Urgent: true}},
		"rettifica di festa.txt": {Content: store.Content{Urgent: true}, Kind: store.KindCorrection, CorrectsName: "festa.txt"},
		"prova":                  {Content: store.Content{Preview: true, Urgent: true}, Kind: store.KindCorrection, CorrectsName: "festa.txt"},
	} {
		if got := KindWord(a); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// During an election what waits for its end says so, and what does not wait does not.
func TestStateWord_DuringAnElection(t *testing.T) {
	t.Parallel()
	now := noon()
	cfg := config.Config{Sending: config.Sending{Election: config.Days{First: now.AddDate(0, 0, -1), Last: now.AddDate(0, 0, 1)}}}
	for name, c := range map[string]struct {
		a    store.Announcement
		want string
	}{
		"ordinary":         {store.Announcement{State: store.Running}, "in attesa della fine del periodo elettorale"},
		"urgent":           {store.Announcement{State: store.Running, Priority: store.Urgent}, "in attesa"},
		"held":             {store.Announcement{State: store.Running, Held: true}, "sospeso"},
		"corrected before": {store.Announcement{State: store.Stopped, CorrectedBy: "b.txt"}, "rettificato"},
	} {
		if got := StateWord(c.a, cfg, now); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestIn(t *testing.T) {
	t.Parallel()
	rome := time.FixedZone("", 3600)
	if got := In(noon().In(rome), noon()).Format("15:04"); got != "13:00" {
		t.Errorf("noon in London is %s in Rome", got)
	}
	if !In(noon().In(rome), time.Time{}).IsZero() {
		t.Error("what has not happened has a time")
	}
}

// Nothing is said where everybody gets all news.
func TestModeWords(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]store.Modes{
		"":                                  {All: 8123},
		"214 in pausa":                      {All: 8123, Paused: 214},
		"1 soltanto per gli avvisi urgenti": {Urgent: 1},
		"214 in pausa, 60 soltanto per gli avvisi urgenti": {All: 1, Paused: 214, Urgent: 60},
	} {
		if got := ModeWords(m); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
