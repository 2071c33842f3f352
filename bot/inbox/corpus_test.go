package inbox_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"banditore/bot/inbox"
	"banditore/bot/whatsapp"
	"banditore/store"
)

// conversation is a labelled row of the corpus.
type conversation struct {
	n        int // which row it is
	id, kind string
	texts    []string
	intent   string
	details  store.Details
	exact    bool
	accept   [][]string // intent, given name, family name, Comune; * for anything
	note     string
}

func corpus(t *testing.T, name string, size int) (rows []conversation) {
	t.Helper()
	text, err := os.ReadFile("../citizen/testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\n`, "\n", `\r`, "\r", `\t`, "\t", `\\`, `\`)
	for _, line := range strings.Split(strings.Trim(string(text), "\n"), "\n")[1:] {
		c := strings.Split(line, "\t")
		one := conversation{n: len(rows), id: c[0], kind: c[1], intent: c[3], details: store.Details{GivenName: c[4], FamilyName: c[5], Comune: c[6]}, exact: c[7] == "exact", note: c[9]}
		for _, text := range strings.Split(c[2], " ⟶ ") {
			one.texts = append(one.texts, unescape.Replace(text))
		}
		if c[8] != "" {
			for _, l := range strings.Split(c[8], " | ") {
				one.accept = append(one.accept, strings.Split(l, "/"))
			}
		}
		rows = append(rows, one)
	}
	if len(rows) != size {
		t.Fatalf("%d rows, want %d", len(rows), size)
	}
	return rows
}

// may tells whether the label or one that is accepted is this intent.
func (c conversation) may(intent string) bool {
	return c.intent == intent || slices.ContainsFunc(c.accept, func(l []string) bool { return l[0] == intent })
}

// right tells whether a person may be on the list with these details.
func (c conversation) right(got store.Details) bool {
	want := append(c.accept, []string{c.intent, c.details.GivenName, c.details.FamilyName, c.details.Comune})
	return slices.ContainsFunc(want, func(l []string) bool {
		if l[0] != "subscribe" {
			return false
		}
		for i, value := range []string{got.GivenName, got.FamilyName, got.Comune} {
			if l[i+1] != "*" && alike(l[i+1]) != alike(value) {
				return false
			}
		}
		return true
	})
}

// alike takes case, accents and apostrophes out of a comparison.
func alike(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '.':
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
	return strings.Join(strings.Fields(s), " ")
}

// outcome is what a conversation has led to.
type outcome struct {
	on      bool
	details store.Details
	asked   string // the question that is open
	kind    string // of the last answer; "" for silence
	text    string // its text
}

// talk has a citizen of their own write the texts, one after the other.
func (r *room) talk(who whatsapp.Address, texts ...string) (o outcome) {
	r.t.Helper()
	for _, text := range texts {
		r.must(r.Receive(r.t.Context(), r.text(who, text)))
		o.kind, o.text = "", ""
		for _, a := range r.record(who).Answers {
			if !r.seen[a.MessageID] && o.kind == "" {
				o.kind, o.text = string(a.Kind), a.Text
			}
			r.seen[a.MessageID] = true
		}
	}
	record := r.record(who)
	if record.Question != nil {
		o.asked = string(record.Question.Asked)
	}
	if record.Subscriber != nil {
		o.on, o.details = true, record.Subscriber.Details
	}
	return o
}

const joins = "Attiva Notizie Nome: Ermenegilda Cognome: Quaglia Comune: Saronno"

// ermenegilda is who the corpus has on the list.
var ermenegilda = store.Details{GivenName: "Ermenegilda", FamilyName: "Quaglia", Comune: "Saronno"}

// line is one of the table: how many of how many went wrong, and how many may.
type line struct {
	what    string
	percent int
	of      int
	wrong   []string
}

func (l *line) judge(c conversation, ok bool, o outcome) {
	l.of++
	if !ok {
		l.wrong = append(l.wrong, fmt.Sprintf("%s %s %q: on the list %v %v, asked %q, answer %s %.60q", c.id, c.kind, strings.Join(c.texts, " ⟶ "), o.on, o.details, o.asked, o.kind, o.text))
	}
}

// theCorpus is what the reader was tried on first, byOthers what people who had not
// seen it wrote afterwards.
func theCorpus(t *testing.T) []conversation { return corpus(t, "citizen_corpus.tsv", 689) }
func byOthers(t *testing.T) []conversation  { return corpus(t, "other_authors.tsv", 2187) }

// TestG1_TheCorpus reads all that citizens were imagined to write, through the list
// and the answers, and holds each kind of mistake to what it may be.
func TestG1_TheCorpus(t *testing.T) {
	t.Parallel()
	for name, rows := range map[string][]conversation{"first": theCorpus(t), "by others": byOthers(t)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			judge(t, rows)
		})
	}
}

