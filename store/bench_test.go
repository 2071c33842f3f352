package store

import (
	"fmt"
	"testing"
)

// BenchmarkClaimAndSend is one message of an announcement in a town of 8,000.
func BenchmarkClaimAndSend(b *testing.B) {
	for _, n := range []int{1, 3} {
		b.Run(fmt.Sprint(n, " messages each"), func(b *testing.B) {
			tw := newTown(b)
			tw.crowd(8000)
			a := announcement("a.txt")
			a.Messages = n
			tw.publish(a)
			for b.Loop() {
				tw.sendAt(noon())
			}
		})
	}
}

// BenchmarkCatchUp is a look after a correction of what a town of 8,000 has got.
func BenchmarkCatchUp(b *testing.B) {
	tw := newTown(b)
	tw.crowd(8000)
	wrong := tw.publish(flyer("a.txt", 3))
	_, err := tw.db.Exec(`UPDATE deliveries SET state = 'sent', sent_at = ?`, stamp{noon()})
	must(b, err)
	tw.publish(correction(wrong, noon()))
	for b.Loop() {
		tw.catchUp(noon())
	}
}

// BenchmarkClaimDelivery is a claim among the deliveries of a large town, with
// many held before it.
func BenchmarkClaimDelivery(b *testing.B) {
	tw := newTown(b)
	const people = 40_000
	tw.crowd(people)
	held := tw.publish(announcement("held.txt"))
	must(b, tw.Hold(b.Context(), held.ID))
	n := 0
	for b.Loop() {
		if n%people == 0 {
			b.StopTimer()
			tw.publish(announcement(fmt.Sprint(n, ".txt")))
			b.StartTimer()
		}
		tw.claim(noon())
		n++
	}
}

// BenchmarkPublish is an announcement to a large town.
func BenchmarkPublish(b *testing.B) {
	tw := newTown(b)
	tw.crowd(40_000)
	n := 0
	for b.Loop() {
		tw.publish(announcement(fmt.Sprint(n, ".txt")))
		n++
	}
}
