package inbox

import (
	"fmt"
	"slices"
	"testing"

	"banditore/bot/citizen"
)

func states() []state {
	return []state{stranger, lacking, checking, unmatched, listed, rechecking, parting}
}

// intents lists all that a text can mean.
func intents() (list []citizen.Intent) {
	for i := citizen.Other; i <= citizen.Emergency; i++ {
		list = append(list, i)
	}
	return list
}

// Every state and intent stand in exactly one row, and what a row does fits its
// state: only who is on the list can be taken off it or be given a mode, only a
// registration or a yes to one puts anybody on it (G1), and nothing that may be
// wanted meets with silence.
func TestG1_EveryCellOfTheConversation(t *testing.T) {
	t.Parallel()
	table := conversation()
	cells := 0
	for _, s := range states() {
		for _, i := range intents() {
			var found []step
			for _, r := range table {
				if slices.Contains(r.in, s) && slices.Contains(r.when, i) {
					found = append(found, r.step)
				}
			}
			if len(found) != 1 {
				t.Errorf("%s × %v stands in %d rows", s, i, len(found))
				continue
			}
			cells++
			if wrong := misfit(s, i, found[0]); wrong != "" {
				t.Errorf("%s × %v: %s: %+v", s, i, wrong, found[0])
			}
			if find(table, s, i) != found[0] {
				t.Errorf("%s × %v: another step is found", s, i)
			}
		}
	}
	if want := len(states()) * len(intents()); cells != want {
		t.Errorf("%d cells, want %d", cells, want)
	}
}

// misfit is what is wrong with a step, by rules that do not look at the table.
func misfit(s state, i citizen.Intent, do step) string {
	on := slices.Contains([]state{listed, rechecking, parting}, s)
	yes := i == citizen.Yes
	switch {
	case do.change == enlist && i != citizen.Subscribe && !(yes && (s == checking || s == rechecking)):
		return "puts on the list who has not asked for it"
	case do.change == cancel && i != citizen.Unsubscribe && !(yes && (s == parting || s == unmatched)):
		return "takes off the list who has not asked for it"
	case (i == citizen.Unsubscribe) != (do.change == cancel) && !yes:
		return "does not let go who wants to leave"
	case i == citizen.Leaving && do.answer != askLeave:
		return "does not ask who may want to leave"
	case i == citizen.Emergency && do != (step{nothing, danger, same}):
		return "does not name 112, or changes something"
	case slices.Contains([]change{rectify, urgentOnly, allNews, pause}, do.change) && !on:
		return "changes an entry that is not there"
	case do.answer == silence && i != citizen.Thanks && i != citizen.No:
		return "is silent"
	case do.answer == silence && !slices.Contains([]state{stranger, listed}, s):
		return "leaves a question unanswered in silence"
	case (do.answer == again || do.answer == helpAndAgain) && (do.next != same || s == stranger || s == listed):
		return "repeats a question that is not open"
	}
	return standing(s, do)
}

// standing checks where the conversation stands after a step.
func standing(s state, do step) string {
	wants := map[answer][]state{
		askDetails: {lacking}, askCheck: {checking, rechecking}, askLeave: {parting, unmatched}, confirm: {listed}, already: {listed},
		goodbye: {stranger}, dropped: {stranger}, stays: {listed, stranger},
	}
	if list, ok := wants[do.answer]; ok && !slices.Contains(list, do.next) {
		return fmt.Sprintf("stands at %q after %q", do.next, do.answer)
	}
	on := map[state]bool{stranger: false, lacking: false, checking: false, unmatched: false, listed: true, rechecking: true, parting: true}
	was, is := on[s], on[do.next]
	if do.next != same && was != is && do.change != enlist && do.change != cancel {
		return "moves on or off the list without a change of it"
	}
	return ""
}
