package whatsapp

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/proto/waHistorySync"
)

// What WhatsApp does not give us is asked for during a week, less and less often; what is gone or damaged three times; what
// our own side did not take for ever; and what is too large not again.
func TestG3_HowOftenANoticeIsTried(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	away, gone := errors.New("no route to host"), fmt.Errorf("history sync: %w", whatsmeow.ErrMediaDownloadFailedWith404)
	for name, test := range map[string]struct {
		age   time.Duration
		tries int
		err   error
		pause time.Duration
		again bool
	}{
		"away":                    {0, 0, away, 5 * time.Second, true},
		"away once more":          {time.Minute, 1, away, 15 * time.Second, true},
		"away for long":           {7*24*time.Hour - 1, 1000, away, 30 * time.Minute, true},
		"away for a week":         {7 * 24 * time.Hour, 1000, away, 30 * time.Minute, false},
		"gone":                    {0, 0, gone, 5 * time.Second, true},
		"gone twice":              {0, 1, gone, 15 * time.Second, true},
		"gone three times":        {0, 2, gone, 45 * time.Second, false},
		"damaged three times":     {0, 2, errDamaged, 45 * time.Second, false},
		"too large":               {0, 0, errHistorySize, 0, false},
		"not taken":               {0, 0, handError{errors.New("the disk is full")}, 30 * time.Second, true},
		"not taken for long":      {1000 * time.Hour, 1000, handError{errors.New("the disk is full")}, 30 * time.Second, true},
		"not taken, for a reason": {0, 2, handError{gone}, 30 * time.Second, true},
	} {
		pause, again := judgeNotice(notice{came: now.Add(-test.age), tries: test.tries}, test.err, now)
		if pause != test.pause || again != test.again {
			t.Errorf("%s: got %v %v, want %v %v", name, pause, again, test.pause, test.again)
		}
	}
}

// Without a connection what is personal is read, since nobody is forgotten before it has been, and what has a file waits.
func TestG5_WhatIsPersonalWaitsForNoConnection(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	const put = `INSERT INTO banditore_notices (hash, mark, link, kind, personal, message, content, came) VALUES (CAST(?1 AS BLOB), x'', 'link', ?1, ?2, 'ID', x'', 0)`
	for _, n := range []struct {
		kind     noticeKind
		personal bool
	}{{noticeHistory, false}, {noticeLIDs, true}} {
		if _, err := c.db.Exec(put, string(n.kind), n.personal); err != nil {
			t.Fatal(err)
		}
	}
	for connected, want := range map[bool]noticeKind{false: noticeLIDs, true: noticeHistory} {
		if n, ok, err := c.reader.next(connected); err != nil || !ok || n.kind != want {
			t.Errorf("connected %v: got %q, %v, %v, want %q", connected, n.kind, ok, err, want)
		}
	}
}

// OnText and OnHistory are never at work at the same time: what one records the other may be about to judge.
func TestG3_OneAtATime(t *testing.T) {
	t.Parallel()
	c := openForTest(t, t.TempDir())
	calls := 0
	check := func() {
		if calls++; c.texting.TryLock() {
			c.texting.Unlock()
			t.Error("another callback could begin")
		}
	}
	c.options.OnText = func(context.Context, Text) error { check(); return nil }
	c.options.OnHistory = func(context.Context, string, []Text) (bool, error) { check(); return false, nil }
	_, err := c.handHistory("one", &waHistorySync.HistorySync{SyncType: waHistorySync.HistorySync_RECENT.Enum()})
	if err := errors.Join(err, c.handText(Text{ID: "A"})); err != nil || calls != 2 {
		t.Errorf("%d calls, %v", calls, err)
	}
}