func judge(t *testing.T, rows []conversation) {
	t.Helper()
	r := newRoom(t, func(o *inbox.Options) { o.PerPersonHour = 1000 })
	if every := len(rows) / size(len(rows), 700); every > 1 {
		rows = slices.DeleteFunc(slices.Clone(rows), func(c conversation) bool { return c.n%every != 0 })
	}
	var (
		unwanted = line{what: "subscribed without wanting it"}
		kept     = line{what: "a clear wish to leave not carried out"}
		stillOn  = line{what: "a wish to leave said another way, still there after one yes", percent: 5}
		misheard = line{what: "wrong name or Comune", percent: 2}
		refused  = line{what: "a clear registration neither carried out nor asked about", percent: 2}
		astray   = line{what: "conversations that end wrong", percent: 4}
		no112    = line{what: "emergencies whose answer does not begin with 112"}
		removed  = line{what: "subscribers removed who should stay"}
		renamed  = line{what: "subscribers renamed by a remark"}
		unheeded = line{what: "requests for one's data not recognised", percent: 10}
		unasked  = line{what: "a wish to leave met with silence"}
	)
	for n, c := range rows {
		who := someone(2*n + 1)
		sequence := strings.HasPrefix(c.kind, "seq/")
		var o outcome
		if c.kind != "seq/sub" {
			o = r.talk(who, c.texts...)
			unwanted.judge(c, !o.on || c.may("subscribe"), o)
		}
		switch {
		case sequence:
			if c.kind == "seq/sub" {
				o = r.talk(who, append([]string{joins}, c.texts...)...)
			}
			astray.judge(c, endsRight(c, o), o)
		case c.intent == "subscribe":
			misheard.judge(c, !o.on || c.right(o.details), o)
			if c.exact {
				refused.judge(c, o.on || o.asked != "", o)
			}
		}
		if c.kind == "emergency" || strings.Contains(c.note, "mergenza") {
			no112.judge(c, strings.HasPrefix(o.text, "112"), o)
		}
		if sequence {
			continue
		}
		sub := someone(2*n + 2)
		o = r.talk(sub, append([]string{joins}, c.texts...)...)
		switch {
		case c.intent == "unsubscribe" && c.exact:
			kept.judge(c, !o.on, o)
		case c.intent == "unsubscribe":
			unasked.judge(c, o.kind != "", o)
			if o.on {
				o = r.talk(sub, "Sì")
			}
			stillOn.judge(c, !o.on, o)
		case c.intent == "my-data":
			unheeded.judge(c, o.kind == "my_data", o)
			removed.judge(c, o.on, o)
		case c.intent != "subscribe" && c.intent != "incomplete":
			removed.judge(c, o.on, o)
			renamed.judge(c, !o.on || o.details == ermenegilda, o)
		}
	}
	for _, l := range []line{unwanted, kept, stillOn, misheard, refused, astray, no112, removed, renamed, unheeded, unasked} {
		t.Logf("%-62s %3d of %3d, at most %d %%", l.what, len(l.wrong), l.of, l.percent)
		for _, w := range l.wrong {
			t.Log("    " + w)
		}
		if 100*len(l.wrong) > l.percent*l.of {
			t.Errorf("%s: %d of %d", l.what, len(l.wrong), l.of)
		}
	}
}

// endsRight judges the end of a conversation of several messages.
func endsRight(c conversation, o outcome) bool {
	switch {
	case o.on && c.kind == "seq/sub" && o.details == ermenegilda:
		return c.may("help") || c.may("other") || c.right(o.details)
	case o.on:
		return c.right(o.details)
	case c.may("unsubscribe"):
		return o.asked == ""
	case c.kind == "seq/sub":
		return false
	case c.intent == "subscribe" && c.exact:
		return false
	case o.asked != "":
		return c.may("incomplete") || c.may("subscribe") && !c.exact
	}
	return c.may("help") || c.may("other") || c.may("incomplete") && !c.exact
}
