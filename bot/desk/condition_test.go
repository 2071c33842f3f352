package desk

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"banditore/bot/whatsapp"
	"banditore/store"
)

// Every state has a sentence of its own, and whatever is not all right has a
// next step. So have the three ways of being logged out.
func TestEveryStateHasASentence(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	check := func(c Condition) {
		name := fmt.Sprint(c.State, " ", c.Code)
		if twin, ok := seen[c.Sentence]; ok {
			t.Errorf("%s and %s say the same: %q", name, twin, c.Sentence)
		}
		seen[c.Sentence] = name
		if (c.Advice == "") != (c.State == string(whatsapp.StateConnected)) {
			t.Errorf("%s: advice %q", name, c.Advice)
		}
		if c.Healthy != (c.State == string(whatsapp.StateConnected)) {
			t.Errorf("%s: healthy %v", name, c.Healthy)
		}
	}
	check(Stopped())
	check(DiskFull())
	for _, s := range []whatsapp.State{
		whatsapp.StateUnpaired, whatsapp.StateConnecting, whatsapp.StateConnected, whatsapp.StateDisconnected,
		whatsapp.StateLoggedOut, whatsapp.StateReplaced, whatsapp.StateBanned, whatsapp.StateOutdated, whatsapp.StateRefused,
	} {
		check(ConditionOf(store.Link{State: string(s)}, nil, time.UTC))
	}
	for _, code := range []int{403, 406} {
		check(ConditionOf(store.Link{State: string(whatsapp.StateLoggedOut), Code: code}, nil, time.UTC))
	}
	for _, l := range []store.Light{store.LightFailing, store.LightLimited, store.LightLocked} {
		check(ConditionOf(store.Link{State: string(whatsapp.StateConnected)}, []store.RedLight{{Light: l}}, time.UTC))
	}
}

// The link is told before a light, the worse light before the lesser, and an
// end that is known is said.
func TestCondition(t *testing.T) {
	t.Parallel()
	until := time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)
	lights := []store.RedLight{{Light: "failing", Code: 400}, {Light: "locked", Until: until}}
	for _, c := range []struct {
		link   string
		lights []store.RedLight
		state  string
		says   string
	}{
		{"banned", lights, "banned", "fino alle 14:30 del 24/11/2026"},
		{"connected", lights, "failing", "non accetta i messaggi"},
		{"connected", lights[1:], "locked", "almeno fino alle 14:30 del 24/11/2026"},
		{"connected", nil, "connected", "funziona"},
	} {
		got := ConditionOf(store.Link{State: c.link, Until: until}, c.lights, time.UTC)
		if got.State != c.state || !strings.Contains(got.Sentence, c.says) {
			t.Errorf("%s with %v: %+v, want %s, %q", c.link, c.lights, got, c.state, c.says)
		}
	}
	if s := ConditionOf(store.Link{State: "banned"}, nil, time.UTC).Sentence; strings.Contains(s, "fino") {
		t.Errorf("an end that nobody named: %q", s)
	}
}
