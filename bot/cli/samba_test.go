package cli_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"banditore/bot/whatsapp/whatsapptest"
)

// dropping is one way in which a clerk gets announcements into a shared folder.
type dropping struct {
	name  string
	share string
	drop  func(t *testing.T, s *smb, share string)
	shown []string // on every phone, once each, and nothing else
	sum   string   // SHA-256 of the picture under the first of them
	filed []string // in inviati, each with a report
}

// Long enough to be sent in pieces, and all different: no piece repeats another.
var minutesOfCouncil = func() (text string) {
	for n := range 40 {
		text += fmt.Sprintf("%d. Il Consiglio comunale è convocato per la città di Saronno.\n", n+1)
	}
	return strings.TrimSuffix(text, "\n")
}()

// pieces cuts a text into n, without regard to letters.
func pieces(text string, n int) (list []string) {
	size := (len(text) + n - 1) / n
	for piece := range slices.Chunk([]byte(text), size) {
		list = append(list, string(piece))
	}
	return list
}

// settleOnShare is how long a file of this test must be still, and the gap
// between two saves a tenth of that: a busy machine must not make it a pause.
const (
	settleOnShare = 2 * time.Second
	betweenSaves  = settleOnShare / 10
)

const crowd = 40 // files that are dropped at once

func crowdText(n int) string { return fmt.Sprintf("Avviso numero %d: è aperto.", n) }

// droppings are the ways. They hold a picture of some megabytes, which a process
// that is no test need not draw.
func droppings() []dropping {
	photo := noise()
	return []dropping{
		{
			name: "a text", share: asService,
			drop: func(t *testing.T, s *smb, share string) {
				s.must(t, share, "cd da_inviare", "put "+s.file(t, "Giovedì il mercato è in via Roma. 🧺\r\n")+" mercato.txt")
			},
			shown: []string{"Giovedì il mercato è in via Roma. 🧺"}, filed: []string{"mercato.txt"},
		},
		{
			name: "by somebody else of the group", share: asColleague,
			drop: func(t *testing.T, s *smb, share string) {
				s.must(t, share, "cd urgenti", "put "+s.file(t, "Scuole chiuse per neve.")+" neve.txt")
			},
			shown: []string{"Scuole chiuse per neve."}, filed: []string{"neve.txt"},
		},
		{
			name: "into the root, with blanks, accents and emoji", share: asService,
			drop: func(t *testing.T, s *smb, share string) {
				s.must(t, share, `put `+s.file(t, "Festa patronale.")+` "Festa di Sant'Antonio – la città è 🎉.txt"`)
			},
			shown: []string{"Festa patronale."}, filed: []string{"Festa di Sant'Antonio – la città è 🎉.txt"},
		},
		{
			// Until it is closed it is there with no byte, still for two settle periods.
			name: "kept open", share: asService,
			drop: func(t *testing.T, s *smb, share string) {
				s.putOpen(t, share, `da_inviare\aperto.txt`, pieces("Biblioteca aperta anche di sabato, è deciso.", 4), settleOnShare/2)
			},
			shown: []string{"Biblioteca aperta anche di sabato, è deciso."}, filed: []string{"aperto.txt"},
		},
		{
			name: "saved again and again, longer each time", share: asService,
			drop: func(t *testing.T, s *smb, share string) {
				s.putGrowing(t, share, `da_inviare\consiglio.txt`, pieces(minutesOfCouncil, 20), betweenSaves)
			},
			shown: []string{minutesOfCouncil}, filed: []string{"consiglio.txt"},
		},
		{
			name: "under another name first", share: asService,
			drop: func(t *testing.T, s *smb, share string) {
				s.must(t, share, "cd da_inviare", "put "+s.file(t, "Chiusa via Verdi.")+" strada.txt.part", "put "+s.file(t, "Chiusa via Po.")+" ~WRD0001.tmp")
				pause(2 * settleOnShare)
				s.must(t, share, "cd da_inviare", "rename strada.txt.part strada.txt", "rename ~WRD0001.tmp po.txt")
			},
			shown: []string{"Chiusa via Verdi.", "Chiusa via Po."}, filed: []string{"strada.txt", "po.txt"},
		},
		{
			name: "overwritten before it has settled", share: asService,
			drop: func(t *testing.T, s *smb, share string) {
				s.must(t, share, "cd da_inviare", "put "+s.file(t, "L'acqua manca dalle 8.")+" acqua.txt", "put "+s.file(t, "L'acqua manca dalle 9.")+" acqua.txt")
			},
			shown: []string{"L'acqua manca dalle 9."}, filed: []string{"acqua.txt"},
		},
		{
			name: "under a name that was used", share: asService,
			drop: func(t *testing.T, s *smb, share string) {
				s.must(t, share, "cd da_inviare", "put "+s.file(t, "Il primo avviso.")+" avviso.txt")
				s.await(t, "inviati", "avviso.txt.esito.txt")
				s.must(t, share, "cd da_inviare", "put "+s.file(t, "Il secondo avviso.")+" avviso.txt")
			},
			shown: []string{"Il primo avviso.", "Il secondo avviso."}, filed: []string{"avviso.txt", "avviso (2).txt"},
		},
		{
			name: "many at once", share: asService,
			drop:  dropCrowd,
			shown: crowdOf(crowdText),
			filed: crowdOf(func(n int) string { return fmt.Sprintf("avviso-%d.txt", n) }),
		},
		{
			name: "taken out of in_invio", share: asService,
			drop: func(t *testing.T, s *smb, share string) {
				s.must(t, share, "cd da_inviare", "put "+s.file(t, "---\ndal: 31/12/2098\n---\nPer sbaglio.")+" sbaglio.txt")
				s.await(t, "in_invio", "sbaglio.txt")
				s.must(t, share, `del in_invio\sbaglio.txt`)
				s.await(t, "inviati", "sbaglio.txt.esito.txt")
				if report := s.get(t, share, "inviati", []string{"sbaglio.txt"}, ".esito.txt")[0]; !strings.Contains(report, "FERMATO A MANO") {
					t.Errorf("the report says\n%s", report)
				}
			},
		},
		{
			// The text has long been still when the picture is whole.
			name: "a picture of some megabytes, slowly, and its caption", share: asService,
			drop: func(t *testing.T, s *smb, share string) {
				var picture sync.WaitGroup
				picture.Go(func() { s.putOpen(t, share, `da_inviare\festa.jpg`, pieces(photo, 20), settleOnShare/5) })
				defer picture.Wait()
				s.await(t, "da_inviare", "festa.jpg")
				s.must(t, share, "cd da_inviare", "put "+s.file(t, "Il programma della festa.")+" festa.txt")
			},
			shown: []string{"Il programma della festa."}, filed: []string{"festa.txt"}, sum: fmt.Sprintf("%x", sha256.Sum256([]byte(photo))),
		},
		{name: "through a mount", share: asService, drop: dropThroughMount, shown: []string{"Attraverso il disco di rete."}, filed: []string{"rete.txt"}},
	}
}

