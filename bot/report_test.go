package bot_test

import (
	"testing"
	"testing/synctest"
	"time"
)

// A report that was final says all the same that its announcement was corrected, and
// that the correction was taken back.
func TestG8_AFinalReportIsCorrected(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "a.txt", "Alle 9.")
		w.await(p, "Alle 9.")
		w.restart(8 * day)
		w.expectReport("inviati", "a.txt", "Relazione definitiva")
		w.drop("da_inviare", "a RETTIFICA.txt", "Alle 10.")
		time.Sleep(time.Hour)
		w.expectReport("inviati", "a.txt", "CORRETTO con «a RETTIFICA.txt»", "Relazione definitiva")
		w.move("a RETTIFICA.txt", "inviati", "ritirare")
		time.Sleep(time.Hour)
		w.expectReport("inviati", "a.txt", "INVIATO A TUTTI", "Relazione definitiva")
	})
}
