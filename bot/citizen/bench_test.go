package citizen

import (
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// hostile are texts of the most that WhatsApp carries, made to be slow to read.
func hostile() map[string]string {
	fill := func(s string) string { return strings.Repeat(s, 1+maxWhatsApp/len(s))[:maxWhatsApp] }
	return map[string]string{
		"one letter":        fill("a"),
		"one word":          fill("a "),
		"commands":          fill("Attiva Notizie "),
		"goodbyes":          fill("disattiva "),
		"near goodbyes":     fill("disativa no "),
		"stops":             fill("stop "),
		"negations":         fill("non voglio "),
		"torn goodbyes":     fill("d i sa tti va "),
		"letters":           "Attiva Notizie " + fill("a b c d "),
		"marks":             fill("a\u0301"),
		"all marks":         fill("\u0301\u0323\u0308"),
		"invisible":         fill("\u200b"),
		"blanks":            fill(" "),
		"flags":             fill("🇮🇹"),
		"emoji":             fill("🙂"),
		"broken":            fill("\xff\xc3"),
		"zeros":             fill("\x00"),
		"Comuni":            "Attiva Notizie " + fill("Santo Stefano Reggio nell'Emilia "),
		"nearly Comuni":     "Attiva Notizie " + fill("Sarono Uboldi Caronno "),
		"short Comuni":      "Attiva Notizie Mario Rossi Xanto Stefanno di Magrra",
		"labels":            "Attiva Notizie " + fill("nome cognome comune "),
		"streets":           "Attiva Notizie " + fill("via nato provincia di "),
		"apostrophes":       fill("d'' "),
		"hyphens":           fill("a-b-c-"),
		"addresses":         fill("a@b.c http://x "),
		"ats":               fill("a@"),
		"questions":         fill("? "),
		"points":            fill("sig. a. "),
		"courtesy":          fill("grazie mille per favore "),
		"spoken points":     fill("virgola punto a capo "),
		"Chinese":           fill("王小明 "),
		"full width":        fill("Ａｔｔｉｖａ"),
		"ligatures":         fill("ﷺ"),
		"glued commands":    fill("attivanotizie"),
		"glued and hyphens": fill("AttivaNotizie-"),
		"dangers":           fill("aiuto incendio "),
		"pauses":            fill("pausa fino a sospendete "),
		"stays":             fill("non mi cancellate se "),
		"relatives":         fill("mio marito non e "),
		"corrections":       fill("il cognome e "),
		"elided":            fill("l'ambulanza dell'iscrizione "),
		"claims":            fill("cancellate tutti i dati che "),
		"slips":             fill("canceltemi tolgeitmi "),
		"any order":         fill("gas odore perde mamma non "),
		"refusals":          fill("io non vi "),
		"late wish":         fill("ciao ")[:maxWhatsApp-100] + " disattiva notizie",
	}
}

// maxWhatsApp is the longest text that WhatsApp carries.
const maxWhatsApp = 64 << 10

// TestG9_NoTextIsSlowToRead compares the work for hostile texts of 64 KiB with that for a plain one in the same run. A plain text takes some
// microseconds; a thousand times that is what the slowest may take. It counts the processor's time, not the clock's.
func TestG9_NoTextIsSlowToRead(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	r := reader(t)
	const times = 1000
	plain := work(t, func() {
		for range times {
			r.Read("Attiva Notizie Anna Maria De Luca Caronno Pertusella")
		}
	})
	for name, text := range hostile() {
		reading := work(t, func() { r.Read(text) })
		completing := work(t, func() { r.complete(Request{}, text) })
		t.Logf("%-18s %v, %v to complete; %d plain texts take %v", name, reading, completing, times, plain)
		if reading > plain || completing > plain {
			t.Errorf("%s takes as long as more than %d plain texts", name, times)
		}
	}
}

// work is the least processor time that do has taken.
func work(t *testing.T, do func()) time.Duration {
	t.Helper()
	spent := func() time.Duration {
		var now unix.Timespec
		if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &now); err != nil {
			t.Fatal(err)
		}
		return time.Duration(now.Nano())
	}
	least := time.Duration(math.MaxInt64)
	for range 5 {
		before := spent()
		do()
		least = min(least, spent()-before)
	}
	return least
}

// TestG9_NoTextIsExpensiveToRead bounds the memory that reading takes: once for each text, and for all of them together.
func TestG9_NoTextIsExpensiveToRead(t *testing.T) {
	r := reader(t)
	for name, text := range hostile() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r.Read(text)
		r.complete(Request{}, text)
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 4<<20 {
			t.Errorf("%s: %d bytes allocated", name, got)
		}
	}
	if got := testing.AllocsPerRun(100, func() { r.Read("Attiva Notizie Mario Rossi Saronno") }); got > 40 {
		t.Errorf("a plain text takes %v allocations", got)
	}
}

// Reading what a citizen wrote costs nothing beside sending:
//
//	go test ./bot/citizen -run '^$' -bench Read
//
// On 28 November 2026, on a shared core of an AMD EPYC: 100,000 to 220,000 texts a
// second, and less than 2 ms for 64 KiB of anything (BenchmarkReadHostile).
func BenchmarkRead(b *testing.B) {
	var texts []string
	for _, one := range append(labelledMessages(b), moreMessages(b)...) {
		texts = append(texts, one.text)
	}
	r := reader(b)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		r.Read(texts[n%len(texts)])
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "texts/s")
}

func BenchmarkReadHostile(b *testing.B) {
	r := reader(b)
	for name, text := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r.Read(text)
			}
		})
	}
}

func BenchmarkNewReader(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		NewReader("Saronno")
	}
}
