package store

import (
	"fmt"
	"os"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// region is a town of some size, and what one step of each kind cost there.
type region struct {
	*town
	people   int
	urgent   Announcement
	cheapest map[string]time.Duration // of processor, for one message or one look
}

// Nothing that is done for a message, a receipt or a look costs more because the
// list is longer. This compares processor times of one run, and no more than their
// ratio: the least of many rounds, which take turns, with room for what a larger
// file costs by itself.
func TestScale(t *testing.T) {
	if testing.Short() || raceDetector {
		t.Skip("it compares times")
	}
	sizes := []int{1_000, 10_000, 100_000}
	if os.Getenv("BANDITORE_LONG") != "" {
		sizes = append(sizes, 1_000_000)
	}
	var regions []*region
	for _, n := range sizes {
		regions = append(regions, newRegion(t, n))
	}
	for range 25 {
		for _, r := range regions {
			r.round()
		}
	}
	for what, least := range regions[0].cheapest {
		line := fmt.Sprintf("%-10s", what)
		for _, r := range regions {
			line += fmt.Sprintf("%12v", r.cheapest[what])
			if r.cheapest[what] > 3*max(least, 20*time.Microsecond) {
				t.Errorf("%s: %v with %d people, %v with %d", what, r.cheapest[what], r.people, least, regions[0].people)
			}
		}
		t.Log(line)
	}
}

func newRegion(t *testing.T, people int) *region {
	t.Helper()
	r := &region{town: newTown(t), people: people, cheapest: map[string]time.Duration{}}
	r.mass(people)
	wrong := r.publish(announcement("wrong.txt"))
	for range 10 {
		r.sendAt(noon())
	}
	r.publish(correction(wrong, noon())) // CatchUp has something to look after
	a := announcement("a.txt")
	a.Urgent, a.AcceptedAt, a.NotBefore = true, noon(), noon()
	before := processor()
	r.urgent = r.publish(a)
	t.Logf("%d people: published in %v of processor, the log has %d MB", people, processor()-before, r.walSize()>>20)
	r.catchUp(noon())
	return r
}

// round does a little of everything.
func (r *region) round() {
	r.t.Helper()
	ctx := r.t.Context()
	var batch []Outgoing
	r.cost("claim", 32, func() { batch = r.claimMany(noon(), 32) })
	equal(r.t, "claimed", len(batch), 32)
	equal(r.t, "announcement", batch[0].Announcement, r.urgent.ID)
	var ids []string
	for _, o := range batch {
		ids = append(ids, o.MessageID)
	}
	r.cost("wanted", 32, func() {
		gone, err := r.Unwanted(ctx, ids, noon())
		must(r.t, err)
		equal(r.t, "gone", len(gone), 0)
	})
	r.cost("end", 32, func() { must(r.t, r.Together(ctx, func(b *Batch) error { return sentAll(b, batch) })) })
	r.cost("mode", 1, func() { r.mode(citizen(900), noon(), Never()) })
	r.cost("receipts", 32, func() { must(r.t, r.Receipts(ctx, Receipt{IDs: ids, State: Delivered, At: noon()})) })
	r.cost("retry", 1, func() {
		_, ok, err := r.ForRetry(ctx, ids[0], noon())
		must(r.t, err)
		equal(r.t, "there", ok, true)
	})
	r.cost("due", 1, func() { _, err := r.NextDue(ctx, noon()); must(r.t, err) })
	r.cost("pace", 1, func() { _, _, err := r.LastSends(ctx, r.people, noon()); must(r.t, err) })
	r.cost("answers", 1, func() { _, err := r.NthLastAnswer(ctx, 20, time.Minute, noon()); must(r.t, err) })
	r.cost("answer", 1, func() { _, _, err := r.ClaimAnswer(ctx, noon()); must(r.t, err) })
	r.cost("catch up", 1, func() { r.catchUp(noon()) })
	r.cost("expire", 1, func() { _, err := r.Expire(ctx, noon()); must(r.t, err) })
	r.cost("page", 1, func() { _, err := r.Announcements(ctx, 20); must(r.t, err) })
	r.cost("tries", 1, func() { _, err := r.NextTries(ctx); must(r.t, err) })
	r.cost("capped", 1, func() { _, err := r.Capped(ctx, noon()); must(r.t, err) })
}

// cost keeps what a step cost at least, for each of n.
func (r *region) cost(what string, n int, do func()) {
	before := processor()
	do()
	cost := (processor() - before) / time.Duration(n)
	if least, ok := r.cheapest[what]; !ok || cost < least {
		r.cheapest[what] = cost
	}
}

// processor is what this process has had of it so far.
func processor() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used) // it cannot fail
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// What is allocated for an announcement, a correction or a withdrawal does not
// depend on how many people it is for.
func TestMemoryDoesNotDependOnTheList(t *testing.T) {
	var allocated [2][]uint64
	for i, people := range []int{100, 10_000} {
		tw := newTown(t)
		tw.mass(people)
		var a Announcement
		steps := []func(){
			func() { a = tw.publish(announcement("a.txt")) },
			func() {
				_, err := tw.db.Exec(`UPDATE deliveries SET state = 'sent', sent_at = ?`, stamp{noon()})
				must(t, err)
			},
			func() { a = tw.publish(correction(a, noon())) },
			func() { tw.catchUp(noon()) },
			func() { tw.withdraw(1, noon()) },
			func() { tw.catchUp(noon().Add(time.Hour)) },
			func() { _, err := tw.Recover(t.Context(), noon()); must(t, err) },
			func() { tw.claimMany(noon().Add(time.Hour), 32) },
		}
		for _, step := range steps {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			step()
			runtime.ReadMemStats(&after)
			allocated[i] = append(allocated[i], after.TotalAlloc-before.TotalAlloc)
		}
	}
	t.Log(allocated)
	for step, few := range allocated[0] {
		if many := allocated[1][step]; many > few+64<<10 {
			t.Errorf("step %d: %d bytes for a hundred people, %d for ten thousand", step, few, many)
		}
	}
}
