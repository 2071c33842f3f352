package loop

import (
	"testing"
	"time"
)

func TestEarliestAndLater(t *testing.T) {
	t.Parallel()
	var none time.Time
	a, b := time.Unix(100, 0), time.Unix(200, 0)
	for _, test := range []struct {
		name      string
		got, want time.Time
	}{
		{"nothing due", Later(none, b), none},
		{"due before the pace allows it", Later(a, b), b},
		{"due after the pace allows it", Later(b, a), b},
		{"of none", Earliest(none, none), none},
		{"of one", Earliest(none, b, none), b},
		{"of two", Earliest(b, none, a), a},
	} {
		if !test.got.Equal(test.want) {
			t.Errorf("%s: %v, want %v", test.name, test.got, test.want)
		}
	}
}
