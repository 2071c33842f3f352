package bot_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
)

// settling gives a lot the time to be dropped as a whole.
func settling(c *config.Config) { c.Spool.Settle = 3 * time.Second }

// picture is a JPEG that looks like no other.
func picture(t *testing.T, seed int) string {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, 320, 200))
	for y := range 200 {
		for x := range 320 {
			img.Set(x, y, color.RGBA{uint8(x * seed), uint8(y * 7), uint8(x ^ y), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// leaflet is a PDF of two pages.
const leaflet = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" +
	"2 0 obj<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n" +
	"4 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n" +
	"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"

// shown waits until a phone has shown n messages after the first two, which
// are the confirmation and the card.
func (w *town) shown(p *whatsapptest.Phone, n int) []whatsapptest.Message {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), 24*time.Hour)
	defer cancel()
	list, err := p.AwaitMessages(ctx, n+2)
	if err != nil {
		w.t.Fatalf("%d messages never came, but %d: %v", n+2, len(list), err)
	}
	return list[2:]
}

func kinds(list []whatsapptest.Message) (out []string) {
	for _, m := range list {
		text := m.Text
		if len(text) > 20 {
			text = text[:20]
		}
		out = append(out, m.Kind+":"+text)
	}
	return out
}

func TestG2G8_Attachments(t *testing.T) {
	slow(t)
	t.Parallel()
	long := strings.Repeat("Parole che non finiscono. ", 60)
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  []string // kind:words of each message
		media []string // the files of those messages, in order
	}{
		{"a text and its picture", map[string]string{"festa.txt": "La festa.", "festa.jpg": picture(t, 3)}, []string{"image:La festa."}, []string{"festa.jpg"}},
		{"one alone", map[string]string{"festa.jpg": picture(t, 3)}, []string{"image:"}, []string{"festa.jpg"}},
		{"several, in order", map[string]string{"festa.txt": "La festa.", "festa-2.jpg": picture(t, 5), "festa-1.jpg": picture(t, 3), "festa-10.pdf": leaflet},
			[]string{"image:La festa.", "image:", "document:"}, []string{"festa-1.jpg", "festa-2.jpg", "festa-10.pdf"}},
		{"a PDF", map[string]string{"bando.txt": "Il bando.", "bando.pdf": leaflet}, []string{"document:Il bando."}, []string{"bando.pdf"}},
		{"a long text goes first", map[string]string{"festa.txt": long, "festa.jpg": picture(t, 3)}, []string{"text:Parole che non finis", "image:"}, []string{"", "festa.jpg"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := raise(t, settling)
				people := w.subscribe(5)
				for name, content := range tt.files {
					w.drop("da_inviare", name, content)
				}
				for _, p := range people {
					got := w.shown(p, len(tt.want))
					if !slices.Equal(kinds(got), tt.want) {
						t.Fatalf("shown %q, want %q", kinds(got), tt.want)
					}
					for i, name := range tt.media {
						if name != "" && string(got[i].Media) != tt.files[name] {
							t.Errorf("message %d does not carry %s byte for byte", i, name)
						}
					}
				}
				time.Sleep(time.Hour)
				want := len(slices.DeleteFunc(slices.Clone(tt.media), func(name string) bool { return name == "" }))
				if got := w.server.Stats().Uploads; got != want {
					t.Errorf("%d uploads, want %d: one for each attachment", got, want)
				}
				for name := range tt.files {
					if _, err := os.Stat(filepath.Join(w.cfg.SpoolDir, "inviati", name)); err != nil {
						t.Errorf("%s is not in inviati: %v", name, err)
					}
				}
			})
		})
	}
}

// Who changes a file in in_invio changes nothing of what is sent (G9).
func TestG9_AFileChangedWhileItLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling, func(c *config.Config) { c.Sending.Holdback = time.Hour })
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "festa.txt", "La festa.")
		w.drop("da_inviare", "festa.jpg", picture(t, 3))
		time.Sleep(10 * time.Minute)
		w.drop("in_invio", "festa.txt", "Parole di un altro.")
		w.drop("in_invio", "festa.jpg", "#!/bin/sh\n")
		if m := w.await(p, "La festa."); string(m.Media) != picture(t, 3) {
			t.Error("the picture is not the one that was dropped")
		}
	})
}

