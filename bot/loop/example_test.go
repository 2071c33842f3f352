package loop_test

import (
	"context"
	"fmt"
	"time"

	"banditore/bot/loop"
)

// A loop looks at everything, then sleeps until its bell rings or something is due.
func ExampleSleep() {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	bell := loop.NewBell()
	bell.Ring()
	bell.Ring() // one ring with the first

	loop.Sleep(ctx, bell, time.Time{})
	fmt.Println("awake, and the bell is silent:", len(bell) == 0)
	// Output: awake, and the bell is silent: true
}

func ExampleLater() {
	due, opens := time.Date(2026, 12, 1, 7, 30, 0, 0, time.UTC), time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	fmt.Println(loop.Later(due, opens).Format(time.TimeOnly))
	fmt.Println(loop.Later(time.Time{}, opens).IsZero()) // nothing is due
	// Output:
	// 08:00:00
	// true
}
