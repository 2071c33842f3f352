package citizen

import (
	"slices"
	"strings"
	"testing"
)

// wishKinds says for each kind of the corpus that is no registration which readings are right, and how many percent of them must be.
func wishKinds() map[string]struct {
	right []Intent
	least int
} {
	type kind = struct {
		right []Intent
		least int
	}
	talk := []Intent{Other, Remark, Thanks, Yes, No, Details, Help, Incomplete}
	return map[string]kind{
		"leave-clear":       {[]Intent{Unsubscribe}, 100},
		"leave-polite":      {[]Intent{Unsubscribe, Leaving}, 100},
		"leave-not":         {[]Intent{Help, Leaving, Other}, 100},
		"leave-not-city":    {[]Intent{Other, Remark, Help}, 100},
		"leave-partial":     {[]Intent{Choice, OnlyUrgent, Pause}, 100},
		"gdpr":              {[]Intent{MyData}, 90},
		"gdpr-leave":        {[]Intent{Unsubscribe}, 100},
		"gdpr-question":     {[]Intent{Help, MyData, Correct, Other}, 100},
		"emergency":         {[]Intent{Emergency}, 100},
		"help":              {[]Intent{Help, MyData, Correct, Other, Incomplete}, 95},
		"other":             {talk, 95},
		"other-service":     {[]Intent{Help, Other}, 100},
		"placeholder-flyer": {[]Intent{Help, Incomplete, Other}, 90},
	}
}

// wishes are the rows of the corpus that are read for what they want.
func wishes(t testing.TB) (rows []struct {
	row
	kind string
}) {
	t.Helper()
	for _, c := range table(t, "testdata/citizen_corpus.tsv", 10) {
		one := struct {
			row
			kind string
		}{newRow(c[0], c[2], c[3:7], c[7], c[8]), c[1]}
		if c[1] == "language" || wishKinds()[c[1]].right != nil {
			rows = append(rows, one)
		}
	}
	return rows
}

// TestCorpusWishes prints how the kinds of the corpus are read and holds them to what they must reach.
func TestCorpusWishes(t *testing.T) {
	t.Parallel()
	right, all := map[string]int{}, map[string]int{}
	var kinds []string
	for _, one := range wishes(t) {
		got := reader(t).Read(one.text)
		var good bool
		switch {
		case one.kind == "language" && one.intent != "unsubscribe":
			good = got.Intent != Unsubscribe && got.Intent != Leaving
		case one.kind == "language" || one.intent == "unsubscribe" && one.status != "exact":
			good = got.Intent == Unsubscribe || got.Intent == Leaving
		default:
			good = slices.Contains(wishKinds()[one.kind].right, got.Intent)
		}
		if all[one.kind]++; all[one.kind] == 1 {
			kinds = append(kinds, one.kind)
		}
		if good {
			right[one.kind]++
		} else {
			t.Logf("%s %s %q: %v", one.id, one.kind, one.text, got.Intent)
		}
		if got.Intent == Unsubscribe && one.intent != "unsubscribe" {
			t.Errorf("%s %q removes somebody", one.id, one.text)
		}
	}
	slices.Sort(kinds)
	for _, k := range kinds {
		least := max(wishKinds()[k].least, 90)
		t.Logf("%-18s %3d of %3d", k, right[k], all[k])
		if right[k]*100 < least*all[k] {
			t.Errorf("%s: %d of %d right, want %d %%", k, right[k], all[k], least)
		}
	}
}

// TestCorpusWishesOfSubscribers reads the conversations that begin with a subscriber.
func TestCorpusWishesOfSubscribers(t *testing.T) {
	t.Parallel()
	for _, c := range table(t, "testdata/citizen_corpus.tsv", 10) {
		if c[1] != "seq/sub" {
			continue
		}
		gone, renamed := false, false
		var asked Asked
		var seen []Intent
		for text := range strings.SplitSeq(c[2], "⟶") {
			got := reader(t).Answer(Question{Asked: asked, GivenName: "Ermenegilda", FamilyName: "Quaglia", Comune: "Saronno"}, strings.TrimSpace(text))
			gone = gone || got.Intent == Unsubscribe || got.Intent == Yes && asked == AskedLeave
			renamed = renamed || got.Intent == Subscribe || got.Intent == Correct && got.GivenName+got.FamilyName+got.Comune != ""
			if asked = AskedNothing; got.Intent == Leaving {
				asked = AskedLeave
			}
			seen = append(seen, got.Intent)
		}
		exact := c[7] == "exact"
		if wants := c[3] == "unsubscribe"; exact && wants != gone || !wants && gone || wants && !gone && !slices.Contains(seen, Leaving) {
			t.Errorf("%s %q: %v", c[0], c[2], seen)
		}
		if strings.Contains(c[9], "emergenza") && seen[len(seen)-1] != Emergency {
			t.Errorf("%s %q: %v", c[0], c[2], seen)
		}
		t.Logf("%s %q: %v", c[0], c[2], seen)
	}
}

// TestWishes reads the messages of our own; testdata/README.md says what they are worth.
func TestWishes(t *testing.T) {
	t.Parallel()
	for _, c := range table(t, "testdata/wishes.tsv", 3) {
		text := strings.ReplaceAll(c[2], `\n`, "\n")
		if got := reader(t).Read(text).Intent.String(); !slices.Contains(strings.Split(c[1], "|"), got) {
			t.Errorf("%s %q: got %s, want %s", c[0], text, got, c[1])
		}
	}
}
