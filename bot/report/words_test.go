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