// A bad attachment takes its text along to scartati, with the reason.
func TestG8_ABadAttachmentIsRefusedWithItsText(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, settling)
		p := w.subscribe(1)[0]
		w.drop("da_inviare", "festa.txt", "La festa.")
		w.drop("da_inviare", "festa.jpg", "PK\x03\x04 an archive")
		w.drop("da_inviare", "buono.txt", "Un testo buono.")
		w.await(p, "Un testo buono.")
		time.Sleep(time.Minute)
		for _, name := range []string{"festa.txt", "festa.jpg"} {
			if _, err := os.Stat(filepath.Join(w.cfg.SpoolDir, "scartati", name)); err != nil {
				t.Errorf("%s is not in scartati: %v", name, err)
			}
		}
		report, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, "scartati", "festa.txt.esito.txt"))
		if err != nil || !strings.Contains(string(report), "Motivo: ") {
			t.Errorf("the report beside it: %q, %v", report, err)
		}
		if count(p, "La festa.") != 0 {
			t.Error("the text left without its picture")
		}
	})
}

// What goes to the preview numbers is what everybody gets.
func TestG1_APreviewIsExact(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var preview *whatsapptest.Phone
		w := link(t, settling, func(c *config.Config) { c.Sending.Preview = []string{"+393331112222"} })
		preview = w.server.NewPhone("+393331112222")
		w.start()
		time.Sleep(time.Minute)
		p := w.subscribe(1)[0]
		for _, folder := range []string{"prova", "da_inviare"} {
			w.drop(folder, "festa.txt", "La *festa*.")
			w.drop(folder, "festa-1.jpg", picture(t, 3))
			w.drop(folder, "festa-2.pdf", leaflet)
			time.Sleep(10 * time.Minute)
			if folder == "prova" && len(p.Messages()) != 2 {
				t.Fatal("a preview reached a subscriber")
			}
		}
		describe := func(list []whatsapptest.Message) (out []string) {
			for _, m := range list {
				out = append(out, fmt.Sprint(m.Kind, m.Text, m.MIME, m.FileName, m.Width, m.Height, m.Pages, m.Sum))
			}
			return out
		}
		if got, want := describe(preview.Messages()), describe(w.shown(p, 2)); !slices.Equal(got, want) {
			t.Errorf("the preview was\n%q\nand everybody got\n%q", got, want)
		}
	})
}

// An announcement for some towns goes to their residents only, also to those
// who register while it leaves.
func TestG1_OnlyTheseResidents(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Holdback = time.Hour })
		here, there := w.citizen(1), w.citizen(2)
		w.write(here, "Attiva Notizie Anna Verdi Saronno")
		w.write(there, "Attiva Notizie Anna Verdi Uboldo")
		w.shown(here, 0)
		w.shown(there, 0)
		w.drop("da_inviare", "a.txt", "---\ncomuni: UBOLDO\n---\nPer Uboldo.")
		w.drop("da_inviare", "b.txt", "Per tutti.")
		time.Sleep(time.Minute)
		late := w.citizen(3)
		w.write(late, "Attiva Notizie Anna Verdi Saronno")
		w.await(here, "Per tutti.")
		w.await(there, "Per tutti.")
		w.await(there, "Per Uboldo.")
		time.Sleep(time.Hour)
		if count(here, "Per Uboldo.")+count(late, "Per Uboldo.") != 0 {
			t.Error("it went to another town")
		}
		w.drop("da_inviare", "c.txt", "---\ncomuni: Paperopoli\n---\nPer nessuno.")
		time.Sleep(time.Minute)
		report, err := os.ReadFile(filepath.Join(w.cfg.SpoolDir, "scartati", "c.txt.esito.txt"))
		if err != nil || !strings.Contains(string(report), "riga 2") || !strings.Contains(string(report), "Paperopoli") {
			t.Errorf("the reason does not name line and town: %q, %v", report, err)
		}
	})
}

// Only ordinary announcements wait for second thoughts.
func TestG6_OnlyOrdinaryOnesAreHeldBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t, func(c *config.Config) { c.Sending.Holdback = 10 * time.Minute })
		p := w.subscribe(1)[0]
		dropped := time.Now()
		w.drop("da_inviare", "a.txt", "Ordinario.")
		w.drop("urgenti", "b.txt", "Urgente.")
		if waited := w.await(p, "Urgente.").At.Sub(dropped); waited > time.Minute {
			t.Errorf("an alert waited %v", waited)
		}
		if waited := w.await(p, "Ordinario.").At.Sub(dropped); waited < 10*time.Minute {
			t.Errorf("an ordinary one came after %v", waited)
		}
	})
}
