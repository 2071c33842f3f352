package whatsapp

import (
	"strings"
	"time"
)

const (
	firstCodeValid = 60 * time.Second // as WhatsApp Web shows them: the first for a minute, the others for 20 seconds
	nextCodeValid  = 20 * time.Second
	scanTime       = 12 * time.Second // what a person needs to point the phone at the screen once more
)

// qrCodes are the codes of one connection. They all carry its secret, and grow old one after the other whether they are shown
// or not.
type qrCodes struct {
	shown     string // empty before the first
	remaining []string
	until     time.Time // when the shown one is too old
}

// advance goes on to the next code, if there is one.
func (q *qrCodes) advance() bool {
	if len(q.remaining) == 0 {
		return false
	}
	valid := nextCodeValid
	if q.shown == "" {
		valid = firstCodeValid
	}
	q.shown, q.remaining, q.until = q.remaining[0], q.remaining[1:], q.until.Add(valid)
	return true
}

// rotate puts another secret into all codes. The old ones link nobody any more.
func (q *qrCodes) rotate(old, secret string) {
	q.shown = strings.Replace(q.shown, old, secret, 1)
	for i, code := range q.remaining {
		q.remaining[i] = strings.Replace(code, old, secret, 1)
	}
}

// lifetime is how long codes that have not been shown yet last together.
func (q *qrCodes) lifetime() time.Duration {
	return firstCodeValid + time.Duration(max(0, len(q.remaining)-1))*nextCodeValid
}
