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

// BenchmarkCatch is a look after a correction of what a town of 8,000 has got.
func BenchmarkCatch(b *testing.B) {
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
