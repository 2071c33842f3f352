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
	// intent is the label; help is finer than what the plain forms tell apart and counts as Other.
	intent string
	accept []string
}

// beyondThePlainForms are the exact rows that need the list of municipalities. They still register the person.
func beyondThePlainForms() []string { return []string{"D025"} }

func labelledMessages(t *testing.T) []row {
	t.Helper()
	text, err := os.ReadFile("testdata/citizen_messages.tsv")
	if err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t", `\\`, `\`)
	var rows []row
	for _, l := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
		c := strings.Split(l, "\t")
		if len(c) != 10 {
			t.Fatalf("%d columns, want 10, in %q", len(c), l)
		}
		one := row{id: c[0], text: unescape.Replace(c[2]), intent: c[3], status: c[7], want: Request{GivenName: c[4], FamilyName: c[5], Comune: c[6]}}
		if c[8] != "" {
			one.accept = strings.Split(c[8], " | ")
		}
		rows = append(rows, one)
	}
	if len(rows) != 60 {
		t.Fatalf("got %d labelled messages, want 60", len(rows))
	}
	return rows
}

// agrees compares a reading with "intent/first/last/municipality". What an incomplete message knows beyond the intent only words a
// question, so it may know less than the label.
func (r row) agrees(got Request, label string) bool {
	l := strings.Split(label, "/")
	intent := strings.Replace(l[0], "help", "other", 1)
	if got.Intent.String() != intent {
		return false
	}
	for i, value := range []string{got.GivenName, got.FamilyName, got.Comune} {
		same := fold(value) == fold(l[i+1])
		if !same && l[i+1] != "*" && got.Intent != Incomplete {
			return false
		}
	}
	return true
}

func (r row) right(got Request) bool {
	preferred := strings.Join([]string{r.intent, r.want.GivenName, r.want.FamilyName, r.want.Comune}, "/")
	return r.agrees(got, preferred) || slices.ContainsFunc(r.accept, func(label string) bool { return r.agrees(got, label) })
}

func TestLabelledMessages(t *testing.T) {
	t.Parallel()
	right := 0
	for _, r := range labelledMessages(t) {
		got := NewReader("Saronno").Read(r.text)
		if r.right(got) {
			right++
			continue
		}
		if slices.Contains(beyondThePlainForms(), r.id) {
			if got.Intent != Subscribe {
				t.Errorf("%s %q: got %+v, want the person registered", r.id, r.text, got)
			}
			continue
		}
		t.Errorf("%s %q: got %v %+v, want %s %+v or %q", r.id, r.text, got.Intent, got, r.intent, r.want, r.accept)
	}
	t.Logf("%d of 60 labelled messages are read as a clerk would", right)
}

// TestG1_NobodyIsSubscribedOrRemovedByAccident holds all 60 messages to the two rules that matter more than the score.
func TestG1_NobodyIsSubscribedOrRemovedByAccident(t *testing.T) {
	t.Parallel()
	for _, r := range labelledMessages(t) {
		got := NewReader("Saronno").Read(r.text).Intent
		if got == Subscribe && r.intent != "subscribe" && r.intent != "incomplete" {
			t.Errorf("%s %q subscribes, but means %s", r.id, r.text, r.intent)
		}
		if got == Subscribe && r.intent == "incomplete" && r.status == "exact" {
			t.Errorf("%s %q subscribes, but is incomplete", r.id, r.text)
		}
		if got == Unsubscribe && r.intent != "unsubscribe" {
			t.Errorf("%s %q unsubscribes, but means %s", r.id, r.text, r.intent)
		}
		if got != Unsubscribe && r.intent == "unsubscribe" && r.status == "exact" {
			t.Errorf("%s %q means to leave, but is read as %v", r.id, r.text, got)
		}
	}
}
