package pace_test

import (
	"fmt"
	"time"

	"banditore/bot/pace"
	"banditore/store"
)

// In the evening an ordinary announcement waits for the morning, an urgent one for its
// pace alone.
func ExamplePolicy_Next() {
	hours, err := pace.ParseHours("08:00-20:00")
	if err != nil {
		panic(err)
	}
	p := pace.Policy{Every: 6 * time.Second, UrgentEvery: time.Second, Hours: hours, Location: time.UTC}
	now := time.Date(2026, 12, 1, 21, 0, 0, 0, time.UTC)
	last := pace.State{LastAnnouncement: now}
	fmt.Println(p.Next(now, last, store.Ordinary).Format(time.DateTime))
	fmt.Println(p.Next(now, last, store.Urgent).Format(time.DateTime))
	// Output:
	// 2026-12-02 08:00:00
	// 2026-12-01 21:00:01
}
