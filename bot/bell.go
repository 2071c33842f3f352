package bot

// A bell wakes one loop. Rings that come while it is already ringing are one
// ring: the loop looks at everything anyway.
type bell chan struct{}

func newBell() bell { return make(bell, 1) }

func (b bell) ring() {
	select {
	case b <- struct{}{}:
	default:
	}
}