func crowdOf(name func(int) string) (list []string) {
	for n := range crowd {
		list = append(list, name(n))
	}
	return list
}

// dropCrowd drops all files at once over eight connections.
func dropCrowd(t *testing.T, s *smb, share string) {
	var all sync.WaitGroup
	for clerk := range 8 {
		commands := []string{"cd da_inviare"}
		for n := clerk; n < crowd; n += 8 {
			commands = append(commands, fmt.Sprintf("put %s avviso-%d.txt", s.file(t, crowdText(n)), n))
		}
		all.Go(func() {
			if _, err := s.do(share, commands...); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// A real share, with Debian's Samba between the clerk and the folder. Whatever the
// way of dropping, nothing is taken half, nothing is missed, nothing comes twice;
// and what banditore writes, the clerk can read and delete.
func TestG8_ARealShare(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.write("config.yaml", strings.Replace(settings, "settle: 100ms", "settle: "+settleOnShare.String(), 1))
	p.pair()
	daemon := p.daemon()
	people := p.citizens(3)
	s := p.share()
	want := p.dropAll(t, s, people)
	p.settle()
	for i, c := range people {
		got := slices.DeleteFunc(texts(c.Messages()), func(text string) bool {
			return text == "" || strings.Contains(text, "Iscrizione attiva")
		})
		missed, odd := without(want, got), without(got, want)
		if len(missed) > 0 || len(odd) > 0 || len(got) != len(want) {
			t.Errorf("phone %d shows %d texts, want %d; missed: %q; taken half or not ours: %q", i, len(got), len(want), missed, odd)
		}
	}
	if left := s.left(t); len(left) > 0 {
		t.Errorf("left in the folders: %q", left)
	}
	s.must(t, asService, "cd inviati", "del mercato.txt", "del mercato.txt.esito.txt")
	s.must(t, asColleague, "cd inviati", "del po.txt", "del po.txt.esito.txt")
	if s.has("inviati", "mercato.txt") || s.has("inviati", "po.txt") {
		t.Error("what the clerk deleted is still there")
	}
	daemon.end(syscall.SIGTERM)
}

// without lists what of a is not in b.
func without(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(text string) bool { return slices.Contains(b, text) })
}

// dropAll carries all droppings out at once and returns what each phone must show.
func (p *place) dropAll(t *testing.T, s *smb, people []*whatsapptest.Phone) (want []string) {
	var mu sync.Mutex // guards want
	t.Run("drop", func(t *testing.T) {
		var all sync.WaitGroup
		defer all.Wait()
		for _, d := range droppings() {
			all.Go(func() {
				t.Run(d.name, func(t *testing.T) {
					d.drop(t, s, d.share)
					mu.Lock()
					want = append(want, d.shown...)
					mu.Unlock()
					p.arrives(t, d, s, people)
				})
			})
		}
	})
	return want
}

// arrives waits for what was dropped: on every phone, and in inviati.
func (p *place) arrives(t *testing.T, d dropping, s *smb, people []*whatsapptest.Phone) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for _, text := range d.shown {
		for i, c := range people {
			m, err := c.AwaitText(ctx, text)
			if err != nil {
				t.Fatalf("phone %d never showed %q: %v\n%s", i, text, err, tail(p.said()))
			}
			if m.Sum != d.sum {
				t.Errorf("phone %d shows %d bytes of a picture under %q, which are not those that were dropped", i, len(m.Media), text)
			}
		}
	}
	for _, name := range d.filed {
		s.await(t, "inviati", name+".esito.txt")
	}
	for i, report := range s.get(t, d.share, "inviati", d.filed, ".esito.txt") {
		if !strings.Contains(report, "INVIATO A TUTTI") || !strings.Contains(report, fmt.Sprintf("Destinatari: %d", len(people))) {
			t.Errorf("the report of %s says\n%s", d.filed[i], report)
		}
		if !s.has("inviati", d.filed[i]) {
			t.Errorf("%s is not in inviati", d.filed[i])
		}
	}
}
