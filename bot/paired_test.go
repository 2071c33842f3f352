package bot_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// settleIn is how long the first daemon runs, after which its phone's history has been
// read, and how long each town has run when [raise] returns.
const settleIn = 30 * time.Second

// nursery keeps what the first town has become after its link, for the others to begin
// with: a link makes 812 keys, and cost more than many tests do.
type nursery struct {
	mu    sync.Mutex // guards the rest, and lets the others wait for the first
	files map[string][]byte
	link  *whatsapptest.Link
}

var born nursery

// settled gives the town a phone that was linked settleIn ago.
func (n *nursery) settled(w *town) {
	w.t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.link == nil {
		w.pair()
		w.start()
		time.Sleep(settleIn)
		w.stop()
		n.keep(w)
		return
	}
	time.Sleep(settleIn)
	err := os.Mkdir(w.cfg.DataDir, 0o700)
	for name, content := range n.files {
		err = errors.Join(err, os.WriteFile(filepath.Join(w.cfg.DataDir, name), content, 0o600))
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.phone.Adopt(n.link)
}

func (n *nursery) keep(w *town) {
	w.t.Helper()
	files, err := os.ReadDir(w.cfg.DataDir)
	n.files = map[string][]byte{}
	for _, f := range files {
		content, failed := os.ReadFile(filepath.Join(w.cfg.DataDir, f.Name()))
		n.files[f.Name()], err = content, errors.Join(err, failed)
	}
	if err != nil || len(n.files["session.db"]) == 0 || len(n.files["store.db"]) == 0 {
		w.t.Fatalf("the files of the first town are not kept: %v", err)
	}
	n.link = w.phone.Link()
}
