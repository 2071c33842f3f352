package bot_test

import (
	"os"
	"path/filepath"
	"time"

	"banditore/bot/config"
)

// lookTime is how soon the daemon looks at the folder after [town.soon]: quick enough
// for tests that wait for a minute, and far from the moment itself, as on a share.
const lookTime = 20 * time.Second

// soon has the daemon look at the folder. What is done to it or to the database
// behind the daemon's back is noticed so, and else by the slow scan: one every few
// seconds would cost a test that lasts for days more than all the rest.
func (w *town) soon() {
	time.AfterFunc(lookTime, func() {
		if b := w.running.Load(); b != nil {
			b.Look()
		}
	})
}

// often is for what only the slow scan can notice.
func often(c *config.Config) { c.Spool.Scan = lookTime }

// take takes the file of an announcement away while it leaves.
func (w *town) take(name string) {
	w.t.Helper()
	if err := os.Remove(filepath.Join(w.cfg.SpoolDir, "in_invio", name)); err != nil {
		w.t.Fatal(err)
	}
	w.soon()
}

// drop puts a file into a folder of the spool, complete at once.
func (w *town) drop(folder, name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.cfg.SpoolDir, folder, name), []byte(text), 0o660); err != nil {
		w.t.Fatal(err)
	}
	w.soon()
}
