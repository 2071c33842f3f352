package inbox

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// G9: however many people write, so many hours of answers are kept, the last one's
// among them.
func TestG9_TheQuotaIsBounded(t *testing.T) {
	t.Parallel()
	q, now := newQuota(1), time.Now()
	var last store.Person
	for n := range quotaPeople + 1000 {
		last = store.Person{LID: store.LID(fmt.Sprint(n))}
		q.answered(last, 1, now)
	}
	if len(q.hours) > quotaPeople {
		t.Errorf("%d are remembered", len(q.hours))
	}
	if q.silentUntil(last, now).IsZero() {
		t.Error("the last one was given up")
	}
	q.answered(store.Person{LID: "late"}, 1, now.Add(time.Hour))
	if len(q.hours) != 1 {
		t.Errorf("%d are remembered when all hours but one are over", len(q.hours))
	}
}

// G9: of a history no more is kept in memory than what may be needed.
func TestG9_TheHistoryKeptIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Now()
	texts := []whatsapp.Text{{Body: strings.Repeat("è", 60_000), At: now}, {Body: "old", At: now.Add(-time.Hour)}}
	got := recent(texts, now)
	if len(got) != 1 || len(got[0].Body) != longestWords || len(texts[0].Body) != 120_000 || texts[1].Body != "old" {
		t.Errorf("kept %d texts, the first of %d bytes", len(got), len(got[0].Body))
	}
}
