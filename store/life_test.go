package store

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// life is the life of a small town, in an order that a seed decides, with
// everything that can go wrong; and what must be true all along.
type life struct {
	*town
	r       *rand.Rand
	now     time.Time
	seed    uint64
	people  int
	listed  map[Person]bool
	phones  map[Person]map[string]*bubble // by message ID, also what was deleted
	threads []*thread
	gone    map[string]int // what the tallies count of who has left
	failed  []Outgoing
	hand    []Outgoing
	log     []string
}

// bubble is a message on a phone.
type bubble struct {
	text    string
	form    Form // as it came first
	twice   bool // it came again as a correction, the time for an edit being over
	deleted bool
}

// thread is an announcement with its corrections.
type thread struct {
	all     []Announcement
	gone    map[int64]bool // withdrawn
	stopped bool           // or expired, by staff's wish: who has not been reached is not to be
}

func newLife(t *testing.T, seed uint64) *life {
	p := &life{town: newTown(t), r: rand.New(rand.NewPCG(seed, 1)), now: noon(), seed: seed, listed: map[Person]bool{},
		phones: map[Person]map[string]*bubble{}, gone: map[string]int{}}
	for range 4 {
		p.join()
	}
	return p
}

func (p *life) note(format string, args ...any) { p.log = append(p.log, fmt.Sprintf(format, args...)) }

func (p *life) join() {
	who := citizen(p.people)
	p.people++
	p.listed[who], p.phones[who] = true, map[string]*bubble{}
	p.subscribeLate(who, p.now.Add(-time.Duration(p.r.IntN(60))*time.Minute), p.now)
}

// leaving takes somebody off the list, and keeps what the tallies are to say of them.
func (p *life) leaving() {
	who := p.somebody()
	rows, err := p.db.Query(`SELECT announcement || form || (part > 0) || iif(d.state IN ('pending', 'sending'), 'unsubscribed', d.state)
		FROM deliveries d JOIN subscribers s ON s.id = subscriber WHERE s.lid = ?`, string(who.LID))
	must(p.t, err)
	counted, err := column[string](rows)
	must(p.t, err)
	for _, c := range counted {
		p.gone[c]++
	}
	delete(p.listed, who)
	p.note("%v leaves", who.LID)
	p.leave(who, p.now)
}

func (p *life) somebody() Person {
	list := slices.SortedFunc(maps.Keys(p.listed), func(a, b Person) int { return cmp.Compare(a.LID, b.LID) })
	return list[p.r.IntN(len(list))]
}

func (p *life) announce() {
	a := announcement(fmt.Sprint("n", len(p.threads), ".txt"))
	if p.r.IntN(2) == 0 {
		a = flyer(a.Name, 1+p.r.IntN(3))
	}
	a.AcceptedAt, a.NotBefore, a.Urgent = p.now, p.now, p.r.IntN(4) == 0
	if p.r.IntN(6) == 0 {
		a.Expires = p.now.Add(time.Hour)
	}
	got := p.publish(a)
	p.threads = append(p.threads, &thread{all: []Announcement{got}, gone: map[int64]bool{}, stopped: !a.Expires.IsZero()})
	p.note("publish %d, %d messages", got.ID, got.Messages)
}

// head is what is to be corrected next, if anything is.
func (th *thread) head() (Announcement, bool) {
	for _, a := range slices.Backward(th.all) {
		if !th.gone[a.ID] {
			return a, true
		}
	}
	return Announcement{}, false
}

func (p *life) amend(th *thread) {
	wrong, ok := th.head()
	if !ok || len(th.all) > 3 {
		return
	}
	a := correction(wrong, p.now)
	a.Name = fmt.Sprint(wrong.ID, "-", len(th.all), " RETTIFICA.txt")
	a.File, a.Text = a.Name, "testo di "+a.Name
	a.Editable, a.Urgent = p.r.IntN(3) > 0, wrong.Urgent
	if p.r.IntN(4) == 0 {
		own := flyer(a.Name, 1+p.r.IntN(2))
		a.Attachments, a.Messages, a.Editable = own.Attachments, own.Messages, false
	}
	got := p.publish(a)
	th.all = append(th.all, got)
	p.note("correct %d by %d, %d messages, editable %v", wrong.ID, got.ID, a.Messages, a.Editable)
}

func (p *life) retract(th *thread) {
	a := th.all[p.r.IntN(len(th.all))]
	whole := map[int64]bool{a.ID: true} // with its corrections
	for _, c := range th.all {
		if whole[c.Corrects] {
			whole[c.ID] = true
		}
	}
	maps.Copy(th.gone, whole)
	p.note("withdraw %d", a.ID)
	p.withdraw(a.ID, p.now)
}

