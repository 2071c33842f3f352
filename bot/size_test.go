package bot_test

import (
	"testing"

	"banditore/bot"
)

// size is how large a test is: full where somebody asks for it, else smaller.
func size(full, small int) int {
	if bot.Long() {
		return full
	}
	return small
}

// slow leaves a test out of -short, which is to end within seconds.
func slow(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("it takes about a second, which -short has not")
	}
}
