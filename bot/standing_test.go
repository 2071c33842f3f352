package bot

import (
	"testing"
	"time"

	"banditore/bot/config"
	"banditore/bot/pace"
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
		"rettificato":       {State: store.Stopped, AmendedBy: "festa RETTIFICA.txt"},
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

func TestRow_SaysHowAWithdrawalGoes(t *testing.T) {
	t.Parallel()
	a := store.Announcement{Withdrawal: &store.Withdrawal{Asked: 300, Deleted: 12, Waiting: 288, TooOld: 7}}
	if got, want := row(a, "", time.Now()).Note, "cancellato dai telefoni: 12 su 307, ancora da cancellare: 288"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	a.Withdrawal.Deleted, a.Withdrawal.Waiting = 300, 0
	if got, want := row(a, "", time.Now()).Note, "cancellato dai telefoni: 300 su 307"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestEnds(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	for want, o := range map[string]pace.Span{
		"":                            {},
		"finisce oggi verso le 12:00": {Last: now.Add(2 * time.Hour), Expired: 0},
		"finisce domani verso le 10:00, ma un messaggio scade prima di partire":          {Last: now.Add(24 * time.Hour), Expired: 1},
		"finisce il 26/11/2026 verso le 10:00, ma 300 messaggi scadono prima di partire": {Last: now.Add(48 * time.Hour), Expired: 300},
	} {
		if got := ends(o, now); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