// arrive shows a message on its phone; an ID it knows it shows no second time.
func (p *life) arrive(o Outgoing) {
	phone := p.phones[o.To]
	if known := phone[o.MessageID]; known != nil {
		known.twice = known.twice || known.form != o.Form
		return
	}
	shown := &bubble{text: o.Text, form: o.Form, deleted: o.Form == Edit || o.Form == Revoke || o.Part > 0}
	phone[o.MessageID] = shown
	target := phone[o.Target]
	switch {
	case o.Form == Revoke && target != nil:
		target.deleted = true
	case o.Form == Edit && target == nil:
		p.t.Fatalf("edit of %s, which is not there\n%s", o.Target, p)
	case o.Form == Edit && target.deleted && !slices.ContainsFunc(p.hand, func(h Outgoing) bool { return h.id == o.id }):
		p.t.Fatalf("edit of %s, which was deleted\n%s", o.Target, p) // in hand meanwhile it does nothing
	case o.Form == Edit:
		target.text = o.Text
	}
}

func (p *life) send(trouble bool) bool {
	o, ok, err := p.ClaimDelivery(p.t.Context(), p.now, Ordinary, editWindow)
	must(p.t, err)
	if !ok {
		return false
	}
	p.inOrder(o)
	p.note("claim %d for %v: %s %d (%s) %s", o.Announcement, o.To.LID, o.Form, o.Part, o.MessageID, o.Target)
	k := p.r.IntN(12)
	if !trouble {
		k = 0
	}
	switch {
	case k < 5:
		p.arrive(o)
		must(p.t, p.Sent(p.t.Context(), o, p.now))
		return true
	case k < 6:
		must(p.t, p.PutBack(p.t.Context(), o))
	case k < 8:
		p.perhaps(o)
		must(p.t, p.Retry(p.t.Context(), o, p.now.Add(time.Minute), Unanswered))
	case k < 9:
		p.perhaps(o)
		must(p.t, p.Postpone(p.t.Context(), o, p.now.Add(time.Minute)))
	case k < 10:
		p.perhaps(o)
		must(p.t, p.Fail(p.t.Context(), o, p.now, Unanswered))
		p.failed = append(p.failed, o)
	default:
		p.hand = append(p.hand, o)
		return true
	}
	p.note("  no ack: %d", k)
	return true
}

func (p *life) perhaps(o Outgoing) {
	if p.r.IntN(2) == 0 {
		p.note("  but it arrives")
		p.arrive(o)
	}
}

// inOrder sees that what came before in the same announcement has left.
func (p *life) inOrder(o Outgoing) {
	var before int
	must(p.t, p.db.QueryRow(`SELECT count(*) FROM deliveries d JOIN deliveries x ON x.announcement = d.announcement AND x.subscriber = d.subscriber
		AND x.part < d.part AND x.state IN ('sent', 'delivered', 'read') WHERE d.id = ?`, o.id).Scan(&before))
	if o.Form != Revoke && before != o.Part {
		p.t.Fatalf("message %d leaves after %d others\n%s", o.Part, before, p)
	}
}

// end reports what was in hand, or the program dies.
func (p *life) end() {
	if p.r.IntN(3) == 0 {
		for _, o := range p.hand {
			p.perhaps(o)
		}
		p.note("crash")
		_, err := p.Recover(p.t.Context(), p.now)
		must(p.t, err)
	} else {
		for _, o := range p.hand {
			p.arrive(o)
			p.note("%s has left", o.MessageID)
			must(p.t, p.Sent(p.t.Context(), o, p.now))
		}
	}
	p.hand = nil
}

func (p *life) confirm(all bool) {
	for _, phone := range p.phones {
		for _, id := range slices.Sorted(maps.Keys(phone)) {
			if all || p.r.IntN(4) == 0 {
				must(p.t, p.Receipts(p.t.Context(), Receipt{IDs: []string{id}, State: []DeliveryState{Delivered, Read}[p.r.IntN(2)], At: p.now}))
			}
		}
	}
}

func (p *life) step() {
	p.now = p.now.Add(time.Duration(p.r.IntN(300)) * time.Second)
	p.uploadSome()
	switch k := p.r.IntN(40); {
	case k < 4 && len(p.threads) < 2:
		p.announce()
	case len(p.threads) == 0:
	case k < 5:
		p.amend(p.threads[p.r.IntN(len(p.threads))])
	case k < 6:
		p.retract(p.threads[p.r.IntN(len(p.threads))])
	case k < 7 && len(p.listed) > 2:
		p.leaving()
	case k < 8:
		p.join()
	case k < 10:
		p.confirm(false)
	case k < 12:
		must(p.t, p.Uncharge(p.t.Context(), p.failed, p.now))
		p.note("uncharge %d", len(p.failed))
		p.failed = nil
	case k < 15:
		p.end()
	case k < 18:
		p.catchUp(p.now)
		p.note("catch")
	case k < 19:
		_, err := p.Expire(p.t.Context(), p.now)
		must(p.t, err)
	case k < 20 && p.r.IntN(3) == 0:
		th := p.threads[p.r.IntN(len(p.threads))]
		a := th.all[len(th.all)-1]
		th.stopped = true
		_, err := p.Stop(p.t.Context(), a.ID)
		must(p.t, err)
		p.note("stop %d", a.ID)
	default:
		p.send(true)
	}
	p.hold()
}

// A town's life in any order, with failures, crashes, late receipts, comings
// and goings: see hold and judge for what is true.
func TestG2_AnyLife(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			p := newLife(t, seed)
			for range 120 {
				p.step()
			}
			p.everythingLeaves()
			p.judge()
		})
	}
}
