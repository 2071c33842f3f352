package bot_test

import (
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
)

// What ends an announcement rings for its report: without folder events nobody
// waits for the next look at the folder, which may be an hour away.
func TestG8_AReportDoesNotWaitForTheNextScan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hours, text string
		ends        time.Duration // after the start, which is at 01:01
		says        string
	}{
		"sent":    {"00:00-24:00", "Una notizia.", 5 * time.Second, "INVIATO A TUTTI"},
		"expired": {"08:00-20:00", "---\nscade: 01/01/2000 01:30\n---\nUna notizia.", 29 * time.Minute, "SCADUTO"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t, func(cfg *config.Config) { cfg.Spool.Scan, cfg.Sending.Hours = time.Hour, c.hours })
				w.subscribe(1)
				w.stop()
				w.drop("da_inviare", "a.txt", c.text)
				w.start() // and looks at once
				time.Sleep(c.ends + 10*time.Second)
				w.expectReport("inviati", "a.txt", c.says)
			})
		})
	}
}
