package whatsapp

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"go.mau.fi/whatsmeow"
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
