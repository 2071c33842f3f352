package inbox

import (
	"slices"

	"banditore/bot/citizen"
)

// state is where the conversation with a person stands: whether they are on the
// list, and which question of ours is open. The store knows it.
type state string

const (
	stranger   state = "stranger"   // not on the list
	lacking    state = "lacking"    // not on the list, and asked for what lacks
	checking   state = "checking"   // not on the list, and asked whether we understood them
	listed     state = "listed"     // on the list
	rechecking state = "rechecking" // on the list, and asked whether we understood their new details
	parting    state = "parting"    // on the list, and asked whether they want to leave
	unmatched  state = "unmatched"  // the same, but not on the list under the one identity that we know
	same       state = "same"       // as before
)

// change is what becomes of the list.
type change string

const (
	nothing    change = ""
	enlist     change = "enlist"      // put on the list, or given new details
	rectify    change = "rectify"     // given the details that were named by their labels
	cancel     change = "cancel"      // taken off it
	urgentOnly change = "urgent only" // gets urgent news alone
	allNews    change = "all news"    // gets all of them
	pause      change = "pause"       // gets urgent news alone for a while
)

// answer is what a person is told.
type answer string

const (
	silence      answer = ""
	confirm      answer = "confirm"      // on the list now
	already      answer = "already"      // on the list as before, with these details
	askDetails   answer = "ask details"  // what lacks?
	askCheck     answer = "ask check"    // is this right?
	askLeave     answer = "ask leave"    // do you want to leave?
	dropped      answer = "dropped"      // the registration does not go on
	goodbye      answer = "goodbye"      // off the list now, or never on it
	stays        answer = "stays"        // on the list as before
	corrected    answer = "corrected"    // these are the details now, or how to change them
	newMode      answer = "new mode"     // which news come from now on
	choice       answer = "choice"       // which there are to choose from
	expired      answer = "expired"      // nothing was asked, or too long ago: begin anew
	nothingOpen  answer = "nothing open" // nothing was asked, or too long ago, and nothing has changed; once a day
	help         answer = "help"         // what can be written
	helpAndAgain answer = "help, again"  // that, and the open question once more
	again        answer = "again"        // the open question once more
	data         answer = "data"         // what is held
	danger       answer = "danger"       // call 112
	elsewhere    answer = "elsewhere"    // nobody reads here, where to write instead; once a day
	lost         answer = "lost"         // the same, and then shorter, then the office's number, once an hour
)

// step is what is done about a text: the change, then the answer, and where the
// conversation stands then.
type step struct {
	change change
	answer answer
	next   state
}

// row is a line of the table: what is done about some intents in some states.
type row struct {
	in   []state
	when []citizen.Intent
	step
}

// conversation is the table of the whole conversation. Each state and intent stand
// in one row together.
func conversation() []row {
	var (
		off  = []state{stranger, lacking, checking, unmatched}
		on   = []state{listed, rechecking, parting}
		open = []state{lacking, checking, unmatched, rechecking, parting}
		rest = []state{stranger, listed}
		all  = slices.Concat(off, on)
		mode = []citizen.Intent{citizen.OnlyUrgent, citizen.AllNews, citizen.Pause, citizen.Resume, citizen.Choice}
		is   = func(list ...citizen.Intent) []citizen.Intent { return list }
		at   = func(list ...state) []state { return list }
	)
	return []row{
		// To join.
		{off, is(citizen.Subscribe), step{enlist, confirm, listed}},
		{off, is(citizen.Doubtful), step{nothing, askCheck, checking}},
		{off, is(citizen.Incomplete), step{nothing, askDetails, lacking}},
		{at(checking), is(citizen.Yes), step{enlist, confirm, listed}},
		{at(lacking, checking), is(citizen.No), step{nothing, dropped, stranger}},
		{at(stranger), is(citizen.Details, citizen.Correct), step{nothing, expired, same}},
		{rest, is(citizen.Yes), step{nothing, nothingOpen, same}},

		// To have other details.
		{on, is(citizen.Subscribe), step{enlist, already, listed}},
		{on, is(citizen.Doubtful), step{nothing, askCheck, rechecking}},
		{on, is(citizen.Incomplete), step{nothing, already, listed}},
		{on, is(citizen.Correct), step{rectify, corrected, listed}},
		{at(rechecking), is(citizen.Yes), step{enlist, already, listed}},
		{at(rechecking), is(citizen.No), step{nothing, stays, listed}},
		{at(listed), is(citizen.Details), step{nothing, corrected, same}},

		// To leave.
		{all, is(citizen.Unsubscribe), step{cancel, goodbye, stranger}},
		{off, is(citizen.Leaving), step{nothing, askLeave, unmatched}},
		{on, is(citizen.Leaving), step{nothing, askLeave, parting}},
		{at(unmatched, parting), is(citizen.Yes), step{cancel, goodbye, stranger}},
		{at(unmatched), is(citizen.No), step{nothing, stays, stranger}},
		{at(parting), is(citizen.No), step{nothing, stays, listed}},

		// To have some of the news.
		{on, is(citizen.OnlyUrgent), step{urgentOnly, newMode, listed}},
		{on, is(citizen.AllNews, citizen.Resume), step{allNews, newMode, listed}},
		{on, is(citizen.Pause), step{pause, newMode, listed}},
		{on, is(citizen.Choice), step{nothing, choice, listed}},
		{at(stranger), mode, step{nothing, help, same}},
		{at(lacking, checking, unmatched), mode, step{nothing, helpAndAgain, same}},

		// To know something.
		{all, is(citizen.Emergency), step{nothing, danger, same}},
		{all, is(citizen.MyData), step{nothing, data, same}},
		{rest, is(citizen.Help), step{nothing, help, same}},
		{open, is(citizen.Help), step{nothing, helpAndAgain, same}},

		// Nothing that we know.
		{rest, is(citizen.Other), step{nothing, lost, same}},
		{rest, is(citizen.Remark), step{nothing, elsewhere, same}},
		{rest, is(citizen.No, citizen.Thanks), step{nothing, silence, same}},
		{open, is(citizen.Other, citizen.Remark, citizen.Thanks, citizen.Details), step{nothing, again, same}},
		{at(lacking), is(citizen.Yes), step{nothing, again, same}},
		{at(lacking, checking, unmatched), is(citizen.Correct), step{nothing, again, same}},
	}
}

// find is what is done about an intent in a state.
func find(table []row, s state, i citizen.Intent) step {
	for _, r := range table {
		if slices.Contains(r.in, s) && slices.Contains(r.when, i) {
			return r.step
		}
	}
	return step{answer: lost, next: same} // a test walks every cell
}
