package page

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"banditore/store"
)

// To accept a change of the pages, run the tests with STATO_UPDATE=1 and look at
// the difference.
func golden(t *testing.T, name string, render func() ([]byte, error)) {
	t.Helper()
	got, err := render()
	if err != nil {
		t.Fatal(err)
	}
	path := "testdata/" + name
	if os.Getenv("STATO_UPDATE") == "1" {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from the page; got\n%s", name, got)
	}
	if again, err := render(); err != nil || !bytes.Equal(got, again) {
		t.Errorf("%s: the same values gave other bytes (%v)", name, err)
	}
}

func TestRender_Golden(t *testing.T) {
	t.Parallel()
	for name, v := range map[string]View{
		"idle.html": idle(t), "sending.html": sending(t), "red.html": red(t), "refused.html": refused(t), "holdback.html": holdback(t), "empty.html": empty(),
	} {
		golden(t, name, func() ([]byte, error) { return Render(v) })
	}
}

func TestRenderMinutes_Golden(t *testing.T) {
	t.Parallel()
	golden(t, "minutes.html", func() ([]byte, error) { return RenderMinutes(minutes(t)) })
	first := Minutes{Announcement: store.Announcement{Content: store.Content{Name: "foto.jpg", AcceptedAt: moment(t)}}, KindWord: "urgente", Number: 1, Comune: "Comune di Saronno", Service: "@infoSaronno7", AsOf: moment(t)}
	golden(t, "minutes-first.html", func() ([]byte, error) { return RenderMinutes(first) })
}

