package bot_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"banditore/bot/config"
	"banditore/bot/whatsapp/whatsapptest"
)

// neighbourName gives each person a name that no other has, and that is no part
// of any other.
func neighbourName(n int) (given, family string) {
	syllables := []string{"bra", "cre", "dri", "flo", "gru", "pla", "spe", "tri", "sgo", "vlu"}
	name := func(first string) string {
		return first + syllables[n/100%10] + syllables[n/10%10] + syllables[n%10] + "x"
	}
	return name("Q"), name("Z")
}

// forms are the ways in which bytes can name a person: number with and without
// the country's code, LID, names, as UTF-8 and as UTF-16 of either order.
func forms(p *whatsapptest.Phone, n int) (list [][]byte) {
	given, family := neighbourName(n)
	national := strings.TrimPrefix(p.Number(), "+39")
	for _, s := range []string{national, p.LID(), given, family, strings.ToLower(given), strings.ToUpper(family)} {
		list = append(list, []byte(s))
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			var wide []byte
			for _, unit := range utf16.Encode([]rune(s)) {
				wide = binary.BigEndian.AppendUint16(wide, unit)
				if order == binary.LittleEndian {
					last := len(wide)
					wide[last-2], wide[last-1] = wide[last-1], wide[last-2]
				}
			}
			list = append(list, wide)
		}
	}
	return list
}

// everyByte reads every file that banditore owns: data directory, spool, log.
func (w *town) everyByte() map[string][]byte {
	w.t.Helper()
	files := map[string][]byte{"log": []byte(w.log.String())}
	for _, dir := range []string{w.cfg.DataDir, w.cfg.SpoolDir} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			files[filepath.Base(dir)+strings.TrimPrefix(path, dir)], err = os.ReadFile(path)
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	if len(files["data/store.db"]) == 0 || len(files["data/session.db"]) == 0 {
		w.t.Fatal("the databases were not read")
	}
	return files
}

// A town of 200 of whom 60 leave (or of 60 and 18), in every phase: before an announcement, while
// it leaves, with answers that wait for them, while their phones ask again for
// what they could not read, and after it. Five minutes after the last goodbye no
// byte tells of them; the others have lost nothing.
func TestG5_NoByteOfWhoLeft(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		all, phase := size(200, 60), size(10, 3)
		w := raise(t, func(c *config.Config) { c.Sending.Every = 2 * time.Second })
		people := make([]*whatsapptest.Phone, all)
		for n := range people {
			people[n] = w.citizen(n + 1).Named(fmt.Sprint(neighbourName(n)))
			given, family := neighbourName(n)
			w.write(people[n], fmt.Sprintf("Attiva Notizie %s %s Saronno", given, family))
		}
		for _, p := range people {
			w.await(p, "Iscrizione attiva")
		}
		leavers, next := people[:6*phase], 0
		leave := func(each func(*whatsapptest.Phone)) {
			for range phase {
				each(leavers[next])
				next++
			}
		}
		goodbye := func(p *whatsapptest.Phone) { w.write(p, "Disattiva Notizie") }

		w.drop("da_inviare", "prima.txt", "La prima notizia.")
		for _, p := range people {
			w.await(p, "La prima notizia.")
		}
		leave(goodbye) // before the second
		for _, p := range leavers[:next] {
			w.await(p, "cancellat")
		}
		w.drop("da_inviare", "seconda.txt", "La seconda notizia.")
		w.await(people[all-1], "La seconda notizia.")
		leave(goodbye)                      // while it leaves
		leave(func(p *whatsapptest.Phone) { // with answers that have not left
			w.write(p, "I miei dati")
			w.write(p, "Aiuto")
			goodbye(p)
		})
		leave(func(p *whatsapptest.Phone) { // while their phones ask again
			for _, m := range p.Messages() {
				p.AskAgain(m.ID)
			}
			p.ForgetSessions()
			goodbye(p)
		})
		for _, p := range people[next+phase:] {
			w.await(p, "La seconda notizia.")
		}
		leave(func(p *whatsapptest.Phone) { // after it, having read and written
			for _, m := range p.Messages() {
				p.Read(m.ID)
			}
			w.write(p, "Ma le buche di via Piave?")
			goodbye(p)
		})
		former := map[*whatsapptest.Phone]string{}
		leave(func(p *whatsapptest.Phone) { // after their LID has changed, which the next message finds out
			former[p] = p.LID()
			p.ChangeLID()
		})
		w.drop("da_inviare", "intermezzo.txt", "Un intermezzo.")
		for p := range former {
			w.await(p, "Un intermezzo.")
			goodbye(p.HideLID())
		}
		for _, p := range leavers {
			w.await(p, "cancellat")
		}
		time.Sleep(5 * time.Minute)

		for name, content := range w.everyByte() {
			for n, p := range leavers {
				list := forms(p, n)
				if old := former[p]; old != "" {
					list = append(list, []byte(old))
				}
				for _, form := range list {
					if bytes.Contains(content, form) {
						t.Errorf("%s still holds %q of citizen %d, who left in phase %d", name, form, n, n/phase+1)
					}
				}
			}
		}
		w.drop("da_inviare", "terza.txt", "La terza notizia.")
		for n, p := range people[len(leavers):] {
			w.await(p, "La terza notizia.")
			for _, text := range []string{"La prima notizia.", "La seconda notizia.", "La terza notizia."} {
				if got := count(p, text); got != 1 {
					t.Errorf("citizen %d was shown %q %d times", n+len(leavers), text, got)
				}
			}
		}
		for n, p := range leavers {
			if count(p, "La terza notizia.") != 0 {
				t.Errorf("citizen %d left and still gets news", n)
			}
		}
		if got := len(w.list()); got != all-len(leavers) {
			t.Errorf("%d on the list, want %d", got, all-len(leavers))
		}
	})
}

