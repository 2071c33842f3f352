package citizen

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// row is one labelled message.
type row struct {
	id, text, status string
	want             Request
	intent           string
	accept           []string
}

// labelledMessages reads the shared corpus, moreMessages our own.
func labelledMessages(t testing.TB) []row {
	t.Helper()
	var rows []row
	for _, c := range table(t, "testdata/citizen_messages.tsv", 10) {
		rows = append(rows, newRow(c[0], c[2], c[3:7], c[7], c[8]))
	}
	if len(rows) != 60 {
		t.Fatalf("got %d labelled messages, want 60", len(rows))
	}
	return rows
}

func moreMessages(t testing.TB) []row {
	t.Helper()
	var rows []row
	for _, c := range table(t, "testdata/more_messages.tsv", 8) {
		status := "exact"
		if c[6] != "" {
			status = "ambiguous-ok"
		}
		rows = append(rows, newRow(c[0], c[1], c[2:6], status, c[6]))
	}
	if len(rows) < 250 {
		t.Fatalf("got %d messages of our own, want 250 or more", len(rows))
	}
	return rows
}

func table(t testing.TB, path string, columns int) (rows [][]string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(strings.Trim(string(text), "\n"), "\n")[1:] {
		c := strings.Split(l, "\t")
		if len(c) != columns {
			t.Fatalf("%d columns, want %d, in %q", len(c), columns, l)
		}
		rows = append(rows, c)
	}
	return rows
}

// newRow takes the label's intent and three details.
func newRow(id, text string, means []string, status, accept string) row {
	unescape := strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t", `\\`, `\`)
	one := row{id: id, text: unescape.Replace(text), intent: means[0], status: status,
		want: Request{GivenName: means[1], FamilyName: means[2], Comune: means[3]}}
	if accept != "" {
		one.accept = strings.Split(accept, " | ")
	}
	return one
}

// labelOf is what the corpora, which are older than most intents, call an intent.
func labelOf(i Intent) string {
	switch i {
	case Subscribe, Incomplete, Unsubscribe, Help:
		return i.String()
	case Doubtful:
		return "incomplete"
	case Leaving, MyData, Correct, OnlyUrgent, AllNews, Pause, Resume, Choice:
		return "help"
	}
	return "other"
}

// agrees compares a reading with "intent/first/last/municipality".
func (r row) agrees(got Request, expected string) bool {
	l := strings.Split(expected, "/")
	if got.Intent == Details {
		got = Request{} // the labels are older than this
	}
	// An answer that begins with 112 and then lists the commands is right for "Aiuto" and for a danger alike.
	cried := got.Intent == Emergency && (l[0] == "help" || l[0] == "other")
	if l[0] != "*" && labelOf(got.Intent) != l[0] && !cried {
		return false
	}
	for i, value := range []string{got.GivenName, got.FamilyName, got.Comune} {
		if l[i+1] != "*" && comparable(value) != comparable(l[i+1]) {
			return false
		}
	}
	return true
}

// comparable takes case, accents, apostrophes and repeated blanks out of a comparison, and nothing else.
func comparable(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		words[i] = fold(w)
	}
	return strings.Join(words, " ")
}

// right takes a question about the right details for right where the label itself is not certain.
func (r row) right(got Request) bool {
	if got.Intent == Doubtful && len(r.accept) > 0 {
		sure := got
		if sure.Intent = Subscribe; r.right(sure) {
			return true
		}
	}
	preferred := strings.Join([]string{r.intent, r.want.GivenName, r.want.FamilyName, r.want.Comune}, "/")
	return r.agrees(got, preferred) || slices.ContainsFunc(r.accept, func(l string) bool { return r.agrees(got, l) })
}

func TestLabelledMessages(t *testing.T) {
	t.Parallel()
	for _, r := range labelledMessages(t) {
		if got := reader(t).Read(r.text); !r.right(got) {
			t.Errorf("%s %q: got %v %+v, want %s %+v or %q", r.id, r.text, got.Intent, got, r.intent, r.want, r.accept)
		}
	}
}

// TestG1_NobodyIsSubscribedOrRemovedByAccident holds all messages to the two rules that matter more than the score.
func TestG1_NobodyIsSubscribedOrRemovedByAccident(t *testing.T) {
	t.Parallel()
	for _, r := range append(labelledMessages(t), moreMessages(t)...) {
		got := reader(t).Read(r.text).Intent
		may := func(intent Intent) bool {
			return r.intent == intent.String() || slices.ContainsFunc(r.accept, func(l string) bool { return strings.HasPrefix(l, intent.String()+"/") })
		}
		if got == Subscribe && !may(Subscribe) {
			t.Errorf("%s %q subscribes, but means %s", r.id, r.text, r.intent)
		}
		if got == Unsubscribe && !may(Unsubscribe) {
			t.Errorf("%s %q unsubscribes, but means %s", r.id, r.text, r.intent)
		}
		if got != Unsubscribe && r.intent == "unsubscribe" && r.status == "exact" {
			t.Errorf("%s %q means to leave, but is read as %v", r.id, r.text, got)
		}
	}
}
