package page

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"banditore/store"
)

// most is the promise.
const most = 200_000

// Three years of a busy service: an announcement a day, and a list of all of them.
func TestRender_ThreeYearsStaySmall(t *testing.T) {
	t.Parallel()
	v := holdback(t)
	v.Days = years(v.Updated, 3)
	v.Leaving, v.Queue = sending(t).Leaving, sending(t).Queue
	v.Recent = nil
	for i := range 3 * 365 {
		v.Recent = append(v.Recent, Announcement{
			Announcement: store.Announcement{Content: store.Content{Name: fmt.Sprintf("%04d avviso alla cittadinanza.txt", i), AcceptedAt: v.Updated.AddDate(0, 0, -i)}, Counts: store.Counts{Recipients: 8123, Sent: 8119, Delivered: 7350, Read: 4102, Failed: 4}},
			KindWord:     "ordinario", StateWord: "inviato", Note: "Corretto con «avviso RETTIFICA.txt».",
		})
		v.Refused = append(v.Refused, Refusal{Name: fmt.Sprintf("%04d delibera.docx", i), Reason: "è un documento di Word", Advice: "Copia il testo nel Blocco note."})
	}
	html := mustRender(t, v)
	t.Logf("three years: %d bytes", len(html))
	if len(html) > 60_000 {
		t.Errorf("a page of three years has %d bytes", len(html))
	}
	for _, want := range []string{"0029 avviso", "E altri 1.065, che qui non si vedono.", "0007 delibera", "gli altri sono nella cartella scartati"} {
		if !bytes.Contains(html, []byte(want)) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if bytes.Contains(html, []byte("0030 avviso")) || bytes.Contains(html, []byte("0008 delibera")) {
		t.Error("the page shows more than it says")
	}
}

// The same when everything is as long as it can be, and grows when it is escaped.
func TestG9_TheWorstPageStaysSmall(t *testing.T) {
	t.Parallel()
	name, text := strings.Repeat(`"`, 255), strings.Repeat(`*"* `, 4096/4)
	words := strings.Repeat("'", 300)
	v := View{Service: name, Comune: name, Sentence: words, Advice: words, Days: years(moment(t), 3)}
	a := Announcement{KindWord: "ordinario", StateWord: "inviato", Why: words[:100], Forecast: words[:100], Note: words[:100]}
	a.Name, a.Comuni = name, slices.Repeat([]string{"Sant'Angelo all'Esca"}, 100) // Comuni are known: their names are not full of marks
	a.Counts = store.Counts{Recipients: 1e6, Sent: 1e6, Delivered: 1e6, Read: 1e6, Failed: 1e6, PartsFailed: 1e6}
	d := Draft{Announcement: a, Warnings: make([]string, 100), Bubbles: make([]Bubble, 100)}
	for i := range d.Bubbles {
		d.Warnings[i] = words[:100]
		d.Bubbles[i] = Bubble{Text: text, Attachment: store.Attachment{AttachedFile: store.AttachedFile{Kind: "image", Name: name, Thumbnail: bytes.Repeat([]byte{0xfb}, showThumbnail)}}}
	}
	for range 1000 {
		v.Second = append(v.Second, d)
		v.Leaving, v.Queue, v.Recent = append(v.Leaving, a), append(v.Queue, a), append(v.Recent, a)
		v.Refused = append(v.Refused, Refusal{Name: name, Reason: words[:100], Advice: words})
	}
	html := mustRender(t, v)
	t.Logf("the worst page: %d bytes", len(html))
	if len(html) > most {
		t.Errorf("%d bytes, want at most %d", len(html), most)
	}
	if len(v.Second) != 1000 || v.Second[0].Bubbles[0].Attachment.Thumbnail == nil || len(v.Second[0].Bubbles) != 100 {
		t.Error("the view itself was cut")
	}
}

func TestRender_LargeThumbnailIsLeftOut(t *testing.T) {
	t.Parallel()
	v := holdback(t)
	v.Second[0].Bubbles[0].Attachment.Thumbnail = make([]byte, showThumbnail+1)
	html := mustRender(t, v)
	if bytes.Contains(html, []byte("<img")) || !bytes.Contains(html, []byte("Immagine: <bdi>concerto.jpg</bdi>")) {
		t.Error("a picture that is too large is not shown by its name")
	}
}

func TestChart(t *testing.T) {
	t.Parallel()
	until := moment(t)
	days := years(until, 3)
	c := newChart(days)
	if n := len(strings.Fields(c.Line)); n != chartPoints {
		t.Errorf("the line has %d points, want %d", n, chartPoints)
	}
	if !strings.HasPrefix(c.Line, "0,") || !strings.Contains(c.Line, " 1000,") {
		t.Errorf("the line does not go from edge to edge: %s", c.Line)
	}
	if c.First != days[0] || c.Last != days[len(days)-1] {
		t.Error("the line does not go from the first day to the last")
	}
	if len(c.Months) != chartMonths || c.Months[0].Name != "novembre 2026" || c.Months[11].Name != "dicembre 2025" {
		t.Errorf("months: %+v", c.Months)
	}
	if m := c.Months[3]; m.Name != "agosto 2026" || m.Joined != 31 || m.Unsubscribed != 31*14 {
		t.Errorf("August: %+v", m)
	}
}

func TestChart_Axis(t *testing.T) {
	t.Parallel()
	at := moment(t)
	for _, c := range []struct {
		most int
		want []int
	}{
		{0, []int{0, 1}}, {1, []int{0, 1}}, {3, []int{0, 1, 2, 3}}, {7, []int{0, 2, 4, 6, 8}}, {10, []int{0, 5, 10}}, {100, []int{0, 25, 50, 75, 100}},
		{5639, []int{0, 2000, 4000, 6000}}, {8123, []int{0, 2500, 5000, 7500, 10000}}, {40001, []int{0, 20000, 40000, 60000}},
	} {
		chart := newChart([]Day{{At: at}, {At: at.AddDate(0, 0, 1), Day: store.Day{Subscribers: c.most}}})
		var got []int
		for _, tick := range chart.Ticks {
			got = append(got, tick.Count)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("up to %d: %v, want %v", c.most, got, c.want)
		}
	}
}

func TestChart_NothingToDraw(t *testing.T) {
	t.Parallel()
	at := moment(t)
	for name, days := range map[string][]Day{"none": nil, "one day": {{At: at, Day: store.Day{Subscribers: 5}}}, "the same day twice": {{At: at}, {At: at}}, "backwards": {{At: at}, {At: at.Add(-time.Hour)}}} {
		if newChart(days) != nil {
			t.Errorf("%s: there is a line", name)
		}
	}
}
