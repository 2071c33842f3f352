package citizen

import (
	"slices"
	"strings"
	"testing"
)

// corpusRow is a labelled message or conversation of the corpus.
type corpusRow struct {
	row
	kind string
}

func corpus(t testing.TB, kinds ...string) (rows []corpusRow) {
	t.Helper()
	for _, c := range table(t, "testdata/citizen_corpus.tsv", 10) {
		if slices.Contains(kinds, c[1]) {
			rows = append(rows, corpusRow{newRow(c[0], c[2], c[3:7], c[7], c[8]), c[1]})
		}
	}
	return rows
}

// converse reads the messages of a conversation one after another, each in the light of the question that the one before left open, and
// returns what has become of the writer: Subscribe with the details, a question that is open, or the last intent.
func converse(r *Reader, text string) (end Request) {
	var open Question
	var subscribed *Request
	for message := range strings.SplitSeq(text, " ⟶ ") {
		got := r.Answer(open, message)
		switch got.Intent {
		case Yes:
			if open.Asked == AskedCheck {
				subscribed, open = &Request{Intent: Subscribe, GivenName: open.GivenName, FamilyName: open.FamilyName, Comune: open.Comune}, Question{}
			}
		case No:
			open = Question{}
		case Unsubscribe:
			subscribed, open = nil, Question{}
		case Subscribe:
			subscribed, open = &got, Question{}
		case Doubtful:
			open = Question{AskedCheck, got.GivenName, got.FamilyName, got.Comune}
		case Incomplete:
			open = Question{AskedDetails, got.GivenName, got.FamilyName, got.Comune}
		}
		end = got
	}
	known := Request{GivenName: open.GivenName, FamilyName: open.FamilyName, Comune: open.Comune}
	switch {
	case subscribed != nil:
		return *subscribed
	case open.Asked == AskedDetails:
		known.Intent = Incomplete
		return known
	case open.Asked == AskedCheck:
		known.Intent, known.Doubt = Doubtful, end.Doubt
		return known
	}
	return end
}

// verdict is what a reading is worth.
type verdict int

const (
	right  verdict = iota
	asked          // not what was preferred, but a question with the right details, or about them
	wrong          // somebody is on the list with other details than theirs
	missed         // a request that is neither carried out nor asked about
	forced         // somebody is on the list who did not ask
	odd            // anything else
	verdicts
)

func (v verdict) String() string {
	return [...]string{"right", "asked", "wrong", "missed", "forced", "odd"}[v]
}

// judge compares what a conversation ended in with its labels.
func (c corpusRow) judge(got Request) verdict {
	mayBe := func(intent string) bool {
		return c.intent == intent || slices.ContainsFunc(c.accept, func(l string) bool { return strings.HasPrefix(l, intent+"/") })
	}
	// Who was asked and answered nothing keeps what is known; the label has it empty where nothing is to happen any more.
	open := c.kind == "seq/new" && got.Intent == Incomplete && c.want.GivenName == "" && c.intent != "subscribe"
	switch {
	case c.right(got), open:
		return right
	case got.Intent == Subscribe && mayBe("subscribe"):
		return wrong
	case got.Intent == Subscribe:
		return forced
	case got.Intent == Doubtful:
		sure := got
		sure.Intent = Subscribe
		if c.right(sure) || got.Doubt == DoubtComune || mayBe("incomplete") {
			return asked
		}
		return odd
	case c.intent == "subscribe" && got.Intent == Incomplete:
		return asked
	case c.intent == "subscribe" && got.Intent != Incomplete:
		return missed
	}
	return odd
}

// TestCorpusRegistrations reads the corpus's requests to be subscribed. It prints a table with -v.
func TestCorpusRegistrations(t *testing.T) {
	t.Parallel()
	kinds := []string{"word-surname", "immigrant", "double-title", "family-shop", "extra-data", "comune-form", "command-form", "placeholder-flyer", "incomplete", "language", "seq/new"}
	var sum [verdicts]int
	n := 0
	for _, kind := range kinds {
		var counts [verdicts]int
		for _, one := range corpus(t, kind) {
			if kind == "language" && one.intent != "subscribe" && one.intent != "incomplete" {
				continue
			}
			got := converse(reader(t), one.text)
			v := one.judge(got)
			counts[v]++
			sum[v]++
			n++
			if v != right {
				t.Logf("%s %s %q: %v %+v, want %s %+v or %q", v, one.id, one.text, got.Intent, got, one.intent, one.want, one.accept)
			}
		}
		t.Logf("%-18s %v", kind, counts)
	}
	t.Logf("%d: %v %v", n, [...]verdict{right, asked, wrong, missed, forced, odd}, sum)
	if sum[forced] > 0 || 50*sum[wrong] > n || 50*sum[missed] > n || 25*sum[odd] > n {
		t.Errorf("of %d: %d wrong, %d missed, %d subscribed without asking, %d odd", n, sum[wrong], sum[missed], sum[forced], sum[odd])
	}
}

// TestMoreRegistrations reads those of our own; testdata/README.md says what they are worth.
func TestMoreRegistrations(t *testing.T) {
	t.Parallel()
	var sum [verdicts]int
	n := 0
	for _, c := range table(t, "testdata/more_registrations.tsv", 8) {
		one := corpusRow{row: newRow(c[0], c[1], c[2:6], "", c[6])}
		got := converse(reader(t), one.text)
		v := one.judge(got)
		sum[v]++
		n++
		if v != right {
			t.Logf("%s %s %q: %v %+v, want %s %+v or %q", v, one.id, one.text, got.Intent, got, one.intent, one.want, one.accept)
		}
	}
	t.Logf("%d: %v %v", n, [...]verdict{right, asked, wrong, missed, forced, odd}, sum)
	if sum[wrong]+sum[missed]+sum[forced]+sum[odd] > 0 {
		t.Errorf("of %d: %d wrong, %d missed, %d subscribed without asking, %d odd", n, sum[wrong], sum[missed], sum[forced], sum[odd])
	}
}
