package cli_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/jpeg"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/bot/whatsapp/whatsapptest"
)

// A citizen's linked device runs Baileys and is sent files, edits and deletions, at once and after an absence. What it
// makes of them is what our phones claim to show.
func TestG2_ForeignWitnessOfFiles(t *testing.T) {
	t.Parallel()
	baileys := os.Getenv(baileysKey)
	if baileys == "" {
		lacks(t, "no foreign client: %s must name a folder in which `npm install baileys@7.0.0-rc14` was run", baileysKey)
	}
	p := newPlace(t)
	o := p.sender()
	citizen := p.server.NewPhone("+393990000777")
	w := p.witness(baileys)
	if err := citizen.ScanQR(w.await("code", "")); err != nil {
		t.Fatal(err)
	}
	w.await("open", "")
	photo, leaflet := picture(t), []byte("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"+
		"2 0 obj<</Type/Pages/Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	image := o.upload(whatsapp.Media{Kind: whatsapp.Image, MIME: "image/jpeg", Width: 60, Height: 40, Thumbnail: photo}, photo)
	pdf := o.upload(whatsapp.Media{Kind: whatsapp.Document, MIME: "application/pdf", Name: "festa.pdf", Pages: 1}, leaflet)

	text := o.send(citizen, whatsapp.Content{Text: "Mercato giovedì"})
	w.await("message", "Mercato")
	file := o.send(citizen, whatsapp.Content{Text: "Festa domenica", Media: &image})
	w.await("file", "Festa domenica")
	o.send(citizen, whatsapp.Content{Media: &pdf})
	w.await("file", "")
	o.send(citizen, whatsapp.Content{Text: "Mercato venerdì", Edits: text})
	w.await("edited", "Mercato venerdì")
	o.send(citizen, whatsapp.Content{Text: "Festa sabato", Media: &image, Edits: file})
	w.await("edited", "Festa sabato")
	o.send(citizen, whatsapp.Content{Deletes: text})
	w.await("deleted", "")

	w.do(order{Duty: "off"})
	w.await("off", "")
	o.send(citizen, whatsapp.Content{Text: "Orari", Media: &pdf})
	second := o.send(citizen, whatsapp.Content{Text: "Scuole chiuse"})
	o.send(citizen, whatsapp.Content{Text: "Scuole aperte", Edits: second})
	third := o.send(citizen, whatsapp.Content{Text: "Errore"})
	deletion := o.send(citizen, whatsapp.Content{Deletes: third})
	w.do(order{Duty: "on"})
	w.awaitCount("file", 3)
	w.awaitCount("deleted", 2)
	last := o.send(citizen, whatsapp.Content{Text: "Fine"})
	w.await("message", "Fine")
	w.end()

	shown := citizen.Messages()
	if len(shown) != 7 || shown[6].ID != last {
		t.Fatalf("got %d messages on the citizen's phone, want seven", len(shown))
	}
	for _, m := range shown {
		w.agreesOn(m, map[string]string{third: deletion}[m.ID])
	}
	if got := len(w.seen["file"]); got != 3 || len(w.seen["garbled"]) > 0 || len(w.seen["nofile"]) > 0 {
		t.Errorf("got %d files, %v and %v, want three files", got, w.seen["garbled"], w.seen["nofile"])
	}
	for i, data := range [][]byte{photo, leaflet, leaflet} {
		sum := sha256.Sum256(data)
		if got := w.seen["file"][i]; got.Sum != hex.EncodeToString(sum[:]) {
			t.Errorf("Baileys got %v, not the file", got)
		}
	}
}

// The announcement cannot be decrypted and its author is gone: Baileys asks the citizen's own phone, which has it.
func TestG2_ForeignWitnessAsksItsPhone(t *testing.T) {
	t.Parallel()
	baileys := os.Getenv(baileysKey)
	if baileys == "" {
		lacks(t, "no foreign client: %s must name a folder in which `npm install baileys@7.0.0-rc14` was run", baileysKey)
	}
	p := newPlace(t)
	o := p.sender()
	citizen := p.server.NewPhone("+393990000777")
	w := p.witness(baileys)
	if err := citizen.ScanQR(w.await("code", "")); err != nil {
		t.Fatal(err)
	}
	w.await("open", "")
	o.send(citizen, whatsapp.Content{Text: "Mercato giovedì"})
	w.await("message", "Mercato")

	w.do(order{Duty: "off"})
	w.await("off", "")
	id := o.send(citizen, whatsapp.Content{Text: "Acqua chiusa"})
	o.client.Close()
	w.do(order{Duty: "forget", To: p.phone.LID()})
	w.await("forgotten", "")
	w.do(order{Duty: "on"})
	w.await("garbled", "")
	w.await("message", "Acqua chiusa")
	w.end()
	if got := citizen.Asked(id); got == 0 {
		t.Error("the phone was not asked, so who told Baileys?")
	}
	w.agrees("the citizen's phone", w.seen["message"], citizen.Messages(), 2)
}

// agreesOn compares what Baileys makes of a message in the end, with its file, with what a phone of ours shows. When the
// message and its deletion come together, Baileys may tell of one deleted message, under the ID of the deletion.
func (w *witness) agreesOn(m whatsapptest.Message, deletion string) {
	w.t.Helper()
	text, deleted, found := "", len(w.of("deleted", m.ID))+len(w.of("deleted", deletion)) > 0, false
	for _, event := range []string{"message", "edited"} {
		for _, s := range w.of(event, m.ID) {
			text, found = s.Text, true
		}
	}
	if deleted {
		text, found = "", true
	}
	if !found || text != m.Text || deleted != m.Deleted {
		w.t.Errorf("Baileys: found %t, text %q, deleted %t; our phone: %q, %t", found, text, deleted, m.Text, m.Deleted)
	}
	files := w.of("file", m.ID)
	if len(files) == 0 && m.Media != nil || len(files) > 1 {
		w.t.Errorf("Baileys has %d files of a %s", len(files), m.Kind)
	}
	for _, f := range files {
		if f.Sum != m.Sum || f.MIME != m.MIME || f.Name != m.FileName {
			w.t.Errorf("Baileys has %v, our phone %s %q %s", f, m.MIME, m.FileName, m.Sum)
		}
	}
}

// awaitCount waits until Baileys has seen so many of a kind in all.
func (w *witness) awaitCount(event string, count int) {
	w.t.Helper()
	for len(w.seen[event]) < count {
		w.await(event, "")
	}
}

// of lists what Baileys saw of a message.
func (w *witness) of(event, id string) (list []sight) {
	for _, s := range w.seen[event] {
		if s.ID == id {
			list = append(list, s)
		}
	}
	return list
}

// sender is our own client, without the rest of the daemon.
type sender struct {
	t      testing.TB
	client *whatsapp.Client
}

func (p *place) sender() *sender {
	p.t.Helper()
	client, err := whatsapp.Open(p.t.Context(), whatsapp.Options{
		Dir: p.t.TempDir(), Number: comune, Device: "Comune di Saronno", HTTPClient: whatsapptest.Dial(p.address),
		Logger:     slog.New(slog.NewTextHandler(io.Discard, nil)),
		OnText:     func(context.Context, whatsapp.Text) error { return nil },
		OnReceipts: func(context.Context, []whatsapp.Receipt) error { return nil },
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { client.Close() })
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	screen := whatsapp.Screen{Code: func(code string, _ time.Duration) { go p.phone.ScanQR(code) }}
	if err := client.Pair(ctx, screen); err != nil {
		p.t.Fatal(err)
	}
	if err := client.AwaitReady(ctx); err != nil {
		p.t.Fatal(err)
	}
	return &sender{p.t, client}
}

func (o *sender) upload(media whatsapp.Media, data []byte) whatsapp.Media {
	o.t.Helper()
	var err error
	if media.Upload, err = o.client.Upload(o.t.Context(), media.Kind, data); err != nil {
		o.t.Fatal(err)
	}
	return media
}

func (o *sender) send(to *whatsapptest.Phone, content whatsapp.Content) string {
	o.t.Helper()
	id := whatsapp.NewMessageID()
	if _, err := o.client.Send(o.t.Context(), whatsapp.Address{LID: to.LID(), Number: to.Number()}, id, content); err != nil {
		o.t.Fatal(err)
	}
	return id
}

// picture is a small JPEG, its own thumbnail.
func picture(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 60, 40)), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
