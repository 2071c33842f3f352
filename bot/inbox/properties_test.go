package inbox_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"banditore/bot/inbox"
	"banditore/store"
)

// size is how often a property is tried: much more often with BANDITORE_LONG.
func size(long, short int) int {
	if os.Getenv("BANDITORE_LONG") != "" {
		return long
	}
	return short
}

// talkOnly lists what no label takes for a registration, and the short words that
// answer questions.
func talkOnly(t *testing.T) []string {
	texts := []string{"Sì", "sì", "Si grazie", "ok", "va bene", "no", "Saronno", "Elena Castelli", "Castelli", "Elena Castelli Saronno", "👍", "certo", "confermo"}
	for _, c := range theCorpus(t) {
		if !strings.HasPrefix(c.kind, "seq/") && !c.may("subscribe") && !c.may("incomplete") && !strings.HasPrefix(c.kind, "placeholder") {
			texts = append(texts, c.texts...)
		}
	}
	return texts
}

// G1: nothing leads onto the list without a registration command, in whatever order
// it is said.
func TestG1_NoTalkLeadsOntoTheList(t *testing.T) {
	t.Parallel()
	r := newRoom(t, func(o *inbox.Options) { o.PerPersonHour = 1000 })
	texts, dice := talkOnly(t), rand.New(rand.NewPCG(14, 1))
	for n := range size(2000, 200) {
		var said []string
		for range 5 {
			said = append(said, texts[dice.IntN(len(texts))])
			if o := r.talk(someone(n), said[len(said)-1]); o.on {
				t.Errorf("on the list as %v after %q", o.details, said)
				break
			}
		}
	}
}

// G1: no talk of subscribers changes their name or Comune; only labels and whole
// registrations do.
func TestG1_NoTalkChangesASubscriber(t *testing.T) {
	t.Parallel()
	r := newRoom(t, func(o *inbox.Options) { o.PerPersonHour = 1000 })
	texts, dice := talkOnly(t), rand.New(rand.NewPCG(14, 2))
	for n := range size(2000, 200) {
		who, said := someone(n), []string{joins}
		r.talk(who, joins)
		for range 5 {
			said = append(said, texts[dice.IntN(len(texts))])
			o := r.talk(who, said[len(said)-1])
			if !o.on {
				break // they have said that they want to leave
			}
			if o.details != ermenegilda {
				t.Errorf("%v after %q", o.details, said)
				break
			}
		}
	}
}

// G3: whatever holds a wish to leave ends with who wrote it gone or asked, whichever
// question of ours was open.
func TestG3_AWishToLeaveIsHeardInEveryState(t *testing.T) {
	t.Parallel()
	r := newRoom(t, func(o *inbox.Options) { o.PerPersonHour = 1000 })
	states := map[string][]string{
		"listed":     {joins},
		"rechecking": {joins, "Attiva Notizie Ermenegilda Quaglia, Borgofelice"},
		"parting":    {joins, "Non mi interessa"},
	}
	n := 0
	for _, c := range theCorpus(t) {
		if c.intent != "unsubscribe" || strings.HasPrefix(c.kind, "seq/") || c.may("other") {
			continue
		}
		for state, before := range states {
			n++
			o := r.talk(someone(n), append(slices.Clone(before), c.texts...)...)
			if o.on && o.asked != string(store.AskedLeave) {
				t.Errorf("%s: %s %q is not heard: answered %s", state, c.id, c.texts, o.kind)
			}
		}
	}
	if n < 300 {
		t.Errorf("%d tried", n)
	}
}
