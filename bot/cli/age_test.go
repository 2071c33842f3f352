package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/store/datadir"
)

// No line of the audit gets older than five years, also where nobody types a command:
// the service looks each day.
func TestAuditAges(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		file := func(n int) string { return filepath.Join(dir, fmt.Sprintf("audit.log.%d", n)) }
		for n, age := range []time.Duration{1: 3 * 365 * 24 * time.Hour, 2: 4*365*24*time.Hour - 12*time.Hour, 3: 5 * 365 * 24 * time.Hour} {
			if n == 0 {
				continue
			}
			if err := errors.Join(os.WriteFile(file(n), []byte("line\n"), 0o600), datadir.Touch(file(n), time.Now().Add(-age))); err != nil {
				t.Fatal(err)
			}
		}
		there := func() (list []bool) {
			for n := 1; n <= 3; n++ {
				_, err := os.Stat(file(n))
				list = append(list, !errors.Is(err, fs.ErrNotExist))
			}
			return list
		}
		ctx, cancel := context.WithCancel(t.Context())
		go (&App{Stderr: os.Stderr}).ageAudit(ctx, config.Config{DataDir: dir})
		synctest.Wait()
		if got := fmt.Sprint(there()); got != "[true true false]" {
			t.Errorf("at the start: %s", got)
		}
		time.Sleep(25 * time.Hour)
		synctest.Wait()
		if got := fmt.Sprint(there()); got != "[true false false]" {
			t.Errorf("a day later: %s", got)
		}
		cancel()
		synctest.Wait()
	})
}
