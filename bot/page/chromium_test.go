package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"

	"banditore/store"
)

// scene is a page and what a person reads on it, in this order.
type scene struct {
	html  []byte
	reads []string
	never []string
	hears []string // what a screen reader says of things that are not text: role and name
}

func scenes(t *testing.T) map[string]scene {
	record, err := RenderMinutes(minutes(t))
	if err != nil {
		t.Fatal(err)
	}
	long := idle(t)
	long.Days = years(long.Updated, 3)
	for len(long.Recent) < showRecent {
		long.Recent = append(long.Recent, long.Recent[0])
	}
	return map[string]scene{
		"idle": {mustRender(t, idle(t)), []string{
			"@infoSaronno7", "Tutto a posto", "collegato a WhatsApp", "Iscritti\n8.123", "12 iscrizioni, 1 disiscrizione", "Sta partendo", "non parte nessun avviso",
			"Ultimi avvisi", "ALLERTA METEO", "URGENTE", "8.119", "7.350", "4.102", "Corretto con", "ritirato", "Soltanto per i residenti di: Saronno, Uboldo", "primo messaggio: 12", "Iscritti nel tempo",
		}, []string{"Che cosa fare", "Da rileggere", "In attesa\n", "File scartati"}, []string{
			"banner", "main", "contentinfo", "region Tutto a posto", "rowheader 05 ALLERTA METEO", "columnheader Letto almeno da", "image Iscritti nel tempo", "table Ultimi avvisi", "table Gli ultimi mesi",
		}},
		"sending": {mustRender(t, sending(t)), []string{"Messaggi in attesa\n3.412", "Sta partendo", "02_sciopero_treni.txt", "Inviato a 4.711 persone su 8.123", "finisce oggi verso le 11:40", "prova del sindaco", "Soltanto per i residenti di: Saronno", "primo messaggio: 1", "In attesa", "19 scadenza TARI.txt", "8:00", "A 7.849 persone, 274 in pausa", "riprende domani", "Già inviato a 5.012 persone su 8.123", "Soltanto per i residenti di: Gerenzano, Cislago", "primo messaggio: 1.234"}, nil, []string{"progressbar 02_sciopero_treni.txt urgente", "progressbar prova del sindaco"}},
		"red":     {mustRender(t, red(t)), []string{"C'è un problema", "gli invii sono fermi", "Che cosa fare: Esegui «banditore pair»", "ultima volta 13 giorni fa", "Che cosa fare: Accendilo"}, []string{"Tutto a posto"}, []string{"region C'è un problema"}},
		"refused": {mustRender(t, refused(t)), []string{"Attenzione", "disco è quasi pieno", "File scartati", "verbale giunta.docx", "Non è partito: è un documento di Word.", "Che cosa fare: Copia il testo"}, nil, nil},
		"empty":   {mustRender(t, empty()), []string{"Tutto a posto", "Iscritti\n0", "com'è andato ogni avviso"}, []string{"Iscritti nel tempo"}, nil},
		"holdback": {mustRender(t, holdback(t)), []string{
			"Da rileggere prima che parta", "concerto.txt", "A quante persone\n7.849, 274 in pausa", "Soltanto per i residenti di\nSaronno, Caronno Pertusella", "Parte\nil 23/11/2026 10:17", "Guarda ancora una volta", "già passata", "togli i suoi file",
			"Concerto di Natale", "teatro Giuditta Pasta", "• ingresso libero", "https://www.example.it/concerto_di_natale?anno=2026", "concerto-2.pdf, 3 pagine", "concerto-3.mp4 (1:35)",
		}, []string{"*Concerto", "_Giuditta"}, []string{"group Come si vedrà sul telefono", "image Immagine concerto.jpg"}},
		"minutes":     {record, []string{"Verbale n. 42", "rettifica di", "ufficio.stampa", "<b>teatro</b>", "concerto.jpg", "0102030000", "8.119", "cambiati sul telefono", "7.000", "confermati", "Il verbale precedente", "abcd0000", "Get-FileHash"}, nil, []string{"banner", "main", "rowheader Letto almeno da"}},
		"three years": {mustRender(t, long), []string{"Dal 23/11/2023 al 23/11/2026 gli iscritti"}, nil, nil},
	}
}