func TestRender_NeedsNothingElse(t *testing.T) {
	t.Parallel()
	record, err := RenderMinutes(minutes(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, html := range map[string]string{"status": string(mustRender(t, red(t))), "minutes": string(record)} {
		for _, bad := range []string{"<script", "http:", "https:", "src=", "href=", "url(", "@import", "<link", "<iframe"} {
			if strings.Contains(html, bad) {
				t.Errorf("%s: the page contains %q", name, bad)
			}
		}
		for _, good := range []string{`lang="it"`, `charset="utf-8"`, `name="viewport"`, "default-src 'none'", "@media print", "size: A4"} {
			if !strings.Contains(html, good) {
				t.Errorf("%s: the page lacks %q", name, good)
			}
		}
	}
	for _, good := range []string{`http-equiv="refresh" content="30"`, "prefers-color-scheme: dark"} {
		if !bytes.Contains(mustRender(t, idle(t)), []byte(good)) {
			t.Errorf("the status page lacks %q", good)
		}
	}
}

func TestG9_HostileNamesStayText(t *testing.T) {
	t.Parallel()
	for name, want := range hostileNames() {
		record, err := RenderMinutes(Minutes{Announcement: store.Announcement{Content: store.Content{Name: name}}})
		if err != nil {
			t.Fatal(err)
		}
		for where, html := range map[string][]byte{
			"an announcement": mustRender(t, View{Recent: []Announcement{named(name)}}),
			"a refusal":       mustRender(t, View{Refused: []Refusal{{Name: name, Reason: "è vuoto"}}}),
			"what leaves":     mustRender(t, View{Leaving: []Announcement{named(name)}}),
			"what waits":      mustRender(t, View{Queue: []Announcement{named(name)}}),
			"a draft":         mustRender(t, View{Second: []Draft{{Announcement: named(name)}}}),
			"an attachment":   mustRender(t, View{Second: []Draft{{Bubbles: []Bubble{{Attachment: store.Attachment{AttachedFile: store.AttachedFile{Kind: "document", Name: name}}}}}}}),
			"the minutes":     record,
		} {
			if !bytes.Contains(html, []byte(want)) {
				t.Errorf("%q in %s: no %q in\n%s", name, where, want, html[bytes.Index(html, []byte("<body>")):])
			}
		}
	}
}

func TestRender_ShortensLongNames(t *testing.T) {
	t.Parallel()
	name := strings.Repeat("è", 200) + ".txt"
	want := "<bdi>" + strings.Repeat("è", 42) + "…" + strings.Repeat("è", 17) + ".txt</bdi>"
	if html := mustRender(t, View{Recent: []Announcement{named(name)}}); !bytes.Contains(html, []byte(want)) {
		t.Errorf("no %s", want)
	}
	if record, err := RenderMinutes(Minutes{Announcement: store.Announcement{Content: store.Content{Name: name}}}); err != nil || !bytes.Contains(record, []byte(name)) {
		t.Errorf("the record does not hold the whole name (%v)", err)
	}
}

// What the caller's words name, in parentheses and quotation marks, does not turn
// the rest of the sentence around.
func TestG9_WordsKeepTheirDirection(t *testing.T) {
	t.Parallel()
	const turned = "uguale a (gpj.\u202etxt\u2066)"
	v := View{
		Second: []Draft{{Announcement: Announcement{KindWord: turned, Why: turned}, Warnings: []string{turned}}}, Leaving: []Announcement{{KindWord: turned}}, Queue: []Announcement{{KindWord: turned, Why: turned}},
		Recent: []Announcement{{KindWord: turned, StateWord: turned, Note: turned}}, Refused: []Refusal{{Reason: turned, Advice: turned}},
	}
	if html := mustRender(t, v); bytes.ContainsAny(html, "\u202e\u2066") || !bytes.Contains(html, []byte("uguale a (gpj._txt_)")) {
		t.Error("words are turned around")
	}
}

func TestG9_WordsStayText(t *testing.T) {
	t.Parallel()
	const tag = "<u onclick=x>"
	v := View{
		Service: tag, Comune: tag, Sentence: tag, Advice: tag, Problems: []store.Problem{{Sentence: tag, Advice: tag}},
		Second:  []Draft{{Announcement: Announcement{KindWord: tag}, Warnings: []string{tag}, Bubbles: []Bubble{{Text: tag + "*" + tag + "*```" + tag + "``` `" + tag + "` > " + tag}}}},
		Leaving: []Announcement{{KindWord: tag, Forecast: tag}}, Queue: []Announcement{{KindWord: tag, Why: tag, Forecast: tag}},
		Recent: []Announcement{{KindWord: tag, StateWord: tag, Note: tag}}, Refused: []Refusal{{Reason: tag, Advice: tag}},
	}
	record, err := RenderMinutes(Minutes{Announcement: store.Announcement{Content: store.Content{Owner: tag, Text: tag, Comuni: []string{tag}}}, KindWord: tag, StateWord: tag, Comune: tag, Service: tag, Files: []store.Attachment{{AttachedFile: store.AttachedFile{MIME: tag}}}, Failures: []Reason{{Text: tag}}})
	if err != nil {
		t.Fatal(err)
	}
	for where, html := range map[string][]byte{"status": mustRender(t, v), "minutes": record} {
		if bytes.Contains(html, []byte("<u ")) {
			t.Errorf("%s: the tag went through", where)
		}
		if n := bytes.Count(html, []byte("&lt;u onclick=x&gt;")); n < 9 {
			t.Errorf("%s: only %d of the words are shown", where, n)
		}
	}
}

// Wherever an announcement stands, the page says who gets it and which attachments
// have failed; of a plain one it says neither.
func TestG8_ThePageSaysForWhomAndWhatFailed(t *testing.T) {
	t.Parallel()
	a := named("a.txt")
	a.Comuni, a.PartsFailed = []string{"Saronno", "<u onclick=x>"}, 1234
	for where, view := range map[string]func(Announcement) View{
		"a draft":        func(a Announcement) View { return View{Second: []Draft{{Announcement: a}}} },
		"what leaves":    func(a Announcement) View { return View{Leaving: []Announcement{a}} },
		"what waits":     func(a Announcement) View { return View{Queue: []Announcement{a}} },
		"what has ended": func(a Announcement) View { return View{Recent: []Announcement{a}} },
	} {
		html := string(mustRender(t, view(a)))
		for _, want := range []string{"oltanto per i residenti di", "Saronno, &lt;u onclick=x&gt;", "Allegati non riusciti, a chi ha ricevuto il primo messaggio: 1.234<"} {
			if strings.Count(html, want) != 1 {
				t.Errorf("%s: %q is there %d times", where, want, strings.Count(html, want))
			}
		}
		if html := string(mustRender(t, view(named("a.txt")))); strings.Contains(html, "residenti") || strings.Contains(html, "Allegati") {
			t.Errorf("%s: a plain announcement is said to be for some only, or to have failed", where)
		}
	}
	a.Comuni = slices.Repeat([]string{"Caronno Pertusella"}, 50)
	if html := string(mustRender(t, View{Recent: []Announcement{a}})); strings.Count(html, "Caronno Pertusella") != 4 || !strings.Contains(html, "Pertusella, …<") {
		t.Error("a long list of Comuni is not shortened")
	}
}

// A type that has no words is shown as it is.
func TestSortOf(t *testing.T) {
	t.Parallel()
	for mime, want := range map[string]string{
		"image/jpeg": "immagine JPEG", "image/png": "immagine PNG", "video/mp4": "video MP4", "application/pdf": "documento PDF", "text/x-new": "text/x-new",
	} {
		if got := sortOf(mime); got != want {
			t.Errorf("%s: %q, want %q", mime, got, want)
		}
	}
}

// How severe a problem is decides how the service is; one that nobody has set is bad.
func TestLevelOf(t *testing.T) {
	t.Parallel()
	for s, want := range map[store.Severity]Level{store.Alarm: Bad, store.Warning: Warning, store.Notice: Good, "": Bad} {
		if got := LevelOf(s); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

func TestRender_UnsetLevelIsAProblem(t *testing.T) {
	t.Parallel()
	if html := mustRender(t, View{}); bytes.Contains(html, []byte("Tutto a posto")) || !bytes.Contains(html, []byte("problema")) {
		t.Error("a view in which nobody set the level looks well")
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1.000", 8123: "8.123", 1234567: "1.234.567", -1: "-1", -123: "-123", -1234: "-1.234"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n, all int
		want   string
	}{{0, 0, "0"}, {0, 5, "0"}, {1, 8123, "1.0"}, {4061, 8123, "50.0"}, {8123, 8123, "100.0"}, {9, 8, "100.0"}, {-1, 8, "0"}} {
		if got := share(c.n, c.all); got != c.want {
			t.Errorf("share(%d, %d) = %s, want %s", c.n, c.all, got, c.want)
		}
	}
}

func TestRender_ShowsTimesWhereTheyAre(t *testing.T) {
	t.Parallel()
	v := View{Updated: time.Date(2026, 7, 1, 23, 5, 0, 0, time.FixedZone("", 2*3600))}
	if html := mustRender(t, v); !bytes.Contains(html, []byte("01/07/2026 23:05")) {
		t.Error("the time is not shown in its own location")
	}
}