// Their next message works, though our side of the session with their phones is
// gone.
func TestG5_WhoWasForgottenMayComeBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		people := w.subscribe(3)
		for _, p := range people {
			w.write(p, "Disattiva Notizie")
			w.await(p, "cancellat")
		}
		time.Sleep(5 * time.Minute)
		if traces := w.traces(people[0].LID()); len(traces) > 0 {
			t.Fatalf("not forgotten yet: %v", traces)
		}
		for n, p := range people {
			w.write(p, fmt.Sprintf("Attiva Notizie Gianbattista%d Zanardelli Saronno", n))
		}
		time.Sleep(time.Minute)
		for n, p := range people {
			if got := answers(p); !strings.Contains(got[len(got)-1], "Iscrizione attiva") {
				t.Errorf("citizen %d came back and was told %q", n, got[len(got)-1])
			}
		}
	})
}

// A stranger leaves traces by a word of thanks, a sticker, a reaction or a call,
// and somebody who has left by looking back: they are gone within a day too.
func TestG5_NoByteOfStrangers(t *testing.T) {
	slow(t)
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := raise(t)
		left := w.subscribe(1)[0]
		w.write(left, "Disattiva Notizie")
		goodbye := w.await(left, "cancellat")
		time.Sleep(5 * time.Minute)
		left.React(comune, goodbye.ID, "👍")
		thanks, sticker, caller, garbled := w.citizen(2), w.citizen(3), w.citizen(4), w.citizen(5)
		w.server.Excuse(whatsapptest.BadMedia) // the sticker was never uploaded
		w.write(thanks, "Grazie mille")
		sticker.Write(comune, &waE2E.Message{StickerMessage: &waE2E.StickerMessage{Mimetype: proto.String("image/webp")}})
		caller.Call(comune)
		garbled.Garble(comune, "Attiva Notizie", false)
		time.Sleep(time.Hour)
		if len(w.traces(thanks.LID(), left.LID())) == 0 {
			t.Error("nothing is held even now: this test cannot fail")
		}
		time.Sleep(24 * time.Hour)
		for who, p := range map[string]*whatsapptest.Phone{"who left": left, "thanks": thanks, "sticker": sticker, "caller": caller, "garbled": garbled} {
			if traces := w.traces(p.LID(), p.Number()[1:]); len(traces) > 0 {
				t.Errorf("%s: %v", who, traces)
			}
		}
	})
}
