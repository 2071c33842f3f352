package cli_test

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// trouble is something that happens to the daemon, the line or a phone.
type trouble string

const (
	kill    trouble = "kill -9"
	cut     trouble = "cut line"
	lost    trouble = "ack lost, then line cut"
	late    trouble = "line cut, ack on the next one"
	mute    trouble = "ack lost, line stands"
	full    trouble = "disk full, and kill -9"
	fuller  trouble = "disk full"
	offline trouble = "phone off"
	online  trouble = "phone on again"
	leave   trouble = "subscriber leaves"
)

// moment is when a trouble happens: after the server has taken so many
// messages, and a little later.
type moment struct {
	trouble trouble
	at      int
	delay   time.Duration
	unacked bool // the message it happens at gets no ack
	phone   int  // whose; while the disk is full he asks something
}

// plan is one torture: all that is left to chance, from one seed.
type plan struct {
	moments []moment
	refused map[int]bool // phones that WhatsApp does not write to
	linked  map[int]bool // citizens with a second device
	leaving map[int]bool
}

// longRun is how many kills make a run one that waits for everything.
const longRun = 50

// newPlan spreads the troubles over the messages of a run: a confirmation and
// two announcements for each phone. The last one is a full disk that the daemon
// must get over by itself.
func newPlan(seed uint64, phones, kills int) plan {
	r := rand.New(rand.NewPCG(seed, 0))
	p := plan{refused: map[int]bool{}, linked: map[int]bool{}, leaving: map[int]bool{}}
	order := r.Perm(phones)
	refused, leaving := max(1, phones/100), max(2, phones/50)
	for i, phone := range order {
		p.refused[phone] = i < refused
		p.leaving[phone] = i >= refused && i < refused+leaving
		p.linked[phone] = i >= refused && i%10 == 0
	}
	messages := 3*phones - 2*(refused+leaving) // at least
	end := messages * 9 / 10
	add := func(t trouble, at, phone int) {
		p.moments = append(p.moments, moment{t, at, time.Duration(r.IntN(3000)) * time.Microsecond, r.IntN(2) == 0, phone})
	}
	spells := max(1, kills/12)
	askers := r.Perm(phones - refused - leaving) // each asks once: there is one answer a day
	asker := func() (phone int) {
		phone, askers = order[refused+leaving+askers[0]], append(askers[1:], askers[0])
		return phone
	}
	for _, x := range []struct {
		trouble trouble
		count   int
	}{{kill, kills - spells}, {full, spells}, {fuller, spells - 1}, {cut, kills / 3}, {lost, kills / 4}, {late, kills / 4}, {mute, kills / longRun}} {
		for range x.count {
			add(x.trouble, 1+r.IntN(end), asker())
		}
	}
	for range max(2, phones/20) {
		phone, at := order[r.IntN(phones)], phones+1+r.IntN(end-phones)
		add(offline, at, phone)
		add(online, min(at+r.IntN(phones), end), phone)
	}
	for _, phone := range order[refused : refused+leaving] {
		add(leave, phones+1+r.IntN(end-phones), phone)
	}
	slices.SortStableFunc(p.moments, func(a, b moment) int { return cmp.Compare(a.at, b.at) })
	add(fuller, end+1, asker())
	if kills < longRun {
		add(cut, end+2, 0) // brings at once what would come by itself half a minute later
	}
	return p
}

func TestTorture_SeedGivesThePlan(t *testing.T) {
	t.Parallel()
	if a, b := newPlan(7, 100, 12), newPlan(7, 100, 12); !reflect.DeepEqual(a, b) {
		t.Errorf("got two plans of one seed:\n%v\n%v", a, b)
	}
	if a, b := newPlan(7, 100, 12), newPlan(8, 100, 12); reflect.DeepEqual(a.moments, b.moments) {
		t.Error("got one plan of two seeds")
	}
}
