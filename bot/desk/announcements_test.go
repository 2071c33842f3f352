package desk

import (
	"slices"
	"testing"
	"time"

	"banditore/bot/pace"
	"banditore/store"
)

func TestRow_SaysHowAWithdrawalGoes(t *testing.T) {
	t.Parallel()
	a := store.Announcement{Withdrawal: &store.Withdrawal{Asked: 300, Deleted: 12, Waiting: 288, TooOld: 7}}
	if got, want := note(a), "cancellato dai telefoni: 12 su 307, ancora da cancellare: 288"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	a.Withdrawal.Deleted, a.Withdrawal.Waiting = 300, 0
	if got, want := note(a), "cancellato dai telefoni: 300 su 307"; got != want {
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

// However much waits, the forecast is made of a bounded part of it, the first.
func TestForeseeable(t *testing.T) {
	t.Parallel()
	waits := func(id int64, held bool) store.Announcement {
		return store.Announcement{ID: id, Held: held, Counts: store.Counts{Waiting: foreseen / 2, PartsWaiting: 1}}
	}
	var got []int64
	for _, a := range foreseeable([]store.Announcement{waits(7, false), waits(1, true), waits(3, false), waits(9, false)}) {
		got = append(got, a.ID)
	}
	if !slices.Equal(got, []int64{7, 3}) {
		t.Errorf("got %d, want 7 and 3, newest first", got)
	}
	if got := tooLate(store.Announcement{}, pace.Span{}); got != "aspetta che partano gli avvisi che vengono prima" {
		t.Errorf("of the rest it says %q", got)
	}
}