// One browser looks at every page.
func TestChromium(t *testing.T) {
	browser := newBrowser(t)
	for name, s := range scenes(t) {
		t.Run(name, func(t *testing.T) {
			p := open(t, browser, s.html)
			p.keep(name)
			p.says(s)
			p.tells(s.hears)
			p.headings()
			p.prints()
			p.fitsEverywhere()
			p.keep(name + " on a phone")
			if name != "minutes" {
				p.darkens()
			}
			p.silent()
			t.Run("axe", func(t *testing.T) {
				p := p.within(t)
				p.do(chromedp.Evaluate[chromedp.Void](axe(t)))
				p.accessible() // on a phone in the dark
				p.wide(1200)
				p.media("", "light")
				p.accessible()
			})
		})
	}
	t.Run("hostile", func(t *testing.T) { hostile(t, browser) })
	t.Run("refresh", func(t *testing.T) { refreshed(t, browser) })
	t.Run("chart", func(t *testing.T) { charted(t, browser) })
}

// says checks what a person reads, in that order.
func (p *tab) says(s scene) {
	p.t.Helper()
	read := p.reads()
	rest := strings.ToLower(read)
	for _, want := range s.reads {
		_, after, ok := strings.Cut(rest, strings.ToLower(want))
		if !ok {
			p.t.Errorf("nobody reads %q there in\n%s", want, read)
			continue
		}
		rest = after
	}
	for _, never := range s.never {
		if strings.Contains(read, never) {
			p.t.Errorf("somebody reads %q in\n%s", never, read)
		}
	}
}

// tells checks what a screen reader hears.
func (p *tab) tells(wants []string) {
	p.t.Helper()
	tree, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		p.t.Fatal(err)
	}
	var heard []string
	for _, n := range tree.Nodes {
		if n.Ignored || n.Role == nil || n.Name == nil {
			continue
		}
		var role, name string
		if err := errors.Join(json.Unmarshal(n.Role.Value, &role), json.Unmarshal(n.Name.Value, &name)); err != nil {
			p.t.Fatal(err)
		}
		heard = append(heard, strings.TrimSpace(role+" "+name))
	}
	for _, want := range wants {
		if !slices.ContainsFunc(heard, func(s string) bool { return strings.HasPrefix(s, want) }) {
			p.t.Errorf("nobody hears %q among\n%s", want, strings.Join(heard, "\n"))
		}
	}
}

// fitsEverywhere looks at the page on a large screen, a tablet and a small phone.
// A number or a time that is broken in two does not fit.
func (p *tab) fitsEverywhere() {
	p.t.Helper()
	for _, width := range []int64{1200, 768, 320} {
		p.wide(width)
		if !p.fits() {
			p.t.Errorf("at %d pixels one has to scroll sideways", width)
		}
		broken := eval[[]string](p, `[...document.querySelectorAll(".count, .n, time, .big")].filter(e => {
			const words = document.createRange();
			words.selectNodeContents(e);
			return e.childElementCount === 0 && /^[\d.:/ ]+$/.test(e.innerText) && words.getClientRects().length > 1;
		}).map(e => e.outerHTML)`)
		if len(broken) > 0 {
			p.t.Errorf("at %d pixels these are broken in two: %s", width, broken)
		}
	}
}

// darkens leaves the page in the dark.
func (p *tab) darkens() {
	p.t.Helper()
	light := p.background()
	p.media("", "dark")
	if dark := p.background(); dark == light {
		p.t.Errorf("the page is %s in the dark too", dark)
	}
}

func (p *tab) background() string {
	return eval[string](p, "getComputedStyle(document.body).backgroundColor")
}

