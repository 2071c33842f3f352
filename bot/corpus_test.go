package bot_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Every sample announcement, in whatever encoding a clerk's program wrote it,
// is on the phones letter by letter, as the manifest has it.
func TestG8_TheCorpusLetterByLetter(t *testing.T) {
	slow(t)
	t.Parallel()
	manifest, err := os.ReadFile("spool/testdata/announcements.tsv")
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		want := map[string]string{} // the names by their hashes
		for line := range strings.Lines(string(manifest)) {
			column := strings.Split(strings.TrimSpace(line), "\t")
			if column[0] == "file" {
				continue
			}
			raw, err := os.ReadFile(filepath.Join("spool/testdata/announcements", column[0]))
			if err != nil {
				t.Fatal(err)
			}
			want[column[4]] = column[0]
			folder := "da_inviare"
			if column[6] == "1" {
				folder = "urgenti"
			}
			w.drop(folder, column[0], string(raw))
		}
		if len(want) != 25 {
			t.Fatalf("%d announcements in the manifest, want 25", len(want))
		}
		for _, p := range people {
			missing := map[string]string{}
			for sum, name := range want {
				missing[sum] = name
			}
			for _, m := range w.shown(p, len(want)) {
				sum := sha256.Sum256([]byte(m.Text))
				delete(missing, hex.EncodeToString(sum[:]))
			}
			if len(missing) > 0 {
				t.Errorf("not on a phone as they are: %v", missing)
			}
		}
	})
}

// A report follows the receipts for some days, and then says that it is final.
func TestG8_AReportBecomesFinal(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "a.txt", "Una notizia.")
		m := w.await(p, "Una notizia.")
		w.restart(2 * day)
		w.expectReport("inviati", "a.txt", "Letto almeno da: 0", "si aggiornano da soli")
		p.Read(m.ID)
		time.Sleep(time.Hour)
		w.expectReport("inviati", "a.txt", "Letto almeno da: 1", "si aggiornano da soli")
		w.restart(4 * day)
		w.expectReport("inviati", "a.txt", "Letto almeno da: 1", "si aggiornano da soli")
		time.Sleep(2 * day)
		w.expectReport("inviati", "a.txt", "Letto almeno da: 1", "definitiva")
	})
}
