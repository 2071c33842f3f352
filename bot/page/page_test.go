package page

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

func sample(t *testing.T) View {
	t.Helper()
	rome, err := time.LoadLocation("Europe/Rome")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 23, 9, 15, 7, 0, time.UTC).In(rome)
	return View{
		Service: "@infoSaronno7", Comune: "Comune di Saronno", Updated: at, Level: Good, Sentence: "Il servizio è collegato a WhatsApp.",
		Subscribers: 8123, Waiting: 412,
		Recent: []Row{
			{Name: "05 ALLERTA METEO arancione.txt", State: "in invio", Urgent: true, Accepted: at.Add(-time.Hour), Recipients: 8123, Sent: 7711, Delivered: 7350, Read: 4102},
			{Name: "08_mercato_spostato.txt", State: "inviato", Accepted: at.AddDate(0, 0, -1), Recipients: 8120, Sent: 8118, Delivered: 8003, Read: 5210, Failed: 2},
		},
		Refused: []Refusal{{Name: "locandina.pdf", Reason: "è un PDF, e questa versione del servizio invia soltanto testi"}},
	}
}

func mustRender(t *testing.T, v View) []byte {
	t.Helper()
	html, err := Render(v)
	if err != nil {
		t.Fatal(err)
	}
	return html
}

// To accept a change of the page, run the test with STATO_UPDATE=1 and look at the
// difference.
func TestRender_Golden(t *testing.T) {
	t.Parallel()
	sick := sample(t)
	sick.Level, sick.Sentence, sick.Advice = Bad, "Il telefono non risponde da 9 giorni.", "accendi il telefono del Comune e apri WhatsApp."
	for name, v := range map[string]View{
		"normal.html": sample(t), "sick.html": sick, "empty.html": {Service: "@infoSaronno7", Comune: "Comune di Saronno", Level: Good},
	} {
		got := mustRender(t, v)
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
		if again := mustRender(t, v); !bytes.Equal(got, again) {
			t.Errorf("%s: the same view gave other bytes", name)
		}
	}
}

func TestRender_NeedsNothingElse(t *testing.T) {
	t.Parallel()
	html := string(mustRender(t, sample(t)))
	for _, bad := range []string{"<script", "http:", "https:", "src=", "url(", "@import", "<link", "<iframe"} {
		if strings.Contains(html, bad) {
			t.Errorf("the page contains %q", bad)
		}
	}
	for _, good := range []string{`lang="it"`, `charset="utf-8"`, `http-equiv="refresh"`, `name="viewport"`, "prefers-color-scheme: dark", "@media print"} {
		if !strings.Contains(html, good) {
			t.Errorf("the page lacks %q", good)
		}
	}
}

func TestG9_HostileNamesStayText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, want string }{
		{`<script>alert(1)</script>.txt`, `<bdi>&lt;script&gt;alert(1)&lt;/script&gt;.txt</bdi>`},
		{`"onmouseover="x`, `<bdi>&#34;onmouseover=&#34;x</bdi>`},
		{"</bdi></td></table>", "<bdi>&lt;/bdi&gt;&lt;/td&gt;&lt;/table&gt;</bdi>"},
		{"gpj.\u202etxt", "<bdi>gpj._txt</bdi>"},
		{"a\nb\x00c.txt", "<bdi>a_b_c.txt</bdi>"},
		{"perch\xe9.txt", "<bdi>perch_.txt</bdi>"},
		{"{{.Service}}", "<bdi>{{.Service}}</bdi>"},
	} {
		for where, v := range map[string]View{
			"an announcement": {Recent: []Row{{Name: c.name}}}, "a refusal": {Refused: []Refusal{{Name: c.name, Reason: "è vuoto"}}},
		} {
			html := string(mustRender(t, v))
			if !strings.Contains(html, c.want) {
				t.Errorf("%q in %s: no %q in\n%s", c.name, where, c.want, html[strings.Index(html, "<main>"):])
			}
		}
	}
	html := string(mustRender(t, View{Service: "<b>", Comune: "<i>", Sentence: "<u>", Advice: "<s>", Recent: []Row{{State: "<em>"}}, Refused: []Refusal{{Reason: "<q>"}}}))
	for _, tag := range []string{"<b>", "<i>", "<u>", "<s>", "<em>", "<q>"} {
		if strings.Contains(html, tag) {
			t.Errorf("%s went through", tag)
		}
	}
}