// headings checks what a screen reader goes by: landmarks, and headings that skip
// no level.
func (p *tab) headings() {
	p.t.Helper()
	levels := eval[[]int](p, `[...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(h => +h.tagName[1])`)
	for i, level := range levels {
		if i == 0 && level != 1 || i > 0 && (level == 1 || level > levels[i-1]+1) {
			p.t.Errorf("headings of levels %v", levels)
			break
		}
	}
	for _, landmark := range []string{"header", "main", "h1"} {
		if n := eval[int](p, `document.querySelectorAll("body > `+landmark+`, body > header > `+landmark+`").length`); n != 1 {
			p.t.Errorf("%d %s", n, landmark)
		}
	}
}

var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// prints checks that the page goes on few sheets.
func (p *tab) prints() {
	p.t.Helper()
	pdf, err := chromedp.Run(p.ctx, chromedp.PrintToPDF(chromedp.PDFPaper(chromedp.PaperA4), chromedp.PDFPrintBackground()))
	if err != nil {
		p.t.Fatal(err)
	}
	if n := len(pdfPage.FindAll(pdf, -1)); n < 1 || n > 3 {
		p.t.Errorf("printed on %d sheets, want 1 to 3", n)
	}
}

// hostile opens a page whose every name and text tries something.
func hostile(t *testing.T, browser context.Context) {
	v := View{Service: "@infoSaronno7"}
	for name := range hostileNames() {
		v.Recent = append(v.Recent, Announcement{Announcement: store.Announcement{Content: store.Content{Name: name}}, StateWord: name})
		v.Refused = append(v.Refused, Refusal{Name: name, Reason: name, Advice: name})
		v.Second = append(v.Second, Draft{Announcement: Announcement{Announcement: store.Announcement{Content: store.Content{Name: name}}}, Bubbles: []Bubble{{Text: name, Attachment: store.Attachment{AttachedFile: store.AttachedFile{Kind: "image", Name: name, Thumbnail: []byte("<svg onload=alert(1)>")}}}}})
	}
	p := open(t, browser, mustRender(t, v))
	if n := eval[int](p, `document.querySelectorAll("script, a, iframe, object, [onload], [onclick], [onmouseover]").length`); n != 0 {
		t.Errorf("%d elements that could do something", n)
	}
	if n := eval[int](p, `document.querySelectorAll("main h2").length`); n != 5 {
		t.Errorf("%d sections: a name has opened or closed one", n)
	}
	p.wide(320)
	if !p.fits() {
		t.Error("a long name makes the page wide")
	}
}

// charted checks that the line is where it should be on the screen.
func charted(t *testing.T, browser context.Context) {
	v := idle(t)
	v.Days = years(v.Updated, 3)
	p := open(t, browser, mustRender(t, v))
	if n := eval[int](p, `document.querySelector("polyline").points.numberOfItems`); n != chartPoints {
		t.Errorf("the line has %d points, want %d", n, chartPoints)
	}
	if high := eval[float64](p, `document.querySelector("polyline").getBoundingClientRect().height / document.querySelector(".plot").getBoundingClientRect().height`); high < 0.6 || high > 1.01 {
		t.Errorf("the line takes %.2f of the height of its box", high)
	}
}

// refreshed checks that the page shows what is new, and that whoever reads it stays
// where they were: as far down, or further where something new has come above.
func refreshed(t *testing.T, browser context.Context) {
	after := func(seconds string, v View) []byte {
		return bytes.Replace(mustRender(t, v), []byte(`content="30"`), []byte(`content="`+seconds+`"`), 1)
	}
	p := open(t, browser, after("1", idle(t)))
	p.do(chromedp.Evaluate[chromedp.Void]("scrollTo(0, 400)"))
	if err := os.WriteFile(p.path, after("3600", red(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	p.do(chromedp.WaitVisible(chromedp.CSS(".state.bad")))
	if _, err := chromedp.Run(p.ctx, chromedp.Poll[bool]("scrollY >= 350")); err != nil {
		t.Errorf("the page jumped: %v", err)
	}
}
