package intake

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Who sends and who uploads is told at once: neither looks by itself soon.
func TestWhatIsPublishedRings(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.drop("da_inviare", "a.png", picture(t))
	claimed, err := r.spool.Scan(t.Context())
	if err != nil || len(claimed) != 1 {
		t.Fatalf("claimed %v, %v", claimed, err)
	}
	if err := r.publish(t.Context(), claimed[0]); err != nil {
		t.Fatal(err)
	}
	if len(r.outgoing) == 0 || len(r.uploads) == 0 {
		t.Errorf("rang: who sends %v, who uploads %v", len(r.outgoing) > 0, len(r.uploads) > 0)
	}
}

// Attachments are in memory together while they are published.
func TestG9_AttachmentsTogetherAreBounded(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	pdf := slices.Concat([]byte("%PDF-1.4\n"), bytes.Repeat([]byte{'\n'}, 13<<20), []byte("startxref\n9\n%%EOF\n"))
	for n := range 4 {
		r.drop("da_inviare", fmt.Sprintf("a-%d.pdf", n+1), pdf)
	}
	r.drop("da_inviare", "a.txt", []byte("Una notizia."))
	r.turn()
	if report := r.read("scartati", "a.txt.esito.txt"); !strings.Contains(report, "insieme superano 48 MB") {
		t.Errorf("report %q", report)
	}
}

// An announcement waits for its day, and an ordinary one for second thoughts too.
func TestG6_WhenAnAnnouncementMayLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const dal = "---\ndal: 01/01/2000 10:00\n---\n"
		for folder, want := range map[string][2]time.Duration{
			"da_inviare": {2 * time.Minute, 10 * time.Hour},
			"urgenti":    {0, 10 * time.Hour},
			"prova":      {0, 0},
		} {
			r := newRoom(t)
			r.cfg.Sending.Holdback = 2 * time.Minute
			r.cfg.Sending.Preview = []string{"+393990000001"}
			r.drop(folder, "a.txt", []byte("Una notizia."))
			r.drop(folder, "b.txt", []byte(dal+"Un'altra."))
			r.turn()
			for n, name := range []string{"a.txt", "b.txt"} {
				if got := time.Until(r.find(name).NotBefore); got != want[n] {
					t.Errorf("%s in %s leaves in %v, want %v", name, folder, got, want[n])
				}
			}
		}
	})
}

// When the Comune's phone was there last is noted at the next look.
func TestThePhoneIsNoted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRoom(t)
		seen := time.Now()
		r.PhoneSeen(seen)
		time.Sleep(time.Minute)
		r.turn()
		if at, err := r.store.PhoneSeen(t.Context()); err != nil || !at.Equal(seen) {
			t.Errorf("noted %v, %v", at, err)
		}
	})
}

// A document that does more than show itself is refused; one that names its author and
// cannot be changed leaves as it is, and that is said, in no log.
func TestG8_DocumentsAreJudged(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	var log bytes.Buffer
	r.log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	pdf := func(catalogue, more string) []byte {
		return []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R" + catalogue + ">>endobj\n2 0 obj<</Type/Pages/Kids[]>>endobj\n" + more +
			"\ntrailer<</Root 1 0 R/Info 6 0 R>>\nstartxref\n9\n%%EOF\n")
	}
	signed := "5 0 obj<</Type/Sig/ByteRange[0 1 2 3]>>endobj 6 0 obj<</Author(Mario Rossi)>>endobj"
	r.drop("da_inviare", "a.pdf", pdf("/OpenAction<</S/JavaScript/JS(x)>>", ""))
	r.drop("da_inviare", "b.pdf", pdf("", signed))
	r.drop("da_inviare", "c.txt", []byte("Una notizia."))
	r.drop("da_inviare", "c-1.png", picture(t))
	r.drop("da_inviare", "c-2.pdf", pdf("", signed))
	r.drop("da_inviare", "d.pdf", pdf("", strings.Replace(signed, "ByteRange", "Other", 1)))
	r.turn()
	if report := r.read("scartati", "a.pdf.esito.txt"); !strings.Contains(report, "il PDF contiene istruzioni che si eseguono da sole (JavaScript)") || !strings.Contains(report, "stampalo di nuovo in PDF") {
		t.Errorf("report %q", report)
	}
	for name, want := range map[string]string{
		"b.pdf": "Il documento porta il nome: Mario Rossi.", "c.txt": "Allegato «c-2.pdf»: il documento porta il nome: Mario Rossi.", "d.pdf": "",
	} {
		list, err := r.store.Attachments(t.Context(), r.find(name).ID)
		if err != nil || list[len(list)-1].Carries != want {
			t.Errorf("%s: %v, carries %q, want %q", name, err, list[len(list)-1].Carries, want)
		}
		data, err := r.store.AttachmentData(t.Context(), list[len(list)-1].ID)
		if err != nil || bytes.Contains(data, []byte("Rossi")) != (want != "") {
			t.Errorf("%s: %v, what leaves is %q", name, err, data)
		}
	}
	if strings.Contains(log.String(), "Rossi") {
		t.Errorf("logged: %s", log.String())
	}
}
