package message_test

import (
	"fmt"

	"banditore/bot/message"
)

// A short text goes under the first picture, a long one before it.
func ExampleCount() {
	long := fmt.Sprintf("%01001d", 0)
	fmt.Println(message.Count("La festa è domenica.", 0), message.Count("La festa è domenica.", 2), message.Count(long, 2))
	// Output: 1 2 3
}

func ExampleShare() {
	for part := range 3 { // words of their own, and two pictures
		words, attachment := message.Share("testo", 3, 2, part)
		fmt.Printf("%d: %q, attachment %d\n", part, words, attachment)
	}
	// Output:
	// 0: "testo", attachment -1
	// 1: "", attachment 0
	// 2: "", attachment 1
}
