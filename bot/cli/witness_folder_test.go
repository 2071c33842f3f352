package cli_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A foreign client on a citizen's phone sees what staff do in the folder: an
// announcement with its picture, its correction, and that it was taken back.
func TestG8_ForeignWitnessOfTheFolder(t *testing.T) {
	t.Parallel()
	baileys := os.Getenv(baileysKey)
	if baileys == "" {
		lacks(t, "no foreign client: %s must name a folder in which `npm install baileys@7.0.0-rc14` was run", baileysKey)
	}
	p := newPlace(t)
	p.pair()
	daemon := p.daemon()
	citizen := p.server.NewPhone("+393990000777")
	w := p.witness(baileys)
	if err := citizen.ScanQR(w.await("code", "")); err != nil {
		t.Fatal(err)
	}
	w.await("open", "")
	w.do(order{Duty: "write", To: comune, Text: "Attiva Notizie Ermenegilda Quaglia Saronno"})
	w.await("message", "Iscrizione attiva")

	photo := picture(t)
	p.write(filepath.Join("spool", "da_inviare", "festa.jpg"), string(photo))
	p.write(filepath.Join("spool", "da_inviare", "festa.txt"), "Festa domenica alle 9.\n")
	w.await("file", "Festa domenica alle 9.")
	sum := sha256.Sum256(photo)
	if got := w.seen["file"][0]; got.Sum != hex.EncodeToString(sum[:]) || got.MIME != "image/jpeg" {
		t.Errorf("Baileys got %v, not the picture", got)
	}
	p.awaitFile(filepath.Join("spool", "inviati", "festa.txt.verbale.html"))

	p.write(filepath.Join("spool", "da_inviare", "festa RETTIFICA.txt"), "Festa domenica alle 10.\n")
	w.await("edited", "Festa domenica alle 10.")
	p.awaitFile(filepath.Join("spool", "inviati", "festa RETTIFICA.txt.esito.txt"))

	if err := os.Rename(filepath.Join(p.dir, "spool", "inviati", "festa.txt"), filepath.Join(p.dir, "spool", "ritirare", "festa.txt")); err != nil {
		t.Fatal(err)
	}
	w.await("deleted", "")
	p.awaitFile(filepath.Join("spool", "ritirare", "festa.txt.esito.txt"))
	w.end()
	daemon.end(syscall.SIGTERM)
}
